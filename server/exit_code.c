// The one place where a status of the server becomes its exit code.
#include "exit_code.h"

#include <stddef.h>

#include "base/memory.h"

int exit_code_of(enum status status)
{
    static const int codes[] = {
        [STATUS_OK] = 0,        [STATUS_REFUSED] = 1,   [STATUS_INVALID] = 2,
        [STATUS_NOT_FOUND] = 3, [STATUS_CONFLICT] = 4,  [STATUS_DAMAGED] = 5,
        [STATUS_IO] = 6,        [STATUS_NO_MEMORY] = 6, [STATUS_UNAUTHENTICATED] = 1,
        [STATUS_FORBIDDEN] = 1, [STATUS_TOO_LARGE] = 1,
    };
    return (size_t)status < COUNT_OF(codes) ? codes[status] : 6;
}
