// The key for a server.
#include "remote_key.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"

#define CREDENTIALS_MAX_BYTES (256U << 10) // a thousand servers
#define CREDENTIALS_PATH ".config/greenroom/credentials"

static enum status find_path(char **out, struct error *err)
{
    const char *named = getenv("GREENROOM_CREDENTIALS");
    const char *home = getenv("HOME");
    if (named && *named)
        return memory_copy_string(out, named, err);
    return file_join(out, home && *home ? home : "/", CREDENTIALS_PATH, err);
}

// A key that others can read is no secret any more.
static enum status check_mode(const char *path, struct error *err)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return error_errno(err, "cannot read", path);
    if ((status.st_mode & 077) == 0 && status.st_uid == geteuid())
        return STATUS_OK;
    error_set(err, STATUS_REFUSED, "credentials_open", "%s can be read by others", path);
    return error_hint(err, "chmod 600 %s, and make new keys if somebody may have read these", path);
}

// The word at *at, and *at behind it and its blanks.
static size_t take_word(const char **word, const char **at)
{
    *at += strspn(*at, " \t");
    *word = *at;
    size_t length = strcspn(*at, " \t\r\n");
    *at += length;
    return length;
}

static bool is_same_server(const char *word, size_t length, const char *url)
{
    while (length > 0 && word[length - 1] == '/')
        length--;
    return strlen(url) == length && memcmp(word, url, length) == 0;
}

static enum status find_line(char **out, const char *text, const char *url, struct error *err)
{
    for (const char *at = text; *at;) {
        const char *address;
        const char *key;
        size_t address_bytes = take_word(&address, &at);
        size_t key_bytes = take_word(&key, &at);
        at += strcspn(at, "\n");
        at += *at == '\n';
        if (key_bytes > 0 && is_same_server(address, address_bytes, url))
            return memory_copy_bytes(out, key, key_bytes, err);
    }
    return STATUS_OK;
}

static enum status missing(const char *url, const char *path, bool is_main, struct error *err)
{
    error_set(err, STATUS_UNAUTHENTICATED, "key_missing", "there is no key for %s", url);
    return error_hint(err, "put a line '%s KEY' into %s%s", url, path,
                      is_main ? ", or the key into GREENROOM_KEY" : "");
}

enum status remote_key_find(char **out, const char *url, bool is_main, struct error *err)
{
    const char *given = is_main ? getenv("GREENROOM_KEY") : NULL;
    char *path OWNED(memory_release) = NULL;
    struct buffer text OWNED(buffer_release) = { 0 };
    if (given && *given)
        return memory_copy_string(out, given, err);
    TRY(find_path(&path, err));
    if (!file_exists(path))
        return missing(url, path, is_main, err);
    TRY(check_mode(path, err));
    TRY(file_read(&text, path, CREDENTIALS_MAX_BYTES, err));
    TRY(find_line(out, buffer_text(&text), url, err));
    return *out ? STATUS_OK : missing(url, path, is_main, err);
}
