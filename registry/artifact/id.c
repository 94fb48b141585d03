// What an artifact is called.
#include "artifact/id.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

static const char *const kind_words[KIND_COUNT] = {
    [KIND_PROMPT] = "prompt",
    [KIND_TOOL] = "tool",
    [KIND_KNOWLEDGE] = "knowledge",
};

const char *id_kind_word(enum artifact_kind kind)
{
    return kind_words[kind];
}

enum status id_kind_parse(enum artifact_kind *out, const char *word, struct error *err)
{
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (strcmp(kind_words[kind], word) == 0) {
            *out = (enum artifact_kind)kind;
            return STATUS_OK;
        }
    error_set(err, STATUS_INVALID, "kind_invalid", "'%.60s' is not a kind of artifact", word);
    return error_hint(err, "use prompt, tool or knowledge");
}

static bool is_name_byte(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && !first);
}

enum status id_set_name(struct artifact_id *id, const char *name, struct error *err)
{
    int segments = 1;
    size_t in_segment = 0;
    bool fits = true;
    for (const char *at = name; fits && *at; at++) {
        if (*at == '/') {
            fits = in_segment > 0 && ++segments <= ID_MAX_SEGMENTS;
            in_segment = 0;
        } else {
            fits = is_name_byte(*at, in_segment == 0) && ++in_segment <= ID_MAX_SEGMENT_BYTES;
        }
    }
    if (!fits || in_segment == 0) {
        error_set(err, STATUS_INVALID, "name_invalid", "'%.300s' is not an artifact's name", name);
        return error_hint(err,
                          "a name is 1 to %d segments joined by '/', each of 1 to %d lower-case "
                          "letters, digits and hyphens, not beginning with a hyphen",
                          ID_MAX_SEGMENTS, ID_MAX_SEGMENT_BYTES);
    }
    memcpy(id->name, name, strlen(name) + 1);
    return STATUS_OK;
}

static enum status parse_version(uint32_t *out, const char *text, struct error *err)
{
    uint64_t value = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9' && value <= ID_MAX_VERSION; at++)
        value = value * 10 + (uint64_t)(*at - '0');
    if (at == text || *at || *text == '0' || value > ID_MAX_VERSION) {
        error_set(err, STATUS_INVALID, "version_invalid", "'%.40s' is not a version", text);
        return error_hint(err, "a version is a whole number from 1 on, e.g. @4");
    }
    *out = (uint32_t)value;
    return STATUS_OK;
}

enum status id_parse(struct artifact_id *out, const char *text, struct error *err)
{
    struct artifact_id id = { 0 };
    char copy[ID_TEXT_BYTES];
    size_t length = strlen(text);
    char *slash = NULL;
    if (length < sizeof(copy)) {
        memcpy(copy, text, length + 1);
        slash = strchr(copy, '/');
    }
    if (!slash) {
        error_set(err, STATUS_INVALID, "artifact_invalid", "'%.300s' is not an artifact", text);
        return error_hint(err,
                          "write KIND/NAME or KIND/NAME@VERSION, e.g. prompt/outbound/greeting@4");
    }
    *slash = '\0';
    char *at_sign = strchr(slash + 1, '@');
    if (at_sign) {
        *at_sign = '\0';
        TRY(parse_version(&id.version, at_sign + 1, err));
    }
    TRY(id_kind_parse(&id.kind, copy, err));
    TRY(id_set_name(&id, slash + 1, err));
    *out = id;
    return STATUS_OK;
}

enum status id_parse_version(struct artifact_id *out, const char *text, struct error *err)
{
    struct artifact_id id;
    TRY(id_parse(&id, text, err));
    if (id.version == 0) {
        error_set(err, STATUS_INVALID, "version_missing", "'%s' names no version", text);
        return error_hint(err, "write KIND/NAME@VERSION, e.g. %s@1; `greenroom log %s` lists them",
                          text, text);
    }
    *out = id;
    return STATUS_OK;
}

enum status id_parse_bare(struct artifact_id *out, const char *text, struct error *err)
{
    struct artifact_id id;
    TRY(id_parse(&id, text, err));
    if (id.version != 0) {
        error_set(err, STATUS_INVALID, "version_unwanted", "'%s' names a version", text);
        return error_hint(err, "write KIND/NAME without @VERSION here");
    }
    *out = id;
    return STATUS_OK;
}

void id_format_bare(const struct artifact_id *id, char out[ID_TEXT_BYTES])
{
    snprintf(out, ID_TEXT_BYTES, "%s/%s", kind_words[id->kind], id->name);
}

void id_format(const struct artifact_id *id, char out[ID_TEXT_BYTES])
{
    if (id->version == 0)
        id_format_bare(id, out);
    else
        snprintf(out, ID_TEXT_BYTES, "%s/%s@%u", kind_words[id->kind], id->name, id->version);
}

bool id_same_artifact(const struct artifact_id *a, const struct artifact_id *b)
{
    return a->kind == b->kind && strcmp(a->name, b->name) == 0;
}

void id_readable(const struct artifact_id *id, char out[ID_NAME_BYTES])
{
    const char *slash = strrchr(id->name, '/');
    const char *segment = slash ? slash + 1 : id->name;
    size_t length = strlen(segment);
    for (size_t i = 0; i < length; i++)
        out[i] = segment[i] == '-' ? ' ' : segment[i];
    out[length] = '\0';
    out[0] = (char)toupper((unsigned char)out[0]);
}
