// The command line as a call of an operation.
#include "arguments.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actor.h"
#include "archive/archive_reader.h"
#include "base/file.h"
#include "help.h"
#include "operation/operation_multipart.h"
#include "present.h"
#include "remote_judge.h"
#include "trust/hash.h"

#define FILE_FIELD_MAX_BYTES (1U << 20)     // a public key, a policy
#define DOCUMENT_MAX_BYTES JSON_MAX_BYTES   // most of them are JSON; templates are far smaller
#define EVIDENCE_FILE_MAX_BYTES (16U << 20) // a report, a screenshot
#define EVIDENCE_MAX_FILES (MULTIPART_MAX_PARTS - 1) // what goes to a server beside the input

void arguments_release(struct arguments *arguments)
{
    operation_call_release(&arguments->call);
    json_free(arguments->input);
    free(arguments->actor);
    watching_release(&arguments->watching);
    remote_release(&arguments->remote); // after the call, which points into it
    *arguments = ARGUMENTS_NONE;
}

// Words being taken one by one.
struct words {
    int count;
    char **items;
    int next;
    bool only_words; // "--" was seen
};

static enum status usage_error(const struct arguments *arguments, struct error *err)
{
    if (!arguments->operation)
        return error_hint(err, "`greenroom --help` lists the commands");
    struct buffer usage OWNED(buffer_release) = { 0 };
    help_append_usage(&usage, arguments->operation);
    return error_hint(err, "usage: %s", buffer_text(&usage));
}

// "approver add" before "approver": the longer name wins.
static const struct operation *find_operation(struct words *words)
{
    char name[64];
    if (words->next + 1 < words->count) {
        int length = snprintf(name, sizeof(name), "%s %s", words->items[words->next],
                              words->items[words->next + 1]);
        const struct operation *found =
            length > 0 && (size_t)length < sizeof(name) ? operation_find(name) : NULL;
        if (found) {
            words->next += 2;
            return found;
        }
    }
    const struct operation *found = operation_find(words->items[words->next]);
    words->next += found != NULL;
    return found;
}

static enum status add_text(struct arguments *arguments, const struct operation_field *field,
                            const char *value, struct error *err)
{
    if (json_get(arguments->input, field->name)) {
        error_set(err, STATUS_INVALID, "word_twice", "%s is given twice",
                  field->flag ? field->flag : field->metavar);
        return usage_error(arguments, err);
    }
    json_set_string(arguments->input, field->name, value);
    return STATUS_OK;
}

static enum status add_file(struct arguments *arguments, const struct operation_field *field,
                            const char *value, struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    TRY(file_read(&text, value, FILE_FIELD_MAX_BYTES, err));
    if (strlen(buffer_text(&text)) != text.length)
        return error_set(err, STATUS_INVALID, "file_not_text", "%s is not a text file", value);
    return add_text(arguments, field, buffer_text(&text), err);
}

// A file to keep as evidence, under its base name.
static enum status add_evidence_file(struct arguments *arguments, const char *path,
                                     struct error *err)
{
    const char *slash = strrchr(path, '/');
    struct buffer bytes OWNED(buffer_release) = { 0 };
    if (arguments->call.content.count >= EVIDENCE_MAX_FILES) {
        error_set(err, STATUS_TOO_LARGE, "too_many_files", "more than %u files of evidence",
                  EVIDENCE_MAX_FILES);
        return error_hint(err, "put them into one archive");
    }
    TRY(file_read(&bytes, path, EVIDENCE_FILE_MAX_BYTES, err));
    return content_add_bytes(&arguments->call.content, slash ? slash + 1 : path, bytes.bytes,
                             bytes.length, err);
}

static enum status add_document(struct arguments *arguments, const struct operation_field *field,
                                const char *path, struct error *err)
{
    struct buffer bytes OWNED(buffer_release) = { 0 };
    TRY(add_text(arguments, field, path, err));
    if (strcmp(path, "-") == 0)
        TRY(file_read_stream(&bytes, STDIN_FILENO, "standard input", DOCUMENT_MAX_BYTES, err));
    else
        TRY(file_read(&bytes, path, DOCUMENT_MAX_BYTES, err));
    return content_add_bytes(&arguments->call.content, field->name, buffer_text(&bytes),
                             bytes.length, err);
}

static enum status add_folder(struct arguments *arguments, const struct operation_field *field,
                              const char *path, struct error *err)
{
    struct content content OWNED(content_release) = { 0 };
    bool is_single;
    TRY(add_text(arguments, field, path, err));
    TRY(archive_reader_path(&content, &is_single, path, err));
    return content_take_under(&arguments->call.content, &content, field->name, err);
}

