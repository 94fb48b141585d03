// The names of the IANA time zone database. Source: tzdata 2025b (files of zones and of links).
#pragma once

#include <stdbool.h>

bool time_zone_exists(const char *name);

// The name that may have been meant, or NULL: the same in another letter case, or the same city.
// Static.
const char *time_zone_similar(const char *name);
