# Whatever people do in whatever order, a running production server serves exactly what a small model
# says, and production holds no byte of a draft. Steps are drawn at random: GREENROOM_SEED repeats a
# run, GREENROOM_STEPS makes it longer.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/flow/lib_trust.sh
. "$flow_folder/lib_trust.sh"

seed=${GREENROOM_SEED:-20261123}
steps=${GREENROOM_STEPS:-110}
RANDOM=$seed
echo "seed $seed, $steps steps"

make_strict
names=(greeting closing follow-up)

# --- the model: what is said here is all that a promotion, a rollback or an answer depends on ---
# By name: the newest version, the live one or 0, "yes", released versions in their order.
declare -A latest=() live=() held=() order=()
# By name@version: the words, and "yes". What is quarantined is out by its words as well.
declare -A text=() attested=() rejected=() released=() quarantined=()
declare -A approvals=() # by name@version: RECORD:SIGNER:REPLACED-WORDS:POLICY ...
declare -A records=()   # by name@version: how many records of evidence it has
policy=1
environment_attested=
second=second # another approver's key; '': removed
for name in "${names[@]}"; do
    latest[$name]=0 live[$name]=0 held[$name]='' order[$name]=''
done

live_text() { # what an approval now would replace
    local version=${live[$1]}
    [ "$version" = 0 ] && echo none || echo "${text[$1@$version]}"
}
is_quarantined() { # is_quarantined NAME VERSION: itself, or its very content
    local version
    for version in ${order[$1]}; do
        [ -n "${quarantined[$1@$version]:-}" ] && [ "${text[$1@$version]}" = "${text[$1@$2]}" ] &&
            return 0
    done
    return 1
}
is_approved() {
    local approval signer
    for approval in ${approvals[$1@$2]:-}; do
        signer=$(cut -d : -f 2 <<<"$approval")
        [ "$signer" = approver ] || [ "$signer" = "$second" ] || continue
        [ "${approval#*:*:}" = "$(live_text "$1"):$policy" ] && return 0
    done
    return 1
}
may_promote() {
    [ "${live[$1]}" = "$2" ] && return # nothing would change
    ! is_quarantined "$1" "$2" && [ -z "${held[$1]}" ] && [ -z "${rejected[$1@$2]:-}" ] &&
        [ -n "$environment_attested" ] && [ -n "${attested[$1@$2]:-}" ] && is_approved "$1" "$2"
}
may_roll_back() {
    [ -n "${released[$1@$2]:-}" ] && [ "${live[$1]}" != "$2" ] && ! is_quarantined "$1" "$2"
}
fallback_of() { # the newest release before this one that may go live and is another text
    local version found=0
    for version in ${order[$1]}; do
        [ "$version" = "$2" ] && break
        [ "${text[$1@$version]}" != "${text[$1@$2]}" ] && ! is_quarantined "$1" "$version" &&
            found=$version
    done
    echo "$found"
}

# does EXPECTED COMMAND...: EXPECTED is yes or no.
does() {
    local expected=$1 code=0
    shift
    "$@" >out 2>err || code=$?
    case $expected:$code in
    yes:0 | no:1 | no:3) ;;
    *)
        cat out err >&2
        fail "seed $seed, step $step: $*: exit $code, expected $expected"
        ;;
    esac
}
one_in() { # chance
    ((RANDOM % $1 == 0))
}
yes_if() {
    if "$@"; then echo yes; else echo no; fi
}

