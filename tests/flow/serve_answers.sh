# What an answer is made of: codings, ranges, archives from the cache, rendered prompts and searches.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
mkdir -p pitch/sections
cat >pitch/artifact.json <<'JSON'
{
  "kind": "prompt", "name": "outbound/pitch", "title": "A pitch",
  "sections": [
    { "name": "opening", "file": "sections/opening.md" },
    { "name": "offer", "file": "sections/offer.md", "direction": "outbound" } ],
  "variables": {
    "type": "object",
    "properties": { "name": { "type": "string" }, "plan": { "type": "string" } },
    "required": [ "name" ] },
  "examples": [ { "name": "Caller", "plan": "Home" } ]
}
JSON
echo 'Hello {{name}}.' >pitch/sections/opening.md
{
    for number in {1..100}; do echo "Sentence $number of what we offer to you today."; done
    echo '{{#plan}}You have {{plan}}.{{/plan}}'
} >pitch/sections/offer.md
write_knowledge plans plans 8
printf '# Cancel\n\nCall us to cancel a plan.\n\n# Prices\n\nA plan costs ten.\n\303\251\n' >plans/docs/plans.md
write_tool note crm/note
for artifact in pitch plans note; do
    run publish "$artifact"
done
run promote prompt/outbound/pitch@1 knowledge/plans@1 tool/crm/note@1
start_server production --threads 2
make_bearer
pitch=/v1/prompts/outbound/pitch
wait_until 5 answers 200 "$pitch"

# --- codings: the same answer in each, with an ETag of its own ---
cp body plain
expect_get 200 "$pitch"
equal 'coding without a wish' '' "$(field Content-Encoding)"
equal Vary Accept-Encoding "$(field Vary)"
plain_tag="$(field ETag)"
for coding in gzip zstd; do
    expect_get 200 "$pitch" -H "Accept-Encoding: $coding"
    equal coding "$coding" "$(field Content-Encoding)"
    equal Vary Accept-Encoding "$(field Vary)"
    equal length "$(wc -c <body)" "$(field Content-Length)"
    [ "$(wc -c <body)" -lt "$(($(wc -c <plain) / 2))" ] || fail "$coding saves nothing"
    [ "$coding" != gzip ] || gzip -dc <body | cmp - plain
    [ "$coding" != zstd ] || zstd -qdc <body | cmp - plain
    tag="$(field ETag)"
    [ "$tag" != "$plain_tag" ] || fail "$coding has the ETag of another coding"
    expect_get 304 "$pitch" -H "Accept-Encoding: $coding" -H "If-None-Match: $tag"
    equal 'Vary of a 304' Accept-Encoding "$(field Vary)"
    equal 'coding of a 304' '' "$(field Content-Encoding)"
    expect_get 200 "$pitch" -H "If-None-Match: $tag" # it would get other bytes
    expect_get 200 "$pitch" -I -H "Accept-Encoding: $coding"
    equal 'coding told by HEAD' "$coding" "$(field Content-Encoding)"
done
expect_get 200 "$pitch" -H 'Accept-Encoding: gzip;q=0.2, zstd;q=0.1, identity;q=0'
equal coding gzip "$(field Content-Encoding)"
expect_get 200 /v1/tools/crm/note -H 'Accept-Encoding: gzip' # too small to save a packet
equal coding '' "$(field Content-Encoding)"

# --- ranges ---
wait_until 5 answers 200 /v1/knowledge/plans/-/archive.zip
cp body plans.zip
whole="$(wc -c <plans.zip)"
archive=/v1/knowledge/plans/-/archive.zip
expect_get 200 "$archive"
tag="$(field ETag)"
equal Accept-Ranges bytes "$(field Accept-Ranges)"
part() { # part RANGE FIRST COUNT [CURL-ARGUMENT...]
    local range="$1" first="$2" count="$3"
    shift 3
    expect_get 206 "$archive" -H "Range: bytes=$range" "$@"
    tail -c "+$((first + 1))" plans.zip | head -c "$count" | cmp - body
    equal Content-Range "bytes $first-$((first + count - 1))/$whole" "$(field Content-Range)"
    equal 'length of a part' "$count" "$(field Content-Length)"
}
part 0-9 0 10
part 10- 10 "$((whole - 10))"
part -7 "$((whole - 7))" 7
part 5-999999 5 "$((whole - 5))" -H "If-Range: $tag"
for other in '"other"' "W/$tag" 'Mon, 23 Nov 2026 10:30:00 GMT'; do
    expect_get 200 "$archive" -H 'Range: bytes=0-9' -H "If-Range: $other"
    cmp body plans.zip
done
expect_get 200 "$archive" -H 'Range: bytes=0-1,4-5'
expect_get 304 "$archive" -H 'Range: bytes=0-9' -H "If-None-Match: $tag"
expect_get 416 "$archive" -H "Range: bytes=$whole-"
equal 'Content-Range of a 416' "bytes */$whole" "$(field Content-Range)"
equal code range_not_satisfiable "$(json error_code body)"
expect_get 206 /v1/knowledge/plans/-/files/docs/plans.md -H 'Range: bytes=2-7'
equal 'part of a file' Cancel "$(cat body)"

