// What the operator of a server reads: one line per event, on standard error.
#pragma once

enum log_level { LOG_NOTE, LOG_WARNING, LOG_FAULT };

// "2026-11-23T10:30:00Z warning: …", cut at LOG_LINE_BYTES; control characters are replaced. Any
// thread; one write(2) per line, and one that cannot be written is dropped.
#define LOG_LINE_BYTES 2048
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));
