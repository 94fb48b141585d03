// TLS on a connection's socket.
#include "tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "transport.h"

#define MAX_KEY_FILE_BYTES (64U << 10) // the longest RSA keys in use take a few kilobytes
// For TLS 1.2: forward secrecy and authenticated encryption only. Those of 1.3 are all like that.
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"

struct tls {
    char *certificate_path;
    char *key_path;
    char *client_ca_path;
    pthread_mutex_t lock; // over the next
    SSL_CTX *context;
};

static void release_context(SSL_CTX **context)
{
    SSL_CTX_free(*context);
}

static void release_key(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void release_bio(BIO **bio)
{
    BIO_free(*bio);
}

// OpenSSL's own words for what went wrong, which say more than we could.
static enum status invalid(const char *what, const char *path, struct error *err)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    error_set(err, STATUS_INVALID, "tls_invalid", "%s '%s' cannot be used: %s", what, path,
              reason ? reason : "it holds nothing of that kind");
    ERR_clear_error();
    return STATUS_INVALID;
}

static enum status read_key_file(struct buffer *out, const char *path, struct error *err)
{
    struct stat status;
    if (stat(path, &status) == 0 && (status.st_mode & (S_IROTH | S_IWOTH | S_IWGRP))) {
        error_set(err, STATUS_REFUSED, "tls_key_exposed", "others may read or change the key '%s'",
                  path);
        return error_hint(err, "chmod 600 '%s', or 640 for a group of its own", path);
    }
    return file_read(out, path, MAX_KEY_FILE_BYTES, err);
}

static enum status use_key(SSL_CTX *context, const char *path, struct error *err)
{
    struct buffer text OWNED(buffer_release) = { 0 };
    EVP_PKEY *key OWNED(release_key) = NULL;
    TRY(read_key_file(&text, path, err));
    BIO *bio OWNED(release_bio) = BIO_new_mem_buf(buffer_text(&text), (int)text.length);
    // An empty passphrase: a server cannot be asked for one.
    key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)"") : NULL;
    if (text.length > 0)
        OPENSSL_cleanse(text.bytes, text.length);
    if (!key || SSL_CTX_use_PrivateKey(context, key) != 1)
        return invalid("the key", path, err);
    return STATUS_OK;
}

static enum status use_certificate(SSL_CTX *context, const char *path, struct error *err)
{
    if (access(path, R_OK) != 0)
        return error_errno(err, "cannot read", path);
    if (SSL_CTX_use_certificate_chain_file(context, path) != 1)
        return invalid("the certificate", path, err);
    return STATUS_OK;
}

static enum status use_client_ca(SSL_CTX *context, const char *path, struct error *err)
{
    if (!path)
        return STATUS_OK;
    if (access(path, R_OK) != 0)
        return error_errno(err, "cannot read", path);
    STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(path);
    if (!names || SSL_CTX_load_verify_locations(context, path, NULL) != 1) {
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        return invalid("the issuer of callers' certificates", path, err);
    }
    SSL_CTX_set_client_CA_list(context, names);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    return STATUS_OK;
}

