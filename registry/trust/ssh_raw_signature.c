// The innermost signature of SSHSIG: a format's name and its bytes, over some data, by one key.
#include "trust/ssh_raw_signature.h"

#include <string.h>

#include "base/memory.h"
#include "trust/hash.h"

#define USER_PRESENT 0x01 // flag in an authenticator's answer (PROTOCOL.u2f)
#define RSA_MAX_BYTES (SSH_RSA_MAX_BITS / 8)
#define ECDSA_MAX_DER_BYTES (2 * (SSH_ECDSA_MAX_FIELD_BYTES + 3) + 4)

struct signature_format {
    const char *name;
    const char *key_type;
    const char *digest; // NULL: the algorithm hashes by itself
};

static const struct signature_format formats[] = {
    { "ssh-ed25519", "ssh-ed25519", NULL },
    { "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", "SHA256" },
    { "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384", "SHA384" },
    { "ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521", "SHA512" },
    { "rsa-sha2-256", "ssh-rsa", "SHA256" },
    { "rsa-sha2-512", "ssh-rsa", "SHA512" },
    { "sk-ssh-ed25519@openssh.com", "sk-ssh-ed25519@openssh.com", NULL },
    { "sk-ecdsa-sha2-nistp256@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com", "SHA256" },
};

static enum status refused(struct error *err, const char *why)
{
    return error_set(err, STATUS_REFUSED, "signature_invalid", "%s", why);
}

static enum status find_format(const struct signature_format **out, const char *key_type,
                               struct ssh_span name, struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(formats); i++)
        if (ssh_wire_is(name, formats[i].name) && strcmp(formats[i].key_type, key_type) == 0) {
            *out = &formats[i];
            return STATUS_OK;
        }
    if (ssh_wire_is(name, "ssh-rsa")) {
        refused(err, "the signature uses SHA-1 (format ssh-rsa)");
        return error_hint(err, "sign with rsa-sha2-512; a current ssh-keygen or agent does");
    }
    return error_set(err, STATUS_REFUSED, "signature_invalid",
                     "the signature's format is not one that a key of type %s makes", key_type);
}

// The one place where libcrypto decides. `bytes` are in the form that it wants.
static enum status verify_bytes(const struct ssh_public_key *key, const char *digest,
                                struct ssh_span bytes, struct ssh_span data, struct error *err)
{
    const struct crypto_library *crypto = &key->crypto;
    EVP_MD_CTX *context = crypto->EVP_MD_CTX_new();
    if (!context)
        return error_no_memory(err);
    bool known =
        crypto->EVP_DigestVerifyInit_ex(context, NULL, digest, NULL, NULL, key->pkey, NULL) == 1;
    bool fits = known && crypto->EVP_DigestVerify(context, bytes.bytes, bytes.length, data.bytes,
                                                  data.length) == 1;
    crypto->EVP_MD_CTX_free(context);
    if (fits)
        return STATUS_OK;
    crypto->ERR_clear_error();
    if (!known) {
        error_set(err, STATUS_IO, "algorithm_missing",
                  "libcrypto cannot verify with a key of type %s", key->type->name);
        return error_hint(err, "check openssl.cnf: the default (or FIPS) provider must be loaded");
    }
    return refused(err, "the signature does not fit what it should be over");
}

static enum status verify_ed25519(const struct ssh_public_key *key, const char *digest,
                                  struct ssh_span bytes, struct ssh_span data, struct error *err)
{
    return verify_bytes(key, digest, bytes, data, err);
}

// The DER of the two numbers.
static enum status encode_numbers(uint8_t out[ECDSA_MAX_DER_BYTES], size_t *out_length,
                                  struct ssh_span r, struct ssh_span s, struct error *err)
{
    struct crypto_numbers crypto;
    TRY(crypto_library_load_numbers(&crypto, err));
    ECDSA_SIG *numbers = crypto.ECDSA_SIG_new();
    BIGNUM *r_number = crypto.BN_bin2bn(r.bytes, (int)r.length, NULL);
    BIGNUM *s_number = crypto.BN_bin2bn(s.bytes, (int)s.length, NULL);
    if (!numbers || !crypto.ECDSA_SIG_set0(numbers, r_number, s_number)) { // one of them is NULL
        crypto.BN_free(r_number);
        crypto.BN_free(s_number);
        crypto.ECDSA_SIG_free(numbers);
        return error_no_memory(err);
    }
    int length = crypto.i2d_ECDSA_SIG(numbers, NULL);
    bool fits = length <= ECDSA_MAX_DER_BYTES;
    if (fits)
        length = crypto.i2d_ECDSA_SIG(numbers, &out);
    crypto.ECDSA_SIG_free(numbers);
    if (!fits)
        return refused(err, "the signature's two numbers are too large");
    if (length < 0)
        return error_no_memory(err);
    *out_length = (size_t)length;
    return STATUS_OK;
}

