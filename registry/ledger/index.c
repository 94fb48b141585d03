// The index: versions and what is live.
#include "ledger/index.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "ledger/statement.h"

// Names hold no byte from this one on, so that it ends the range of names that begin alike.
#define AFTER_NAMES "\x7f"

enum status index_clear(struct ledger *ledger, struct error *err)
{
    TRY(statement_run_plain(ledger, STATEMENT_CLEAR_USES, err));
    TRY(statement_run_plain(ledger, STATEMENT_CLEAR_EMERGENCIES, err));
    TRY(statement_run_plain(ledger, STATEMENT_CLEAR_VERSIONS, err));
    TRY(statement_run_plain(ledger, STATEMENT_CLEAR_ARTIFACTS, err));
    return statement_run_plain(ledger, STATEMENT_CLEAR_TIPS, err);
}

static enum status put_artifact(struct ledger *ledger, const char *artifact, uint32_t version,
                                struct error *err)
{
    struct statement statement OWNED(statement_release) = { 0 };
    TRY(statement_open(&statement, ledger, STATEMENT_PUT_ARTIFACT, err));
    statement_bind_text(&statement, 1, artifact);
    statement_bind_integer(&statement, 2, version);
    return statement_run(&statement, err);
}

enum status index_put_version(struct ledger *ledger, const struct index_version *version,
                              struct error *err)
{
    char artifact[ID_TEXT_BYTES];
    id_format_bare(&version->id, artifact);
    TRY(put_artifact(ledger, artifact, version->id.version, err));
    struct statement statement OWNED(statement_release) = { 0 };
    TRY(statement_open(&statement, ledger, STATEMENT_PUT_VERSION, err));
    statement_bind_text(&statement, 1, artifact);
    statement_bind_integer(&statement, 2, version->id.version);
    statement_bind_digest(&statement, 3, &version->digest);
    statement_bind_text(&statement, 4, version->content);
    statement_bind_text(&statement, 5, version->commit);
    statement_bind_text(&statement, 6, version->tag);
    statement_bind_text(&statement, 7, version->author);
    statement_bind_text(&statement, 8, version->approver);
    statement_bind_integer(&statement, 9, version->time);
    statement_bind_text(&statement, 10, version->note);
    return statement_run(&statement, err);
}

static enum status fail_unknown(const struct artifact_id *id, const char *what, struct error *err)
{
    char text[ID_TEXT_BYTES];
    id_format(id, text);
    error_set(err, STATUS_NOT_FOUND, "artifact_unknown", "%s: %s", text, what);
    return error_hint(err, "`greenroom list` shows what there is");
}

enum status index_set_live(struct ledger *ledger, const struct artifact_id *id, int64_t since,
                           struct error *err)
{
    char artifact[ID_TEXT_BYTES];
    id_format_bare(id, artifact);
    struct statement statement OWNED(statement_release) = { 0 };
    TRY(statement_open(&statement, ledger, STATEMENT_SET_LIVE, err));
    statement_bind_text(&statement, 1, artifact);
    statement_bind_integer(&statement, 2, id->version);
    statement_bind_integer(&statement, 3, id->version ? since : 0);
    bool was_set = false;
    TRY(statement_step(&statement, &was_set, err));
    if (!was_set && id->version != 0)
        return fail_unknown(id, "no such version to make live", err);
    return STATUS_OK;
}

static enum status read_version(struct index_version *out, const struct statement *statement,
                                struct error *err)
{
    // Texts by column; see SELECT_VERSION in statement.c.
    const char *texts[10] = { 0 };
    static const int columns[] = { 0, 3, 4, 5, 6, 7, 9 };
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        TRY(statement_text(statement, &texts[columns[i]], columns[i], err));
    struct index_version version = {
        .content = texts[3],
        .commit = texts[4],
        .tag = texts[5],
        .author = texts[6],
        .approver = texts[7],
        .time = statement_integer(statement, 8),
        .note = texts[9],
    };
    int64_t number = statement_integer(statement, 1);
    if (id_parse_bare(&version.id, texts[0], err) != STATUS_OK || number < 1 ||
        number > ID_MAX_VERSION)
        return statement_row_damaged(statement, texts[0], err);
    version.id.version = (uint32_t)number;
    TRY(statement_digest(statement, &version.digest, 2, err));
    *out = version;
    return STATUS_OK;
}

// Visits each row; with a pattern, those whose name matches.
static enum status visit_rows(struct statement *statement, const char *pattern, index_visit visit,
                              void *context, uint64_t *out_count, struct error *err)
{
    for (uint64_t count = 0;; count++) {
        bool has_row = false;
        TRY(statement_step(statement, &has_row, err));
        if (!has_row) {
            *out_count = count;
            return STATUS_OK;
        }
        const char *name = NULL;
        TRY(statement_text(statement, &name, 0, err));
        if (pattern && !text_matches(pattern, name))
            continue;
        struct index_version version;
        TRY(read_version(&version, statement, err));
        version.live = statement_integer(statement, 10) != 0;
        version.live_since = version.live ? statement_integer(statement, 11) : 0;
        TRY(visit(context, &version, err));
    }
}

// Where an artifact stands: the columns of STATEMENT_FIND_ARTIFACT.
enum standing { STANDING_LATEST, STANDING_LIVE, STANDING_LIVE_SINCE };

