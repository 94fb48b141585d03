// The parts that operations' outputs are made of.
#include "operation/operation_result.h"

#include "base/clock.h"

void operation_result_set_version(struct json *object, const struct artifact_id *id,
                                  const struct digest *digest)
{
    char text[ID_TEXT_BYTES];
    char digest_text[DIGEST_TEXT_BYTES];
    id_format_bare(id, text);
    digest_format(digest, digest_text);
    json_set_string(object, "artifact", text);
    json_set_integer(object, "version", id->version);
    json_set_string(object, "digest", digest_text);
}

void operation_result_set_findings(struct json *object, const struct finding_list *findings)
{
    struct json *list = json_set_array(object, "findings");
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i];
        struct json *item = json_append_object(list);
        json_set_string(item, "rule", finding->rule);
        json_set_string(item, "severity", finding_severity_word(finding->severity));
        json_set_string(item, "file", finding->file);
        json_set_integer(item, "line", finding->line);
        json_set_integer(item, "column", finding->column);
        if (finding->pointer)
            json_set_string(item, "pointer", finding->pointer);
        json_set_string(item, "message", finding->message);
        json_set_string(item, "mend", finding->mend);
    }
}

void operation_result_set_time(struct json *object, const char *key, int64_t seconds)
{
    char text[CLOCK_TEXT_BYTES];
    clock_format(seconds, text);
    json_set_string(object, key, text);
}

void operation_result_set_row(struct json *object, const struct index_version *row)
{
    operation_result_set_version(object, &row->id, &row->digest);
    bool is_release = row->tag && row->tag[0];
    operation_result_set_time(object, is_release ? "released_at" : "published_at", row->time);
    json_set_string(object, "author", row->author);
    if (is_release) {
        json_set_string(object, "approver", row->approver);
        json_set_bool(object, "live", row->live);
    }
    json_set_string(object, is_release ? "reason" : "note", row->note);
    json_set_string(object, "commit", row->commit);
    if (is_release)
        json_set_string(object, "tag", row->tag);
}

void operation_result_set_files(struct json *object, const struct content *content)
{
    struct json *list = json_set_array(object, "files");
    for (size_t i = 0; i < content->count; i++) {
        char hex[DIGEST_HEX_BYTES];
        struct json *item = json_append_object(list);
        digest_format_hex(&content->files[i].sha256, hex);
        json_set_string(item, "path", content->files[i].path);
        json_set_integer(item, "size", (int64_t)content->files[i].size_bytes);
        json_set_string(item, "sha256", hex);
    }
}

void operation_result_set_error(struct json *object, const struct error *err)
{
    struct json *error = json_set_object(object, "error");
    json_set_string(error, "code", err->code ? err->code : "unknown");
    json_set_string(error, "message", err->message);
    json_set_string(error, "hint", err->hint);
}
