// One parsing of a template, and the tags it finds. Internal to template*.c.
#pragma once

#include "artifact/template_internal.h"
#include "artifact/template_name.h"

#define TEMPLATE_BLANKS " \t\r\n"
#define TEMPLATE_MAX_DELIMITER_BYTES 16 // real ones have two
#define TEMPLATE_NO_NODE SIZE_MAX       // of a section that is none of ours, kept for the balance

struct template_delimiter {
    char text[TEMPLATE_MAX_DELIMITER_BYTES + 1];
    size_t length;
};

struct template_open_section {
    size_t node;
    struct template_slice name;
    uint32_t line;
    uint32_t column;
};

struct template_parsing {
    struct template *template;
    size_t length;
    struct template_delimiter open;
    struct template_delimiter close;
    size_t text_begin; // what stands from here on is in no node yet
    struct template_open_section sections[TEMPLATE_MAX_NESTING];
    size_t depth;
    bool is_over; // a limit was met: what follows is not looked at
    // The place of `offset`; goes forwards only, so that counting lines costs one pass.
    size_t offset;
    uint32_t line;
    uint32_t column;
};

// A tag as it stands in the text.
struct template_piece {
    size_t begin; // byte offsets, delimiters included
    size_t end;
    char sign; // '\0' for a variable
    bool has_tilde;
    struct template_slice content; // without sign and blanks around
    uint32_t line;
    uint32_t column;
};

// --- template_parse.c ---

enum status template_parse_add(struct template_parsing *parsing, const struct template_node *node,
                               struct error *err);

// --- template_fault.c ---

// Keeps a fault; a parsing that has enough of them is over.
enum status template_fault_add(struct template_parsing *parsing, const struct template_fault *where,
                               struct error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// "<tag> <what is wrong with it>".
enum status template_fault_flaw(struct template_parsing *parsing,
                                const struct template_piece *piece,
                                const struct template_flaw *flaw, struct error *err);

// The parsing is over.
enum status template_fault_limit(struct template_parsing *parsing,
                                 const struct template_piece *piece, const char *what,
                                 const char *mend, struct error *err);

enum status template_fault_unclosed(struct template_parsing *parsing,
                                    const struct template_open_section *section, struct error *err);

// How much of a text a message shows: not beyond its line, and no half character.
int template_fault_shown(const struct template_slice *slice);

// --- template_sign.c ---

// What begins with which sign, and what becomes of it.
struct template_sign_row {
    char sign;
    char closing; // stands before the closing delimiter; '\0': nothing
    bool may_stand_alone;
    bool may_hold_tags; // the opening delimiter may stand inside
    enum status (*take)(struct template_parsing *parsing, const struct template_piece *piece,
                        const struct template_node *node, struct error *err);
};

// The row of a sign, or that of variables.
const struct template_sign_row *template_sign_find(char byte);

// The tag of the innermost section that is open, or TEMPLATE_NO_SECTION.
size_t template_sign_innermost(const struct template_parsing *parsing);

// Ends the innermost section.
void template_sign_close(struct template_parsing *parsing);
