# A new artifact: it passes every check as it stands, in the folder and in a fresh sandbox.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

run greenroom init sandbox --class sandbox

# made KIND NAME FOLDER FILES
made() {
    run greenroom check "$3" --json
    equal "findings of a new $1" '[]' "$(json artifacts.0.findings)"
    equal 'artifact' "$1/$2" "$(json artifacts.0.artifact)"
    run publish "$3"
    [ ! -s err ] || fail "publishing a new $1 says $(cat err)"
    says "^$1/$2@1 .* published"
    run greenroom check "$1/$2@1" --env sandbox --json
    equal "findings of $1/$2@1" '[]' "$(json artifacts.0.findings)"
    equal "files of a new $1" "$4" "$(cd "$3" && find . -type f -printf '%P\n' | sort | tr '\n' ' ')"
    grep -rE '@[A-Z]+@|tarter' "$3" && fail 'a mark is left'
    grep -q "^# $1/$2\$" "$3/README.md" || fail "the page does not name $1/$2"
}

run greenroom new prompt outbound/first-greeting
says '^prompt/outbound/first-greeting: made first-greeting with$'
made prompt outbound/first-greeting first-greeting \
    'README.md artifact.json sections/boundaries.md sections/closing.md sections/fallback.md sections/identity.md sections/opening.md '
equal 'title' 'First greeting' "$(json title first-greeting/artifact.json)"
run greenroom new tool tool/orders/find --json
equal 'written_to' find "$(json written_to)"
equal 'artifact' tool/orders/find "$(json artifact)"
made tool orders/find find 'README.md artifact.json '
mkdir somewhere
run greenroom new knowledge hours somewhere/else
made knowledge hours somewhere/else 'README.md artifact.json docs/index.md docs/opening-hours.md '

# --- what a new prompt says ---
awk '/"examples"/ { on = 1 } on && /{$/ { print "{"; inside = 1; next } inside { print } inside && /}/ { exit }' \
    first-greeting/artifact.json | sed 's/},$/}/' >example.json
run greenroom template render first-greeting/sections/opening.md --data example.json --escape none
says 'Am I speaking with Sample Customer\?'
grep -q '{{' out && fail "$(cat out)"

# --- nothing is written over, and nothing is made of a wrong name ---
echo mine >first-greeting/README.md
expect_error 4 folder_not_empty greenroom new prompt inbound/first-greeting
equal 'a file of mine' mine "$(cat first-greeting/README.md)"
mkdir taken && echo mine >taken/file
expect_error 4 folder_not_empty greenroom new tool x taken
expect_error 2 kind_mismatch greenroom new prompt tool/orders/find other
run greenroom new prompt prompt/tool/orders other
equal 'name' tool/orders "$(json name other/artifact.json)"
expect_error 2 kind_invalid greenroom new document a
expect_error 2 name_invalid greenroom new prompt Outbound/Greeting
expect_error 2 word_missing greenroom new prompt
[ ! -e Greeting ] && [ ! -e a ] || fail 'something is left'
