// Armoured signatures: those of ssh-keygen verify, and nothing that differs from them does.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "trust/ssh_signature.h"
#include "unit/trust/forge.h"
#include "unit/trust/vectors.h"

static enum status verify(struct ssh_key *key, const char *armored, size_t length,
                          struct error *err)
{
    return ssh_signature_verify(key, armored, length, "git", VECTOR_MESSAGE,
                                sizeof(VECTOR_MESSAGE) - 1, err);
}

static void assert_refused(const char *armored, size_t length, const char *because)
{
    struct error err = { 0 };
    struct ssh_key key = { .blob_bytes = 99 };
    enum status status = verify(&key, armored, length, &err);
    if (status != STATUS_REFUSED || !strstr(err.message, because))
        fail_msg("status %d, said '%s', expected '%s'", status, err.message, because);
    assert_string_equal(err.code, "signature_invalid");
    assert_int_equal(key.blob_bytes, 99);
}

static void test_ssh_signature__verifies_what_ssh_keygen_signed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct error err = { 0 };
        struct ssh_key key;
        struct ssh_key expected;
        const char *armored = vectors[i].signature;
        if (verify(&key, armored, strlen(armored), &err) != STATUS_OK)
            fail_msg("%s: %s", vectors[i].name, err.message);
        assert_int_equal(ssh_key_parse(&expected, vectors[i].public_key, &err), STATUS_OK);
        assert_true(ssh_key_equal(&key, &expected));
        // A commit's header holds it without the last newline.
        assert_int_equal(verify(&key, armored, strlen(armored) - 1, &err), STATUS_OK);
    }
}

static void test_ssh_signature__refuses_another_message_or_namespace(void **state)
{
    (void)state;
    static const struct {
        const char *name_space;
        const char *message;
        const char *because;
    } others[] = {
        { "git", "release prompt/outbound/greeting 5\n", "does not fit" },
        { "git", "release prompt/outbound/greeting 4", "does not fit" },
        { "git", "", "does not fit" },
        { "file", VECTOR_MESSAGE, "another purpose" },
        { "gi", VECTOR_MESSAGE, "another purpose" },
        { "git ", VECTOR_MESSAGE, "another purpose" },
        { "", VECTOR_MESSAGE, "must not be empty" },
    };
    for (size_t i = 0; i < COUNT_OF(vectors); i++)
        for (size_t j = 0; j < COUNT_OF(others); j++) {
            struct error err = { 0 };
            struct ssh_key key;
            enum status status = ssh_signature_verify(
                &key, vectors[i].signature, strlen(vectors[i].signature), others[j].name_space,
                others[j].message, strlen(others[j].message), &err);
            assert_int_equal(status, STATUS_REFUSED);
            assert_non_null(strstr(err.message, others[j].because));
        }
}

// Nothing in an armoured signature may differ: base64 has one spelling, and every field but the
// reserved one (empty here) is signed, compared or the key itself.
static void test_ssh_signature__refuses_any_byte_changed(void **state)
{
    (void)state;
    static const char flips[] = { 0x01, 0x02, 0x20, (char)0x80 };
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        char *copy OWNED(memory_release) = NULL;
        struct error err;
        size_t length = strlen(vectors[i].signature);
        assert_int_equal(memory_copy_bytes(&copy, vectors[i].signature, length, &err), STATUS_OK);
        for (size_t at = 0; at < length; at++)
            for (size_t flip = 0; flip < COUNT_OF(flips); flip++) {
                copy[at] ^= flips[flip];
                assert_refused(copy, length, "");
                copy[at] ^= flips[flip];
            }
    }
}

static void test_ssh_signature__refuses_any_part_of_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        const char *armored = vectors[i].signature;
        size_t length = strlen(armored);
        for (size_t cut = 0; cut < length - 1; cut++)
            assert_refused(armored, cut, "");
        for (size_t begin = 1; begin < length; begin++)
            assert_refused(armored + begin, length - begin, "BEGIN SSH SIGNATURE");
    }
}

// `armored` is vectors[0]'s text with `what` put in before the first `where`.
static void insert(struct buffer *armored, const char *where, const char *what)
{
    const char *text = vectors[0].signature;
    const char *at = strstr(text, where);
    assert_non_null(at);
    buffer_append(armored, text, (size_t)(at - text));
    buffer_append_text(armored, what);
    buffer_append_text(armored, at);
}

