// JSON values as text.
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/json_decimal.h"
#include "artifact/json_node.h"
#include "artifact/json_text.h"
#include "base/memory.h"

#define INDENT "  "
#define CANONICAL_MAX (INT64_C(1) << 53)

enum print_style { STYLE_COMPACT, STYLE_PRETTY, STYLE_CANONICAL };

struct printer {
    struct buffer *out;
    enum print_style style;
    int depth;
};

static enum status print_node(struct printer *printer, const cJSON *node, struct error *err);

// Room for any double: at most 17 digits, point, sign and exponent, or 16 digits when whole.
#define NUMBER_BYTES 40

// The shortest form that reads back as the same double.
static void format_double(double number, char out[NUMBER_BYTES])
{
    if (number == trunc(number) && fabs(number) <= JSON_NODE_EXACT) {
        snprintf(out, NUMBER_BYTES, "%.0f", number);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, NUMBER_BYTES, "%.*g", digits, number);
        if (strtod(out, NULL) == number)
            break;
    }
    char *comma = strchr(out, ','); // a locale's decimal comma
    if (comma)
        *comma = '.';
}

static enum status print_canonical_number(struct printer *printer, const cJSON *node,
                                          struct error *err)
{
    struct json_decimal decimal;
    int64_t number;
    json_decimal_of(&decimal, (const struct json *)node);
    if (!json_decimal_integer(&decimal, &number) || number > CANONICAL_MAX ||
        number < -CANONICAL_MAX) {
        error_set(err, STATUS_INVALID, "json_not_canonical",
                  "a number that is not whole, or is beyond 2^53, has no canonical form");
        return error_hint(err, "write it as a string");
    }
    buffer_append_format(printer->out, "%" PRId64, number);
    return STATUS_OK;
}

static enum status print_number(struct printer *printer, const cJSON *node, struct error *err)
{
    char text[NUMBER_BYTES];
    if (printer->style == STYLE_CANONICAL)
        return print_canonical_number(printer, node, err);
    if (node->valuestring) {
        buffer_append_text(printer->out, node->valuestring);
        return STATUS_OK;
    }
    format_double(node->valuedouble, text);
    buffer_append_text(printer->out, text);
    return STATUS_OK;
}

static enum status print_raw(struct printer *printer, const cJSON *node, struct error *err)
{
    if (printer->style == STYLE_CANONICAL)
        return error_set(err, STATUS_INVALID, "json_not_canonical",
                         "text put in unchanged has no canonical form");
    buffer_append_text(printer->out, node->valuestring);
    return STATUS_OK;
}

static void start_line(struct printer *printer)
{
    if (printer->style != STYLE_PRETTY)
        return;
    buffer_append_byte(printer->out, '\n');
    for (int i = 0; i < printer->depth; i++)
        buffer_append_text(printer->out, INDENT);
}

static enum status print_child(struct printer *printer, const cJSON *child, bool first,
                               struct error *err)
{
    if (!first)
        buffer_append_byte(printer->out, ',');
    start_line(printer);
    if (child->string) {
        json_text_quote(printer->out, child->string);
        buffer_append_text(printer->out, printer->style == STYLE_PRETTY ? ": " : ":");
    }
    return print_node(printer, child, err);
}

static int compare_members(const void *a, const void *b)
{
    return json_text_compare((*(const cJSON *const *)a)->string,
                             (*(const cJSON *const *)b)->string);
}

static enum status print_sorted(struct printer *printer, const cJSON *object, struct error *err)
{
    const cJSON **members OWNED(memory_release) = NULL;
    size_t count = json_count((const struct json *)object);
    size_t filled = 0;
    TRY(memory_new(&members, count, sizeof(const cJSON *), err));
    for (const cJSON *member = object->child; member; member = member->next)
        members[filled++] = member;
    qsort(members, count, sizeof(const cJSON *), compare_members);
    for (size_t i = 0; i < count; i++)
        TRY(print_child(printer, members[i], i == 0, err));
    return STATUS_OK;
}

static enum status print_children(struct printer *printer, const cJSON *container,
                                  struct error *err)
{
    if (printer->style == STYLE_CANONICAL && json_node_type(container) == cJSON_Object)
        return print_sorted(printer, container, err);
    for (const cJSON *child = container->child; child; child = child->next)
        TRY(print_child(printer, child, child == container->child, err));
    return STATUS_OK;
}

static enum status print_container(struct printer *printer, const cJSON *container,
                                   struct error *err)
{
    bool object = json_node_type(container) == cJSON_Object;
    if (container->type & JSON_NODE_BROKEN)
        return error_no_memory(err);
    if (printer->depth == JSON_MAX_DEPTH)
        return error_set(err, STATUS_TOO_LARGE, "json_too_deep",
                         "a value nested deeper than %d levels cannot be written as JSON that is "
                         "read again",
                         JSON_MAX_DEPTH);
    buffer_append_byte(printer->out, object ? '{' : '[');
    printer->depth++;
    TRY(print_children(printer, container, err));
    printer->depth--;
    if (container->child)
        start_line(printer);
    buffer_append_byte(printer->out, object ? '}' : ']');
    return STATUS_OK;
}

static enum status print_node(struct printer *printer, const cJSON *node, struct error *err)
{
    static const char *const words[] = {
        [cJSON_False] = "false",
        [cJSON_True] = "true",
        [cJSON_NULL] = "null",
    };
    switch (json_node_type(node)) {
    case cJSON_Object:
    case cJSON_Array:
        return print_container(printer, node, err);
    case cJSON_String:
        json_text_quote(printer->out, node->valuestring);
        return STATUS_OK;
    case cJSON_Number:
        return print_number(printer, node, err);
    case cJSON_Raw:
        return print_raw(printer, node, err);
    default:
        buffer_append_text(printer->out, words[json_node_type(node)]);
        return STATUS_OK;
    }
}

static enum status print_value(struct buffer *out, const struct json *value, enum print_style style,
                               struct error *err)
{
    struct printer printer = { .out = out, .style = style };
    size_t before = out->length;
    if (!value)
        return error_no_memory(err);
    enum status status = print_node(&printer, json_node_of(value), err);
    if (status == STATUS_OK && style == STYLE_PRETTY)
        buffer_append_byte(out, '\n');
    if (status == STATUS_OK)
        status = buffer_check(out, err);
    if (status != STATUS_OK)
        buffer_truncate(out, before);
    return status;
}

enum status json_print(struct buffer *out, const struct json *value, struct error *err)
{
    return print_value(out, value, STYLE_COMPACT, err);
}

enum status json_print_pretty(struct buffer *out, const struct json *value, struct error *err)
{
    return print_value(out, value, STYLE_PRETTY, err);
}

enum status json_print_canonical(struct buffer *out, const struct json *value, struct error *err)
{
    return print_value(out, value, STYLE_CANONICAL, err);
}
