// The table of everything that this server offers.
#include "route.h"

#include <string.h>

#include "archive/archive_reader.h"
#include "base/memory.h"
#include "handler.h"
#include "handler_operation.h"
#include "metrics.h"
#include "openapi.h"
#include "release/control_key.h"
#include "snapshot/rendering.h"

#define READ (METHOD_GET | METHOD_HEAD)
// Who may read what is live: the runtime, and those who watch over it. An author or an approver
// works with drafts and at the gate, with other keys.
#define WATCHERS (ROLE_AUDITOR | ROLE_OPERATOR)
#define READERS (ROLE_RUNTIME | ROLE_AUDITOR | ROLE_OPERATOR)

static const struct route routes[] = {
    { .pattern = "/v1/{artifact}", .methods = READ, .roles = READERS, .handle = handler_artifact },
    { .pattern = "/v1/{artifact}/-/files/{path}",
      .methods = READ,
      .roles = READERS,
      .handle = handler_file },
    { .pattern = "/v1/{artifact}/-/archive.tar.gz",
      .methods = READ,
      .roles = READERS,
      .handle = handler_archive_tar_gz },
    { .pattern = "/v1/{artifact}/-/archive.zip",
      .methods = READ,
      .roles = READERS,
      .handle = handler_archive_zip },
    { .pattern = "/v1/{artifact}/-/search",
      .methods = READ,
      .roles = READERS,
      .handle = handler_search },
    { .pattern = "/v1/{artifact}/-/render",
      .methods = METHOD_POST,
      .roles = READERS,
      .handle = handler_render,
      .receive = handler_render_receive,
      .max_content_bytes = RENDERING_MAX_REQUEST_BYTES },
    { .pattern = "/v1/live", .methods = READ, .roles = READERS, .handle = handler_live },
    { .pattern = "/v1/operations/{path}",
      .methods = METHOD_POST,
      .roles = ROLE_ANY, // the operation's row says who may
      .handle = handler_operation_perform,
      .receive = handler_operation_receive,
      .max_content_bytes = ARCHIVE_MAX_BYTES },
    { .pattern = "/openapi.json", .methods = READ, .roles = ROLE_ANY, .handle = openapi_handle },
    { .pattern = "/healthz", .methods = READ, .roles = 0, .handle = handler_healthz },
    { .pattern = "/readyz", .methods = READ, .roles = 0, .handle = handler_readyz },
    { .pattern = "/metrics", .methods = READ, .roles = WATCHERS, .handle = metrics_handle },
};

// Any method: what is not there cannot have the wrong one. Any role: nothing is told.
static const struct route unknown = {
    .pattern = "",
    .methods = READ | METHOD_POST | METHOD_OTHER,
    .roles = ROLE_ANY,
    .handle = handler_unknown,
};

#define WORD(text) (text), sizeof(text) - 1

static const struct {
    const char *word;
    size_t word_bytes;
    enum artifact_kind kind;
} collections[] = {
    { WORD("prompts/"), KIND_PROMPT },
    { WORD("tools/"), KIND_TOOL },
    { WORD("knowledge/"), KIND_KNOWLEDGE },
};

static const struct {
    const char *word;
    enum route_method method;
} methods[] = {
    { "GET", METHOD_GET },     { "HEAD", METHOD_HEAD },     { "OPTIONS", METHOD_OPTIONS },
    { "POST", METHOD_POST },   { "PUT", METHOD_OTHER },     { "DELETE", METHOD_OTHER },
    { "PATCH", METHOD_OTHER }, { "CONNECT", METHOD_OTHER }, { "TRACE", METHOD_OTHER },
};

enum route_method route_method_parse(const char *word, size_t word_bytes)
{
    for (size_t i = 0; i < COUNT_OF(methods); i++)
        if (strlen(methods[i].word) == word_bytes && memcmp(word, methods[i].word, word_bytes) == 0)
            return methods[i].method;
    return METHOD_UNKNOWN;
}

// Digits only, without a leading zero, from 1 on.
static bool parse_version(uint32_t *out, const char *from, const char *end)
{
    uint64_t value = 0;
    if (from == end || *from == '0')
        return false;
    for (const char *at = from; at < end; at++) {
        if (*at < '0' || *at > '9')
            return false;
        value = value * 10 + (uint64_t)(*at - '0');
        if (value > ID_MAX_VERSION)
            return false;
    }
    *out = (uint32_t)value;
    return true;
}

