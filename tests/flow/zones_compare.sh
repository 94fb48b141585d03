# What two environments share: each kind is refused, and what differs or is listed is not.
# shellcheck source=tests/flow/lib.sh
. "$(dirname "$0")/lib.sh"

make_environments
compare() {
    greenroom environment compare sandbox production "$@"
}
bind() { # bind ENVIRONMENT NAME VALUE
    run greenroom binding set "$2" "$3" --env "$1"
}
# shares KIND VALUE REFUSED
shares() {
    json_lines | awk -F '\t' -v kind="$1" -v value="$2" -v refused="$3" '
        { name = $1; sub(/.*\./, "", name); item = $1; sub(/\.[^.]*$/, "", item)
          said[item, name] = $2; items[item] = 1 }
        END { for (item in items)
                  if (said[item, "kind"] == kind && said[item, "value"] == value &&
                      said[item, "refused"] == refused)
                      found = 1
              exit !found }' || fail "no $1 $2 ($3) in $(cat out)"
}

# --- nothing in common ---
bind sandbox crm https://crm.sandbox.example.com
bind sandbox main-number +12025550101
bind sandbox crm-token sandbox/crm-token
bind production main-number +12025550100
bind production crm-token production/crm-token
run greenroom key create --role operator --owner 'Ops <ops@example.com>' --env sandbox
run compare
says '^separate'
run compare --json
equal 'members' 'environments shared unlisted separate' "$(members '')"
equal 'shared' '[]' "$(json shared)"
equal 'separate' true "$(json separate)"

# --- each kind ---
bind production crm https://CRM.sandbox.example.com:8443/live
bind sandbox lead-webhook https://hooks.example.com/leads
bind production lead-webhook https://hooks.example.com/leads
bind sandbox main-number 'tel:+1-202-555-0100'
bind sandbox crm-token production/crm-token
printf '{ "format": 1, "name": "zones", "number": 2, "approvals": [],
    "stages": [{ "id": "s", "title": "S" }],
    "items": [{ "id": "replay", "stage": "s", "scope": "environment", "title": "R",
        "bindings": ["*webhook*"] }],
    "zone": { "owns": { "crm_organisations": ["00D5g000"], "hosts": ["mine.example.com"] } } }' \
    >policy.json
run greenroom policy set policy.json --env production --sign-with approver
bind sandbox staging-crm https://login.example.net/00D5g000/home
expect_exit 1 compare
says '^refused  host  crm\.sandbox\.example\.com'
says "^    in $(named production): crm\$"
says '^not separate'
says '^note     host  mine\.example\.com'
expect_exit 1 compare --json
shares host crm.sandbox.example.com true
shares number +12025550100 true
shares webhook https://hooks.example.com/leads true
shares secret production/crm-token true
shares 'CRM organisation' 00D5g000 true
equal 'separate' false "$(json separate)"

# --- what the live one lists as shared is allowed; that the sandbox lists it does not help ---
shared='{ "hosts": ["crm.sandbox.example.com", "hooks.example.com", "login.example.net"],
    "numbers": ["+12025550100"], "secrets": ["production/*"] }'
printf '{ "format": 1, "name": "zones", "number": 2, "zone": { "shared": %s } }' "$shared" >policy.json
run greenroom policy set policy.json --env sandbox
expect_exit 1 compare
printf '{ "format": 1, "name": "zones", "number": 3, "zone": { "shared": %s } }' "$shared" >policy.json
run greenroom policy set policy.json --env production --sign-with approver
run compare --json
shares host crm.sandbox.example.com false
equal 'separate' true "$(json separate)"

# --- people: shown, and for the operator to decide ---
run greenroom approver add approver@example.com approver.pub --env sandbox
run greenroom key create --role operator --owner 'Lead <approver@example.com>' --env sandbox
run compare
says "^allowed  approver's SSH key  SHA256:"
says '^allowed  approver who operates  approver@example\.com'

# --- both claim the same, and copies ---
printf '{ "format": 1, "name": "zones", "number": 4, "zone": { "owns": { "hosts": ["a.io"] } } }' \
    >policy.json
run greenroom policy set policy.json --env sandbox
run greenroom policy set policy.json --env production --sign-with approver
expect_exit 1 compare --json
shares host a.io true
run greenroom key create --role runtime --owner x --expires 1d --env production --json
id="$(json id)"
cp -R production copy
expect_exit 1 greenroom environment compare production copy --json
shares 'environment id' "$(json environments.0.id)" true
json_lines | grep -F "$id" >/dev/null || fail 'the key that both know is not named'
equal 'the first place' "$(named production)" "$(json environments.0.path)"
expect_error 3 environment_unknown greenroom environment compare sandbox nowhere
expect_error 3 environment_unknown greenroom environment compare nowhere production
equal 'who is missing' 'nowhere is not an environment' "$(json error.message)"
