// Whether a prompt's openings say what they must disclose.
//
// An opening is put together once for each way in which its sections may be there or not, with its
// variables left as tags. A disclosure has to stand in all of these texts; blanks and line ends
// count alike, since Markdown breaks sentences anywhere.
#include "check/readiness_disclosure.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "check/manifest_note.h"

#define MAX_DISCLOSURES 20 // as the manifest's schema says
#define OPENING "opening"  // what the name of an opening section begins with
// Names of sections that are varied one by one; all others are varied together, as one more.
// 64 texts are put together at most.
#define MAX_CONDITIONS 5

struct opening {
    const struct check_subject *subject;
    const struct prompt_section *section;
    const char *conditions[MAX_CONDITIONS];
    size_t condition_count;
    bool has_more;
    struct finding_list *findings;
};

// What was found of one disclosure.
struct disclosure {
    struct buffer words; // blanks made one
    bool is_said;
    bool is_unsaid;
    unsigned unsaid_mask; // the first for which it is not said
};

static void disclosures_release(struct disclosure (*disclosures)[MAX_DISCLOSURES])
{
    for (size_t i = 0; i < MAX_DISCLOSURES; i++)
        buffer_release(&(*disclosures)[i].words);
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

// Appends text with each run of blanks made one, also across two calls, and none in front.
static void append_words(struct buffer *out, const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length) {
        size_t begin = at;
        while (at < length && !is_blank(bytes[at]))
            at++;
        buffer_append(out, bytes + begin, at - begin);
        bool was_blank = out->length == 0 || out->bytes[out->length - 1] == ' ';
        if (at < length && !was_blank)
            buffer_append_byte(out, ' ');
        while (at < length && is_blank(bytes[at]))
            at++;
    }
}

static size_t condition_of(const struct opening *opening, const char *name)
{
    size_t i = 0;
    while (i < opening->condition_count && strcmp(opening->conditions[i], name) != 0)
        i++;
    return i;
}

static void find_conditions(struct opening *opening)
{
    const struct template *template = opening->section->template;
    for (size_t i = 0; i < template_tag_count(template); i++) {
        const struct template_tag *tag = template_tag_at(template, i);
        if (tag->kind != TEMPLATE_SECTION && tag->kind != TEMPLATE_INVERTED)
            continue;
        if (condition_of(opening, tag->name) < opening->condition_count)
            continue;
        if (opening->condition_count < MAX_CONDITIONS)
            opening->conditions[opening->condition_count++] = tag->name;
        else
            opening->has_more = true;
    }
}

// Whether what stands in the section of that tag is said when the conditions are as in the mask.
static bool is_said(const struct opening *opening, size_t section, unsigned mask)
{
    while (section != TEMPLATE_NO_SECTION) {
        const struct template_tag *tag = template_tag_at(opening->section->template, section);
        bool is_there = mask >> condition_of(opening, tag->name) & 1;
        if (is_there != (tag->kind == TEMPLATE_SECTION))
            return false;
        section = tag->section;
    }
    return true;
}

static bool stands_before(const struct template_tag *tag, const struct template_text *text)
{
    return tag->line != text->line ? tag->line < text->line : tag->column < text->column;
}

static void append_tag(struct buffer *out, const struct opening *opening,
                       const struct template_tag *tag, unsigned mask)
{
    if (tag->kind == TEMPLATE_VARIABLE && is_said(opening, tag->section, mask))
        buffer_append_format(out, "{{%s}}", tag->name);
}

// The opening as it is said when the conditions are as in the mask.
static void put_together(struct buffer *out, const struct opening *opening, unsigned mask)
{
    const struct template *template = opening->section->template;
    struct template_text text;
    size_t position = 0;
    size_t tag = 0;
    while (template_next_text(&text, template, &position)) {
        for (; tag < template_tag_count(template); tag++) {
            if (!stands_before(template_tag_at(template, tag), &text))
                break;
            append_tag(out, opening, template_tag_at(template, tag), mask);
        }
        if (is_said(opening, text.section, mask))
            append_words(out, text.bytes, text.length);
    }
    for (; tag < template_tag_count(template); tag++)
        append_tag(out, opening, template_tag_at(template, tag), mask);
}

static void look_for(struct disclosure *disclosures, size_t count, const struct buffer *text,
                     unsigned mask)
{
    for (size_t i = 0; i < count; i++) {
        const struct buffer *words = &disclosures[i].words;
        if (memmem(buffer_text(text), text->length, buffer_text(words), words->length)) {
            disclosures[i].is_said = true;
        } else if (!disclosures[i].is_unsaid) {
            disclosures[i].is_unsaid = true;
            disclosures[i].unsaid_mask = mask;
        }
    }
}

