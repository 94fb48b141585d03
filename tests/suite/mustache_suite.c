// Runs the official Mustache specification: the six required modules, 136 tests.
//
// The suite's folder is $GREENROOM_SUITES/mustache-spec, with specs/*.json. Prints each failure,
// then the counts.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/template.h"
#include "base/file.h"
#include "base/memory.h"

#define MAX_FILE_BYTES (1U << 20) // the largest of the suite has 30 kB
#define MAX_PARTIALS 16
#define EXIT_SKIPPED 77

static const char *const modules[] = { "comments", "delimiters", "interpolation",
                                       "inverted", "partials",   "sections" };

struct counts {
    unsigned passed;
    unsigned failed;
};

// The partials of one test, parsed when they are asked for.
struct partials {
    const struct json *texts;
    struct template *parsed[MAX_PARTIALS];
    const char *names[MAX_PARTIALS];
    size_t count;
};

static void partials_release(struct partials *partials)
{
    for (size_t i = 0; i < partials->count; i++)
        template_free(partials->parsed[i]);
}

static enum status find_partial(void *context, const char *name, const struct template **out,
                                struct error *err)
{
    struct partials *partials = context;
    const char *text = json_get_string(partials->texts, name, NULL);
    for (size_t i = 0; i < partials->count; i++)
        if (strcmp(partials->names[i], name) == 0) {
            *out = partials->parsed[i];
            return STATUS_OK;
        }
    if (!text || partials->count == MAX_PARTIALS)
        return STATUS_OK;
    TRY(template_parse(&partials->parsed[partials->count], text, strlen(text), err));
    partials->names[partials->count] = name;
    *out = partials->parsed[partials->count++];
    return STATUS_OK;
}

static enum status render(struct buffer *out, const struct json *test, struct error *err)
{
    struct partials partials OWNED(partials_release) = { .texts = json_get(test, "partials") };
    struct template *template OWNED(template_release) = NULL;
    const char *text = json_get_string(test, "template", "");
    TRY(template_parse(&template, text, strlen(text), err));
    return template_render(out, template,
                           &(struct template_rendering) { .data = json_get(test, "data"),
                                                          .escape = TEMPLATE_ESCAPE_HTML,
                                                          .find_partial = find_partial,
                                                          .context = &partials },
                           err);
}

static void run_test(struct counts *counts, const char *module, const struct json *test)
{
    struct error err = { 0 };
    struct buffer rendered OWNED(buffer_release) = { 0 };
    const char *expected = json_get_string(test, "expected", "");
    enum status status = render(&rendered, test, &err);
    if (status == STATUS_OK && strcmp(buffer_text(&rendered), expected) == 0) {
        counts->passed++;
        return;
    }
    counts->failed++;
    printf("FAILED %s: %s: expected '%s', got %s'%s'\n", module, json_get_string(test, "name", "?"),
           expected, status == STATUS_OK ? "" : "an error: ",
           status == STATUS_OK ? buffer_text(&rendered) : err.message);
}

static enum status run_module(struct counts *counts, const char *folder, const char *module,
                              struct error *err)
{
    char path[1024];
    struct buffer bytes OWNED(buffer_release) = { 0 };
    struct json *specification OWNED(json_release) = NULL;
    snprintf(path, sizeof(path), "%s/mustache-spec/specs/%s.json", folder, module);
    TRY(file_read(&bytes, path, MAX_FILE_BYTES, err));
    TRY(json_parse(&specification, buffer_text(&bytes), bytes.length, err));
    for (const struct json *test = json_first(json_get(specification, "tests")); test;
         test = json_next(test))
        run_test(counts, module, test);
    return STATUS_OK;
}

int main(void)
{
    struct counts counts = { 0 };
    struct error err = { 0 };
    const char *suites = getenv("GREENROOM_SUITES");
    if (!suites || !*suites) {
        printf("skipped: GREENROOM_SUITES does not name the folder that holds the official test "
               "suites\n");
        return EXIT_SKIPPED;
    }
    for (size_t i = 0; i < COUNT_OF(modules); i++)
        if (run_module(&counts, suites, modules[i], &err) != STATUS_OK) {
            printf("FAILED %s: %s\n", modules[i], err.message);
            counts.failed++;
        }
    printf("Mustache, required modules: %u passed, %u failed\n", counts.passed, counts.failed);
    return counts.failed == 0 && counts.passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
