// The detector of personal data against labelled lines: how much of what it says is right
// (precision), and how much of what is there it finds (recall), entity by entity.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "check/pii_detector.h"

#define LABELLED_PATH TEST_SOURCE_DIR "/tests/unit/check/pii_labelled.txt"
#define OPEN "\xC2\xAB"
#define CLOSE "\xC2\xBB"
#define MARKS_MAX 8

// What a line says of itself: «entity|text», or «entity+|text» for what is nobody's.
struct mark {
    enum pii_entity entity;
    bool is_allowed;
    size_t begin; // in the text without marks
    size_t end;
};

struct labelled {
    struct buffer text;
    struct mark marks[MARKS_MAX];
    size_t count;
};

struct score {
    unsigned right;
    unsigned wrong;  // said, but not so
    unsigned missed; // there, but not said
};

static void labelled_release(struct labelled *line)
{
    buffer_release(&line->text);
}

// Reads "entity|" or "entity+|"; returns what stands behind it.
static const char *read_label(struct mark *mark, const char *at)
{
    char word[32] = { 0 };
    size_t length = strcspn(at, "|");
    mark->is_allowed = at[length - 1] == '+';
    memcpy(word, at, length - mark->is_allowed);
    if (!pii_entity_parse(&mark->entity, word))
        fail_msg("no entity: %s", word);
    return at + length + 1;
}

static void read_line(struct labelled *out, const char *line, size_t length, bool is_json)
{
    const char *end = line + length;
    for (const char *at = line; at < end;) {
        if (strncmp(at, OPEN, 2) == 0) {
            assert_true(out->count < MARKS_MAX);
            at = read_label(&out->marks[out->count], at + 2);
            out->marks[out->count].begin = out->text.length;
        } else if (strncmp(at, CLOSE, 2) == 0) {
            out->marks[out->count++].end = out->text.length;
            at += 2;
        } else if (!is_json && strncmp(at, "\\n", 2) == 0) {
            buffer_append_byte(&out->text, '\n');
            at += 2;
        } else {
            buffer_append_byte(&out->text, *at++);
        }
    }
}

// The mark that a span is about: the same place and entity.
static const struct mark *find_mark(const struct labelled *line, const struct pii_span *span)
{
    for (size_t i = 0; i < line->count; i++)
        if (line->marks[i].entity == span->entity && line->marks[i].begin < span->end &&
            line->marks[i].end > span->begin)
            return &line->marks[i];
    return NULL;
}

static void tell(const char *what, const struct labelled *line, enum pii_entity entity)
{
    print_message("%s %s: %s\n", what, pii_entity_words(entity)->word, buffer_text(&line->text));
}

static void judge(struct score *scores, const struct labelled *line, const struct pii_spans *spans)
{
    bool seen[MARKS_MAX] = { false };
    for (size_t i = 0; i < spans->count; i++) {
        const struct pii_span *span = &spans->items[i];
        const struct mark *mark = find_mark(line, span);
        if (mark)
            seen[mark - line->marks] = true;
        if (span->allowed && (!mark || mark->is_allowed))
            continue;
        bool right = mark && !mark->is_allowed && !span->allowed && mark->begin == span->begin &&
                     mark->end == span->end;
        *(right ? &scores[span->entity].right : &scores[span->entity].wrong) += 1;
        if (!right)
            tell("wrong", line, span->entity);
    }
    for (size_t i = 0; i < line->count; i++)
        if (!seen[i] && !line->marks[i].is_allowed) {
            scores[line->marks[i].entity].missed++;
            tell("missed", line, line->marks[i].entity);
        }
}

static enum pii_form form_of(const char *text)
{
    if (strncmp(text, "{\"", 2) == 0)
        return PII_JSON;
    return strstr(text, "\\@") || strstr(text, "&#") ? PII_MARKUP : PII_PLAIN;
}

static void score_all(struct score *scores)
{
    struct error err = { 0 };
    struct buffer file OWNED(buffer_release) = { 0 };
    struct pii_detector *detector OWNED(pii_detector_release) = NULL;
    assert_int_equal(file_read(&file, LABELLED_PATH, 1U << 20, &err), STATUS_OK);
    assert_int_equal(pii_detector_new(&detector, &err), STATUS_OK);
    for (const char *at = file.bytes; *at;) {
        struct labelled line OWNED(labelled_release) = { 0 };
        struct pii_spans spans OWNED(pii_spans_release) = { 0 };
        size_t length = strcspn(at, "\n");
        if (*at != '#') {
            read_line(&line, at, length, strncmp(at, "{\"", 2) == 0);
            const char *text = buffer_text(&line.text);
            assert_int_equal(
                pii_detector_scan(detector, &spans, text, line.text.length, form_of(text), &err),
                STATUS_OK);
            judge(scores, &line, &spans);
        }
        at += length + 1;
    }
}

// Percent; what was never asked is never wrong.
static unsigned percent(unsigned part, unsigned whole)
{
    return whole == 0 ? 100 : part * 100 / whole;
}

// The measured figures are in docs/reference/checks/personal-data.md; these are the floors.
static void test_pii_detector__keeps_its_precision_and_recall(void **state)
{
    (void)state;
    static const struct {
        unsigned precision;
        unsigned recall;
    } floors[PII_ENTITY_COUNT] = {
        [PII_EMAIL] = { 95, 95 },         [PII_PHONE] = { 95, 95 },
        [PII_PAYMENT_CARD] = { 95, 95 },  [PII_IBAN] = { 95, 95 },
        [PII_US_SSN] = { 90, 90 },        [PII_UK_NINO] = { 95, 95 },
        [PII_IN_AADHAAR] = { 95, 90 },    [PII_IN_PAN] = { 90, 90 },
        [PII_PASSPORT] = { 90, 90 },      [PII_IP_ADDRESS] = { 95, 90 },
        [PII_DATE_OF_BIRTH] = { 95, 95 }, [PII_PERSON_NAME] = { 90, 85 },
    };
    struct score scores[PII_ENTITY_COUNT] = { 0 };
    bool kept = true;
    score_all(scores);
    for (size_t i = 0; i < PII_ENTITY_COUNT; i++) {
        const struct score *score = &scores[i];
        unsigned precision = percent(score->right, score->right + score->wrong);
        unsigned recall = percent(score->right, score->right + score->missed);
        print_message("%-14s %3u right, %u wrong, %u missed: precision %u %%, recall %u %%\n",
                      pii_entity_words((enum pii_entity)i)->word, score->right, score->wrong,
                      score->missed, precision, recall);
        assert_true(score->right >= 6);
        kept = kept && precision >= floors[i].precision && recall >= floors[i].recall;
    }
    assert_true(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pii_detector__keeps_its_precision_and_recall),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
