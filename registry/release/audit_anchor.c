// Holds the audit against git.
#include "release/audit_anchor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/json.h"
#include "base/memory.h"
#include "ledger/audit.h"
#include "release/audit_log.h"
#include "release/audit_restart.h"
#include "release/control.h"
#include "release/evidence.h"
#include "release/follow.h"
#include "release/state.h"
#include "store/commit.h"

static const char mend[] = "rows were cut off the ledger's end, or the ledger was lost or "
                           "replaced: compare it with a backup; "
                           "if there is none, `greenroom audit restart` begins anew";

// The audit as far as it matters here.
struct anchoring {
    struct environment *environment;
    struct finding_list *findings;
    struct digest *hashes; // of row 1, 2, …: a chain with a gap was told of already
    size_t count;
    size_t capacity;
    struct oid_map commits; // that a row is about, and that row's index
    bool *is_held;          // of each row: whether a branch has its commit, or it names none
    size_t held_capacity;
    struct audit_restart restart; // nothing is asked for up to it
    // Of the branch being walked:
    const char *ref;
    struct oid begins_after; // the commit at which the audit began anew; none once it was met
    size_t missing;
    char first_missing[OID_TEXT_BYTES];
    bool named_row_is_gone; // said once: everything after it is gone as well
};

static void release_anchoring(struct anchoring *anchoring)
{
    free(anchoring->hashes);
    free(anchoring->is_held);
    oid_map_release(&anchoring->commits);
    audit_restart_release(&anchoring->restart);
}

static enum status take_row(void *context, const struct audit_row *row, struct error *err)
{
    struct anchoring *anchoring = context;
    struct json *entry OWNED(json_release) = NULL;
    struct error not_one;
    struct oid commit;
    TRY(memory_grow(&anchoring->hashes, anchoring->count, &anchoring->capacity,
                    sizeof(*anchoring->hashes), err));
    TRY(memory_grow(&anchoring->is_held, anchoring->count, &anchoring->held_capacity,
                    sizeof(*anchoring->is_held), err));
    anchoring->is_held[anchoring->count] = true;
    anchoring->hashes[anchoring->count++] = row->hash;
    // An entry that was changed by hand may be anything; then its commit has no row.
    if (json_parse(&entry, row->entry, strlen(row->entry), &not_one) != STATUS_OK ||
        oid_parse(&commit, json_get_string(entry, "commit", ""), &not_one) != STATUS_OK)
        return not_one.status == STATUS_NO_MEMORY ? error_no_memory(err) : STATUS_OK;
    size_t earlier;
    if (oid_map_get(&anchoring->commits, &commit, &earlier))
        return STATUS_OK; // what holds for that row holds for this one
    anchoring->is_held[anchoring->count - 1] = false;
    return oid_map_put(&anchoring->commits, &commit, anchoring->count - 1, err);
}

static enum status tell_row(struct anchoring *anchoring, const char *commit, long long sequence,
                            struct error *err)
{
    bool is_there = sequence >= 1 && (size_t)sequence <= anchoring->count;
    struct finding_draft draft = { .severity = SEVERITY_ERROR, .rule = "audit.cut", .mend = mend };
    anchoring->named_row_is_gone = true;
    return finding_add(anchoring->findings, &draft, err,
                       is_there ? "audit row %lld is another than the one that commit %s of live "
                                  "names"
                                : "audit row %lld, which commit %s of live names, is gone",
                       sequence, commit);
}

// Whether the row that the trailer names is there, with its hash.
static enum status check_trailer(struct anchoring *anchoring, const struct commit *commit,
                                 const char *commit_text, struct error *err)
{
    const char *value;
    size_t length;
    char text[AUDIT_LOG_HEAD_BYTES];
    char hex[DIGEST_HEX_BYTES];
    char *end;
    struct digest none = { 0 };
    if (anchoring->named_row_is_gone || !commit_trailer(commit, "Audit", 0, &value, &length) ||
        length >= sizeof(text))
        return STATUS_OK; // a commit without the trailer is none of ours: its signature tells
    memcpy(text, value, length);
    text[length] = '\0';
    long long sequence = strtoll(text, &end, 10);
    bool is_row = sequence >= 1 && (size_t)sequence <= anchoring->count;
    if (sequence != 0 && !is_row)
        return tell_row(anchoring, commit_text, sequence, err);
    digest_format_hex(is_row ? &anchoring->hashes[sequence - 1] : &none, hex);
    if (*end == ' ' && strcmp(end + 1, hex) == 0)
        return STATUS_OK;
    return tell_row(anchoring, commit_text, sequence, err);
}

