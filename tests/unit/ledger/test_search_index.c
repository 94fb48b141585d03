// A full-text index: made, searched, and refused when it is not one.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "ledger/search_builder.h"
#include "ledger/search_query.h"

static const char *const documents[] = {
    "How to cancel a plan: call us, or write.",
    "Prices of our plans. A plan costs ten a month.",
    "Größe and café: the opening hours of the shop.",
    "You can say cancel at any time; cancel again to be sure that you cancel.",
};

struct scene {
    char folder[64];
    char path[96];
    struct buffer bytes;
    struct search_index *index;
};

#define OK(expression)                                                                             \
    do {                                                                                           \
        struct error err = { 0 };                                                                  \
        if ((expression) != STATUS_OK)                                                             \
            fail_msg("%s: %s", #expression, err.message);                                          \
    } while (0)

static void build(const char *path, unsigned copies)
{
    struct search_builder *builder OWNED(search_builder_release) = NULL;
    OK(search_builder_new(&builder, path, &err));
    for (unsigned copy = 0; copy < copies; copy++) {
        for (uint32_t i = 0; i < COUNT_OF(documents); i++) {
            struct search_passage passage = { i, 3, 7, strlen(documents[i]) };
            OK(search_builder_add(builder, &passage, documents[i], &err));
        }
    }
    OK(search_builder_finish(builder, &err));
}

static int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    snprintf(scene->folder, sizeof(scene->folder), "/tmp/greenroom-search-XXXXXX");
    assert_non_null(mkdtemp(scene->folder));
    snprintf(scene->path, sizeof(scene->path), "%s/index.db", scene->folder);
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    search_index_free(scene->index);
    buffer_release(&scene->bytes);
    OK(file_remove_tree(scene->folder, &err));
    free(scene);
    return 0;
}

struct found {
    size_t count;
    struct search_hit hits[SEARCH_INDEX_MAX_HITS];
};

static enum status note_hit(void *context, const struct search_hit *hit, struct error *err)
{
    (void)err;
    struct found *found = context;
    found->hits[found->count++] = *hit;
    return STATUS_OK;
}

static struct found find(struct scene *scene, const char *query, unsigned limit)
{
    struct found found = { 0 };
    struct buffer expression OWNED(buffer_release) = { 0 };
    OK(search_query_print(&expression, query, strlen(query), &err));
    OK(search_index_find(scene->index, buffer_text(&expression), limit, note_hit, &found, &err));
    return found;
}

static void open_index(struct scene *scene, unsigned copies)
{
    build(scene->path, copies);
    OK(file_read(&scene->bytes, scene->path, (size_t)1 << 30, &err));
    OK(search_index_open(&scene->index, scene->bytes.bytes, scene->bytes.length, &err));
}

static void test_search_index__finds_the_best_first(void **state)
{
    struct scene *scene = *state;
    open_index(scene, 1);
    struct found found = find(scene, "cancel plan", 10);
    assert_int_equal(found.count, 3);
    assert_int_equal(found.hits[0].passage.file, 0); // it has both words
    assert_int_equal(found.hits[0].passage.line, 3);
    assert_int_equal(found.hits[0].passage.start, 7);
    assert_int_equal(found.hits[0].passage.bytes, strlen(documents[0]));
    assert_true(found.hits[0].score > found.hits[1].score);
    assert_true(found.hits[1].score >= found.hits[2].score);
    assert_int_equal(find(scene, "cancel plan", 1).count, 1);
    assert_int_equal(find(scene, "nothing of that", 10).count, 3); // "of" and "that" stand in three
    assert_int_equal(find(scene, "zebra", 10).count, 0);
}

static void test_search_index__knows_letters_of_all_scripts(void **state)
{
    struct scene *scene = *state;
    open_index(scene, 1);
    assert_int_equal(find(scene, "GRÖSSE groesse größe", 10).count, 1);
    assert_int_equal(find(scene, "CAFE", 10).hits[0].passage.file, 2);
}

