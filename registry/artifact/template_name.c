// Names in tags: what is one, and what other template languages write there.
#include "artifact/template_name.h"

#include <string.h>

#include "base/memory.h"

#define BLANKS " \t\r\n"

static bool has_any(const struct template_slice *content, const char *characters)
{
    for (size_t i = 0; i < content->length; i++)
        if (strchr(characters, content->bytes[i]))
            return true;
    return false;
}

static bool begins_with_any(const struct template_slice *content, const char *characters)
{
    return content->length > 0 && strchr(characters, content->bytes[0]);
}

static bool begins_with(const struct template_slice *content, const char *text)
{
    size_t length = strlen(text);
    return content->length >= length && memcmp(content->bytes, text, length) == 0;
}

static bool is_word(const struct template_slice *content, const char *word)
{
    return content->length == strlen(word) && begins_with(content, word);
}

static bool is_empty(const struct template_slice *content)
{
    return content->length == 0;
}

static bool is_too_long(const struct template_slice *content)
{
    return content->length > TEMPLATE_MAX_NAME_BYTES;
}

// Behind a blank, mostly.
static bool is_late_sign(const struct template_slice *content)
{
    return begins_with_any(content, "#^/>&!=");
}

static bool is_optional_module(const struct template_slice *content)
{
    return begins_with_any(content, "<$*");
}

static bool is_filter(const struct template_slice *content)
{
    return has_any(content, "|");
}

static bool is_trimming(const struct template_slice *content)
{
    return content->length > 0 &&
           (content->bytes[0] == '~' || content->bytes[content->length - 1] == '~');
}

