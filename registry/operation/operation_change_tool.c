// What a change of a tool means: what callers have to give, where it goes, what it may do.
#include <string.h>

#include "base/memory.h"
#include "operation/operation_change_part.h"

// From the least on; the last two are different powers.
static const struct {
    const char *word;
    int rank;
    const char *meaning;
} effects[] = {
    { "read", 1, "reads" },
    { "write", 2, "writes to a system" },
    { "crm-write", 3, "writes to the CRM" },
    { "call-control", 3, "controls the call" },
};

static const char *meaning_of(const char *word, int *out_rank)
{
    for (size_t i = 0; i < COUNT_OF(effects); i++)
        if (strcmp(word, effects[i].word) == 0) {
            *out_rank = effects[i].rank;
            return effects[i].meaning;
        }
    *out_rank = 4; // a tool that says nothing may do anything
    return "may do anything: it declares no side effect";
}

static void change_side_effect(const struct operation_change *change)
{
    int ranks[2];
    const char *words[2];
    const char *meanings[2];
    for (int i = 0; i < 2; i++) {
        words[i] = json_get_string(change->documents[i], "side_effect", "");
        meanings[i] = meaning_of(words[i], &ranks[i]);
    }
    struct operation_change_line line = { "side-effect", words[1], "changed", ranks[1] > 1 };
    struct json *item = NULL;
    if (!change->documents[0]) {
        line.change = "added";
        item = operation_change_add(change, &line, "it %s", meanings[1]);
    } else if (strcmp(words[0], words[1]) != 0) {
        bool is_narrower = ranks[1] < ranks[0];
        line.attention = !is_narrower;
        item = operation_change_add(change, &line, "side effect %s from %s to %s: it %s",
                                    is_narrower ? "narrowed" : "widened",
                                    *words[0] ? words[0] : "undeclared",
                                    *words[1] ? words[1] : "undeclared", meanings[1]);
    }
    if (item && *words[1])
        json_set_string(item, "side_effect", words[1]);
}

static void change_headers(const struct operation_change *change)
{
    static const char *const words[] = { "removed", "added" };
    const struct json *lists[2];
    for (int i = 0; i < 2; i++)
        lists[i] = json_get(change->documents[i], "headers");
    for (int side = 1; side >= 0; side--)
        for (const struct json *header = json_first(lists[side]); header;
             header = json_next(header)) {
            const struct json *other = json_get(lists[!side], json_key(header));
            struct operation_change_line line = { "header", json_key(header), words[side], true };
            if (!other)
                operation_change_add(change, &line, "header %s: %s", line.subject, words[side]);
            else if (side == 1 && !json_equal(other, header)) {
                line.change = "changed";
                operation_change_add(change, &line, "header %s: changed", line.subject);
            }
        }
}

void operation_change_tool(const struct operation_change *change)
{
    change_side_effect(change);
    operation_change_properties(change, "argument", "/input_schema", true);
    operation_change_properties(change, "output", "/output_schema", false);
    operation_change_member(change, "endpoint", "binding that it is called at", "/endpoint/binding",
                            true);
    operation_change_member(change, "endpoint", "method", "/endpoint/method", true);
    operation_change_member(change, "endpoint", "path", "/endpoint/path", true);
    change_headers(change);
    operation_change_member(change, "timeout", "timeout_ms", "/timeout_ms", false);
    operation_change_member(change, "idempotency", "idempotency", "/idempotency", true);
}
