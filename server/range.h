// Which part of an answer a caller wants. Source: RFC 9110 sections 13.1.5 and 14.
#pragma once

#include <stdint.h>

#include "head.h"

enum range_kind {
    RANGE_WHOLE,         // none was asked for, or nothing that is understood here
    RANGE_PART,          // *first and *count say which
    RANGE_UNSATISFIABLE, // nothing of it is there
};

// A field value of Range, for content of that size. Only one range of bytes is understood; several
// are answered with the whole, which is always right.
enum range_kind range_parse(struct head_span value, uint64_t size_bytes, uint64_t *first,
                            uint64_t *count);

// Whether a field value of If-Range (absent: {0}) lets a range be served of what `etag` names: by
// strong comparison. A date never does, since answers have none.
bool range_condition_holds(struct head_span value, const char *etag);