static void test_search_index__keeps_quoted_words_together(void **state)
{
    struct scene *scene = *state;
    open_index(scene, 1);
    assert_int_equal(find(scene, "\"cancel a plan\"", 10).count, 1);
    assert_int_equal(find(scene, "\"plan cancel\"", 10).count, 0);
}

// Whatever is asked, it is words.
static void test_search_index__takes_no_operators(void **state)
{
    struct scene *scene = *state;
    static const char *const queries[] = {
        "cancel*", "text:cancel",     "cancel NEAR(plan)", "NOT cancel",
        "(cancel", "cancel)",         "\"cancel",          "cancel\"\"",
        "^cancel", "{text}:cancel",   "cancel AND OR NOT", "cancel'; DROP",
        "-cancel", "+ cancel + plan", "cancel\\",          "rank MATCH cancel",
    };
    open_index(scene, 1);
    for (size_t i = 0; i < COUNT_OF(queries); i++)
        assert_true(find(scene, queries[i], 10).count > 0);
}

static void assert_query_refused(const char *query, size_t length)
{
    struct buffer out OWNED(buffer_release) = { 0 };
    struct error err = { 0 };
    assert_int_equal(search_query_print(&out, query, length, &err), STATUS_INVALID);
    assert_string_equal(err.code, "query_invalid");
}

static void test_search_index__refuses_what_is_no_query(void **state)
{
    (void)state;
    char longest[SEARCH_QUERY_MAX_BYTES + 1];
    memset(longest, 'a', sizeof(longest));
    assert_query_refused(longest, sizeof(longest));
    assert_query_refused("", 0);
    assert_query_refused(" \t\n", 3);
    assert_query_refused("\"!?\" -- ", 8);
    assert_query_refused("a\0b", 3);
    assert_query_refused("\xff\xfe", 2);
    memset(longest, ' ', sizeof(longest));
    for (size_t i = 0; i <= SEARCH_QUERY_MAX_WORDS; i++)
        longest[2 * i] = 'a';
    assert_query_refused(longest, 2 * SEARCH_QUERY_MAX_WORDS + 1);
    struct buffer out OWNED(buffer_release) = { 0 };
    OK(search_query_print(&out, longest, 2 * SEARCH_QUERY_MAX_WORDS, &err));
}

static void test_search_index__gives_up_what_takes_too_long(void **state)
{
    struct scene *scene = *state;
    struct buffer expression OWNED(buffer_release) = { 0 };
    struct found found = { 0 };
    struct error fault = { 0 };
    open_index(scene, 40000);
    OK(search_query_print(&expression, "cancel plan", 11, &err));
    assert_int_equal(
        search_index_find(scene->index, buffer_text(&expression), 10, note_hit, &found, &fault),
        STATUS_TOO_LARGE);
    assert_string_equal(fault.code, "search_too_large");
    assert_int_equal(find(scene, "zebra", 10).count, 0); // the next search begins anew
}

static void test_search_index__tells_what_is_no_index(void **state)
{
    struct scene *scene = *state;
    struct error fault = { 0 };
    static const char text[] = "nothing like it";
    assert_int_equal(search_index_open(&scene->index, text, sizeof(text), &fault), STATUS_DAMAGED);
    open_index(scene, 1);
    struct search_index *other = NULL;
    memset(scene->bytes.bytes + 16, 0xff, 64);
    assert_int_not_equal(search_index_open(&other, scene->bytes.bytes, scene->bytes.length, &fault),
                         STATUS_OK);
    assert_null(other);
}

int main(void)
{
#define SEARCH_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        SEARCH_TEST(test_search_index__finds_the_best_first),
        SEARCH_TEST(test_search_index__knows_letters_of_all_scripts),
        SEARCH_TEST(test_search_index__keeps_quoted_words_together),
        SEARCH_TEST(test_search_index__takes_no_operators),
        SEARCH_TEST(test_search_index__refuses_what_is_no_query),
        SEARCH_TEST(test_search_index__gives_up_what_takes_too_long),
        SEARCH_TEST(test_search_index__tells_what_is_no_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
