// Results for people.
#include "present.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

#define DIGEST_SHOWN 19 // "sha256:" and twelve digits tell any two apart by eye

static const char *text_of(const struct json *object, const char *key)
{
    return json_get_string(object, key, "");
}

static long long number_of(const struct json *object, const char *key)
{
    return (long long)json_get_integer(object, key, 0);
}

void present_error(const struct error *err)
{
    bool colour = isatty(STDERR_FILENO);
    fprintf(stderr, "%sgreenroom:%s %s\n", colour ? "\033[1;31m" : "", colour ? "\033[0m" : "",
            err->message);
    if (err->hint[0])
        fprintf(stderr, "  %s\n", err->hint);
}

static void print_finding(FILE *out, const struct finding *finding)
{
    if (finding->file[0])
        fprintf(out, "%s:", finding->file);
    if (finding->line > 0)
        fprintf(out, "%u:%u:", finding->line, finding->column);
    fprintf(out, "%s%s: %s [%s]\n", finding->file[0] ? " " : "",
            finding_severity_word(finding->severity), finding->message, finding->rule);
    if (finding->mend[0])
        fprintf(out, "    %s\n", finding->mend);
}

void present_findings(const struct finding_list *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        print_finding(stderr, &findings->items[i]);
}

static void present_json_findings(const struct json *list)
{
    for (const struct json *item = json_first(list); item; item = json_next(item)) {
        fprintf(stderr, "%s:%lld:%lld: %s: %s [%s]\n", text_of(item, "file"),
                number_of(item, "line"), number_of(item, "column"), text_of(item, "severity"),
                text_of(item, "message"), text_of(item, "rule"));
        if (*text_of(item, "mend"))
            fprintf(stderr, "    %s\n", text_of(item, "mend"));
    }
}

static void present_init(const struct json *output)
{
    printf("made the %s environment %s in %s\n", text_of(output, "class"), text_of(output, "name"),
           text_of(output, "path"));
}

static void present_publish(const struct json *output)
{
    for (const struct json *item = json_first(json_get(output, "artifacts")); item;
         item = json_next(item)) {
        present_json_findings(json_get(item, "findings"));
        printf("%s@%lld  %.*s  %s\n", text_of(item, "artifact"), number_of(item, "version"),
               DIGEST_SHOWN, text_of(item, "digest"),
               strcmp(text_of(item, "state"), "new") == 0
                   ? "published"
                   : "unchanged: this is its content already");
    }
}

static void print_row(const struct json *item)
{
    bool is_release = json_get(item, "released_at") != NULL;
    const char *note = text_of(item, is_release ? "reason" : "note");
    printf("%s@%lld  %.*s  %s  %s%s%s%s\n", text_of(item, "artifact"), number_of(item, "version"),
           DIGEST_SHOWN, text_of(item, "digest"),
           text_of(item, is_release ? "released_at" : "published_at"), text_of(item, "author"),
           json_get_bool(item, "live", false) ? "  LIVE" : "", *note ? "  " : "", note);
}

static void present_rows(const struct json *output)
{
    for (const struct json *item = json_first(output); item; item = json_next(item))
        print_row(item);
}

static void present_show(const struct json *output)
{
    static const char *const members[] = { "digest",       "author",      "approver",
                                           "published_at", "released_at", "note",
                                           "reason",       "tag",         "commit" };
    printf("%s@%lld%s\n", text_of(output, "artifact"), number_of(output, "version"),
           json_get_bool(output, "live", false) ? "  LIVE" : "");
    for (size_t i = 0; i < COUNT_OF(members); i++)
        if (*text_of(output, members[i]))
            printf("  %-13s %s\n", members[i], text_of(output, members[i]));
    puts("  files");
    for (const struct json *file = json_first(json_get(output, "files")); file;
         file = json_next(file))
        printf("    %10lld  %s\n", number_of(file, "size"), text_of(file, "path"));
}

// Added lines green, removed ones red, on a terminal.
static void print_patch(const char *patch)
{
    if (!isatty(STDOUT_FILENO)) {
        fputs(patch, stdout);
        return;
    }
    while (*patch) {
        size_t length = strcspn(patch, "\n");
        const char *colour = *patch == '+' ? "\033[32m" : *patch == '-' ? "\033[31m" : "";
        printf("%s%.*s%s\n", colour, (int)length, patch, *colour ? "\033[0m" : "");
        patch += length + (patch[length] == '\n');
    }
}

