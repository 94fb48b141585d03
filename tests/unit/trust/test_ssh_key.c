// Public keys: every type read and printed, and every way in which a line or blob can be wrong.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "trust/ssh_key.h"
#include "unit/trust/forge.h"
#include "unit/trust/vectors.h"

static void assert_refused(const char *line, const char *because)
{
    struct error err = { 0 };
    struct ssh_key key = { .blob_bytes = 99 };
    enum status status = ssh_key_parse(&key, line, &err);
    if (status != STATUS_INVALID || !strstr(err.message, because))
        fail_msg("'%.80s': status %d, said '%s', expected '%s'", line, status, err.message,
                 because);
    assert_int_equal(key.blob_bytes, 99);
}

static void assert_blob_refused(const char *type, const struct buffer *blob, const char *because)
{
    struct buffer line OWNED(buffer_release) = { 0 };
    forge_key_line(&line, type, blob);
    assert_refused(line.bytes, because);
}

static void test_ssh_key__reads_and_prints_what_ssh_keygen_writes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct error err;
        struct ssh_key key;
        char *text OWNED(memory_release) = NULL;
        char fingerprint[SSH_KEY_FINGERPRINT_BYTES];
        assert_int_equal(ssh_key_parse(&key, vectors[i].public_key, &err), STATUS_OK);
        assert_int_equal(ssh_key_format(&text, &key, &err), STATUS_OK);
        assert_string_equal(text, vectors[i].public_key);
        ssh_key_fingerprint(&key, fingerprint);
        assert_string_equal(fingerprint, vectors[i].fingerprint);
    }
}

static void test_ssh_key__takes_comments_and_line_ends(void **state)
{
    (void)state;
    static const char *const tails[] = { "", "\n", "\r\n", " lead@example.com\n",
                                         "\tone two three" };
    struct ssh_key first;
    struct error err;
    assert_int_equal(ssh_key_parse(&first, vectors[0].public_key, &err), STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(tails); i++) {
        struct buffer line OWNED(buffer_release) = { 0 };
        struct ssh_key key;
        buffer_append_format(&line, "%s%s", vectors[0].public_key, tails[i]);
        assert_int_equal(ssh_key_parse(&key, line.bytes, &err), STATUS_OK);
        assert_true(ssh_key_equal(&key, &first));
    }
}

static void test_ssh_key__reads_security_keys(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        const char *pkey;
        const char *curve;
    } kinds[] = { { "sk-ssh-ed25519@openssh.com", "ED25519", NULL },
                  { "sk-ecdsa-sha2-nistp256@openssh.com", "P-256", "nistp256" } };
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        EVP_PKEY *pkey OWNED(forge_pkey_release) = forge_pkey(kinds[i].pkey);
        struct buffer blob OWNED(buffer_release) = { 0 };
        struct buffer line OWNED(buffer_release) = { 0 };
        struct error err;
        struct ssh_key key;
        forge_key_blob(&blob, pkey, kinds[i].type, kinds[i].curve, "ssh:work");
        forge_key_line(&line, kinds[i].type, &blob);
        assert_int_equal(ssh_key_parse(&key, line.bytes, &err), STATUS_OK);
        assert_int_equal(key.blob_bytes, blob.length);
        buffer_append_byte(&blob, 'x');
        assert_blob_refused(kinds[i].type, &blob, "after the end");
        buffer_truncate(&blob, blob.length - 2);
        assert_blob_refused(kinds[i].type, &blob, "cut short");
    }
}

static void test_ssh_key__refuses_applications_that_are_no_short_text(void **state)
{
    (void)state;
    static const char type[] = "sk-ssh-ed25519@openssh.com";
    EVP_PKEY *pkey OWNED(forge_pkey_release) = forge_pkey("ED25519");
    char application[257] = { 0 };
    struct buffer blob OWNED(buffer_release) = { 0 };
    forge_key_blob(&blob, pkey, type, NULL, NULL);
    size_t length = blob.length;
    ssh_wire_append_string(&blob, "ssh:\0x", 6);
    assert_blob_refused(type, &blob, "application is not a text");
    memset(application, 'x', sizeof(application) - 1);
    buffer_truncate(&blob, length);
    forge_text(&blob, application);
    assert_blob_refused(type, &blob, "application is not a text");
}

