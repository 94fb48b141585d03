// A bearer key as the branch `control` keeps it.
#include "release/control_key.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"

static const struct {
    enum control_role role;
    const char *word;
} roles[] = {
    { ROLE_RUNTIME, "runtime" },   { ROLE_AUTHOR, "author" },   { ROLE_APPROVER, "approver" },
    { ROLE_OPERATOR, "operator" }, { ROLE_AUDITOR, "auditor" },
};

const char *control_key_role_word(enum control_role role)
{
    for (size_t i = 0; i < COUNT_OF(roles); i++)
        if (roles[i].role == role)
            return roles[i].word;
    return "none";
}

enum status control_key_role_parse(enum control_role *out, const char *word, struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(roles); i++)
        if (strcmp(roles[i].word, word) == 0) {
            *out = roles[i].role;
            return STATUS_OK;
        }
    error_set(err, STATUS_INVALID, "role_invalid", "'%.60s' is not a role", word);
    return error_hint(err, "use runtime, author, approver, operator or auditor");
}

void control_key_release(struct control_key *key)
{
    for (size_t i = 0; i < key->scope_count; i++)
        free(key->scopes[i]);
    free(key->scopes);
    free(key->owner);
    *key = (struct control_key) { 0 };
}

enum status control_key_add_scope(struct control_key *key, const char *scope, struct error *err)
{
    if (key->scope_count >= CONTROL_KEY_MAX_SCOPES) {
        error_set(err, STATUS_TOO_LARGE, "too_many_scopes", "a key takes at most %d scopes",
                  CONTROL_KEY_MAX_SCOPES);
        return error_hint(err, "use a wider glob, e.g. 'prompt/outbound/*', or a second key");
    }
    TRY(memory_grow(&key->scopes, key->scope_count, &key->scope_capacity, sizeof(char *), err));
    TRY(memory_copy_string(&key->scopes[key->scope_count], scope, err));
    key->scope_count++;
    return STATUS_OK;
}

static enum status damaged(struct error *err, const char *member)
{
    error_set(err, STATUS_DAMAGED, "key_malformed", "a key's '%s' is missing or malformed", member);
    return error_hint(err, "revoke the key and create another");
}

// A time that may be absent: INT64_MAX then.
static enum status read_time(int64_t *out, const struct json *document, const char *member,
                             struct error *err)
{
    const struct json *value = json_get(document, member);
    const char *text = json_string(value);
    *out = INT64_MAX;
    if (!value)
        return STATUS_OK;
    if (!text) // a key whose end was lost would live for ever
        return damaged(err, member);
    return clock_parse(out, text, err) == STATUS_OK ? STATUS_OK : damaged(err, member);
}

static enum status fill(struct control_key *key, const struct json *document, struct error *err)
{
    const char *id = json_get_string(document, "id", "");
    const char *owner = json_get_string(document, "owner", NULL);
    if (strlen(id) != CONTROL_KEY_ID_BYTES - 1)
        return damaged(err, "id");
    if (digest_parse(&key->digest, json_get_string(document, "digest", ""), err) != STATUS_OK)
        return damaged(err, "digest");
    if (control_key_role_parse(&key->role, json_get_string(document, "role", ""), err) != STATUS_OK)
        return damaged(err, "role");
    if (!owner)
        return damaged(err, "owner");
    memcpy(key->id, id, CONTROL_KEY_ID_BYTES);
    TRY(memory_copy_string(&key->owner, owner, err));
    TRY(read_time(&key->created, document, "created", err));
    TRY(read_time(&key->expires, document, "expires", err));
    TRY(read_time(&key->revoked, document, "revoked", err));
    const struct json *scopes = json_get(document, "scopes");
    if (scopes && !json_is(scopes, JSON_ARRAY))
        return damaged(err, "scopes");
    for (const struct json *scope = json_first(scopes); scope; scope = json_next(scope)) {
        if (!json_is(scope, JSON_STRING)) // a key whose scope was lost would reach everything
            return damaged(err, "scopes");
        TRY(control_key_add_scope(key, json_string(scope), err));
    }
    return STATUS_OK;
}

enum status control_key_read(struct control_key *out, const struct json *document,
                             struct error *err)
{
    struct control_key key OWNED(control_key_release) = { 0 };
    TRY(fill(&key, document, err));
    *out = key;
    key = (struct control_key) { 0 };
    return STATUS_OK;
}

static void set_time(struct json *document, const char *member, int64_t time)
{
    char text[CLOCK_TEXT_BYTES];
    if (time == INT64_MAX)
        return;
    clock_format(time, text);
    json_set_string(document, member, text);
}

struct json *control_key_document(const struct control_key *key)
{
    char digest[DIGEST_TEXT_BYTES];
    digest_format(&key->digest, digest);
    struct json *document = json_new_object();
    json_set_string(document, "id", key->id);
    json_set_string(document, "digest", digest);
    json_set_string(document, "role", control_key_role_word(key->role));
    json_set_string(document, "owner", key->owner);
    struct json *scopes = json_set_array(document, "scopes");
    for (size_t i = 0; i < key->scope_count; i++)
        json_append_string(scopes, key->scopes[i]);
    set_time(document, "created", key->created);
    set_time(document, "expires", key->expires);
    set_time(document, "revoked", key->revoked);
    return document;
}

bool control_key_is_valid(const struct control_key *key, int64_t now)
{
    return now < key->revoked && now < key->expires;
}

bool control_key_role_may(unsigned role, unsigned allowed)
{
    return (role & allowed) != 0;
}

bool control_key_covers_all(const struct control_key *key)
{
    return key->scope_count == 0;
}

bool control_key_covers_name(const struct control_key *key, const char *name)
{
    for (size_t i = 0; i < key->scope_count; i++)
        if (text_matches(key->scopes[i], name))
            return true;
    return control_key_covers_all(key);
}

bool control_key_covers(const struct control_key *key, const struct artifact_id *id)
{
    char text[ID_TEXT_BYTES];
    if (control_key_covers_all(key)) // nearly every key of a runtime, thousands of times a second
        return true;
    id_format_bare(id, text);
    return control_key_covers_name(key, text);
}
