// Writes a C file that holds JSON documents read already: embed_json OUTPUT FILE...
// The table it defines is declared in registry/artifact/json_builtin.h.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/json.h"
#include "artifact/json_builtin.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"

#define MAX_FILE_BYTES (1U << 20)
#define MAX_NUMBER 1e15 // a whole number below it is all that a double says of it

// One document as it is written down.
struct document {
    struct buffer nodes;
    struct buffer texts; // each with its NUL; offset 0 is none
    size_t count;
    bool has_other_number;
};

static void document_release(struct document *document)
{
    buffer_release(&document->nodes);
    buffer_release(&document->texts);
}

// Where the text stands, put there if it is new.
static size_t place_of(struct document *document, const char *text)
{
    size_t length = text ? strlen(text) + 1 : 0;
    const char *all = document->texts.bytes;
    if (!text)
        return 0;
    for (size_t at = 1; at + length <= document->texts.length; at += strlen(all + at) + 1)
        if (strcmp(all + at, text) == 0)
            return at;
    buffer_append(&document->texts, text, length);
    return document->texts.length - length;
}

static size_t count_all(const struct json *value)
{
    size_t count = 1;
    for (const struct json *child = json_first(value); child; child = json_next(child))
        count += count_all(child);
    return count;
}

static void append_node(struct document *document, const struct json *value)
{
    size_t key = place_of(document, json_key(value));
    size_t text = place_of(document, json_string(value));
    size_t end = document->count + count_all(value);
    double number = json_is(value, JSON_NUMBER) ? json_number(value) : 0;
    document->count++;
    document->has_other_number |= number != trunc(number) || fabs(number) >= MAX_NUMBER;
    buffer_append_format(&document->nodes, "    { %d, %d, %d, %zu, %zu, %zu, %.17g },\n",
                         (int)json_type(value), json_bool(value), json_next(value) != NULL, key,
                         text, end, number);
    for (const struct json *child = json_first(value); child; child = json_next(child))
        append_node(document, child);
}

static enum status write_document(FILE *out, size_t index, const char *path, struct error *err)
{
    struct buffer bytes OWNED(buffer_release) = { 0 };
    struct json *root OWNED(json_release) = NULL;
    struct document document OWNED(document_release) = { 0 };
    TRY(file_read(&bytes, path, MAX_FILE_BYTES, err));
    TRY(json_parse(&root, buffer_text(&bytes), bytes.length, err));
    buffer_append_byte(&document.texts, '\0');
    append_node(&document, root);
    if (document.has_other_number)
        return error_set(err, STATUS_INVALID, "number", "only whole numbers below 10^15 are kept");
    TRY(buffer_check(&document.texts, err));
    TRY(buffer_check(&document.nodes, err));
    fprintf(out, "static const struct json_builtin_node nodes_%zu[] = {\n%s};\n", index,
            document.nodes.bytes);
    fprintf(out, "static const unsigned char texts_%zu[] = {", index);
    for (size_t i = 0; i < document.texts.length; i++)
        fprintf(out, "%d,", (unsigned char)document.texts.bytes[i]);
    fputs("};\n\n", out);
    return STATUS_OK;
}

static void write_table(FILE *out, char **paths, size_t count)
{
    fputs("const struct json_builtin_document json_builtin_documents[] = {\n", out);
    for (size_t i = 0; i < count; i++) {
        const char *slash = strrchr(paths[i], '/');
        fprintf(out,
                "    { \"%s\", nodes_%zu, sizeof(nodes_%zu) / sizeof(*nodes_%zu),"
                " (const char *)texts_%zu },\n",
                slash ? slash + 1 : paths[i], i, i, i, i);
    }
    fputs("    { 0, 0, 0, 0 },\n};\n", out);
}

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "embed_json: %s: %s\n", what, why);
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return fail("usage", "embed_json OUTPUT FILE...");
    FILE *out = fopen(argv[1], "w");
    if (!out)
        return fail(argv[1], "cannot be written");
    fputs("#include \"artifact/json_builtin.h\"\n\n", out);
    for (int i = 2; i < argc; i++) {
        struct error err = { 0 };
        if (write_document(out, (size_t)i - 2, argv[i], &err) != STATUS_OK) {
            fclose(out);
            return fail(argv[i], err.message);
        }
    }
    write_table(out, argv + 2, (size_t)argc - 2);
    return fclose(out) == 0 ? EXIT_SUCCESS : fail(argv[1], "cannot be written");
}
