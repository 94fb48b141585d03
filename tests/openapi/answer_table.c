// The answers that an OpenAPI document tells of.
#include "answer_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/memory.h"

#define MAX_DOCUMENT_BYTES ((size_t)8 << 20)

const struct json *answer_table_resolve(const struct answer_table *table, const struct json *value)
{
    const char *reference = json_get_string(value, "$ref", NULL);
    return reference ? json_at(table->document, reference + 1) : value;
}

static enum status add_row(struct answer_table *table, const struct answer_row *row,
                           struct error *err)
{
    TRY(memory_grow(&table->rows, table->count, &table->capacity, sizeof(*table->rows), err));
    table->rows[table->count] = *row;
    table->rows[table->count].response = answer_table_resolve(table, row->response);
    table->rows[table->count].number = table->count;
    table->count++;
    return STATUS_OK;
}

static enum status add_operation(struct answer_table *table, const char *path,
                                 const struct json *operation, struct error *err)
{
    const struct json *responses = json_get(operation, "responses");
    for (const struct json *response = json_first(responses); response;
         response = json_next(response)) {
        struct answer_row row = { .path = path,
                                  .method = json_key(operation),
                                  .status = (unsigned)strtoul(json_key(response), NULL, 10),
                                  .response = response };
        if (row.status > 0) // "default" is below
            TRY(add_row(table, &row, err));
    }
    return STATUS_OK;
}

static enum status add_rows(struct answer_table *table, struct error *err)
{
    const struct json *paths = json_get(table->document, "paths");
    for (const struct json *path = json_first(paths); path; path = json_next(path))
        for (const struct json *operation = json_first(path); operation;
             operation = json_next(operation))
            TRY(add_operation(table, json_key(path), operation, err));
    const struct json *any = json_at(table->document, "/components/responses/ProblemAny");
    const struct json *statuses = json_get(any, "x-statuses");
    for (const struct json *status = json_first(statuses); status; status = json_next(status)) {
        struct answer_row row = { "*", "*", (unsigned)json_number(status), any, 0, 0 };
        TRY(add_row(table, &row, err));
    }
    return STATUS_OK;
}

static void name_media(char out[ANSWER_POINTER_BYTES], size_t number, const char *media_type)
{
    size_t length = (size_t)snprintf(out, ANSWER_POINTER_BYTES, "%zu-", number);
    for (const char *at = media_type; *at && length + 1 < ANSWER_POINTER_BYTES; at++)
        out[length++] = *at == '/' ? '-' : *at;
    out[length] = '\0';
}

// One document of schemas, so that what they share is compiled once.
static enum status compile(struct answer_table *table, struct error *err)
{
    char name[ANSWER_POINTER_BYTES];
    table->judged = json_new_object();
    json_set(table->judged, "components", json_copy(json_get(table->document, "components")));
    struct json *schemas = json_set_object(table->judged, "$defs");
    const struct json *headers = json_at(table->document, "/components/headers");
    for (const struct json *header = json_first(headers); header; header = json_next(header))
        json_set(schemas, json_key(header), json_copy(json_get(header, "schema")));
    for (size_t i = 0; i < table->count; i++) {
        const struct json *content = json_get(table->rows[i].response, "content");
        for (const struct json *media = json_first(content); media; media = json_next(media)) {
            name_media(name, i, json_key(media));
            json_set(schemas, name, json_copy(json_get(media, "schema")));
        }
    }
    return schema_compile(&table->schema, table->judged, NULL, err);
}

enum status answer_table_open(struct answer_table *out, const char *path, struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(file_read(&text, path, MAX_DOCUMENT_BYTES, err));
    TRY(json_parse(&out->document, text.bytes, text.length, err));
    TRY(add_rows(out, err));
    return compile(out, err);
}

void answer_table_release(struct answer_table *table)
{
    schema_free(table->schema);
    json_free(table->judged);
    json_free(table->document);
    free(table->rows);
    *table = (struct answer_table) { 0 };
}

// Whether a path is of that form: a hole is filled by anything but a "/-/", as a name has none.
static bool fits(const char *form, const char *path)
{
    if (*form == '\0' || *path == '\0')
        return *form == *path;
    if (*form != '{')
        return *form == *path && fits(form + 1, path + 1);
    const char *behind = strchr(form, '}') + 1;
    for (const char *end = path + 1; strncmp(end - 1, "/-/", 3) != 0; end++) {
        if (fits(behind, end))
            return true;
        if (*end == '\0')
            return false;
    }
    return false;
}

static size_t count_letters(const char *form)
{
    size_t count = 0;
    for (bool is_hole = false; *form; form++) {
        is_hole = *form == '{' || (is_hole && *form != '}');
        count += !is_hole;
    }
    return count;
}

static const char *find_form(const struct answer_table *table, const char *method, const char *path)
{
    const char *found = NULL;
    for (size_t i = 0; i < table->count; i++) {
        const struct answer_row *row = &table->rows[i];
        if (strcasecmp(row->method, method) == 0 && fits(row->path, path) &&
            (!found || count_letters(row->path) > count_letters(found)))
            found = row->path;
    }
    return found;
}

struct answer_row *answer_table_find(const struct answer_table *table, const char *method,
                                     const char *path, unsigned status)
{
    const char *asked = strcmp(method, "HEAD") == 0 ? "GET" : method;
    const char *form = find_form(table, asked, path);
    struct answer_row *any = NULL;
    for (size_t i = 0; i < table->count; i++) {
        struct answer_row *row = &table->rows[i];
        if (row->status != status)
            continue;
        if (form && strcmp(row->path, form) == 0 && strcasecmp(row->method, asked) == 0)
            return row;
        if (strcmp(row->path, "*") == 0)
            any = row;
    }
    return any;
}

bool answer_table_media(char out[ANSWER_POINTER_BYTES], bool *out_is_bytes,
                        const struct answer_row *row, const char *media_type)
{
    const struct json *content = json_get(row->response, "content");
    size_t length = strcspn(media_type, ";");
    for (const struct json *media = json_first(content); media; media = json_next(media)) {
        char name[ANSWER_POINTER_BYTES];
        *out_is_bytes = strcmp(json_key(media), "*/*") == 0;
        bool is_same =
            strlen(json_key(media)) == length && strncmp(json_key(media), media_type, length) == 0;
        if (!*out_is_bytes && !is_same)
            continue;
        name_media(name, row->number, json_key(media));
        snprintf(out, ANSWER_POINTER_BYTES, "/$defs/%.200s", name);
        return true;
    }
    return false;
}

void answer_table_header(char out[ANSWER_POINTER_BYTES], const struct json *header)
{
    const char *reference = json_get_string(header, "$ref", "");
    const char *name = strrchr(reference, '/');
    snprintf(out, ANSWER_POINTER_BYTES, "/$defs/%s", name ? name + 1 : "");
}
