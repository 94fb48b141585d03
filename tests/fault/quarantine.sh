# How long a running server goes on giving what was quarantined: from the moment that the command has
# ended until the last answer with it has arrived, asked for in every way without a pause. Each way
# ends, and nothing comes back.
#
#   GREENROOM_QUARANTINE_ROUNDS   releases that are taken back (2)
#   GREENROOM_QUARANTINE_MS       the longest that any may take, to fail beyond it (not looked at)
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/../flow/lib.sh"

rounds="${GREENROOM_QUARANTINE_ROUNDS:-2}"
make_environments
promoted=()
for ((round = 1; round <= rounds; round++)); do
    write_knowledge "pages-$round" "taken-$round" 40
    echo "Nobody should say zqxword-$round." >>"pages-$round/docs/more/page-1.md"
    write_prompt "before-$round" "spoken-$round" 'As it was.'
    run publish "pages-$round"
    run publish "before-$round"
    promoted+=("knowledge/taken-$round@1" "prompt/spoken-$round@1")
done
run promote "${promoted[@]}"
promoted=()
for ((round = 1; round <= rounds; round++)); do
    write_prompt "after-$round" "spoken-$round" "Nobody should say zqxword-$round."
    run publish "after-$round"
    promoted+=("prompt/spoken-$round@2")
done
run promote "${promoted[@]}"
state="$(tip production live)"
make_bearer
start_server production --threads 2 --states $((4 * rounds + 8))

# --- the ways to ask ---

etag_of() {
    expect_get 200 "$1"
    field ETag
}
# way WORD METHOD TARGET [FIELD]: a request of the plan (see lingering.c).
way() {
    local word="$1" method="$2" target="$3" content=''
    ways=$((ways + 1))
    [ "$method" != POST ] || content='{"variables":{}}'
    printf '%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s%s\r\n%s' \
        "$method" "$target" "$bearer" "${4:+$4$'\r\n'}" \
        "${content:+Content-Type: application/json$'\r\n'Content-Length: ${#content}$'\r\n'}" \
        "$content" >"way-$ways"
    echo "way-$ways $word" >>plan
}
# The whole artifact is gone with its only release.
ways_to_knowledge() {
    local path="/v1/knowledge/taken-$1" at="/v1/at/$state/knowledge/taken-$1" target
    for target in "$path" "$path@1" "$path/-/files/docs/more/page-1.md" "$path/-/archive.tar.gz" \
        "$path@1/-/archive.zip" "$path/-/search?q=zqxword-$1" "$at" \
        "$at@1/-/files/docs/more/page-1.md" "$at/-/archive.tar.gz"; do
        wait_until 20 answers 200 "$target"
        way - GET "$target"
    done
    way - HEAD "$path"
    way - GET "$path/-/archive.tar.gz" 'Range: bytes=0-99'
    way - GET "$path" "If-None-Match: $(etag_of "$path")"
    way - GET "$at" 'If-None-Match: *'
}
# The release before it comes in its place.
ways_to_prompt() {
    local path="/v1/prompts/spoken-$1" at="/v1/at/$state/prompts/spoken-$1"
    way "zqxword-$1" GET "$path"
    way "zqxword-$1" GET "$path" "If-None-Match: $(etag_of "$path")"
    way "zqxword-$1" POST "$path/-/render"
    way "zqxword-$1" GET "$path/-/files/sections/opening.md"
    way - GET "$path@2"
    way - POST "$path@2/-/render"
    way - GET "$at"
    way - GET "$at@2/-/files/sections/opening.md"
}

# --- taken back, one after the other ---

is_asking() {
    grep -q ready lingering.out || ! kill -0 "$lingering_pid"
}
# take_back WHAT: while all of the plan is asked for.
take_back() {
    local quarantined code=0
    lingering "${url##*:}" plan >lingering.out 2>lingering.err &
    lingering_pid=$!
    wait_until 60 is_asking
    run quarantine "$1" --reason 'It says what it should not.'
    quarantined="$EPOCHREALTIME"
    wait "$lingering_pid" || code=$?
    [ "$code" -eq 0 ] || fail "$1 lingers: $(cat lingering.err)"
    equal "ways to $1" "$ways" "$(grep -c '^way' lingering.out)"
    awk -v since="${quarantined/./}" '/^way/ { print $1, ($2 - since) / 1000, $3 }' lingering.out |
        tee -a times | sort -k 2n | tail -n 1 | cut -d ' ' -f 2 >>longest
    equal "state of $1" '' "$(grep -v -e '^way' -e '^ready$' lingering.out || true)"
}
for ((round = 1; round <= rounds; round++)); do
    for what in knowledge prompt; do
        : >plan
        ways=0
        "ways_to_$what" "$round"
        case "$what" in
            knowledge) take_back "knowledge/taken-$round@1" ;;
            prompt) take_back "prompt/spoken-$round@2" ;;
        esac
    done
done
stop_server

sort -n longest | awk -v requests="$(awk '{ n += $3 } END { print n }' times)" '
    { ms[NR] = $1 }
    END {
        printf "%d quarantines under load (%d requests): the last answer with it arrived %.1f ms (median), %.1f ms (longest) after the command had ended\n",
            NR, requests, ms[int((NR + 1) / 2)], ms[NR]
    }'
if [ -n "${GREENROOM_QUARANTINE_MS:-}" ]; then
    sort -n longest | tail -n 1 | awk -v bound="$GREENROOM_QUARANTINE_MS" '{ exit $1 > bound }' ||
        fail "more than $GREENROOM_QUARANTINE_MS ms"
fi