static void test_ssh_signature__refuses_armour_that_is_not_exact(void **state)
{
    (void)state;
    static const struct {
        const char *where;
        const char *what;
        const char *because;
    } edits[] = {
        { "-----BEGIN", "\n", "BEGIN SSH SIGNATURE" },
        { "-----BEGIN", "Comment: x\n", "BEGIN SSH SIGNATURE" },
        { "U1NIU0lH", "\n", "empty line" },
        { "U1NIU0lH", " ", "not base64" },
        { "U1NIU0lH", "Comment: x\n", "not base64" },
        { "-----END", "\n", "empty line" },
        { "-----END", "=", "empty line or lacks a line's end" },
        { "-----END", "AAAA\n", "not base64" },
        { "\n-----END", "\r", "not base64" },
        { "\nU1NI", "\r", "BEGIN SSH SIGNATURE" },
        { "\n-----END", "=", "not base64" },
    };
    for (size_t i = 0; i < COUNT_OF(edits); i++) {
        struct buffer armored OWNED(buffer_release) = { 0 };
        insert(&armored, edits[i].where, edits[i].what);
        assert_refused(armored.bytes, armored.length, edits[i].because);
    }
    static const char *const tails[] = { "\n", " ", "\r\n", "x",
                                         "-----BEGIN SSH SIGNATURE-----\n" };
    for (size_t i = 0; i < COUNT_OF(tails); i++) {
        struct buffer armored OWNED(buffer_release) = { 0 };
        buffer_append_format(&armored, "%s%s", vectors[0].signature, tails[i]);
        assert_refused(armored.bytes, armored.length, "does not end in");
    }
    assert_refused("-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n", 58,
                   "not an SSH signature");
    assert_refused("-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n", 44,
                   "does not end in");
}

static void test_ssh_signature__refuses_more_than_the_limit(void **state)
{
    (void)state;
    struct buffer armored OWNED(buffer_release) = { 0 };
    buffer_append_text(&armored, "-----BEGIN SSH SIGNATURE-----\n");
    while (armored.length <= SSH_SIGNATURE_MAX_BYTES)
        buffer_append_text(&armored, "AAAA\n");
    buffer_append_text(&armored, "-----END SSH SIGNATURE-----\n");
    assert_refused(armored.bytes, armored.length, "longer than 16384 bytes");
}

// A whole signature by a fresh Ed25519 key, made of fields that a test may change.
struct forged {
    EVP_PKEY *pkey;
    struct buffer key;
    struct buffer raw;
    struct forge_outer outer;
};

static void forged_release(struct forged *forged)
{
    EVP_PKEY_free(forged->pkey);
    buffer_release(&forged->key);
    buffer_release(&forged->raw);
}

// Signs over `name_space`, `hash` and the vectors' message.
static void forged_init(struct forged *forged, const char *name_space, const char *hash)
{
    struct buffer data OWNED(buffer_release) = { 0 };
    forged->pkey = forge_pkey("ED25519");
    forge_key_blob(&forged->key, forged->pkey, "ssh-ed25519", NULL, NULL);
    forge_signed_data(&data, name_space, hash, VECTOR_MESSAGE);
    forge_raw(&forged->raw, forged->pkey, "ssh-ed25519", NULL, &data);
    forged->outer = (struct forge_outer) { .magic = "SSHSIG",
                                           .version = 1,
                                           .key = &forged->key,
                                           .name_space = name_space,
                                           .reserved = "",
                                           .hash = hash,
                                           .raw = &forged->raw,
                                           .trailing = "" };
}

static void forged_armour(const struct forged *forged, struct buffer *armored)
{
    struct buffer blob OWNED(buffer_release) = { 0 };
    forge_outer_blob(&blob, &forged->outer);
    forge_armour(armored, &blob);
}

static void assert_forged_refused(const struct forged *forged, const char *because)
{
    struct buffer armored OWNED(buffer_release) = { 0 };
    forged_armour(forged, &armored);
    assert_refused(armored.bytes, armored.length, because);
}

static void test_ssh_signature__refuses_each_field_out_of_form(void **state)
{
    (void)state;
    static const struct {
        struct forge_outer wrong;
        const char *because;
    } fields[] = {
        { { .magic = "SSHSIH", .version = 1 }, "not an SSH signature" },
        { { .magic = "", .version = 1 }, "not an SSH signature" },
        { { .version = 0 }, "of version 0" },
        { { .version = 2 }, "of version 2" },
        { { .version = UINT32_MAX }, "of version 4294967295" },
        { { .version = 1, .name_space = "file" }, "another purpose" },
        { { .version = 1, .name_space = "" }, "another purpose" },
        { { .version = 1, .hash = "sha1" }, "neither sha512 nor sha256" },
        { { .version = 1, .hash = "SHA512" }, "neither sha512 nor sha256" },
        { { .version = 1, .hash = "" }, "neither sha512 nor sha256" },
        { { .version = 1, .hash = "sha256" }, "does not fit" },
        { { .version = 1, .trailing = "x" }, "bytes follow its end" },
    };
    struct forged forged OWNED(forged_release) = { 0 };
    forged_init(&forged, "git", "sha512");
    struct forge_outer good = forged.outer;
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        const struct forge_outer *wrong = &fields[i].wrong;
        forged.outer = good;
        forged.outer.version = wrong->version;
        forged.outer.magic = wrong->magic ? wrong->magic : good.magic;
        forged.outer.name_space = wrong->name_space ? wrong->name_space : good.name_space;
        forged.outer.hash = wrong->hash ? wrong->hash : good.hash;
        forged.outer.trailing = wrong->trailing ? wrong->trailing : good.trailing;
        assert_forged_refused(&forged, fields[i].because);
    }
}

