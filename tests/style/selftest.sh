# Checks the style checks: each rule gets a tiny tree that breaks it and must be refused, naming the
# rule, and each check must accept a tree that breaks none.
set -u
here="$(cd "$(dirname "$0")" && pwd)"
tree="$(mktemp -d)"
trap 'rm -rf "$tree"' EXIT
failed=0
tried=0

# A tree that every check accepts.
clean_tree() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree"/{cli,docs,registry/{base,artifact,store,ledger,trust,check},server}
    mkdir -p "$tree"/tests/{unit/store,flow}
    put README.md 'Read [how](docs/how.md#start), [this](#here), [that](https://example.com/x).'
    put docs/how.md '# How' '```' '[no link](nowhere.md)' '```' 'Back to [it](../README.md "title").'
    put registry/base/text.h '// What text is.' '#pragma once' '#include <stddef.h>'
    put registry/store/store.h '// The store that we keep.'
    put registry/store/store.c '// The store that we keep.' \
        '#include "store/store.h"' '' '#include <git2.h>' '#include "base/text.h"' \
        'static const char *const words[] = { "sprintf(", "one" };' \
        'struct pair { int a; };' \
        'int store_open(void)' '{' \
        '    static pthread_once_t once = PTHREAD_ONCE_INIT;' \
        '    for (;;)' '        if (words[0]) {' '            while (0)' '                ;' \
        '        } else if (1) {' '            return 1;' '        } else {' '            return 2;' \
        '        }' '    return 0; // strcpy(a, b)' '}'
    put tests/unit/store/test_store.c '// The store, tried.' '#include <cmocka.h>' '#include <git2.h>' \
        '#include "store/store.h"' 'int main(void)' '{' '    static int count;' '    return count;' '}'
    put server/route.h '// The routes.'
    put tests/unit/server/test_route.c '// The routes, tried.' '#include "route.h"'
    put tests/flow/road.sh '# The whole road.' 'echo over # sleep 1'
    put dev '#!/usr/bin/env bash' '# The one way in.'
}

# put FILE LINE...
put() {
    local file="$tree/$1"
    shift
    mkdir -p "$(dirname "$file")"
    printf '%s\n' "$@" >"$file"
}

# refuses CHECK RULE FILE: the check must fail, with that rule at that file.
refuses() {
    local said status
    said="$(bash "$here/$1.sh" "$tree" 2>&1)"
    status=$?
    tried=$((tried + 1))
    if [ $status -ne 1 ] || ! grep -qE "^$3(:[0-9]+)?: $2: " <<<"$said"; then
        echo "$1.sh lets '$2' in $3 pass (exit $status): $said"
        failed=$((failed + 1))
    fi
    clean_tree
}

accepts() {
    local said
    tried=$((tried + 1))
    if ! said="$(bash "$here/$1.sh" "$tree" 2>&1)"; then
        echo "$1.sh refuses a clean tree: $said"
        failed=$((failed + 1))
    fi
}

lines() { # lines COUNT TEXT
    yes "$2" | head -n "$1"
}

# One C file whose one function holds these lines.
put_function() {
    local file="$1"
    shift
    put "$file" '// One function, for a try.' 'int store_try(int a)' '{' "$@" '    return a;' '}'
}

first='// A line that says what for.'
clean_tree
for check in sizes names layers references; do
    accepts "$check"
done

# --- sizes ---
put registry/store/store_long.c "$(lines 501 '// line')"
refuses sizes file_size registry/store/store_long.c
put tests/unit/store/test_long.c "$(lines 501 '// line')"
refuses sizes file_size tests/unit/store/test_long.c
put tests/flow/long.sh "$(lines 501 '# line')"
refuses sizes file_size tests/flow/long.sh
put_function registry/store/store_try.c "$(lines 78 '    a++;')"
refuses sizes function_size registry/store/store_try.c
put_function registry/store/store_try.c \
    '    if (a) {' '        for (;;) {' '            while (a) {' '                if (a) {' \
    '                    a++;' '                }' '            }' '        }' '    }'
refuses sizes nesting registry/store/store_try.c
put_function registry/store/store_try.c \
    '    if (a)' '        for (;;)' '            while (a)' '                switch (a) {' \
    '                default:' '                    a++;' '                }'
refuses sizes nesting registry/store/store_try.c
put_function registry/store/store_try.c \
    '    if (a) {' '        a--;' '    } else {' '        do {' '            if (a)' \
    '                for (;;)' '                    a++;' '        } while (a);' '    }'
refuses sizes nesting registry/store/store_try.c

# --- names: exports and state ---
put registry/store/store_other.c "$first" 'int' 'read_it(void)' '{' '    return 0;' '}'
refuses names export registry/store/store_other.c
put cli/output.c "$first" 'const char *const banner = "x";'
refuses names export cli/output.c
put server/route.c "$first" 'const struct route routes[] = {' '    { 1 },' '};'
refuses names export server/route.c
for state in 'static int count;' 'static const char *names[] = { "a" };' 'int store_x_count = 1;' \
    'static struct { int a; } settings[2];' 'static void (*hook)(int);' 'static pthread_mutex_t lock;' \
    'static _Thread_local int depth;' 'static pthread_once_t once = PTHREAD_ONCE_INIT;'; do
    put registry/store/store_x.c "$first" "$state"
    refuses names mutable_state registry/store/store_x.c