static enum status take_value(struct arguments *arguments, const struct operation_field *field,
                              const char *value, struct error *err)
{
    switch (field->type) {
    case FIELD_TEXT:
    case FIELD_PLACE:
    case FIELD_OTHER:
    case FIELD_JUDGE:
    case FIELD_PEER:
    case FIELD_SIDE:
    case FIELD_LABEL:
        return add_text(arguments, field, value, err);
    case FIELD_FILE:
        return add_file(arguments, field, value, err);
    case FIELD_WORD_OR_FILE:
        return file_exists(value) ? add_file(arguments, field, value, err)
                                  : add_text(arguments, field, value, err);
    case FIELD_SWITCH:
        return add_text(arguments, field, "yes", err);
    case FIELD_LIST:
        if (!json_get(arguments->input, field->name))
            json_set_array(arguments->input, field->name);
        json_append_string((struct json *)json_get(arguments->input, field->name), value);
        return STATUS_OK;
    case FIELD_ENVIRONMENT:
        arguments->call.environment_path = value;
        return STATUS_OK;
    case FIELD_SUBJECT:
        if (!file_exists(value) && strcmp(value, "-") != 0)
            return add_text(arguments, field, value, err);
        json_set_string(arguments->input, "path", value);
        arguments->content_path = value;
        return STATUS_OK;
    case FIELD_DOCUMENT:
        return add_document(arguments, field, value, err);
    case FIELD_FOLDER:
        return add_folder(arguments, field, value, err);
    case FIELD_FILES:
        return add_evidence_file(arguments, value, err);
    case FIELD_CONTENT:
    case FIELD_SEAL:
        arguments->content_path = value;
        return STATUS_OK;
    case FIELD_OUTPUT:
        arguments->output_path = value;
        return STATUS_OK;
    case FIELD_SIGNER:
        signer_init(&arguments->signer, value);
        arguments->call.signer = &arguments->signer.signer;
        return STATUS_OK;
    case FIELD_SECOND_SIGNER:
        signer_init(&arguments->second_signer, value);
        arguments->call.second_signer = &arguments->second_signer.signer;
        return STATUS_OK;
    }
    return STATUS_OK;
}

// The value of "--flag value" or "--flag=value"; NULL when this word is another.
static const char *match_flag(struct words *words, const char *flag, struct error *err)
{
    const char *word = words->items[words->next];
    size_t length = strlen(flag);
    if (strncmp(word, flag, length) != 0 || (word[length] && word[length] != '='))
        return NULL;
    if (word[length] == '=') {
        words->next++;
        return word + length + 1;
    }
    if (words->next + 1 >= words->count) {
        error_set(err, STATUS_INVALID, "value_missing", "%s wants a value behind it", flag);
        return NULL;
    }
    words->next += 2;
    return words->items[words->next - 1];
}

// Flags that every command takes.
static bool take_common_flag(struct arguments *arguments, struct words *words, struct error *err)
{
    static const struct {
        const char *flag;
        size_t offset;
    } switches[] = { { "--json", offsetof(struct arguments, wants_json) },
                     { "--help", offsetof(struct arguments, wants_help) },
                     { "-h", offsetof(struct arguments, wants_help) },
                     { "--version", offsetof(struct arguments, wants_version) } };
    for (size_t i = 0; i < COUNT_OF(switches); i++)
        if (strcmp(words->items[words->next], switches[i].flag) == 0) {
            *(bool *)((char *)arguments + switches[i].offset) = true;
            words->next++;
            return true;
        }
    const char *value = match_flag(words, "--env", err);
    if (value) {
        arguments->call.environment_path = value;
        return true;
    }
    value = match_flag(words, "--ca", err);
    if (value) {
        arguments->remote.ca_path = value;
        return true;
    }
    value = match_flag(words, "--actor", err);
    if (value)
        arguments->call.actor = value;
    arguments->names_actor = arguments->names_actor || value;
    return value != NULL;
}

static enum status take_flag(struct arguments *arguments, struct words *words, struct error *err)
{
    const char *word = words->items[words->next];
    struct error fault = { 0 };
    // The command's own flags go first: for `audit`, --actor is what to look for.
    const struct operation_field *field =
        arguments->operation ? arguments->operation->fields : NULL;
    for (; field && field->name && fault.status == STATUS_OK; field++) {
        if (field->flag && field->type == FIELD_SWITCH && strcmp(word, field->flag) == 0) {
            words->next++;
            return take_value(arguments, field, "", err);
        }
        const char *value = field->flag ? match_flag(words, field->flag, &fault) : NULL;
        if (value)
            return take_value(arguments, field, value, err);
    }
    if (fault.status == STATUS_OK && take_common_flag(arguments, words, &fault))
        return STATUS_OK;
    if (fault.status != STATUS_OK)
        *err = fault;
    else
        error_set(err, STATUS_INVALID, "flag_unknown", "'%.80s' is not an option here", word);
    return usage_error(arguments, err);
}

const struct operation_field *arguments_field_at(const struct operation *operation, int position)
{
    for (const struct operation_field *field = operation->fields; field->name; field++) {
        if (field->flag || !*field->metavar) // no word, or one that the face itself fills
            continue;
        if (position == 0 || field->type == FIELD_LIST)
            return field;
        position--;
    }
    return NULL;
}

