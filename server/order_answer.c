// The answer to an operation.
//
// Done: {"result":…,"findings":[…],"refused":false}, where "result" is what `greenroom --json`
// prints. What comes back as bytes (a seal, an export, a file) is the content of the answer, or,
// for who asks for multipart/mixed, its second part behind that document.
#include "order_answer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/archive_spool.h"
#include "archive/archive_writer.h"
#include "base/file.h"
#include "base/memory.h"
#include "log.h"
#include "operation/operation_multipart.h"
#include "operation/operation_result.h"
#include "problem.h"
#include "reply.h"

#define JSON_TYPE "application/json"

// Bytes in a file without a name, kept open until they were sent.
static void drop_file(void *held)
{
    int fd = (int)(intptr_t)held;
    file_close(&fd);
}

static enum status add_common_fields(struct response *response, const char *media_type,
                                     struct error *err)
{
    TRY(response_add_field(response, "Content-Type", media_type, err));
    TRY(response_add_field(response, "Cache-Control", "no-store", err));
    return response_add_field(response, "X-Content-Type-Options", "nosniff", err);
}

static enum status send_file(struct response **out, int *fd, const char *media_type,
                             struct error *err)
{
    struct response *response OWNED(response_release) = NULL;
    struct stat status;
    if (fstat(*fd, &status) != 0)
        return error_errno(err, "cannot read", "the answer");
    struct response_content content = { .fd = *fd,
                                        .size_bytes = (uint64_t)status.st_size,
                                        .drop = drop_file,
                                        .held = (void *)(intptr_t)*fd };
    TRY(response_new(&response, &content, err));
    *fd = -1;
    TRY(add_common_fields(response, media_type, err));
    *out = MOVE(response);
    return STATUS_OK;
}

static enum status print_result(struct buffer *out, const struct operation_call *call,
                                struct error *err)
{
    struct json *document OWNED(json_release) = json_new_object();
    json_set(document, "result", call->output ? json_copy(call->output) : json_new_object());
    operation_result_set_findings(document, &call->findings);
    json_set_bool(document, "refused", call->is_refusal);
    return json_print(out, document, err);
}

static bool is_one_file(const struct operation *operation)
{
    for (const struct operation_field *field = operation->fields; field->name; field++)
        if (field->type == FIELD_OUTPUT)
            return operation->result_form == RESULT_FILE;
    return true; // printed, not written anywhere
}

const char *order_answer_media_type(const struct operation *operation)
{
    return is_one_file(operation) ? "application/octet-stream" : "application/x-tar";
}

static enum status write_content(int fd, const struct operation *operation,
                                 const struct operation_call *call, struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    if (!is_one_file(operation))
        return archive_writer_fd(fd, ARCHIVE_TAR, &call->result, "the answer", err);
    TRY(content_view(&view, &call->result.files[0], err));
    return file_write_all(fd, view.bytes, view.size_bytes, "the answer", err);
}

static enum status write_parts(int fd, const struct operation *operation,
                               const struct operation_call *call, const char *boundary,
                               const char *media_type, struct error *err)
{
    struct buffer head OWNED(buffer_release) = { 0 };
    struct buffer end OWNED(buffer_release) = { 0 };
    operation_multipart_append_head(&head, boundary, NULL, NULL, JSON_TYPE);
    TRY(print_result(&head, call, err));
    operation_multipart_append_head(&head, boundary, NULL, NULL, media_type);
    TRY(buffer_check(&head, err));
    TRY(file_write_all(fd, head.bytes, head.length, "the answer", err));
    // Straight to the same file: an archive's writer begins where the file ends.
    TRY(write_content(fd, operation, call, err));
    operation_multipart_append_end(&end, boundary);
    TRY(buffer_check(&end, err));
    return file_write_all(fd, end.bytes, end.length, "the answer", err);
}

static enum status answer_with_content(struct order *order, const struct operation_call *call,
                                       struct error *err)
{
    const struct operation *operation = order->plan.operation;
    const char *type = order_answer_media_type(operation);
    char boundary[MULTIPART_BOUNDARY_BYTES];
    struct buffer mixed OWNED(buffer_release) = { 0 };
    int fd OWNED(file_close) = -1;
    TRY(archive_spool_open_file(&fd, err));
    if (!order->plan.wants_parts) {
        TRY(write_content(fd, operation, call, err));
        return send_file(&order->response, &fd, type, err);
    }
    TRY(operation_multipart_make_boundary(boundary, err));
    TRY(write_parts(fd, operation, call, boundary, type, err));
    buffer_append_format(&mixed, "multipart/mixed; boundary=%s", boundary);
    TRY(buffer_check(&mixed, err));
    return send_file(&order->response, &fd, mixed.bytes, err);
}

static const struct reply_field plain_fields[] = {
    { "Content-Type", JSON_TYPE },
    { "Cache-Control", "no-store" },
    { "X-Content-Type-Options", "nosniff" },
};

static enum status answer(struct order *order, const struct operation_call *call, struct error *err)
{
    struct buffer body OWNED(buffer_release) = { 0 };
    order->http_status = 200;
    if (call->result.count > 0)
        return answer_with_content(order, call, err);
    TRY(print_result(&body, call, err));
    return reply_with_buffer(&order->response, &body, plain_fields, COUNT_OF(plain_fields), err);
}

static enum status answer_failure(struct order *order, const struct operation_call *call,
                                  const struct json *announced, const struct error *failure,
                                  struct error *err)
{
    char request_id[PROBLEM_REQUEST_ID_BYTES];
    struct buffer body OWNED(buffer_release) = { 0 };
    struct json *more OWNED(json_release) = json_new_object();
    if (call->findings.count > 0)
        operation_result_set_findings(more, &call->findings);
    if (call->to_sign)
        json_set(more, "to_sign", json_copy(call->to_sign));
    if (call->to_sign && announced)
        json_set(more, "changes", json_copy(announced));
    order->http_status = problem_http_status(failure);
    TRY(problem_make_request_id(request_id, err));
    TRY(problem_print_more(&body, failure, request_id, more, err));
    const struct reply_field fields[] = {
        { "Content-Type", PROBLEM_MEDIA_TYPE },
        { "Cache-Control", "no-store" },
        { "X-Content-Type-Options", "nosniff" },
        { "X-Request-Id", request_id },
        { "WWW-Authenticate", order->http_status == 401 ? "Bearer realm=\"greenroom\"" : NULL },
        { "Retry-After", order->http_status == 503 ? "2" : NULL },
    };
    if (order->http_status >= 500)
        log_request(order->plan.log, request_id, failure);
    return reply_with_buffer(&order->response, &body, fields, COUNT_OF(fields), err);
}

void order_answer_make(struct order *order, const struct operation_call *call,
                       const struct json *announced, const struct error *failure)
{
    const struct operation_call none = { 0 };
    struct error fault = { 0 };
    struct error unheard;
    if (!failure && answer(order, call, &fault) != STATUS_OK)
        failure = &fault; // it was done; that it cannot be told is another thing
    if (failure && answer_failure(order, failure == &fault ? &none : call, announced, failure,
                                  &unheard) != STATUS_OK)
        log_line(order->plan.log, LOG_FAULT, "cannot answer: %s", unheard.message);
}