// SSH says (mpint r, mpint s), libcrypto the DER of the same two numbers.
static enum status verify_ecdsa(const struct ssh_public_key *key, const char *digest,
                                struct ssh_span bytes, struct ssh_span data, struct error *err)
{
    struct ssh_wire wire = ssh_wire_over(bytes);
    struct ssh_span r = ssh_wire_natural(&wire);
    struct ssh_span s = ssh_wire_natural(&wire);
    size_t limit = key->type->field_bytes;
    if (!ssh_wire_ended(&wire) || r.length > limit || s.length > limit)
        return refused(err, "the signature's two numbers are not of the form or size they must be");
    uint8_t der[ECDSA_MAX_DER_BYTES];
    size_t length = 0;
    TRY(encode_numbers(der, &length, r, s, err));
    return verify_bytes(key, digest, (struct ssh_span) { der, length }, data, err);
}

// Some signers strip leading zero bytes (RFC 8332 section 3 and OpenSSH allow for it); libcrypto
// wants them back.
static enum status verify_rsa(const struct ssh_public_key *key, const char *digest,
                              struct ssh_span bytes, struct ssh_span data, struct error *err)
{
    struct crypto_numbers crypto;
    TRY(crypto_library_load_numbers(&crypto, err));
    uint8_t padded[RSA_MAX_BYTES] = { 0 };
    size_t modulus_bytes = (size_t)crypto.EVP_PKEY_get_size(key->pkey);
    if (bytes.length > modulus_bytes || modulus_bytes > sizeof(padded))
        return refused(err, "the signature is longer than the RSA key that made it");
    memcpy(padded + modulus_bytes - bytes.length, bytes.bytes, bytes.length);
    return verify_bytes(key, digest, (struct ssh_span) { padded, modulus_bytes }, data, err);
}

static enum status verify_by_family(const struct ssh_public_key *key, const char *digest,
                                    struct ssh_span bytes, struct ssh_span data, struct error *err)
{
    static enum status (*const verifiers[])(const struct ssh_public_key *, const char *,
                                            struct ssh_span, struct ssh_span, struct error *) = {
        [SSH_KEY_ED25519] = verify_ed25519,
        [SSH_KEY_ECDSA] = verify_ecdsa,
        [SSH_KEY_RSA] = verify_rsa,
    };
    return verifiers[key->type->family](key, digest, bytes, data, err);
}

// What an authenticator signs: the application's hash, the flags, the counter, the data's hash.
static enum status verify_security_key(const struct ssh_public_key *key, const char *digest,
                                       struct ssh_span bytes, struct ssh_span flags_and_counter,
                                       struct ssh_span data, struct error *err)
{
    if ((flags_and_counter.bytes[0] & USER_PRESENT) == 0) {
        refused(err, "the security key signed without anybody touching it");
        return error_hint(err, "use a key that was not made with -O no-touch-required");
    }
    struct digest application;
    struct digest message;
    TRY(hash_bytes(&application, key->application.bytes, key->application.length, err));
    TRY(hash_bytes(&message, data.bytes, data.length, err));
    struct buffer answer OWNED(buffer_release) = { 0 };
    buffer_append(&answer, application.bytes, sizeof(application.bytes));
    buffer_append(&answer, flags_and_counter.bytes, flags_and_counter.length);
    buffer_append(&answer, message.bytes, sizeof(message.bytes));
    TRY(buffer_check(&answer, err));
    struct ssh_span signed_answer = { (const uint8_t *)answer.bytes, answer.length };
    return verify_by_family(key, digest, bytes, signed_answer, err);
}

enum status ssh_raw_signature_verify(const struct ssh_public_key *key, struct ssh_span signature,
                                     struct ssh_span data, struct error *err)
{
    struct ssh_wire wire = ssh_wire_over(signature);
    struct ssh_span name = ssh_wire_string(&wire);
    struct ssh_span bytes = ssh_wire_string(&wire);
    if (wire.bad)
        return refused(err, "the signature is cut short");
    const struct signature_format *format = NULL;
    TRY(find_format(&format, key->type->name, name, err));
    struct ssh_span flags_and_counter = { 0 };
    if (key->type->security_key)
        flags_and_counter = ssh_wire_take(&wire, 5);
    if (!ssh_wire_ended(&wire))
        return refused(err, "the signature is cut short, or bytes follow its end");
    if (!key->type->security_key)
        return verify_by_family(key, format->digest, bytes, data, err);
    return verify_security_key(key, format->digest, bytes, flags_and_counter, data, err);
}
