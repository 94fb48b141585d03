// Runs the official JSON Schema test suite: all required tests of draft 2020-12.
//
// The suite's folder is $GREENROOM_SUITES/json-schema-2020-12: tests/draft2020-12/*.json, and
// remotes/ for what stands under http://localhost:1234/. Prints each failure, then the counts.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artifact/schema.h"
#include "base/file.h"
#include "base/memory.h"

#define REMOTE_BASE "http://localhost:1234/"
#define MAX_FILE_BYTES (1U << 20) // the largest of the suite has 60 kB
#define MAX_REMOTES 200
#define EXIT_SKIPPED 77

struct remote {
    char uri[512];
    struct json *document;
};

struct suite {
    const char *folder;
    struct remote remotes[MAX_REMOTES];
    size_t remote_count;
    unsigned passed;
    unsigned failed;
};

static void suite_release(struct suite *suite)
{
    for (size_t i = 0; i < suite->remote_count; i++)
        json_free(suite->remotes[i].document);
}

static enum status read_json(struct json **out, const char *path, struct error *err)
{
    struct buffer bytes OWNED(buffer_release) = { 0 };
    TRY(file_read(&bytes, path, MAX_FILE_BYTES, err));
    enum status status = json_parse(out, buffer_text(&bytes), bytes.length, err);
    return status == STATUS_OK ? STATUS_OK : error_prefix(err, "%s", path);
}

// Read when a test asks for it.
static const struct json *find_remote(void *context, const char *uri)
{
    struct suite *suite = context;
    char path[1024];
    struct error err = { 0 };
    size_t base = strlen(REMOTE_BASE);
    for (size_t i = 0; i < suite->remote_count; i++)
        if (strcmp(suite->remotes[i].uri, uri) == 0)
            return suite->remotes[i].document;
    if (strncmp(uri, REMOTE_BASE, base) != 0 || suite->remote_count == MAX_REMOTES)
        return NULL;
    struct remote *remote = &suite->remotes[suite->remote_count];
    snprintf(remote->uri, sizeof(remote->uri), "%s", uri);
    snprintf(path, sizeof(path), "%s/remotes/%s", suite->folder, uri + base);
    if (read_json(&remote->document, path, &err) != STATUS_OK)
        return NULL;
    suite->remote_count++;
    return remote->document;
}

static void run_test(struct suite *suite, const char *where, const struct schema *schema,
                     const struct json *test)
{
    struct error err = { 0 };
    bool expected = json_get_bool(test, "valid", false);
    enum status status = schema_validate(schema, "", json_get(test, "data"), NULL, NULL, &err);
    if (status == (expected ? STATUS_OK : STATUS_REFUSED)) {
        suite->passed++;
        return;
    }
    suite->failed++;
    printf("FAILED %s: %s: expected %s, got %s\n", where, json_get_string(test, "description", "?"),
           expected ? "valid" : "not valid", status == STATUS_OK ? "valid" : err.message);
}

static void run_group(struct suite *suite, const char *file, const struct json *group)
{
    struct schema_registry registry = { .find = find_remote, .context = suite };
    struct schema *schema OWNED(schema_release) = NULL;
    struct error err = { 0 };
    char where[512];
    const struct json *tests = json_get(group, "tests");
    snprintf(where, sizeof(where), "%s: %s", file, json_get_string(group, "description", "?"));
    if (schema_compile(&schema, json_get(group, "schema"), &registry, &err) != STATUS_OK) {
        printf("FAILED %s: %s\n", where, err.message);
        suite->failed += (unsigned)json_count(tests);
        return;
    }
    for (const struct json *test = json_first(tests); test; test = json_next(test))
        run_test(suite, where, schema, test);
}

static enum status run_file(struct suite *suite, const char *name, struct error *err)
{
    char path[1024];
    struct json *groups OWNED(json_release) = NULL;
    snprintf(path, sizeof(path), "%s/tests/draft2020-12/%s", suite->folder, name);
    TRY(read_json(&groups, path, err));
    for (const struct json *group = json_first(groups); group; group = json_next(group))
        run_group(suite, name, group);
    return STATUS_OK;
}

static int is_json(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 5 && strcmp(entry->d_name + length - 5, ".json") == 0;
}

static int run_suite(struct suite *suite)
{
    char path[1024];
    struct dirent **entries = NULL;
    struct error err = { 0 };
    snprintf(path, sizeof(path), "%s/tests/draft2020-12", suite->folder);
    int count = scandir(path, &entries, is_json, alphasort);
    if (count <= 0) {
        printf("%s: no test files\n", path);
        return EXIT_FAILURE;
    }
    for (int i = 0; i < count; i++) {
        if (run_file(suite, entries[i]->d_name, &err) != STATUS_OK) {
            printf("FAILED %s\n", err.message);
            suite->failed++;
        }
        free(entries[i]);
    }
    free(entries);
    printf("JSON Schema 2020-12, required tests: %u passed, %u failed\n", suite->passed,
           suite->failed);
    return suite->failed == 0 && suite->passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(void)
{
    struct suite suite = { 0 };
    char folder[512];
    const char *suites = getenv("GREENROOM_SUITES");
    if (!suites || !*suites) {
        printf("skipped: GREENROOM_SUITES does not name the folder that holds the official test "
               "suites\n");
        return EXIT_SKIPPED;
    }
    snprintf(folder, sizeof(folder), "%s/json-schema-2020-12", suites);
    suite.folder = folder;
    int code = run_suite(&suite);
    suite_release(&suite);
    return code;
}
