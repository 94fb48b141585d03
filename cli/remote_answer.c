// What a server answered, as if the operation had run here.
#include "remote_answer.h"

#include <stdlib.h>
#include <string.h>

#include "archive/archive_reader.h"
#include "archive/archive_spool.h"
#include "base/file.h"
#include "base/file_map.h"
#include "base/memory.h"
#include "exit_code.h"
#include "operation/operation_multipart.h"

// Some 180,000 rows of an audit, or as many artifacts; half a gigabyte of memory at the worst.
#define ANSWER_MAX_BYTES (64U << 20)
#define ANSWER_MAX_VALUES (4U << 20)

#define MIXED_TYPE "multipart/mixed"

static enum status not_ours(const struct remote_response *response, struct error *err)
{
    error_set(err, STATUS_IO, "answer_unknown",
              "the server's answer (%ld, '%.80s') is none of "
              "greenroomd's",
              response->http_status, response->content_type);
    return error_hint(err, "is that address a Greenroom server's?");
}

static enum severity severity_of(const char *word)
{
    enum severity severity = SEVERITY_NOTE;
    while (severity < SEVERITY_ERROR && strcmp(finding_severity_word(severity), word) != 0)
        severity++;
    return severity;
}

static enum status take_findings(struct finding_list *out, const struct json *list,
                                 struct error *err)
{
    for (const struct json *item = json_first(list); item; item = json_next(item)) {
        struct finding_draft draft = {
            .severity = severity_of(json_get_string(item, "severity", "")),
            .rule = json_get_string(item, "rule", ""),
            .file = json_get_string(item, "file", ""),
            .line = (uint32_t)json_get_integer(item, "line", 0),
            .column = (uint32_t)json_get_integer(item, "column", 0),
            .pointer = json_get_string(item, "pointer", NULL),
            .mend = json_get_string(item, "mend", ""),
        };
        TRY(finding_add(out, &draft, err, "%s", json_get_string(item, "message", "")));
    }
    return STATUS_OK;
}

// The status that ends the command as it would have ended there.
static enum status status_of(const struct json *problem, long http_status)
{
    static const struct {
        long http_status;
        enum status status;
    } rows[] = { { 401, STATUS_UNAUTHENTICATED }, { 403, STATUS_FORBIDDEN },
                 { 404, STATUS_NOT_FOUND },       { 409, STATUS_CONFLICT },
                 { 413, STATUS_TOO_LARGE },       { 422, STATUS_REFUSED } };
    int64_t code = json_get_integer(problem, "exit_code", -1);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (rows[i].http_status == http_status &&
            (code < 0 || exit_code_of(rows[i].status) == code))
            return rows[i].status;
    for (enum status status = STATUS_REFUSED; status <= STATUS_IO; status++)
        if (exit_code_of(status) == code)
            return status;
    return http_status >= 500 ? STATUS_IO : STATUS_INVALID;
}

static enum status take_problem(struct operation_call *call, const struct json *problem,
                                long http_status, struct error *err)
{
    TRY(take_findings(&call->findings, json_get(problem, "findings"), err));
    const struct json *to_sign = json_get(problem, "to_sign");
    json_free(call->to_sign);
    call->to_sign = to_sign ? json_copy(to_sign) : NULL;
    const struct json *changes = json_get(problem, "changes");
    if (changes && call->announce)
        call->announce(call->announce_context, changes);
    error_set(err, status_of(problem, http_status), "", "%s",
              json_get_string(problem, "detail", "the server says no"));
    err->code = json_get_string(problem, "error_code", "unknown"); // lives with the document
    const char *hint = json_get_string(problem, "hint", "");
    return *hint ? error_hint(err, "%s", hint) : err->status;
}

static enum status take_result(struct operation_call *call, const struct json *document,
                               struct error *err)
{
    const struct json *result = json_get(document, "result");
    if (!result)
        return error_set(err, STATUS_IO, "answer_unknown", "the server's answer has no result");
    TRY(take_findings(&call->findings, json_get(document, "findings"), err));
    call->is_refusal = json_get_bool(document, "refused", false);
    call->output = json_copy(result);
    return call->output ? STATUS_OK : error_no_memory(err);
}

static enum status parse_answer(struct json **out, const struct file_map *map,
                                const struct remote_response *response, struct error *err)
{
    static const struct json_limits limits = { ANSWER_MAX_BYTES, ANSWER_MAX_VALUES };
    struct error fault;
    bool is_json = strstr(response->content_type, "json") != NULL;
    enum status status = is_json
                             ? json_parse_within(out, map->bytes, map->size_bytes, &limits, &fault)
                             : STATUS_INVALID;
    if (status == STATUS_OK)
        return status;
    if (status != STATUS_TOO_LARGE)
        return not_ours(response, err);
    error_set(err, STATUS_TOO_LARGE, "answer_too_large",
              "the server's answer of %zu bytes is longer than can be taken", map->size_bytes);
    return error_hint(err, "ask for less: list a PATTERN, or what happened --since a time");
}

// The parts of a mixed answer: the document, then what comes back.
struct taking {
    struct operation_call *call;
    struct json **document;
    const struct operation *operation;
};

static bool comes_as_archive(const struct operation *operation)
{
    for (const struct operation_field *field = operation->fields; field->name; field++)
        if (field->type == FIELD_OUTPUT)
            return operation->result_form != RESULT_FILE;
    return false;
}

static enum status take_content(struct taking *taking, const struct operation_part *part,
                                struct error *err)
{
    struct content *content = &taking->call->result;
    int fd OWNED(file_close) = -1;
    if (!comes_as_archive(taking->operation)) {
        TRY(content_add_bytes(content, "content", part->bytes, part->size_bytes, err));
        return content_seal(content, err);
    }
    TRY(archive_spool_open_file(&fd, err));
    TRY(file_write_all(fd, part->bytes, part->size_bytes, "the answer", err));
    return archive_reader_fd(content, fd, "the answer", err);
}

static enum status take_part(void *context, const struct operation_part *part, struct error *err)
{
    struct taking *taking = context;
    if (*taking->document)
        return take_content(taking, part, err);
    TRY(json_parse(taking->document, part->bytes, part->size_bytes, err));
    return take_result(taking->call, *taking->document, err);
}

enum status remote_answer_read(struct operation_call *call, struct json **out_document,
                               const struct operation *operation,
                               const struct remote_response *response, struct error *err)
{
    struct file_map map OWNED(file_map_release) = { 0 };
    struct taking taking = { call, out_document, operation };
    char boundary[MULTIPART_BOUNDARY_BYTES];
    struct error unheard;
    TRY(file_map_open(&map, response->fd, "the answer", err));
    if (response->http_status == 200 &&
        operation_multipart_boundary(boundary, response->content_type, MIXED_TYPE, &unheard) ==
            STATUS_OK)
        return operation_multipart_read(map.bytes, map.size_bytes, boundary, take_part, &taking,
                                        err);
    TRY(parse_answer(out_document, &map, response, err));
    if (response->http_status == 200)
        return take_result(call, *out_document, err);
    return take_problem(call, *out_document, response->http_status, err);
}
