// Reads a JSON text into cJSON nodes.
//
// The nodes are made from our own scanner's tokens and not by cJSON's parser, which cuts strings at
// U+0000 and numbers at 63 bytes, takes what is not JSON, and writes to a process-wide variable.
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/json_node.h"
#include "artifact/json_scan.h"
#include "artifact/json_text.h"
#include "base/memory.h"
#include "base/text.h"

// A value takes some 80 bytes of memory and as little as two of text: without this limit a text of
// JSON_MAX_BYTES could take 640 MB. Lists of 100,000 artifacts stay below it.
#define MAX_VALUES (1U << 20)

#define PLAIN_DIGITS 15     // whole numbers this long are exact as doubles
#define FEW_KEYS 16         // compared pairwise, which is faster than sorting up to here
#define SHOWN_KEY_BYTES 100 // of a key in a message

struct key_place {
    const char *key;
    size_t offset;
};

struct parse {
    struct json_scan scan;
    cJSON *root;
    cJSON *open[JSON_MAX_DEPTH];
    size_t first_key[JSON_MAX_DEPTH]; // in keys, of each open container
    int depth;
    char *key; // read, waiting for its value
    struct key_place *keys;
    size_t key_count;
    size_t key_capacity;
    uint32_t values;
    uint32_t max_values;
};

static void parse_release(struct parse *parse)
{
    cJSON_Delete(parse->root);
    free(parse->key);
    free(parse->keys);
}

static int compare_keys(const void *a, const void *b)
{
    const struct key_place *left = a;
    const struct key_place *right = b;
    int order = strcmp(left->key, right->key);
    return order ? order : (left->offset > right->offset) - (left->offset < right->offset);
}

static const struct key_place *repeated_pairwise(const struct key_place *keys, size_t count)
{
    for (size_t later = 1; later < count; later++)
        for (size_t earlier = 0; earlier < later; earlier++)
            if (strcmp(keys[earlier].key, keys[later].key) == 0)
                return &keys[later];
    return NULL;
}

// The first key, in the text's order, that is there already; NULL if all differ.
static const struct key_place *find_repeated(struct key_place *keys, size_t count)
{
    if (count <= FEW_KEYS)
        return repeated_pairwise(keys, count);
    qsort(keys, count, sizeof(*keys), compare_keys);
    const struct key_place *first = NULL;
    for (size_t i = 1; i < count; i++)
        if (strcmp(keys[i - 1].key, keys[i].key) == 0 && (!first || keys[i].offset < first->offset))
            first = &keys[i];
    return first;
}

static enum status close_container(struct parse *parse, struct error *err)
{
    size_t first = parse->first_key[--parse->depth];
    size_t count = parse->key_count - first;
    parse->key_count = first;
    const struct key_place *repeated = count > 1 ? find_repeated(parse->keys + first, count) : NULL;
    if (!repeated)
        return STATUS_OK;
    json_scan_fail(parse->scan.bytes, repeated->offset, err,
                   "the key \"%.*s\" is in this object already", SHOWN_KEY_BYTES, repeated->key);
    return error_hint(err, "keep one of the two");
}

static enum status decode(char **out, const struct parse *parse, const struct json_token *token,
                          struct error *err)
{
    const char *from = parse->scan.bytes + token->begin + 1;
    size_t length = token->end - token->begin - 2;
    TRY(memory_copy_bytes(out, from, length, err));
    if (memchr(from, '\\', length))
        json_text_decode(from, length, *out);
    return STATUS_OK;
}

static enum status take_key(struct parse *parse, const struct json_token *token, struct error *err)
{
    TRY(memory_grow(&parse->keys, parse->key_count, &parse->key_capacity, sizeof(*parse->keys),
                    err));
    TRY(decode(&parse->key, parse, token, err));
    parse->keys[parse->key_count++] =
        (struct key_place) { .key = parse->key, .offset = token->begin };
    return STATUS_OK;
}

// Whole numbers this short are exact.
static double read_digits(const char *text)
{
    bool negative = text[0] == '-';
    double value = 0;
    for (const char *at = text + negative; *at; at++)
        value = value * 10 + (*at - '0');
    return negative ? -value : value;
}

static double read_double(const char *text)
{
    // The "C" locale object is static in the C library: nothing is allocated.
    return strtod_l(text, NULL, newlocale(LC_ALL_MASK, "C", NULL));
}

