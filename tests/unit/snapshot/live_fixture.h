// A live environment in a temporary folder, with one approver, to promote into. Include after
// cmocka.h.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "artifact/content.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "release/control_edit.h"
#include "release/environment.h"
#include "release/policy.h"
#include "release/state.h"
#include "release/verify.h"
#include "store/commit.h"
#include "store/tree.h"
#include "store/writer.h"
#include "trust/access_key.h"
#include "trust/hash.h"
#include "trust/ssh_signature.h"

#define LIVE_FIXTURE_APPROVER "approver@example.com"
#define LIVE_FIXTURE_AUTHOR "Author <author@example.com>"

struct live_fixture {
    char folder[64];
    char path[80];     // the environment
    char key_path[80]; // the approver's private key
    struct environment *environment;
};

#define LIVE_OK(expression)                                                                        \
    do {                                                                                           \
        struct error err = { 0 };                                                                  \
        if ((expression) != STATUS_OK)                                                             \
            fail_msg("%s: %s", #expression, err.message);                                          \
    } while (0)

static inline void live_fixture_edit(struct live_fixture *fixture, const char *path,
                                     const char *text)
{
    struct control_edit edit = { path, text };
    struct change_message message = { .operation = "test", .subject = "test", .actor = "operator" };
    LIVE_OK(environment_begin(fixture->environment, &err));
    LIVE_OK(control_edit_commit(fixture->environment, &edit, 1, &message, &err));
    LIVE_OK(environment_finish(fixture->environment, &err));
}

static inline void live_fixture_add_approver(struct live_fixture *fixture)
{
    char command[256];
    struct buffer line OWNED(buffer_release) = { 0 };
    char public_path[96];
    snprintf(command, sizeof(command), "ssh-keygen -q -t ed25519 -N '' -C '' -f %s",
             fixture->key_path);
    assert_int_equal(system(command), 0);
    snprintf(public_path, sizeof(public_path), "%s.pub", fixture->key_path);
    buffer_append_text(&line, LIVE_FIXTURE_APPROVER " namespaces=\"git\" ");
    LIVE_OK(file_read(&line, public_path, 4096, &err));
    live_fixture_edit(fixture, "approvers", buffer_text(&line));
}

static inline void live_fixture_open(struct live_fixture *fixture)
{
    struct environment_plan plan = { .name = "production",
                                     .environment_class = ENVIRONMENT_LIVE,
                                     .actor = "operator" };
    snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/greenroom-live-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->path, sizeof(fixture->path), "%s/env", fixture->folder);
    snprintf(fixture->key_path, sizeof(fixture->key_path), "%s/key", fixture->folder);
    LIVE_OK(policy_find(&plan.policy, "minimal", &err));
    LIVE_OK(environment_create(fixture->path, &plan, &err));
    LIVE_OK(environment_open(&fixture->environment, fixture->path, &err));
    live_fixture_add_approver(fixture);
}

static inline void live_fixture_close(struct live_fixture *fixture)
{
    environment_free(fixture->environment);
    LIVE_OK(file_remove_tree(fixture->folder, &err));
}

// Content of one prompt with one section; `uses` (NULL: nothing) is one artifact.
static inline void live_fixture_content(struct content *content, const char *name, const char *text,
                                        const char *uses)
{
    struct buffer manifest OWNED(buffer_release) = { 0 };
    buffer_append_format(&manifest,
                         "{\"kind\":\"prompt\",\"name\":\"%s\",\"sections\":[{\"name\":\"opening\","
                         "\"file\":\"sections/opening.md\"}],\"uses\":[%s%s%s]}",
                         name, uses ? "\"" : "", uses ? uses : "", uses ? "\"" : "");
    LIVE_OK(content_add_bytes(content, "artifact.json", manifest.bytes, manifest.length, &err));
    LIVE_OK(content_add_bytes(content, "sections/opening.md", text, strlen(text), &err));
    LIVE_OK(content_seal(content, &err));
}

// What is promoted together: prompt/<name>@<version> with that text.
struct live_prompt {
    const char *name;
    uint32_t version;
    const char *text;
    const char *uses; // "kind/name", or NULL
};

// A move of live that is being written: what is at rest is made here by hand, so that these tests
// depend on the formats alone and can also make what no operation would.
struct live_writing {
    struct live_fixture *fixture;
    struct store *store;
    struct writer *writer;
    struct oid parent;
    struct oid tree; // of live, as far as it is written
    int64_t time;
};

static inline void live_fixture_begin(struct live_writing *writing, struct live_fixture *fixture)
{
    struct commit commit OWNED(commit_release) = { 0 };
    *writing = (struct live_writing) { .fixture = fixture,
                                       .store = fixture->environment->store,
                                       .time = clock_now() };
    LIVE_OK(writer_new(&writing->writer, writing->store, &err));
    LIVE_OK(store_ref_get(writing->store, LIVE_REF, &writing->parent, &err));
    if (oid_is_none(&writing->parent))
        return;
    LIVE_OK(commit_read(writing->store, &writing->parent, &commit, &err));
    writing->tree = commit.tree;
}

