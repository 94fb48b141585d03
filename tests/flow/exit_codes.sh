# Each exit code by real causes, for a person and for a script, of both binaries.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
write_prompt greeting greeting 'Hello.'
write_prompt deeper greeting/deeper 'Hello.'
run publish greeting
run promote prompt/greeting@1
cp -R production intact

# 0: done; help and version need no environment.
run greenroom --help
says 'Exit codes: 0 done, 1 refused, 2 wrong usage, 3 not found, 4 conflict, 5 damaged data, 6 input'
for command in init publish list show log diff cat export 'approver add' 'approver list' \
    'approver remove' promote rollback 'key create' 'key list' 'key revoke' verify reindex; do
    # shellcheck disable=SC2086 # two words name one command
    run greenroom $command --help
    says "^greenroom $command"
done
run greenroom --version
run greenroomd --version
run greenroomd --help

# 1: refused.
expect_error 1 wrong_class greenroom publish greeting --env production
expect_error 1 wrong_class greenroom rollback prompt/greeting --reason why --sign-with approver \
    --env sandbox
mkdir broken
echo '{ "kind": "prompt", "name": "broken", "sections": [] }' >broken/artifact.json
expect_exit 1 greenroom publish broken --env sandbox
says 'artifact.json:1:[0-9]+: error: .*\[manifest\.' err
expect_exit 1 greenroom publish broken --env sandbox --json
equal 'members of a refusal' 'error findings' "$(members '')"
equal 'file of a finding' artifact.json "$(json findings.0.file)"
expect_exit 1 greenroomd --env sandbox --listen 127.0.0.1:0
says 'sandbox' err

# 2: wrong usage.
expect_error 2 command_unknown greenroom nonsense
expect_error 2 command_missing greenroom
expect_error 2 environment_missing greenroom list
expect_error 2 flag_unknown greenroom list --env sandbox --bogus
expect_error 2 word_missing greenroom show --env sandbox
expect_error 2 word_unexpected greenroom verify everything --env sandbox
expect_error 2 word_twice greenroom key create --role runtime --role author --owner x --env sandbox
expect_error 2 kind_invalid greenroom show recipe/x --env sandbox
expect_error 2 version_missing promote prompt/greeting
expect_error 2 class_invalid greenroom init other --class nowhere
expect_error 2 expiry_missing greenroom key create --role runtime --owner x --env production
expect_error 2 role_invalid greenroom key create --role king --owner x --env sandbox
expect_error 2 manifest_missing greenroom publish approver.pub --env sandbox
expect_exit 2 greenroom list --env
says 'wants a value' err
expect_exit 2 greenroomd
expect_exit 2 greenroomd --env production --threads none
expect_exit 2 greenroomd --env production --listen nowhere

# 3: not found.
expect_error 3 environment_unknown greenroom list --env nowhere
expect_error 3 artifact_unknown greenroom show prompt/nobody --env sandbox
expect_error 3 artifact_unknown greenroom show prompt/greeting@2 --env sandbox
expect_error 3 artifact_unknown greenroom log prompt/nobody --env sandbox
expect_error 3 file_unknown greenroom cat prompt/greeting nothing.md --env sandbox
expect_error 3 file_not_found greenroom publish nothing --env sandbox
expect_error 3 file_not_found greenroom approver add somebody nothing.pub --env production
expect_error 3 draft_unknown promote prompt/nobody@1
expect_error 3 never_released rollback prompt/nobody --reason why
expect_error 3 key_unknown greenroom key revoke nothing --env production
write_prompt greeting greeting 'Hello again.'
run publish greeting
expect_error 3 signer_unknown greenroom approver remove nobody --env production
expect_exit 3 greenroomd --env nowhere --listen 127.0.0.1:0

signer=nothing expect_exit 3 promote prompt/greeting@2
says 'nothing: there is no such key' err

# 4: conflict.
expect_error 4 exists greenroom init sandbox --class sandbox
expect_error 4 name_taken greenroom publish deeper --env sandbox
expect_error 4 name_mismatch greenroom publish greeting --as prompt/other --env sandbox
expect_error 4 folder_not_empty greenroom export prompt/greeting sandbox --env sandbox
expect_error 4 nothing_to_roll_back_to rollback prompt/greeting --reason why

# Below, what lies at rest is spoiled and looked at as it lies there, not through a server.
unset -f greenroom

# 5: damaged data.
damaged() { # damaged FILE BYTES ERROR-CODE: a file of production, replaced
    rm -rf production
    cp -R intact production
    rm -f production/ledger.db-*
    printf '%s' "$2" >"production/$1"
    expect_error 5 "$3" greenroom list --env production
}
damaged environment.json '{' json_invalid
damaged environment.json '{ "format": 2 }' environment_malformed
damaged ledger.db 'this is no database, and longer than the header of one would have to be........' \
    ledger_damaged
rm -rf production
cp -R intact production
rm production/store.git/HEAD
expect_exit 5 greenroom list --env production
rm -rf production
cp -R intact production
git -C production/store.git update-ref refs/heads/live refs/heads/control
expect_exit 5 greenroomd --env production --listen 127.0.0.1:0
rm -rf production
cp -R intact production

# 6: input or output.
run greenroom list --env sandbox
code=0
greenroom list --env sandbox >/dev/full 2>err || code=$?
equal 'exit code when nothing can be written' 6 "$code"
code=0
greenroom list --json --env sandbox >/dev/full 2>err || code=$?
equal 'exit code when nothing can be written' 6 "$code"
expect_error 6 io greenroom export prompt/greeting no/where.tar.gz --env sandbox
expect_error 6 io greenroom init no/where --class live
without_programs() {
    PATH="$GREENROOM_BIN" promote "$@"
}
expect_exit 6 without_programs prompt/greeting@2 # ssh-keygen signs
says ssh-keygen err
start_server production
expect_exit 6 greenroomd --env production --listen "${url#http://}"
stop_server
