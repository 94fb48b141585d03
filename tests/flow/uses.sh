# What live artifacts use: it does not vanish under them unnoticed, and nothing comes back without it.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments

# use_tool FOLDER NAME...: the prompt in FOLDER names these tools.
use_tools() {
    local folder="$1" list=''
    shift
    for tool in "$@"; do list+="${list:+, }\"tool/$tool\""; done
    sed -i "s|\"title\"|\"uses\": [$list], \"title\"|" "$folder/artifact.json"
}

users() { # of the last rollback or quarantine
    json_lines | sed -n 's/^users\.[0-9]*\t//p' | tr '\n' ' '
}

write_tool tool note
write_prompt greeting greeting 'One.'
use_tools greeting note
write_prompt voicemail voicemail 'Beep.'
use_tools voicemail note
write_prompt alone alone 'By myself.'
for folder in tool greeting voicemail alone; do publish "$folder" >/dev/null; done
run promote tool/note@1 prompt/greeting@1 prompt/voicemail@1 prompt/alone@1
run greenroom verify --env production --json
equal 'findings' 0 "$(json_lines | grep -c verify.uses || true)"

# --- a quarantine works at once, and names who misses it now ---
run quarantine tool/note@1 --reason 'Writes to the wrong customer.' --json
equal 'live' null "$(json live)"
equal 'users' 'prompt/greeting@1 prompt/voicemail@1 ' "$(users)"
run greenroom verify --env production
says 'prompt/greeting@1 is live and uses tool/note, of which nothing is live \[verify.uses\]' err
says 'prompt/voicemail@1 is live and uses tool/note' err

# --- what was released without it goes live, what needs it does not, and does not come back ---
write_prompt greeting greeting 'Two.'
publish greeting >/dev/null
run promote prompt/greeting@2
live="$(tip production live)"
expect_finding uses.missing rollback prompt/greeting --reason back
expect_finding uses.missing rollback prompt/greeting --to 1 --reason back
says 'it uses tool/note, which is not live any more'
equal 'live after a refusal' "$live" "$(tip production live)"
run quarantine prompt/voicemail@1 --reason 'Promises a note.'
says '^nothing is live as prompt/voicemail any more$'
run greenroom verify --env production --json
equal 'findings' 0 "$(json_lines | grep -c verify.uses || true)"

# --- with another version of it live, the way back is open again; a rollback names who uses it ---
sed -i 's/Writes down/Notes/' tool/artifact.json
publish tool >/dev/null
run promote tool/note@2
run rollback prompt/greeting --to 1 --reason back --json
equal 'users' '' "$(users)"
sed -i 's/Notes how/Notes well how/' tool/artifact.json
publish tool >/dev/null
run promote tool/note@3
run rollback tool/note --reason 'Notes too well.' --json
equal 'live' 2 "$(json live)"
equal 'users' 'prompt/greeting@1 ' "$(users)"
run quarantine tool/note@3 --reason 'Never again.'
run quarantine tool/note@2 --reason 'Worse.'
says '^nothing is live as tool/note any more$'
says '^  used by prompt/greeting@1, which stays live$'
says 'warning: tool/note: prompt/greeting@1 is live and uses it: .*\[gate.used\]' err
says 'take back what uses it' err

# --- what takes the place of a quarantined release by itself does not need what is gone ---
run rollback prompt/greeting --to 2 --reason 'needs no tool'
run quarantine prompt/greeting@2 --reason 'Rude.' --json
equal 'live' null "$(json live)"
write_prompt greeting greeting 'Three.'
publish greeting >/dev/null
run promote prompt/greeting@3
run quarantine prompt/greeting@3 --reason 'Rude again.'
says 'warning: prompt/greeting@1 does not take its place: it uses tool/note' err
expect_sound sandbox production

# --- the index says it as git does, also made anew ---
write_prompt greeting greeting 'Four.'
use_tools greeting note other
sed -i 's/Notes well how/Notes again how/' tool/artifact.json
write_tool other other
for folder in greeting tool other; do publish "$folder" >/dev/null; done
run promote prompt/greeting@4 tool/note@4 tool/other@1
before="$(index_of production)"
says 'prompt/greeting\|tool/other' <(echo "$before")
run greenroom reindex --env production
equal 'the index' "$before" "$(index_of production)"
[ "${GREENROOM_VIA:-}" != http ] || exit 0

# An index of before this was known is made anew, and whoever meddles with it is found out.
sqlite3 production/ledger.db 'DROP TABLE live_use'
run greenroom list --env production
run greenroom hold prompt/alone --reason 'a write' --env production --sign-with approver
equal 'tables' "$(grep -v '^refs/' <<<"$before")" "$(index_of production | grep -v '^refs/')"
sqlite3 production/ledger.db "DELETE FROM live_use WHERE used = 'tool/other'"
expect_exit 5 greenroom verify --env production
says 'does not agree with git about what it uses.*\[verify.index\]' err
run greenroom reindex --env production
run greenroom verify --env production

# --- a running server says so ---
make_bearer --role operator
start_server production
unmet() { # unmet NUMBER
    get /readyz
    [ "$(json unmet_uses body)" = "$1" ]
}
wait_until 20 unmet 0
run quarantine tool/other@1 --reason 'Off.'
wait_until 20 unmet 1
expect_get 200 /metrics
says '^greenroom_unmet_uses 1$' body
wait_until 20 grep -q 'live artifacts use what is not live .*prompt/greeting@4 uses tool/other' server.err
stop_server