// "-0" and all that is not a short whole number keep their text.
static bool is_plain(const char *text, size_t length)
{
    bool negative = text[0] == '-';
    return strspn(text + negative, "0123456789") == length - negative &&
           length - negative <= PLAIN_DIGITS && !(negative && text[1] == '0');
}

static enum status fill_number(cJSON *node, const struct parse *parse,
                               const struct json_token *token, struct error *err)
{
    char *text OWNED(memory_release) = NULL;
    size_t length = token->end - token->begin;
    TRY(memory_copy_bytes(&text, parse->scan.bytes + token->begin, length, err));
    bool plain = is_plain(text, length);
    cJSON_SetNumberValue(node, plain ? read_digits(text) : read_double(text));
    if (!plain)
        node->valuestring = MOVE(text);
    return STATUS_OK;
}

static const int node_types[] = {
    [JSON_TOKEN_OBJECT_BEGIN] = cJSON_Object, [JSON_TOKEN_ARRAY_BEGIN] = cJSON_Array,
    [JSON_TOKEN_STRING] = cJSON_String,       [JSON_TOKEN_NUMBER] = cJSON_Number,
    [JSON_TOKEN_TRUE] = cJSON_True,           [JSON_TOKEN_FALSE] = cJSON_False,
    [JSON_TOKEN_NULL] = cJSON_NULL,
};

// Makes the value's node, puts it where it belongs, and opens it if it is a container.
static enum status take_value(struct parse *parse, const struct json_token *token,
                              struct error *err)
{
    if (parse->values++ == parse->max_values)
        return json_scan_fail(parse->scan.bytes, token->begin, err, "more than %u values",
                              parse->max_values);
    cJSON *node = cJSON_CreateNull();
    if (!node)
        return error_no_memory(err);
    node->type = node_types[token->type];
    if (parse->depth > 0) {
        node->string = MOVE(parse->key);
        cJSON_AddItemToArray(parse->open[parse->depth - 1], node);
    } else {
        parse->root = node;
    }
    if (node->type == cJSON_Number)
        return fill_number(node, parse, token, err);
    if (node->type == cJSON_String)
        return decode(&node->valuestring, parse, token, err);
    if (node->type == cJSON_Object || node->type == cJSON_Array) {
        parse->first_key[parse->depth] = parse->key_count;
        parse->open[parse->depth++] = node;
    }
    return STATUS_OK;
}

static enum status parse_tokens(struct parse *parse, struct error *err)
{
    for (;;) {
        struct json_token token;
        TRY(json_scan_next(&parse->scan, &token, err));
        switch (token.type) {
        case JSON_TOKEN_END:
            return STATUS_OK;
        case JSON_TOKEN_KEY:
            TRY(take_key(parse, &token, err));
            break;
        case JSON_TOKEN_OBJECT_END:
        case JSON_TOKEN_ARRAY_END:
            TRY(close_container(parse, err));
            break;
        default:
            TRY(take_value(parse, &token, err));
            break;
        }
    }
}

static enum status check_bytes(const char *bytes, size_t length, size_t max_bytes,
                               struct error *err)
{
    if (length > max_bytes) {
        error_set(err, STATUS_TOO_LARGE, "json_too_large", "JSON of %zu bytes", length);
        return error_hint(err, "at most %zu bytes are taken", max_bytes);
    }
    size_t bad;
    if (!text_is_utf8(bytes, length, &bad)) {
        json_scan_fail(bytes, bad, err, "byte %02x is not UTF-8", (unsigned char)bytes[bad]);
        return error_hint(err, "save the text as UTF-8");
    }
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        json_scan_fail(bytes, 0, err, "a byte order mark stands before the text");
        return error_hint(err, "save the text as UTF-8 without byte order mark");
    }
    return STATUS_OK;
}

enum status json_parse(struct json **out, const char *bytes, size_t length, struct error *err)
{
    static const struct json_limits limits = { JSON_MAX_BYTES, MAX_VALUES };
    return json_parse_within(out, bytes, length, &limits, err);
}

enum status json_parse_within(struct json **out, const char *bytes, size_t length,
                              const struct json_limits *limits, struct error *err)
{
    struct parse parse OWNED(parse_release) = { .max_values = limits->values };
    TRY(check_bytes(bytes, length, limits->bytes, err));
    json_scan_begin(&parse.scan, bytes, length);
    TRY(parse_tokens(&parse, err));
    *out = json_node_value(MOVE(parse.root));
    return STATUS_OK;
}
