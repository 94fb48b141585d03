// Findings: what a check, the manifest's validation or the gate has to say, all of it at once.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

// Strings are owned by the list. `file` is "" when the finding is about the whole artifact; line
// and column count from 1, 0 where they mean nothing. `pointer` is the JSON pointer of the member
// that it is about ("" is the whole document), NULL when it is about none.
struct finding {
    enum severity severity;
    const char *rule; // a static dotted word, e.g. "manifest.schema"
    char *file;
    uint32_t line;
    uint32_t column;
    char *pointer;
    char *message;
    char *mend; // how to mend it
};

// Starts as {0}. Not thread-safe.
struct finding_list {
    struct finding *items;
    size_t count;
    size_t capacity;
};

void finding_list_release(struct finding_list *list);

const char *finding_severity_word(enum severity severity);

// What finding_add takes; NULL strings count as "".
struct finding_draft {
    enum severity severity;
    const char *rule;
    const char *file;
    uint32_t line;
    uint32_t column;
    const char *pointer;
    const char *mend;
};

// Adds a finding with a formatted message. After FINDING_MAX of them one last finding of rule
// "finding.limit" says that there are more; it is as severe as the worst that was left out.
#define FINDING_MAX 500
enum status finding_add(struct finding_list *list, const struct finding_draft *draft,
                        struct error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// Moves all of `from` behind what `to` has, as if each had been added there.
enum status finding_take(struct finding_list *to, struct finding_list *from, struct error *err);

bool finding_has_errors(const struct finding_list *list);
size_t finding_count(const struct finding_list *list, enum severity severity);
