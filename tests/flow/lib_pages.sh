# The documentation, followed as a reader would: a page's commands are run as they are written, and what
# it shows beneath a command has to be what comes.
# shellcheck shell=bash
# shellcheck disable=SC2154 # what lib.sh sets

pages="$(realpath "$flow_folder/../..")"

# cut_page PAGE FOLDER: each stretch of indented lines in a file of its own, numbered as they come. The
# line that starts a server stands alone: it does not end.
cut_page() {
    mkdir "$2"
    awk -v folder="$2" '
        function next_file() { file = sprintf("%s/%03d", folder, ++count) }
        !/^    / { file = ""; next }
        /^    greenroomd / { next_file(); print substr($0, 5) >file; file = ""; next }
        !file { next_file() }
        { print substr($0, 5) >file }' "$1"
}

is_command() {
    grep -qE '^(\(|greenroomd?|mkdir|ssh-keygen|sha256sum|cat|echo|curl|for|git|export|KEY=|\./dev)' \
        <(head -1 "$1")
}

# What a test brings along itself: the programs, the folder, the key's text.
without_preparation() {
    grep -vE '^(\./dev |export PATH=|mkdir .*&& cd |KEY=)' "$1" || true
}

# A line as a page shows it, as an expression for what may come: ids, times and commits differ each
# time, a digest does not; and what is left out.
pattern_of() {
    sed -E 's/[][\.*^$+?(){}|]/\\&/g
        s/(^|[^:a-z0-9])[a-z0-9]{12}($|[^a-z0-9])/\1[a-z0-9]{12}\2/g
        s/…/.*/g
        s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z/g' <<<"$1"
}

# expect_output FILE: each line that the page shows came, just so. An id that a line begins with stands
# for the one that came, in what follows.
learned=''
expect_output() {
    local line came
    while IFS= read -r line; do
        came="$(grep -xE -m 1 -- "$(pattern_of "$line")" out)" || {
            cat out >&2
            fail "the page shows '$line'"
        }
        [[ ! "$line" =~ ^[a-z0-9]{12}\  ]] || learned+="s/${line%% *}/${came%% *}/g;"
    done <"$1"
}

# run_commands FILE SHOWN: all of it succeeds, or ends as the page shows: with an error.
run_commands() {
    local code=0
    without_preparation "$1" | sed "s|http://127\.0\.0\.1:8080|${url:-none}|;$learned" >commands
    KEY="${bearer:-}" bash -eu commands </dev/null 2>&1 | tr -d '\r' >out || code=$?
    grep -q '^error: ' "$2" && [ "$code" -eq 1 ] && return
    [ "$code" -eq 0 ] || fail "exit $code of $(cat commands out)"
    ! grep -qoE 'gr_live_[A-Za-z0-9_]+' out || bearer="$(grep -oE 'gr_live_[A-Za-z0-9_]+' out)"
}

# follow PAGE: from top to bottom.
follow() {
    local blocks=("$1"-blocks/*) at shown ran=0 compared=0
    for ((at = 0; at < ${#blocks[@]}; at++)); do
        shown=/dev/null
        if ((at + 1 < ${#blocks[@]})) && ! is_command "${blocks[at + 1]}"; then
            shown="${blocks[at + 1]}"
        fi
        if ! is_command "${blocks[at]}"; then
            expect_output "${blocks[at]}"
            compared=$((compared + 1))
        elif grep -q '^greenroomd ' "${blocks[at]}"; then
            start_server "$(sed -n 's/^greenroomd --env //p' "${blocks[at]}")"
        else
            run_commands "${blocks[at]}" "$shown"
            ran=$((ran + 1))
        fi
    done
    echo "$1: $ran blocks of commands, $compared of what they print"
    ((ran >= $2 && compared >= $3)) || fail "hardly anything of $1 was followed"
}
