// One operation that somebody asked for.
#include "order.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "archive/archive_reader.h"
#include "archive/archive_spool.h"
#include "archive/archive_writer.h"
#include "base/file.h"
#include "base/file_map.h"
#include "base/memory.h"
#include "operation/operation_multipart.h"
#include "order_answer.h"
#include "trust/hash.h"

#define FORM_TYPE "multipart/form-data"
#define EVIDENCE_FILE_MAX_BYTES (16U << 20) // as the command line has it

static const struct operation_field *find_field(const struct operation *operation,
                                                enum operation_field_type type)
{
    for (const struct operation_field *field = operation->fields; field->name; field++)
        if (field->type == type)
            return field;
    return NULL;
}

// An author's files, however they come.
static bool takes_any_files(const struct operation *operation)
{
    return find_field(operation, FIELD_CONTENT) || find_field(operation, FIELD_SUBJECT);
}

bool order_takes_content(const struct operation *operation)
{
    return takes_any_files(operation) || find_field(operation, FIELD_SEAL) ||
           find_field(operation, FIELD_OTHER) || find_field(operation, FIELD_FILES);
}

static bool is_form(const struct order *order)
{
    return strncasecmp(order->plan.content_type, FORM_TYPE, sizeof(FORM_TYPE) - 1) == 0;
}

static enum status take(void *state, const char *bytes, size_t length, struct error *err)
{
    struct order *order = state;
    bool may_be_long = is_form(order) && order_takes_content(order->plan.operation);
    if (!may_be_long && order->received_bytes + length > ORDER_MAX_INPUT_BYTES)
        return error_set(err, STATUS_TOO_LARGE, "content_too_large",
                         "the input is longer than %u bytes", ORDER_MAX_INPUT_BYTES);
    TRY(file_write_all(order->content_fd, bytes, length, "the request's content", err));
    order->received_bytes += length;
    return STATUS_OK;
}

static void free_order(void *state)
{
    struct order *order = state;
    for (size_t i = 0; i < COUNT_OF(order->strings); i++)
        free(order->strings[i]);
    file_close(&order->content_fd);
    response_release(&order->response);
    free(order);
}

static void release_order(struct order **order)
{
    if (*order)
        free_order(*order);
}

enum status order_new(struct order **out, struct receiver *receiver, const struct order_plan *plan,
                      struct error *err)
{
    struct order *order OWNED(release_order) = NULL;
    TRY(memory_new(&order, 1, sizeof(*order), err));
    order->content_fd = -1;
    order->plan = *plan;
    const char **members[] = { &order->plan.label, &order->plan.bearer, &order->plan.content_type,
                               &order->plan.request_key };
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        if (!*members[i])
            continue;
        TRY(memory_copy_string(&order->strings[i], *members[i], err));
        *members[i] = order->strings[i];
    }
    TRY(archive_spool_open_file(&order->content_fd, err));
    *out = order;
    *receiver = (struct receiver) { .take = take, .release = free_order, .state = MOVE(order) };
    return STATUS_OK;
}

struct order *order_of(const struct receiver *receiver)
{
    return receiver->state;
}

// The call while its parts are read.
struct reading {
    struct order *order;
    struct operation_call *call;
    struct json *input;
};

static enum status take_input(struct reading *reading, const char *bytes, size_t length,
                              struct error *err)
{
    if (reading->input)
        return error_set(err, STATUS_INVALID, "part_twice", "the input comes twice");
    if (length > ORDER_MAX_INPUT_BYTES)
        return error_set(err, STATUS_TOO_LARGE, "content_too_large",
                         "the input is longer than %u bytes", ORDER_MAX_INPUT_BYTES);
    return json_parse(&reading->input, bytes, length, err);
}

// An archive, read as one that lies in a file; or one file by its name.
static enum status take_content(struct reading *reading, const struct operation_part *part,
                                struct error *err)
{
    struct operation_call *call = reading->call;
    const struct operation *operation = reading->order->plan.operation;
    enum archive_format format;
    struct error unheard;
    int fd OWNED(file_close) = -1;
    if (call->content.count > 0)
        return error_set(err, STATUS_INVALID, "part_twice", "the content comes twice");
    bool is_archive = !*part->file_name || !takes_any_files(operation) ||
                      archive_writer_format_of(&format, part->file_name, &unheard) == STATUS_OK;
    if (!is_archive) {
        call->content_is_single = true;
        TRY(content_add_bytes(&call->content, part->file_name, part->bytes, part->size_bytes, err));
        return content_seal(&call->content, err);
    }
    TRY(archive_spool_open_file(&fd, err));
    TRY(file_write_all(fd, part->bytes, part->size_bytes, "the content", err));
    if (find_field(operation, FIELD_SEAL)) {
        call->has_packed = true;
        TRY(hash_fd(&call->packed, fd, "the content", err));
    }
    return archive_reader_fd(&call->content, fd, "the content", err);
}

