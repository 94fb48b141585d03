// Tags by their signs: what each becomes in the template.
#include <string.h>

#include "artifact/template_parse.h"
#include "base/memory.h"

size_t template_sign_innermost(const struct template_parsing *parsing)
{
    for (size_t i = parsing->depth; i > 0; i--)
        if (parsing->sections[i - 1].node != TEMPLATE_NO_NODE)
            return parsing->template->nodes[parsing->sections[i - 1].node].tag;
    return TEMPLATE_NO_SECTION;
}

static enum status add_tag(struct template_parsing *parsing, const struct template_piece *piece,
                           enum template_tag_kind kind, const struct template_node *node,
                           struct error *err)
{
    struct template *template = parsing->template;
    if (template->tag_count == TEMPLATE_MAX_TAGS)
        return template_fault_limit(parsing, piece, "more than 20,000 tags",
                                    "split the text into several templates", err);
    TRY(memory_grow(&template->tags, template->tag_count, &template->tag_capacity,
                    sizeof(*template->tags), err));
    struct template_node full = *node;
    full.tag = template->tag_count;
    TRY(template_parse_add(parsing, &full, err));
    size_t name = (size_t)(piece->content.bytes - template->text);
    template->text[name + piece->content.length] = '\0'; // a blank, or the closing delimiter
    template->tags[template->tag_count++] = (struct template_tag) {
        .kind = kind,
        .is_raw = piece->sign == '{' || piece->sign == '&',
        .name = template->text + name,
        .section = template_sign_innermost(parsing),
        .line = piece->line,
        .column = piece->column,
    };
    return STATUS_OK;
}

// What is wrong with the tag's name, or NULL.
static const struct template_flaw *find_flaw(const struct template_piece *piece)
{
    static const struct template_slice tilde = { "~", 1 };
    if (piece->has_tilde)
        return template_name_flaw(&tilde, false);
    return template_name_flaw(&piece->content, piece->sign == '>');
}

static enum status take_variable(struct template_parsing *parsing,
                                 const struct template_piece *piece,
                                 const struct template_node *node, struct error *err)
{
    const struct template_flaw *flaw = find_flaw(piece);
    if (flaw)
        return template_fault_flaw(parsing, piece, flaw, err);
    return add_tag(parsing, piece, TEMPLATE_VARIABLE, node, err);
}

static enum status take_partial(struct template_parsing *parsing,
                                const struct template_piece *piece,
                                const struct template_node *node, struct error *err)
{
    const struct template_flaw *flaw = find_flaw(piece);
    if (flaw)
        return template_fault_flaw(parsing, piece, flaw, err);
    return add_tag(parsing, piece, TEMPLATE_PARTIAL, node, err);
}

// The first word, which is what closes the blocks of other languages.
static struct template_slice first_word(const struct template_slice *content)
{
    size_t length = 0;
    while (length < content->length && !strchr(TEMPLATE_BLANKS "~", content->bytes[length]))
        length++;
    return (struct template_slice) { content->bytes, length };
}

static enum status take_section(struct template_parsing *parsing,
                                const struct template_piece *piece,
                                const struct template_node *node, struct error *err)
{
    if (parsing->depth == TEMPLATE_MAX_NESTING)
        return template_fault_limit(parsing, piece, "more than 64 sections in each other",
                                    "have the data flatter, or the sections beside each other",
                                    err);
    const struct template_flaw *flaw = find_flaw(piece);
    struct template_open_section section = { .node = TEMPLATE_NO_NODE,
                                             .name = first_word(&piece->content),
                                             .line = piece->line,
                                             .column = piece->column };
    if (flaw) {
        TRY(template_fault_flaw(parsing, piece, flaw, err));
    } else {
        section.node = parsing->template->node_count;
        TRY(add_tag(parsing, piece, piece->sign == '#' ? TEMPLATE_SECTION : TEMPLATE_INVERTED, node,
                    err));
    }
    if (!parsing->is_over)
        parsing->sections[parsing->depth++] = section;
    return STATUS_OK;
}

