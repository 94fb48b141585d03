// Fuzzes what a server says of its environment: what is accepted has the form that it should, and
// is accepted again when it is printed.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "fuzz/must.h"
#include "release/description.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_members(const struct description *description)
{
    must(strlen(description->id) == ACCESS_KEY_ENVIRONMENT_BYTES - 1);
    must(json_is(json_get(description->document, "zone"), JSON_OBJECT));
    must(description->key_count == json_count(json_get(description->document, "keys")));
    for (size_t i = 0; i < description->key_count; i++)
        must(description->keys[i].owner && strlen(description->keys[i].id) == 12);
    for (const struct json *binding = json_first(json_get(description->document, "bindings"));
         binding; binding = json_next(binding)) {
        must(json_string(binding) && json_key(binding)[0] != '\0');
        (void)description_is_webhook(description, json_key(binding));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    struct json *document = NULL;
    struct json *copy = NULL;
    struct buffer printed OWNED(buffer_release) = { 0 };
    struct description description OWNED(description_release) = { 0 };
    struct description again OWNED(description_release) = { 0 };
    if (json_parse(&document, (const char *)data, size, &err) != STATUS_OK)
        return 0;
    if (description_read(&description, document, &err) != STATUS_OK) {
        must(!description.document && err.message[0] && err.code);
        return 0;
    }
    check_members(&description);
    must(json_print(&printed, description.document, &err) == STATUS_OK);
    must(json_parse(&copy, buffer_text(&printed), printed.length, &err) == STATUS_OK);
    must(description_read(&again, copy, &err) == STATUS_OK);
    must(again.key_count == description.key_count);
    must(again.approvers.count == description.approvers.count);
    return 0;
}