// "{artifact}" at `at`; answers where it ends, or NULL.
static const char *match_artifact(struct route_match *match, const char *at)
{
    size_t i = 0;
    while (i < COUNT_OF(collections) &&
           strncmp(at, collections[i].word, collections[i].word_bytes) != 0)
        i++;
    if (i == COUNT_OF(collections))
        return NULL;
    match->kind = collections[i].kind;
    match->name = at + collections[i].word_bytes;
    const char *end = strstr(match->name, "/-/"); // no segment of a name begins with '-'
    if (!end)
        end = match->name + strlen(match->name);
    const char *at_sign = memchr(match->name, '@', (size_t)(end - match->name));
    match->version = 0;
    if (at_sign && !parse_version(&match->version, at_sign + 1, end))
        return NULL;
    match->name_bytes = (size_t)((at_sign ? at_sign : end) - match->name);
    return end;
}

static const char *match_path(struct route_match *match, const char *at)
{
    match->file_path = at;
    match->file_path_bytes = strlen(at);
    return match->file_path_bytes > 0 ? at + match->file_path_bytes : NULL;
}

static const struct {
    const char *word;
    size_t word_bytes;
    const char *(*match)(struct route_match *match, const char *at);
} holes[] = {
    { WORD("{artifact}"), match_artifact },
    { WORD("{path}"), match_path },
};

// Whatever the pattern has at `*pattern`, matched at `at`: a hole, or one byte.
static const char *match_one(struct route_match *match, const char **pattern, const char *at)
{
    for (size_t i = 0; **pattern == '{' && i < COUNT_OF(holes); i++) {
        if (strncmp(*pattern, holes[i].word, holes[i].word_bytes) != 0)
            continue;
        *pattern += holes[i].word_bytes;
        return holes[i].match(match, at);
    }
    return *(*pattern)++ == *at ? at + 1 : NULL;
}

// What stands behind "/v1" in a pattern; NULL for one without.
static const char *behind_root(const char *pattern)
{
    return strncmp(pattern, "/v1/", 4) == 0 ? pattern + 3 : NULL;
}

static bool matches(struct route_match *match, const char *pattern, const char *path)
{
    const char *at = path;
    while (at && *pattern)
        at = *at ? match_one(match, &pattern, at) : NULL;
    return at && *at == '\0';
}

// Takes "/v1/at/{commit}" off: what is behind it stands for the same behind "/v1".
static const char *match_state(struct route_match *match, const char *path)
{
    static const char before[] = "/v1/at/";
    if (strncmp(path, before, sizeof(before) - 1) != 0)
        return path;
    const char *end = strchr(path + sizeof(before) - 1, '/');
    if (!end)
        return path;
    match->state = path + sizeof(before) - 1;
    match->state_bytes = (size_t)(end - match->state);
    return end;
}

void route_find(struct route_match *out, const char *path)
{
    struct route_match match = { 0 };
    const char *at = match_state(&match, path);
    for (size_t i = 0; i < COUNT_OF(routes); i++) {
        const char *pattern = match.state ? behind_root(routes[i].pattern) : routes[i].pattern;
        if (pattern && matches(&match, pattern, at)) {
            match.route = &routes[i];
            *out = match;
            return;
        }
    }
    *out = (struct route_match) { .route = &unknown };
}

const struct route *route_at(size_t number)
{
    if (number == 0)
        return &unknown;
    return number <= COUNT_OF(routes) ? &routes[number - 1] : NULL;
}

size_t route_number(const struct route *route)
{
    return route == &unknown ? 0 : (size_t)(route - routes) + 1;
}

void route_allow(const struct route *route, char out[ROUTE_ALLOW_BYTES])
{
    size_t length = 0;
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        if (!((route->methods | METHOD_OPTIONS) & methods[i].method) ||
            methods[i].method == METHOD_OTHER)
            continue;
        size_t word_bytes = strlen(methods[i].word);
        if (length > 0) {
            memcpy(out + length, ", ", 2);
            length += 2;
        }
        memcpy(out + length, methods[i].word, word_bytes);
        length += word_bytes;
    }
    out[length] = '\0';
}
