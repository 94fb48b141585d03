// Keys, approvers, a policy and evidence in memory, for what judges evidence. Include after
// cmocka.h.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "release/approval.h"
#include "release/attestation.h"
#include "release/control.h"
#include "release/evidence.h"
#include "trust/hash.h"
#include "trust/ssh_signature.h"

#define TRUST_NOW INT64_C(1790000000) // 2026-09-21T14:13:20Z
#define TRUST_DAY INT64_C(86400)
#define TRUST_AUTHOR "Author <author@example.com>"

struct trust_fixture {
    char folder[64];
    struct control control;
    struct buffer approvers; // the lines
    struct evidence evidence;
    struct evidence environment_evidence;
};

#define TRUST_OK(expression)                                                                       \
    do {                                                                                           \
        struct error err = { 0 };                                                                  \
        if ((expression) != STATUS_OK)                                                             \
            fail_msg("%s: %s", #expression, err.message);                                          \
    } while (0)

// A key in a file of that name; its line of allowed_signers with these options goes to the
// approvers unless `options` is NULL.
static inline void trust_fixture_key(struct trust_fixture *fixture, const char *name,
                                     const char *options)
{
    char command[256];
    char path[128];
    snprintf(command, sizeof(command), "ssh-keygen -q -t ed25519 -N '' -C '' -f %s/%s",
             fixture->folder, name);
    assert_int_equal(system(command), 0);
    if (!options)
        return;
    snprintf(path, sizeof(path), "%s/%s.pub", fixture->folder, name);
    buffer_append_format(&fixture->approvers, "%s@example.com namespaces=\"git\"%s ", name,
                         options);
    TRUST_OK(file_read(&fixture->approvers, path, 4096, &err));
    allowed_signers_release(&fixture->control.approvers);
    TRUST_OK(allowed_signers_parse(&fixture->control.approvers, fixture->approvers.bytes,
                                   fixture->approvers.length, &err));
}

static inline void trust_fixture_policy(struct trust_fixture *fixture, const char *text)
{
    json_free(fixture->control.policy);
    fixture->control.policy = NULL;
    TRUST_OK(json_parse(&fixture->control.policy, text, strlen(text), &err));
    TRUST_OK(hash_bytes(&fixture->control.policy_digest, text, strlen(text), &err));
}

// lead and desk may sign; left may no longer, soon not yet; stranger is nobody; author is the
// draft's author and an approver as well.
static inline int trust_fixture_make(void **state)
{
    struct trust_fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/greenroom-trust-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    trust_fixture_key(fixture, "lead", "");
    trust_fixture_key(fixture, "desk", "");
    trust_fixture_key(fixture, "author", "");
    trust_fixture_key(fixture, "left", ",valid-before=\"20260921141320Z\"");
    trust_fixture_key(fixture, "soon", ",valid-after=\"20260921141322Z\"");
    trust_fixture_key(fixture, "stranger", NULL);
    trust_fixture_policy(fixture, "{\"approval_valid_for\":\"7d\"}");
    *state = fixture;
    return 0;
}

static inline int trust_fixture_remove(void **state)
{
    struct trust_fixture *fixture = *state;
    evidence_release(&fixture->evidence);
    evidence_release(&fixture->environment_evidence);
    control_release(&fixture->control);
    buffer_release(&fixture->approvers);
    TRUST_OK(file_remove_tree(fixture->folder, &err));
    free(fixture);
    return 0;
}

// Forgets the evidence, so that a test can go on with the same keys.
static inline int trust_fixture_clear(void **state)
{
    struct trust_fixture *fixture = *state;
    evidence_release(&fixture->evidence);
    evidence_release(&fixture->environment_evidence);
    trust_fixture_policy(fixture, "{\"approval_valid_for\":\"7d\"}");
    return 0;
}

// Adds a record as it would be read; `key` NULL: not signed.
static inline struct evidence_record *trust_fixture_add(struct trust_fixture *fixture,
                                                        struct evidence *evidence,
                                                        enum evidence_type type, const char *text,
                                                        const char *key, const char *name_space)
{
    char name[EVIDENCE_NAME_BYTES];
    struct evidence_record record = { .type = type, .text_bytes = strlen(text) };
    TRUST_OK(memory_grow(&evidence->records, evidence->count, &evidence->capacity,
                         sizeof(*evidence->records), &err));
    snprintf(name, sizeof(name), "%04zu-%s", evidence->count + 1, evidence_type_word(type));
    TRUST_OK(memory_copy_string(&record.name, name, &err));
    TRUST_OK(memory_copy_string(&record.text, text, &err));
    TRUST_OK(json_parse(&record.document, text, strlen(text), &err));
    if (key) {
        char path[128];
        struct buffer signature OWNED(buffer_release) = { 0 };
        snprintf(path, sizeof(path), "%s/%s", fixture->folder, key);
        TRUST_OK(ssh_signature_make(&signature, path, name_space, text, strlen(text), &err));
        record.signature = buffer_detach(&signature);
    }
    evidence->records[evidence->count] = record;
    return &evidence->records[evidence->count++];
}

static inline struct digest trust_fixture_digest(const char *text)
{
    struct digest digest;
    TRUST_OK(hash_bytes(&digest, text, strlen(text), &err));
    return digest;
}

// prompt/greeting@4 with the content "four", into production, which replaces nothing.
static inline struct approval_subject trust_fixture_subject(const struct trust_fixture *fixture)
{
    struct approval_subject subject = { .digest = trust_fixture_digest("four"),
                                        .author = TRUST_AUTHOR,
                                        .environment_id = "production-id",
                                        .policy = fixture->control.policy_digest };
    TRUST_OK(id_parse(&subject.id, "prompt/greeting@4", &err));
    return subject;
}

// An approval of the subject that is a day old and valid for six more, signed by `key`, with
// `from` in its text (NULL: none) made into `to`.
static inline struct evidence_record *trust_fixture_approve(struct trust_fixture *fixture,
                                                            const struct approval_subject *subject,
                                                            const char *key, const char *from,
                                                            const char *to)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    struct buffer changed OWNED(buffer_release) = { 0 };
    TRUST_OK(
        approval_print(&text, subject, TRUST_NOW - TRUST_DAY, TRUST_NOW + 6 * TRUST_DAY, &err));
    const char *at = from ? strstr(text.bytes, from) : text.bytes;
    assert_non_null(at);
    buffer_append(&changed, text.bytes, (size_t)(at - text.bytes));
    buffer_append_text(&changed, from ? to : "");
    buffer_append_text(&changed, at + (from ? strlen(from) : 0));
    return trust_fixture_add(fixture, &fixture->evidence, EVIDENCE_APPROVAL, changed.bytes, key,
                             APPROVAL_NAMESPACE);
}
