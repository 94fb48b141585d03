// Keeps a store tidy (being written).
#pragma once

#include "base/error.h"
#include "store/store.h"

enum status tidy_leftovers(struct store *store, struct error *err);
enum status tidy_packs(struct store *store, struct error *err);
enum status tidy_refs(struct store *store, struct error *err);
