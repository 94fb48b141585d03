// One event of the server's log as a line.
#include "log_record.h"

#include <stdio.h>
#include <string.h>

#include "artifact/json.h"
#include "base/clock.h"
#include "base/memory.h"

const char *const log_record_formats[] = { [LOG_TEXT] = "text", [LOG_JSON] = "json", NULL };

static const char *const level_words[] = {
    [LOG_NOTE] = "note",
    [LOG_WARNING] = "warning",
    [LOG_FAULT] = "fault",
};

static enum status print_text(struct buffer *out, const struct log_record *record,
                              struct error *err)
{
    struct buffer line OWNED(buffer_release) = { 0 };
    char time[CLOCK_TEXT_BYTES];
    clock_format(record->time, time);
    buffer_append_format(&line, "%s %s: ", time, level_words[record->level]);
    if (record->request_id[0])
        buffer_append_format(&line, "request %s: ", record->request_id);
    buffer_append_text(&line, record->message);
    TRY(buffer_check(&line, err));
    if (line.length > LOG_LINE_BYTES - 2)
        buffer_truncate(&line, LOG_LINE_BYTES - 2);
    for (size_t i = 0; i < line.length; i++)
        if ((unsigned char)line.bytes[i] < 0x20 || line.bytes[i] == 0x7f)
            line.bytes[i] = '?';
    buffer_append(out, line.bytes, line.length);
    buffer_append_byte(out, '\n');
    return buffer_check(out, err);
}

static enum status print_json(struct buffer *out, const struct log_record *record,
                              struct error *err)
{
    struct json *line OWNED(json_release) = json_new_object();
    char time[CLOCK_TEXT_BYTES];
    clock_format(record->time, time);
    json_set_string(line, "time", time);
    json_set_string(line, "level", level_words[record->level]);
    json_set_string(line, "message", record->message);
    if (record->request_id[0])
        json_set_string(line, "request_id", record->request_id);
    if (record->code)
        json_set_string(line, "error_code", record->code);
    TRY(json_print(out, line, err));
    buffer_append_byte(out, '\n');
    return buffer_check(out, err);
}

enum status log_record_print(struct buffer *out, enum log_format format,
                             const struct log_record *record, struct error *err)
{
    static enum status (*const printers[])(
        struct buffer *, const struct log_record *,
        struct error *) = { [LOG_TEXT] = print_text, [LOG_JSON] = print_json };
    return printers[format](out, record, err);
}