# --- the cache: used when it is what it says, made anew when it is not ---
cached() {
    find production/cache -name "*.$1"
}
equal 'files kept' 1 "$(cached zip | wc -l)"
stop_server
spoil() { # spoil COMMAND...: on the cached file; the server must not be taken in
    "$@" "$(cached zip)"
    start_server production
    wait_until 5 answers 200 "$archive"
    cmp body plans.zip || fail "served what was in the cache after: $*"
    equal 'ETag' "$tag" "$(field ETag)"
    equal 'files kept' 1 "$(cached zip | wc -l)"
    stop_server
}
spoil truncate -s -1
spoil rm
change_byte() { printf X | dd of="$1" bs=1 seek=40 conv=notrunc status=none; }
spoil change_byte
forge() { # another archive, named after its own digest
    local sum
    (cd note && zip -qr ../forged.zip .)
    sum="$(sha256sum <forged.zip | cut -d ' ' -f 1)"
    mv forged.zip "$(echo "$1" | sed -E "s/-[0-9a-f]{64}\\.zip\$/-$sum.zip/")"
    rm "$1"
}
spoil forge
ln -s /etc/passwd "production/cache/$(basename "$(cached zip)" .zip | cut -c 1-64)-$(
    sha256sum </etc/passwd | cut -d ' ' -f 1).zip"
rm "$(find production/cache -name '*.zip' -type f)"
spoil test -L
chmod a-w production/cache # not for root, who may write everywhere
start_server production
wait_until 5 answers 200 "$archive"
cmp body plans.zip
chmod u+w production/cache

# --- render ---
render() { # render STATUS JSON [PATH]
    expect_get "$1" "${3:-$pitch}/-/render" -H 'Content-Type: application/json' --data-binary "$2"
}
render 200 '{"variables":{"name":"Caller & Co","plan":"Home 100"}}'
equal text 'Hello Caller & Co.\n' "$(json sections.0.text body)"
json sections.1.text body | grep -qF 'You have Home 100.' || fail "not filled in: $(cat body)"
equal version 1 "$(field Greenroom-Version)"
equal state "$(tip production live)" "$(field Greenroom-State)"
equal 'may be kept' no-store "$(field Cache-Control)"
render 200 '{"variables":{"name":"C"},"direction":"inbound"}'
equal sections 0 "$(members sections body)"
render 200 '{"variables":{"name":"C"}}' "$pitch@1"
render 200 '{"variables":{"name":"C"}}' "/v1/at/$(tip production live)/prompts/outbound/pitch"
render 422 '{"variables":{}}'
equal code variables_invalid "$(json error_code body)"
render 422 ''
render 400 '{"variables":'
render 400 '{"names":{}}'
equal code render_request_invalid "$(json error_code body)"
head -c 70000 /dev/zero | tr '\0' ' ' >long
render 413 @long
render 404 '{}' /v1/prompts/outbound/nobody
render 404 '{}' /v1/tools/crm/note
render 404 '{}' "$pitch@2"
expect_get 405 "$pitch/-/render"
equal Allow 'OPTIONS, POST' "$(field Allow)"

# --- search ---
search=/v1/knowledge/plans/-/search
finds() { # finds QUERY PATH LINE
    get "$search?q=$1" && [ "$status" = 200 ] && [ "$(json hits.0.path body)" = "$2" ] &&
        [ "$(json hits.0.line body)" = "$3" ]
}
wait_until 5 finds 'cancel+a+plan' docs/plans.md 1
json hits.0.snippet body | grep -qF 'Call us to cancel a plan.' || fail "no snippet: $(cat body)"
finds 'costs' docs/plans.md 5
finds '%22part+3%22' docs/more/page-3.md 1
equal version 1 "$(field Greenroom-Version)"
expect_get 200 "$search?q=known&limit=2"
equal 'hits' '0 1' "$(members hits body)"
expect_get 200 "$search?q=zebra"
equal 'no hits' hits.-- "$(json_lines body | sed -n 's/^hits\t.*/hits.--/p')"
for query in '' '?q=' '?q=%22%22' '?q=a&limit=0' '?q=a&limit=51' '?q=a&q=b' '?q=%zz' '?q=%ff'; do
    expect_get 400 "$search$query"
done
expect_get 200 "$search?q=plan*+OR+NEAR(+%22+body:"
expect_get 404 "/v1/tools/crm/note/-/search?q=x"
expect_get 404 "/v1/knowledge/plans@2/-/search?q=x"
expect_get 200 "/v1/at/$(tip production live)/knowledge/plans/-/search?q=cancel"

# It asks neither the ledger nor a file that somebody changed.
stop_server
chmod u+w "$(cached search)"
printf 'XXXX' | dd of="$(cached search)" bs=1 seek=100 conv=notrunc status=none
rm production/ledger.db
start_server production
wait_until 5 finds 'cancel' docs/plans.md 1
equal 'indexes kept' 1 "$(cached search | wc -l)"

# Nor is one believed that somebody made and named after its own digest: what cannot be searched is made
# anew, and whatever is found is text of the release.
plant() { # plant SQL
    local file
    stop_server
    file="$(cached search)"
    chmod u+w "$file"
    sqlite3 "$file" "$1"
    mv "$file" "${file%-*}-$(sha256sum "$file" | cut -d ' ' -f 1).search"
    start_server production
}
plant "INSERT INTO words (words, rank) VALUES ('rank', 'nosuch()')"
wait_until 5 finds 'cancel' docs/plans.md 1
plant 'DROP TABLE words; CREATE TABLE words (text)'
wait_until 5 finds 'cancel' docs/plans.md 1
accent="$(grep -abo $'\303' plans/docs/plans.md | cut -d : -f 1)"
plant "UPDATE passage SET start = $accent, bytes = 1" # half a character of plans.md
searched() {
    get "$search?q=cancel" && [ "$status" = 200 ]
}
wait_until 5 searched
iconv -f UTF-8 -t UTF-8 body >text || fail "what is found is no text: $(cat body)"
json_lines body | grep 'snippet' && fail 'something is found that is no passage'
plant "UPDATE passage SET start = -1, bytes = 1 << 62, file = -1"
wait_until 5 searched
json_lines body | grep 'snippet' && fail 'something is found that is no passage'
stop_server
