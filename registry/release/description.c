// An environment as it describes itself.
#include "release/description.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/schema.h"
#include "base/embedded.h"
#include "base/memory.h"
#include "release/board.h"
#include "release/boundary.h"

#define SCHEMA_NAME "description.schema.json"
#define ZONE_SCHEMA_NAME "policy.schema.json"
#define ZONE_SCHEMA_PLACE "/properties/zone"

void description_release(struct description *description)
{
    for (size_t i = 0; i < description->key_count; i++)
        control_key_release(&description->keys[i]);
    free(description->keys);
    allowed_signers_release(&description->approvers);
    json_free(description->document);
    *description = (struct description) { 0 };
}

enum status description_make(struct json **out, const struct environment_identity *identity,
                             const struct control *control, struct error *err)
{
    struct buffer approvers OWNED(buffer_release) = { 0 };
    struct json *made OWNED(json_release) = boundary_describe(identity, control);
    TRY(allowed_signers_print(&approvers, &control->approvers, err));
    json_set_string(made, "class", environment_class_word(identity->environment_class));
    struct json *webhooks = json_set_array(made, "webhooks");
    for (const struct json *binding = json_first(control->bindings); binding;
         binding = json_next(binding))
        if (board_find_binding_item(control->policy, json_key(binding)))
            json_append_string(webhooks, json_key(binding));
    json_set_string(made, "approvers", buffer_text(&approvers));
    struct json *keys = json_set_array(made, "keys");
    for (size_t i = 0; i < control->key_count; i++)
        json_append(keys, control_key_document(&control->keys[i]));
    *out = MOVE(made);
    return *out ? STATUS_OK : error_no_memory(err);
}

// What is wrong: the first failure.
struct judging {
    const char *place; // of what is looked at, in the document
    char member[256];  // a JSON pointer
    char why[ERROR_MESSAGE_BYTES];
};

static void note(void *context, const struct schema_failure *failure)
{
    struct judging *judging = context;
    if (judging->why[0])
        return;
    snprintf(judging->member, sizeof(judging->member), "%s%s", judging->place,
             failure->instance_pointer);
    snprintf(judging->why, sizeof(judging->why), "%s", failure->message);
}

static enum status invalid(const char *member, const char *why, struct error *err)
{
    error_set(err, STATUS_DAMAGED, "description_invalid",
              "it does not describe itself as an environment does: %s: %s",
              *member ? member : "all of it", why);
    return error_hint(err, "if it is a server's: is that one of this version?");
}

static enum status check(const char *schema_name, const char *pointer, const struct json *value,
                         const char *place, struct error *err)
{
    const struct embedded_file *file = embedded_find(schema_name);
    struct json *document OWNED(json_release) = NULL;
    struct schema *schema OWNED(schema_release) = NULL;
    struct judging judging = { .place = place };
    TRY(json_parse(&document, file->bytes, file->size_bytes, err));
    TRY(schema_compile(&schema, document, NULL, err));
    enum status status = schema_validate(schema, pointer, value, note, &judging, err);
    return status == STATUS_REFUSED ? invalid(judging.member, judging.why, err) : status;
}

// The word of whoever read it, as a fault of this member.
static enum status fault_of(const char *member, struct error *err)
{
    char why[ERROR_MESSAGE_BYTES];
    if (err->status == STATUS_NO_MEMORY)
        return err->status;
    memcpy(why, err->message, sizeof(why));
    return invalid(member, why, err);
}

static enum status read_keys(struct description *description, struct error *err)
{
    const struct json *list = json_get(description->document, "keys");
    if (json_count(list) == 0)
        return STATUS_OK;
    TRY(memory_new(&description->keys, json_count(list), sizeof(*description->keys), err));
    for (const struct json *item = json_first(list); item; item = json_next(item)) {
        char member[32];
        snprintf(member, sizeof(member), "/keys/%zu", description->key_count);
        if (control_key_read(&description->keys[description->key_count], item, err) != STATUS_OK)
            return fault_of(member, err);
        description->key_count++;
    }
    return STATUS_OK;
}

static enum status read_members(struct description *description, struct error *err)
{
    const struct json *document = description->document;
    const char *approvers = json_get_string(document, "approvers", "");
    TRY(check(SCHEMA_NAME, "", document, "", err));
    TRY(check(ZONE_SCHEMA_NAME, ZONE_SCHEMA_PLACE, json_get(document, "zone"), "/zone", err));
    TRY(environment_class_parse(&description->environment_class,
                                json_get_string(document, "class", ""), err));
    description->id = json_get_string(document, "environment", "");
    description->name = json_get_string(document, "name", "");
    if (allowed_signers_parse(&description->approvers, approvers, strlen(approvers), err) !=
        STATUS_OK)
        return fault_of("/approvers", err);
    return read_keys(description, err);
}

enum status description_read(struct description *out, struct json *document, struct error *err)
{
    struct description description OWNED(description_release) = { .document = document };
    TRY(read_members(&description, err));
    *out = description;
    description = (struct description) { 0 };
    return STATUS_OK;
}

bool description_is_webhook(const struct description *description, const char *binding)
{
    for (const struct json *name = json_first(json_get(description->document, "webhooks")); name;
         name = json_next(name))
        if (strcmp(json_string(name), binding) == 0)
            return true;
    return false;
}
