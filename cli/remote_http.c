// One POST to a server.
#include "remote_http.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "archive/archive_spool.h"
#include "base/file.h"
#include "base/memory.h"
#include "remote_curl.h"

#define CONNECT_SECONDS 10L
#define SILENCE_SECONDS 150L // a server may wait a minute for its lock
#define TRIES 3
#define ANSWER_MAX_BYTES ((curl_off_t)6 << 30) // an archive of the largest artifact

static const char https[] = "https://";
static const char http[] = "http://";

void remote_http_release(struct remote_response *response)
{
    file_close(&response->fd);
}

bool remote_http_is_url(const char *text)
{
    return text && (strncmp(text, https, sizeof(https) - 1) == 0 ||
                    strncmp(text, http, sizeof(http) - 1) == 0);
}

static enum status invalid(const char *text, const char *why, struct error *err)
{
    error_set(err, STATUS_INVALID, "url_invalid", "'%.200s' %s", text, why);
    return error_hint(err, "write https://HOST or https://HOST:PORT");
}

// Names and addresses that never leave the machine.
static bool is_loopback(const char *host, size_t length)
{
    static const char *const names[] = { "localhost", "[::1]" };
    const char *colon = host[0] == '[' ? NULL : memchr(host, ':', length);
    const char *bracket = memchr(host, ']', length);
    size_t name_bytes = colon ? (size_t)(colon - host) : length;
    if (bracket)
        name_bytes = (size_t)(bracket - host) + 1;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strlen(names[i]) == name_bytes && memcmp(names[i], host, name_bytes) == 0)
            return true;
    return strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == name_bytes;
}

enum status remote_http_parse(struct remote_server *out, const char *text, struct error *err)
{
    bool is_plain = strncmp(text, http, sizeof(http) - 1) == 0;
    const char *host = text + (is_plain ? sizeof(http) : sizeof(https)) - 1;
    size_t length = strcspn(host, "/?#");
    if (length == 0 || memchr(host, '@', length) ||
        strspn(host + length, "/") != strlen(host + length))
        return invalid(text, "is not a server's address", err);
    if (is_plain && !is_loopback(host, length))
        return invalid(text, "would send the key where others can read it", err);
    length += (size_t)(host - text);
    if (length >= sizeof(out->url))
        return invalid(text, "is longer than an address can be", err);
    memcpy(out->url, text, length);
    out->url[length] = '\0';
    return STATUS_OK;
}

// What is sent, and how far it got.
struct sending {
    const struct remote_request *request;
    uint64_t sent_bytes;
};

static size_t give(char *out, size_t size, size_t count, void *context)
{
    struct sending *sending = context;
    const struct buffer *head = sending->request->head;
    size_t room = size * count;
    if (sending->sent_bytes < head->length) {
        size_t length = head->length - (size_t)sending->sent_bytes;
        length = length < room ? length : room;
        memcpy(out, head->bytes + sending->sent_bytes, length);
        sending->sent_bytes += length;
        return length;
    }
    if (sending->request->rest_fd < 0)
        return 0;
    ssize_t got =
        pread(sending->request->rest_fd, out, room, (off_t)(sending->sent_bytes - head->length));
    if (got < 0)
        return CURL_READFUNC_ABORT;
    sending->sent_bytes += (uint64_t)got;
    return (size_t)got;
}

static int begin_again(void *context, curl_off_t offset, int origin)
{
    struct sending *sending = context;
    if (origin != SEEK_SET || offset < 0)
        return CURL_SEEKFUNC_CANTSEEK;
    sending->sent_bytes = (uint64_t)offset;
    return CURL_SEEKFUNC_OK;
}

static size_t take(char *bytes, size_t size, size_t count, void *context)
{
    struct error unheard;
    const int *fd = context;
    return file_write_all(*fd, bytes, size * count, "the answer", &unheard) == STATUS_OK
               ? size * count
               : 0;
}

// A request being made. Starts as {0}.
struct transfer {
    struct remote_curl curl; // its functions; nothing is set up or freed before they are there
    CURL *handle;
    struct curl_slist *fields;
    char fault[CURL_ERROR_SIZE];
};

static void transfer_release(struct transfer *transfer)
{
    if (transfer->handle)
        transfer->curl.cleanup(transfer->handle);
    if (transfer->fields)
        transfer->curl.list_free(transfer->fields);
}

static enum status add_line(struct transfer *transfer, const char *line, struct error *err)
{
    struct curl_slist *longer = transfer->curl.list_append(transfer->fields, line);
    if (!longer)
        return error_no_memory(err);
    transfer->fields = longer;
    return STATUS_OK;
}

static enum status add_field(struct transfer *transfer, const char *name, const char *value,
                             struct error *err)
{
    struct buffer line OWNED(buffer_release) = { 0 };
    buffer_append_format(&line, "%s: %s", name, value);
    TRY(buffer_check(&line, err));
    return add_line(transfer, line.bytes, err);
}

