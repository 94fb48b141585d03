// Raw signatures, made here with libcrypto: every format, security keys, and numbers out of form.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/err.h>

#include "trust/ssh_raw_signature.h"
#include "unit/trust/forge.h"

#define DATA "what is signed"
#define APPLICATION "ssh:greenroom"

struct kind {
    const char *type;
    const char *pkey;
    const char *curve;
    const char *digest;
    const char *application;
};

static const struct kind kinds[] = {
    { "ssh-ed25519", "ED25519", NULL, NULL, NULL },
    { "ecdsa-sha2-nistp256", "P-256", "nistp256", "SHA256", NULL },
    { "ecdsa-sha2-nistp384", "P-384", "nistp384", "SHA384", NULL },
    { "ecdsa-sha2-nistp521", "P-521", "nistp521", "SHA512", NULL },
    { "sk-ssh-ed25519@openssh.com", "ED25519", NULL, NULL, APPLICATION },
    { "sk-ecdsa-sha2-nistp256@openssh.com", "P-256", "nistp256", "SHA256", APPLICATION },
};
#define KIND_ECDSA_256 (&kinds[1])
#define FIRST_SECURITY_KEY 4

// A signer, both halves; `blob` is what `key` borrows from.
struct signer {
    EVP_PKEY *pkey;
    struct buffer blob;
    struct ssh_public_key key;
    struct buffer data;
};

static void signer_release(struct signer *signer)
{
    ssh_public_key_release(&signer->key);
    EVP_PKEY_free(signer->pkey);
    buffer_release(&signer->blob);
    buffer_release(&signer->data);
}

static void signer_open(struct signer *signer)
{
    struct error err = { 0 };
    buffer_append_text(&signer->data, DATA);
    if (ssh_public_key_load(&signer->key, forge_span(&signer->blob), &err) != STATUS_OK)
        fail_msg("%s", err.message);
}

static void signer_init(struct signer *signer, const struct kind *kind)
{
    signer->pkey = forge_pkey(kind->pkey);
    forge_key_blob(&signer->blob, signer->pkey, kind->type, kind->curve, kind->application);
    signer_open(signer);
}

static void signer_init_rsa(struct signer *signer)
{
    signer->pkey = forge_pkey("RSA");
    forge_rsa_blob(&signer->blob, signer->pkey);
    signer_open(signer);
}

static void signer_sign(const struct signer *signer, const struct kind *kind, struct buffer *out)
{
    if (kind->application)
        forge_raw_by_security_key(out, signer->pkey, kind->type, kind->digest, kind->application,
                                  0x01, 42, &signer->data);
    else
        forge_raw(out, signer->pkey, kind->type, kind->digest, &signer->data);
}

static void assert_verifies(const struct signer *signer, const struct buffer *raw)
{
    struct error err = { 0 };
    enum status status =
        ssh_raw_signature_verify(&signer->key, forge_span(raw), forge_span(&signer->data), &err);
    if (status != STATUS_OK)
        fail_msg("refused: %s", err.message);
}

static void assert_refused(const struct signer *signer, const struct buffer *raw,
                           const char *because)
{
    struct error err = { 0 };
    enum status status =
        ssh_raw_signature_verify(&signer->key, forge_span(raw), forge_span(&signer->data), &err);
    if (status != STATUS_REFUSED || !strstr(err.message, because))
        fail_msg("status %d, said '%s', expected '%s'", status, err.message, because);
    assert_string_equal(err.code, "signature_invalid");
}

static void test_ssh_raw_signature__verifies_every_format(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct signer signer OWNED(signer_release) = { 0 };
        struct buffer raw OWNED(buffer_release) = { 0 };
        signer_init(&signer, &kinds[i]);
        signer_sign(&signer, &kinds[i], &raw);
        assert_verifies(&signer, &raw);
        signer.data.bytes[0] ^= 1;
        assert_refused(&signer, &raw, "does not fit");
    }
}