static void test_ssh_signature__refuses_sha1_even_when_the_signature_fits(void **state)
{
    (void)state;
    struct forged forged OWNED(forged_release) = { 0 };
    forged_init(&forged, "git", "sha1");
    assert_forged_refused(&forged, "neither sha512 nor sha256");
}

static void test_ssh_signature__refuses_an_empty_namespace_even_when_it_fits(void **state)
{
    (void)state;
    struct forged forged OWNED(forged_release) = { 0 };
    struct buffer armored OWNED(buffer_release) = { 0 };
    forged_init(&forged, "", "sha512");
    forged_armour(&forged, &armored);
    struct error err = { 0 };
    struct ssh_key key;
    assert_int_equal(ssh_signature_verify(&key, armored.bytes, armored.length, "", VECTOR_MESSAGE,
                                          sizeof(VECTOR_MESSAGE) - 1, &err),
                     STATUS_REFUSED);
    assert_non_null(strstr(err.message, "must not be empty"));
}

// PROTOCOL.sshsig: implementations should ignore the field. It is the one part of a signature that
// can change without a meaning: key, namespace and message stay the same.
static void test_ssh_signature__ignores_the_reserved_field(void **state)
{
    (void)state;
    static const char *const reserved[] = { "", "a tag of the future", "another" };
    struct forged forged OWNED(forged_release) = { 0 };
    forged_init(&forged, "git", "sha256");
    for (size_t i = 0; i < COUNT_OF(reserved); i++) {
        struct buffer armored OWNED(buffer_release) = { 0 };
        struct error err = { 0 };
        struct ssh_key key;
        forged.outer.reserved = reserved[i];
        forged_armour(&forged, &armored);
        assert_int_equal(verify(&key, armored.bytes, armored.length, &err), STATUS_OK);
        assert_int_equal(key.blob_bytes, forged.key.length);
        assert_memory_equal(key.blob, forged.key.bytes, key.blob_bytes);
    }
}

// Every length field of the blob, made huge.
static void test_ssh_signature__refuses_huge_lengths(void **state)
{
    (void)state;
    struct forged forged OWNED(forged_release) = { 0 };
    struct buffer blob OWNED(buffer_release) = { 0 };
    forged_init(&forged, "git", "sha512");
    forge_outer_blob(&blob, &forged.outer);
    static const unsigned char huge[][4] = { { 0xFF, 0xFF, 0xFF, 0xFF },
                                             { 0x7F, 0xFF, 0xFF, 0xFF },
                                             { 0x80, 0x00, 0x00, 0x00 },
                                             { 0x00, 0x00, 0xFF, 0xFF } };
    for (size_t at = 0; at + 4 <= blob.length; at++)
        for (size_t i = 0; i < COUNT_OF(huge); i++) {
            struct buffer armored OWNED(buffer_release) = { 0 };
            char kept[4];
            memcpy(kept, blob.bytes + at, 4);
            memcpy(blob.bytes + at, huge[i], 4);
            forge_armour(&armored, &blob);
            assert_refused(armored.bytes, armored.length, "");
            memcpy(blob.bytes + at, kept, 4);
        }
}

static void test_ssh_signature__refuses_keys_that_are_not_accepted(void **state)
{
    (void)state;
    assert_refused(vector_weak.signature, strlen(vector_weak.signature), "1024 bits is too weak");
    struct forged forged OWNED(forged_release) = { 0 };
    forged_init(&forged, "git", "sha512");
    struct buffer certificate OWNED(buffer_release) = { 0 };
    const char *base64 = strchr(vector_certificate, ' ') + 1;
    assert_true(base64_decode(&certificate, base64, strcspn(base64, " ")));
    forged.outer.key = &certificate;
    assert_forged_refused(&forged, "certificates are not accepted");
    buffer_truncate(&certificate, 0);
    for (size_t i = 0; i <= SSH_KEY_MAX_BLOB_BYTES; i++)
        buffer_append_byte(&certificate, 'x');
    assert_forged_refused(&forged, "longer than 4096 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ssh_signature__verifies_what_ssh_keygen_signed),
        cmocka_unit_test(test_ssh_signature__refuses_another_message_or_namespace),
        cmocka_unit_test(test_ssh_signature__refuses_any_byte_changed),
        cmocka_unit_test(test_ssh_signature__refuses_any_part_of_it),
        cmocka_unit_test(test_ssh_signature__refuses_armour_that_is_not_exact),
        cmocka_unit_test(test_ssh_signature__refuses_more_than_the_limit),
        cmocka_unit_test(test_ssh_signature__refuses_each_field_out_of_form),
        cmocka_unit_test(test_ssh_signature__refuses_sha1_even_when_the_signature_fits),
        cmocka_unit_test(test_ssh_signature__refuses_an_empty_namespace_even_when_it_fits),
        cmocka_unit_test(test_ssh_signature__ignores_the_reserved_field),
        cmocka_unit_test(test_ssh_signature__refuses_huge_lengths),
        cmocka_unit_test(test_ssh_signature__refuses_keys_that_are_not_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