static enum status take_word(struct arguments *arguments, struct words *words, int *position,
                             struct error *err)
{
    if (!arguments->operation) {
        arguments->operation = find_operation(words);
        if (arguments->operation)
            return STATUS_OK;
        error_set(err, STATUS_INVALID, "command_unknown", "'%.80s' is not a command",
                  words->items[words->next]);
        return usage_error(arguments, err);
    }
    const struct operation_field *field = arguments_field_at(arguments->operation, (*position)++);
    if (field)
        return take_value(arguments, field, words->items[words->next++], err);
    error_set(err, STATUS_INVALID, "word_unexpected", "'%.80s' is one word too many",
              words->items[words->next]);
    return usage_error(arguments, err);
}

static enum status check_complete(const struct arguments *arguments, struct error *err)
{
    if (arguments->wants_help || arguments->wants_version)
        return STATUS_OK;
    if (!arguments->operation) {
        error_set(err, STATUS_INVALID, "command_missing", "no command is given");
        return usage_error(arguments, err);
    }
    for (const struct operation_field *field = arguments->operation->fields; field->name; field++) {
        bool is_there = json_get(arguments->input, field->name) ||
                        ((field->type == FIELD_CONTENT || field->type == FIELD_SEAL) &&
                         arguments->content_path) ||
                        (field->type == FIELD_OUTPUT && arguments->output_path) ||
                        (field->type == FIELD_SIGNER && arguments->call.signer) ||
                        (field->type == FIELD_ENVIRONMENT && arguments->call.environment_path);
        if (!field->required || is_there)
            continue;
        error_set(err, STATUS_INVALID, "word_missing", "%s is missing",
                  field->flag ? field->flag : field->metavar);
        return usage_error(arguments, err);
    }
    return STATUS_OK;
}

static enum status take_words(struct arguments *arguments, struct words *words, struct error *err)
{
    int position = 0;
    while (words->next < words->count) {
        const char *word = words->items[words->next];
        bool is_flag = !words->only_words && word[0] == '-' && word[1] != '\0';
        if (is_flag && strcmp(word, "--") == 0) {
            words->only_words = true;
            words->next++;
        } else if (is_flag) {
            TRY(take_flag(arguments, words, err));
        } else {
            TRY(take_word(arguments, words, &position, err));
        }
    }
    return check_complete(arguments, err);
}

enum status arguments_parse(struct arguments *out, int argc, char **argv, struct error *err)
{
    struct words words = { argc, argv, 1, false };
    out->input = json_new_object();
    if (!out->input)
        return error_no_memory(err);
    enum status status = take_words(out, &words, err);
    // A script that asks for JSON gets it for wrong words, too, wherever it asks.
    for (; status != STATUS_OK && !words.only_words && words.next < argc; words.next++)
        out->wants_json = out->wants_json || strcmp(argv[words.next], "--json") == 0;
    return status;
}

struct json *arguments_input_without(const struct arguments *arguments,
                                     enum operation_field_type type)
{
    struct json *input = json_new_object();
    for (const struct operation_field *field = arguments->operation->fields; field->name; field++) {
        const struct json *value = json_get(arguments->input, field->name);
        if (value && field->type != type)
            json_set(input, field->name, json_copy(value));
    }
    return input;
}

// A seal is an archive, and counts as it is carried: the archive's digest comes along.
static enum status open_seal(struct operation_call *call, const char *path, struct error *err)
{
    if (file_is_folder(path)) {
        error_set(err, STATUS_INVALID, "archive_unknown", "%.300s: is a folder, not a seal", path);
        return error_hint(err, "carry the very file that `greenroom seal` wrote");
    }
    int fd OWNED(file_close) = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_errno(err, "cannot open", path);
    call->has_packed = true;
    TRY(hash_fd(&call->packed, fd, path, err));
    return archive_reader_fd(&call->content, fd, path, err);
}

static bool takes_seal(const struct operation *operation)
{
    for (const struct operation_field *field = operation->fields; field->name; field++)
        if (field->type == FIELD_SEAL)
            return true;
    return false;
}

enum status arguments_open(struct arguments *arguments, struct error *err)
{
    struct operation_call *call = &arguments->call;
    if (!call->environment_path)
        call->environment_path = getenv("GREENROOM_ENV");
    if (!arguments->remote.ca_path)
        arguments->remote.ca_path = getenv("GREENROOM_CA");
    if (!call->actor)
        TRY(actor_find(&arguments->actor, err));
    if (arguments->actor)
        call->actor = arguments->actor;
    call->roles = ROLE_ANY; // who can read and write the files needs no key
    call->input = arguments->input;
    call->announce = arguments->wants_json ? NULL : present_announcement;
    remote_judge_begin(arguments);
    if (arguments->operation->follows) // before anything is read, so that no change is missed
        TRY(watching_begin(&arguments->watching, call, arguments->content_path,
                           arguments->wants_json, err));
    if (!arguments->content_path)
        return content_seal(&call->content, err); // files to keep as evidence, or none
    if (takes_seal(arguments->operation))
        return open_seal(call, arguments->content_path, err);
    return archive_reader_path(&call->content, &call->content_is_single, arguments->content_path,
                               err);
}
