// Approvals: signed statements, made and judged.
#include "release/approval.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "release/person.h"
#include "trust/ssh_signature.h"

#define STATEMENT_TYPE "https://in-toto.io/Statement/v1"
#define DEFAULT_VALID_SECONDS (7 * INT64_C(86400))

static void set_digest(struct json *object, const char *key, const struct digest *digest)
{
    char text[DIGEST_TEXT_BYTES];
    if (!digest) {
        json_set_null(object, key);
        return;
    }
    digest_format(digest, text);
    json_set_string(object, key, text);
}

static struct json *make_statement(const struct approval_subject *subject, int64_t time,
                                   int64_t expires)
{
    char id[ID_TEXT_BYTES];
    char hex[DIGEST_HEX_BYTES];
    char time_text[CLOCK_TEXT_BYTES];
    char expires_text[CLOCK_TEXT_BYTES];
    struct json *statement = json_new_object();
    id_format(&subject->id, id);
    digest_format_hex(&subject->digest, hex);
    clock_format(time, time_text);
    clock_format(expires, expires_text);
    json_set_string(statement, "_type", STATEMENT_TYPE);
    struct json *about = json_append_object(json_set_array(statement, "subject"));
    json_set_string(about, "name", id);
    json_set_string(json_set_object(about, "digest"), "sha256", hex);
    json_set_string(statement, "predicateType", APPROVAL_PREDICATE_TYPE);
    struct json *predicate = json_set_object(statement, "predicate");
    json_set_string(predicate, "environment", subject->environment_id);
    set_digest(predicate, "replaces", subject->replaces);
    set_digest(predicate, "policy", &subject->policy);
    json_set_string(predicate, "author", subject->author ? subject->author : "");
    json_set_string(predicate, "time", time_text);
    json_set_string(predicate, "expires", expires_text);
    return statement;
}

enum status approval_print(struct buffer *out, const struct approval_subject *subject, int64_t time,
                           int64_t expires, struct error *err)
{
    struct json *statement OWNED(json_release) = make_statement(subject, time, expires);
    return json_print_canonical(out, statement, err);
}

int64_t approval_valid_seconds(const struct json *policy)
{
    int64_t seconds = DEFAULT_VALID_SECONDS;
    struct error ignored; // the policy's schema allows durations only
    (void)clock_parse_duration(&seconds, json_get_string(policy, "approval_valid_for", ""),
                               &ignored);
    return seconds;
}

static void void_because(struct approval_verdict *verdict, const char *reason)
{
    verdict->counts = false;
    snprintf(verdict->reason, sizeof(verdict->reason), "%.*s", (int)sizeof(verdict->reason) - 1,
             reason);
}

// Each member of the statement, and what it means when it is about something else.
static bool matches(struct approval_verdict *verdict, const struct approval_subject *subject,
                    const struct json *said)
{
    static const struct {
        const char *pointer;
        const char *reason;
    } members[] = {
        { "/_type", "it is no statement of a kind known here" },
        { "/predicateType", "it is no approval" },
        { "/subject/0/name", "it is about another version" },
        { "/subject/0/digest/sha256", "the content changed since" },
        { "/predicate/environment", "it is for another environment" },
        { "/predicate/replaces", "what is live there changed since" },
        { "/predicate/policy", "the policy changed since" },
        { "/predicate/author", "it is about another author's draft" },
    };
    struct json *expected OWNED(json_release) = make_statement(subject, 0, 0);
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        const struct json *is = json_at(said, members[i].pointer);
        const struct json *should = json_at(expected, members[i].pointer);
        if (is && should && json_equal(is, should))
            continue;
        void_because(verdict, members[i].reason);
        return false;
    }
    if (json_count(json_get(said, "subject")) != 1)
        void_because(verdict, "it is about more than one version");
    return json_count(json_get(said, "subject")) == 1;
}

static bool in_time(struct approval_verdict *verdict, const struct control *control,
                    const struct json *predicate, int64_t now)
{
    int64_t time;
    struct error ignored;
    if (clock_parse(&time, json_get_string(predicate, "time", ""), &ignored) != STATUS_OK ||
        clock_parse(&verdict->expires, json_get_string(predicate, "expires", ""), &ignored) !=
            STATUS_OK) {
        void_because(verdict, "its times are malformed");
        return false;
    }
    if (time >
        now + EVIDENCE_CLOCK_SKEW_SECONDS) { // else it would last longer than the policy allows
        void_because(verdict, "it is dated in the future");
        return false;
    }
    if (time < verdict->signer->valid_after) { // a removal takes back what was approved before it
        void_because(verdict, "it was signed before its signer was added, or added again");
        return false;
    }
    int64_t latest = time + approval_valid_seconds(control->policy);
    if (verdict->expires > latest) // whatever it says itself, the policy's span is the longest
        verdict->expires = latest;
    if (now >= verdict->expires)
        void_because(verdict, "it expired");
    return now < verdict->expires;
}

static bool is_signed(struct approval_verdict *verdict, const struct control *control,
                      const struct approval_subject *subject, const struct evidence_record *record,
                      int64_t now)
{
    struct ssh_key key;
    struct error fault = { 0 };
    if (!record->signature) {
        void_because(verdict, "it is not signed");
        return false;
    }
    if (ssh_signature_verify(&key, record->signature, strlen(record->signature), APPROVAL_NAMESPACE,
                             record->text, record->text_bytes, &fault) != STATUS_OK) {
        void_because(verdict, fault.message);
        return false;
    }
    // Valid beyond this second: see the gate's own rule.
    verdict->signer = allowed_signers_find(&control->approvers, &key, now + 1);
    if (!verdict->signer)
        void_because(verdict, "its signer is no approver");
    else if (person_is_signer(&control->approvers, &key, subject->author))
        void_because(verdict, "its signer is the draft's own author");
    else
        return true;
    return false;
}

void approval_judge(struct approval_verdict *out, const struct control *control,
                    const struct approval_subject *subject, const struct evidence *evidence,
                    const struct evidence_record *record, int64_t now)
{
    *out = (struct approval_verdict) { 0 };
    if (evidence_is_withdrawn(evidence, record)) {
        void_because(out, "it was withdrawn");
        return;
    }
    out->counts = is_signed(out, control, subject, record, now) &&
                  matches(out, subject, record->document) &&
                  in_time(out, control, json_get(record->document, "predicate"), now);
}
