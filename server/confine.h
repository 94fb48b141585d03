// What the process gives up before it answers anybody: files it has no business with, by Landlock
// (kernel 5.13 on; docs.kernel.org/userspace-api/landlock.html), and system calls that a server
// never makes, by seccomp. Whoever takes a thread over gets no more than is left to it, and the
// sandbox, wherever it lies, is not among it.
#pragma once

#include <stdbool.h>

#include "base/error.h"

// What is left besides the system's own folders, which stay readable.
struct confine_plan {
    const char *environment_path;
    bool may_write;           // all of the environment; else nothing of it but cache/
    const char *scratch_path; // a folder for temporary files, which stays writable; NULL: none
    // Ends with NULL: files that are read again while serving, certificates say. The folder of each
    // stays readable, so that a new file in its place is found. NULL: none.
    const char *const *also_readable;
};

// For the calling thread and those that it starts afterwards, for good; a second call can only take
// more away. Nothing can be executed any more. *out is false where the kernel has no Landlock.
enum status confine_files(bool *out, const struct confine_plan *plan, struct error *err);

// For the whole process, for good. *out is false where the kernel has no seccomp.
enum status confine_calls(bool *out, struct error *err);