static bool same_slice(const struct template_slice *a, const struct template_slice *b)
{
    return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

void template_sign_close(struct template_parsing *parsing)
{
    const struct template_open_section *section = &parsing->sections[--parsing->depth];
    if (section->node != TEMPLATE_NO_NODE)
        parsing->template->nodes[section->node].after = parsing->template->node_count;
}

static enum status unbalanced_fault(struct template_parsing *parsing,
                                    const struct template_piece *piece,
                                    const struct template_slice *name, struct error *err)
{
    struct template_fault where = {
        .kind = TEMPLATE_UNBALANCED,
        .line = piece->line,
        .column = piece->column,
        .mend = "delete the tag, or write {{#name}} where the section begins",
    };
    if (parsing->depth == 0)
        return template_fault_add(parsing, &where, err, "'%.*s' is closed, but no section is open",
                                  template_fault_shown(name), name->bytes);
    const struct template_open_section *open = &parsing->sections[parsing->depth - 1];
    where.mend = "write the name of the open section in the tag that closes it";
    return template_fault_add(
        parsing, &where, err, "'%.*s' is closed, but the open section is '%.*s' (line %u)",
        template_fault_shown(name), name->bytes, template_fault_shown(&open->name),
        open->name.bytes, (unsigned)open->line);
}

// Closes the section of that name, and with it those inside it that were left open.
static enum status take_end(struct template_parsing *parsing, const struct template_piece *piece,
                            const struct template_node *node, struct error *err)
{
    (void)node;
    struct template_slice name = piece->content;
    size_t depth = parsing->depth;
    if (name.length > 0 && name.bytes[name.length - 1] == '~')
        name.length--;
    if (piece->has_tilde || name.length < piece->content.length)
        TRY(template_fault_flaw(parsing, piece, find_flaw(piece), err));
    while (depth > 0 && !same_slice(&parsing->sections[depth - 1].name, &name))
        depth--;
    if (depth == 0)
        return unbalanced_fault(parsing, piece, &name, err);
    for (; parsing->depth > depth; template_sign_close(parsing))
        TRY(template_fault_unclosed(parsing, &parsing->sections[parsing->depth - 1], err));
    template_sign_close(parsing);
    return STATUS_OK;
}

static enum status take_comment(struct template_parsing *parsing,
                                const struct template_piece *piece,
                                const struct template_node *node, struct error *err)
{
    static const struct template_flaw flaw = {
        TEMPLATE_FOREIGN, "is a comment of Handlebars that holds a tag",
        "write {{! … }} without a tag in it: in Mustache the first closing braces end it"
    };
    (void)node;
    const struct template_slice *content = &piece->content;
    bool opens = content->length >= 2 && memcmp(content->bytes, "--", 2) == 0;
    bool closes =
        content->length >= 4 && memcmp(content->bytes + content->length - 2, "--", 2) == 0;
    return opens && !closes &&
                   memmem(content->bytes, content->length, parsing->open.text, parsing->open.length)
               ? template_fault_flaw(parsing, piece, &flaw, err)
               : STATUS_OK;
}

static bool set_delimiter(struct template_delimiter *out, const struct template_slice *word)
{
    if (word->length == 0 || word->length > TEMPLATE_MAX_DELIMITER_BYTES ||
        memchr(word->bytes, '=', word->length))
        return false;
    memcpy(out->text, word->bytes, word->length);
    out->text[word->length] = '\0';
    out->length = word->length;
    return true;
}

static enum status take_delimiters(struct template_parsing *parsing,
                                   const struct template_piece *piece,
                                   const struct template_node *node, struct error *err)
{
    static const struct template_flaw flaw = {
        TEMPLATE_BROKEN, "does not change the delimiters",
        "write two words of 1 to 16 characters without '=', e.g. {{=<% %>=}}"
    };
    (void)node;
    const struct template_slice *content = &piece->content;
    struct template_delimiter open;
    struct template_delimiter close;
    struct template_slice word = { content->bytes, 0 };
    while (word.length < content->length && !strchr(TEMPLATE_BLANKS, word.bytes[word.length]))
        word.length++;
    struct template_slice rest = { content->bytes + word.length, content->length - word.length };
    while (rest.length > 0 && strchr(TEMPLATE_BLANKS, rest.bytes[0]))
        rest = (struct template_slice) { rest.bytes + 1, rest.length - 1 };
    for (size_t i = 0; i < rest.length; i++)
        if (strchr(TEMPLATE_BLANKS, rest.bytes[i]))
            return template_fault_flaw(parsing, piece, &flaw, err);
    if (!set_delimiter(&open, &word) || !set_delimiter(&close, &rest))
        return template_fault_flaw(parsing, piece, &flaw, err);
    parsing->open = open;
    parsing->close = close;
    return STATUS_OK;
}

static const struct template_sign_row sign_rows[] = {
    { .sign = '!', .may_stand_alone = true, .may_hold_tags = true, .take = take_comment },
    { .sign = '=',
      .closing = '=',
      .may_stand_alone = true,
      .may_hold_tags = true,
      .take = take_delimiters },
    { .sign = '#', .may_stand_alone = true, .take = take_section },
    { .sign = '^', .may_stand_alone = true, .take = take_section },
    { .sign = '/', .may_stand_alone = true, .take = take_end },
    { .sign = '>', .may_stand_alone = true, .take = take_partial },
    { .sign = '{', .closing = '}', .take = take_variable },
    { .sign = '&', .take = take_variable },
    { .sign = '\0', .take = take_variable },
};

const struct template_sign_row *template_sign_find(char byte)
{
    const struct template_sign_row *row = sign_rows;
    while (row->sign != byte && row->sign != '\0')
        row++;
    return row;
}
