// What an operation brought back, printed.
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "archive/archive_writer.h"
#include "base/file.h"
#include "operation/operation_result.h"
#include "present.h"

static enum status print_json(const struct json *value, struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(json_print_pretty(&text, value, err));
    if (fwrite(text.bytes, 1, text.length, stdout) != text.length || fflush(stdout) != 0)
        return error_errno(err, "cannot write", "standard output");
    return STATUS_OK;
}

// cat: the bytes themselves, and nothing else.
static enum status print_file(const struct content *result, struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    TRY(content_view(&view, &result->files[0], err));
    if (fwrite(view.bytes, 1, view.size_bytes, stdout) != view.size_bytes || fflush(stdout) != 0)
        return error_errno(err, "cannot write", "standard output");
    return STATUS_OK;
}

// A seal is a plain tar whatever its name, so that the same seal has the same bytes everywhere.
static enum status write_seal(const char *path, const struct content *content, struct error *err)
{
    if (strcmp(path, "-") == 0)
        return archive_writer_fd(STDOUT_FILENO, ARCHIVE_TAR, content, path, err);
    struct buffer temporary OWNED(buffer_release) = { 0 };
    buffer_append_format(&temporary, "%s.%ld.tmp", path, (long)getpid());
    TRY(buffer_check(&temporary, err));
    int fd OWNED(file_close) = open(temporary.bytes, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return error_errno(err, "cannot create", temporary.bytes);
    enum status status = archive_writer_fd(fd, ARCHIVE_TAR, content, path, err);
    if (status == STATUS_OK && (fsync(fd) != 0 || rename(temporary.bytes, path) != 0))
        status = error_errno(err, "cannot write", path);
    if (status != STATUS_OK)
        unlink(temporary.bytes);
    return status;
}

enum status output_result(struct arguments *arguments, struct error *err)
{
    struct operation_call *call = &arguments->call;
    if (arguments->output_path) {
        TRY(arguments->operation->result_is_seal
                ? write_seal(arguments->output_path, &call->result, err)
                : archive_writer_path(arguments->output_path, &call->result, err));
        if (strcmp(arguments->output_path, "-") == 0)
            return STATUS_OK; // standard output is the archive
    } else if (call->result.count > 0) {
        return print_file(&call->result, err);
    }
    if (arguments->wants_json)
        return print_json(call->output, err);
    present_findings(&call->findings);
    present_result(arguments->operation, call->output, arguments->output_path);
    return fflush(stdout) == 0 ? STATUS_OK : error_errno(err, "cannot write", "standard output");
}

void output_error(struct arguments *arguments, const struct error *err)
{
    if (!arguments->wants_json) {
        present_findings(&arguments->call.findings);
        present_error(err);
        return;
    }
    struct json *document OWNED(json_release) = json_new_object();
    struct json *error = json_set_object(document, "error");
    json_set_string(error, "code", err->code ? err->code : "unknown");
    json_set_string(error, "message", err->message);
    json_set_string(error, "hint", err->hint);
    if (arguments->call.findings.count > 0)
        operation_result_set_findings(document, &arguments->call.findings);
    struct error unprintable = { 0 };
    if (print_json(document, &unprintable) != STATUS_OK)
        present_error(err);
}
