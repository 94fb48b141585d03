// Wall-clock time as whole seconds since 1970 (UTC), and its RFC 3339 text.
#pragma once

#include <stdint.h>

#include "base/error.h"

#define CLOCK_TEXT_BYTES 24 // "2026-11-23T10:30:00Z" and its NUL

int64_t clock_now(void);

// Monotonic, for deadlines and durations only.
int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_ns(void);

// RFC 3339, UTC, whole seconds; years 0000-9999, others are clamped.
void clock_format(int64_t seconds, char out[CLOCK_TEXT_BYTES]);

// Exactly the form that clock_format writes; STATUS_INVALID otherwise.
enum status clock_parse(int64_t *out_seconds, const char *text, struct error *err);

// "90d", "12h", "30m", "45s" or "2w" as seconds; STATUS_INVALID otherwise.
enum status clock_parse_duration(int64_t *out_seconds, const char *text, struct error *err);
