// Holds what a server answered, as tests/fault/relay.c wrote it down, to what openapi.json says:
//
//     openapi_answers OPENAPI.json FOLDER...
//
// Every answer must be documented, and be what is documented: its status, its media type, its
// content by its schema, its header fields. And every answer that is documented must have been
// seen. Prints what is not so; exit 1 then.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer_table.h"
#include "base/file.h"
#include "base/memory.h"
#include "operation/operation_multipart.h"
#include "recording.h"

#define MAX_BYTES ((size_t)64 << 20)

struct reading {
    struct answer_table table;
    size_t answers;
    size_t faults;
};

// One exchange, looked at.
struct exchange {
    struct reading *reading;
    const char *label; // the file that it was written to
    struct buffer method;
    struct buffer path;
    unsigned status;
    const struct recording_message *answer;
};

static void complain(struct exchange *exchange, const char *what, const char *subject)
{
    exchange->reading->faults++;
    printf("%s: %s %s %u: %s%s\n", exchange->label, buffer_text(&exchange->method),
           buffer_text(&exchange->path), exchange->status, what, subject);
}

static void report(void *context, const struct schema_failure *failure)
{
    struct buffer text = { 0 };
    buffer_append_format(&text, "%s: %s", failure->instance_pointer, failure->message);
    complain(context, "not what its schema says: ", buffer_text(&text));
    buffer_release(&text);
}

static void check_value(struct exchange *exchange, const char *pointer, const struct json *value)
{
    struct error err = { 0 };
    enum status status =
        schema_validate(exchange->reading->table.schema, pointer, value, report, exchange, &err);
    if (status != STATUS_OK && status != STATUS_REFUSED)
        complain(exchange, "cannot be held to its schema: ", err.message);
}

static enum status take_part(void *context, const struct operation_part *part, struct error *err)
{
    struct json *parts = context;
    struct json *value = NULL;
    if (json_count(parts) == 0)
        TRY(json_parse(&value, part->bytes, part->size_bytes, err));
    json_append(parts, value ? value : json_new_string("bytes"));
    return STATUS_OK;
}

// The content as a value that a schema can judge; NULL: it is bytes.
static struct json *read_content(struct exchange *exchange, const char *media_type)
{
    const struct recording_message *answer = exchange->answer;
    struct json *value = NULL;
    char boundary[MULTIPART_BOUNDARY_BYTES];
    struct error err = { 0 };
    enum status status = STATUS_OK;
    if (strncmp(media_type, "multipart/mixed", strlen("multipart/mixed")) == 0) {
        value = json_new_array();
        status = operation_multipart_boundary(boundary, media_type, "multipart/mixed", &err);
        if (status == STATUS_OK)
            status = operation_multipart_read(answer->content, answer->content_bytes, boundary,
                                              take_part, value, &err);
    } else if (strstr(media_type, "json")) {
        status = json_parse(&value, answer->content, answer->content_bytes, &err);
    }
    if (status != STATUS_OK)
        complain(exchange, "cannot be read: ", err.message);
    return value;
}

static void check_content(struct exchange *exchange, const struct answer_row *row)
{
    struct buffer type OWNED(buffer_release) = { 0 };
    struct buffer coding OWNED(buffer_release) = { 0 };
    char pointer[ANSWER_POINTER_BYTES];
    bool is_bytes = false;
    bool has_type = recording_field(&type, exchange->answer, "Content-Type");
    if (exchange->answer->content_bytes == 0 && !json_get(row->response, "content"))
        return;
    if (!has_type || !answer_table_media(pointer, &is_bytes, row, buffer_text(&type))) {
        complain(exchange, "not a media type that is documented: ", buffer_text(&type));
        return;
    }
    if (is_bytes || recording_field(&coding, exchange->answer, "Content-Encoding"))
        return; // what a coding unpacks to has been seen without
    struct json *value OWNED(json_release) = read_content(exchange, buffer_text(&type));
    if (value)
        check_value(exchange, pointer, value);
}

