// A write in progress: objects are collected in memory (content stays where it is), then packed and
// made durable all at once. Until then nobody can see them; given up, they leave no trace.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "artifact/content.h"
#include "base/buffer.h"
#include "base/error.h"
#include "store/oid.h"
#include "store/store.h"

// One at a time for a store, under the environment's lock.
struct writer;

enum status writer_new(struct writer **out, struct store *store, struct error *err);
void writer_free(struct writer *writer);     // gives up what was not flushed
void writer_release(struct writer **writer); // for OWNED

enum status writer_put_blob(struct writer *writer, const void *bytes, size_t length,
                            struct oid *out, struct error *err);

// The tree of sealed content. The content must live until writer_flush: its files are read again
// when they are packed. What the store has already is not written again. STATUS_REFUSED for a name
// that git allows nowhere ("git~1"), and for bytes with the marks of a SHA-1 collision attack.
enum status writer_put_content(struct writer *writer, const struct content *content,
                               struct oid *out_tree, struct error *err);

// Changes to a tree: each puts `oid` at `path` (making folders), or removes what stands there when
// none (no error if nothing does). A folder that becomes empty is removed.
struct writer_change {
    const char *path;
    struct oid oid;
    bool is_tree;
};
// `base` none starts from the empty tree; *out_tree is git's empty tree when nothing is left.
// STATUS_INVALID when a path is a folder of another of the call; STATUS_CONFLICT when a file stands
// where a path needs a folder.
enum status writer_put_tree(struct writer *writer, const struct oid *base,
                            const struct writer_change *changes, size_t count, struct oid *out_tree,
                            struct error *err);

// The text of a commit or tag, to be signed or put; it ends with a newline. `actor` is "Name
// <email>", or just a name; it is author and committer, or tagger.
struct writer_commit {
    struct oid tree;
    struct oid parent; // none for a root
    const char *actor;
    int64_t time;
    const char *message;
};
enum status writer_commit_text(struct buffer *out, const struct writer_commit *commit,
                               struct error *err);
struct writer_tag {
    struct oid target; // a commit
    const char *name;  // without "refs/tags/"
    const char *actor;
    int64_t time;
    const char *message;
};
enum status writer_tag_text(struct buffer *out, const struct writer_tag *tag, struct error *err);

// Puts a commit's or tag's text; with `signature` (armoured, NULL: unsigned) where git wants it.
enum status writer_put_commit(struct writer *writer, const char *text, const char *signature,
                              struct oid *out, struct error *err);
enum status writer_put_tag(struct writer *writer, const char *text, const char *signature,
                           struct oid *out, struct error *err);

// Packs everything put so far; after STATUS_OK it survives power loss and refs may move to it. When
// a file's bytes are no longer those that were put, STATUS_CONFLICT, code "content_changed", and
// nothing is written.
enum status writer_flush(struct writer *writer, struct error *err);

// Begins to pack everything put so far, where it is much, while the caller goes on: to look whether
// it may be written at all, say. Nothing of it can be seen before writer_flush, which waits for it,
// nor when the writer is given up. The caller goes on putting; files must stay held (content_hold).
enum status writer_flush_ahead(struct writer *writer, struct error *err);
