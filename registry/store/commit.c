// Commits and annotated tags, read.
#include "store/commit.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/store_internal.h"
#include "store/store_object.h"

void commit_release(struct commit *commit)
{
    free(commit->message);
    *commit = (struct commit) { 0 };
}

static bool is_known(const struct store *store, const struct oid *oid)
{
    for (size_t i = 0; i < STORE_KNOWN_COMMITS; i++)
        if (oid_equal(&store->known_commits[i], oid))
            return true;
    return false;
}

// libgit2 1.5 loses the memory of each line "encoding ..." but the last, and a commit needs one at
// most.
static enum status check_encodings(struct store *store, const struct oid *oid, struct error *err)
{
    static const char name[] = "encoding ";
    git_odb_object *object OWNED(store_object_release) = NULL;
    unsigned count = 0;
    TRY(store_object_read_typed(store, oid, GIT_OBJECT_COMMIT, &object, err));
    const char *line = git_odb_object_data(object);
    const char *end = line + git_odb_object_size(object);
    while (line < end && *line != '\n') {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *next = newline ? newline + 1 : end;
        bool is_long = (size_t)(next - line) >= sizeof(name) - 1;
        count += is_long && memcmp(line, name, sizeof(name) - 1) == 0;
        line = next;
    }
    if (count <= 1)
        return STATUS_OK;
    char text[OID_TEXT_BYTES];
    oid_format(oid, text);
    return error_set(err, STATUS_DAMAGED, "commit_malformed",
                     "commit %s names %u encodings of its message", text, count);
}

enum status commit_read(struct store *store, const struct oid *oid, struct commit *out,
                        struct error *err)
{
    git_oid id;
    // libgit2 keeps what it made of a commit, and not its text, so that looking at that would be to
    // read it again.
    if (!is_known(store, oid)) {
        TRY(check_encodings(store, oid, err));
        store->known_commits[store->next_known++ % STORE_KNOWN_COMMITS] = *oid;
    }
    store_to_git(&id, oid);
    git_commit *found = NULL;
    unsigned looks = 0;
    int code;
    do
        code = git_commit_lookup(&found, store->repository, &id);
    while (store_object_look_again(store, code, &looks));
    if (code != 0)
        return store_object_fail(err, code, oid);
    struct commit commit OWNED(commit_release) = { .time = git_commit_time(found) };
    store_from_git(&commit.tree, git_commit_tree_id(found));
    if (git_commit_parentcount(found) > 0)
        store_from_git(&commit.parent, git_commit_parent_id(found, 0));
    enum status status = memory_copy_string(&commit.message, git_commit_message(found), err);
    git_commit_free(found);
    TRY(status);
    *out = commit;
    commit = (struct commit) { 0 };
    return STATUS_OK;
}

// The last paragraph: git's trailers stand there, and what people write stands before it.
static const char *last_paragraph(const char *message)
{
    size_t end = strlen(message);
    while (end > 0 && message[end - 1] == '\n')
        end--;
    for (size_t i = end; i > 1; i--)
        if (message[i - 1] == '\n' && message[i - 2] == '\n')
            return message + i;
    return message;
}

bool commit_trailer(const struct commit *commit, const char *name, int nth, const char **out_value,
                    size_t *out_length)
{
    size_t name_bytes = strlen(name);
    for (const char *line = last_paragraph(commit->message); *line;) {
        size_t length = strcspn(line, "\n");
        bool is_it = length > name_bytes + 2 && strncmp(line, name, name_bytes) == 0 &&
                     line[name_bytes] == ':' && line[name_bytes + 1] == ' ';
        if (is_it && nth-- == 0) {
            *out_value = line + name_bytes + 2;
            *out_length = length - name_bytes - 2;
            return true;
        }
        line += length + (line[length] == '\n');
    }
    return false;
}

enum status commit_is_ancestor(struct store *store, const struct oid *ancestor,
                               const struct oid *descendant, bool *out, struct error *err)
{
    struct oid at = *descendant;
    while (!oid_is_none(&at) && !oid_equal(&at, ancestor)) {
        struct commit commit OWNED(commit_release) = { 0 };
        TRY(commit_read(store, &at, &commit, err));
        at = commit.parent;
    }
    *out = !oid_is_none(&at);
    return STATUS_OK;
}

// First parents from `to` back to `from`, which is not kept; newest first.
struct commit_line {
    struct oid *items;
    size_t count;
    size_t capacity;
};

static void release_line(struct commit_line *line)
{
    free(line->items);
}

static enum status collect_line(struct store *store, const struct oid *from, const struct oid *to,
                                struct commit_line *line, struct error *err)
{
    struct oid at = *to;
    while (!oid_equal(&at, from)) {
        if (oid_is_none(&at))
            return error_set(err, STATUS_CONFLICT, "history_rewritten",
                             "the branch no longer holds the commit that was applied last");
        TRY(memory_grow(&line->items, line->count, &line->capacity, sizeof(*line->items), err));
        line->items[line->count++] = at;
        struct commit commit OWNED(commit_release) = { 0 };
        TRY(commit_read(store, &at, &commit, err));
        at = commit.parent;
    }
    return STATUS_OK;
}

enum status commit_each_since(struct store *store, const struct oid *from, const struct oid *to,
                              commit_visit visit, void *context, struct error *err)
{
    struct commit_line line OWNED(release_line) = { 0 };
    TRY(collect_line(store, from, to, &line, err));
    for (size_t i = line.count; i-- > 0;) {
        struct commit commit OWNED(commit_release) = { 0 };
        TRY(commit_read(store, &line.items[i], &commit, err));
        TRY(visit(context, &line.items[i], &commit, err));
    }
    return STATUS_OK;
}

void commit_tag_release(struct commit_tag *tag)
{
    free(tag->name);
    free(tag->message);
    *tag = (struct commit_tag) { 0 };
}

static enum status copy_tag(const git_tag *found, struct commit_tag *tag, struct error *err)
{
    const git_signature *tagger = git_tag_tagger(found);
    const char *message = git_tag_message(found);
    if (git_tag_target_type(found) != GIT_OBJECT_COMMIT || !tagger)
        return error_set(err, STATUS_DAMAGED, "tag_malformed",
                         "tag %s does not name a commit, or has no tagger", git_tag_name(found));
    tag->time = tagger->when.time;
    store_from_git(&tag->target, git_tag_target_id(found));
    TRY(memory_copy_string(&tag->name, git_tag_name(found), err));
    return memory_copy_string(&tag->message, message ? message : "", err);
}

enum status commit_read_tag(struct store *store, const struct oid *oid, struct commit_tag *out,
                            struct error *err)
{
    git_oid id;
    store_to_git(&id, oid);
    git_tag *found = NULL;
    unsigned looks = 0;
    int code;
    do
        code = git_tag_lookup(&found, store->repository, &id);
    while (store_object_look_again(store, code, &looks));
    if (code != 0)
        return store_object_fail(err, code, oid);
    struct commit_tag tag OWNED(commit_tag_release) = { 0 };
    enum status status = copy_tag(found, &tag, err);
    git_tag_free(found);
    TRY(status);
    *out = tag;
    tag = (struct commit_tag) { 0 };
    return STATUS_OK;
}
