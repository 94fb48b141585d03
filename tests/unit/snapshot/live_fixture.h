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
#include "release/admit.h"
#include "release/control_edit.h"
#include "release/environment.h"
#include "release/policy.h"
#include "release/withdraw.h"
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

static inline enum status live_fixture_sign(void *context, const char *what, const void *bytes,
                                            size_t length, struct buffer *out, struct error *err)
{
    (void)what;
    struct live_fixture *fixture = context;
    return ssh_signature_make(out, fixture->key_path, "git", bytes, length, err);
}

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

// Content of one prompt with one section.
static inline void live_fixture_content(struct content *content, const char *name, const char *text)
{
    struct buffer manifest OWNED(buffer_release) = { 0 };
    buffer_append_format(&manifest,
                         "{\"kind\":\"prompt\",\"name\":\"%s\",\"sections\":[{\"name\":\"opening\","
                         "\"file\":\"sections/opening.md\"}]}",
                         name);
    LIVE_OK(content_add_bytes(content, "artifact.json", manifest.bytes, manifest.length, &err));
    LIVE_OK(content_add_bytes(content, "sections/opening.md", text, strlen(text), &err));
    LIVE_OK(content_seal(content, &err));
}

// What is promoted together: prompt/<name>@<version> with that text.
struct live_prompt {
    const char *name;
    uint32_t version;
    const char *text;
};
#define LIVE_MAX_PROMPTS 16

static inline void live_fixture_promote_all(struct live_fixture *fixture,
                                            const struct live_prompt *prompts, size_t count)
{
    static struct content contents[LIVE_MAX_PROMPTS];
    struct admit_item items[LIVE_MAX_PROMPTS];
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct live_signer signer = { live_fixture_sign, fixture };
    struct oid commit;
    assert_true(count <= LIVE_MAX_PROMPTS);
    for (size_t i = 0; i < count; i++) {
        live_fixture_content(&contents[i], prompts[i].name, prompts[i].text);
        items[i] =
            (struct admit_item) { .id = { .kind = KIND_PROMPT, .version = prompts[i].version },
                                  .content = &contents[i],
                                  .author = LIVE_FIXTURE_AUTHOR,
                                  .published_at = "2026-01-01T00:00:00Z",
                                  .draft = "{}",
                                  .source = "sandbox00000" };
        LIVE_OK(id_set_name(&items[i].id, prompts[i].name, &err));
        LIVE_OK(hash_content(&items[i].digest, &contents[i], &err));
    }
    struct admit_request request = { items, count, LIVE_FIXTURE_APPROVER, NULL };
    LIVE_OK(environment_begin(fixture->environment, &err));
    LIVE_OK(admit_releases(fixture->environment, &request, &signer, &findings, &commit, &err));
    LIVE_OK(environment_finish(fixture->environment, &err));
    for (size_t i = 0; i < count; i++)
        content_release(&contents[i]);
}

static inline void live_fixture_promote(struct live_fixture *fixture, const char *name,
                                        uint32_t version, const char *text)
{
    struct live_prompt prompt = { name, version, text };
    live_fixture_promote_all(fixture, &prompt, 1);
}

typedef enum status (*live_fixture_withdrawal)(struct environment *environment,
                                               const struct withdraw_request *request,
                                               const struct live_signer *signer,
                                               struct finding_list *findings,
                                               struct withdraw_result *out, struct error *err);

// withdraw_rollback or withdraw_quarantine, of prompt/<name>@<version>.
static inline void live_fixture_withdraw(struct live_fixture *fixture,
                                         live_fixture_withdrawal withdraw, const char *name,
                                         uint32_t version)
{
    struct withdraw_request request = { .id = { .kind = KIND_PROMPT, .version = version },
                                        .actor = LIVE_FIXTURE_APPROVER,
                                        .reason = "a test" };
    struct withdraw_result result;
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct live_signer signer = { live_fixture_sign, fixture };
    LIVE_OK(id_set_name(&request.id, name, &err));
    LIVE_OK(environment_begin(fixture->environment, &err));
    LIVE_OK(withdraw(fixture->environment, &request, &signer, &findings, &result, &err));
    LIVE_OK(environment_finish(fixture->environment, &err));
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