static void test_ssh_raw_signature__verifies_rsa_with_sha2_only(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        const char *digest;
        const char *because; // NULL: verifies
    } formats[] = {
        { "rsa-sha2-256", "SHA256", NULL },
        { "rsa-sha2-512", "SHA512", NULL },
        { "ssh-rsa", "SHA1", "SHA-1" },
        { "rsa-sha2-512", "SHA1", "does not fit" },
        { "rsa-sha2-512", "SHA256", "does not fit" },
        { "rsa-sha2-384", "SHA384", "format is not one" },
    };
    struct signer signer OWNED(signer_release) = { 0 };
    signer_init_rsa(&signer);
    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        struct buffer raw OWNED(buffer_release) = { 0 };
        forge_raw(&raw, signer.pkey, formats[i].format, formats[i].digest, &signer.data);
        if (formats[i].because)
            assert_refused(&signer, &raw, formats[i].because);
        else
            assert_verifies(&signer, &raw);
    }
}

// One signature in 256 starts with a zero byte, which some signers leave out.
static void test_ssh_raw_signature__puts_back_leading_zeros_of_rsa(void **state)
{
    (void)state;
    struct signer signer OWNED(signer_release) = { 0 };
    struct buffer bytes OWNED(buffer_release) = { 0 };
    signer_init_rsa(&signer);
    for (int attempt = 0; attempt < 10000 && (bytes.length == 0 || bytes.bytes[0]); attempt++) {
        buffer_truncate(&bytes, 0);
        buffer_append_byte(&signer.data, 'x');
        forge_sign(&bytes, signer.pkey, "SHA256", &signer.data);
    }
    assert_int_equal(bytes.bytes[0], 0);
    struct buffer raw OWNED(buffer_release) = { 0 };
    forge_text(&raw, "rsa-sha2-256");
    ssh_wire_append_string(&raw, bytes.bytes + 1, bytes.length - 1);
    assert_verifies(&signer, &raw);
    buffer_truncate(&raw, 0);
    forge_text(&raw, "rsa-sha2-256");
    buffer_append_byte(&bytes, 0);
    forge_buffer(&raw, &bytes);
    assert_refused(&signer, &raw, "longer than the RSA key");
    buffer_truncate(&raw, 0);
    forge_text(&raw, "rsa-sha2-256");
    forge_text(&raw, "");
    assert_refused(&signer, &raw, "does not fit");
}

static void test_ssh_raw_signature__refuses_the_format_of_another_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct signer signer OWNED(signer_release) = { 0 };
        signer_init(&signer, &kinds[i]);
        for (size_t j = 0; j < COUNT_OF(kinds); j++) {
            struct buffer raw OWNED(buffer_release) = { 0 };
            struct kind other = kinds[i];
            other.type = kinds[j].type;
            signer_sign(&signer, &other, &raw);
            if (i == j)
                assert_verifies(&signer, &raw);
            else
                assert_refused(&signer, &raw, "format is not one");
        }
    }
}

static void test_ssh_raw_signature__refuses_what_is_cut_or_extended(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct signer signer OWNED(signer_release) = { 0 };
        struct buffer raw OWNED(buffer_release) = { 0 };
        signer_init(&signer, &kinds[i]);
        signer_sign(&signer, &kinds[i], &raw);
        buffer_append_byte(&raw, 0);
        assert_refused(&signer, &raw, "bytes follow");
        buffer_truncate(&raw, raw.length - 1);
        for (size_t length = raw.length; length-- > 0;) {
            buffer_truncate(&raw, length);
            assert_refused(&signer, &raw, "cut short");
        }
    }
}

static void test_ssh_raw_signature__needs_a_touch_of_the_security_key(void **state)
{
    (void)state;
    for (size_t i = FIRST_SECURITY_KEY; i < COUNT_OF(kinds); i++) {
        struct signer signer OWNED(signer_release) = { 0 };
        signer_init(&signer, &kinds[i]);
        for (int flags = 0; flags < 256; flags++) {
            struct buffer raw OWNED(buffer_release) = { 0 };
            forge_raw_by_security_key(&raw, signer.pkey, kinds[i].type, kinds[i].digest,
                                      APPLICATION, (uint8_t)flags, 7, &signer.data);
            if (flags & 1)
                assert_verifies(&signer, &raw);
            else
                assert_refused(&signer, &raw, "without anybody touching it");
        }
    }
}

