// What an operation takes along to a server beside its input.
#include "remote_body.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/archive_spool.h"
#include "archive/archive_writer.h"
#include "base/file.h"
#include "base/file_map.h"
#include "base/memory.h"

#define TAR_TYPE "application/x-tar"
#define FILE_TYPE "application/octet-stream"
#define TOP_FOLDER "content" // taken off again there: what stands in it keeps its paths

void remote_body_release(struct remote_body *body)
{
    file_close(&body->fd);
}

static enum status write_head(struct remote_body *body, const char *name, const char *file_name,
                              const char *type, struct error *err)
{
    struct buffer head OWNED(buffer_release) = { 0 };
    operation_multipart_append_head(&head, body->boundary, name, file_name, type);
    TRY(buffer_check(&head, err));
    return file_write_all(body->fd, head.bytes, head.length, "what is to be sent", err);
}

static enum status write_file(struct remote_body *body, const char *name,
                              const struct content_file *file, struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(content_view(&view, file, err));
    TRY(write_head(body, name, file->path, FILE_TYPE, err));
    return file_write_all(body->fd, view.bytes, view.size_bytes, "what is to be sent", err);
}

static enum status write_original(struct remote_body *body, const char *path, struct error *err)
{
    struct file_map map OWNED(file_map_release) = { 0 };
    int fd OWNED(file_close) = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_errno(err, "cannot open", path);
    TRY(file_map_open(&map, fd, path, err));
    TRY(write_head(body, "content", NULL, TAR_TYPE, err));
    return file_write_all(body->fd, map.bytes, map.size_bytes, "what is to be sent", err);
}

static enum status write_seal(struct remote_body *body, const struct content *content,
                              struct error *err)
{
    TRY(write_head(body, "content", NULL, TAR_TYPE, err));
    return archive_writer_fd(body->fd, ARCHIVE_TAR, content, "what is to be sent", err);
}

// An author's files, below one folder, so that none of their own is taken for it.
static enum status write_archive(struct remote_body *body, struct content *content,
                                 struct error *err)
{
    struct content all OWNED(content_release) = { 0 };
    TRY(content_take_under(&all, content, TOP_FOLDER, err));
    TRY(content_seal(&all, err));
    TRY(write_head(body, "content", NULL, TAR_TYPE, err));
    return archive_writer_fd(body->fd, ARCHIVE_TAR, &all, "what is to be sent", err);
}

static bool takes(const struct operation *operation, enum operation_field_type type)
{
    for (const struct operation_field *field = operation->fields; field->name; field++)
        if (field->type == type)
            return true;
    return false;
}

static enum status write_parts(struct remote_body *body, const struct operation *operation,
                               struct operation_call *call, const char *original, struct error *err)
{
    if (takes(operation, FIELD_FILES)) {
        for (size_t i = 0; i < call->content.count; i++)
            TRY(write_file(body, "file", &call->content.files[i], err));
        return STATUS_OK;
    }
    if (!takes(operation, FIELD_CONTENT) && !takes(operation, FIELD_SUBJECT))
        return original ? write_original(body, original, err)
                        : write_seal(body, &call->content, err);
    return call->content_is_single ? write_file(body, "content", &call->content.files[0], err)
                                   : write_archive(body, &call->content, err);
}

enum status remote_body_make(struct remote_body *out, const struct operation *operation,
                             struct operation_call *call, const char *original, struct error *err)
{
    struct buffer end OWNED(buffer_release) = { 0 };
    struct stat status;
    if (call->content.count == 0)
        return STATUS_OK;
    TRY(operation_multipart_make_boundary(out->boundary, err));
    TRY(archive_spool_open_file(&out->fd, err));
    TRY(write_parts(out, operation, call, original, err));
    operation_multipart_append_end(&end, out->boundary);
    TRY(buffer_check(&end, err));
    TRY(file_write_all(out->fd, end.bytes, end.length, "what is to be sent", err));
    if (fstat(out->fd, &status) != 0)
        return error_errno(err, "cannot read", "what is to be sent");
    out->size_bytes = (uint64_t)status.st_size;
    return STATUS_OK;
}

enum status remote_body_begin(const struct remote_body *body, const struct json *input,
                              struct buffer *out_type, struct buffer *out_head, struct error *err)
{
    if (body->fd >= 0) {
        buffer_append_format(out_type, "multipart/form-data; boundary=%s", body->boundary);
        operation_multipart_append_head(out_head, body->boundary, "input", NULL,
                                        "application/json");
    } else {
        buffer_append_text(out_type, "application/json");
    }
    TRY(json_print(out_head, input, err));
    TRY(buffer_check(out_type, err));
    return buffer_check(out_head, err);
}