static void check_fields(struct exchange *exchange, const struct answer_row *row)
{
    const struct json *headers = json_get(row->response, "headers");
    for (const struct json *header = json_first(headers); header; header = json_next(header)) {
        struct buffer text OWNED(buffer_release) = { 0 };
        const struct json *told = answer_table_resolve(&exchange->reading->table, header);
        bool is_there = recording_field(&text, exchange->answer, json_key(header));
        if (!is_there && json_get_bool(told, "required", false))
            complain(exchange, "lacks the field ", json_key(header));
        if (!is_there)
            continue;
        char pointer[ANSWER_POINTER_BYTES];
        struct json *value OWNED(json_release) = json_new_string(buffer_text(&text));
        answer_table_header(pointer, header);
        check_value(exchange, pointer, value);
    }
}

static void check_exchange(struct exchange *exchange)
{
    if (exchange->status == 204 && strcmp(buffer_text(&exchange->method), "OPTIONS") == 0)
        return;
    struct answer_row *row =
        answer_table_find(&exchange->reading->table, buffer_text(&exchange->method),
                          buffer_text(&exchange->path), exchange->status);
    if (!row) {
        complain(exchange, "not documented", "");
        return;
    }
    row->count++;
    check_fields(exchange, row);
    if (strcmp(buffer_text(&exchange->method), "HEAD") != 0)
        check_content(exchange, row);
}

// "N.request" and "N.answer": the messages of one connection, in order.
static void check_connection(struct reading *reading, const char *folder, const char *name)
{
    char path[4096];
    struct buffer requests OWNED(buffer_release) = { 0 };
    struct buffer answers OWNED(buffer_release) = { 0 };
    struct error err;
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    (void)file_read(&answers, path, MAX_BYTES, &err);
    snprintf(path, sizeof(path), "%s/%.*srequest", folder, (int)(strlen(name) - strlen("answer")),
             name);
    (void)file_read(&requests, path, MAX_BYTES, &err);
    const char *request_at = buffer_text(&requests);
    const char *answer_at = buffer_text(&answers);
    struct recording_message request;
    struct recording_message answer;
    // An answer that nobody asked for in full (408) has what there is of its request.
    while (answer_at < answers.bytes + answers.length) {
        struct exchange exchange = { .reading = reading, .label = path, .answer = &answer };
        if (!recording_next(&request, &request_at, requests.bytes + requests.length, false))
            request = (struct recording_message) { .start = buffer_text(&requests),
                                                   .start_bytes = requests.length };
        recording_target(&exchange.method, &exchange.path, &request);
        bool has_no_content = strcmp(buffer_text(&exchange.method), "HEAD") == 0;
        while (
            recording_next(&answer, &answer_at, answers.bytes + answers.length, has_no_content) &&
            (exchange.status = recording_status(&answer)) == 100)
            continue;
        reading->answers++;
        check_exchange(&exchange);
        buffer_release(&exchange.method);
        buffer_release(&exchange.path);
    }
}

static void check_folder(struct reading *reading, const char *folder)
{
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        size_t length = strlen(entry->d_name);
        if (length > strlen(".answer") && strcmp(entry->d_name + length - 7, ".answer") == 0)
            check_connection(reading, folder, entry->d_name);
    }
    if (entries)
        closedir(entries);
}

static void check_unseen(struct reading *reading)
{
    for (size_t i = 0; i < reading->table.count; i++) {
        const struct answer_row *row = &reading->table.rows[i];
        if (row->count > 0)
            continue;
        reading->faults++;
        printf("documented, and never seen: %s %s %u\n", row->method, row->path, row->status);
    }
}

int main(int argc, char *argv[])
{
    struct reading reading = { 0 };
    struct error err = { 0 };
    if (argc < 3) {
        fprintf(stderr, "usage: openapi_answers OPENAPI.json FOLDER...\n");
        return 2;
    }
    if (answer_table_open(&reading.table, argv[1], &err) != STATUS_OK) {
        fprintf(stderr, "openapi_answers: %s: %s\n", argv[1], err.message);
        return 2;
    }
    for (int i = 2; i < argc; i++)
        check_folder(&reading, argv[i]);
    check_unseen(&reading);
    printf("%zu answers, %zu documented, %zu faults\n", reading.answers, reading.table.count,
           reading.faults);
    answer_table_release(&reading.table);
    return reading.faults > 0;
}
