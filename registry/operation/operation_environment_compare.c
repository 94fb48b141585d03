// environment compare: what of the world outside two environments share, and whether they may.
#include <string.h>

#include "artifact/zone.h"
#include "base/clock.h"
#include "base/memory.h"
#include "operation/operation_rows.h"
#include "release/boundary.h"
#include "release/description.h"
#include "release/person.h"

// The two sides, and the list of what they share.
struct comparing {
    const char *places[2]; // as they were named
    struct description sides[2];
    struct json *shared;
    bool is_refused;
};

static void release_comparing(struct comparing *comparing)
{
    for (int i = 0; i < 2; i++)
        description_release(&comparing->sides[i]);
}

static const char *const side_names[] = { "a", "b" };

// Something shared: its item, made at first sight.
static struct json *find_shared(struct comparing *comparing, const char *kind, const char *value,
                                bool is_refused)
{
    for (const struct json *item = json_first(comparing->shared); item; item = json_next(item))
        if (strcmp(json_get_string(item, "kind", ""), kind) == 0 &&
            strcmp(json_get_string(item, "value", ""), value) == 0)
            return (struct json *)item;
    struct json *item = json_append_object(comparing->shared);
    json_set_string(item, "kind", kind);
    json_set_string(item, "value", value);
    json_set_array(item, "a");
    json_set_array(item, "b");
    json_set_bool(item, "refused", is_refused);
    comparing->is_refused = comparing->is_refused || is_refused;
    return item;
}

static void add_place(struct json *item, int side, const char *place)
{
    struct json *list = (struct json *)json_get(item, side_names[side]);
    for (const struct json *known = json_first(list); known; known = json_next(known))
        if (json_string(known) && strcmp(json_string(known), place) == 0)
            return;
    json_append_string(list, place);
}

// Every live side has to list it; where neither is live, one will do.
static bool is_allowed(const struct comparing *comparing, const char *value)
{
    bool lists[2];
    bool is_live[2];
    for (int i = 0; i < 2; i++) {
        lists[i] = boundary_is_shared(comparing->sides[i].document, value);
        is_live[i] = comparing->sides[i].environment_class == ENVIRONMENT_LIVE;
    }
    if (!is_live[0] && !is_live[1])
        return lists[0] || lists[1];
    return (lists[0] || !is_live[0]) && (lists[1] || !is_live[1]);
}

// A destination of events is more than its host.
static bool is_webhook(const struct comparing *comparing, const struct json *a,
                       const struct json *b)
{
    return strcmp(json_string(a), json_string(b)) == 0 &&
           (description_is_webhook(&comparing->sides[0], json_key(a)) ||
            description_is_webhook(&comparing->sides[1], json_key(b)));
}

static void compare_values(struct comparing *comparing, const struct json *a, const struct json *b)
{
    struct zone_match match;
    struct zone_scratch scratch;
    if (!zone_same(&match, json_string(a), json_string(b), &scratch))
        return;
    if (match.kind == ZONE_HOST && is_webhook(comparing, a, b))
        match = (struct zone_match) { ZONE_WEBHOOK, json_string(a) };
    bool is_allowed_here = is_allowed(comparing, json_string(a));
    struct json *item =
        find_shared(comparing, zone_kind_word(match.kind), match.entry, !is_allowed_here);
    add_place(item, 0, json_key(a));
    add_place(item, 1, json_key(b));
}

static const struct json *bindings_of(const struct comparing *comparing, int side)
{
    return json_get(comparing->sides[side].document, "bindings");
}

static void compare_bindings(struct comparing *comparing)
{
    for (const struct json *a = json_first(bindings_of(comparing, 0)); a; a = json_next(a))
        for (const struct json *b = json_first(bindings_of(comparing, 1)); b; b = json_next(b))
            compare_values(comparing, a, b);
}