// Signs and puts the commit, makes all durable and moves live.
static inline void live_fixture_finish(struct live_writing *writing)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    struct buffer signature OWNED(buffer_release) = { 0 };
    struct oid tip;
    struct writer_commit commit = { .tree = writing->tree,
                                    .parent = writing->parent,
                                    .actor = LIVE_FIXTURE_APPROVER,
                                    .time = writing->time,
                                    .message = "test\n" };
    LIVE_OK(writer_commit_text(&text, &commit, &err));
    LIVE_OK(ssh_signature_make(&signature, writing->fixture->key_path, "git", text.bytes,
                               text.length, &err));
    LIVE_OK(writer_put_commit(writing->writer, text.bytes, signature.bytes, &tip, &err));
    LIVE_OK(writer_flush(writing->writer, &err));
    LIVE_OK(store_ref_move(writing->store, LIVE_REF, &writing->parent, &tip, &err));
    writer_free(writing->writer);
}

// The release's tag on its commit, signed; *out_tag and the digest go into its state.
static inline void live_fixture_put_release(struct live_writing *writing,
                                            const struct artifact_id *id,
                                            const struct oid *content_tree,
                                            struct state_release *release)
{
    char id_text[ID_TEXT_BYTES];
    char digest[DIGEST_TEXT_BYTES];
    char time[CLOCK_TEXT_BYTES];
    char name[STORE_REF_BYTES];
    struct buffer text OWNED(buffer_release) = { 0 };
    struct buffer signature OWNED(buffer_release) = { 0 };
    struct oid blob;
    const struct oid none = { 0 };
    struct writer_commit commit = { .actor = LIVE_FIXTURE_APPROVER,
                                    .time = writing->time,
                                    .message = "test\n" };
    struct writer_tag tag = {
        .name = name, .actor = LIVE_FIXTURE_APPROVER, .time = writing->time, .message = "test\n"
    };
    id_format(id, id_text);
    digest_format(&release->digest, digest);
    clock_format(writing->time, time);
    verify_tag_name(id, name);
    buffer_append_format(&text,
                         "{\"format\":1,\"artifact\":\"%s\",\"digest\":\"%s\",\"author\":\"%s\","
                         "\"released_at\":\"%s\"}",
                         id_text, digest, LIVE_FIXTURE_AUTHOR, time);
    LIVE_OK(writer_put_blob(writing->writer, text.bytes, text.length, &blob, &err));
    struct writer_change changes[] = { { RELEASE_CONTENT, *content_tree, true },
                                       { RELEASE_FILE, blob, false } };
    LIVE_OK(writer_put_tree(writing->writer, &none, changes, 2, &commit.tree, &err));
    buffer_truncate(&text, 0);
    LIVE_OK(writer_commit_text(&text, &commit, &err));
    LIVE_OK(writer_put_commit(writing->writer, text.bytes, NULL, &tag.target, &err));
    buffer_truncate(&text, 0);
    LIVE_OK(writer_tag_text(&text, &tag, &err));
    LIVE_OK(ssh_signature_make(&signature, writing->fixture->key_path, "git", text.bytes,
                               text.length, &err));
    LIVE_OK(writer_put_tag(writing->writer, text.bytes, signature.bytes, &release->tag, &err));
    release->version = id->version;
    release->released_at = writing->time;
}

// The state of prompt/<name> as live has it now.
static inline void live_fixture_read_state(struct live_writing *writing, const char *path,
                                           struct state *out)
{
    struct oid folder;
    bool is_tree;
    LIVE_OK(tree_find(writing->store, &writing->tree, path, &folder, &is_tree, &err));
    LIVE_OK(state_read(out, writing->store, &folder, path, &err));
}

// Writes a state, and what is live beside it; `stable` none: nothing is.
static inline void live_fixture_put_state(struct live_writing *writing, const char *path,
                                          const struct state *state, const struct oid *stable)
{
    char stable_path[ID_TEXT_BYTES + 8];
    char state_path[ID_TEXT_BYTES + 16];
    struct buffer text OWNED(buffer_release) = { 0 };
    struct oid blob;
    snprintf(stable_path, sizeof(stable_path), "%s/stable", path);
    snprintf(state_path, sizeof(state_path), "%s/" STATE_FILE, path);
    LIVE_OK(state_print(&text, state, &err));
    LIVE_OK(writer_put_blob(writing->writer, text.bytes, text.length, &blob, &err));
    struct writer_change changes[] = { { stable_path, *stable, true },
                                       { state_path, blob, false } };
    LIVE_OK(writer_put_tree(writing->writer, &writing->tree, changes, 2, &writing->tree, &err));
}

