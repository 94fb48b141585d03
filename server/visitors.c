// How many connections each address has.
#include "visitors.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "trust/hash.h"

#define BUCKETS 4096U // as many as connections of a thread

struct visitor_count {
    struct visitor visitor;
    unsigned connections;
    struct visitor_count *next;
};

struct visitors {
    pthread_mutex_t lock; // over the buckets
    unsigned most_per_address;
    uint64_t seed; // so that nobody can choose addresses that meet in one bucket
    struct visitor_count *buckets[BUCKETS];
};

struct visitor visitors_address(const struct sockaddr_storage *address)
{
    struct visitor visitor = { { 0 } };
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
        memcpy(visitor.bytes + 4, &v4->sin_addr, 4);
    } else if (address->ss_family == AF_INET6) {
        const struct in6_addr *v6 = &((const struct sockaddr_in6 *)address)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(v6))
            memcpy(visitor.bytes + 4, v6->s6_addr + 12, 4);
        else
            memcpy(visitor.bytes, v6->s6_addr, sizeof(visitor.bytes));
    }
    return visitor;
}

enum status visitors_new(struct visitors **out, unsigned most_per_address, struct error *err)
{
    struct visitors *visitors OWNED(memory_release) = NULL;
    TRY(memory_new(&visitors, 1, sizeof(*visitors), err));
    TRY(hash_random(&visitors->seed, sizeof(visitors->seed), err));
    visitors->most_per_address = most_per_address;
    pthread_mutex_init(&visitors->lock, NULL);
    *out = MOVE(visitors);
    return STATUS_OK;
}

// The place of the visitor's count in its bucket: NULL where it has none.
static struct visitor_count **find(struct visitors *visitors, const struct visitor *visitor)
{
    uint64_t hash;
    memcpy(&hash, visitor->bytes, sizeof(hash));
    hash = (hash ^ visitors->seed) * 0x9e3779b97f4a7c15u; // Fibonacci hashing
    hash = (hash ^ hash >> 29 ^ visitors->seed) * 0xbf58476d1ce4e5b9u;
    struct visitor_count **place = &visitors->buckets[hash >> 52];
    while (*place && memcmp(&(*place)->visitor, visitor, sizeof(*visitor)) != 0)
        place = &(*place)->next;
    return place;
}

static bool count_in(struct visitors *visitors, const struct visitor *visitor)
{
    struct visitor_count **place = find(visitors, visitor);
    struct error unheard;
    if (!*place) {
        if (memory_new(place, 1, sizeof(**place), &unheard) != STATUS_OK)
            return false;
        (*place)->visitor = *visitor;
    }
    if ((*place)->connections >= visitors->most_per_address)
        return false;
    (*place)->connections++;
    return true;
}

bool visitors_enter(struct visitors *visitors, const struct visitor *visitor)
{
    pthread_mutex_lock(&visitors->lock);
    bool is_welcome = count_in(visitors, visitor);
    pthread_mutex_unlock(&visitors->lock);
    return is_welcome;
}

void visitors_leave(struct visitors *visitors, const struct visitor *visitor)
{
    pthread_mutex_lock(&visitors->lock);
    struct visitor_count **place = find(visitors, visitor);
    struct visitor_count *count = *place;
    if (count && --count->connections == 0) {
        *place = count->next;
        free(count);
    }
    pthread_mutex_unlock(&visitors->lock);
}

void visitors_free(struct visitors *visitors)
{
    if (!visitors)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        while (visitors->buckets[i]) {
            struct visitor_count *next = visitors->buckets[i]->next;
            free(visitors->buckets[i]);
            visitors->buckets[i] = next;
        }
    pthread_mutex_destroy(&visitors->lock);
    free(visitors);
}

void visitors_release(struct visitors **visitors)
{
    visitors_free(*visitors);
    *visitors = NULL;
}
