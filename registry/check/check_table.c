// The table of checks, in the order in which they are run and shown.
#include "check/check_rows.h"

const struct check check_table[] = {
    { 0 },
};
