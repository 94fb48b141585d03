# JSON held to a JSON Schema from the command line: every failure in place, and nothing fetched.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

cat >schema.json <<'JSON'
{ "type": "object", "required": ["a"],
  "properties": { "a": { "type": "integer" }, "b": { "enum": [1, 2] } } }
JSON
printf '{\n  "a": 1,\n  "b": 2\n}\n' >good.json
printf '{\n  "a": "x",\n  "b": 3\n}\n' >bad.json

# --- valid, not valid: all failures, each with pointer, line and column ---
run greenroom schema validate schema.json good.json
says '^valid$'
expect_exit 1 greenroom schema validate schema.json bad.json
says '^not valid$'
says '^bad.json:2:8: error: /a: .*\[schema.type\]$' err
says '^bad.json:3:8: error: /b: .*\[schema.enum\]$' err
says '^    \|   "b": 3$' err
expect_exit 1 greenroom schema validate schema.json bad.json --json
equal 'valid' false "$(json valid)"
equal 'count' 2 "$(json count)"
equal 'pointer' /a "$(json findings.0.pointer)"
equal 'keyword' /properties/a/type "$(json findings.0.keyword)"
equal 'line' 3 "$(json findings.1.line)"
equal 'column' 8 "$(json findings.1.column)"

# --- standard input ---
run greenroom schema validate schema.json - <good.json
greenroom schema validate - good.json <schema.json >out
says '^valid$'
expect_exit 1 greenroom schema validate schema.json - <bad.json
says '^standard input:2:8: error' err

# --- more failures than anybody reads are counted ---
{
    printf '{ "a": 1, "c": ['
    for ((i = 0; i < 600; i++)); do printf '"x",'; done
    printf '1] }'
} >many.json
echo '{ "properties": { "c": { "items": { "type": "integer" } } } }' >integers.json
expect_exit 1 greenroom schema validate integers.json many.json --json
equal 'count' 600 "$(json count)"
equal 'listed' 500 "$(json_lines | grep -c 'pointer')"
expect_exit 1 greenroom schema validate integers.json many.json
says '^and 100 more$' err

# --- what a reference leads to stands in a folder, or nowhere ---
echo '{ "$ref": "http://localhost:1234/deeper/integer.json" }' >remote.json
mkdir -p remotes/deeper
echo '{ "type": "integer" }' >remotes/deeper/integer.json
echo 1 >one.json
run greenroom schema validate remote.json one.json --remotes remotes
expect_exit 1 greenroom schema validate remote.json good.json --remotes remotes
says 'expected integer' err
expect_error 2 schema_invalid greenroom schema validate remote.json one.json
echo '{ "type": ' >remotes/deeper/integer.json
expect_error 2 json_invalid greenroom schema validate remote.json one.json --remotes remotes
says 'http://localhost:1234/deeper/integer.json: line 2' out
expect_error 3 file_not_found greenroom schema validate remote.json one.json --remotes nowhere

# --- what cannot be judged says why ---
echo '{ "type": "strng" }' >wrong.json
expect_error 2 schema_invalid greenroom schema validate wrong.json good.json
says "wrong.json: at '/type'" out
echo '{ "$schema": "http://example.com/dialect" }' >dialect.json
expect_error 2 schema_invalid greenroom schema validate dialect.json good.json
printf '{ "a": 1, }' >comma.json
expect_error 2 json_invalid greenroom schema validate schema.json comma.json
says 'comma.json: line 1, column 11' out
expect_error 2 json_invalid greenroom schema validate comma.json good.json
expect_error 3 file_not_found greenroom schema validate schema.json gone.json
expect_error 2 file_not_regular greenroom schema validate . good.json
expect_error 2 word_missing greenroom schema validate schema.json
ln -s loop.json loop.json
expect_error 6 io greenroom schema validate schema.json loop.json