// What one side owns, and the other means by a binding of its.
static void compare_ownership(struct comparing *comparing, int owner)
{
    const struct json *owns = json_at(comparing->sides[owner].document, "/zone/owns");
    const struct json *bindings = bindings_of(comparing, !owner);
    for (const struct json *binding = json_first(bindings); binding; binding = json_next(binding)) {
        struct zone_match match;
        if (!zone_find(&match, owns, json_string(binding)))
            continue;
        struct json *item = find_shared(comparing, zone_kind_word(match.kind), match.entry,
                                        !is_allowed(comparing, json_string(binding)));
        add_place(item, owner, "policy zone.owns");
        add_place(item, !owner, json_key(binding));
    }
}

static bool stands_in(const struct json *list, const struct json *entry)
{
    for (const struct json *item = json_first(list); item; item = json_next(item))
        if (json_equal(item, entry))
            return true;
    return false;
}

static const struct json *list_of(const struct comparing *comparing, int side, const char *pointer,
                                  enum zone_kind kind)
{
    return json_get(json_at(comparing->sides[side].document, pointer), zone_kind_member(kind));
}

// Claimed by both.
static void compare_claims(struct comparing *comparing)
{
    for (enum zone_kind kind = 0; kind < ZONE_KIND_COUNT; kind++) {
        const struct json *claimed = list_of(comparing, 0, "/zone/owns", kind);
        for (const struct json *entry = json_first(claimed); entry; entry = json_next(entry)) {
            if (!stands_in(list_of(comparing, 1, "/zone/owns", kind), entry))
                continue;
            struct json *item =
                find_shared(comparing, zone_kind_word(kind), json_string(entry), true);
            add_place(item, 0, "policy zone.owns");
            add_place(item, 1, "policy zone.owns");
        }
    }
}

static void compare_identity(struct comparing *comparing)
{
    const char *id = comparing->sides[0].id;
    if (strcmp(id, comparing->sides[1].id) != 0)
        return;
    struct json *item = find_shared(comparing, "environment id", id, true);
    for (int i = 0; i < 2; i++)
        add_place(item, i, comparing->places[i]);
}

static void compare_keys(struct comparing *comparing)
{
    const struct description *sides = comparing->sides;
    for (size_t a = 0; a < sides[0].key_count; a++)
        for (size_t b = 0; b < sides[1].key_count; b++) {
            const struct control_key *keys[2] = { &sides[0].keys[a], &sides[1].keys[b] };
            char digest[DIGEST_TEXT_BYTES];
            if (!digest_equal(&keys[0]->digest, &keys[1]->digest))
                continue;
            digest_format(&keys[0]->digest, digest);
            struct json *item = find_shared(comparing, "key", digest, true);
            for (int i = 0; i < 2; i++)
                add_place(item, i, keys[i]->id);
        }
}

static void compare_approvers(struct comparing *comparing)
{
    const struct allowed_signers *lists[2] = { &comparing->sides[0].approvers,
                                               &comparing->sides[1].approvers };
    int64_t now = clock_now();
    for (size_t a = 0; a < lists[0]->count; a++) {
        const struct allowed_signer *signer = &lists[0]->items[a];
        const struct allowed_signer *same = allowed_signers_find(lists[1], signer->key, now);
        char fingerprint[SSH_KEY_FINGERPRINT_BYTES];
        if (!same || !allowed_signers_find(lists[0], signer->key, now))
            continue;
        ssh_key_fingerprint(signer->key, fingerprint);
        struct json *item = find_shared(comparing, "approver's SSH key", fingerprint, false);
        add_place(item, 0, signer->name);
        add_place(item, 1, same->name);
    }
}

// Who approves in one and operates the other can say what its bindings mean, and sign for it.
static void compare_duties(struct comparing *comparing, int approving)
{
    const struct description *approvers = &comparing->sides[approving];
    const struct description *operators = &comparing->sides[!approving];
    int64_t now = clock_now();
    for (size_t i = 0; i < approvers->approvers.count; i++)
        for (size_t k = 0; k < operators->key_count; k++) {
            const struct allowed_signer *signer = &approvers->approvers.items[i];
            const struct control_key *key = &operators->keys[k];
            if (key->role != ROLE_OPERATOR || !control_key_is_valid(key, now) ||
                signer->valid_before <= now || !person_is_named(key->owner, signer->name))
                continue;
            struct json *item =
                find_shared(comparing, "approver who operates", signer->name, false);
            add_place(item, approving, "approver");
            add_place(item, !approving, key->id);
        }
}

