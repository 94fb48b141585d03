// From a bearer token's SHA-256 to the key it belongs to, as one commit of `control` has them.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "artifact/digest.h"
#include "base/error.h"
#include "release/control.h"

// Immutable once made; any number of readers. Borrows the control it was made from.
struct key_table;

enum status key_table_new(struct key_table **out, const struct control *control, struct error *err);
void key_table_free(struct key_table *table);

// NULL when no key has that digest. Compares in constant time; where the search begins depends on
// the digest alone, which nobody can choose without having the key.
const struct control_key *key_table_find(const struct key_table *table,
                                         const struct digest *digest);
