// Who may sign: the list, and its printing in OpenSSH's allowed_signers format.
#include "trust/allowed_signers.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

#define GIT_NAMESPACE "git"

void allowed_signers_release_line(struct allowed_signer *signer)
{
    free(signer->name);
    free(signer->namespaces);
    free(signer->key);
    *signer = (struct allowed_signer) { 0 };
}

void allowed_signers_release(struct allowed_signers *signers)
{
    for (size_t i = 0; i < signers->count; i++)
        allowed_signers_release_line(&signers->items[i]);
    free(signers->items);
    *signers = (struct allowed_signers) { 0 };
}

enum status allowed_signers_check_name(const char *name, struct error *err)
{
    const char *shape = NULL;
    size_t length = strnlen(name, ALLOWED_SIGNERS_MAX_NAME_BYTES + 1);
    if (length == 0 || length > ALLOWED_SIGNERS_MAX_NAME_BYTES)
        shape = "it must be 1 to 255 characters long";
    else if (strchr(name, ','))
        shape = "one name a line, not a list";
    else if (strpbrk(name, "*?") || name[0] == '!')
        shape = "one person's name, not a pattern";
    else if (name[0] == '#' || strchr(name, '"'))
        shape = "no '#' in front and no quote";
    for (size_t i = 0; !shape && i < length; i++)
        if (name[i] <= ' ' || name[i] > '~')
            shape = "only printable ASCII characters, and no space";
    if (!shape)
        return STATUS_OK;
    error_set(err, STATUS_INVALID, "signer_name_invalid", "'%.80s' cannot name a signer: %s", name,
              shape);
    return error_hint(err, "an e-mail address is a good name: lead@example.com");
}

// "YYYYMMDDHHMMSSZ": RFC 3339 without its punctuation.
static void append_time(struct buffer *out, const char *option, int64_t seconds)
{
    char text[CLOCK_TEXT_BYTES];
    clock_format(seconds, text);
    buffer_append_format(out, "%s=\"", option);
    for (const char *at = text; *at; at++)
        if (!strchr("-T:", *at))
            buffer_append_byte(out, *at);
    buffer_append_byte(out, '"');
}

static void append_options(struct buffer *out, const struct allowed_signer *signer)
{
    const char *separator = " ";
    if (signer->namespaces) {
        buffer_append_format(out, "%snamespaces=\"%s\"", separator, signer->namespaces);
        separator = ",";
    }
    if (signer->valid_after != INT64_MIN) {
        buffer_append_text(out, separator);
        append_time(out, "valid-after", signer->valid_after);
        separator = ",";
    }
    if (signer->valid_before != INT64_MAX) {
        buffer_append_text(out, separator);
        append_time(out, "valid-before", signer->valid_before);
    }
}

enum status allowed_signers_print(struct buffer *out, const struct allowed_signers *signers,
                                  struct error *err)
{
    for (size_t i = 0; i < signers->count; i++) {
        const struct allowed_signer *signer = &signers->items[i];
        char *key OWNED(memory_release) = NULL;
        TRY(ssh_key_format(&key, signer->key, err));
        buffer_append_text(out, signer->name);
        append_options(out, signer);
        buffer_append_format(out, " %s\n", key);
    }
    return buffer_check(out, err);
}

static enum status check_free(const struct allowed_signers *signers, const char *name,
                              const struct ssh_key *key, int64_t now, struct error *err)
{
    for (size_t i = 0; i < signers->count; i++) {
        const struct allowed_signer *signer = &signers->items[i];
        bool same_name = strcmp(signer->name, name) == 0;
        // Whoever is removed may sign to the end of that second.
        if (same_name && signer->valid_before > now + 1) {
            error_set(err, STATUS_CONFLICT, "signer_exists", "%s has a key already", name);
            return error_hint(err, "remove %s first, then add the new key", name);
        }
        if (!same_name && ssh_key_equal(signer->key, key)) {
            error_set(err, STATUS_CONFLICT, "signer_key_taken", "this key stands under %s already",
                      signer->name);
            return error_hint(err, "one key is one person: each signer needs a key of their own");
        }
    }
    return STATUS_OK;
}

// From now on, and after every earlier span of the same key: what was signed in one of those is
// told from what is signed in this one.
static int64_t begin_of(const struct allowed_signers *signers, const struct ssh_key *key,
                        int64_t now)
{
    int64_t begin = now;
    for (size_t i = 0; i < signers->count; i++)
        if (ssh_key_equal(signers->items[i].key, key) && signers->items[i].valid_before > begin)
            begin = signers->items[i].valid_before;
    return begin;
}

enum status allowed_signers_add(struct allowed_signers *signers, const char *name,
                                const struct ssh_key *key, struct error *err)
{
    int64_t now = clock_now();
    TRY(allowed_signers_check_name(name, err));
    TRY(check_free(signers, name, key, now, err));
    struct allowed_signer signer OWNED(allowed_signers_release_line) = {
        .valid_after = begin_of(signers, key, now), .valid_before = INT64_MAX, .git_namespace = true
    };
    TRY(memory_copy_string(&signer.name, name, err));
    TRY(memory_copy_string(&signer.namespaces, GIT_NAMESPACE, err));
    TRY(memory_new(&signer.key, 1, sizeof(*signer.key), err));
    *signer.key = *key;
    TRY(memory_grow(&signers->items, signers->count, &signers->capacity, sizeof(signer), err));
    signers->items[signers->count++] = signer;
    signer = (struct allowed_signer) { 0 };
    return STATUS_OK;
}

enum status allowed_signers_end(struct allowed_signers *signers, const char *name, int64_t now,
                                struct error *err)
{
    size_t kept = 0;
    bool found = false;
    for (size_t i = 0; i < signers->count; i++) {
        struct allowed_signer *signer = &signers->items[i];
        bool ends = signer->valid_before > now && strcmp(signer->name, name) == 0;
        found = found || ends;
        if (ends && signer->valid_after >= now) {
            allowed_signers_release_line(signer);
            continue;
        }
        if (ends)
            signer->valid_before = now;
        signers->items[kept++] = *signer;
    }
    signers->count = kept;
    if (found)
        return STATUS_OK;
    return error_set(err, STATUS_NOT_FOUND, "signer_unknown", "no valid signer is named %.80s",
                     name);
}

const struct allowed_signer *allowed_signers_find(const struct allowed_signers *signers,
                                                  const struct ssh_key *key, int64_t time)
{
    for (size_t i = 0; i < signers->count; i++) {
        const struct allowed_signer *signer = &signers->items[i];
        if (signer->git_namespace && signer->valid_after <= time && time < signer->valid_before &&
            ssh_key_equal(signer->key, key))
            return signer;
    }
    return NULL;
}
