// mask: a copy of some files without the personal data in them.
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "check/pii_file.h"
#include "check/pii_mask.h"
#include "operation/operation_rows.h"

// Everything is masked before anything is written, so that nothing half masked is left anywhere.
#define MASK_MAX_TOTAL_BYTES (UINT64_C(512) << 20)

struct masking {
    struct operation_call *call;
    struct pii_detector *detector;
    size_t masked;
    size_t changed; // files
};

// What cannot be looked through is not passed on as if it had been.
static enum status check_readable(const struct content_file *file, const struct content_view *view,
                                  struct error *err)
{
    const char *packed = pii_file_packed(view->bytes, (size_t)view->size_bytes);
    if (!packed)
        return STATUS_OK;
    error_set(err, STATUS_REFUSED, "mask_unreadable",
              "%.300s: it is %s, whose text is packed: it cannot be masked", file->path, packed);
    return error_hint(err, "take it out, unpack it, or put its text there as Markdown");
}

// The path's ending, by which the file is known, is kept: an address before it is masked without it
// ("jane@acme.de" in "jane@acme.de.txt"), and '_' keeps its stand-in apart.
static enum status mask_path(struct masking *masking, const char *path, struct buffer *out,
                             size_t *out_count, struct error *err)
{
    const char *slash = strrchr(path, '/');
    const char *ending = strrchr(slash ? slash : path, '.');
    struct buffer joined OWNED(buffer_release) = { 0 };
    size_t in_stem = 0;
    size_t in_whole = 0;
    if (!ending)
        ending = path + strlen(path);
    const struct pii_mask_text stem = { path, (size_t)(ending - path), PII_PLAIN };
    TRY(pii_mask_bytes(&joined, &in_stem, masking->detector, &stem, err));
    buffer_append_text(&joined, in_stem > 0 && *ending ? "_" : "");
    buffer_append_text(&joined, ending);
    TRY(buffer_check(&joined, err));
    const struct pii_mask_text whole = { joined.bytes, joined.length, PII_PLAIN };
    TRY(pii_mask_bytes(out, &in_whole, masking->detector, &whole, err));
    if (!text_ends_with(buffer_text(out), ending))
        buffer_append_format(out, "_%s", ending);
    *out_count = in_stem + in_whole;
    return buffer_check(out, err);
}

static enum status mask_file(struct masking *masking, const struct content_file *file,
                             struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    struct buffer path OWNED(buffer_release) = { 0 };
    struct buffer bytes OWNED(buffer_release) = { 0 };
    size_t in_path = 0;
    size_t in_bytes = 0;
    if (file->size_bytes > PII_TEXT_MAX_BYTES)
        return error_set(err, STATUS_TOO_LARGE, "mask_too_large",
                         "%.300s: it is larger than 64 MiB", file->path);
    TRY(content_view(&view, file, err));
    TRY(check_readable(file, &view, err));
    const struct pii_mask_text text = { view.bytes, (size_t)view.size_bytes,
                                        pii_text_form_of(file->path) };
    TRY(mask_path(masking, file->path, &path, &in_path, err));
    if (pii_mask_bytes(&bytes, &in_bytes, masking->detector, &text, err) != STATUS_OK)
        return error_prefix(err, "%.300s", file->path);
    masking->masked += in_path + in_bytes;
    masking->changed += in_path + in_bytes > 0;
    return content_add_bytes(&masking->call->result, buffer_text(&path), buffer_text(&bytes),
                             bytes.length, err);
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct pii_detector *detector OWNED(pii_detector_release) = NULL;
    struct masking masking = { .call = call };
    if (call->content.total_bytes > MASK_MAX_TOTAL_BYTES) {
        error_set(err, STATUS_TOO_LARGE, "mask_too_large",
                  "there is more than the 512 MiB that are masked at a time");
        return error_hint(err, "mask its folders one by one");
    }
    TRY(pii_detector_new(&detector, err));
    masking.detector = detector;
    for (size_t i = 0; i < call->content.count; i++)
        TRY(mask_file(&masking, &call->content.files[i], err));
    TRY(content_seal(&call->result, err));
    call->output = json_new_object();
    json_set_integer(call->output, "files", (int64_t)call->content.count);
    json_set_integer(call->output, "changed", (int64_t)masking.changed);
    json_set_integer(call->output, "masked", (int64_t)masking.masked);
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "path", NULL, "PATH", "a file, folder or archive; - for an archive on standard input",
      FIELD_CONTENT, true },
    { "out", "-o", "OUT",
      "the copy: a file for a file (default: standard output), else a folder, .tar.gz, .tar.zst or "
      ".zip",
      FIELD_OUTPUT, false },
    { "replace", "--replace", "", "write over a file or archive that is there already",
      FIELD_SWITCH, false },
    { 0 },
};

const struct operation operation_mask = {
    .name = "mask",
    .summary = "write a copy of files with stand-ins for personal data",
    .roles = ROLE_ANY & ~ROLE_RUNTIME,
    .result_form = RESULT_AS_GIVEN,
    .fields = fields,
    .run = run,
};