static bool is_else(const struct template_slice *content)
{
    static const char *const words[] = { "else", "elseif", "elsif", "elif", "endif", "endfor" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (is_word(content, words[i]))
            return true;
    return begins_with(content, "else ");
}

static bool is_path(const struct template_slice *content)
{
    return is_word(content, "this") || begins_with(content, "this.") ||
           begins_with(content, "this/") || begins_with(content, "@") ||
           begins_with(content, "../") || begins_with(content, "./") || is_word(content, "..");
}

static bool is_reference(const struct template_slice *content)
{
    return has_any(content, ":") && !has_any(content, BLANKS "'\"?()");
}

static bool is_helper(const struct template_slice *content)
{
    return has_any(content, BLANKS) && !begins_with_any(content, "'\"") &&
           has_any(content, "'\"=()<>@");
}

static bool is_block_word(const struct template_slice *content)
{
    static const char *const words[] = { "if ",     "unless ", "each ", "with ",
                                         "lookup ", "for ",    "log " };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (begins_with(content, words[i]))
            return true;
    return false;
}

static bool is_spaced(const struct template_slice *content)
{
    return has_any(content, BLANKS) && !has_any(content, "'\"`=()[]{}<>?!+*%&^,;\\#$@:/~");
}

static bool is_expression(const struct template_slice *content)
{
    return has_any(content, BLANKS "'\"`=()[]{}<>?!+*%&^,;\\#$@:~|");
}

static bool is_slashed(const struct template_slice *content)
{
    return has_any(content, "/");
}

// Parts joined by a mark, none of them empty.
static bool has_empty_part(const struct template_slice *content, char mark)
{
    bool at_begin = true;
    for (size_t i = 0; i < content->length; i++) {
        bool is_mark = content->bytes[i] == mark;
        if (is_mark && at_begin)
            return true;
        at_begin = is_mark;
    }
    return at_begin;
}

static bool is_badly_dotted(const struct template_slice *content)
{
    return !is_word(content, ".") && has_empty_part(content, '.');
}

// A partial's name may become a path, so nothing in it may lead elsewhere.
static bool is_badly_slashed(const struct template_slice *content)
{
    return has_empty_part(content, '/') || begins_with(content, ".") ||
           memmem(content->bytes, content->length, "/.", 2);
}

static bool is_control(const struct template_slice *content)
{
    for (size_t i = 0; i < content->length; i++)
        if ((unsigned char)content->bytes[i] < 0x20 || content->bytes[i] == 0x7F)
            return true;
    return false;
}

#define USE_SECTIONS                                                                               \
    "write {{#name}}…{{/name}} for what is said when there is something, or for each item of a " \
    "list, and {{^name}}…{{/name}} for what is said when there is not"

enum place { ANYWHERE, NOT_IN_PARTIALS, IN_PARTIALS };

struct flaw_row {
    bool (*is)(const struct template_slice *content);
    struct template_flaw flaw;
    enum place place;
};

// The first row that fits speaks for the tag.
static const struct flaw_row flaw_rows[] = {
    { is_empty,
      { TEMPLATE_BROKEN, "has no name",
        "write the variable's name between the braces, or delete the tag" },
      ANYWHERE },
    { is_filter,
      { TEMPLATE_FOREIGN, "is a filter of Liquid or Jinja, which Mustache does not have",
        "have the value made before the call, and hand it in as a variable of its own" },
      ANYWHERE },
    { is_trimming,
      { TEMPLATE_FOREIGN, "trims blanks as Handlebars does, which Mustache does not",
        "leave the '~' out: a section's tag on a line of its own leaves no empty line" },
      ANYWHERE },
    { is_else,
      { TEMPLATE_FOREIGN, "is a branch of Handlebars or Liquid, which Mustache does not have",
        USE_SECTIONS },
      ANYWHERE },
    { is_block_word,
      { TEMPLATE_FOREIGN, "is a block of Handlebars, which Mustache does not have", USE_SECTIONS },
      ANYWHERE },
    { is_path,
      { TEMPLATE_FOREIGN, "is a path of Handlebars, which Mustache does not have",
        "write {{.}} for the item itself, and a plain name for what is in it or around it: names "
        "that the item does not have are looked up outside" },
      ANYWHERE },
    { is_late_sign,
      { TEMPLATE_BROKEN, "has a sign where its name should begin",
        "write one sign right behind the braces, and no blank before it, e.g. {{#name}}" },
      NOT_IN_PARTIALS },
    { is_optional_module,
      { TEMPLATE_FOREIGN,
        "is Mustache's inheritance or a dynamic name, which Greenroom does not have",
        "put the text in, or make it a section of the prompt" },
      ANYWHERE },
    { is_reference,
      { TEMPLATE_FOREIGN, "is a reference of another system, which Mustache does not have",
        "put the text that it stands for in, or make it a section of the prompt" },
      ANYWHERE },
    { is_helper,
      { TEMPLATE_FOREIGN, "calls a helper of Handlebars, which Mustache does not have",
        "have it decided before the call, and hand the outcome in as a variable: "
        "{{#name}}…{{/name}} "
        "says its text when that is true" },
      ANYWHERE },
    { is_spaced,
      { TEMPLATE_FOREIGN, "has blanks in its name, as calls of helpers have",
        "write a name without blanks, e.g. first_name" },
      ANYWHERE },
    { is_expression,
      { TEMPLATE_FOREIGN, "is an expression of another template language",
        "have the value made before the call, and hand it in as a variable; a name is letters, "
        "digits, '_', '-' and '.'" },
      ANYWHERE },
    { is_slashed,
      { TEMPLATE_FOREIGN, "has a '/', which names of variables have not",
        "join the parts of a name by '.'" },
      NOT_IN_PARTIALS },
    { is_badly_slashed,
      { TEMPLATE_BROKEN, "is no name of a partial",
        "write parts joined by '/' that do not begin with a '.'" },
      IN_PARTIALS },
    { is_badly_dotted,
      { TEMPLATE_BROKEN, "has an empty part between its dots",
        "write parts joined by one '.', e.g. customer.name; {{.}} alone is the item" },
      ANYWHERE },
    { is_control,
      { TEMPLATE_BROKEN, "has a control character in its name", "write the name again by hand" },
      ANYWHERE },
    { is_too_long,
      { TEMPLATE_BROKEN, "has a name of more than 255 bytes", "give the variable a shorter name" },
      ANYWHERE },
};

const struct template_flaw *template_name_flaw(const struct template_slice *content,
                                               bool is_partial)
{
    enum place elsewhere = is_partial ? NOT_IN_PARTIALS : IN_PARTIALS;
    for (size_t i = 0; i < COUNT_OF(flaw_rows); i++)
        if (flaw_rows[i].place != elsewhere && flaw_rows[i].is(content))
            return &flaw_rows[i].flaw;
    return NULL;
}
