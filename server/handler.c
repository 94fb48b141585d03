// What each route does.
#include "handler.h"

#include <stdio.h>
#include <string.h>

#include "artifact/json.h"
#include "base/memory.h"
#include "coding.h"
#include "prepared.h"

// A revision and a key's id, quoted.
#define LIVE_ETAG_BYTES (2 * OID_TEXT_BYTES + CONTROL_KEY_ID_BYTES + 4)

enum status handler_unknown(struct exchange *exchange, struct error *err)
{
    (void)exchange;
    return exchange_not_found(err);
}

// Bytes of a release, as they lie there.
static enum status send_bytes(struct exchange *exchange, const struct snapshot_release *release,
                              const char *bytes, size_t size_bytes, struct reply_fields *fields,
                              struct error *err)
{
    fields->version = release->id.version;
    fields->state = snapshot_commit(exchange->state);
    const struct exchange_piece piece = { .response = prepared_response(release),
                                          .first = (uint64_t)(bytes - release->bytes),
                                          .size_bytes = size_bytes,
                                          .bytes = bytes,
                                          .fields = *fields };
    return exchange_send_piece(exchange, &piece, err);
}

enum status handler_artifact(struct exchange *exchange, struct error *err)
{
    const struct snapshot_release *release;
    TRY(exchange_find_release(exchange, &release, err));
    enum snapshot_encoding encoding =
        coding_choose(exchange->request.fields.encodings, release->encodings);
    return exchange_send_body(exchange, release, &release->bodies[encoding]);
}

enum status handler_file(struct exchange *exchange, struct error *err)
{
    const struct snapshot_release *release;
    const struct route_match *match = &exchange->match;
    TRY(exchange_find_release(exchange, &release, err));
    const struct snapshot_file *file =
        snapshot_release_file(release, match->file_path, match->file_path_bytes);
    if (!file)
        return exchange_not_found(err);
    struct reply_fields fields = { .media_type = file->media_type,
                                   .etag = file->etag,
                                   .may_be_part = true };
    return send_bytes(exchange, release, file->bytes, file->size_bytes, &fields, err);
}

static const struct {
    enum prepared_kind kind;
    const char *ending;
    const char *media_type;
} archives[] = {
    { PREPARED_TAR_GZ, "tar.gz", "application/gzip" },
    { PREPARED_ZIP, "zip", "application/zip" },
};

// "attachment; filename=…": the name with its slashes as hyphens, so that archives saved side by
// side tell what they are.
static void name_archive(char *out, size_t out_bytes, const struct artifact_id *id,
                         const char *ending)
{
    snprintf(out, out_bytes, "attachment; filename=\"%s-%s-%u.%s\"", id_kind_word(id->kind),
             id->name, id->version, ending);
    for (char *at = strchr(out, '"'); *at; at++)
        if (*at == '/')
            *at = '-';
}

static enum status wait_for_archive(struct exchange *exchange,
                                    const struct snapshot_release *release, enum prepared_kind kind,
                                    struct error *err)
{
    if (prepared_failed_lately(release, kind)) {
        error_set(err, STATUS_CONFLICT, "busy", "the archive cannot be made at the moment");
        return error_hint(err, "try again later, or fetch the files one by one");
    }
    TRY(archiver_park(exchange->services->archiver, release, kind, exchange->connection, err));
    exchange->is_parked = true;
    return STATUS_OK;
}

static enum status send_archive(struct exchange *exchange, size_t row, struct error *err)
{
    const struct snapshot_release *release;
    char disposition[ID_TEXT_BYTES + 48];
    TRY(exchange_find_release(exchange, &release, err));
    const struct packed *packed = prepared_archive(release, archives[row].kind);
    if (!packed)
        return wait_for_archive(exchange, release, archives[row].kind, err);
    name_archive(disposition, sizeof(disposition), &release->id, archives[row].ending);
    const struct exchange_piece piece = {
        .response = packed->response,
        .size_bytes = packed->response->content.size_bytes,
        .fields = { .media_type = archives[row].media_type,
                    .etag = packed->etag,
                    .version = release->id.version,
                    .state = snapshot_commit(exchange->state),
                    .disposition = disposition,
                    .may_be_part = true },
    };
    return exchange_send_piece(exchange, &piece, err);
}

enum status handler_archive_tar_gz(struct exchange *exchange, struct error *err)
{
    return send_archive(exchange, 0, err);
}

enum status handler_archive_zip(struct exchange *exchange, struct error *err)
{
    return send_archive(exchange, 1, err);
}

// What a key with scopes gets is its own; all others get the same. What is quarantined now is left
// out of earlier states, too.
static void tag_live(char out[LIVE_ETAG_BYTES], const struct exchange *exchange)
{
    bool has_scopes = !control_key_covers_all(exchange->key);
    snprintf(out, LIVE_ETAG_BYTES, "\"%s-%s%s%s\"", snapshot_commit(exchange->state),
             snapshot_control_commit(exchange->snapshot), has_scopes ? "-" : "",
             has_scopes ? exchange->key->id : "");
}

enum status handler_live(struct exchange *exchange, struct error *err)
{
    char etag[LIVE_ETAG_BYTES];
    struct response *response OWNED(response_release) = NULL;
    struct snapshot_text *text;
    tag_live(etag, exchange);
    TRY(snapshot_live_text(exchange->snapshot, exchange->state, exchange->key, &text, err));
    TRY(reply_with_text(&response, text, err));
    const struct exchange_piece piece = {
        .response = response,
        .size_bytes = response->content.size_bytes,
        .fields = { .media_type = "application/json",
                    .etag = etag,
                    .state = snapshot_commit(exchange->state) },
    };
    return exchange_send_piece(exchange, &piece, err);
}

static enum status send_health(struct exchange *exchange, unsigned http_status,
                               const struct json *document, struct error *err)
{
    struct buffer body OWNED(buffer_release) = { 0 };
    struct response *response OWNED(response_release) = NULL;
    static const struct reply_field fields[] = {
        { "Content-Type", "application/json" },
        { "Cache-Control", "no-store" },
        { "X-Content-Type-Options", "nosniff" },
    };
    TRY(json_print(&body, document, err));
    TRY(reply_with_buffer(&response, &body, fields, COUNT_OF(fields), err));
    return exchange_send(exchange, http_status, response);
}

enum status handler_healthz(struct exchange *exchange, struct error *err)
{
    struct json *document OWNED(json_release) = json_new_object();
    json_set_string(document, "status", "alive");
    return send_health(exchange, 200, document, err);
}

// Anybody may ask: nothing here names an artifact or a fault's particulars.
enum status handler_readyz(struct exchange *exchange, struct error *err)
{
    struct exchange_services *services = exchange->services;
    const char *fault = atomic_load(&services->readiness.fault);
    bool is_stopping = atomic_load(&services->readiness.is_stopping);
    struct json *document OWNED(json_release) = json_new_object();
    json_set_string(document, "status", is_stopping ? "stopping" : fault ? "degraded" : "ready");
    json_set_string(document, "environment", holder_identity(services->holder)->name);
    json_set_string(document, "state", snapshot_commit(exchange->snapshot));
    if (fault)
        json_set_string(document, "reason", fault);
    struct json *emergencies = json_set_object(document, "emergencies");
    json_set_integer(emergencies, "open", atomic_load(&services->readiness.open_emergencies));
    json_set_integer(emergencies, "expired", atomic_load(&services->readiness.expired_emergencies));
    json_set_integer(document, "unmet_uses", atomic_load(&services->readiness.unmet_uses));
    return send_health(exchange, is_stopping ? 503 : 200, document, err);
}
