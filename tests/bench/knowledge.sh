#!/usr/bin/env bash
# Large content, fsynced: a knowledge base of 10,000 files of 4 KiB and one file of 500 MB published,
# against `git add -A && git commit` with core.fsync=all; and that base promoted, against `git fetch`
# of the same objects between two repositories.
# BENCH_FILES, BENCH_MEGABYTES and BENCH_ROUNDS make it shorter.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

files=${BENCH_FILES:-10000}
megabytes=${BENCH_MEGABYTES:-500}
rounds=${BENCH_ROUNDS:-3}

add_and_commit() {
    git -C "$1" add -A && git -C "$1" commit -q -m all
}

new_git() {
    git init -q "$1"
    git -C "$1" config core.fsync all
    git -C "$1" config gc.auto 0 # or ten thousand loose objects are packed behind our back
}

publish() {
    "$greenroom" --env "$scratch/sandbox-$2" publish "$1" --as "$3" --actor "$author"
}

# The peak of a process's own memory, in KiB, file-mapped pages apart.
peak_anonymous_kib() {
    "$@" >/dev/null &
    local pid=$! peak=0 now
    while now=$(awk '/^RssAnon:/ { print $2 }' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
        [ "$now" -gt "$peak" ] && peak=$now
    done
    wait "$pid"
    echo "$peak"
}

bench_base() {
    local i
    : >"$scratch/ours" && : >"$scratch/theirs"
    for ((i = 0; i < rounds; i++)); do
        make_base "$scratch/base-$i" "$files" "$i"
        new_sandbox "$scratch/sandbox-$i"
        new_git "$scratch/git-$i"
        cp -r "$scratch/base-$i" "$scratch/git-$i/docs"
        sync "$scratch"
        timed "$scratch/ours" publish "$scratch/base-$i" "$i" knowledge/base
        sync "$scratch"
        timed "$scratch/theirs" add_and_commit "$scratch/git-$i"
    done
    row "$files files of 4 KiB" "$scratch/ours" "$scratch/theirs" '0.150 or less'
}

bench_file() {
    mkdir "$scratch/large"
    head -c "$((megabytes * 750000))" /dev/urandom | base64 -w 0 >"$scratch/large/large.txt"
    new_sandbox "$scratch/sandbox-large"
    new_git "$scratch/git-large"
    cp "$scratch/large/large.txt" "$scratch/git-large/"
    sync "$scratch"
    : >"$scratch/ours" && : >"$scratch/theirs"
    timed "$scratch/ours" publish "$scratch/large" large knowledge/large
    sync "$scratch"
    timed "$scratch/theirs" add_and_commit "$scratch/git-large"
    row "one file of $megabytes MB" "$scratch/ours" "$scratch/theirs" '0.500 or less'
    new_sandbox "$scratch/sandbox-again"
    printf '\nour own memory at its peak: %s KiB (wanted: 65536 or less)\n' \
        "$(peak_anonymous_kib "$greenroom" --env "$scratch/sandbox-again" publish "$scratch/large" \
            --as knowledge/large --actor "$author")"
    rm -rf "$scratch/large" "$scratch/git-large" "$scratch/sandbox-large" "$scratch/sandbox-again"
}

fetch() {
    git -C "$1" fetch -q "$2" "$3"
}

promote() {
    "$greenroom" promote knowledge/base@1 --from "$scratch/sandbox-$1" --to "$scratch/production-$1" \
        --sign-with "$scratch/approver"
}

# `git fetch` copies the very objects that the promotion copies: those of the sandbox's store.
bench_promote() {
    local i
    : >"$scratch/ours" && : >"$scratch/packed" && : >"$scratch/loose"
    for ((i = 0; i < rounds; i++)); do
        new_production "$scratch/production-$i"
        new_git "$scratch/fetch-packed-$i"
        new_git "$scratch/fetch-loose-$i"
        sync "$scratch"
        timed "$scratch/ours" promote "$i"
        sync "$scratch"
        timed "$scratch/packed" fetch "$scratch/fetch-packed-$i" "$scratch/sandbox-$i/store.git" drafts
        sync "$scratch"
        timed "$scratch/loose" fetch "$scratch/fetch-loose-$i" "$scratch/git-$i" HEAD
    done
    row "promote the $files files; git's source packed" "$scratch/ours" "$scratch/packed" \
        '1.000 or less'
    row "promote the $files files; git's source loose" "$scratch/ours" "$scratch/loose" \
        '0.150 or less'
}

header 'Publishing large content (fsynced, the whole process)' 'git add -A && git commit'
bench_base
bench_file
header 'Promoting it' 'git fetch'
bench_promote