// What one side owns and the other does not know to be foreign: a binding there may come to mean
// it.
static void list_unlisted(struct json *list, const struct comparing *comparing, int owner)
{
    for (enum zone_kind kind = 0; kind < ZONE_KIND_COUNT; kind++) {
        const struct json *owns = list_of(comparing, owner, "/zone/owns", kind);
        for (const struct json *entry = json_first(owns); entry; entry = json_next(entry)) {
            if (stands_in(list_of(comparing, !owner, "/zone/foreign", kind), entry))
                continue;
            struct json *item = json_append_object(list);
            json_set_string(item, "kind", zone_kind_word(kind));
            json_set_string(item, "value", json_string(entry));
            json_set_string(item, "owner", side_names[owner]);
        }
    }
}

static void list_side(struct json *list, const char *place, const struct description *side)
{
    struct json *item = json_append_object(list);
    json_set_string(item, "path", place);
    json_set_string(item, "id", side->id);
    json_set_string(item, "name", side->name);
    json_set_string(item, "class", environment_class_word(side->environment_class));
}

// What came along, said by an environment that is elsewhere.
static enum status parse_description(struct json **out, const struct content_file *file,
                                     struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(content_view(&view, file, err));
    return json_parse(out, view.bytes, view.size_bytes, err);
}

static enum status describe_folder(struct json **out, const char *path, struct error *err)
{
    struct environment *environment OWNED(environment_release) = NULL;
    struct control control OWNED(control_release) = { 0 };
    TRY(environment_open(&environment, path, err));
    TRY(control_read(&control, environment->store, err));
    return description_make(out, &environment->identity, &control, err);
}

static enum status open_side(struct comparing *comparing, const struct operation_call *call,
                             int side, struct error *err)
{
    struct json *document = NULL;
    const char *place = json_get_string(call->input, side_names[side], "");
    const struct content_file *file = content_find(&call->content, side_names[side]);
    comparing->places[side] = place;
    if (file)
        TRY(parse_description(&document, file, err));
    else
        TRY(describe_folder(&document, place, err));
    enum status status = description_read(&comparing->sides[side], document, err);
    return status == STATUS_OK ? status : error_prefix(err, "%s", place);
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct comparing comparing OWNED(release_comparing) = { 0 };
    call->output = json_new_object();
    struct json *environments = json_set_array(call->output, "environments");
    for (int i = 0; i < 2; i++) {
        TRY(open_side(&comparing, call, i, err));
        list_side(environments, comparing.places[i], &comparing.sides[i]);
    }
    comparing.shared = json_set_array(call->output, "shared");
    compare_identity(&comparing);
    compare_bindings(&comparing);
    compare_claims(&comparing);
    compare_keys(&comparing);
    compare_approvers(&comparing);
    struct json *unlisted = json_set_array(call->output, "unlisted");
    for (int i = 0; i < 2; i++) {
        compare_ownership(&comparing, i);
        compare_duties(&comparing, i);
        list_unlisted(unlisted, &comparing, i);
    }
    json_set_bool(call->output, "separate", !comparing.is_refused);
    call->is_refusal = comparing.is_refused;
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "a", NULL, "DIR", "an environment: a folder, or a server's address", FIELD_SIDE, true },
    { "b", NULL, "DIR", "another one", FIELD_SIDE, true },
    { 0 },
};

const struct operation operation_environment_compare = {
    .name = "environment compare",
    .summary = "show what two environments share that each should have for itself",
    .roles = ROLE_OPERATOR | ROLE_AUDITOR | ROLE_APPROVER,
    .fields = fields,
    .run = run,
};
