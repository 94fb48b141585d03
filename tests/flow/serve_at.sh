# A call stays on the state of live that it began with, as long as the server holds that.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
write_knowledge plans plans 2
run publish plans
for number in 1 2 3; do
    write_prompt greeting outbound/greeting "Text $number."
    run publish greeting
done
run promote prompt/outbound/greeting@1 knowledge/plans@1
first="$(tip production live)"
start_server production --threads 2 --states 2
make_bearer
wait_until 5 answers 200 /v1/prompts/outbound/greeting
run promote prompt/outbound/greeting@2
second="$(tip production live)"
shows_text() {
    get "$1" && [ "$(json prompt.sections.0.text body)" = "Text $2.\\n" ]
}
wait_until 5 shows_text /v1/prompts/outbound/greeting 2

# --- every read route, at the state that was asked for ---
for _ in 1 2 3; do # by turns: no answer keeps the state of another
    for pair in "$first 1" "$second 2"; do
        commit="${pair% *}" number="${pair#* }"
        expect_get 200 "/v1/at/$commit/prompts/outbound/greeting"
        equal text "Text $number.\\n" "$(json prompt.sections.0.text body)"
        equal state "$commit" "$(field Greenroom-State)"
        equal version "$number" "$(field Greenroom-Version)"
        expect_get 304 "/v1/at/$commit/prompts/outbound/greeting" -H "If-None-Match: $(field ETag)"
        equal 'state of a 304' "$commit" "$(field Greenroom-State)"
        expect_get 200 "/v1/at/$commit/live"
        equal commit "$commit" "$(json commit body)"
        equal 'version in the state' "$number" "$(json artifacts.1.version body)"
    done
done
expect_get 200 "/v1/at/$first/prompts/outbound/greeting/-/files/sections/opening.md"
equal 'a file' 'Text 1.' "$(cat body)"
equal state "$first" "$(field Greenroom-State)"
expect_get 200 "/v1/at/$first/knowledge/plans@1"
expect_get 404 "/v1/at/$first/prompts/outbound/greeting@2" # not released yet, then
wait_until 5 answers 200 "/v1/at/$first/knowledge/plans/-/archive.tar.gz"
equal state "$first" "$(field Greenroom-State)"

# --- what is not held: the same words, whatever it is ---
problem() {
    sed 's/"request_id":"[^"]*"/"request_id":""/' body
}
run promote prompt/outbound/greeting@3
wait_until 5 shows_text /v1/prompts/outbound/greeting 3
expect_get 200 "/v1/at/$second/prompts/outbound/greeting"
expect_get 404 "/v1/at/$first/prompts/outbound/greeting"
equal code state_unknown "$(json error_code body)"
problem >too-old
for commit in 0000000000000000000000000000000000000000 "${second:0:12}" "${second^^}" x; do
    expect_get 404 "/v1/at/$commit/prompts/outbound/greeting"
    problem | cmp too-old - || fail "$commit answers otherwise"
done
for path in "/v1/at/$second" "/v1/at/$second/" "/v1/at//live" "/v1/at/$second/healthz" \
    "/v1/at/$second/at/$second/live"; do
    expect_get 404 "$path"
done
bearer='' expect_get 401 "/v1/at/$second/live"

# --- what is quarantined is in no state any more ---
run quarantine prompt/outbound/greeting@2 --reason harm
wait_until 5 answers 404 "/v1/at/$second/prompts/outbound/greeting"
equal code not_found "$(json error_code body)"
expect_get 200 "/v1/at/$second/live"
equal 'what is left' knowledge/plans "$(json artifacts.0.artifact body)"
equal 'and no more' 0 "$(members artifacts body)"

# --- a restart in the middle of a call ---
stop_server
start_server production
expect_get 200 "/v1/at/$first/prompts/outbound/greeting"
equal text "Text 1.\\n" "$(json prompt.sections.0.text body)"
