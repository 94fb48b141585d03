// Where the content of a request goes.
#include "receiver.h"

#include <stdlib.h>

#include "base/memory.h"

void receiver_release(struct receiver *receiver)
{
    if (receiver->release)
        receiver->release(receiver->state);
    *receiver = (struct receiver) { 0 };
}

static enum status take(void *state, const char *bytes, size_t length, struct error *err)
{
    struct buffer *buffer = state;
    buffer_append(buffer, bytes, length);
    return buffer_check(buffer, err);
}

static void release(void *state)
{
    buffer_release(state);
    free(state);
}

enum status receiver_keep(struct receiver *out, struct error *err)
{
    struct buffer *buffer = NULL;
    TRY(memory_new(&buffer, 1, sizeof(*buffer), err));
    *out = (struct receiver) { .take = take, .release = release, .state = buffer };
    return STATUS_OK;
}

const struct buffer *receiver_content(const struct receiver *receiver)
{
    return receiver->state;
}
