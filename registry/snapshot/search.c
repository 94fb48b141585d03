// Search in a knowledge base.
#include "snapshot/search.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "artifact/json.h"
#include "artifact/manifest.h"
#include "base/memory.h"
#include "base/text.h"
#include "ledger/search_builder.h"
#include "ledger/search_query.h"
#include "snapshot/passage.h"

#define SCORE_STEPS 10000 // of a score's unit: more digits would only look exact

static bool ends_with(const char *path, const char *ending)
{
    size_t path_bytes = strlen(path);
    size_t ending_bytes = strlen(ending);
    return path_bytes > ending_bytes && strcasecmp(path + path_bytes - ending_bytes, ending) == 0;
}

static bool is_searched(const struct snapshot_file *file)
{
    return text_starts_with(file->path, MANIFEST_DOCUMENTS_FOLDER "/") &&
           manifest_is_document(file->path) && !ends_with(file->path, ".pdf") &&
           text_is_utf8(file->bytes, file->size_bytes, NULL);
}

static enum status add_document(struct search_builder *builder, const struct snapshot_file *file,
                                uint32_t number, struct error *err)
{
    struct passage_reading reading = {
        .text = file->bytes,
        .text_bytes = file->size_bytes,
        .is_records = ends_with(file->path, ".jsonl") || ends_with(file->path, ".csv"),
    };
    struct search_passage passage = { .file = number };
    while (passage_next(&reading, &passage))
        TRY(search_builder_add(builder, &passage, file->bytes + passage.start, err));
    return STATUS_OK;
}

enum status search_make(const char *path, const struct snapshot_release *release,
                        const atomic_bool *stop, struct error *err)
{
    struct search_builder *builder OWNED(search_builder_release) = NULL;
    TRY(search_builder_new(&builder, path, err));
    for (size_t i = 0; i < release->file_count; i++) {
        if (atomic_load(stop))
            return error_set(err, STATUS_IO, "stopping", "the server is stopping");
        if (is_searched(&release->files[i]))
            TRY(add_document(builder, &release->files[i], (uint32_t)i, err));
    }
    return search_builder_finish(builder, err);
}

struct answering {
    const struct snapshot_release *release;
    struct json *hits; // borrowed
};

// An index that was tampered with may point anywhere: what is not in a document, or begins or ends
// within a character, is left out.
static bool is_inside(const struct snapshot_release *release, const struct search_passage *passage)
{
    if (passage->file >= release->file_count || passage->bytes > PASSAGE_MAX_BYTES)
        return false;
    const struct snapshot_file *file = &release->files[passage->file];
    return is_searched(file) && passage->start <= file->size_bytes &&
           passage->bytes <= file->size_bytes - passage->start &&
           text_is_utf8(file->bytes + passage->start, passage->bytes, NULL);
}

static enum status put_hit(void *context, const struct search_hit *hit, struct error *err)
{
    struct answering *answering = context;
    char *snippet OWNED(memory_release) = NULL;
    if (!is_inside(answering->release, &hit->passage))
        return STATUS_OK;
    const struct snapshot_file *file = &answering->release->files[hit->passage.file];
    TRY(memory_copy_bytes(&snippet, file->bytes + hit->passage.start, hit->passage.bytes, err));
    struct json *item = json_append_object(answering->hits);
    json_set_string(item, "path", file->path);
    json_set_integer(item, "line", hit->passage.line);
    json_set(item, "score", json_new_number(round(hit->score * SCORE_STEPS) / SCORE_STEPS));
    json_set_string(item, "snippet", snippet);
    return STATUS_OK;
}

enum status search_print(struct buffer *out, struct search_index *index,
                         const struct snapshot_release *release,
                         const struct search_question *question, struct error *err)
{
    struct buffer expression OWNED(buffer_release) = { 0 };
    struct json *body OWNED(json_release) = json_new_object();
    char name[ID_TEXT_BYTES];
    char digest[DIGEST_TEXT_BYTES];
    TRY(search_query_print(&expression, question->query, question->query_bytes, err));
    id_format_bare(&release->id, name);
    digest_format(&release->digest, digest);
    json_set_string(body, "artifact", name);
    json_set_integer(body, "version", release->id.version);
    json_set_string(body, "digest", digest);
    struct answering answering = { release, json_set_array(body, "hits") };
    TRY(search_index_find(index, buffer_text(&expression), question->limit, put_hit, &answering,
                          err));
    return json_print(out, body, err);
}