# --- the moves: each is given a name and one of its versions ---
do_publish() { # do_publish NAME [VERSION [WORDS]]
    local version words=${3:-}
    version=$((${latest[$1]} + 1))
    if [ -z "$words" ]; then
        words="CANARY-$seed-$1-$version-end"
        # Now and then earlier words come back under a new number.
        [ "$version" -gt 2 ] && one_in 4 && words=${text[$1@$((version - 2))]}
    fi
    [ "$version" -gt 1 ] && [ "$words" = "${text[$1@$((version - 1))]}" ] && return
    write_prompt folder "$1" "$words"
    does yes publish folder
    latest[$1]=$version text[$1@$version]=$words records[$1@$version]=0
}
do_attest() {
    does yes attest "prompt/$1@$2" script-read
    attested[$1@$2]=yes records[$1@$2]=$((${records[$1@$2]} + 1))
}
do_attest_environment() {
    does yes attest --environment numbers-tested
    environment_attested=yes
}
do_approve() {
    local signer=approver
    [ -n "$second" ] && one_in 2 && signer=$second
    signer=$signer does yes approve "prompt/$1@$2"
    records[$1@$2]=$((${records[$1@$2]} + 1))
    approvals[$1@$2]+=" ${records[$1@$2]}:$signer:$(live_text "$1"):$policy"
}
do_withdraw_approval() {
    local record left='' approval
    record=$(wc -w <<<"${approvals[$1@$2]:-}")
    [ "$record" -gt 0 ] || return 0
    record=$(cut -d ' ' -f $((RANDOM % record + 1)) <<<"${approvals[$1@$2]# }")
    does yes greenroom withdraw-approval "prompt/$1@$2" "$(printf '%04d-approval' "${record%%:*}")" \
        --env sandbox
    for approval in ${approvals[$1@$2]}; do
        [ "$approval" = "$record" ] || left+=" $approval"
    done
    approvals[$1@$2]=$left records[$1@$2]=$((${records[$1@$2]} + 1))
}
do_reject() {
    one_in 2 || return 0 # often enough
    does yes greenroom reject "prompt/$1@$2" --reason no --env sandbox
    rejected[$1@$2]=yes records[$1@$2]=$((${records[$1@$2]} + 1))
}
take_live() {
    [ -n "${released[$1@$2]:-}" ] || order[$1]+=" $2"
    released[$1@$2]=yes live[$1]=$2
}
do_promote() {
    local may
    may=$(yes_if may_promote "$1" "$2")
    if one_in 2; then
        does "$may" promote "prompt/$1@$2"
    else
        rm -f it.seal
        does yes seal "prompt/$1@$2" -o it.seal
        does "$may" admit it.seal
    fi
    [ "$may" = no ] || take_live "$1" "$2"
}
do_everything() { # the whole road of the newest version, so that much goes live
    local version=${latest[$1]}
    if [ "$version" = 0 ] || [ -n "${released[$1@$version]:-}${rejected[$1@$version]:-}" ]; then
        do_publish "$1"
        version=${latest[$1]}
    fi
    [ -z "${attested[$1@$version]:-}" ] && do_attest "$1" "$version"
    [ -n "$environment_attested" ] || do_attest_environment
    [ -z "${held[$1]}" ] || one_in 2 || do_lift "$1"
    do_approve "$1" "$version"
    do_promote "$1" "$version"
}
do_rollback() {
    local may
    may=$(yes_if may_roll_back "$1" "$2")
    does "$may" rollback "prompt/$1" --to "$2" --reason back
    [ "$may" = no ] || live[$1]=$2
}
do_hold() {
    does yes greenroom hold "prompt/$1" --reason wait --env production --sign-with approver
    held[$1]=yes
}
do_lift() {
    does "$(yes_if [ -n "${held[$1]}" ])" greenroom lift "prompt/$1" --env production \
        --sign-with approver
    held[$1]=''
}
do_quarantine() {
    does "$(yes_if [ -n "${released[$1@$2]:-}" ])" quarantine "prompt/$1@$2" --reason wrong
    [ -n "${released[$1@$2]:-}" ] || return 0
    quarantined[$1@$2]=yes
    if [ "${live[$1]}" != 0 ] && [ "$(live_text "$1")" = "${text[$1@$2]}" ]; then
        live[$1]=$(fallback_of "$1" "${live[$1]}")
    fi
}
do_policy_set() {
    write_policy policy.json $((policy + 1))
    does yes greenroom policy set policy.json --env production --sign-with approver
    policy=$((policy + 1))
    write_policy policy.json $((policy - 1))
    does no greenroom policy set policy.json --env production --sign-with approver
}
do_change_second() {
    if [ -n "$second" ]; then
        does yes greenroom approver remove "$second@example.com" --env production
        second=''
    else
        second=second-$step
        make_key "$second"
        does yes greenroom approver add "$second@example.com" "$second.pub" --env production
    fi
}
do_change_key() {
    if [ -n "$spare" ]; then
        does yes greenroom key revoke "$spare_id" --env production
        revoked=$spare spare=''
    else
        does yes greenroom key create --role runtime --owner spare --expires 1d --env production --json
        spare=$(json key) spare_id=$(json id)
    fi
}
moves=(publish publish publish publish attest attest_environment approve approve withdraw_approval reject
    promote promote promote everything everything everything everything everything rollback rollback
    hold lift quarantine quarantine policy_set change_second change_key)

