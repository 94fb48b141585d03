// Names in tags: what is one, and what other template languages write there. Internal to
// template*.c.
#pragma once

#include "artifact/template_internal.h"

// What is wrong with what stands in a tag. Static.
struct template_flaw {
    enum template_fault_kind kind;
    const char *what; // "is a …"
    const char *mend;
};

// NULL when it is a name. `content` is without blanks at its ends.
const struct template_flaw *template_name_flaw(const struct template_slice *content,
                                               bool is_partial);
