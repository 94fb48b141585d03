// The exit code of each outcome.
#include "exit_code.h"

int exit_code_of(enum status status)
{
    enum { DONE, REFUSED, USAGE, NOT_FOUND, CONFLICT, DAMAGED, IO };
    static const int codes[] = {
        [STATUS_OK] = DONE,
        [STATUS_REFUSED] = REFUSED,
        [STATUS_INVALID] = USAGE,
        [STATUS_NOT_FOUND] = NOT_FOUND,
        [STATUS_CONFLICT] = CONFLICT,
        [STATUS_DAMAGED] = DAMAGED,
        [STATUS_IO] = IO,
        [STATUS_NO_MEMORY] = IO,
        [STATUS_UNAUTHENTICATED] = REFUSED,
        [STATUS_FORBIDDEN] = REFUSED,
        [STATUS_TOO_LARGE] = REFUSED,
    };
    return codes[status];
}
