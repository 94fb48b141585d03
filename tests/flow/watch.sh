# Watching a folder: each save is checked, whichever way it is made, until Ctrl-C.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

mkfifo words
watcher=''
trap '[ -z "$watcher" ] || kill -KILL "$watcher" 2>/dev/null; flow_end $?' EXIT

# start ARGUMENT...: `greenroom watch` in the background; what it says is read from descriptor 3.
start() {
    greenroom watch "$@" >words 2>&1 &
    watcher=$!
    exec 3<words
}

# hears PATTERN: reads what is said until a line matches; fails when there is no such line.
hears() {
    local line
    while read -r -t 30 -u 3 line; do
        [[ "$line" =~ $1 ]] && return
    done
    fail "'$1' was never said"
}

# end SIGNAL: it ends by itself, with 0, and says nothing more than it must.
end() {
    local code=0
    kill "-$1" "$watcher"
    wait "$watcher" || code=$?
    watcher=''
    equal "exit code after $1" 0 "$code"
    exec 3<&-
}

run greenroom new prompt greeting
start greeting
hears '^passed$'

# --- an editor that writes, and one that puts another file in the old one's place ---
echo 'Say: {{nobody}}.' >>greeting/sections/closing.md
hears 'closing.md:[0-9]+:[0-9]+: .*\[template.unknown-variable\]'
hears '^passed$'
sed '$d' greeting/sections/closing.md >swap
mv swap greeting/sections/closing.md
hears '^prompt/greeting: 0 findings$'

# --- what is broken for now is said, and no reason to end ---
mv greeting/artifact.json kept.json
hears 'greenroom: there is no artifact.json'
echo '{ "kind": "prompt", ' >greeting/artifact.json
hears '\[manifest.json\]'
hears '^refused$'
cp kept.json greeting/artifact.json
hears '^passed$'

# --- folders that were not there before ---
mkdir -p greeting/sections/more/deep
hears '^passed$'
echo 'jane.roe@acme.de' >greeting/sections/more/deep/note.md
hears 'more/deep/note.md:1:1: error: .*\[personal-data.email\]'
rm -r greeting/sections/more
hears '^prompt/greeting: 0 findings$'

# --- the whole folder goes, and comes back ---
mv greeting away
hears 'greenroom: .*no such file'
mv away greeting
hears '^passed$'
end INT

# --- one JSON document a line; one file; for an environment ---
printf 'Hello.\n' >hello.md
start hello.md --as prompt/hello --json
hears '^\{"artifacts":\[\{"artifact":"prompt/hello","findings":\[.*\],"passed":true\}$'
echo 'jane.roe@acme.de' >hello.md
hears '"rule":"personal-data.email".*"passed":false\}$'
end TERM
run greenroom init strict --class live
start greeting --to strict
hears '^passed$'
sed -i '/"fallback"/d' greeting/artifact.json
hears 'error: .*\[readiness.fallback-missing\]'
end HUP

expect_error 3 file_not_found greenroom watch nowhere
expect_error 2 word_missing greenroom watch
