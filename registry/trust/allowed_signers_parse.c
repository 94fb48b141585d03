// Reads OpenSSH's allowed_signers format, line by line. Source: ssh-keygen(1) "ALLOWED SIGNERS".
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "trust/allowed_signers.h"

#define BLANKS " \t"
#define MAX_PATTERN_BYTES 256 // of one namespace pattern; real ones are words

static enum status invalid(struct error *err, const char *what)
{
    error_set(err, STATUS_INVALID, "allowed_signers_invalid", "%s", what);
    return error_hint(err, "a line is NAME [OPTIONS] TYPE BASE64, as in: lead@example.com "
                           "namespaces=\"git\" ssh-ed25519 AAAA…");
}

// OpenSSH's pattern list: separated by commas, '!' in front of what must not match.
static enum status admits_git(bool *out, const char *patterns, struct error *err)
{
    bool admitted = false;
    bool denied = false;
    for (const char *at = patterns;; at++) {
        size_t length = strcspn(at, ",");
        bool negated = *at == '!';
        char pattern[MAX_PATTERN_BYTES];
        if (length <= negated || length >= sizeof(pattern))
            return invalid(err, "the namespaces option holds an empty or overlong pattern");
        memcpy(pattern, at + negated, length - negated);
        pattern[length - negated] = '\0';
        bool matches = text_matches(pattern, "git");
        admitted = admitted || (matches && !negated);
        denied = denied || (matches && negated);
        at += length;
        if (*at == '\0')
            break;
    }
    *out = admitted && !denied;
    return STATUS_OK;
}

static enum status set_namespaces(struct allowed_signer *signer, const char *value,
                                  struct error *err)
{
    if (signer->namespaces)
        return invalid(err, "the namespaces option stands twice");
    TRY(admits_git(&signer->git_namespace, value, err));
    return memory_copy_string(&signer->namespaces, value, err);
}

// YYYYMMDD[HHMM[SS]][Z], after 1970 (OpenSSH takes zero for "none").
static enum status parse_time(int64_t *out, const char *value, struct error *err)
{
    size_t digits = strspn(value, "0123456789");
    const char *rest = value + digits;
    bool ends = strcmp(rest, "") == 0 || strcmp(rest, "Z") == 0;
    if (ends && (digits == 8 || digits == 12 || digits == 14)) {
        char d[] = "00000000000000";
        memcpy(d, value, digits);
        struct buffer text OWNED(buffer_release) = { 0 };
        buffer_append_format(&text, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", d, d + 4, d + 6, d + 8,
                             d + 10, d + 12);
        TRY(buffer_check(&text, err));
        int64_t seconds = 0;
        struct error unheard;
        if (clock_parse(&seconds, text.bytes, &unheard) == STATUS_OK && seconds > 0) {
            *out = seconds;
            return STATUS_OK;
        }
    }
    error_set(err, STATUS_INVALID, "allowed_signers_invalid", "'%.40s' is not a time", value);
    return error_hint(err, "write it as \"20261123103000Z\" (UTC)");
}

static enum status set_valid_after(struct allowed_signer *signer, const char *value,
                                   struct error *err)
{
    if (signer->valid_after != INT64_MIN)
        return invalid(err, "the valid-after option stands twice");
    return parse_time(&signer->valid_after, value, err);
}

static enum status set_valid_before(struct allowed_signer *signer, const char *value,
                                    struct error *err)
{
    if (signer->valid_before != INT64_MAX)
        return invalid(err, "the valid-before option stands twice");
    return parse_time(&signer->valid_before, value, err);
}

static const struct {
    const char *name;
    enum status (*set)(struct allowed_signer *signer, const char *value, struct error *err);
} options[] = {
    { "namespaces", set_namespaces },
    { "valid-after", set_valid_after },
    { "valid-before", set_valid_before },
};

static enum status set_option(struct allowed_signer *signer, const char *name, const char *value,
                              struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(options); i++)
        if (strcasecmp(options[i].name, name) == 0)
            return options[i].set(signer, value, err);
    error_set(err, STATUS_INVALID, "allowed_signers_invalid",
              "the option '%.40s' is not known here", name);
    return error_hint(err, "known are namespaces, valid-after and valid-before");
}

static bool is_cert_authority(const char *word, size_t length)
{
    static const char flag[] = "cert-authority";
    return length == sizeof(flag) - 1 && strncasecmp(word, flag, length) == 0;
}

