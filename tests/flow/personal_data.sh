# Personal data: listed as the sandbox would judge it, and masked so that it would take the copy.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir -p box/calls
printf 'Ü: jane.roe@acme.de or +44 7712 345678.\nTest: a@example.com, 10.0.0.1\nSSN 451-62-1234\n' \
    >box/a.md
printf '{"phone": 4157362671, "mail": "jane.roe\\u0040acme.de", "n": [1.50]}\n' >box/calls/b.json
printf 'Nobody.\n' >box/calls/jane.roe@acme.de.txt
echo 'Write to office@example.com.' >clean.md

# --- the answer, for people ---
expect_exit 1 greenroom pii scan box
says '^3 files, 8 places found, 6 refused$'
says '^refused$'
says "^a.md:1:4: error: email 'j\*\*\*.\*\*\*@\*\*\*\*.de' \[personal-data.email\]$" err
says '^calls/jane.roe@acme.de.txt: error: email ' err
run greenroom pii scan clean.md
says '^passed$'
tar -czf box.tar.gz box
expect_exit 1 greenroom pii scan box.tar.gz
says '^3 files, 8 places found, 6 refused$'
expect_exit 1 greenroom pii scan - <box.tar.gz

# --- every span, for scripts: bytes and code points, kind, rule, and why it passes ---
expect_exit 1 greenroom pii scan box --json
equal 'members' 'files spans unread entities refused passed' "$(members '')"
equal 'members of a span' 'file in line column begin end begin_character end_character entity rule pattern gate reason text' \
    "$(members spans.0)"
equal 'file' a.md "$(json spans.0.file)"
equal 'begin' 4 "$(json spans.0.begin)"
equal 'end' 20 "$(json spans.0.end)"
equal 'begin_character' 3 "$(json spans.0.begin_character)"
equal 'end_character' 19 "$(json spans.0.end_character)"
equal 'column' 4 "$(json spans.0.column)"
equal 'entity' phone "$(json spans.1.entity)"
equal 'pattern' phone-e164 "$(json spans.1.pattern)"
equal 'gate' refuse "$(json spans.1.gate)"
equal 'reason' null "$(json spans.1.reason)"
equal 'gate of example.com' pass "$(json spans.2.gate)"
equal 'reason of example.com' reserved-domain "$(json spans.2.reason)"
equal 'reason of 10.0.0.1' private "$(json spans.3.reason)"
equal 'line' 3 "$(json spans.4.line)"
equal 'begin_character after a wide one' "$(($(json spans.4.begin) - 1))" \
    "$(json spans.4.begin_character)"
equal 'in' path "$(json spans.7.in)"
equal 'phones' 2 "$(json entities.phone.found)"
equal 'refused e-mail addresses' 3 "$(json entities.email.refused)"
equal 'passed' false "$(json passed)"
grep -q 'jane.roe@acme.de"' out && grep '"text"' out | grep -q jane && fail 'a value is shown unasked'
expect_exit 1 greenroom pii scan box --json --show-text
equal 'text' '+44 7712 345678' "$(json spans.1.text)"
equal 'value' +447712345678 "$(json spans.1.value)"

# --- it answers as publishing into a sandbox does ---
run greenroom init sandbox --class sandbox
for file in clean.md box/a.md; do
    code=0
    greenroom publish "$file" --as prompt/try --env sandbox >out 2>err || code=$?
    grep -q '\[personal-data\.' err && found=1 || found=0
    equal "publish of $file" "$found" "$code"
    expect_exit "$code" greenroom pii scan "$file"
done

# --- a masked file: to standard output, or to a place where nothing is ---
run greenroom mask box/a.md
says '^Ü: person-[0-9a-f]{8}@example.com or \+44 7700 900[0-9]{3}\.$'
says '^Test: a@example.com, 10.0.0.1$'
cp out masked.md
run greenroom pii scan masked.md
run greenroom mask box/a.md -o copy.md
cmp masked.md copy.md || fail 'another copy is another'
expect_error 4 output_exists greenroom mask box/a.md -o copy.md
expect_error 4 output_exists greenroom mask box/a.md -o box/calls
run greenroom mask copy.md -o copy.md --replace
cmp masked.md copy.md || fail 'what is masked is masked again'

# --- a masked folder; values that were the same still are, in all files ---
run greenroom mask box -o masked --json
equal 'masked' 6 "$(json masked)"
run greenroom pii scan masked
mail="$(grep -oE 'person-[0-9a-f]+@example.com' masked/a.md)"
equal 'mail in JSON' "$mail" "$(json mail masked/calls/b.json)"
equal 'a number' 1.50 "$(json n.0 masked/calls/b.json)"
[ -f "masked/calls/${mail}_.txt" ] || fail "$(ls masked/calls)"
[ "$(json phone masked/calls/b.json)" != 4157362671 ] || fail 'a number is left'
expect_error 4 folder_not_empty greenroom mask box -o masked
expect_error 2 output_missing greenroom mask box
run greenroom mask box.tar.gz -o masked.zip
run greenroom pii scan masked.zip
expect_error 4 output_exists greenroom mask box -o masked.zip
run greenroom mask box -o masked.zip --replace

# --- what cannot be looked through is said, and not passed on ---
printf '%%PDF-1.4 ' >paper.pdf
run greenroom pii scan paper.pdf --json
equal 'unread' paper.pdf "$(json unread.0.file)"
expect_error 1 mask_unreadable greenroom mask paper.pdf -o paper.txt
mkdir packed && cp box.tar.gz clean.md packed
run greenroom pii scan packed --json
equal 'unread' box.tar.gz "$(json unread.0.file)"
expect_error 1 mask_unreadable greenroom mask packed -o unpacked
[ ! -e unpacked ] || fail 'half of it came through'
[ ! -e paper.txt ] || fail 'a PDF came through'

# --- two keys that would become one are not lost ---
{
    printf '{"+14152000000": 1'
    for ((i = 1; i <= 800; i++)); do printf ', "+1415%07d": 1' $((2000000 + i * 11)); done
    printf '}'
} >keys.json
expect_error 1 mask_breaks_json greenroom mask keys.json -o keys-masked.json
[ ! -e keys-masked.json ] || fail 'keys are lost'
expect_error 3 file_not_found greenroom mask gone.md
expect_error 3 file_not_found greenroom pii scan gone.md
