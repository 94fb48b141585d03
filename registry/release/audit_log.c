// The audit: what happened, as hash-chained entries in the ledger.
#include "release/audit_log.h"

#include <stdio.h>
#include <string.h>

#include "artifact/json.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/memory.h"
#include "ledger/alteration.h"
#include "ledger/audit.h"
#include "trust/hash.h"

#define RECOVER_MAX_ARTIFACTS 10000 // artifacts named by one commit

enum status audit_log_hash(struct digest *out, const struct digest *previous, const char *entry,
                           struct error *err)
{
    char hex[DIGEST_HEX_BYTES];
    struct buffer text OWNED(buffer_release) = { 0 };
    digest_format_hex(previous, hex);
    buffer_append_text(&text, hex);
    buffer_append_byte(&text, '\n');
    buffer_append_text(&text, entry);
    TRY(buffer_check(&text, err));
    return hash_bytes(out, text.bytes, text.length, err);
}

static void set_present(struct json *entry, const char *key, const char *text)
{
    if (text)
        json_set_string(entry, key, text);
}

enum status audit_log_append(struct ledger *ledger, const char *environment_id,
                             struct json *document, struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    struct audit_row row = { 0 };
    char now[CLOCK_TEXT_BYTES];
    clock_format(clock_now(), now);
    json_set_string(document, "environment", environment_id);
    json_set_string(document, "time", now);
    TRY(json_print_canonical(&text, document, err));
    TRY(audit_head(ledger, &row.sequence, &row.previous, err));
    row.sequence++;
    row.entry = buffer_text(&text);
    TRY(audit_log_hash(&row.hash, &row.previous, row.entry, err));
    return audit_append(ledger, &row, err);
}

enum status audit_log_append_change(struct environment *environment,
                                    const struct change_message *message, const struct oid *oid,
                                    struct error *err)
{
    char commit[OID_TEXT_BYTES];
    struct json *document OWNED(json_release) = json_new_object();
    oid_format(oid, commit);
    set_present(document, "operation", message->operation);
    set_present(document, "actor", message->actor);
    set_present(document, "outcome", "done");
    set_present(document, "commit", commit);
    set_present(document, "reason", message->reason ? message->reason : message->subject);
    struct json *artifacts = json_set_array(document, "artifacts");
    for (size_t i = 0; i < message->count; i++) {
        char text[ID_TEXT_BYTES];
        id_format(&message->items[i].id, text);
        json_append_string(artifacts, text);
    }
    return audit_log_append(environment->ledger, environment->identity.id, document, err);
}

// The value of trailer `nth` of that name, NUL-terminated; false when there is none.
static bool take_trailer(const struct commit *commit, const char *name, int nth, char *out,
                         size_t out_bytes)
{
    const char *value;
    size_t length;
    if (!commit_trailer(commit, name, nth, &value, &length) || length >= out_bytes)
        return false;
    memcpy(out, value, length);
    out[length] = '\0';
    return true;
}

enum status audit_log_recover(struct environment *environment, const struct oid *oid,
                              const struct commit *commit, struct error *err)
{
    char text[ID_TEXT_BYTES + 256];
    char version[16];
    char commit_text[OID_TEXT_BYTES];
    struct json *document OWNED(json_release) = json_new_object();
    oid_format(oid, commit_text);
    if (take_trailer(commit, "Operation", 0, text, sizeof(text)))
        json_set_string(document, "operation", text);
    if (take_trailer(commit, "Actor", 0, text, sizeof(text)))
        json_set_string(document, "actor", text);
    json_set_string(document, "outcome", "done");
    json_set_string(document, "commit", commit_text);
    json_set_bool(document, "recovered", true);
    struct json *artifacts = json_set_array(document, "artifacts");
    for (int i = 0; i < RECOVER_MAX_ARTIFACTS; i++) {
        if (!take_trailer(commit, "Artifact", i, text, sizeof(text)))
            break;
        // Whoever writes artifacts without versions (a hold) writes that one only.
        bool has_version = take_trailer(commit, "Version", i, version, sizeof(version));
        struct buffer id OWNED(buffer_release) = { 0 };
        buffer_append_format(&id, "%s%s%s", text, has_version ? "@" : "",
                             has_version ? version : "");
        TRY(buffer_check(&id, err));
        json_append_string(artifacts, id.bytes);
    }
    return audit_log_append(environment->ledger, environment->identity.id, document, err);
}

enum status audit_log_head(struct environment *environment, char out[AUDIT_LOG_HEAD_BYTES],
                           struct error *err)
{
    int64_t sequence;
    struct digest hash;
    char hex[DIGEST_HEX_BYTES];
    TRY(audit_head(environment->ledger, &sequence, &hash, err));
    digest_format_hex(&hash, hex);
    snprintf(out, AUDIT_LOG_HEAD_BYTES, "%lld %s", (long long)sequence, hex);
    return STATUS_OK;
}

struct chain_walk {
    struct finding_list *findings;
    struct digest previous;
    int64_t count;
};

static enum status check_row(void *context, const struct audit_row *row, struct error *err)
{
    struct chain_walk *walk = context;
    struct digest hash;
    TRY(audit_log_hash(&hash, &walk->previous, row->entry, err));
    bool fits = row->sequence == walk->count + 1 && digest_equal(&row->previous, &walk->previous) &&
                digest_equal(&row->hash, &hash);
    walk->count++;
    walk->previous = row->hash;
    if (fits)
        return STATUS_OK;
    return finding_add(walk->findings,
                       &(struct finding_draft) {
                           .severity = SEVERITY_ERROR,
                           .rule = "audit.chain",
                           .mend = "the ledger was changed by hand: compare it with a backup",
                       },
                       err, "audit row %lld does not follow from the row before it",
                       (long long)row->sequence);
}

// A chain can be whole and yet miss what was kept from getting into it.
static enum status find_alteration(struct environment *environment, struct finding_list *findings,
                                   struct error *err)
{
    struct finding_draft draft = {
        .severity = SEVERITY_ERROR,
        .rule = "audit.altered",
        .mend =
            "somebody can write to the ledger's file: what happened since may be missing in the "
            "audit; take the environment from a backup",
    };
    char what[ALTERATION_BYTES];
    bool is_altered = false;
    TRY(alteration_find(environment->ledger, &is_altered, what, err));
    return is_altered ? finding_add(findings, &draft, err, "ledger.db: %s", what) : STATUS_OK;
}

enum status audit_log_verify(struct environment *environment, struct finding_list *findings,
                             int64_t *out_count, struct error *err)
{
    struct chain_walk walk = { .findings = findings };
    TRY(find_alteration(environment, findings, err));
    TRY(audit_each(environment->ledger, 1, check_row, &walk, err));
    *out_count = walk.count;
    return STATUS_OK;
}
