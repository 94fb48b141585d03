// What is decided about an environment, and its state, for people.
#include "present_control.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "present.h"

void present_control_approver(const struct json *item)
{
    const char *end = present_text(item, "valid_before");
    printf("%s  %s%s%s\n", present_text(item, "name"), present_text(item, "fingerprint"),
           *end ? "  until " : "", end);
}

void present_control_approvers(const struct json *output)
{
    for (const struct json *item = json_first(output); item; item = json_next(item))
        present_control_approver(item);
}

void present_control_removed(const struct json *output)
{
    printf("%s may no longer sign\n", present_text(output, "name"));
}

void present_control_key(const struct json *item)
{
    const char *end = present_text(item, "expires");
    const char *revoked = present_text(item, "revoked");
    printf("%s  %s  %s%s%s%s%s", present_text(item, "id"), present_text(item, "role"),
           present_text(item, "owner"), *end ? "  until " : "", end, *revoked ? "  revoked " : "",
           revoked);
    for (const struct json *scope = json_first(json_get(item, "scopes")); scope;
         scope = json_next(scope))
        printf("  %s", json_string(scope));
    putchar('\n');
}

void present_control_keys(const struct json *output)
{
    for (const struct json *item = json_first(output); item; item = json_next(item))
        present_control_key(item);
}

void present_control_key_create(const struct json *output)
{
    present_control_key(output);
    printf("\n%s\n\n", present_text(output, "key"));
    fputs("This is the only time that the key is shown: only its hash is kept.\n", stderr);
}

void present_control_verify(const struct json *output)
{
    if (json_get(output, "artifact")) {
        printf("verified: %s@%lld  %s\n  signed by %s, written by %s\n",
               present_text(output, "artifact"), present_number(output, "version"),
               present_text(output, "digest"), present_text(output, "approver"),
               present_text(output, "author"));
        return;
    }
    printf("verified: %lld objects, %lld drafts, %lld releases, %lld live, %lld audit rows\n",
           present_number(output, "objects"), present_number(output, "drafts"),
           present_number(output, "releases"), present_number(output, "live"),
           present_number(output, "audit_rows"));
    printf("the audit ends at %s\n", present_text(output, "audit_head"));
}

void present_control_reindex(const struct json *output)
{
    printf("indexed %lld artifacts\n", present_number(output, "artifacts"));
}

void present_control_policy(const struct json *output)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    struct error unprintable;
    if (json_print_pretty(&text, output, &unprintable) == STATUS_OK)
        fputs(buffer_text(&text), stdout);
}

void present_control_policy_diff(const struct json *output)
{
    const char *patch = present_text(output, "patch");
    fputs(*patch ? patch : "nothing would change\n", stdout);
}

void present_control_bindings(const struct json *output)
{
    for (const struct json *item = json_first(output); item; item = json_next(item))
        printf("%-20s %s\n", json_key(item), json_string(item) ? json_string(item) : "");
}

void present_control_audit(const struct json *output)
{
    for (const struct json *row = json_first(output); row; row = json_next(row)) {
        bool is_refused = strcmp(present_text(row, "outcome"), "refused") == 0;
        printf("%6lld  %s  %-16s %s%s", present_number(row, "sequence"), present_text(row, "time"),
               present_text(row, "operation"), is_refused ? "REFUSED  " : "",
               present_text(row, "actor"));
        for (const struct json *item = json_first(json_get(row, "artifacts")); item;
             item = json_next(item))
            printf("  %s", json_string(item));
        const char *reason = present_text(row, "reason");
        printf("%s%s\n", *reason ? "  " : "", reason);
    }
}

void present_control_receipts(const struct json *output)
{
    for (const struct json *item = json_first(output); item; item = json_next(item))
        printf("%s  %s@%lld  %.*s  to key %s\n", present_text(item, "time"),
               present_text(item, "artifact"), present_number(item, "version"),
               PRESENT_DIGEST_BYTES, present_text(item, "digest"), present_text(item, "key"));
}

void present_control_restart(const struct json *output)
{
    printf("the audit begins anew; live names row %s last\n",
           *present_text(output, "lost") ? present_text(output, "lost") : "none");
}