// Who asks by ALPN for other protocols only has come to the wrong place.
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_bytes,
                           const unsigned char *offered, unsigned offered_bytes, void *context)
{
    static const unsigned char ours[] = "\x08http/1.1";
    (void)ssl, (void)context;
    unsigned char *chosen;
    if (SSL_select_next_proto(&chosen, out_bytes, ours, sizeof(ours) - 1, offered, offered_bytes) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static enum status make_context(SSL_CTX **out, const struct tls *tls, struct error *err)
{
    static const unsigned char session_scope[] = "greenroom";
    SSL_CTX *context OWNED(release_context) = SSL_CTX_new(TLS_server_method());
    if (!context || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(context, CIPHERS) != 1 ||
        SSL_CTX_set_session_id_context(context, session_scope, sizeof(session_scope) - 1) != 1)
        return error_no_memory(err);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    // Writing anew after a wait may happen from another place in memory.
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(context, 1); // a record in one call instead of two
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
    TRY(use_certificate(context, tls->certificate_path, err));
    TRY(use_key(context, tls->key_path, err));
    TRY(use_client_ca(context, tls->client_ca_path, err));
    if (SSL_CTX_check_private_key(context) != 1)
        return invalid("the key, with its certificate,", tls->key_path, err);
    *out = context;
    context = NULL;
    return STATUS_OK;
}

enum status tls_reload(struct tls *tls, struct error *err)
{
    SSL_CTX *fresh = NULL;
    TRY(make_context(&fresh, tls, err));
    pthread_mutex_lock(&tls->lock);
    SSL_CTX *stale = tls->context;
    tls->context = fresh;
    pthread_mutex_unlock(&tls->lock);
    SSL_CTX_free(stale); // once its last session has ended
    return STATUS_OK;
}

enum status tls_open(struct tls **out, const struct tls_plan *plan, struct error *err)
{
    struct tls *tls OWNED(tls_release) = NULL;
    TRY(memory_new(&tls, 1, sizeof(*tls), err));
    pthread_mutex_init(&tls->lock, NULL);
    TRY(memory_copy_string(&tls->certificate_path, plan->certificate_path, err));
    TRY(memory_copy_string(&tls->key_path, plan->key_path, err));
    if (plan->client_ca_path)
        TRY(memory_copy_string(&tls->client_ca_path, plan->client_ca_path, err));
    TRY(tls_reload(tls, err));
    *out = MOVE(tls);
    return STATUS_OK;
}

void tls_release(struct tls **tls)
{
    if (!*tls)
        return;
    SSL_CTX_free((*tls)->context);
    pthread_mutex_destroy(&(*tls)->lock);
    free((*tls)->certificate_path);
    free((*tls)->key_path);
    free((*tls)->client_ca_path);
    free(*tls);
    *tls = NULL;
}

struct tls_session *tls_begin(struct tls *tls, int fd)
{
    pthread_mutex_lock(&tls->lock);
    SSL *ssl = SSL_new(tls->context);
    pthread_mutex_unlock(&tls->lock);
    if (ssl && SSL_set_fd(ssl, fd) != 1) {
        SSL_free(ssl);
        ssl = NULL;
    }
    if (ssl)
        SSL_set_accept_state(ssl);
    return (struct tls_session *)ssl;
}

void tls_end(struct tls_session *session)
{
    SSL_free((SSL *)session);
}

bool tls_is_ready(const struct tls_session *session)
{
    return SSL_is_init_finished((const SSL *)session);
}

static ssize_t outcome(SSL *ssl, int result)
{
    switch (SSL_get_error(ssl, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return TRANSPORT_WAIT;
    case SSL_ERROR_ZERO_RETURN:
        return TRANSPORT_END;
    default:
        return TRANSPORT_LOST;
    }
}

ssize_t tls_read(struct tls_session *session, void *out, size_t room)
{
    SSL *ssl = (SSL *)session;
    size_t got;
    ERR_clear_error(); // the thread's queue: what another session left there is not ours
    int result = SSL_read_ex(ssl, out, room, &got);
    return result == 1 ? (ssize_t)got : outcome(ssl, result);
}

ssize_t tls_write(struct tls_session *session, const void *bytes, size_t length)
{
    SSL *ssl = (SSL *)session;
    size_t sent;
    ERR_clear_error();
    int result = SSL_write_ex(ssl, bytes, length, &sent);
    ssize_t came_to = result == 1 ? (ssize_t)sent : outcome(ssl, result);
    return came_to == TRANSPORT_END ? TRANSPORT_LOST : came_to;
}

void tls_shut(struct tls_session *session)
{
    SSL *ssl = (SSL *)session;
    ERR_clear_error();
    if (SSL_is_init_finished(ssl))
        (void)SSL_shutdown(ssl); // theirs need not be waited for
    ERR_clear_error();
}