static void present_diff(const struct json *output)
{
    const struct json *from = json_get(output, "from");
    const struct json *to = json_get(output, "to");
    const struct json *files = json_get(output, "files");
    printf("%s@%lld -> @%lld: %zu files differ\n", text_of(from, "artifact"),
           number_of(from, "version"), number_of(to, "version"), json_count(files));
    for (const struct json *file = json_first(files); file; file = json_next(file))
        printf("  %-8s %s\n", text_of(file, "change"), text_of(file, "path"));
    for (const struct json *file = json_first(files); file; file = json_next(file))
        print_patch(text_of(file, "patch"));
}

static void present_promote(const struct json *output)
{
    for (const struct json *item = json_first(json_get(output, "releases")); item;
         item = json_next(item))
        printf("%s@%lld  %.*s  %s\n", text_of(item, "artifact"), number_of(item, "version"),
               DIGEST_SHOWN, text_of(item, "digest"),
               strcmp(text_of(item, "state"), "live") == 0 ? "is live" : "was live already");
    printf("live is at %.12s\n", text_of(output, "commit"));
}

static void present_withdraw(const struct json *output)
{
    if (json_is(json_get(output, "live"), JSON_NUMBER))
        printf("%s@%lld is live\n", text_of(output, "artifact"), number_of(output, "live"));
    else
        printf("nothing is live as %s any more\n", text_of(output, "artifact"));
    printf("live is at %.12s\n", text_of(output, "commit"));
}

static void print_approver(const struct json *item)
{
    const char *end = text_of(item, "valid_before");
    printf("%s  %s%s%s\n", text_of(item, "name"), text_of(item, "fingerprint"),
           *end ? "  until " : "", end);
}

static void present_approvers(const struct json *output)
{
    for (const struct json *item = json_first(output); item; item = json_next(item))
        print_approver(item);
}

static void present_removed(const struct json *output)
{
    printf("%s may no longer sign\n", text_of(output, "name"));
}

static void print_key(const struct json *item)
{
    const char *end = text_of(item, "expires");
    const char *revoked = text_of(item, "revoked");
    printf("%s  %s  %s%s%s%s%s", text_of(item, "id"), text_of(item, "role"), text_of(item, "owner"),
           *end ? "  until " : "", end, *revoked ? "  revoked " : "", revoked);
    for (const struct json *scope = json_first(json_get(item, "scopes")); scope;
         scope = json_next(scope))
        printf("  %s", json_string(scope));
    putchar('\n');
}

static void present_keys(const struct json *output)
{
    for (const struct json *item = json_first(output); item; item = json_next(item))
        print_key(item);
}

static void present_key_create(const struct json *output)
{
    print_key(output);
    printf("\n%s\n\n", text_of(output, "key"));
    fputs("This is the only time that the key is shown: only its hash is kept.\n", stderr);
}

static void present_verify(const struct json *output)
{
    printf("verified: %lld objects, %lld drafts, %lld releases, %lld live, %lld audit rows\n",
           number_of(output, "objects"), number_of(output, "drafts"), number_of(output, "releases"),
           number_of(output, "live"), number_of(output, "audit_rows"));
}

static void present_reindex(const struct json *output)
{
    printf("indexed %lld artifacts\n", number_of(output, "artifacts"));
}

static const struct {
    const char *operation;
    void (*present)(const struct json *output);
} presenters[] = {
    { "init", present_init },
    { "publish", present_publish },
    { "list", present_rows },
    { "log", present_rows },
    { "show", present_show },
    { "diff", present_diff },
    { "promote", present_promote },
    { "rollback", present_withdraw },
    { "quarantine", present_withdraw },
    { "approver add", print_approver },
    { "approver list", present_approvers },
    { "approver remove", present_removed },
    { "key create", present_key_create },
    { "key list", present_keys },
    { "key revoke", print_key },
    { "verify", present_verify },
    { "reindex", present_reindex },
};

void present_result(const struct operation *operation, const struct json *output,
                    const char *output_path)
{
    for (size_t i = 0; i < COUNT_OF(presenters); i++)
        if (strcmp(presenters[i].operation, operation->name) == 0)
            presenters[i].present(output);
    if (output_path)
        printf("%s@%lld  %.*s  written to %s\n", text_of(output, "artifact"),
               number_of(output, "version"), DIGEST_SHOWN, text_of(output, "digest"), output_path);
}