// A template with faults is looked at as it stands.
static enum status look_in_file(const struct opening *opening, struct disclosure *disclosures,
                                size_t count, struct error *err)
{
    struct content_view view OWNED(content_view_release) = { 0 };
    struct buffer text OWNED(buffer_release) = { 0 };
    const struct check_subject *subject = opening->subject;
    TRY(content_view(&view, content_find(subject->content, opening->section->file), err));
    append_words(&text, view.bytes, (size_t)view.size_bytes);
    look_for(disclosures, count, &text, 0);
    return buffer_check(&text, err);
}

static enum status look(struct opening *opening, struct disclosure *disclosures, size_t count,
                        struct error *err)
{
    if (template_fault_count(opening->section->template) > 0)
        return look_in_file(opening, disclosures, count, err);
    find_conditions(opening);
    unsigned masks = 1U << (opening->condition_count + (opening->has_more ? 1 : 0));
    for (unsigned mask = masks; mask > 0; mask--) { // with everything there first
        struct buffer text OWNED(buffer_release) = { 0 };
        put_together(&text, opening, mask - 1);
        TRY(buffer_check(&text, err));
        look_for(disclosures, count, &text, mask - 1);
    }
    return STATUS_OK;
}

static enum status report(const struct opening *opening, const struct disclosure *disclosure,
                          struct error *err)
{
    const char *words = buffer_text(&disclosure->words);
    struct finding_draft draft = {
        .severity =
            disclosure->is_said ? SEVERITY_WARNING : manifest_note_severity(opening->subject),
        .rule = disclosure->is_said ? "readiness.disclosure-conditional"
                                    : "readiness.disclosure-missing",
        .file = opening->section->file,
        .line = 1,
        .column = 1,
        .mend = disclosure->is_said ? "say it outside of the sections, or in each alternative"
                                    : "write the words into the section, exactly as the manifest's "
                                      "\"disclosures\" has them",
    };
    if (!disclosure->is_said)
        return finding_add(opening->findings, &draft, err,
                           "the section '%.63s' does not say \"%.1000s\"", opening->section->name,
                           words);
    struct buffer when OWNED(buffer_release) = { 0 };
    for (size_t i = 0; i < opening->condition_count; i++)
        buffer_append_format(&when, "%s'%.80s' is %s", i > 0 ? " and " : "", opening->conditions[i],
                             disclosure->unsaid_mask >> i & 1 ? "there" : "not there");
    TRY(buffer_check(&when, err));
    return finding_add(opening->findings, &draft, err,
                       "the section '%.63s' does not say \"%.1000s\" when %s",
                       opening->section->name, words, buffer_text(&when));
}

static enum status check_opening(struct opening *opening, const struct json *wanted,
                                 struct error *err)
{
    struct disclosure disclosures[MAX_DISCLOSURES] OWNED(disclosures_release) = { 0 };
    size_t count = 0;
    for (const struct json *item = json_first(wanted); item && count < MAX_DISCLOSURES;
         item = json_next(item), count++) {
        struct buffer *words = &disclosures[count].words;
        append_words(words, json_string(item), strlen(json_string(item)));
        TRY(buffer_check(words, err));
        if (text_ends_with(buffer_text(words), " "))
            buffer_truncate(words, words->length - 1);
    }
    TRY(look(opening, disclosures, count, err));
    for (size_t i = 0; i < count; i++)
        if (disclosures[i].is_unsaid)
            TRY(report(opening, &disclosures[i], err));
    return STATUS_OK;
}

enum status readiness_disclosure_check(const struct check_subject *subject,
                                       const struct prompt_sections *sections,
                                       struct finding_list *findings, struct error *err)
{
    const struct json *wanted = json_at(subject->manifest->document, "/readiness/disclosures");
    bool has_opening = false;
    if (json_count(wanted) == 0)
        return STATUS_OK;
    for (size_t i = 0; i < sections->count; i++) {
        const struct prompt_section *section = &sections->items[i];
        if (!text_starts_with(section->name, OPENING))
            continue;
        struct opening opening = { .subject = subject, .section = section, .findings = findings };
        TRY(check_opening(&opening, wanted, err));
        has_opening = true;
    }
    if (has_opening)
        return STATUS_OK;
    return manifest_note_add(
        subject, findings,
        &(struct manifest_note) { manifest_note_severity(subject), "readiness.no-opening",
                                  "/readiness/disclosures",
                                  "let the name of each section that opens a call begin with "
                                  "\"opening\"" },
        err, "no section opens the call, so nothing says what must be disclosed");
}
