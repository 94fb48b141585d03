// The blob of an SSH public key, opened for verifying.
#include "trust/ssh_public_key.h"

#include <string.h>

#include <openssl/core_names.h>

#include "base/memory.h"

#define ED25519_BYTES 32
#define EC_UNCOMPRESSED 0x04 // the one point format that SSH uses (RFC 5656 section 3.1)
#define TYPE_SHOWN_BYTES 48  // of an unknown type's name, in a message

static const struct ssh_key_type types[] = {
    { .name = "ssh-ed25519", .family = SSH_KEY_ED25519 },
    { "ecdsa-sha2-nistp256", SSH_KEY_ECDSA, false, "nistp256", "P-256", 32 },
    { "ecdsa-sha2-nistp384", SSH_KEY_ECDSA, false, "nistp384", "P-384", 48 },
    { "ecdsa-sha2-nistp521", SSH_KEY_ECDSA, false, "nistp521", "P-521", SSH_ECDSA_MAX_FIELD_BYTES },
    { .name = "ssh-rsa", .family = SSH_KEY_RSA },
    { .name = "sk-ssh-ed25519@openssh.com", .family = SSH_KEY_ED25519, .security_key = true },
    { "sk-ecdsa-sha2-nistp256@openssh.com", SSH_KEY_ECDSA, true, "nistp256", "P-256", 32 },
};

// The encodings of Ed25519's eight points of small order, sign bit clear (RFC 7748 section 7 and
// RFC 8032 section 8 on why they matter): under such a key anybody's signature verifies.
static const uint8_t small_order[][ED25519_BYTES] = {
    { 0 },
    { 1 },
    { 0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
      0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
      0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05 },
    { 0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
      0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
      0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a },
    { 0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
    { 0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
    { 0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
};

// Types that people may well bring, and why they are refused.
static const struct {
    const char *part; // of the type's name
    const char *reason;
    const char *hint;
} unwanted_types[] = {
    { "-cert-v01@openssh.com", "certificates are not accepted",
      "use the plain public key (the .pub file without -cert)" },
    { "ssh-dss", "DSA keys are too weak", "make a new key: ssh-keygen -t ed25519" },
    { "-cert-v00@openssh.com", "certificates are not accepted",
      "use the plain public key (the .pub file without -cert)" },
};

// What libcrypto needs to make an RSA key.
struct rsa_parts {
    const struct crypto_numbers *crypto;
    BIGNUM *e;
    BIGNUM *n;
    OSSL_PARAM_BLD *builder;
    OSSL_PARAM *params;
};

static void rsa_parts_release(struct rsa_parts *parts)
{
    parts->crypto->OSSL_PARAM_free(parts->params);
    parts->crypto->OSSL_PARAM_BLD_free(parts->builder);
    parts->crypto->BN_free(parts->n);
    parts->crypto->BN_free(parts->e);
}

static enum status invalid(struct error *err, const char *what)
{
    return error_set(err, STATUS_INVALID, "ssh_key_invalid", "%s", what);
}

void ssh_public_key_release(struct ssh_public_key *key)
{
    if (key->pkey)
        key->crypto.EVP_PKEY_free(key->pkey);
    *key = (struct ssh_public_key) { 0 };
}

enum status ssh_public_key_find_type(const struct ssh_key_type **out, struct ssh_span name,
                                     struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (ssh_wire_is(name, types[i].name)) {
            *out = &types[i];
            return STATUS_OK;
        }
    char shown[TYPE_SHOWN_BYTES] = { 0 };
    for (size_t i = 0; i < name.length && i < sizeof(shown) - 1; i++)
        shown[i] = name.bytes[i] > ' ' && name.bytes[i] < 0x7F ? (char)name.bytes[i] : '?';
    for (size_t i = 0; i < COUNT_OF(unwanted_types); i++)
        if (strstr(shown, unwanted_types[i].part)) {
            error_set(err, STATUS_INVALID, "ssh_key_invalid", "key type '%s': %s", shown,
                      unwanted_types[i].reason);
            return error_hint(err, "%s", unwanted_types[i].hint);
        }
    error_set(err, STATUS_INVALID, "ssh_key_invalid", "key type '%s' is not known here", shown);
    return error_hint(err, "known are ssh-ed25519, ecdsa-sha2-nistp256, -nistp384 and -nistp521, "
                           "ssh-rsa, sk-ssh-ed25519@openssh.com and "
                           "sk-ecdsa-sha2-nistp256@openssh.com");
}

static enum status load_from_params(struct ssh_public_key *key, const struct crypto_numbers *crypto,
                                    const char *algorithm, OSSL_PARAM *params, const char *refusal,
                                    struct error *err)
{
    EVP_PKEY_CTX *context = crypto->EVP_PKEY_CTX_new_from_name(NULL, algorithm, NULL);
    if (!context)
        return error_no_memory(err);
    bool made = crypto->EVP_PKEY_fromdata_init(context) == 1 &&
                crypto->EVP_PKEY_fromdata(context, &key->pkey, EVP_PKEY_PUBLIC_KEY, params) == 1;
    crypto->EVP_PKEY_CTX_free(context);
    if (made)
        return STATUS_OK;
    key->crypto.ERR_clear_error();
    return invalid(err, refusal);
}

static enum status load_ed25519(struct ssh_public_key *key, struct ssh_wire *wire,
                                struct error *err)
{
    struct ssh_span point = ssh_wire_string(wire);
    if (point.length != ED25519_BYTES)
        return invalid(err, "an Ed25519 key must be 32 bytes long");
    uint8_t unsigned_point[ED25519_BYTES];
    memcpy(unsigned_point, point.bytes, sizeof(unsigned_point));
    unsigned_point[ED25519_BYTES - 1] &= 0x7F;
    for (size_t i = 0; i < COUNT_OF(small_order); i++)
        if (memcmp(unsigned_point, small_order[i], ED25519_BYTES) == 0)
            return invalid(err, "this Ed25519 key is one under which anybody could sign");
    key->pkey = key->crypto.EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, point.bytes,
                                                           point.length);
    return key->pkey ? STATUS_OK : error_no_memory(err);
}

static enum status load_ecdsa(struct ssh_public_key *key, struct ssh_wire *wire, struct error *err)
{
    struct ssh_span curve = ssh_wire_string(wire);
    struct ssh_span point = ssh_wire_string(wire);
    if (!ssh_wire_is(curve, key->type->curve))
        return invalid(err, "the key's curve is not the one that its type names");
    if (point.length != 1 + 2 * key->type->field_bytes || point.bytes[0] != EC_UNCOMPRESSED)
        return invalid(err, "the key's point is not an uncompressed point of its curve's size");
    struct crypto_numbers crypto;
    TRY(crypto_library_load_numbers(&crypto, err));
    // libcrypto takes both as writable, and only reads them.
    OSSL_PARAM params[] = {
        crypto.OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
                                                (char *)key->type->group, 0),
        crypto.OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (uint8_t *)point.bytes,
                                                 point.length),
        crypto.OSSL_PARAM_construct_end(),
    };
    return load_from_params(key, &crypto, "EC", params, "the key's point is not on its curve", err);
}

