// budget: how much of its 40,000 characters a prompt has used, section by section; and whether it
// says anything at all.
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "check/check_rows.h"
#include "check/manifest_note.h"

#define METER_FROM_PERCENT 80  // below, nobody needs to know
#define SECTION_FROM_PERCENT 5 // at most twenty sections can be as long; the rest is small change
#define METER_CELLS 20
#define MAX_SECTIONS 200 // as the manifest's schema says
#define LIMIT ((size_t)MANIFEST_MAX_PROMPT_CHARACTERS)

struct meter {
    size_t characters[MAX_SECTIONS]; // by section, in order
    size_t total;
    bool is_blank[MAX_SECTIONS]; // a section of nothing but white space
    bool all_blank;
};

static bool is_blank(const struct content_view *view)
{
    for (size_t i = 0; i < view->size_bytes; i++)
        if (!strchr(" \t\r\n", view->bytes[i])) // a NUL counts as blank, too
            return false;
    return true;
}

static enum status measure(struct meter *meter, const struct check_subject *subject,
                           struct error *err)
{
    size_t index = 0;
    meter->all_blank = true;
    const struct json *sections = json_get(subject->manifest->document, "sections");
    for (const struct json *section = json_first(sections); section && index < MAX_SECTIONS;
         section = json_next(section), index++) {
        const struct content_file *file =
            content_find(subject->content, json_get_string(section, "file", ""));
        if (!file) // the manifest's own validation says it
            continue;
        struct content_view view OWNED(content_view_release) = { 0 };
        TRY(content_view(&view, file, err));
        meter->characters[index] = text_count_code_points(view.bytes, (size_t)view.size_bytes);
        meter->total += meter->characters[index];
        meter->is_blank[index] = is_blank(&view);
        meter->all_blank = meter->all_blank && meter->is_blank[index];
    }
    return STATUS_OK;
}

// "[########            ]"
static void draw(char out[METER_CELLS + 3], size_t characters)
{
    size_t filled = characters >= LIMIT ? METER_CELLS : characters * METER_CELLS / LIMIT;
    memset(out + 1, ' ', METER_CELLS);
    memset(out + 1, '#', filled);
    out[0] = '[';
    out[METER_CELLS + 1] = ']';
    out[METER_CELLS + 2] = '\0';
}

static enum status report_total(const struct check_subject *subject, const struct meter *meter,
                                struct finding_list *findings, struct error *err)
{
    char cells[METER_CELLS + 3];
    bool is_over = meter->total > LIMIT;
    draw(cells, meter->total);
    struct manifest_note note = {
        .severity = is_over ? SEVERITY_ERROR : SEVERITY_NOTE,
        .rule = is_over ? "budget.over" : "budget.total",
        .pointer = "/sections",
        .mend = "shorten the longest sections, or move what is looked up into a knowledge base",
    };
    return manifest_note_add(subject, findings, &note, err,
                             "%s the sections together have %zu of %zu characters (%zu %%)", cells,
                             meter->total, LIMIT, meter->total * 100 / LIMIT);
}

static enum status report_sections(const struct check_subject *subject, const struct meter *meter,
                                   struct finding_list *findings, struct error *err)
{
    size_t index = 0;
    const struct json *sections = json_get(subject->manifest->document, "sections");
    for (const struct json *section = json_first(sections); section && index < MAX_SECTIONS;
         section = json_next(section), index++) {
        char cells[METER_CELLS + 3];
        char pointer[64];
        size_t characters = meter->characters[index];
        if (characters * 100 < LIMIT * SECTION_FROM_PERCENT)
            continue;
        draw(cells, characters);
        snprintf(pointer, sizeof(pointer), "/sections/%zu", index);
        TRY(manifest_note_add(
            subject, findings,
            &(struct manifest_note) { .severity = SEVERITY_NOTE,
                                      .rule = "budget.section",
                                      .pointer = pointer,
                                      .mend = "see whether all of it is needed on every call" },
            err, "%s section '%.63s' has %zu characters (%zu %% of the budget)", cells,
            json_get_string(section, "name", ""), characters, characters * 100 / LIMIT));
    }
    return STATUS_OK;
}

static enum status report_blank(const struct check_subject *subject, const struct meter *meter,
                                struct finding_list *findings, struct error *err)
{
    size_t index = 0;
    const struct json *sections = json_get(subject->manifest->document, "sections");
    for (const struct json *section = json_first(sections); section && index < MAX_SECTIONS;
         section = json_next(section), index++) {
        char pointer[64];
        snprintf(pointer, sizeof(pointer), "/sections/%zu", index);
        if (!meter->is_blank[index])
            continue;
        TRY(manifest_note_add(subject, findings,
                              &(struct manifest_note) {
                                  .severity = meter->all_blank ? SEVERITY_ERROR : SEVERITY_WARNING,
                                  .rule = "budget.blank",
                                  .pointer = pointer,
                                  .mend = "write it, or take it out of \"sections\"" },
                              err, "section '%.63s' says nothing%s",
                              json_get_string(section, "name", ""),
                              meter->all_blank ? ", and no other one does" : ""));
    }
    return STATUS_OK;
}

enum status check_budget_run(const struct check_subject *subject, struct finding_list *findings,
                             struct error *err)
{
    struct meter meter = { 0 };
    TRY(measure(&meter, subject, err));
    TRY(report_blank(subject, &meter, findings, err));
    if (meter.total * 100 <= LIMIT * METER_FROM_PERCENT)
        return STATUS_OK;
    TRY(report_total(subject, &meter, findings, err));
    return report_sections(subject, &meter, findings, err);
}
