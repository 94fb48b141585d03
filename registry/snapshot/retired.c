// Things that wait to be let go.
#include "snapshot/retired.h"

#include <stdlib.h>

#include "base/memory.h"

enum status retired_add(struct retired *retired, void *object, void (*dispose)(void *object),
                        struct error *err)
{
    TRY(memory_grow(&retired->items, retired->count, &retired->capacity, sizeof(*retired->items),
                    err));
    retired->items[retired->count++] = (struct retired_item) { object, dispose };
    return STATUS_OK;
}

enum status retired_take_over(struct retired *retired, struct retired *from, struct error *err)
{
    for (size_t i = 0; i < from->count; i++) {
        enum status status =
            retired_add(retired, from->items[i].object, from->items[i].dispose, err);
        if (status != STATUS_OK) {
            retired->count -= i;
            return status;
        }
    }
    retired_forget(from);
    return STATUS_OK;
}

void retired_dispose(struct retired *retired)
{
    while (retired->count > 0) {
        struct retired_item *item = &retired->items[--retired->count];
        item->dispose(item->object);
    }
    retired_forget(retired);
}

void retired_forget(struct retired *retired)
{
    free(retired->items);
    *retired = (struct retired) { 0 };
}
