// What the operator of a server reads: one line per event, on standard error. Lines wait in a
// bounded queue for a thread that writes them, so that nobody who answers ever waits for whoever
// reads the log. When the queue is full lines are dropped and counted, and the log says so once it
// goes on.
#pragma once

#include <stdint.h>

#include "base/error.h"
#include "log_record.h"

#define LOG_QUEUE_LINES 256U // half a megabyte
#define LOG_STOP_MS 500      // what waits is written at the end, unless nobody reads for so long

struct log;

// Writes to `fd`, which stays the caller's. Where the system allows it, through a description of
// our own that does not block; the one that is shared with others is left as it is.
enum status log_open(struct log **out, int fd, enum log_format format, struct error *err);
enum status log_start(struct log *log, struct error *err); // lines wait until then
void log_stop(struct log *log);
void log_release(struct log **log); // stops and frees it

// Both: any thread; wait for nothing but others who put a line there.
void log_line(struct log *log, enum log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// What went wrong with one request, by the id that its caller was told.
void log_request(struct log *log, const char *request_id, const struct error *fault);

uint64_t log_dropped(const struct log *log); // since it was started
