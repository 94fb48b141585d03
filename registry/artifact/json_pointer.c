// JSON pointers, one reference token at a time.
#include "artifact/json_pointer.h"

#include <string.h>

#define MAX_INDEX_DIGITS 9

bool json_pointer_next(struct json_pointer_token *out, const char **pointer)
{
    if (**pointer != '/')
        return false;
    out->text = *pointer + 1;
    out->length = strcspn(out->text, "/");
    *pointer = out->text + out->length;
    return true;
}

bool json_pointer_is_key(const struct json_pointer_token *token, const char *key)
{
    const char *end = token->text + token->length;
    for (const char *at = token->text; at < end; at++, key++) {
        char c = *at;
        if (c == '~') {
            if (++at == end || (*at != '0' && *at != '1'))
                return false;
            c = *at == '0' ? '~' : '/';
        }
        if (*key != c)
            return false;
    }
    return *key == '\0';
}

bool json_pointer_index(const struct json_pointer_token *token, size_t *out)
{
    if (token->length == 0 || token->length > MAX_INDEX_DIGITS ||
        (token->length > 1 && token->text[0] == '0'))
        return false;
    size_t index = 0;
    for (size_t i = 0; i < token->length; i++) {
        if (token->text[i] < '0' || token->text[i] > '9')
            return false;
        index = index * 10 + (size_t)(token->text[i] - '0');
    }
    *out = index;
    return true;
}

void json_pointer_append_key(struct buffer *out, const char *key)
{
    buffer_append_byte(out, '/');
    for (; *key; key++)
        if (*key == '~' || *key == '/')
            buffer_append_text(out, *key == '~' ? "~0" : "~1");
        else
            buffer_append_byte(out, *key);
}
