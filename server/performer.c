// Performs operations in threads of its own.
#include "performer.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"
#include "connection.h"

struct performer {
    pthread_t threads[PERFORMER_THREADS];
    unsigned thread_count; // started
    pthread_mutex_t lock;  // over all below
    pthread_cond_t changed;
    struct order *first; // in order of arrival, none of them under way
    struct order **last;
    unsigned count; // waiting or under way
    bool is_stopping;
};

static enum status busy(struct error *err)
{
    error_set(err, STATUS_CONFLICT, "busy", "too much is being done at the moment");
    return error_hint(err, "try again in a few seconds");
}

// The next order, off the list; NULL when the threads are to end. With the lock.
static struct order *take_next(struct performer *performer)
{
    while (!performer->first && !performer->is_stopping)
        pthread_cond_wait(&performer->changed, &performer->lock);
    struct order *order = performer->first;
    if (!order)
        return NULL;
    performer->first = order->next;
    if (!performer->first)
        performer->last = &performer->first;
    return order;
}

static void *run(void *argument)
{
    struct performer *performer = argument;
    struct order *order;
    struct error err;
    pthread_mutex_lock(&performer->lock);
    while ((order = take_next(performer)) != NULL) {
        bool is_too_late = performer->is_stopping;
        pthread_mutex_unlock(&performer->lock);
        struct connection *connection = order->connection;
        if (is_too_late) {
            busy(&err);
            order_refuse(order, &err);
        } else {
            order_perform(order);
        }
        connection_resume(connection); // from here on the order is its connection's again
        pthread_mutex_lock(&performer->lock);
        performer->count--;
    }
    pthread_mutex_unlock(&performer->lock);
    return NULL;
}

enum status performer_start(struct performer **out, struct error *err)
{
    struct performer *performer OWNED(performer_release) = NULL;
    TRY(memory_new(&performer, 1, sizeof(*performer), err));
    pthread_mutex_init(&performer->lock, NULL);
    pthread_cond_init(&performer->changed, NULL);
    performer->last = &performer->first;
    for (; performer->thread_count < PERFORMER_THREADS; performer->thread_count++)
        if (pthread_create(&performer->threads[performer->thread_count], NULL, run, performer) != 0)
            return error_set(err, STATUS_IO, "thread", "cannot start a performer's thread");
    *out = MOVE(performer);
    return STATUS_OK;
}

enum status performer_submit(struct performer *performer, struct order *order,
                             struct connection *connection, struct error *err)
{
    enum status status = STATUS_OK;
    pthread_mutex_lock(&performer->lock);
    if (performer->is_stopping || performer->count >= PERFORMER_MAX_ORDERS) {
        status = busy(err);
    } else {
        order->is_submitted = true;
        order->connection = connection;
        order->next = NULL;
        connection_park(connection);
        *performer->last = order;
        performer->last = &order->next;
        performer->count++;
        pthread_cond_signal(&performer->changed);
    }
    pthread_mutex_unlock(&performer->lock);
    return status;
}

void performer_stop(struct performer *performer)
{
    pthread_mutex_lock(&performer->lock);
    performer->is_stopping = true;
    pthread_cond_broadcast(&performer->changed);
    pthread_mutex_unlock(&performer->lock);
    for (; performer->thread_count > 0; performer->thread_count--)
        pthread_join(performer->threads[performer->thread_count - 1], NULL);
}

void performer_free(struct performer *performer)
{
    if (!performer)
        return;
    performer_stop(performer);
    pthread_cond_destroy(&performer->changed);
    pthread_mutex_destroy(&performer->lock);
    free(performer);
}

void performer_release(struct performer **performer)
{
    performer_free(*performer);
    *performer = NULL;
}
