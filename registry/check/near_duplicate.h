// Documents that say nearly the same: MinHash over runs of five words.
//
// Sources: A. Broder, On the resemblance and containment of documents (1997); P. Li, A. Owen and
// C.-H. Zhang, One Permutation Hashing (2012).
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define NEAR_DUPLICATE_BINS 128
#define NEAR_DUPLICATE_MAX_DOCUMENTS 20000  // 10 MB of sketches
#define NEAR_DUPLICATE_MAX_BYTES (1U << 20) // of each document; what is longer is judged by that
#define NEAR_DUPLICATE_MIN_SHINGLES 40      // shorter ones share too much by chance
#define NEAR_DUPLICATE_SHARE_PERCENT 90     // of the runs of words, from which two are alike

struct near_duplicate_sketch {
    size_t document; // the caller's number for it
    uint32_t bins[NEAR_DUPLICATE_BINS];
};

// Starts as {0}.
struct near_duplicates {
    struct near_duplicate_sketch *sketches;
    size_t count;
    size_t capacity;
};

void near_duplicate_release(struct near_duplicates *documents);

// Takes a document in, unless it is too short or one too many.
enum status near_duplicate_add(struct near_duplicates *documents, size_t document,
                               const char *bytes, size_t length, struct error *err);

// Reports each document that is like an earlier one, once, with how much they share.
typedef enum status (*near_duplicate_report)(void *context, size_t document, size_t earlier,
                                             unsigned percent, struct error *err);
enum status near_duplicate_find(const struct near_duplicates *documents,
                                near_duplicate_report report, void *context, struct error *err);
