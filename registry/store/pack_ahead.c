// A pack that is made while its writer goes on.
#include "store/pack_ahead.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/pack.h"

struct pack_ahead {
    struct store *store;
    struct pending_object *objects; // a copy: the writer's list moves when it grows
    size_t count;
    pthread_t thread;
    bool is_running;
    atomic_bool is_given_up;
    struct pack_file file;
    enum status status;
    struct error error;
};

static void *make(void *context)
{
    struct pack_ahead *ahead = context;
    ahead->status = pack_make(&ahead->file, ahead->store, ahead->objects, ahead->count,
                              &ahead->is_given_up, &ahead->error);
    return NULL;
}

static void wait_for(struct pack_ahead *ahead)
{
    if (ahead->is_running)
        pthread_join(ahead->thread, NULL);
    ahead->is_running = false;
}

enum status pack_ahead_start(struct pack_ahead **out, struct store *store,
                             const struct pending_object *objects, size_t count, struct error *err)
{
    struct pack_ahead *ahead OWNED(pack_ahead_release) = NULL;
    TRY(memory_new(&ahead, 1, sizeof(*ahead), err));
    ahead->file = PACK_FILE_NONE;
    ahead->store = store;
    ahead->count = count;
    TRY(memory_new(&ahead->objects, count, sizeof(*objects), err));
    memcpy(ahead->objects, objects, count * sizeof(*objects));
    if (pthread_create(&ahead->thread, NULL, make, ahead) != 0)
        return error_no_memory(err);
    ahead->is_running = true;
    *out = MOVE(ahead);
    return STATUS_OK;
}

enum status pack_ahead_show(struct pack_ahead *ahead, struct error *err)
{
    wait_for(ahead);
    if (ahead->status != STATUS_OK) {
        *err = ahead->error;
        return ahead->status;
    }
    return pack_file_show(&ahead->file, err);
}

void pack_ahead_free(struct pack_ahead *ahead)
{
    if (!ahead)
        return;
    atomic_store(&ahead->is_given_up, true);
    wait_for(ahead);
    pack_file_release(&ahead->file);
    free(ahead->objects);
    free(ahead);
}

void pack_ahead_release(struct pack_ahead **ahead)
{
    pack_ahead_free(*ahead);
    *ahead = NULL;
}