done
put_function registry/store/store_try.c '    static int calls;' '    calls++;'
refuses names mutable_state registry/store/store_try.c
put tests/unit/store/test_more.c "$first" 'static int calls;'
refuses names mutable_state tests/unit/store/test_more.c

# --- names: calls ---
for call in strcpy strcat sprintf vsprintf strtok gets atoi atol atof printf exit abort; do
    put_function registry/store/store_try.c "    $call(a);"
    refuses names banned_call registry/store/store_try.c
done
put registry/store/store_try.c "$first" '#define COPY(a, b) strcpy(a, b)'
refuses names banned_call registry/store/store_try.c
put_function tests/unit/store/test_more.c '    atoi("1");'
refuses names banned_call tests/unit/store/test_more.c
for call in sleep usleep nanosleep; do
    put_function tests/unit/store/test_more.c "    $call(1);"
    refuses names banned_call tests/unit/store/test_more.c
done
for line in 'sleep 1' 'true && sleep 0.1' 'while :; do sleep 1; done' '(sleep 1) &'; do
    put tests/flow/wait.sh '# A test that waits for time.' "$line"
    refuses names banned_call tests/flow/wait.sh
done

# --- names: files and words ---
for name in util.c store_utils.h misc.c common.h git_helper.c store_2.c; do
    put "registry/store/$name" "$first"
    refuses names file_name "registry/store/$name"
done
for word in 'TO''DO' 'FIX''ME' 'X''XX' 'HA''CK'; do
    put registry/store/store_try.c "$first" "// $word: later"
    refuses names left_over registry/store/store_try.c
    put docs/how.md "# How" "$word"
    refuses names left_over docs/how.md
done
put registry/store/store_try.c '#include <stddef.h>' "$first"
refuses names first_line registry/store/store_try.c
put registry/store/store_try.h '// store_try.h'
refuses names first_line registry/store/store_try.h
put tests/flow/try.sh '#!/bin/bash' 'echo' '# The whole road.'
refuses names first_line tests/flow/try.sh
put tests/flow/try.sh 'echo hello dear reader'
refuses names first_line tests/flow/try.sh
put dev '#!/usr/bin/env bash' 'echo'
refuses names first_line dev

# --- layers ---
while read -r file include rule; do
    put "$file" "$first" "#include $include"
    refuses layers "$rule" "$file"
done <<'TABLE'
registry/ledger/ledger.c <git2.h> foreign_header
registry/ledger/ledger.c <git2/sys/odb_backend.h> foreign_header
registry/store/store_x.c <sqlite3.h> foreign_header
registry/trust/hash.c <archive.h> foreign_header
registry/store/store_x.c <archive_entry.h> foreign_header
registry/store/store_x.c <cjson/cJSON.h> foreign_header
registry/check/check.c <pcre2.h> foreign_header
registry/store/store_x.c <openssl/evp.h> foreign_header
cli/main.c <openssl/sha.h> foreign_header
server/server.c <openssl/ssl.h> foreign_header
registry/trust/hash.c <openssl/ssl.h> foreign_header
server/tls.c <sqlite3.h> foreign_header
registry/archive/archive.c <zlib.h> foreign_header
registry/ledger/ledger.c <libdeflate.h> foreign_header
registry/store/store_x.c <cmocka.h> foreign_header
tests/unit/store/test_more.c <sqlite3.h> foreign_header
tests/fuzz/fuzz_manifest.c <cjson/cJSON.h> foreign_header
registry/base/text.c <curl/curl.h> foreign_header
registry/base/text.c <lz4.h> unknown_header
registry/base/text.c "artifact/id.h" upward
registry/artifact/id.c "store/store.h" upward
registry/store/store_x.c "ledger/ledger.h" upward
registry/ledger/ledger.c "store/store.h" upward
registry/archive/archive.c "trust/hash.h" upward
registry/trust/hash.c "archive/archive_reader.h" upward
registry/store/store_x.c "check/check.h" upward
registry/check/check.c "release/gate.h" upward
registry/release/gate.c "snapshot/snapshot.h" upward
registry/snapshot/snapshot.c "operation/operation.h" upward
registry/operation/operation.c "cli/output.h" upward
registry/operation/operation.c "server/route.h" upward
cli/main.c "server/route.h" upward
server/main.c "cli/output.h" upward
tests/unit/store/test_more.c "check/check.h" upward
registry/store/store_x.c "nowhere/x.h" unknown_folder
registry/newcomer/x.c "base/text.h" unknown_folder
registry/store/store_x.c "../ledger/ledger.h" path
registry/store/store_x.c HEADER odd_include
cli/main.c "route.h" beside
tests/unit/store/test_more.c "store.h" beside
tests/unit/server/test_more.c "gone.h" beside
TABLE

# --- references ---
for link in '[a](gone.md)' '![a](picture.png)' '[a](how.md#x) and [b](../gone/)' '[a]: gone.md' \
    '[a](<gone.md>)' '- `code` [a](gone.md "title")'; do
    put docs/reference/page.md '# Page' "$link"
    put docs/reference/how.md '# How'
    refuses references dead_link docs/reference/page.md
done
put README.md '[a](docs/gone.md)'
refuses references dead_link README.md
put README.md '[a](/etc/passwd)'
refuses references absolute_link README.md

echo "$tried samples, $failed wrongly judged"
[ "$failed" -eq 0 ]
