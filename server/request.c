// A request as this server reads it.
#include "request.h"

#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "etag.h"

#define MAX_LENGTH_DIGITS 18 // of Content-Length: no such number overflows

// The fields that decide where a request ends and whom it is for, while they are counted.
struct fields {
    struct request_fields *found;
    unsigned hosts;
    unsigned authorizations;
    unsigned lengths;
    unsigned encodings;
    bool expects_other;
    bool is_malformed;
};

// What a host and its port consist of: RFC 3986 section 3.2, without user information.
static const bool host_bytes[256] = {
    ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['0' ... '9'] = true, ['-'] = true, ['.'] = true,
    ['_'] = true,         ['~'] = true,         ['!'] = true,         ['$'] = true, ['&'] = true,
    ['\''] = true,        ['('] = true,         [')'] = true,         ['*'] = true, ['+'] = true,
    [','] = true,         [';'] = true,         ['='] = true,         ['%'] = true, [':'] = true,
    ['['] = true,         [']'] = true,
};

static void take_host(struct fields *fields, struct head_span value)
{
    fields->hosts++;
    fields->found->host = value;
    fields->is_malformed |= value.length == 0;
    for (size_t i = 0; i < value.length; i++)
        fields->is_malformed |= !host_bytes[(unsigned char)value.bytes[i]];
}

static void take_authorization(struct fields *fields, struct head_span value)
{
    fields->authorizations++;
    fields->found->authorization = value;
}

static void take_condition(struct fields *fields, struct head_span value)
{
    struct request_fields *found = fields->found;
    if (found->condition_count < REQUEST_MAX_CONDITIONS)
        found->conditions[found->condition_count++] = value;
}

static void take_range(struct fields *fields, struct head_span value)
{
    fields->found->range = value;
}

static void take_range_condition(struct fields *fields, struct head_span value)
{
    fields->found->range_condition = value;
}

static void take_encodings(struct fields *fields, struct head_span value)
{
    fields->found->encodings = value;
}

static void take_length(struct fields *fields, struct head_span value)
{
    uint64_t length = 0;
    fields->lengths++;
    fields->is_malformed |= value.length == 0 || value.length > MAX_LENGTH_DIGITS;
    for (size_t i = 0; i < value.length && !fields->is_malformed; i++) {
        fields->is_malformed |= value.bytes[i] < '0' || value.bytes[i] > '9';
        length = length * 10 + (uint64_t)(value.bytes[i] - '0');
    }
    fields->found->content_bytes = length;
    fields->found->has_content |= length > 0;
}

static void take_encoding(struct fields *fields, struct head_span value)
{
    fields->encodings++;
    fields->is_malformed |= !head_span_is(value, "chunked");
    fields->found->is_chunked = true;
    fields->found->has_content = true;
}

static void take_expectation(struct fields *fields, struct head_span value)
{
    bool is_continue = head_span_is(value, "100-continue");
    fields->found->expects_continue |= is_continue;
    fields->expects_other |= !is_continue;
}

static void take_connection(struct fields *fields, struct head_span value)
{
    fields->found->is_last |= head_list_has(value, "close");
}

static void take_accept(struct fields *fields, struct head_span value)
{
    fields->found->accept = value;
}

static void take_content_type(struct fields *fields, struct head_span value)
{
    fields->found->content_type = value;
}

static void take_request_key(struct fields *fields, struct head_span value)
{
    fields->found->request_key = value;
}

static const struct {
    const char *name;
    size_t name_bytes;
    void (*take)(struct fields *fields, struct head_span value);
} readers[] = {
    { "Host", 4, take_host },
    { "Authorization", 13, take_authorization },
    { "If-None-Match", 13, take_condition },
    { "Range", 5, take_range },
    { "If-Range", 8, take_range_condition },
    { "Accept-Encoding", 15, take_encodings },
    { "Content-Length", 14, take_length },
    { "Transfer-Encoding", 17, take_encoding },
    { "Expect", 6, take_expectation },
    { "Connection", 10, take_connection },
    { "Accept", 6, take_accept },
    { "Content-Type", 12, take_content_type },
    { "Idempotency-Key", 15, take_request_key },
};

static void take_field(struct fields *fields, const struct head_field *field)
{
    for (size_t i = 0; i < COUNT_OF(readers); i++) {
        if (readers[i].name_bytes != field->name.length ||
            strncasecmp(field->name.bytes, readers[i].name, field->name.length) != 0)
            continue;
        readers[i].take(fields, field->value);
        return;
    }
}

// What all lines together come to.
static enum status judge_fields(const struct fields *fields, unsigned minor_version,
                                struct error *err)
{
    if (fields->hosts > 1 || (minor_version > 0 && fields->hosts == 0))
        return error_set(err, STATUS_INVALID, "host_invalid", "a request names exactly one Host");
    if (fields->authorizations > 1)
        return error_set(err, STATUS_INVALID, "authorization_invalid",
                         "a request has one Authorization field at most");
    if (fields->lengths > 1 || fields->encodings > 1 || (fields->lengths && fields->encodings) ||
        (fields->encodings && minor_version == 0))
        return error_set(err, STATUS_INVALID, "framing_invalid",
                         "a request says once how long it is");
    if (fields->is_malformed)
        return error_set(err, STATUS_INVALID, "field_invalid",
                         "a header field is not of the form that RFC 9112 asks for");
    if (fields->expects_other)
        return error_set(err, STATUS_INVALID, "expectation_failed",
                         "only 100-continue can be expected of this server");
    return STATUS_OK;
}

static enum status read_target(struct request *out, struct head_span target, struct error *err)
{
    const char *mark = memchr(target.bytes, '?', target.length);
    size_t path_bytes = mark ? (size_t)(mark - target.bytes) : target.length;
    out->query = (struct head_span) { 0 };
    if (mark)
        out->query = (struct head_span) { mark + 1, target.length - path_bytes - 1 };
    return target_parse(&out->target, target.bytes, path_bytes, err);
}

static enum status read_fields(struct request_fields *out, const struct head *head,
                               struct error *err)
{
    struct fields fields = { .found = out };
    *out = (struct request_fields) { .is_last = head->minor_version == 0 };
    for (size_t i = 0; i < head->field_count; i++)
        take_field(&fields, &head->fields[i]);
    return judge_fields(&fields, head->minor_version, err);
}

enum status request_read(struct request *out, const struct head *head, struct error *err)
{
    out->method = route_method_parse(head->method.bytes, head->method.length);
    TRY(read_fields(&out->fields, head, err));
    if (out->method == METHOD_UNKNOWN)
        return error_set(err, STATUS_INVALID, "method_unknown",
                         "no such method is known to this server");
    return read_target(out, head->target, err);
}

bool request_has_current(const struct request *request, const char *etag, size_t etag_bytes)
{
    for (unsigned i = 0; i < request->fields.condition_count; i++) {
        struct head_span list = request->fields.conditions[i];
        if (etag_list_matches(list.bytes, list.length, etag, etag_bytes))
            return true;
    }
    return false;
}
