// Words near a candidate.
#include "check/pii_context.h"

#include <ctype.h>
#include <string.h>

static bool is_letter(char c)
{
    return isalpha((unsigned char)c) != 0;
}

// Whether [at, at + length) of the window is a word there, in its own letters.
static bool stands_alone(const char *window, size_t size, size_t at, size_t length, bool prefix)
{
    if (!is_letter(window[at]))
        return true; // scripts without spaces have no word ends to look for
    if (at > 0 && is_letter(window[at - 1]) &&
        !(islower((unsigned char)window[at - 1]) && isupper((unsigned char)window[at])))
        return false;
    return prefix || at + length == size || !is_letter(window[at + length]);
}

static bool holds_word(const char *window, const char *lower, size_t size, const char *word)
{
    size_t length = strlen(word);
    bool prefix = length > 1 && word[length - 1] == '*';
    length -= prefix;
    for (size_t from = 0; from + length <= size;) {
        const char *found = memmem(lower + from, size - from, word, length);
        if (!found)
            return false;
        size_t at = (size_t)(found - lower);
        if (stands_alone(window, size, at, length, prefix))
            return true;
        from = at + 1;
    }
    return false;
}

bool pii_context_holds(const struct json *words, const char *window, size_t size)
{
    char lower[PII_CONTEXT_MAX_WINDOW];
    if (size > sizeof(lower))
        size = sizeof(lower);
    for (size_t i = 0; i < size; i++)
        lower[i] = (char)tolower((unsigned char)window[i]);
    for (const struct json *word = json_first(words); word; word = json_next(word))
        if (holds_word(window, lower, size, json_string(word)))
            return true;
    return false;
}

bool pii_context_before(const struct json *words, const char *text, size_t begin, size_t size)
{
    size_t from = begin > size ? begin - size : 0;
    for (size_t i = begin; i > from + 1; i--)
        if (text[i - 1] == '\n' && text[i - 2] == '\n')
            from = i;
    return pii_context_holds(words, text + from, begin - from);
}
