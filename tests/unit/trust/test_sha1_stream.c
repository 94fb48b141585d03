// A running SHA-1: the standard's own examples (FIPS 180-4), in pieces, and again after finish.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "trust/sha1_stream.h"

static void assert_sum(struct hash_stream *stream, const char *expected)
{
    struct error err = { 0 };
    uint8_t sum[HASH_STREAM_MAX_BYTES];
    struct buffer hex OWNED(buffer_release) = { 0 };
    assert_int_equal(stream->finish(stream, sum, &err), STATUS_OK);
    buffer_append_hex(&hex, sum, 20);
    assert_string_equal(buffer_text(&hex), expected);
}

static void test_sha1_stream__gives_the_sums_of_the_standard(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct hash_stream *stream = NULL;
    assert_int_equal(sha1_stream_new(&stream, &err), STATUS_OK);
    assert_sum(stream, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    stream->update(stream, "a", 1);
    stream->update(stream, "", 0);
    stream->update(stream, "bc", 2);
    assert_sum(stream, "a9993e364706816aba3e25717850c26c9cd0d89d");
    stream->update(stream, "abc", 3);
    assert_sum(stream, "a9993e364706816aba3e25717850c26c9cd0d89d");
    char as[1000];
    memset(as, 'a', sizeof(as));
    for (int i = 0; i < 1000; i++)
        stream->update(stream, as, sizeof(as));
    assert_sum(stream, "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
    stream->free(stream);
}

static void test_sha1_stream__may_be_given_up_half_way(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct hash_stream *stream = NULL;
    assert_int_equal(sha1_stream_new(&stream, &err), STATUS_OK);
    stream->update(stream, "abc", 3);
    stream->free(stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha1_stream__gives_the_sums_of_the_standard),
        cmocka_unit_test(test_sha1_stream__may_be_given_up_half_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
