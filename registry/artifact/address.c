// What a text points at in the world outside.
#include "artifact/address.h"

#include <ctype.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

static bool is_host_character(char c)
{
    return isalnum((unsigned char)c) || strchr("-._", c) != NULL;
}

// Lower case, without a closing dot. Nothing for what is no host.
static void take_host(struct address *out, const char *begin, size_t length)
{
    if (length > 0 && begin[length - 1] == '.')
        length--;
    if (length == 0 || length >= sizeof(out->host))
        return;
    bool is_ipv6 = memchr(begin, ':', length) != NULL;
    for (size_t i = 0; i < length; i++)
        if (!is_host_character(begin[i]) && !(is_ipv6 && begin[i] == ':'))
            return;
    for (size_t i = 0; i < length; i++)
        out->host[i] = (char)tolower((unsigned char)begin[i]);
    out->host[length] = '\0';
}

// [userinfo@]host[:port], `length` bytes of it.
static void take_authority(struct address *out, const char *begin, size_t length)
{
    const char *end = begin + length;
    for (const char *at = begin; at < end; at++)
        if (*at == '@')
            begin = at + 1;
    if (begin < end && *begin == '[') {
        const char *close = memchr(begin, ']', (size_t)(end - begin));
        if (close)
            take_host(out, begin + 1, (size_t)(close - begin - 1));
        return;
    }
    const char *colon = memchr(begin, ':', (size_t)(end - begin));
    take_host(out, begin, (size_t)((colon ? colon : end) - begin));
}

// Digits with what people put between them, and nothing else.
static void take_number(struct address *out, const char *begin, size_t length)
{
    char number[ADDRESS_NUMBER_BYTES];
    size_t digits = 0;
    size_t at = 0;
    bool is_international = length > 0 && *begin == '+';
    if (is_international)
        number[at++] = '+';
    for (size_t i = is_international; i < length; i++) {
        if (strchr(" -.()/", begin[i]))
            continue;
        if (!isdigit((unsigned char)begin[i]) || at + 1 == sizeof(number))
            return;
        number[at++] = begin[i];
        digits++;
    }
    number[at] = '\0';
    if (digits < ADDRESS_MIN_DIGITS)
        return;
    if (text_starts_with(number, "00")) { // how most countries dial out
        out->number[0] = '+';
        memcpy(out->number + 1, number + 2, at - 1);
        return;
    }
    memcpy(out->number, number, at + 1);
}

static bool is_ipv4(const char *text, size_t length)
{
    size_t dots = 0;
    for (size_t i = 0; i < length; i++) {
        dots += text[i] == '.';
        if (text[i] != '.' && !isdigit((unsigned char)text[i]))
            return false;
    }
    return dots == 3;
}

static bool has_scheme(const char *text, const char *scheme)
{
    for (; *scheme; scheme++, text++)
        if (tolower((unsigned char)*text) != *scheme)
            return false;
    return true;
}

// sip:+12025550100@pbx.example.com;transport=tls
static void take_sip(struct address *out, const char *rest)
{
    size_t length = strcspn(rest, ";?/");
    const char *at = memchr(rest, '@', length);
    if (at)
        take_number(out, rest, (size_t)(at - rest));
    take_authority(out, rest, length);
}

void address_read(struct address *out, const char *text)
{
    *out = (struct address) { 0 };
    const char *authority = strstr(text, "://");
    if (authority) {
        authority += 3;
        take_authority(out, authority, strcspn(authority, "/?#\\"));
    } else if (has_scheme(text, "tel:")) {
        take_number(out, text + 4, strcspn(text + 4, ";"));
    } else if (has_scheme(text, "sip:")) {
        take_sip(out, text + 4);
    } else if (has_scheme(text, "sips:")) {
        take_sip(out, text + 5);
    } else {
        size_t length = strcspn(text, "/?#\\");
        if (!is_ipv4(text, strcspn(text, "/:")))
            take_number(out, text, strlen(text));
        if (!out->number[0] &&
            (memchr(text, '.', length) || strncmp(text, "localhost", 9) == 0 || *text == '['))
            take_authority(out, text, length);
    }
}

bool address_host_matches(const char *pattern, const char *host)
{
    if (strncmp(pattern, "*.", 2) != 0)
        return *host && strcmp(pattern, host) == 0;
    size_t length = strlen(host);
    size_t suffix = strlen(pattern + 1);
    return length > suffix && strcmp(host + length - suffix, pattern + 1) == 0;
}

static bool matches_any(const char *const *patterns, size_t count, const char *host)
{
    for (size_t i = 0; i < count; i++)
        if (address_host_matches(patterns[i], host) ||
            (strncmp(patterns[i], "*.", 2) == 0 && strcmp(patterns[i] + 2, host) == 0))
            return true;
    return false;
}

static bool starts_with_any(const char *const *prefixes, size_t count, const char *host)
{
    for (size_t i = 0; i < count; i++)
        if (text_starts_with(host, prefixes[i]))
            return true;
    return false;
}

bool address_is_reserved(const char *host)
{
    static const char *const names[] = { "*.example.com", "*.example.net", "*.example.org",
                                         "*.example",     "*.test",        "*.invalid" };
    static const char *const networks[] = { "192.0.2.", "198.51.100.", "203.0.113." };
    if (matches_any(names, COUNT_OF(names), host))
        return true;
    if (strchr(host, ':'))
        return text_starts_with(host, "2001:db8:");
    return is_ipv4(host, strlen(host)) && starts_with_any(networks, COUNT_OF(networks), host);
}

bool address_is_private(const char *host)
{
    static const char *const names[] = { "*.localhost", "*.local", "*.internal", "*.lan",
                                         "*.home.arpa" };
    static const char *const networks[] = { "10.",     "127.",    "192.168.", "169.254.", "0.",
                                            "172.16.", "172.17.", "172.18.",  "172.19.",  "172.20.",
                                            "172.21.", "172.22.", "172.23.",  "172.24.",  "172.25.",
                                            "172.26.", "172.27.", "172.28.",  "172.29.",  "172.30.",
                                            "172.31." };
    static const char *const networks6[] = { "fc", "fd", "fe80:" };
    if (matches_any(names, COUNT_OF(names), host))
        return true;
    if (strchr(host, ':'))
        return strcmp(host, "::1") == 0 || strcmp(host, "::") == 0 ||
               starts_with_any(networks6, COUNT_OF(networks6), host);
    return is_ipv4(host, strlen(host)) && starts_with_any(networks, COUNT_OF(networks), host);
}
