// The ssh-keygen program, which signs with keys in files, agents and hardware. Inside trust/ only.
#pragma once

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

// Runs `ssh-keygen -Y sign`, found on PATH, with the message on its standard input, and appends
// what it prints. It asks its questions on the terminal; its diagnostics are shown there too when
// standard error is one. STATUS_IO holds its last words when it fails.
enum status ssh_keygen_sign(struct buffer *out, const char *key_path, const char *name_space,
                            const void *message, size_t message_bytes, struct error *err);
