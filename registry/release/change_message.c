// The message of a commit on one of our branches.
#include "release/change_message.h"

static void append_line(struct buffer *out, const char *text)
{
    for (; *text; text++)
        buffer_append_byte(out, (unsigned char)*text < 0x20 ? ' ' : *text);
}

static void append_trailer(struct buffer *out, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    buffer_append_format(out, "%s: ", name);
    append_line(out, value);
    buffer_append_byte(out, '\n');
}

static void append_subject(struct buffer *out, const struct change_message *message)
{
    if (message->subject) {
        append_line(out, message->subject);
        return;
    }
    append_line(out, message->operation);
    if (message->count > 0) {
        char text[ID_TEXT_BYTES];
        id_format(&message->items[0].id, text);
        buffer_append_format(out, " %s", text);
    }
    if (message->count > 1)
        buffer_append_format(out, " and %zu more", message->count - 1);
}

void change_message_append(struct buffer *out, const struct change_message *message)
{
    append_subject(out, message);
    buffer_append_text(out, "\n\n");
    append_trailer(out, "Operation", message->operation);
    for (size_t i = 0; i < message->count; i++) {
        char text[ID_TEXT_BYTES];
        char digest[DIGEST_TEXT_BYTES];
        id_format_bare(&message->items[i].id, text);
        digest_format(&message->items[i].digest, digest);
        append_trailer(out, "Artifact", text);
        if (message->items[i].id.version == 0) // about the artifact as a whole: a hold, say
            continue;
        buffer_append_format(out, "Version: %u\n", message->items[i].id.version);
        append_trailer(out, "Digest", digest);
    }
    append_trailer(out, "Actor", message->actor);
    append_trailer(out, "Reason", message->reason);
    append_trailer(out, "Audit", message->audit);
}