static enum status check_commit(void *context, const struct oid *oid, const struct commit *commit,
                                struct error *err)
{
    struct anchoring *anchoring = context;
    size_t row;
    char text[OID_TEXT_BYTES];
    oid_format(oid, text);
    bool is_known = oid_map_get(&anchoring->commits, oid, &row);
    if (is_known)
        anchoring->is_held[row] = true;
    if (!oid_is_none(&anchoring->begins_after)) {
        if (oid_equal(&anchoring->begins_after, oid))
            anchoring->begins_after = (struct oid) { 0 };
        return STATUS_OK;
    }
    if (!is_known && anchoring->missing++ == 0)
        memcpy(anchoring->first_missing, text, sizeof(text));
    return strcmp(anchoring->ref, LIVE_REF) == 0 ? check_trailer(anchoring, commit, text, err)
                                                 : STATUS_OK;
}

static enum status tell_missing(struct anchoring *anchoring, struct error *err)
{
    struct finding_draft draft = { .severity = SEVERITY_ERROR, .rule = "audit.cut", .mend = mend };
    if (anchoring->missing == 0)
        return STATUS_OK;
    if (anchoring->missing == 1)
        return finding_add(anchoring->findings, &draft, err,
                           "%s: commit %s has no row in the audit", anchoring->ref,
                           anchoring->first_missing);
    return finding_add(anchoring->findings, &draft, err,
                       "%s: commit %s has no row in the audit, nor have %zu after it",
                       anchoring->ref, anchoring->first_missing, anchoring->missing - 1);
}

static enum status tell_no_beginning(struct anchoring *anchoring, struct error *err)
{
    struct finding_draft draft = { .severity = SEVERITY_ERROR, .rule = "audit.cut", .mend = mend };
    return finding_add(anchoring->findings, &draft, err,
                       "%s: the commit at which the audit began anew is not there", anchoring->ref);
}

static enum status check_branch(struct anchoring *anchoring, const char *ref, struct error *err)
{
    const struct oid none = { 0 };
    struct oid tip;
    anchoring->ref = ref;
    anchoring->missing = 0;
    audit_restart_tip(&anchoring->restart, ref, &anchoring->begins_after);
    TRY(store_ref_get(anchoring->environment->store, ref, &tip, err));
    if (oid_is_none(&tip))
        return STATUS_OK;
    TRY(commit_each_since(anchoring->environment->store, &none, &tip, check_commit, anchoring,
                          err));
    if (!oid_is_none(&anchoring->begins_after))
        return tell_no_beginning(anchoring, err);
    return tell_missing(anchoring, err);
}

// What the audit says was done, and no branch has: a branch was taken back, with a revoked key or a
// release in quarantine, say.
static enum status tell_taken_back(struct anchoring *anchoring, struct error *err)
{
    size_t first = 0;
    size_t count = 0;
    for (size_t i = anchoring->count; i > 0; i--)
        if (!anchoring->is_held[i - 1]) {
            first = i;
            count++;
        }
    const struct finding_draft draft = {
        .severity = SEVERITY_ERROR,
        .rule = "audit.taken-back",
        .mend = "a branch was moved back: restore the store from a backup that has these commits",
    };
    if (count == 0)
        return STATUS_OK;
    return finding_add(anchoring->findings, &draft, err,
                       "audit row %zu is about a commit that no branch has (%zu such rows)", first,
                       count);
}

enum status audit_anchor_verify(struct environment *environment, struct finding_list *findings,
                                struct error *err)
{
    static const char *const refs[] = { LIVE_REF, CONTROL_REF, DRAFTS_REF, EVIDENCE_REF };
    struct anchoring anchoring OWNED(release_anchoring) = { .environment = environment,
                                                            .findings = findings };
    struct control control OWNED(control_release) = { 0 };
    TRY(control_read(&control, environment->store, err));
    TRY(audit_restart_read(&anchoring.restart, environment, &control, findings, err));
    TRY(audit_each(environment->ledger, 1, take_row, &anchoring, err));
    for (size_t i = 0; i < COUNT_OF(refs); i++)
        TRY(check_branch(&anchoring, refs[i], err));
    return tell_taken_back(&anchoring, err);
}