static void test_ssh_key__refuses_other_lines(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *because;
    } bad[] = {
        { "", "no public key" },
        { "\n", "no public key" },
        { " ssh-ed25519 AAAA", "no public key" },
        { "ssh-ed25519", "not base64" },
        { "ssh-ed25519 ", "not base64" },
        { "ssh-ed25519 AAA", "not base64" },
        { "ssh-ed25519 AA*A", "not base64" },
        { "ssh-ed25519 AAAA", "cut short" },
        { "ssh-ed25519 /////w==", "cut short" },
        { "ssh-ed448 AAAA", "'ssh-ed448' is not known" },
        { "SSH-ED25519 AAAA", "is not known" },
        { "\x1b[31m AAAA", "'?[31m' is not known" },
        { "ssh-dss AAAA", "too weak" },
        { "no-pty ssh-ed25519 AAAA", "is not known" },
        { "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA", "RFC 4716" },
        { "-----BEGIN PUBLIC KEY-----\nAAAA", "PEM" },
        { "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl", "private key" },
        { "-----BEGIN RSA PRIVATE KEY-----\nMIIE", "private key" },
        { "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIE", "private key" },
        { "PuTTY-User-Key-File-3: ssh-ed25519", "private key" },
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_refused(bad[i].line, bad[i].because);
    assert_refused(vector_certificate, "certificates are not accepted");
    assert_refused(vector_weak.public_key, "1024 bits is too weak");
}

static void test_ssh_key__refuses_two_lines_and_long_lines(void **state)
{
    (void)state;
    struct buffer two OWNED(buffer_release) = { 0 };
    buffer_append_format(&two, "%s\n%s\n", vectors[0].public_key, vectors[2].public_key);
    assert_refused(two.bytes, "more follows");
    struct buffer longer OWNED(buffer_release) = { 0 };
    buffer_append_format(&longer, "%s %*s", vectors[0].public_key, SSH_KEY_MAX_LINE_BYTES, "x");
    assert_refused(longer.bytes, "longer than");
    struct buffer blob OWNED(buffer_release) = { 0 };
    for (size_t i = 0; i <= SSH_KEY_MAX_BLOB_BYTES; i++)
        buffer_append_byte(&blob, 'x');
    assert_blob_refused("ssh-rsa", &blob, "longer than 4096");
}

static void test_ssh_key__refuses_a_type_that_the_blob_denies(void **state)
{
    (void)state;
    struct buffer line OWNED(buffer_release) = { 0 };
    buffer_append_format(&line, "ssh-rsa %s", strchr(vectors[0].public_key, ' ') + 1);
    assert_refused(line.bytes,
                   "says that the key is of type ssh-rsa, but it is of type ssh-ed25519");
}

static void test_ssh_key__refuses_bad_ed25519_points(void **state)
{
    (void)state;
    uint8_t point[33];
    memset(point, 0x5A, sizeof(point));
    for (size_t length = 31; length <= 33; length += 2) {
        struct buffer blob OWNED(buffer_release) = { 0 };
        forge_text(&blob, "ssh-ed25519");
        ssh_wire_append_string(&blob, point, length);
        assert_blob_refused("ssh-ed25519", &blob, "32 bytes");
    }
    // Points of small order, each with the sign bit clear and set: 0, 1, -1 and p.
    static const uint8_t first[] = { 0x00, 0x01, 0xEC, 0xED };
    for (size_t i = 0; i < 2 * COUNT_OF(first); i++) {
        memset(point, first[i / 2] > 1 ? 0xFF : 0, sizeof(point));
        point[0] = first[i / 2];
        point[31] = (uint8_t)((point[31] & 0x7F) | (i % 2 ? 0x80 : 0));
        struct buffer blob OWNED(buffer_release) = { 0 };
        forge_text(&blob, "ssh-ed25519");
        ssh_wire_append_string(&blob, point, 32);
        assert_blob_refused("ssh-ed25519", &blob, "anybody could sign");
    }
}

static void test_ssh_key__refuses_bad_ecdsa_points(void **state)
{
    (void)state;
    EVP_PKEY *pkey OWNED(forge_pkey_release) = forge_pkey("P-256");
    static const char type[] = "ecdsa-sha2-nistp256";
    const size_t point_at = 4 + sizeof(type) - 1 + 4 + 8 + 4;
    struct buffer blob OWNED(buffer_release) = { 0 };
    forge_key_blob(&blob, pkey, type, "nistp384", NULL);
    assert_blob_refused(type, &blob, "curve is not the one");
    buffer_truncate(&blob, 0);
    forge_key_blob(&blob, pkey, type, "nistp256", NULL);
    blob.bytes[point_at] = 0x02;
    assert_blob_refused(type, &blob, "not an uncompressed point");
    blob.bytes[point_at] = 0x04;
    blob.bytes[point_at + 1] ^= 1;
    assert_blob_refused(type, &blob, "not on its curve");
    blob.bytes[point_at + 1] ^= 1;
    buffer_append_byte(&blob, 0);
    assert_blob_refused(type, &blob, "after the end");
    buffer_truncate(&blob, blob.length - 2);
    assert_blob_refused(type, &blob, "not an uncompressed point");
    buffer_truncate(&blob, point_at - 4);
    ssh_wire_append_string(&blob, "\x04", 2); // whole, but of no point's size
    assert_blob_refused(type, &blob, "not an uncompressed point");
}

