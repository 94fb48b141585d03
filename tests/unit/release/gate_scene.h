// A proposal to the gate, as good as it can be, and those who sign. Include after cmocka.h.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "release/gate.h"
#include "release/policy.h"
#include "trust/ssh_signature.h"

#define TIME INT64_C(1795000000) // 2026-11-18T11:06:40Z, when everything here is signed
#define AUTHOR "Author <author@example.com>"
#define TAG_WORDS "tag release/prompt/greeting/2\n"
#define COMMIT_WORDS "commit of live\n"

// Those who sign, each with a line in the list of approvers but for the stranger.
enum signer { APPROVER, SECOND, WRITER, ENDED, ENDING, BEGINNER, STRANGER, SIGNER_COUNT };
static const struct {
    const char *file;
    const char *line; // name and options in front of the key; NULL: none
} signers[] = {
    [APPROVER] = { "approver", "approver@example.com namespaces=\"git\"" },
    [SECOND] = { "second", "second@example.com namespaces=\"git\"" },
    [WRITER] = { "writer", "author@example.com namespaces=\"git\"" },
    [ENDED] = { "ended", "ended@example.com valid-before=\"20261118110640Z\"" },
    [ENDING] = { "ending", "ending@example.com valid-before=\"20261118110641Z\"" },
    [BEGINNER] = { "beginner", "beginner@example.com valid-after=\"20261118110642Z\"" },
    [STRANGER] = { "stranger", NULL },
};

// Made once: signatures take a process each.
struct keys {
    char folder[64];
    struct buffer approvers;
    struct buffer tags[SIGNER_COUNT];
    struct buffer commits[SIGNER_COUNT];
};

static inline void must(enum status status, const struct error *err)
{
    if (status != STATUS_OK)
        fail_msg("%s", err->message);
}

static inline void make_signer(struct keys *keys, enum signer signer)
{
    struct error err = { 0 };
    char path[128];
    char command[256];
    snprintf(path, sizeof(path), "%s/%s", keys->folder, signers[signer].file);
    snprintf(command, sizeof(command), "ssh-keygen -q -t ed25519 -N '' -C '' -f %s", path);
    assert_int_equal(system(command), 0);
    must(ssh_signature_make(&keys->tags[signer], path, "git", TAG_WORDS, strlen(TAG_WORDS), &err),
         &err);
    must(ssh_signature_make(&keys->commits[signer], path, "git", COMMIT_WORDS, strlen(COMMIT_WORDS),
                            &err),
         &err);
    if (!signers[signer].line)
        return;
    snprintf(path, sizeof(path), "%s/%s.pub", keys->folder, signers[signer].file);
    buffer_append_format(&keys->approvers, "%s ", signers[signer].line);
    must(file_read(&keys->approvers, path, 4096, &err), &err);
}

static inline int make_keys(void **state)
{
    struct keys *keys = calloc(1, sizeof(*keys));
    assert_non_null(keys);
    snprintf(keys->folder, sizeof(keys->folder), "/tmp/greenroom-gate-XXXXXX");
    assert_non_null(mkdtemp(keys->folder));
    for (enum signer signer = 0; signer < SIGNER_COUNT; signer++)
        make_signer(keys, signer);
    *state = keys;
    return 0;
}

static inline int remove_keys(void **state)
{
    struct keys *keys = *state;
    struct error err = { 0 };
    must(file_remove_tree(keys->folder, &err), &err);
    for (size_t i = 0; i < SIGNER_COUNT; i++) {
        buffer_release(&keys->tags[i]);
        buffer_release(&keys->commits[i]);
    }
    buffer_release(&keys->approvers);
    free(keys);
    return 0;
}

// All that a decision is made from, as good as it can be; a row of the table spoils it.
struct scene {
    const struct keys *keys;
    struct environment environment;
    struct control control;
    struct state state;
    struct state_release releases[3];
    struct evidence evidence;
    struct evidence_record record;
    struct manifest manifest;
    struct verify_signed tag;
    struct verify_signed commit;
    struct gate_item item;
    struct gate_proposal proposal;
    struct control_quarantine quarantine;
    struct control_hold hold;
    char reason[16];
};

static inline void sign_tag(struct scene *scene, enum signer signer)
{
    const struct buffer *signature = &scene->keys->tags[signer];
    scene->tag = (struct verify_signed) { TAG_WORDS, strlen(TAG_WORDS), buffer_text(signature),
                                          signature->length, TIME };
}

static inline void sign_commit(struct scene *scene, enum signer signer)
{
    const struct buffer *signature = &scene->keys->commits[signer];
    scene->commit = (struct verify_signed) { COMMIT_WORDS, strlen(COMMIT_WORDS),
                                             buffer_text(signature), signature->length, TIME };
}

static inline void set_policy(struct scene *scene, const char *text)
{
    struct error err = { 0 };
    json_release(&scene->control.policy);
    must(json_parse(&scene->control.policy, text, strlen(text), &err), &err);
}

// Promote: version 2 is new, 1 is live. Rollback and quarantine: from 2, which is live, to 1.
static inline void set_scene(struct scene *scene, const struct keys *keys, enum gate_move move)
{
    struct error err = { 0 };
    const char *policy;
    *scene = (struct scene) { .keys = keys, .reason = "why" };
    scene->environment.identity.environment_class = ENVIRONMENT_LIVE;
    must(allowed_signers_parse(&scene->control.approvers, buffer_text(&keys->approvers),
                               keys->approvers.length, &err),
         &err);
    must(policy_find(&policy, "minimal", &err), &err);
    set_policy(scene, policy);
    sign_tag(scene, APPROVER);
    sign_commit(scene, APPROVER);
    for (uint32_t i = 0; i < COUNT_OF(scene->releases); i++)
        scene->releases[i] = (struct state_release) { .version = i + 1,
                                                      .digest.bytes[0] = (uint8_t)(i + 1),
                                                      .released_at = 1 };
    bool is_promotion = move == GATE_PROMOTE;
    must(id_parse_version(&scene->item.id, is_promotion ? "prompt/greeting@2" : "prompt/greeting@1",
                          &err),
         &err);
    scene->state = (struct state) { .id = scene->item.id,
                                    .live_version = is_promotion ? 1 : 2,
                                    .releases = scene->releases,
                                    .count = is_promotion ? 1 : 2 };
    scene->state.id.version = 0;
    scene->item.digest = scene->releases[scene->item.id.version - 1].digest;
    scene->item.state = &scene->state;
    scene->item.author = is_promotion ? AUTHOR : NULL;
    scene->item.tag = is_promotion ? &scene->tag : NULL;
    scene->item.manifest = &scene->manifest;
    scene->item.evidence = &scene->evidence;
    scene->item.environment_evidence = &scene->evidence;
    scene->proposal = (struct gate_proposal) { .move = move,
                                               .items = &scene->item,
                                               .count = 1,
                                               .reason = scene->reason,
                                               .commit = &scene->commit,
                                               .time = TIME };
}

static inline void clear_scene(struct scene *scene)
{
    json_free(scene->control.policy);
    allowed_signers_release(&scene->control.approvers);
    json_free(scene->record.document);
}
