// Fuzzes the opening of seals. The input is a seal's files (file_list.h), in which "@0001@" stands
// for the digest of what is below 0001/content, since no mutation ever hits a digest.
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fuzz/file_list.h"
#include "fuzz/must.h"
#include "release/seal.h"
#include "release/seal_layout.h"
#include "trust/hash.h"

#define MARK_BYTES 6 // "@0001@"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_mark(const char *at, size_t left)
{
    return left >= MARK_BYTES && at[0] == '@' && at[5] == '@' && strspn(at + 1, "0123456789") >= 4;
}

static void append_digest(struct buffer *out, const struct content *content, const char *mark)
{
    char text[DIGEST_TEXT_BYTES];
    char folder[SEAL_PATH_BYTES];
    struct error err = { 0 };
    struct digest digest;
    struct content below OWNED(content_release) = { 0 };
    snprintf(folder, sizeof(folder), "%.4s/" SEAL_CONTENT, mark + 1);
    must(content_borrow_below(&below, content, folder, &err) == STATUS_OK);
    must(hash_content(&digest, &below, &err) == STATUS_OK);
    digest_format(&digest, text);
    buffer_append_text(out, text);
}

// The file with its marks replaced.
static void add_filled(struct content *out, const struct content *content,
                       const struct content_file *file)
{
    struct error err = { 0 };
    struct buffer filled OWNED(buffer_release) = { 0 };
    struct content_view view OWNED(content_view_release) = { 0 };
    must(content_view(&view, file, &err) == STATUS_OK);
    bool may_hold_marks = !strstr(file->path, "/" SEAL_CONTENT "/");
    for (size_t i = 0; i < view.size_bytes; i++) {
        if (may_hold_marks && is_mark(view.bytes + i, view.size_bytes - i)) {
            append_digest(&filled, content, view.bytes + i);
            i += MARK_BYTES - 1;
        } else {
            buffer_append_byte(&filled, view.bytes[i]);
        }
    }
    must(content_add_bytes(out, file->path, buffer_text(&filled), filled.length, &err) ==
         STATUS_OK);
}

static void check_seal(const struct seal *seal)
{
    must(seal->count > 0 && seal->count <= SEAL_MAX_ARTIFACTS);
    for (size_t i = 0; i < seal->count; i++) {
        const struct seal_item *item = &seal->items[i];
        must(item->id.version > 0 && item->author[0] && item->content.count > 0);
        must(id_same_artifact(&item->id, &item->manifest.id));
        for (size_t j = 0; j < item->evidence.count; j++)
            must(item->evidence.records[j].document != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    struct content given OWNED(content_release) = { 0 };
    struct content content OWNED(content_release) = { 0 };
    struct seal seal OWNED(seal_release) = { 0 };
    if (!file_list_read(&given, data, size) || content_seal(&given, &err) != STATUS_OK)
        return 0;
    for (size_t i = 0; i < given.count; i++)
        add_filled(&content, &given, &given.files[i]);
    must(content_seal(&content, &err) == STATUS_OK);
    if (seal_open(&seal, &content, &err) == STATUS_OK)
        check_seal(&seal);
    else
        must(err.message[0] && err.code && !seal.items);
    return 0;
}
