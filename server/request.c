// A request as this server reads it.
#include "request.h"

#include <microhttpd.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "etag.h"

static void take_host(struct request_fields *fields, const char *value, size_t value_bytes)
{
    (void)value;
    fields->hosts++;
    fields->is_malformed |= value_bytes == 0;
}

static void take_authorization(struct request_fields *fields, const char *value, size_t value_bytes)
{
    fields->authorizations++;
    while (value_bytes > 0 && (value[value_bytes - 1] == ' ' || value[value_bytes - 1] == '\t'))
        value_bytes--; // white space behind a value is none of it, and the library leaves it there
    fields->request->authorization = value;
    fields->request->authorization_bytes = value_bytes;
}

static void take_condition(struct request_fields *fields, const char *value, size_t value_bytes)
{
    (void)value_bytes;
    struct request *request = fields->request;
    if (request->condition_count < REQUEST_MAX_CONDITIONS)
        request->conditions[request->condition_count++] = value;
}

static void take_length(struct request_fields *fields, const char *value, size_t value_bytes)
{
    fields->lengths++;
    fields->is_malformed |= value_bytes == 0 || strspn(value, "0123456789") != value_bytes;
    fields->request->has_content |= strspn(value, "0") != value_bytes;
}

static void take_encoding(struct request_fields *fields, const char *value, size_t value_bytes)
{
    (void)value_bytes;
    fields->encodings++;
    fields->is_malformed |= strcasecmp(value, "chunked") != 0;
    fields->request->has_content = true;
}

static const struct {
    const char *name;
    size_t name_bytes;
    void (*take)(struct request_fields *fields, const char *value, size_t value_bytes);
} known[] = {
    { "Host", 4, take_host },
    { "Authorization", 13, take_authorization },
    { "If-None-Match", 13, take_condition },
    { "Content-Length", 14, take_length },
    { "Transfer-Encoding", 17, take_encoding },
};

void request_take_field(struct request_fields *fields, const char *name, size_t name_bytes,
                        const char *value, size_t value_bytes)
{
    if (name_bytes == 0 || name[name_bytes - 1] == ' ' || name[name_bytes - 1] == '\t') {
        fields->is_malformed = true;
        return;
    }
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (known[i].name_bytes == name_bytes && strncasecmp(name, known[i].name, name_bytes) == 0)
            known[i].take(fields, value, value_bytes);
}

enum status request_judge_fields(const struct request_fields *fields, const char *version,
                                 struct error *err)
{
    bool is_1_1 = strcmp(version, "HTTP/1.1") == 0;
    if (!is_1_1 && strcmp(version, "HTTP/1.0") != 0)
        return error_set(err, STATUS_INVALID, "version_not_supported", "this is no HTTP/1.1");
    if (fields->hosts > 1 || (is_1_1 && fields->hosts == 0))
        return error_set(err, STATUS_INVALID, "host_invalid", "a request names exactly one Host");
    if (fields->authorizations > 1)
        return error_set(err, STATUS_INVALID, "authorization_invalid",
                         "a request has one Authorization field at most");
    if (fields->lengths > 1 || fields->encodings > 1 || (fields->lengths && fields->encodings))
        return error_set(err, STATUS_INVALID, "framing_invalid",
                         "a request says once how long it is");
    if (fields->is_malformed)
        return error_set(err, STATUS_INVALID, "field_invalid",
                         "a header field is not of the form that RFC 9112 asks for");
    return STATUS_OK;
}

static enum MHD_Result take_field(void *context, enum MHD_ValueKind kind, const char *name,
                                  size_t name_bytes, const char *value, size_t value_bytes)
{
    (void)kind;
    request_take_field(context, name, name_bytes, value ? value : "", value_bytes);
    return MHD_YES;
}

enum status request_read(struct request *out, struct MHD_Connection *connection, const char *method,
                         const char *url, const char *version, struct error *err)
{
    struct request_fields fields = { .request = out };
    out->method = route_method_parse(method);
    out->authorization = NULL;
    out->condition_count = 0;
    out->has_content = false;
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, take_field, &fields);
    TRY(request_judge_fields(&fields, version, err));
    return target_parse(&out->target, url, err);
}

bool request_has_current(const struct request *request, const char *etag)
{
    for (unsigned i = 0; i < request->condition_count; i++)
        if (etag_list_matches(request->conditions[i], etag))
            return true;
    return false;
}