// Reads NAME="VALUE" at *inout_at and moves behind it. Writes NULs into the line.
static enum status parse_option(struct allowed_signer *signer, char **inout_at, struct error *err)
{
    char *name = *inout_at;
    char *equals = name + strcspn(name, "=," BLANKS);
    if (is_cert_authority(name, (size_t)(equals - name)))
        return invalid(err, "certificates (cert-authority) are not accepted: name each key itself");
    if (equals[0] != '=' || equals[1] != '"')
        return invalid(err, "an option must be of the form NAME=\"VALUE\"");
    char *value = equals + 2;
    char *end = value + strcspn(value, "\"\\");
    if (*end != '"')
        return invalid(err, "an option's value lacks its closing quote, or holds a backslash");
    *equals = '\0';
    *end = '\0';
    *inout_at = end + 1;
    return set_option(signer, name, value, err);
}

static enum status parse_options(struct allowed_signer *signer, char **inout_at, struct error *err)
{
    for (;;) {
        TRY(parse_option(signer, inout_at, err));
        if (**inout_at != ',')
            break;
        (*inout_at)++;
    }
    if (**inout_at != ' ' && **inout_at != '\t')
        return invalid(err, "the options must be followed by a space and the key");
    *inout_at += strspn(*inout_at, BLANKS);
    if (signer->valid_after < signer->valid_before)
        return STATUS_OK;
    return invalid(err, "valid-before is not after valid-after");
}

// No type of key holds '='; the flag options are told from a type by name.
static bool starts_with_options(const char *text)
{
    size_t length = strcspn(text, BLANKS);
    return memchr(text, '=', length) || is_cert_authority(text, length);
}

static enum status parse_line(struct allowed_signer *out, char *line, struct error *err)
{
    struct allowed_signer signer OWNED(allowed_signers_release_line) = { .valid_after = INT64_MIN,
                                                                         .valid_before = INT64_MAX,
                                                                         .git_namespace = true };
    char *at = line + strcspn(line, BLANKS);
    if (*at == '\0')
        return invalid(err, "there is no key after the name");
    *at++ = '\0';
    at += strspn(at, BLANKS);
    TRY(allowed_signers_check_name(line, err));
    TRY(memory_copy_string(&signer.name, line, err));
    if (starts_with_options(at))
        TRY(parse_options(&signer, &at, err));
    TRY(memory_new(&signer.key, 1, sizeof(*signer.key), err));
    TRY(ssh_key_parse(signer.key, at, err));
    *out = signer;
    signer = (struct allowed_signer) { 0 };
    return STATUS_OK;
}

// One key is one person, or somebody could approve their own draft under another name.
static enum status check_one_name(const struct allowed_signers *signers,
                                  const struct allowed_signer *signer, struct error *err)
{
    for (size_t i = 0; i < signers->count; i++)
        if (ssh_key_equal(signers->items[i].key, signer->key) &&
            strcmp(signers->items[i].name, signer->name) != 0) {
            error_set(err, STATUS_INVALID, "allowed_signers_invalid",
                      "the key of '%s' stands under '%s' too", signer->name,
                      signers->items[i].name);
            return error_hint(err, "one key is one person: keep one of the two names");
        }
    return STATUS_OK;
}

static enum status add_line(struct allowed_signers *signers, const char *text, size_t length,
                            struct error *err)
{
    while (length > 0 && strchr(BLANKS "\r", text[length - 1]))
        length--;
    for (; length > 0 && strchr(BLANKS, *text); length--)
        text++;
    if (length == 0 || *text == '#')
        return STATUS_OK;
    char *line OWNED(memory_release) = NULL;
    TRY(memory_copy_bytes(&line, text, length, err));
    struct allowed_signer signer OWNED(allowed_signers_release_line) = { 0 };
    TRY(parse_line(&signer, line, err));
    TRY(check_one_name(signers, &signer, err));
    TRY(memory_grow(&signers->items, signers->count, &signers->capacity, sizeof(signer), err));
    signers->items[signers->count++] = signer;
    signer = (struct allowed_signer) { 0 };
    return STATUS_OK;
}

enum status allowed_signers_parse(struct allowed_signers *out, const char *text, size_t length,
                                  struct error *err)
{
    if (length > ALLOWED_SIGNERS_MAX_BYTES)
        return error_set(err, STATUS_INVALID, "allowed_signers_invalid",
                         "the list of signers is longer than %u bytes", ALLOWED_SIGNERS_MAX_BYTES);
    if (length > 0 && memchr(text, '\0', length))
        return invalid(err, "the list of signers holds a NUL byte, so it is not text");
    struct allowed_signers signers OWNED(allowed_signers_release) = { 0 };
    size_t number = 1;
    for (size_t at = 0; at < length; number++) {
        const char *newline = memchr(text + at, '\n', length - at);
        size_t line_bytes = newline ? (size_t)(newline - text) - at : length - at;
        enum status status = add_line(&signers, text + at, line_bytes, err);
        if (status == STATUS_INVALID)
            return error_prefix(err, "line %zu", number);
        TRY(status);
        at += line_bytes + 1;
    }
    *out = signers;
    signers = (struct allowed_signers) { 0 };
    return STATUS_OK;
}
