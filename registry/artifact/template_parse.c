// Reads a template: finds its tags, and builds the list of nodes that is rendered.
#include "artifact/template_parse.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

// Counts lines and columns up to `offset`.
static void move_to(struct template_parsing *parsing, size_t offset)
{
    for (; parsing->offset < offset; parsing->offset++) {
        unsigned char byte = (unsigned char)parsing->template->text[parsing->offset];
        if (byte == '\n') {
            parsing->line++;
            parsing->column = 1;
        } else if ((byte & 0xC0) != 0x80) { // not inside a character
            parsing->column++;
        }
    }
}

enum status template_parse_add(struct template_parsing *parsing, const struct template_node *node,
                               struct error *err)
{
    struct template *template = parsing->template;
    TRY(memory_grow(&template->nodes, template->node_count, &template->node_capacity,
                    sizeof(*template->nodes), err));
    template->nodes[template->node_count++] = *node;
    return STATUS_OK;
}

static enum status add_text(struct template_parsing *parsing, size_t end, struct error *err)
{
    if (end <= parsing->text_begin)
        return STATUS_OK;
    move_to(parsing, parsing->text_begin);
    return template_parse_add(
        parsing,
        &(struct template_node) {
            .is_text = true,
            .section = template_sign_innermost(parsing),
            .text = { parsing->template->text + parsing->text_begin, end - parsing->text_begin },
            .line = parsing->line,
            .column = parsing->column,
        },
        err);
}

static void trim(struct template_slice *slice)
{
    while (slice->length > 0 && strchr(TEMPLATE_BLANKS, slice->bytes[0])) {
        slice->bytes++;
        slice->length--;
    }
    while (slice->length > 0 && strchr(TEMPLATE_BLANKS, slice->bytes[slice->length - 1]))
        slice->length--;
}

// Reads the tag that begins at piece->begin. False when it has no end of its own.
static bool find_end(const struct template_parsing *parsing, struct template_piece *piece,
                     const struct template_sign_row **row)
{
    const char *text = parsing->template->text;
    size_t inner = piece->begin + parsing->open.length;
    piece->has_tilde = text[inner] == '~';
    inner += piece->has_tilde ? 1 : 0;
    *row = template_sign_find(text[inner]);
    piece->sign = (*row)->sign;
    inner += piece->sign ? 1 : 0;
    char ending[TEMPLATE_MAX_DELIMITER_BYTES + 2];
    size_t ending_length =
        (size_t)snprintf(ending, sizeof(ending), "%.1s%s", &(*row)->closing, parsing->close.text);
    const char *end = memmem(text + inner, parsing->length - inner, ending, ending_length);
    if (!end)
        return false;
    piece->content = (struct template_slice) { text + inner, (size_t)(end - text) - inner };
    piece->end = (size_t)(end - text) + ending_length;
    if (!(*row)->may_hold_tags && memmem(piece->content.bytes, piece->content.length,
                                         parsing->open.text, parsing->open.length))
        return false;
    trim(&piece->content);
    return true;
}

// Whether only blanks share the tag's line. Then the line goes with the tag.
static bool stands_alone(const struct template_parsing *parsing, const struct template_piece *piece,
                         size_t *out_begin, size_t *out_end)
{
    const char *text = parsing->template->text;
    size_t begin = piece->begin;
    size_t end = piece->end;
    while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t'))
        begin--;
    if (begin > 0 && text[begin - 1] != '\n')
        return false;
    while (text[end] == ' ' || text[end] == '\t')
        end++;
    end += text[end] == '\r' && text[end + 1] == '\n' ? 1 : 0;
    if (end < parsing->length && text[end] != '\n')
        return false;
    *out_begin = begin;
    *out_end = end < parsing->length ? end + 1 : end;
    return true;
}

static enum status take_piece(struct template_parsing *parsing, struct template_piece *piece,
                              const struct template_sign_row *row, struct error *err)
{
    size_t text_end = piece->begin;
    size_t after = piece->end;
    bool alone = row->may_stand_alone && stands_alone(parsing, piece, &text_end, &after);
    TRY(add_text(parsing, text_end, err));
    move_to(parsing, piece->begin);
    piece->line = parsing->line;
    piece->column = parsing->column;
    move_to(parsing, piece->end); // before a name's NUL is put over what may be a line feed
    struct template_node node = {
        .stands_alone = alone,
        .text = { parsing->template->text + text_end, piece->begin - text_end },
    };
    TRY(row->take(parsing, piece, &node, err));
    parsing->text_begin = after;
    return STATUS_OK;
}

// Leaves the opening delimiter, and what follows it, in the text.
static enum status take_unclosed(struct template_parsing *parsing, size_t begin, struct error *err)
{
    TRY(add_text(parsing, begin, err));
    parsing->text_begin = begin;
    move_to(parsing, begin);
    struct template_slice rest = { parsing->template->text + begin, parsing->length - begin };
    return template_fault_add(
        parsing,
        &(struct template_fault) { .kind = TEMPLATE_BROKEN,
                                   .line = parsing->line,
                                   .column = parsing->column,
                                   .mend = "close the tag before the next one begins, with as many "
                                           "braces as it is opened with" },
        err, "a tag that is not closed: %.*s", template_fault_shown(&rest), rest.bytes);
}

static enum status parse_all(struct template_parsing *parsing, struct error *err)
{
    const char *text = parsing->template->text;
    size_t at = 0;
    while (!parsing->is_over) {
        const char *found =
            memmem(text + at, parsing->length - at, parsing->open.text, parsing->open.length);
        if (!found)
            break;
        struct template_piece piece = { .begin = (size_t)(found - text) };
        const struct template_sign_row *row;
        at = piece.begin + parsing->open.length;
        if (find_end(parsing, &piece, &row)) {
            TRY(take_piece(parsing, &piece, row, err));
            at = parsing->text_begin;
        } else {
            TRY(take_unclosed(parsing, piece.begin, err));
        }
    }
    TRY(add_text(parsing, parsing->length, err));
    for (; parsing->depth > 0; template_sign_close(parsing))
        if (!parsing->is_over) // or its end may be in what was not looked at
            TRY(template_fault_unclosed(parsing, &parsing->sections[parsing->depth - 1], err));
    return STATUS_OK;
}

enum status template_parse(struct template **out, const char *bytes, size_t length,
                           struct error *err)
{
    if (length > TEMPLATE_MAX_BYTES) {
        error_set(err, STATUS_TOO_LARGE, "template_too_large",
                  "the template has %zu bytes, %u is the most", length, TEMPLATE_MAX_BYTES);
        return error_hint(err, "split the text into several templates");
    }
    size_t bad = 0;
    if (!text_is_utf8(bytes, length, &bad) || (length > 0 && memchr(bytes, '\0', length))) {
        error_set(err, STATUS_INVALID, "template_not_text", "the template is not text in UTF-8");
        return error_hint(err, "save the template as text in UTF-8, without NUL bytes");
    }
    struct template *template OWNED(template_release) = NULL;
    TRY(memory_new(&template, 1, sizeof(*template), err));
    TRY(memory_copy_bytes(&template->text, bytes, length, err));
    struct template_parsing parsing = { .template = template,
                                        .length = length,
                                        .open = { "{{", 2 },
                                        .close = { "}}", 2 },
                                        .line = 1,
                                        .column = 1 };
    TRY(parse_all(&parsing, err));
    *out = MOVE(template);
    return STATUS_OK;
}
