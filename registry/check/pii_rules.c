// Reads the rules of the detector.
#include "check/pii_rules.h"

#include <stdlib.h>
#include <string.h>

#include "artifact/json_builtin.h"
#include "base/memory.h"
#include "check/pii_context.h"

void pii_rules_release(struct pii_rules *rules)
{
    for (size_t i = 0; i < rules->count; i++)
        pattern_free(rules->items[i].pattern);
    for (size_t i = 0; i < rules->allow_count; i++)
        pattern_free(rules->allow[i].pattern);
    pii_mention_release(&rules->mentions);
    free(rules->items);
    free(rules->allow);
    json_builtin_free(rules->builtin);
    json_free(rules->own);
    *rules = (struct pii_rules) { 0 };
}

static enum status refuse(const char *id, const char *what, struct error *err)
{
    return error_set(err, STATUS_INVALID, "pii_rules_invalid", "pii.json: %s: %s",
                     id ? id : "a rule without id", what);
}

static bool holds_strings(const struct json *array)
{
    if (!json_is(array, JSON_ARRAY) || json_count(array) == 0)
        return false;
    for (const struct json *item = json_first(array); item; item = json_next(item))
        if (!json_string(item) || json_string(item)[0] == '\0')
            return false;
    return true;
}

static bool read_shapes(struct pii_rule *out, const struct json *list)
{
    if (list && (!holds_strings(list) || json_count(list) > PII_SHAPES_OF_RULE))
        return false;
    for (const struct json *item = json_first(list); item; item = json_next(item))
        if (!pii_line_parse_shape(&out->shapes[out->shape_count++], json_string(item)))
            return false;
    return true;
}

static enum status read_rule(struct pii_rule *out, const struct json *from,
                             const struct json *contexts, struct error *err)
{
    const char *context = json_get_string(from, "context", NULL);
    int64_t digits = json_get_integer(from, "digits", 0);
    int64_t together = json_get_integer(from, "together", 0);
    int64_t window = json_get_integer(from, "window", 0);
    int64_t after = json_get_integer(from, "after", 0);
    *out = (struct pii_rule) {
        .id = json_get_string(from, "id", NULL),
        .expression = json_get_string(from, "pattern", NULL),
        .any = json_get(from, "any"),
        .validate = pii_validate_find(json_get_string(from, "validator", NULL)),
        .country = json_get_string(from, "country", NULL),
        .context = context ? json_get(contexts, context) : NULL,
        .near = json_get_bool(from, "near", false),
    };
    if (!out->id || !out->expression)
        return refuse(out->id, "'id' and 'pattern' are needed", err);
    if (!pii_entity_parse(&out->entity, json_get_string(from, "entity", "")))
        return refuse(out->id, "'entity' names no entity", err);
    if (!out->validate)
        return refuse(out->id, "'validator' names no validator", err);
    if (out->any && !holds_strings(out->any))
        return refuse(out->id, "'any' is no list of strings", err);
    if (digits < 0 || digits > 64 || together < 0 || together > 64 || window < 0 ||
        window > PII_CONTEXT_MAX_WINDOW || after < 0 || after > PII_CONTEXT_MAX_WINDOW)
        return refuse(out->id, "'digits', 'together', 'window' or 'after' is out of range", err);
    if (!read_shapes(out, json_get(from, "shapes")))
        return refuse(out->id,
                      "'shapes' is no short list of shapes such as \"AA99\", which end in a digit",
                      err);
    if (context && (!holds_strings(out->context) || window == 0))
        return refuse(out->id, "'context' names no list of words, or has no 'window'", err);
    if (out->country && strlen(out->country) > 3)
        return refuse(out->id, "'country' is no calling code", err);
    out->digits = (unsigned)digits;
    out->together = (unsigned)together;
    out->window = (size_t)window;
    out->after = (size_t)after;
    return STATUS_OK;
}

static enum status add_mentions(struct pii_rules *rules, struct error *err)
{
    for (size_t i = 0; i < rules->count; i++) {
        struct pii_rule *rule = &rules->items[i];
        if (rule->context)
            TRY(pii_mention_add(&rules->mentions, rule->context, &rule->context_bit, err));
    }
    return STATUS_OK;
}

static enum status read_allowance(struct pii_allowance *out, const struct json *from,
                                  struct error *err)
{
    *out = (struct pii_allowance) { .reason = json_get_string(from, "reason", NULL),
                                    .expression = json_get_string(from, "pattern", NULL) };
    if (!out->reason || !out->expression ||
        !pii_entity_parse(&out->entity, json_get_string(from, "entity", "")))
        return refuse("allow", "'entity', 'reason' and 'pattern' are needed", err);
    return STATUS_OK;
}

static enum status read_document(struct pii_rules *rules, const struct json *document,
                                 struct error *err)
{
    const struct json *contexts = json_get(document, "contexts");
    const struct json *items = json_get(document, "rules");
    const struct json *allow = json_get(document, "allow");
    TRY(memory_new(&rules->items, json_count(items) + 1, sizeof(*rules->items), err));
    TRY(memory_new(&rules->allow, json_count(allow) + 1, sizeof(*rules->allow), err));
    for (const struct json *item = json_first(items); item; item = json_next(item))
        TRY(read_rule(&rules->items[rules->count++], item, contexts, err));
    for (const struct json *item = json_first(allow); item; item = json_next(item))
        TRY(read_allowance(&rules->allow[rules->allow_count++], item, err));
    return add_mentions(rules, err);
}

enum status pii_rules_read(struct pii_rules *out, const char *bytes, size_t length,
                           struct error *err)
{
    struct pii_rules rules OWNED(pii_rules_release) = { 0 };
    TRY(json_parse(&rules.own, bytes, length, err));
    TRY(read_document(&rules, rules.own, err));
    *out = rules;
    rules = (struct pii_rules) { 0 };
    return STATUS_OK;
}

enum status pii_rules_read_embedded(struct pii_rules *out, struct error *err)
{
    struct pii_rules rules OWNED(pii_rules_release) = { 0 };
    TRY(json_builtin_new(&rules.builtin, "pii.json", err));
    TRY(read_document(&rules, rules.builtin, err));
    *out = rules;
    rules = (struct pii_rules) { 0 };
    return STATUS_OK;
}

enum status pii_rules_compile(struct pattern **pattern, const char *expression, struct error *err)
{
    return *pattern ? STATUS_OK : pattern_compile_own(pattern, expression, err);
}