static enum status add_fields(struct transfer *transfer, const struct remote_server *server,
                              const struct remote_request *request, struct error *err)
{
    struct buffer bearer OWNED(buffer_release) = { 0 };
    buffer_append_format(&bearer, "Bearer %s", server->key);
    TRY(buffer_check(&bearer, err));
    TRY(add_field(transfer, "Authorization", bearer.bytes, err));
    TRY(add_field(transfer, "Content-Type", request->content_type, err));
    TRY(add_field(transfer, "Idempotency-Key", request->request_key, err));
    TRY(add_field(transfer, "Accept", "application/json, multipart/mixed, application/problem+json",
                  err));
    return add_line(transfer, "Expect:", err); // no round trip before a body
}

static void set_up(struct transfer *transfer, const struct remote_server *server, const char *url,
                   struct sending *sending, struct remote_response *response)
{
    __typeof__(transfer->curl.set) set = transfer->curl.set;
    CURL *curl = transfer->handle;
    curl_off_t size = (curl_off_t)(sending->request->head->length + sending->request->rest_bytes);
    set(curl, CURLOPT_URL, url);
    set(curl, CURLOPT_HTTPHEADER, transfer->fields);
    set(curl, CURLOPT_NOSIGNAL, 1L);
    set(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    set(curl, CURLOPT_FOLLOWLOCATION, 0L); // a key goes where it was sent, nowhere else
    set(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    set(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (server->ca_path)
        set(curl, CURLOPT_CAINFO, server->ca_path);
    set(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
    set(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(curl, CURLOPT_LOW_SPEED_TIME, SILENCE_SECONDS);
    set(curl, CURLOPT_TIMEOUT_MS, (long)server->limit_ms);
    set(curl, CURLOPT_QUICK_EXIT, server->limit_ms ? 1L : 0L); // nor waits for a name's address
    set(curl, CURLOPT_MAXFILESIZE_LARGE, ANSWER_MAX_BYTES);
    set(curl, CURLOPT_ERRORBUFFER, transfer->fault);
    set(curl, CURLOPT_POST, 1L);
    set(curl, CURLOPT_POSTFIELDSIZE_LARGE, size);
    set(curl, CURLOPT_READFUNCTION, give);
    set(curl, CURLOPT_READDATA, sending);
    set(curl, CURLOPT_SEEKFUNCTION, begin_again);
    set(curl, CURLOPT_SEEKDATA, sending);
    set(curl, CURLOPT_WRITEFUNCTION, take);
    set(curl, CURLOPT_WRITEDATA, &response->fd);
}

static void note_answer(const struct transfer *transfer, struct remote_response *response)
{
    const char *type = NULL;
    transfer->curl.get(transfer->handle, CURLINFO_RESPONSE_CODE, &response->http_status);
    transfer->curl.get(transfer->handle, CURLINFO_CONTENT_TYPE, &type);
    snprintf(response->content_type, sizeof(response->content_type), "%s", type ? type : "");
}

static bool may_try_again(CURLcode code)
{
    return code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING ||
           code == CURLE_PARTIAL_FILE;
}

static enum status perform(struct transfer *transfer, struct sending *sending,
                           struct remote_response *response, const struct remote_server *server,
                           struct error *err)
{
    CURLcode code = CURLE_OK;
    for (int i = 0; i < (server->limit_ms ? 1 : TRIES); i++) {
        sending->sent_bytes = 0;
        if (ftruncate(response->fd, 0) != 0 || lseek(response->fd, 0, SEEK_SET) != 0)
            return error_errno(err, "cannot write", "the answer");
        code = transfer->curl.perform(transfer->handle);
        if (!may_try_again(code))
            break;
    }
    if (code == CURLE_OK) {
        note_answer(transfer, response);
        return STATUS_OK;
    }
    error_set(err, STATUS_IO, "server_unreachable", "%s: %s", server->url,
              transfer->fault[0] ? transfer->fault : transfer->curl.words_of(code));
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE)
        return error_hint(err,
                          "if its certificate is from an authority of your own, name that with "
                          "--ca FILE");
    return error_hint(err, "is greenroom running there, with --writable?");
}

enum status remote_http_post(struct remote_response *out, const struct remote_server *server,
                             const struct remote_request *request, struct error *err)
{
    struct transfer transfer OWNED(transfer_release) = { 0 };
    struct buffer url OWNED(buffer_release) = { 0 };
    struct sending sending = { .request = request };
    TRY(remote_curl_load(&transfer.curl, err));
    transfer.handle = transfer.curl.init();
    if (!transfer.handle)
        return error_no_memory(err);
    buffer_append_format(&url, "%s%s", server->url, request->path);
    TRY(buffer_check(&url, err));
    TRY(add_fields(&transfer, server, request, err));
    TRY(archive_spool_open_file(&out->fd, err));
    set_up(&transfer, server, url.bytes, &sending, out);
    return perform(&transfer, &sending, out, server, err);
}