// An RSA blob of these numbers, as hex.
static void append_rsa(struct buffer *out, const char *e_hex, const char *n_hex)
{
    BIGNUM *e = NULL;
    BIGNUM *n = NULL;
    BN_hex2bn(&e, e_hex);
    BN_hex2bn(&n, n_hex);
    forge_text(out, "ssh-rsa");
    forge_mpint(out, e);
    forge_mpint(out, n);
    BN_free(e);
    BN_free(n);
}

static void test_ssh_key__refuses_bad_rsa_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *e;
        char last; // hex digit of n
        int digits;
        const char *because;
    } bad[] = {
        { "10001", '1', 512, "2047 bits is too weak" }, // the leading 7 is three bits long
        { "10001", '0', 600, "not those of an RSA key" },
        { "10000", '1', 600, "not those of an RSA key" },
        { "1", '1', 600, "not those of an RSA key" },
        { "10000000000000001", '1', 600, "exponent of more than 64 bits" },
        { "10001", '1', 4098, "more than 16384 bits" },
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct buffer n OWNED(buffer_release) = { 0 };
        for (int digit = 1; digit < bad[i].digits; digit++)
            buffer_append_byte(&n, '7');
        buffer_append_byte(&n, bad[i].last);
        struct buffer blob OWNED(buffer_release) = { 0 };
        append_rsa(&blob, bad[i].e, n.bytes);
        assert_blob_refused("ssh-rsa", &blob, bad[i].because);
    }
    struct buffer negative OWNED(buffer_release) = { 0 };
    forge_text(&negative, "ssh-rsa");
    ssh_wire_append_string(&negative, "\xFF", 1);
    ssh_wire_append_string(&negative, "\x7F", 1);
    assert_blob_refused("ssh-rsa", &negative, "not in shortest form");
}

// A temporary folder with one file in it; the caller removes it.
static void write_file(char *folder, char *path, size_t path_bytes, const void *bytes,
                       size_t length)
{
    struct error err;
    assert_non_null(mkdtemp(folder));
    snprintf(path, path_bytes, "%s/key.pub", folder);
    assert_int_equal(file_write_atomic(path, bytes, length, 0600, &err), STATUS_OK);
}

static void test_ssh_key__reads_a_file_and_names_it_when_it_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        enum status status;
        const char *because;
    } files[] = {
        { NULL, 0, STATUS_OK, "" },
        { "ssh-ed25519\0AAAA", 16, STATUS_INVALID, "not a text file" },
        { "-----BEGIN OPENSSH PRIVATE KEY-----\n", 36, STATUS_INVALID, "private key" },
    };
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        char folder[] = "/tmp/greenroom-ssh-key-XXXXXX";
        char path[64];
        const char *bytes = files[i].bytes ? files[i].bytes : vectors[0].public_key;
        write_file(folder, path, sizeof(path), bytes,
                   files[i].bytes ? files[i].length : strlen(bytes));
        struct error err = { 0 };
        struct ssh_key key;
        assert_int_equal(ssh_key_parse_file(&key, path, &err), files[i].status);
        assert_non_null(strstr(err.message, files[i].because));
        if (files[i].status != STATUS_OK)
            assert_ptr_equal(strstr(err.message, path), err.message);
        assert_int_equal(file_remove_tree(folder, &err), STATUS_OK);
    }
    struct error err;
    struct ssh_key key;
    assert_int_equal(ssh_key_parse_file(&key, "/nowhere/key.pub", &err), STATUS_NOT_FOUND);
}

static void test_ssh_key__tells_keys_apart(void **state)
{
    (void)state;
    struct error err;
    struct ssh_key a;
    struct ssh_key b;
    assert_int_equal(ssh_key_parse(&a, vectors[0].public_key, &err), STATUS_OK);
    b = a;
    assert_true(ssh_key_equal(&a, &b));
    b.blob[b.blob_bytes - 1] ^= 1;
    assert_false(ssh_key_equal(&a, &b));
    b = a;
    b.blob_bytes--;
    assert_false(ssh_key_equal(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ssh_key__reads_and_prints_what_ssh_keygen_writes),
        cmocka_unit_test(test_ssh_key__takes_comments_and_line_ends),
        cmocka_unit_test(test_ssh_key__reads_security_keys),
        cmocka_unit_test(test_ssh_key__refuses_applications_that_are_no_short_text),
        cmocka_unit_test(test_ssh_key__refuses_other_lines),
        cmocka_unit_test(test_ssh_key__refuses_two_lines_and_long_lines),
        cmocka_unit_test(test_ssh_key__refuses_a_type_that_the_blob_denies),
        cmocka_unit_test(test_ssh_key__refuses_bad_ed25519_points),
        cmocka_unit_test(test_ssh_key__refuses_bad_ecdsa_points),
        cmocka_unit_test(test_ssh_key__refuses_bad_rsa_numbers),
        cmocka_unit_test(test_ssh_key__reads_a_file_and_names_it_when_it_is_wrong),
        cmocka_unit_test(test_ssh_key__tells_keys_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