static enum status take_file(struct reading *reading, const struct operation_part *part,
                             struct error *err)
{
    if (part->size_bytes > EVIDENCE_FILE_MAX_BYTES)
        return error_set(err, STATUS_TOO_LARGE, "file_too_large",
                         "'%s' is longer than %u bytes, too long to be kept as evidence",
                         part->file_name, EVIDENCE_FILE_MAX_BYTES);
    return content_add_bytes(&reading->call->content, part->file_name, part->bytes,
                             part->size_bytes, err);
}

static enum status take_part(void *context, const struct operation_part *part, struct error *err)
{
    struct reading *reading = context;
    const struct operation *operation = reading->order->plan.operation;
    bool takes_files = find_field(operation, FIELD_FILES) != NULL;
    if (strcmp(part->name, "input") == 0)
        return take_input(reading, part->bytes, part->size_bytes, err);
    if (strcmp(part->name, "file") == 0 && takes_files && *part->file_name)
        return take_file(reading, part, err);
    if (strcmp(part->name, "content") == 0 && !takes_files && order_takes_content(operation))
        return take_content(reading, part, err);
    error_set(err, STATUS_INVALID, "part_unknown", "'%s' does not take a part '%.80s'",
              operation->name, part->name);
    return error_hint(err,
                      "send its input as 'input'; an archive as 'content'; evidence as 'file', "
                      "each with its name");
}

static enum status read_form(struct reading *reading, const struct file_map *map, struct error *err)
{
    char boundary[MULTIPART_BOUNDARY_BYTES];
    TRY(operation_multipart_boundary(boundary, reading->order->plan.content_type, FORM_TYPE, err));
    TRY(operation_multipart_read(map->bytes, map->size_bytes, boundary, take_part, reading, err));
    if (find_field(reading->order->plan.operation, FIELD_FILES))
        return content_seal(&reading->call->content, err);
    return STATUS_OK;
}

static enum status read_call(struct reading *reading, const struct file_map *map, struct error *err)
{
    static const char json_type_name[] = "application/json";
    const char *type = reading->order->plan.content_type;
    if (is_form(reading->order))
        return read_form(reading, map, err);
    size_t length = sizeof(json_type_name) - 1;
    if (strncasecmp(type, json_type_name, length) == 0 &&
        (type[length] == '\0' || type[length] == ';'))
        return take_input(reading, map->bytes, map->size_bytes, err);
    error_set(err, STATUS_INVALID, "media_type_unsupported", "'%.80s' is not taken here", type);
    return error_hint(err, "send application/json, or multipart/form-data with the parts 'input' "
                           "and 'content'");
}

static enum status run(struct order *order, struct operation_call *call, struct json **input,
                       struct error *err)
{
    struct file_map map OWNED(file_map_release) = { 0 };
    struct reading reading = { .order = order, .call = call };
    TRY(file_map_open(&map, order->content_fd, "the request's content", err));
    enum status status = read_call(&reading, &map, err);
    *input = reading.input ? reading.input : json_new_object();
    TRY(status);
    call->input = *input;
    return operation_run(order->plan.operation, call, err);
}

// What is shown to a person before they sign goes along with what is to be signed.
static void announce(void *context, const struct json *what)
{
    *(struct json **)context = json_copy(what);
}

void order_perform(struct order *order)
{
    struct json *input OWNED(json_release) = NULL;
    struct json *announced OWNED(json_release) = NULL;
    struct operation_call call OWNED(operation_call_release) = {
        .environment_path = order->plan.environment_path,
        .environment_label = order->plan.label,
        .bearer = order->plan.bearer,
        .request_key = order->plan.request_key,
        .announce = announce,
        .announce_context = &announced,
    };
    struct error err = { 0 };
    enum status status = run(order, &call, &input, &err);
    order_answer_make(order, &call, announced, status == STATUS_OK ? NULL : &err);
}

void order_refuse(struct order *order, const struct error *reason)
{
    const struct operation_call none = { 0 };
    order_answer_make(order, &none, NULL, reason);
}
