// The faults that the preloaded library puts into a process: what its files share.
//
//   GREENROOM_FAULT_FOLDER   only calls on files below this folder count; absolute and without
//                            links. Unset: nothing is done
//   GREENROOM_FAULT_AT       k, from 1 on: the call that the fault meets; unset or 0: none
//   GREENROOM_FAULT_MODE     what happens at the k-th call that changes a file:
//                              kill    the process dies before it (the default)
//                              torn    the same, but of a write half the bytes are written first
//                              enospc  the disk is full from this call on
//                              eio     this call fails
//                              short   of a write half the bytes are written, and it says so
//   GREENROOM_FAULT_TRACE    a file to which each call is appended: "<number> <call> <path>", for a
//                            rename or a link with the old path behind it
//   GREENROOM_FAULT_RECORD   a file to which each call that succeeded is appended whole, for
//                            power_loss.c (struct fault_record)
//
// A child process counts for itself.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Kinds of calls.
enum fault_kind {
    FAULT_OPEN,   // for writing; `takes_space` when it makes the file
    FAULT_WRITE,  // bytes at an offset
    FAULT_RESIZE, // truncated or allocated to a length
    FAULT_RENAME,
    FAULT_LINK,
    FAULT_UNLINK,
    FAULT_MAKE_FOLDER,
    FAULT_REMOVE_FOLDER,
    FAULT_SYNC,
    FAULT_SYNC_ALL, // the whole disk
    FAULT_MODE,     // permissions
};

// One call that changes a file below the folder, or would.
struct fault_call {
    enum fault_kind kind;
    const char *name;  // "pwrite"
    bool is_inside;    // whether it counts at all
    bool takes_space;  // a full disk refuses it
    bool truncates;    // an open that empties the file
    long number;       // from 1 on; set by fault_meet
    const char *path;  // absolute
    const char *from;  // of a rename or link: the old path; else ""
    int fd;            // of a write
    const void *bytes; // likewise
    size_t length;     // of a write; the new length of a resize
    off_t offset;      // of a write
};

// What a call shall do.
enum fault_verdict {
    FAULT_GO_ON,
    FAULT_FAIL,  // return -1; errno is set
    FAULT_SHORT, // write half
};

// Counts the call, traces it, and says what becomes of it. Does not return when the process is to
// die. errno is as before unless the verdict is FAULT_FAIL.
enum fault_verdict fault_meet(struct fault_call *call);

// Records a call that was done; `length` is what a write wrote.
void fault_record_done(const struct fault_call *call, size_t length);

// What stands in a recording, one after the other; `path`, `from` and a write's bytes follow.
struct fault_record {
    uint32_t kind;
    uint32_t flags; // FAULT_RECORD_*
    uint64_t number;
    uint64_t offset;
    uint64_t length;
    uint64_t byte_count;
    uint32_t path_bytes;
    uint32_t from_bytes;
};
#define FAULT_RECORD_CREATES 1U   // the file was not there before
#define FAULT_RECORD_TRUNCATES 2U // it was emptied
