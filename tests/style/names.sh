# Checks names and words: what files export and call, what they are called, how they begin.
# shellcheck source=tests/style/lib.sh
. "$(dirname "$0")/lib.sh"

records="$(c_records)"

# foo.c exports foo and foo_*, nothing else.
awk -F '\t' '
    $1 == "function" && $6 == "exported" { name = $7 }
    $1 == "variable" && $4 == "exported" { name = $6 }
    name != "" && $2 ~ /^(registry|cli|server)\/.*\.c$/ && name != "main" {
        stem = $2
        sub(/.*\//, "", stem)
        sub(/\.c$/, "", stem)
        if (name != stem && index(name, stem "_") != 1)
            print $2 ":" $3 ": export: " name " should begin with " stem "_ (or be static)"
    }
    { name = "" }' <<<"$records" | breach_lines

# State hangs from a handle. A test may keep some inside a function.
awk -F '\t' '
    $1 == "variable" && $5 == "mutable" && ($7 == "file" || $2 !~ /^tests\//) {
        print $2 ":" $3 ": mutable_state: " $6 " can be written and outlives its function"
    }' <<<"$records" | breach_lines

# Calls that no file may make, then those that some folders may not.
# `why` is for the person who meets it.
banned_calls() {
    local folders="$1" calls="$2" why="$3"
    awk -F '\t' -v folders="$folders" -v calls="$calls" -v why="$why" '
        $1 == "call" && $2 ~ folders && $4 ~ "^(" calls ")$" {
            print $2 ":" $3 ": banned_call: " $4 "(): " why
        }' <<<"$records" | breach_lines
}
banned_calls . 'strcpy|strcat|stpcpy|sprintf|vsprintf|gets|strtok' 'writes without a limit, or keeps state'
banned_calls . 'atoi|atol|atoll|atof' 'cannot say that it failed'
banned_calls '^registry/' 'printf|vprintf|puts|putchar|perror|exit|abort|syslog' \
    'a library does not print, log or end the program'
banned_calls '^tests/(unit|flow)/' 'sleep|usleep|nanosleep|clock_nanosleep' \
    'a test waits for what it needs, never for a time'

files_ending .sh | grep -E '^tests/(unit|flow)/' | xargs -r awk '
    { line = $0; sub(/(^|[ \t])#.*/, "", line) }
    line ~ /(^|[;&|({ \t])sleep([ \t]|$)/ {
        print FILENAME ":" FNR ": banned_call: sleep: a test waits for what it needs, never for a time"
    }' | breach_lines

# A file is named after a word of the domain. Artifacts among the examples are not code.
project_files | awk -F / '
    $NF ~ /(^|[._-])(utils?|misc|common|helpers?)([._-]|$)/ || $NF ~ /_2(\.|$)/ {
        print $0 ": file_name: says nothing about what is inside"
    }' | breach_lines

# Split, so that this file may hold them.
words='TO''DO|FIX''ME|X''XX|HA''CK'
project_files | xargs -r grep -HnIwE "$words" | awk -F : '
    { print $1 ":" $2 ": left_over: mend it, or open an issue" }' | breach_lines

# The first line says what the file is for; in a script the one after "#!".
files_ending .c .h .sh .awk .cmake .sql CMakeLists.txt dev .ci/run | xargs -r awk '
    FNR == 1 {
        mark = FILENAME ~ /\.[ch]$/ ? "//" : FILENAME ~ /\.sql$/ ? "--" : "#"
        line = 1 + ($0 ~ /^#!/)
    }
    FNR == line && $0 !~ "^" mark " [^ ]+ [^ ]" {
        print FILENAME ":" FNR ": first_line: should say in a sentence what the file is for"
    }' | breach_lines

finish
