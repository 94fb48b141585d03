# A backup is taken while others write and read; what is restored from it verifies, and what was
# revoked or quarantined since cannot come back unnoticed.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

head_of() { # head_of ENVIRONMENT: the last entry of its audit
    greenroom verify --env "$1" --json >verified
    json audit_head verified
}

make_environments
write_prompt greeting outbound/greeting 'One.'
run publish greeting
run promote prompt/outbound/greeting@1
write_prompt greeting outbound/greeting 'Two.'
run publish greeting
run promote prompt/outbound/greeting@2
make_bearer --role operator
operator="$bearer"
make_bearer
start_server production --writable

# While others write: each backup is of one moment, whole.
write_knowledge plans plans 30
publish_many() {
    local number
    for ((number = 1; number <= 12; number++)); do
        printf 'More, %d.\n' "$number" >>plans/docs/more/page-1.md
        greenroom publish plans --env sandbox --actor "$author" >/dev/null
    done
}
publish_many &
writer=$!
for number in 1 2 3 4; do
    run greenroom backup "busy-$number.tar" --env sandbox --json
    printf '%s\n' "$(json audit_head)" >"busy-$number.head"
done
wait "$writer"
for number in 1 2 3 4; do
    run greenroom restore "busy-$number.tar" "busy-$number" --expect-head "$(cat "busy-$number.head")"
    expect_sound "busy-$number"
done

# Stock tools read it.
run greenroom backup today.tar --env production
says 'its audit ends at [0-9]+:[0-9a-f]{64}$' err
today="$(head_of production)"
keys="$(git -C production/store.git ls-tree --name-only control:keys | wc -l)"
mkdir unpacked
tar -xf today.tar -C unpacked
equal 'files of a backup' 'backup.json environment.json ledger.db store.bundle' \
    "$(cd unpacked && echo *)"
run git init -q --bare somewhere.git
run git -C somewhere.git bundle verify "$work/unpacked/store.bundle"
equal 'integrity' ok "$(sqlite3 unpacked/ledger.db 'PRAGMA integrity_check')"
run greenroom backup - --env production
cmp <(tar -xO -f out ledger.db) unpacked/ledger.db || fail 'standard output gets another backup'

# From afar, with an operator's key and no other.
GREENROOM_KEY="$operator" run greenroom backup far.tar --env "$url"
cmp <(tar -xO -f far.tar store.bundle) unpacked/store.bundle || fail 'from afar it is another backup'
GREENROOM_KEY="$bearer" expect_exit 1 greenroom backup stolen.tar --env "$url"
[ ! -e stolen.tar ] || fail 'a runtime key gets a backup'

# Restored as it was: releases, keys, audit.
expect_error 1 restore_unanchored greenroom restore today.tar restored
expect_error 2 head_invalid greenroom restore today.tar restored --expect-head 7
[ ! -e restored ] || fail 'a refused restore leaves something'
run greenroom restore today.tar restored --expect-head "$today"
expect_sound restored
equal 'live' "$(tip production live)" "$(tip restored live)"
equal 'index' "$(index_of production | grep -v control)" "$(index_of restored | grep -v control)"
expect_error 4 exists greenroom restore today.tar restored --expect-head "$today"
stop_server
start_server restored
expect_get 200 /v1/prompts/outbound/greeting
stop_server

# What was decided since.
run greenroom key revoke "$bearer_id" --env production
run quarantine prompt/outbound/greeting@2 --reason harm
tomorrow="$(head_of production)"
expect_error 1 restore_behind greenroom restore today.tar old --expect-head "$tomorrow"
[ ! -e old ] || fail 'a refused restore leaves something'
run greenroom restore today.tar old --expect-head "$tomorrow" --accept-loss 'the disk broke' --json
equal 'loss' true "$(json has_loss)"
equal 'keys revoked' "$keys" "$(json keys_revoked)"
says 'Operation: restore' <(git -C old/store.git log -1 control)
says 'Reason: the disk broke' <(git -C old/store.git log -1 control)
run greenroom verify --env old
says 'what was decided after it is not known here .verify.restored' err
start_server old
expect_get 401 /v1/prompts/outbound/greeting
stop_server

# A newer one has it all: an entry in the form of a commit's trailer will do as well.
run greenroom backup newer.tar --env production
run greenroom restore newer.tar new --expect-head "${tomorrow/:/ }"
run greenroom verify --env new
[ ! -s err ] || fail "a restore without a loss is warned of: $(cat err)"
expect_error 1 gate_refused greenroom rollback prompt/outbound/greeting --to 2 --reason why \
    --env new --sign-with approver

# Damage is told, and leaves nothing.
flip() { # flip FILE OFFSET
    printf '\377' | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
pack() {
    (cd unpacked && tar -cf ../damaged.tar -- *)
}
flip unpacked/store.bundle "$(($(stat -c %s unpacked/store.bundle) / 2))"
pack
expect_error 5 store_damaged greenroom restore damaged.tar never --expect-head "$today"
tar -xf today.tar -C unpacked
printf 'x' >unpacked/more.txt
pack
expect_error 2 not_a_backup greenroom restore damaged.tar never --expect-head "$today"
rm unpacked/more.txt
sed -i 's/"audit": "[0-9]*:/"audit": "99:/' unpacked/backup.json
pack
expect_error 5 backup_damaged greenroom restore damaged.tar never --expect-head "$today"
rm unpacked/backup.json
pack
expect_error 2 not_a_backup greenroom restore damaged.tar never --expect-head "$today"
[ -z "$(find . -maxdepth 1 -name 'never*')" ] || fail 'damage leaves something'

# A branch that was moved back, with a ledger that no longer knows where it stood: the audit tells.
git -C production/store.git update-ref refs/heads/control control~2
sqlite3 production/ledger.db 'DROP TABLE tip'
expect_exit 5 greenroom verify --env production
says 'about a commit that no branch has .* .audit.taken-back' err
