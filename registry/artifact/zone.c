// Trust zones: whether a value points at something that a list names.
#include "artifact/zone.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "artifact/address.h"
#include "base/text.h"

static bool host_covers(const char *entry, const char *value)
{
    struct address address;
    char pattern[ADDRESS_HOST_BYTES + 2];
    size_t length = strlen(entry);
    if (length >= sizeof(pattern))
        return false;
    for (size_t i = 0; i <= length; i++)
        pattern[i] = (char)tolower((unsigned char)entry[i]);
    address_read(&address, value);
    return address.host[0] && address_host_matches(pattern, address.host);
}

static bool number_covers(const char *entry, const char *value)
{
    struct address address;
    char digits[64];
    size_t length = 0;
    address_read(&address, value);
    for (const char *at = entry; *at && length + 1 < sizeof(digits); at++)
        if (isdigit((unsigned char)*at) || *at == '+' || *at == '*')
            digits[length++] = *at;
    digits[length] = '\0';
    return length > 0 && address.number[0] && text_matches(digits, address.number);
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '-' || c == '_';
}

static bool organisation_covers(const char *entry, const char *value)
{
    size_t length = strlen(entry);
    for (const char *at = value; length > 0 && *at; at++) {
        if ((at == value || !is_word(at[-1])) && strncasecmp(at, entry, length) == 0 &&
            !is_word(at[length]))
            return true;
    }
    return false;
}

// Scheme and host in any letter case; a '/' at the end says nothing.
static bool webhook_covers(const char *entry, const char *value)
{
    struct address listed;
    struct address found;
    address_read(&listed, entry);
    address_read(&found, value);
    if (!listed.host[0] || strcmp(listed.host, found.host) != 0)
        return false;
    const char *entry_rest = strstr(entry, "://");
    const char *value_rest = strstr(value, "://");
    if (!entry_rest || !value_rest)
        return false;
    entry_rest += 3 + strcspn(entry_rest + 3, "/?#");
    value_rest += 3 + strcspn(value_rest + 3, "/?#");
    size_t length = strlen(entry_rest);
    if (length > 0 && entry_rest[length - 1] == '/')
        length--;
    return strncmp(entry_rest, value_rest, length) == 0 &&
           (value_rest[length] == '\0' || strchr("/?#", value_rest[length]));
}

static bool secret_covers(const char *entry, const char *value)
{
    return text_matches(entry, value);
}

static const struct {
    const char *word;
    const char *member;
    bool (*covers)(const char *entry, const char *value);
} kinds[ZONE_KIND_COUNT] = {
    [ZONE_HOST] = { "host", "hosts", host_covers },
    [ZONE_NUMBER] = { "number", "numbers", number_covers },
    [ZONE_CRM_ORGANISATION] = { "CRM organisation", "crm_organisations", organisation_covers },
    [ZONE_WEBHOOK] = { "webhook", "webhooks", webhook_covers },
    [ZONE_SECRET] = { "secret", "secrets", secret_covers },
};

const char *zone_kind_word(enum zone_kind kind)
{
    return kinds[kind].word;
}

const char *zone_kind_member(enum zone_kind kind)
{
    return kinds[kind].member;
}

bool zone_covers(enum zone_kind kind, const char *entry, const char *value)
{
    return kinds[kind].covers(entry, value);
}

bool zone_find(struct zone_match *out, const struct json *lists, const char *value)
{
    for (enum zone_kind kind = 0; kind < ZONE_KIND_COUNT; kind++) {
        const struct json *list = json_get(lists, kinds[kind].member);
        for (const struct json *item = json_first(list); item; item = json_next(item)) {
            const char *entry = json_string(item);
            if (!entry || !kinds[kind].covers(entry, value))
                continue;
            *out = (struct zone_match) { kind, entry };
            return true;
        }
    }
    return false;
}

bool zone_same(struct zone_match *out, const char *value, const char *other,
               struct zone_scratch *scratch)
{
    struct address a;
    struct address b;
    address_read(&a, value);
    address_read(&b, other);
    if (a.host[0] && strcmp(a.host, b.host) == 0) {
        snprintf(scratch->text, sizeof(scratch->text), "%s", a.host);
        *out = (struct zone_match) { ZONE_HOST, scratch->text };
        return true;
    }
    if (a.number[0] && strcmp(a.number, b.number) == 0) {
        snprintf(scratch->text, sizeof(scratch->text), "%s", a.number);
        *out = (struct zone_match) { ZONE_NUMBER, scratch->text };
        return true;
    }
    if (strcmp(value, other) != 0)
        return false;
    *out = (struct zone_match) { ZONE_SECRET, value };
    return true;
}
