// Fuzzes the reading and printing of JSON: what is read prints, and what is printed reads the same.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/json.h"
#include "artifact/json_hash.h"
#include "artifact/json_pointer.h"
#include "base/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef enum status (*print_function)(struct buffer *, const struct json *, struct error *);

static void check_printed(print_function print, const struct json *value)
{
    struct error err = { 0 };
    struct buffer once OWNED(buffer_release) = { 0 };
    struct buffer twice OWNED(buffer_release) = { 0 };
    struct json *again OWNED(json_release) = NULL;
    if (print(&once, value, &err) != STATUS_OK) {
        if (print != json_print_canonical)
            abort();
        return; // a number without canonical form
    }
    if (json_parse(&again, once.bytes, once.length, &err) != STATUS_OK ||
        !json_equal(value, again) || json_hash(value).hash != json_hash(again).hash ||
        print(&twice, again, &err) != STATUS_OK || once.length != twice.length ||
        memcmp(once.bytes, twice.bytes, once.length) != 0)
        abort();
}

// Every child of the root is found again, in the value and in the text.
static void check_children(const struct json *value, const char *bytes, size_t size)
{
    size_t index = 0;
    for (const struct json *child = json_first(value); child; child = json_next(child), index++) {
        struct error err = { 0 };
        struct json_span span;
        struct json *part OWNED(json_release) = NULL;
        struct buffer pointer OWNED(buffer_release) = { 0 };
        if (json_key(child))
            json_pointer_append_key(&pointer, json_key(child));
        else
            buffer_append_format(&pointer, "/%zu", index);
        if (json_at(value, buffer_text(&pointer)) != child ||
            !json_locate(&span, bytes, size, buffer_text(&pointer)) || span.end > size ||
            json_parse(&part, bytes + span.begin, span.end - span.begin, &err) != STATUS_OK ||
            !json_equal(part, child))
            abort();
        if (index == 50) // enough, and not quadratic
            return;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    struct json_span span;
    struct json *value OWNED(json_release) = NULL;
    const char *bytes = (const char *)data;
    json_locate(&span, bytes, size, "/a/0");
    if (json_parse(&value, bytes, size, &err) != STATUS_OK) {
        if (value || err.message[0] == '\0' || err.code == NULL)
            abort();
        return 0;
    }
    check_printed(json_print, value);
    check_printed(json_print_pretty, value);
    check_printed(json_print_canonical, value);
    check_children(value, bytes, size);
    return 0;
}
