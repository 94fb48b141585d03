// What a change of a knowledge base means: which documents came, went and changed.
#include <string.h>

#include "artifact/manifest.h"
#include "base/memory.h"
#include "base/text.h"
#include "operation/operation_change_part.h"

enum { ADDED, CHANGED, REMOVED, FATE_COUNT };

static const char *const fate_words[FATE_COUNT] = { "added", "changed", "removed" };

struct tally {
    size_t counts[FATE_COUNT];
    long long bytes; // more than before
};

static void note(const struct operation_change *change, struct tally *tally,
                 const struct content_file *before, const struct content_file *after)
{
    const struct content_file *any = after ? after : before;
    char count[OPERATION_CHANGE_COUNT_BYTES];
    if (!text_starts_with(any->path, MANIFEST_DOCUMENTS_FOLDER "/") ||
        (before && after && digest_equal(&before->sha256, &after->sha256)))
        return;
    int fate = !before ? ADDED : !after ? REMOVED : CHANGED;
    long long grown =
        (after ? (long long)after->size_bytes : 0) - (before ? (long long)before->size_bytes : 0);
    tally->counts[fate]++;
    tally->bytes += grown;
    struct operation_change_line line = { "document", any->path, fate_words[fate], false };
    struct json *item = operation_change_add(change, &line, "document %s: %s, %s%s bytes",
                                             any->path, fate_words[fate], grown > 0 ? "+" : "",
                                             operation_change_count(count, grown));
    json_set_integer(item, "bytes", grown);
}

// Both lists are sorted: one walk along both.
static void walk(const struct operation_change *change, struct tally *tally)
{
    const struct content *contents[2] = { change->contents[0], change->contents[1] };
    size_t at[2] = { 0, 0 };
    while (at[0] < contents[0]->count || at[1] < contents[1]->count) {
        const struct content_file *sides[2];
        for (int i = 0; i < 2; i++)
            sides[i] = at[i] < contents[i]->count ? &contents[i]->files[at[i]] : NULL;
        int order = !sides[0] ? 1 : !sides[1] ? -1 : strcmp(sides[0]->path, sides[1]->path);
        note(change, tally, order <= 0 ? sides[0] : NULL, order >= 0 ? sides[1] : NULL);
        at[0] += order <= 0;
        at[1] += order >= 0;
    }
}

void operation_change_knowledge(const struct operation_change *change)
{
    struct tally tally = { 0 };
    struct buffer text = { 0 };
    struct json *details OWNED(json_release) = json_new_array();
    struct operation_change detailed = *change;
    detailed.list = details;
    walk(&detailed, &tally);
    for (int fate = 0; fate < FATE_COUNT; fate++)
        if (tally.counts[fate] > 0)
            buffer_append_format(&text, "%s%zu %s%s", text.length ? ", " : "", tally.counts[fate],
                                 text.length               ? ""
                                 : tally.counts[fate] == 1 ? "document "
                                                           : "documents ",
                                 fate_words[fate]);
    if (text.length > 0) {
        char count[OPERATION_CHANGE_COUNT_BYTES];
        struct operation_change_line line = { "documents", "", "changed", false };
        struct json *item = operation_change_add(change, &line, "%s (%s%s bytes)",
                                                 buffer_text(&text), tally.bytes > 0 ? "+" : "",
                                                 operation_change_count(count, tally.bytes));
        for (int fate = 0; fate < FATE_COUNT; fate++)
            json_set_integer(item, fate_words[fate], (int64_t)tally.counts[fate]);
    }
    for (const struct json *detail = json_first(details); detail; detail = json_next(detail))
        json_append(change->list, json_copy(detail));
    buffer_release(&text);
    operation_change_member(change, "source", "source", "/source", false);
}
