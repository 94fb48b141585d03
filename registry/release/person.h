// Whether two ways of naming somebody mean the same person: nobody approves what they wrote.
#pragma once

#include <stdbool.h>

#include "trust/allowed_signers.h"

// Whether `principal` ("approver@example.com", "approver") is meant by `author` ("Lead
// <lead@example.com>"): equal to the whole, to the name or to the email, letter case apart.
bool person_is_named(const char *author, const char *principal);

// Whether any principal that ever stood for this key is the author: a second name for the same key
// is the same person.
bool person_is_signer(const struct allowed_signers *approvers, const struct ssh_key *key,
                      const char *author);
