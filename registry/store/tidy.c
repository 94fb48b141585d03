// Keeps a store tidy (being written).
#include "store/tidy.h"

enum status tidy_leftovers(struct store *store, struct error *err)
{
    (void)store, (void)err;
    return STATUS_OK;
}

enum status tidy_packs(struct store *store, struct error *err)
{
    (void)store, (void)err;
    return STATUS_OK;
}

enum status tidy_refs(struct store *store, struct error *err)
{
    (void)store, (void)err;
    return STATUS_OK;
}