// Visits the row of the given version; with 0, of the one that `otherwise` names.
static enum status visit_version(struct ledger *ledger, const struct artifact_id *id,
                                 int64_t version, enum standing otherwise, index_visit visit,
                                 void *context, bool *out_found, struct error *err)
{
    char artifact[ID_TEXT_BYTES];
    // Open until the row is read, so that both see one state of the ledger.
    struct statement standing OWNED(statement_release) = { 0 };
    struct statement row OWNED(statement_release) = { 0 };
    id_format_bare(id, artifact);
    *out_found = false;
    TRY(statement_open(&standing, ledger, STATEMENT_FIND_ARTIFACT, err));
    statement_bind_text(&standing, 1, artifact);
    TRY(statement_step(&standing, out_found, err));
    if (!*out_found)
        return STATUS_OK;
    if (version == 0)
        version = statement_integer(&standing, (int)otherwise);
    TRY(statement_open(&row, ledger, STATEMENT_FIND_VERSION, err));
    statement_bind_text(&row, 1, artifact);
    statement_bind_integer(&row, 2, version);
    TRY(statement_step(&row, out_found, err));
    if (!*out_found)
        return STATUS_OK;
    struct index_version found;
    TRY(read_version(&found, &row, err));
    found.live = statement_integer(&standing, STANDING_LIVE) == version;
    found.live_since = found.live ? statement_integer(&standing, STANDING_LIVE_SINCE) : 0;
    return visit(context, &found, err);
}

enum status index_find_version(struct ledger *ledger, const struct artifact_id *id,
                               index_visit visit, void *context, struct error *err)
{
    bool found = false;
    TRY(visit_version(ledger, id, id->version, STANDING_LATEST, visit, context, &found, err));
    return found ? STATUS_OK : fail_unknown(id, "there is none here", err);
}

enum status index_find_live(struct ledger *ledger, const struct artifact_id *id, index_visit visit,
                            void *context, struct error *err)
{
    bool found = false;
    TRY(visit_version(ledger, id, 0, STANDING_LIVE, visit, context, &found, err));
    return found ? STATUS_OK : fail_unknown(id, "nothing is live under that name", err);
}

enum status index_each_version(struct ledger *ledger, const struct artifact_id *id,
                               index_visit visit, void *context, struct error *err)
{
    uint64_t count = 0;
    char artifact[ID_TEXT_BYTES];
    struct statement statement OWNED(statement_release) = { 0 };
    id_format_bare(id, artifact);
    TRY(statement_open(&statement, ledger, STATEMENT_EACH_VERSION, err));
    statement_bind_text(&statement, 1, artifact);
    return visit_rows(&statement, NULL, visit, context, &count, err);
}

enum status index_each_artifact(struct ledger *ledger, const char *pattern, bool live_only,
                                index_visit visit, void *context, struct error *err)
{
    const char *glob = pattern ? pattern : "*";
    if (strlen(glob) > INDEX_MAX_PATTERN_BYTES) {
        error_set(err, STATUS_INVALID, "pattern_too_long", "the pattern is longer than %d bytes",
                  INDEX_MAX_PATTERN_BYTES);
        return error_hint(err, "no name is that long; shorten it");
    }
    // Up to its first wildcard a pattern names a range of the table, and only that is read.
    int prefix = (int)strcspn(glob, "*?");
    char from[INDEX_MAX_PATTERN_BYTES + 1];
    char to[INDEX_MAX_PATTERN_BYTES + sizeof(AFTER_NAMES)];
    snprintf(from, sizeof(from), "%.*s", prefix, glob);
    snprintf(to, sizeof(to), "%.*s" AFTER_NAMES, prefix, glob);
    struct statement statement OWNED(statement_release) = { 0 };
    TRY(statement_open(&statement, ledger, live_only ? STATEMENT_EACH_LIVE : STATEMENT_EACH_LATEST,
                       err));
    statement_bind_text(&statement, 1, from);
    statement_bind_text(&statement, 2, to);
    uint64_t count = 0;
    return visit_rows(&statement, glob, visit, context, &count, err);
}

enum status index_put_emergency(struct ledger *ledger, const struct artifact_id *id, int64_t until,
                                struct error *err)
{
    char artifact[ID_TEXT_BYTES];
    struct statement statement OWNED(statement_release) = { 0 };
    id_format_bare(id, artifact);
    TRY(statement_open(&statement, ledger,
                       until ? STATEMENT_PUT_EMERGENCY : STATEMENT_END_EMERGENCY, err));
    statement_bind_text(&statement, 1, artifact);
    statement_bind_integer(&statement, 2, id->version);
    if (until)
        statement_bind_integer(&statement, 3, until);
    return statement_run(&statement, err);
}

enum status index_find_emergency(struct ledger *ledger, const struct artifact_id *id, int64_t *out,
                                 struct error *err)
{
    char artifact[ID_TEXT_BYTES];
    bool has_row = false;
    struct statement statement OWNED(statement_release) = { 0 };
    id_format_bare(id, artifact);
    TRY(statement_open(&statement, ledger, STATEMENT_FIND_EMERGENCY, err));
    statement_bind_text(&statement, 1, artifact);
    statement_bind_integer(&statement, 2, id->version);
    TRY(statement_step(&statement, &has_row, err));
    *out = has_row ? statement_integer(&statement, 0) : 0;
    return STATUS_OK;
}
