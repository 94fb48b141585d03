// What a template is made of. Internal to template*.c.
#pragma once

#include "artifact/template.h"

// Bytes of a template's text, or of what a tag holds. Borrowed.
struct template_slice {
    const char *bytes;
    size_t length;
};

// Literal text, or a tag. A section's nodes follow it, up to `after`.
struct template_node {
    bool is_text;
    bool stands_alone;          // a partial with a line of its own
    struct template_slice text; // of a tag: the blanks before it, when it stands alone
    size_t tag;                 // index into the template's tags
    size_t section;             // of a text: index of the tag of its section
    size_t after;               // index of the first node behind a section
    uint32_t line;              // where a text begins
    uint32_t column;
};

struct template
{
    char *text; // names end with a NUL put behind them, where no literal text is
    struct template_node *nodes;
    size_t node_count;
    size_t node_capacity;
    struct template_tag *tags;
    size_t tag_count;
    size_t tag_capacity;
    struct template_fault *faults;
    size_t fault_count;
    size_t fault_capacity;
};