static enum status check_rsa(struct ssh_span exponent, const struct rsa_parts *parts,
                             struct error *err)
{
    const struct crypto_numbers *crypto = parts->crypto;
    int bits = crypto->BN_num_bits(parts->n);
    if (bits < SSH_RSA_MIN_BITS) {
        error_set(err, STATUS_INVALID, "ssh_key_invalid",
                  "an RSA key of %d bits is too weak: at least %d are needed", bits,
                  SSH_RSA_MIN_BITS);
        return error_hint(err, "make a new key: ssh-keygen -t ed25519");
    }
    if (bits > SSH_RSA_MAX_BITS)
        return invalid(err, "an RSA key of more than 16384 bits is not accepted");
    if (exponent.length > SSH_RSA_MAX_EXPONENT_BYTES)
        return invalid(err, "an RSA exponent of more than 64 bits is not accepted");
    if (!crypto->BN_is_odd(parts->n) || !crypto->BN_is_odd(parts->e) || crypto->BN_is_one(parts->e))
        return invalid(err, "the numbers in this RSA key are not those of an RSA key");
    return STATUS_OK;
}

static enum status load_rsa(struct ssh_public_key *key, struct ssh_wire *wire, struct error *err)
{
    struct ssh_span exponent = ssh_wire_natural(wire);
    struct ssh_span modulus = ssh_wire_natural(wire);
    if (wire->bad)
        return invalid(err, "the numbers in this RSA key are cut short or not in shortest form");
    struct crypto_numbers crypto;
    TRY(crypto_library_load_numbers(&crypto, err));
    struct rsa_parts parts OWNED(rsa_parts_release) = {
        .crypto = &crypto,
        .e = crypto.BN_bin2bn(exponent.bytes, (int)exponent.length, NULL),
        .n = crypto.BN_bin2bn(modulus.bytes, (int)modulus.length, NULL),
        .builder = crypto.OSSL_PARAM_BLD_new(),
    };
    if (!parts.e || !parts.n || !parts.builder)
        return error_no_memory(err);
    TRY(check_rsa(exponent, &parts, err));
    if (!crypto.OSSL_PARAM_BLD_push_BN(parts.builder, OSSL_PKEY_PARAM_RSA_N, parts.n) ||
        !crypto.OSSL_PARAM_BLD_push_BN(parts.builder, OSSL_PKEY_PARAM_RSA_E, parts.e))
        return error_no_memory(err);
    parts.params = crypto.OSSL_PARAM_BLD_to_param(parts.builder);
    if (!parts.params)
        return error_no_memory(err);
    return load_from_params(key, &crypto, "RSA", parts.params, "libcrypto refuses this RSA key",
                            err);
}

static enum status load_application(struct ssh_public_key *key, struct ssh_wire *wire,
                                    struct error *err)
{
    key->application = ssh_wire_string(wire);
    if (key->application.length > SSH_KEY_MAX_APPLICATION_BYTES ||
        memchr(key->application.bytes, '\0', key->application.length))
        return invalid(err, "the security key's application is not a text of 255 bytes at most");
    return STATUS_OK;
}

enum status ssh_public_key_load(struct ssh_public_key *out, struct ssh_span blob, struct error *err)
{
    static enum status (*const loaders[])(struct ssh_public_key *, struct ssh_wire *,
                                          struct error *) = {
        [SSH_KEY_ED25519] = load_ed25519,
        [SSH_KEY_ECDSA] = load_ecdsa,
        [SSH_KEY_RSA] = load_rsa,
    };
    struct ssh_public_key key OWNED(ssh_public_key_release) = { 0 };
    struct ssh_wire wire = ssh_wire_over(blob);
    struct ssh_span name = ssh_wire_string(&wire);
    if (wire.bad)
        return invalid(err, "the key is cut short: it does not even hold its type");
    TRY(ssh_public_key_find_type(&key.type, name, err));
    TRY(crypto_library_load(&key.crypto, err));
    TRY(loaders[key.type->family](&key, &wire, err));
    if (key.type->security_key)
        TRY(load_application(&key, &wire, err));
    if (wire.bad)
        return invalid(err, "the key is cut short");
    if (wire.left > 0)
        return invalid(err, "there are bytes after the end of the key");
    *out = key;
    key.pkey = NULL;
    return STATUS_OK;
}