# --- what is looked at after each ---
is_served() { # the server follows on its own: its state is the tip of live
    get /v1/live
    [ "$status" = 200 ] && [ "$(field Greenroom-State)" = "$(tip production live)" ]
}
is_refused() { # with a revoked key
    [ "$(curl -sS --max-time "$patience_s" -H "Authorization: Bearer $1" -o body -w '%{http_code}' \
        "$url/v1/live")" = 401 ]
}
look() {
    local name version urls=() wanted=() codes i
    [ "$(tip production live)" = none ] || wait_until 5 is_served
    [ -z "$revoked" ] || wait_until 5 is_refused "$revoked"
    for name in "${names[@]}"; do
        urls+=("/v1/prompts/$name")
        [ "${live[$name]}" = 0 ] && wanted+=(404) || wanted+=("200 ${live[$name]} ${text[$name@${live[$name]}]}")
        for ((version = 1; version <= latest[$name]; version++)); do
            urls+=("/v1/prompts/$name@$version")
            if [ -n "${released[$name@$version]:-}" ] && ! is_quarantined "$name" "$version"; then
                wanted+=("200 $version ${text[$name@$version]}")
            else
                wanted+=(404)
            fi
        done
    done
    local arguments=()
    for i in "${!urls[@]}"; do
        arguments+=(-o "body-$i" "$url${urls[i]}")
    done
    mapfile -t codes < <(curl -sS --max-time "$patience_s" -H "Authorization: Bearer $bearer" \
        -w '%{http_code}\n' "${arguments[@]}")
    for i in "${!urls[@]}"; do
        local body code rest
        body=$(<"body-$i")
        read -r code version rest <<<"${wanted[i]}"
        [ "${codes[i]}" = "$code" ] ||
            fail "seed $seed, step $step: ${urls[i]} answers ${codes[i]}, not ${wanted[i]}: $body"
        if [ "$code" = 200 ]; then
            [[ $body == *"\"version\":$version,"* && $body == *"$rest"* ]] ||
                fail "seed $seed, step $step: ${urls[i]} is not ${wanted[i]}: $body"
        else
            [[ $body != *CANARY* ]] || fail "seed $seed, step $step: ${urls[i]} shows: $body"
        fi
    done
    # A draft is what was never released, under any number.
    : >drafts
    for i in "${!text[@]}"; do
        echo "${text[$i]}" >>drafts
    done
    for i in "${!released[@]}"; do
        echo "${text[$i]}"
    done | sort -u >public
    sort -u drafts | comm -23 - public >secret
    [ -s secret ] || return 0
    git -C production/store.git cat-file --batch-all-objects --batch >objects
    grep -aoFf secret objects >found && fail "seed $seed, step $step: production's store has $(cat found)"
    grep -raoFf secret production >found && fail "seed $seed, step $step: production has $(cat found)"
    return 0
}

make_bearer
spare='' spare_id='' revoked=''
step=0
start_server production

# What chance found first: the same words live again under another number, and then quarantined.
for words in one two one; do
    do_publish closing '' "CANARY-$seed-again-$words"
    do_attest closing "${latest[closing]}"
    do_attest_environment
    do_approve closing "${latest[closing]}"
    do_promote closing "${latest[closing]}"
    look
done
do_quarantine closing 1
equal 'live' 2 "${live[closing]}"
look

for ((step = 1; step <= steps; step++)); do
    name=${names[RANDOM % ${#names[@]}]}
    move=${moves[RANDOM % ${#moves[@]}]}
    case $move in
    publish | attest_environment | policy_set | change_second | change_key | hold | lift) version= ;;
    *)
        [ "${latest[$name]}" -gt 0 ] || move=publish
        # The newest half of the time, else any.
        version=${latest[$name]}
        one_in 2 && [ "$version" -gt 0 ] && version=$((RANDOM % version + 1))
        ;;
    esac
    [ -z "${GREENROOM_TRACE:-}" ] || echo "step $step: $move $name $version"
    "do_$move" "$name" "$version"
    look
done
stop_server
echo "released: ${#released[@]} of ${#text[@]} drafts; quarantined: ${#quarantined[@]}; policy $policy"
[ "${#released[@]}" -ge 5 ] || [ "$steps" -lt 100 ] || fail 'too little went live to say anything'
expect_sound sandbox production
