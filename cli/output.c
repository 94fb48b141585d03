// What an operation brought back, printed.
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "archive/archive_writer.h"
#include "base/file.h"
#include "base/file_replace.h"
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

// What is written whole under its name or not at all: a seal, or one file.
static enum status write_whole(void *context, int fd, struct error *err)
{
    const struct arguments *arguments = context;
    const struct content *result = &arguments->call.result;
    struct content_view view OWNED(content_view_release) = { 0 };
    if (arguments->operation->result_form == RESULT_SEAL)
        return archive_writer_fd(fd, ARCHIVE_TAR, result, arguments->output_path, err);
    TRY(content_view(&view, &result->files[0], err));
    return file_write_all(fd, view.bytes, view.size_bytes, arguments->output_path, err);
}

// RESULT_AS_GIVEN, and it was not one file.
static bool are_several(const struct arguments *arguments)
{
    return arguments->operation->result_form == RESULT_AS_GIVEN &&
           !arguments->call.content_is_single;
}

static bool has_names(const struct arguments *arguments)
{
    enum operation_result_form form = arguments->operation->result_form;
    return form == RESULT_BY_NAME || form == RESULT_NEW_FOLDER || are_several(arguments);
}

// What somebody has there stays there unless they said otherwise. Whoever writes a folder refuses
// one that exists.
static enum status check_free(const struct arguments *arguments, struct error *err)
{
    const char *path = arguments->output_path;
    bool is_folder = file_is_folder(path);
    if (arguments->operation->result_form != RESULT_AS_GIVEN || !file_exists(path))
        return STATUS_OK;
    if (is_folder ? are_several(arguments) : json_get(arguments->input, "replace") != NULL)
        return STATUS_OK;
    error_set(err, STATUS_CONFLICT, "output_exists", "%.300s: is there already", path);
    return error_hint(err, is_folder ? "name a file with -o"
                                     : "name another place with -o, or write over it with "
                                       "--replace");
}

static enum status write_output(struct arguments *arguments, struct error *err)
{
    const char *path = arguments->output_path;
    TRY(check_free(arguments, err));
    if (has_names(arguments))
        return archive_writer_path(path, &arguments->call.result, err);
    if (strcmp(path, "-") == 0)
        return write_whole(arguments, STDOUT_FILENO, err);
    return file_replace(path, 0644, write_whole, arguments, err);
}

enum status output_result(struct arguments *arguments, struct error *err)
{
    struct operation_call *call = &arguments->call;
    if (arguments->operation->result_form == RESULT_NEW_FOLDER && !arguments->output_path)
        arguments->output_path = json_get_string(call->output, "folder", NULL);
    if (arguments->output_path) {
        TRY(write_output(arguments, err));
        if (strcmp(arguments->output_path, "-") == 0)
            return STATUS_OK; // standard output is the archive
        json_set_string(call->output, "written_to", arguments->output_path);
    } else if (call->result.count > 0 && are_several(arguments)) {
        error_set(err, STATUS_INVALID, "output_missing", "several files need a place to go to");
        return error_hint(err, "name a new folder or an archive with -o OUT, or - for a .tar.gz on "
                               "standard output");
    } else if (call->result.count > 0) {
        present_findings(&call->findings); // to standard error
        return print_file(&call->result, err);
    }
    if (arguments->operation->follows) // it was all announced
        return STATUS_OK;
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
    operation_result_set_error(document, err);
    if (arguments->call.findings.count > 0)
        operation_result_set_findings(document, &arguments->call.findings);
    struct error unprintable = { 0 };
    if (print_json(document, &unprintable) != STATUS_OK)
        present_error(err);
}
