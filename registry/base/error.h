// Failures: one status that a caller acts on, and one error that tells a person what went wrong.
#pragma once

// About ten outcomes, each one a caller can act on differently. The exit code and the HTTP
// status of each stand in one table apiece (cli/exit_code.c, server/problem.c).
enum status {
    STATUS_OK = 0,
    STATUS_REFUSED,         // a check, the policy or the gate says no
    STATUS_INVALID,         // the caller's words or bytes are not of the form asked for
    STATUS_NOT_FOUND,       // nothing by that name
    STATUS_CONFLICT,        // somebody else was there first, or holds the lock
    STATUS_DAMAGED,         // data at rest does not verify
    STATUS_IO,              // the system failed: disk full, permission, missing program
    STATUS_NO_MEMORY,       // an allocation failed
    STATUS_UNAUTHENTICATED, // no key, or none that is known here
    STATUS_FORBIDDEN,       // a known key without the role or scope
    STATUS_TOO_LARGE,       // over a named limit
};

#define ERROR_MESSAGE_BYTES 1024
#define ERROR_HINT_BYTES 512

// Filled once, by the line that detects the fault; callers only pass the status up. Callers may
// start from `struct error err = {0}`; it owns nothing and needs no release.
struct error {
    enum status status;
    const char *code; // a static snake_case word that scripts may match, e.g. "artifact_unknown"
    char message[ERROR_MESSAGE_BYTES];
    char hint[ERROR_HINT_BYTES]; // how to mend it; may be empty
};

// Fills *err and returns `status`. `code` must be a string literal.
enum status error_set(struct error *err, enum status status, const char *code, const char *format,
                      ...) __attribute__((format(printf, 4, 5)));

// Adds how to mend it to an error just set, and returns its status.
enum status error_hint(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Puts "<prefix>: " before the message already set (a file's name, say); returns its status.
enum status error_prefix(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// STATUS_NO_MEMORY with its standard words.
enum status error_no_memory(struct error *err);

// STATUS_IO with "<what> <subject>: <strerror(errno)>"; reads errno first.
enum status error_errno(struct error *err, const char *what, const char *subject);

// Returns the status of `expression` to the caller unless it is STATUS_OK.
#define TRY(expression)                                                                            \
    do {                                                                                           \
        enum status try_status_ = (expression);                                                    \
        if (try_status_ != STATUS_OK)                                                              \
            return try_status_;                                                                    \
    } while (0)
