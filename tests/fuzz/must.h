// What a fuzz target expects of the code that it tries: anything else is a find.
#pragma once

#include <stdbool.h>
#include <stdlib.h>

static inline void must(bool truth)
{
    if (!truth)
        abort();
}
