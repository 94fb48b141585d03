// Content codings: what others decode is what went in.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/encoding.h"
#include "base/file.h"
#include "base/memory.h"

typedef enum status (*encode)(struct buffer *out, const void *bytes, size_t length,
                              struct error *err);

static void assert_decodes(encode encode_it, const char *decoder, const char *text, size_t length)
{
    struct buffer encoded OWNED(buffer_release) = { 0 };
    struct buffer decoded OWNED(buffer_release) = { 0 };
    char folder[] = "/tmp/greenroom-encoding-XXXXXX";
    char command[256];
    char path[64];
    struct error err = { 0 };
    assert_non_null(mkdtemp(folder));
    assert_int_equal(encode_it(&encoded, text, length, &err), STATUS_OK);
    snprintf(path, sizeof(path), "%s/in", folder);
    assert_int_equal(file_write_atomic(path, encoded.bytes, encoded.length, 0600, &err), STATUS_OK);
    snprintf(command, sizeof(command), "%s <%s/in >%s/out", decoder, folder, folder);
    assert_int_equal(system(command), 0);
    snprintf(path, sizeof(path), "%s/out", folder);
    assert_int_equal(file_read(&decoded, path, length, &err), STATUS_OK);
    assert_int_equal(decoded.length, length);
    if (length > 0)
        assert_memory_equal(decoded.bytes, text, length);
    assert_int_equal(file_remove_tree(folder, &err), STATUS_OK);
}

static void assert_encoding(encode encode_it, const char *decoder)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    for (int i = 0; i < 5000; i++)
        buffer_append_format(&text, "{\"line\":%d,\"text\":\"Good morning\"}", i * 7919 % 1000);
    assert_decodes(encode_it, decoder, "", 0);
    assert_decodes(encode_it, decoder, "x", 1);
    assert_decodes(encode_it, decoder, text.bytes, text.length);
    struct buffer encoded OWNED(buffer_release) = { 0 };
    struct error err = { 0 };
    assert_int_equal(encode_it(&encoded, text.bytes, text.length, &err), STATUS_OK);
    assert_true(encoded.length < text.length / 4);
}

static void test_encoding__gzip_is_read_by_gzip(void **state)
{
    (void)state;
    assert_encoding(encoding_gzip, "gzip -dc");
}

static void test_encoding__zstd_is_read_by_zstd(void **state)
{
    (void)state;
    assert_encoding(encoding_zstd, "zstd -qdc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encoding__gzip_is_read_by_gzip),
        cmocka_unit_test(test_encoding__zstd_is_read_by_zstd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
