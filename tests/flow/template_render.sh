# A Mustache template with data put in: exactly the bytes on standard output, everything else beside.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

# rendered WANTED COMMAND...: exactly those bytes.
rendered() {
    local wanted="$1"
    shift
    run "$@"
    printf '%b' "$wanted" >wanted
    cmp wanted out || fail "$(cat out)"
}

printf 'Hello {{name}}!\n{{#more}}\n{{> deep/line}}\n{{/more}}' >hello.mustache
mkdir -p partials/deep
printf 'One more: {{.}}\r\n' >partials/deep/line.mustache
echo '{ "name": "<b>", "more": [1, 2.50] }' >data.json

# --- values, partials, escaping; not one byte added ---
rendered 'Hello &lt;b&gt;!\nOne more: 1\r\nOne more: 2.50\r\n' \
    greenroom template render hello.mustache --data data.json --partials partials
[ ! -s err ] || fail "$(cat err)"
rendered 'Hello <b>!\nOne more: 1\r\nOne more: 2.50\r\n' \
    greenroom template render hello.mustache --data data.json --partials partials --escape none
rendered '' greenroom template render - --data data.json </dev/null
rendered 'x\0303\0274' greenroom template render - --data data.json < <(printf 'x\303\274')

# --- nothing in a place is said, once, and where ---
rendered 'Hello &lt;b&gt;!\n' greenroom template render hello.mustache --data data.json
says '^hello.mustache:3:1: warning: there is no partial .deep/line.' err
printf '{{> twice}}{{> twice}}' >twice.mustache
printf 'a\n {{gone}}' >partials/twice.mustache
rendered 'a\n a\n ' greenroom template render twice.mustache --data data.json --partials partials
says "^partials/twice.mustache:2:2: warning: nothing is there for 'gone'" err
equal 'warnings' 1 "$(grep -c warning err)"

# --- faults: all of them, each with line and column ---
printf 'Hi\n {{name | upcase}} {{#open}}' >bad.mustache
expect_exit 2 greenroom template render bad.mustache --data data.json
[ ! -s out ] || fail "half a text: $(cat out)"
says '^bad.mustache:2:2: error: .*\[template.syntax\]' err
says '^bad.mustache:2:20: error: .*\[template.syntax\]' err
expect_exit 2 greenroom template render bad.mustache --data data.json --json
equal 'code' template_invalid "$(json error.code)"
equal 'column' 20 "$(json findings.1.column)"
printf '{{#z}' >partials/twice.mustache
expect_exit 2 greenroom template render twice.mustache --data data.json --partials partials
says '^partials/twice.mustache:1:1: error' err

# --- a partial in itself ends ---
printf '{{> twice}}' >partials/twice.mustache
expect_error 1 template_too_deep greenroom template render twice.mustache --data data.json \
    --partials partials

# --- what cannot be read ---
expect_error 3 file_not_found greenroom template render gone.mustache --data data.json
expect_error 3 file_not_found greenroom template render hello.mustache --data gone.json
expect_error 2 json_invalid greenroom template render hello.mustache --data hello.mustache
expect_error 2 word_missing greenroom template render hello.mustache
expect_error 2 escape_unknown greenroom template render hello.mustache --data data.json --escape url
printf 'a\0b' >nul.mustache
expect_error 2 template_not_text greenroom template render nul.mustache --data data.json
