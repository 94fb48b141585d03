// SHA-256 by known answers, content digests by coreutils' own, random bytes by their absence of
// rule.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "trust/hash.h"

// FIPS 180-4's examples, as published by NIST.
static const struct {
    const char *text;
    const char *hex;
} known[] = {
    { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    { "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
    { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
};

static void assert_hex(const struct digest *digest, const char *hex)
{
    char text[DIGEST_HEX_BYTES];
    digest_format_hex(digest, text);
    assert_string_equal(text, hex);
}

static void test_hash__knows_the_published_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        struct error err;
        struct digest digest;
        assert_int_equal(hash_bytes(&digest, known[i].text, strlen(known[i].text), &err),
                         STATUS_OK);
        assert_hex(&digest, known[i].hex);
    }
}

static void add(struct content *content, const char *path, const char *text)
{
    struct error err;
    assert_int_equal(content_add_bytes(content, path, text, strlen(text), &err), STATUS_OK);
}

// printf 'alpha' >a.md; mkdir docs; printf 'beta\n' >docs/b.md; : >docs/empty.txt
// sha256sum a.md docs/b.md docs/empty.txt | sha256sum
#define THREE_FILES_HEX "b07408a6abc6d32849bf12b580975ee0eba6b9f365f83427c632b51ae3767f39"

static void test_hash__content_is_named_as_coreutils_would(void **state)
{
    (void)state;
    struct error err;
    struct content content OWNED(content_release) = { 0 };
    add(&content, "docs/empty.txt", "");
    add(&content, "docs/b.md", "beta\n");
    add(&content, "a.md", "alpha");
    assert_int_equal(content_seal(&content, &err), STATUS_OK);
    struct digest digest;
    assert_int_equal(hash_content(&digest, &content, &err), STATUS_OK);
    assert_hex(&digest, THREE_FILES_HEX);
    for (size_t i = 0; i < content.count; i++)
        assert_true(content.files[i].hashed);
}

static void test_hash__content_hashes_no_file_twice(void **state)
{
    (void)state;
    struct error err;
    struct content content OWNED(content_release) = { 0 };
    add(&content, "a.md", "alpha");
    assert_int_equal(content_seal(&content, &err), STATUS_OK);
    struct digest first;
    struct digest second;
    assert_int_equal(hash_content(&first, &content, &err), STATUS_OK);
    // A hash that is there is taken as it is, even a wrong one: nobody looked at the bytes.
    content.files[0].sha256 = (struct digest) { { 1 } };
    assert_int_equal(hash_content(&second, &content, &err), STATUS_OK);
    assert_false(digest_equal(&first, &second));
    content.files[0].hashed = false;
    assert_int_equal(hash_content(&second, &content, &err), STATUS_OK);
    assert_true(digest_equal(&first, &second));
}

static void test_hash__a_descriptor_is_hashed_from_its_beginning(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct digest digest;
    int fd OWNED(file_close) = memfd_create("greenroom-hash", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(hash_fd(&digest, fd, "the seal", &err), STATUS_OK);
    assert_hex(&digest, known[0].hex);
    assert_int_equal(file_write_all(fd, "abc", 3, "the seal", &err), STATUS_OK);
    assert_int_equal(hash_fd(&digest, fd, "the seal", &err), STATUS_OK);
    assert_hex(&digest, known[1].hex);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(hash_fd(&digest, ends[0], "the seal", &err), STATUS_IO);
    assert_non_null(strstr(err.message, "the seal"));
    close(ends[0]);
    close(ends[1]);
}

static enum status map_fails(struct content_source *source, uint64_t key, uint64_t size_bytes,
                             const void **out_bytes, struct error *err)
{
    (void)source, (void)key, (void)size_bytes, (void)out_bytes;
    return error_set(err, STATUS_DAMAGED, "gone", "the blob is gone");
}

static void never_unmaps(struct content_source *source, const void *bytes, uint64_t size_bytes)
{
    (void)source, (void)bytes, (void)size_bytes;
    fail_msg("what was never mapped was given back");
}

static void free_source(struct content_source *source)
{
    free(source);
}

static void test_hash__content_passes_up_what_its_source_says(void **state)
{
    (void)state;
    struct error err;
    struct content content OWNED(content_release) = { 0 };
    struct content_source *source = NULL;
    assert_int_equal(memory_new(&source, 1, sizeof(*source), &err), STATUS_OK);
    *source =
        (struct content_source) { .map = map_fails, .unmap = never_unmaps, .free = free_source };
    assert_int_equal(content_own_source(&content, source, &err), STATUS_OK);
    assert_int_equal(content_add(&content, "a.md", 5, source, 1, &err), STATUS_OK);
    assert_int_equal(content_seal(&content, &err), STATUS_OK);
    struct digest digest = { { 7 } };
    assert_int_equal(hash_content(&digest, &content, &err), STATUS_DAMAGED);
    assert_string_equal(err.message, "the blob is gone");
    assert_false(content.files[0].hashed);
    assert_int_equal(digest.bytes[0], 7);
}

static void test_hash__random_bytes_differ_and_stay_in_bounds(void **state)
{
    (void)state;
    struct error err;
    uint8_t first[600] = { 0 };
    uint8_t second[600] = { 0 };
    assert_int_equal(hash_random(first, sizeof(first) - 1, &err), STATUS_OK);
    assert_int_equal(hash_random(second, sizeof(second) - 1, &err), STATUS_OK);
    assert_memory_not_equal(first, second, 32);
    assert_memory_not_equal(first + 567, second + 567, 32); // the end was filled too
    assert_int_equal(first[599], 0);
    assert_int_equal(hash_random(first, 0, &err), STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hash__knows_the_published_answers),
        cmocka_unit_test(test_hash__content_is_named_as_coreutils_would),
        cmocka_unit_test(test_hash__content_hashes_no_file_twice),
        cmocka_unit_test(test_hash__a_descriptor_is_hashed_from_its_beginning),
        cmocka_unit_test(test_hash__content_passes_up_what_its_source_says),
        cmocka_unit_test(test_hash__random_bytes_differ_and_stay_in_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
