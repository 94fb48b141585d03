// Commits and annotated tags, read.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "store/oid.h"
#include "store/store.h"

// What a commit says. Starts as {0}.
struct commit {
    struct oid tree;
    struct oid parent; // the first parent; none for a root
    int64_t time;
    char *message;
};
void commit_release(struct commit *commit);
enum status commit_read(struct store *store, const struct oid *oid, struct commit *out,
                        struct error *err);

// The value of a trailer ("Operation: publish" -> "publish"), the `nth` of that name from 0 on, in
// the message's last paragraph. False when there is none. Borrowed from the message, not
// NUL-terminated.
bool commit_trailer(const struct commit *commit, const char *name, int nth, const char **out_value,
                    size_t *out_length);

// Whether `ancestor` is `descendant` or stands before it, following first parents: our branches are
// lines.
enum status commit_is_ancestor(struct store *store, const struct oid *ancestor,
                               const struct oid *descendant, bool *out, struct error *err);

// Visits the commits after `from` (none: from the root on) up to and with `to`, oldest first,
// following first parents. STATUS_CONFLICT when `from` does not stand before `to`.
typedef enum status (*commit_visit)(void *context, const struct oid *oid,
                                    const struct commit *commit, struct error *err);
enum status commit_each_since(struct store *store, const struct oid *from, const struct oid *to,
                              commit_visit visit, void *context, struct error *err);

// What an annotated tag says. Starts as {0}.
struct commit_tag {
    struct oid target; // a commit
    int64_t time;      // the tagger's
    char *name;        // e.g. "release/prompt/outbound/greeting/4"
    char *message;     // with its signature, as git keeps it
};
void commit_tag_release(struct commit_tag *tag);
enum status commit_read_tag(struct store *store, const struct oid *oid, struct commit_tag *out,
                            struct error *err);
