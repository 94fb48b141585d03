// What a connection still has to send: bytes, and behind them the content of one response. Small
// answers are copied together, so that all that were asked for in one packet leave in one.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "response.h"
#include "transport.h"

#define OUTGOING_SCRATCH_BYTES (64U << 10) // lent by the worker while a connection is looked after
#define OUTGOING_COPY_BYTES                                                                        \
    (16U << 10) // content up to this is copied; larger is sent from where it is
#define OUTGOING_MAX_FIELDS_BYTES 1024U     // of an answer alone; ours come to three hundred
#define OUTGOING_STRETCH_BYTES (256U << 10) // sent of one answer before others have their turn

// Starts as {0}.
struct outgoing {
    char *bytes; // the scratch, or `own`
    size_t at;
    size_t end;
    char *own;                 // what did not go out while the scratch was lent; NULL: nothing
    struct response *response; // held; its content follows the bytes. NULL: none
    uint64_t content_at;
    uint64_t content_end;
};

// One answer. `content_at` and `content_bytes` choose the stretch of the response's content that is
// meant: all of it, or a range.
struct outgoing_answer {
    unsigned http_status;
    struct response *response; // NULL, with `bytes`: outgoing_copies said that they will be copied
    uint64_t content_at;
    uint64_t content_bytes;
    const char *bytes;  // where that stretch lies, for who knows already; NULL: look it up
    const char *date;   // "Date: …", with its CRLF
    const char *fields; // lines of this answer alone, in place of the response's; NULL: none
    size_t fields_bytes;
    const char *front; // the rest of the lines, down to the empty one, ready; NULL: they are made
    size_t front_bytes;
    bool
        has_no_content; // an answer to HEAD, and a 304: the length is told, the content is not sent
    bool closes;        // says that it is the connection's last
};

// Lends the scratch, before anything is added; takes what is left in it into memory of its own, or
// fails with STATUS_NO_MEMORY.
void outgoing_lend(struct outgoing *outgoing, char *scratch);
enum status outgoing_take_back(struct outgoing *outgoing, struct error *err);

// Whether there is room for one more answer; if not, what there is must be sent first.
bool outgoing_has_room(const struct outgoing *outgoing);
// Whether content of that size is copied, so that nobody has to hold it.
bool outgoing_copies(const struct outgoing *outgoing, uint64_t content_bytes);
void outgoing_add(struct outgoing *outgoing, const struct outgoing_answer *answer);
void outgoing_add_continue(struct outgoing *outgoing); // 100, before the answer itself

bool outgoing_is_empty(const struct outgoing *outgoing);

enum outgoing_state {
    OUTGOING_SENT, // everything
    OUTGOING_MORE, // a stretch; call again when others had their turn
    OUTGOING_WAITS,
    OUTGOING_LOST,
};
// Adds to *moved_bytes what went out. `scratch` is for files that cannot be sent as they lie.
enum outgoing_state outgoing_flush(struct outgoing *outgoing, struct transport *transport,
                                   char *scratch, uint64_t *moved_bytes);

void outgoing_release(struct outgoing *outgoing);
