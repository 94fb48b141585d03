# What an author hears before publishing: findings in place, for people, scripts and editors.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

# --- a folder that is not published, without any environment ---
write_tool good lookup
run greenroom check good
says '^passed$'

# --- an error is shown with its line and a caret, and refuses ---
cp -r good bad
sed -i '0,/"type": *"string"/s//"type": "strng"/' bad/artifact.json
expect_exit 1 greenroom check bad
says '^refused$'
says 'artifact.json:[0-9]+:[0-9]+: error: .*\[tool-schema.invalid\]' err
says '^    \| +\^$' err
expect_exit 1 greenroom check bad --json
equal 'rule' tool-schema.invalid "$(json artifacts.0.findings.0.rule)"
equal 'passed' false "$(json passed)"
expect_exit 1 greenroom check bad --sarif
equal 'version' 2.1.0 "$(json version)"
equal 'ruleId' tool-schema.invalid "$(json runs.0.results.0.ruleId)"
equal 'level' error "$(json runs.0.results.0.level)"

# --- everything that is wrong with a manifest, at once, each with its place ---
mkdir 'bad one'
cat >'bad one/artifact.json' <<'JSON'
{
  "kind": "prompt",
  "name": "Bad Name",
  "titel": "x",
  "sections": [ { "name": "a" }, { "name": "b", "file": 3 } ],
  "escape": "url"
}
JSON
expect_exit 1 greenroom check 'bad one'
for place in 3:11:/name 4:12:/titel 5:17:/sections/0 5:57:/sections/1/file 6:13:/escape; do
    says "^artifact.json:${place%:*}: error: ${place##*:}: .*\[manifest.schema\]\$" err
done
says '^bad one: 5 findings$'
expect_exit 1 greenroom check 'bad one' --json
equal 'findings' '0 1 2 3 4' "$(members artifacts.0.findings)"
equal 'pointers' '/escape /name /sections/0 /sections/1/file /titel' \
    "$(json_lines | sed -n 's/^artifacts.0.findings.[0-9].pointer\t//p' | sort | paste -sd ' ')"
printf '{\n  "kind": "prompt",\n  "kind": "tool"\n}' >'bad one/twice.json'
mkdir twice && mv 'bad one/twice.json' twice/artifact.json
expect_exit 1 greenroom check twice
says '^artifact.json:3:3: error: .*\[manifest.json\]$' err
run greenroom check --explain manifest.schema

# --- SARIF: of its form, with every rule once and every place ---
cat >sarif.schema.json <<'JSON'
{ "$defs": {
    "text": { "type": "object", "required": ["text"], "properties": { "text": { "type": "string", "minLength": 1 } } },
    "rule": { "type": "object", "additionalProperties": false, "required": ["id", "shortDescription", "help"],
      "properties": { "id": { "type": "string" }, "shortDescription": { "$ref": "#/$defs/text" }, "help": { "$ref": "#/$defs/text" } } },
    "location": { "type": "object", "required": ["physicalLocation"], "additionalProperties": false,
      "properties": {
        "logicalLocations": { "type": "array", "items": { "required": ["fullyQualifiedName", "kind"] } },
        "physicalLocation": { "type": "object", "required": ["artifactLocation", "region"], "additionalProperties": false,
          "properties": {
            "artifactLocation": { "required": ["uri"], "properties": { "uri": { "pattern": "^[!-;=?-~]+$" } } },
            "region": { "required": ["startLine", "startColumn"], "additionalProperties": false,
              "properties": { "startLine": { "type": "integer", "minimum": 1 }, "startColumn": { "type": "integer", "minimum": 1 } } } } } } },
    "result": { "type": "object", "additionalProperties": false,
      "required": ["ruleId", "ruleIndex", "level", "message", "locations"],
      "properties": { "ruleId": { "type": "string" }, "ruleIndex": { "type": "integer", "minimum": 0 },
        "level": { "enum": ["none", "note", "warning", "error"] }, "message": { "$ref": "#/$defs/text" },
        "locations": { "minItems": 1, "items": { "$ref": "#/$defs/location" } } } } },
  "type": "object", "required": ["$schema", "version", "runs"], "additionalProperties": false,
  "properties": { "$schema": { "type": "string" }, "version": { "const": "2.1.0" },
    "runs": { "minItems": 1, "items": { "required": ["tool", "results", "columnKind"], "additionalProperties": false,
      "properties": { "columnKind": { "enum": ["utf16CodeUnits", "unicodeCodePoints"] },
        "tool": { "required": ["driver"], "properties": { "driver": { "required": ["name", "version", "rules"],
          "properties": { "rules": { "uniqueItems": true, "items": { "$ref": "#/$defs/rule" } } } } } },
        "results": { "items": { "$ref": "#/$defs/result" } } } } } } }
JSON
expect_exit 1 greenroom check 'bad one' --sarif
cp out log.sarif
run greenroom schema validate sarif.schema.json log.sarif
equal 'uri' bad%20one/artifact.json \
    "$(json runs.0.results.0.locations.0.physicalLocation.artifactLocation.uri log.sarif)"
equal 'logical location' /name \
    "$(json runs.0.results.0.locations.0.logicalLocations.0.fullyQualifiedName log.sarif)"
equal 'rule of a result' "$(json runs.0.results.0.ruleId log.sarif)" \
    "$(json "runs.0.tool.driver.rules.$(json runs.0.results.0.ruleIndex log.sarif).id" log.sarif)"
run greenroom new tool clean
run greenroom check clean --sarif
cp out log.sarif
run greenroom schema validate sarif.schema.json log.sarif
equal 'results' '[]' "$(json runs.0.results log.sarif)"

# --- what does not pass is not published, and leaves nothing ---
run greenroom init sandbox --class sandbox
expect_exit 1 greenroom publish bad --env sandbox
equal 'drafts' none "$(tip sandbox drafts)"

# --- a version that was published, and a single file ---
run publish good
run greenroom check tool/lookup@1 --env sandbox
says '^tool/lookup@1: '
printf 'Say hello.\n' >hello.md
run greenroom check hello.md --as prompt/hello
expect_error 2 manifest_missing greenroom check hello.md
expect_error 2 environment_missing greenroom check tool/lookup@1

# --- the page about a rule ---
run greenroom check --explain tool-schema.invalid
says 'tool-schema'
expect_error 3 rule_unknown greenroom check --explain no-such-rule
