// From a bearer token's SHA-256 to the key it belongs to.
#include "snapshot/key_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "trust/access_key.h"

#define MIN_PLACES 16

struct key_table {
    size_t places; // a power of two, at most half of them taken
    const struct control_key *keys[];
};

static size_t first_place(const struct key_table *table, const struct digest *digest)
{
    uint64_t word;
    memcpy(&word, digest->bytes, sizeof(word));
    return (size_t)word & (table->places - 1);
}

enum status key_table_new(struct key_table **out, const struct control *control, struct error *err)
{
    struct key_table *table = NULL;
    size_t places = MIN_PLACES;
    while (places < 2 * control->key_count)
        places *= 2;
    TRY(memory_new(&table, 1, sizeof(*table) + places * sizeof(table->keys[0]), err));
    table->places = places;
    for (size_t i = 0; i < control->key_count; i++) {
        size_t place = first_place(table, &control->keys[i].digest);
        while (table->keys[place])
            place = (place + 1) & (places - 1);
        table->keys[place] = &control->keys[i];
    }
    *out = table;
    return STATUS_OK;
}

void key_table_free(struct key_table *table)
{
    free(table);
}

const struct control_key *key_table_find(const struct key_table *table, const struct digest *digest)
{
    size_t place = first_place(table, digest);
    while (table->keys[place] && !access_key_digest_equal(&table->keys[place]->digest, digest))
        place = (place + 1) & (table->places - 1);
    return table->keys[place];
}