static void test_ssh_raw_signature__binds_application_flags_and_counter(void **state)
{
    (void)state;
    for (size_t i = FIRST_SECURITY_KEY; i < COUNT_OF(kinds); i++) {
        struct signer signer OWNED(signer_release) = { 0 };
        struct buffer raw OWNED(buffer_release) = { 0 };
        signer_init(&signer, &kinds[i]);
        signer_sign(&signer, &kinds[i], &raw);
        static const struct {
            size_t from_end;
            char flip;
        } flips[] = { { 5, 0x04 }, { 4, 1 }, { 3, 1 }, { 2, 1 }, { 1, 1 } };
        for (size_t j = 0; j < COUNT_OF(flips); j++) {
            raw.bytes[raw.length - flips[j].from_end] ^= flips[j].flip;
            assert_refused(&signer, &raw, "does not fit");
            raw.bytes[raw.length - flips[j].from_end] ^= flips[j].flip;
        }
        assert_verifies(&signer, &raw);
        struct buffer other OWNED(buffer_release) = { 0 };
        forge_raw_by_security_key(&other, signer.pkey, kinds[i].type, kinds[i].digest, "ssh:other",
                                  0x01, 42, &signer.data);
        assert_refused(&signer, &other, "does not fit");
    }
}

static void append_ecdsa(struct buffer *raw, const char *r, size_t r_bytes, const char *s,
                         size_t s_bytes)
{
    struct buffer bytes OWNED(buffer_release) = { 0 };
    ssh_wire_append_string(&bytes, r, r_bytes);
    ssh_wire_append_string(&bytes, s, s_bytes);
    buffer_truncate(raw, 0);
    forge_text(raw, "ecdsa-sha2-nistp256");
    forge_buffer(raw, &bytes);
}

static void test_ssh_raw_signature__refuses_ecdsa_numbers_out_of_form(void **state)
{
    (void)state;
    struct signer signer OWNED(signer_release) = { 0 };
    struct buffer raw OWNED(buffer_release) = { 0 };
    signer_init(&signer, KIND_ECDSA_256);
    char large[34];
    memset(large, 0x7F, sizeof(large));
    static const struct {
        const char *bytes;
        size_t length;
    } bad[] = { { "", 0 }, { "\0", 1 }, { "\x80", 1 }, { "\0\x01", 2 }, { "\0\0\x80", 3 } };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        append_ecdsa(&raw, bad[i].bytes, bad[i].length, "\x01", 1);
        assert_refused(&signer, &raw, "two numbers");
        append_ecdsa(&raw, "\x01", 1, bad[i].bytes, bad[i].length);
        assert_refused(&signer, &raw, "two numbers");
    }
    append_ecdsa(&raw, large, 33, "\x01", 1);
    assert_refused(&signer, &raw, "two numbers");
    append_ecdsa(&raw, "\x01", 1, large, 34);
    assert_refused(&signer, &raw, "two numbers");
    append_ecdsa(&raw, large, 32, large, 32);
    assert_refused(&signer, &raw, "does not fit");
    struct buffer bytes OWNED(buffer_release) = { 0 };
    forge_ssh_sign(&bytes, signer.pkey, "SHA256", &signer.data);
    buffer_append_byte(&bytes, 0);
    buffer_truncate(&raw, 0);
    forge_text(&raw, "ecdsa-sha2-nistp256");
    forge_buffer(&raw, &bytes);
    assert_refused(&signer, &raw, "two numbers");
}

static void test_ssh_raw_signature__leaves_no_error_in_libcryptos_queue(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct signer signer OWNED(signer_release) = { 0 };
        struct buffer raw OWNED(buffer_release) = { 0 };
        signer_init(&signer, &kinds[i]);
        signer_sign(&signer, &kinds[i], &raw);
        signer.data.bytes[0] ^= 1;
        assert_refused(&signer, &raw, "does not fit");
        assert_int_equal(ERR_peek_error(), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ssh_raw_signature__verifies_every_format),
        cmocka_unit_test(test_ssh_raw_signature__verifies_rsa_with_sha2_only),
        cmocka_unit_test(test_ssh_raw_signature__puts_back_leading_zeros_of_rsa),
        cmocka_unit_test(test_ssh_raw_signature__refuses_the_format_of_another_type),
        cmocka_unit_test(test_ssh_raw_signature__refuses_what_is_cut_or_extended),
        cmocka_unit_test(test_ssh_raw_signature__needs_a_touch_of_the_security_key),
        cmocka_unit_test(test_ssh_raw_signature__binds_application_flags_and_counter),
        cmocka_unit_test(test_ssh_raw_signature__refuses_ecdsa_numbers_out_of_form),
        cmocka_unit_test(test_ssh_raw_signature__leaves_no_error_in_libcryptos_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
