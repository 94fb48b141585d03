// Whether two ways of naming somebody mean the same person.
#include "release/person.h"

#include <string.h>
#include <strings.h>

static bool equals(const char *text, size_t length, const char *word)
{
    while (length > 0 && text[length - 1] == ' ')
        length--;
    return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

bool person_is_named(const char *author, const char *principal)
{
    const char *open = strchr(author, '<');
    if (equals(author, strlen(author), principal))
        return true;
    if (!open)
        return false;
    return equals(author, (size_t)(open - author), principal) ||
           equals(open + 1, strcspn(open + 1, ">"), principal);
}

bool person_is_signer(const struct allowed_signers *approvers, const struct ssh_key *key,
                      const char *author)
{
    for (size_t i = 0; i < approvers->count; i++) {
        const struct allowed_signer *signer = &approvers->items[i];
        if (ssh_key_equal(signer->key, key) && person_is_named(author, signer->name))
            return true;
    }
    return false;
}
