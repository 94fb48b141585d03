// Deltas of trees: applied by the rules of git's format, they give the target.
#include "unit/store/store_fixture.h"

#include "store/tree_delta.h"
#include "store/tree_text.h"

static size_t read_size(const struct buffer *delta, size_t *at)
{
    size_t size = 0;
    for (unsigned shift = 0;; shift += 7) {
        assert_true(*at < delta->length);
        unsigned char byte = (unsigned char)delta->bytes[(*at)++];
        size |= (size_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return size;
    }
}

// An applier of its own, from the format's description.
static void apply(struct buffer *out, const struct buffer *base, const struct buffer *delta)
{
    size_t at = 0;
    assert_int_equal(read_size(delta, &at), base->length);
    size_t size = read_size(delta, &at);
    while (at < delta->length) {
        unsigned char op = (unsigned char)delta->bytes[at++];
        assert_int_not_equal(op, 0);
        if (!(op & 0x80)) {
            assert_true(at + op <= delta->length);
            buffer_append(out, delta->bytes + at, op);
            at += op;
            continue;
        }
        size_t values[2] = { 0 };
        for (unsigned i = 0; i < 7; i++)
            if (op & (1U << i))
                values[i / 4] |= (size_t)(unsigned char)delta->bytes[at++] << (8 * (i % 4));
        values[1] = values[1] ? values[1] : 0x10000;
        assert_true(values[0] + values[1] <= base->length);
        buffer_append(out, base->bytes + values[0], values[1]);
    }
    assert_int_equal(out->length, size);
}

#define NAMES 5000
struct folder {
    int version[NAMES]; // 0: not there
};

static void make_tree(struct buffer *out, const struct folder *folder)
{
    for (int i = 0; i < NAMES; i++) {
        char name[64];
        if (!folder->version[i])
            continue;
        // Some names are long, so that copies and inserts reach two and three bytes of size.
        snprintf(name, sizeof(name), "entry-%05d%.*s", i, i % 30, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
        struct tree_text_entry entry = { .name = name,
                                         .name_bytes = strlen(name),
                                         .oid = { { (uint8_t)folder->version[i], (uint8_t)i } },
                                         .is_tree = i % 2 };
        tree_text_append(out, &entry);
    }
}

static void test_tree_delta__gives_the_target(void **state)
{
    (void)state;
    static const int filled[] = { 0, 1, 2, 50, 1000, NAMES };
    static const int changed[] = { 0, 1, 5, 200, 3000 };
    struct folder *before = calloc(1, sizeof(*before));
    struct folder *after = calloc(1, sizeof(*after));
    assert_non_null(before);
    assert_non_null(after);
    srand(3);
    for (size_t f = 0; f < COUNT_OF(filled); f++)
        for (size_t c = 0; c < COUNT_OF(changed); c++) {
            struct error err = { 0 };
            struct buffer base OWNED(buffer_release) = { 0 };
            struct buffer target OWNED(buffer_release) = { 0 };
            struct buffer delta OWNED(buffer_release) = { 0 };
            struct buffer result OWNED(buffer_release) = { 0 };
            for (int i = 0; i < NAMES; i++)
                before->version[i] = i < filled[f];
            *after = *before;
            for (int i = 0; i < changed[c]; i++)
                after->version[rand() % NAMES] = rand() % 3;
            make_tree(&base, before);
            make_tree(&target, after);
            assert_ok(tree_delta_append(&delta, buffer_text(&base), base.length,
                                        buffer_text(&target), target.length, &err));
            apply(&result, &base, &delta);
            assert_int_equal(result.length, target.length);
            assert_memory_equal(buffer_text(&result), buffer_text(&target), target.length);
            if (filled[f] == NAMES && changed[c] <= 1)
                assert_true(delta.length < 100);
        }
    free(before);
    free(after);
}

static void test_tree_delta__versions_of_a_folder_have_one_key(void **state)
{
    (void)state;
    struct error err = { 0 };
    static const char *const names[][3] = {
        { "a", "b", "c" }, { "a", "x", "c" }, { "a", "b", "d" }, { "ab", "", "c" }
    };
    uint64_t keys[COUNT_OF(names)];
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct buffer tree OWNED(buffer_release) = { 0 };
        for (size_t j = 0; j < 3; j++)
            if (names[i][j][0]) {
                struct tree_text_entry entry = {
                    names[i][j], strlen(names[i][j]), { { (uint8_t)i, (uint8_t)j } }, false
                };
                tree_text_append(&tree, &entry);
            }
        assert_ok(tree_delta_key(tree.bytes, tree.length, &keys[i], &err));
    }
    assert_true(keys[0] == keys[1]);
    assert_true(keys[0] != keys[2]);
    assert_true(keys[0] != keys[3]);
    uint64_t key = 1;
    assert_ok(tree_delta_key("", 0, &key, &err));
    assert_true(key == 0);
    assert_int_equal(tree_delta_key("no tree", 7, &key, &err), STATUS_DAMAGED);
    struct buffer out OWNED(buffer_release) = { 0 };
    assert_int_equal(tree_delta_append(&out, "", 0, "no tree", 7, &err), STATUS_DAMAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree_delta__gives_the_target),
        cmocka_unit_test(test_tree_delta__versions_of_a_folder_have_one_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