static inline void live_fixture_promote_one(struct live_writing *writing,
                                            const struct live_prompt *prompt,
                                            struct content *content)
{
    struct artifact_id id = { .kind = KIND_PROMPT, .version = prompt->version };
    struct state_release release = { 0 };
    struct state state OWNED(state_release_all) = { 0 };
    struct oid tree;
    char path[ID_TEXT_BYTES];
    LIVE_OK(id_set_name(&id, prompt->name, &err));
    id_format_bare(&id, path);
    live_fixture_content(content, prompt->name, prompt->text, prompt->uses);
    LIVE_OK(hash_content(&release.digest, content, &err));
    LIVE_OK(writer_put_content(writing->writer, content, &tree, &err));
    live_fixture_put_release(writing, &id, &tree, &release);
    live_fixture_read_state(writing, path, &state);
    LIVE_OK(state_add(&state, &release, &err));
    state.live_version = id.version;
    live_fixture_put_state(writing, path, &state, &tree);
}

#define LIVE_MAX_PROMPTS 16
static inline void live_fixture_promote_all(struct live_fixture *fixture,
                                            const struct live_prompt *prompts, size_t count)
{
    struct content contents[LIVE_MAX_PROMPTS] = { 0 }; // read again when they are packed
    struct live_writing writing;
    assert_true(count <= LIVE_MAX_PROMPTS);
    live_fixture_begin(&writing, fixture);
    for (size_t i = 0; i < count; i++)
        live_fixture_promote_one(&writing, &prompts[i], &contents[i]);
    live_fixture_finish(&writing);
    for (size_t i = 0; i < count; i++)
        content_release(&contents[i]);
}

static inline void live_fixture_promote(struct live_fixture *fixture, const char *name,
                                        uint32_t version, const char *text)
{
    struct live_prompt prompt = { name, version, text, NULL };
    live_fixture_promote_all(fixture, &prompt, 1);
}

// Makes another release of prompt/<name> live; 0: none.
static inline void live_fixture_set_live(struct live_fixture *fixture, const char *name,
                                         uint32_t version)
{
    char path[ID_TEXT_BYTES];
    struct live_writing writing;
    struct state state OWNED(state_release_all) = { 0 };
    struct oid stable = { 0 };
    snprintf(path, sizeof(path), "prompt/%s", name);
    live_fixture_begin(&writing, fixture);
    live_fixture_read_state(&writing, path, &state);
    state.live_version = version;
    const struct state_release *release = state_find(&state, version);
    if (release) {
        struct commit_tag tag OWNED(commit_tag_release) = { 0 };
        struct commit commit OWNED(commit_release) = { 0 };
        bool is_tree;
        LIVE_OK(commit_read_tag(writing.store, &release->tag, &tag, &err));
        LIVE_OK(commit_read(writing.store, &tag.target, &commit, &err));
        LIVE_OK(tree_find(writing.store, &commit.tree, RELEASE_CONTENT, &stable, &is_tree, &err));
    }
    live_fixture_put_state(&writing, path, &state, &stable);
    live_fixture_finish(&writing);
}

// Enters prompt/<name>@<version> into quarantine, or takes it out again.
static inline void live_fixture_quarantine(struct live_fixture *fixture, const char *name,
                                           uint32_t version, bool is_quarantined)
{
    char path[ID_TEXT_BYTES + 32];
    char digest[DIGEST_TEXT_BYTES];
    struct live_writing writing;
    struct state state OWNED(state_release_all) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    snprintf(path, sizeof(path), "prompt/%s", name);
    live_fixture_begin(&writing, fixture);
    live_fixture_read_state(&writing, path, &state);
    writer_free(writing.writer);
    digest_format(&state_find(&state, version)->digest, digest);
    buffer_append_format(&text, "{\"artifact\":\"%s@%u\",\"digest\":\"%s\"}", path, version,
                         digest);
    snprintf(path, sizeof(path), "quarantine/prompt/%s/%u.json", name, version);
    live_fixture_edit(fixture, path, is_quarantined ? buffer_text(&text) : NULL);
}

// A key of the environment; `token` is what a caller sends. `scope` NULL: everything.
static inline void live_fixture_add_key(struct live_fixture *fixture, const char *id,
                                        enum control_role role, const char *scope, int64_t expires,
                                        int64_t revoked, char token[ACCESS_KEY_BYTES],
                                        struct digest *out_digest)
{
    char *scopes[] = { (char *)scope };
    char *path OWNED(memory_release) = NULL;
    char *text OWNED(memory_release) = NULL;
    struct control_key key = { .role = role,
                               .owner = (char *)"a test",
                               .scopes = scopes,
                               .scope_count = scope != NULL,
                               .created = 1,
                               .expires = expires,
                               .revoked = revoked };
    struct control_edit edit;
    memcpy(key.id, id, sizeof(key.id));
    LIVE_OK(access_key_make(token, &key.digest, ACCESS_KEY_LIVE, fixture->environment->identity.id,
                            &err));
    LIVE_OK(control_edit_key(&edit, &path, &text, &key, &err));
    live_fixture_edit(fixture, path, text);
    *out_digest = key.digest;
}
