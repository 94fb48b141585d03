#!/usr/bin/env bash
# The main job on the bundled examples: publish into a sandbox, promote some, serve what is live.
# Called by ./dev run, which builds first. Run again, it takes up where it was.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
bin=${GREENROOM_BIN:?the folder with greenroom and greenroomd}
var=${1:-var}
greenroom=$bin/greenroom
sandbox=$var/sandbox
production=$var/production
keys=$var/keys
server=

say() { printf '\n== %s\n' "$*"; }

stop() {
    trap - EXIT INT TERM
    if [ -n "$server" ]; then
        kill -TERM "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
}

make_environments() {
    say 'Two environments: a sandbox for drafts, and production, where only promoted content ever is'
    mkdir -p "$var" "$keys"
    chmod 700 "$keys"
    [ -e "$sandbox/environment.json" ] || "$greenroom" init "$sandbox" --class sandbox
    [ -e "$production/environment.json" ] || "$greenroom" init "$production" --class live
    if [ ! -e "$keys/approver" ]; then
        ssh-keygen -q -t ed25519 -N '' -C approver@example.com -f "$keys/approver"
    fi
    if ! "$greenroom" --env "$production" approver list | grep -q '^approver@example.com '; then
        "$greenroom" --env "$production" approver add approver@example.com "$keys/approver.pub"
    fi
}

# What the names in the artifacts mean in an environment: NAME=VALUE each, set once.
bind() {
    local environment="$1" pair known
    shift
    known=$("$greenroom" --env "$environment" binding list)
    for pair in "$@"; do
        grep -q "\"${pair%%=*}\"" <<<"$known" ||
            "$greenroom" --env "$environment" binding set "${pair%%=*}" "${pair#*=}" >/dev/null
    done
}

bind_names() {
    say 'Each environment says what the bindings mean in it: the same content, other systems'
    local name
    for name in crm calendar compliance telephony; do
        bind "$sandbox" "$name=https://$name.sandbox.example.com" \
            "$name-token=sandbox/$name-token"
        bind "$production" "$name=https://$name.example.com" "$name-token=production/$name-token"
    done
    bind "$sandbox" do-not-call-list=https://compliance.sandbox.example.com/v1/do-not-call
    bind "$production" do-not-call-list=https://compliance.example.com/v1/do-not-call
}

publish_examples() {
    say 'An author publishes drafts: prompts, tools and a knowledge base'
    for folder in "$here"/*/; do
        "$greenroom" --env "$sandbox" publish "$folder" --actor "$author"
    done
}

# What the standard policy asks of the drafts given: attested and approved, once.
meet_policy() {
    local item
    for item in trace-visible webhooks-ingested production-keys webhook-replay receiver-locked \
        ramp-plan auth-scopes number-pool webhook-dedupe crm-mapping on-call; do
        "$greenroom" --env "$sandbox" attest --environment "$item" --actor "$approver" \
            --note 'attested for the example' >/dev/null
    done
    for draft in "$@"; do
        for item in quickstart-run script-quality suppression-logic schedule-windows \
            fallback-handling stakeholder-sign-off; do
            "$greenroom" --env "$sandbox" attest "$draft" "$item" --actor "$approver" \
                --note 'attested for the example' >/dev/null
        done
        "$greenroom" --env "$sandbox" approve "$draft" --to "$production" --actor "$approver" \
            --sign-with "$keys/approver" 2>/dev/null
    done
}

# The standard policy lets a tool that writes to the CRM pass with an approval by the group security,
# which is empty at first: an operator names its members, in a policy with a higher number.
name_security() {
    "$greenroom" --env "$production" policy show | grep -q '"security": \[\]' || return 0
    "$greenroom" --env "$production" policy show |
        sed 's/"security": \[\]/"security": ["approver@example.com"]/; s/"number": 1,/"number": 2,/' \
            >"$var/policy.json"
    "$greenroom" --env "$production" policy set "$var/policy.json" --sign-with "$keys/approver" \
        --actor "$approver" --reason 'name the group security' >/dev/null
}

promote_some() {
    local live="knowledge/plans-and-policies@1 tool/calendar/book-callback@1 tool/compliance/opt-out@1"
    live="$live tool/crm/find-contact@1 tool/crm/log-outcome@1 tool/telephony/transfer-call@1"
    live="$live prompt/outbound/qualification@1 prompt/outbound/greeting@1"
    say 'The gate refuses what nobody has attested and approved'
    if "$greenroom" --env "$production" list | grep -q .; then
        echo 'some of it is live already: going on from there'
        return
    fi
    # shellcheck disable=SC2086 # a list of words
    "$greenroom" promote $live --from "$sandbox" --to "$production" \
        --sign-with "$keys/approver" --actor "$approver" 2>&1 | grep -m 3 -E 'gate' || true
    say 'An approver attests the checklist, approves, signs: eight go live together, all or none'
    name_security
    # shellcheck disable=SC2086
    meet_policy $live
    # shellcheck disable=SC2086
    "$greenroom" promote $live --from "$sandbox" --to "$production" --sign-with "$keys/approver" \
        --actor "$approver" --reason 'first release of the example'
}

make_runtime_key() {
    [ -s "$keys/runtime" ] && return
    say 'A key for the live call runtime'
    (
        umask 077
        "$greenroom" --env "$production" key create --role runtime --owner call-runtime \
            --expires 90d --json | sed -n 's/^ *"key": *"\([^"]*\)".*/\1/p' >"$keys/runtime"
    )
    echo "kept in $keys/runtime; production keeps only its hash"
}

# Starts the server on the first free port from 8080 on; its first line says where it listens.
start_server() {
    local port line
    for port in 8080 8081 8082 8083 8084 0; do
        coproc daemon { exec "$bin/greenroomd" --env "$production" --listen "127.0.0.1:$port"; }
        # shellcheck disable=SC2154 # coproc sets it
        server=$daemon_PID
        if read -r line <&"${daemon[0]}"; then
            url=${line##* at }
            return
        fi
        wait "$server" || true
        server=
    done
    echo 'greenroomd could not be started' >&2
    exit 6
}

show_serving() {
    say "greenroomd serves production at $url: what was promoted"
    curl -sS -H "Authorization: Bearer $(cat "$keys/runtime")" \
        "$url/v1/prompts/outbound/greeting" | head -c 300
    printf '…\n'
    say 'and refuses a draft as if it did not exist'
    curl -sS -H "Authorization: Bearer $(cat "$keys/runtime")" "$url/v1/prompts/outbound/voicemail"
    echo
}

show_next() {
    cat <<TXT

== Try next, in another terminal
  curl -H "Authorization: Bearer \$(cat $keys/runtime)" $url/v1/live
  curl -H "Authorization: Bearer \$(cat $keys/runtime)" $url/v1/tools/crm/find-contact
  $greenroom --env $sandbox list
  $greenroom --env $sandbox status prompt/outbound/voicemail@1 --to $production
  $greenroom --env $production audit
  $greenroom --env $production verify
  $greenroom --help

The server goes on until Ctrl-C.
TXT
}

author='Example Author <author@example.com>'
approver='Example Approver <approver@example.com>'
url=
trap 'stop; exit 0' INT TERM
trap stop EXIT
make_environments
bind_names
publish_examples
promote_some
make_runtime_key
start_server
show_serving
show_next
wait "$server"
