// The key for a server: from the environment variable GREENROOM_KEY, or from a file that nobody
// else can read.
#pragma once

#include <stdbool.h>

#include "base/error.h"

// GREENROOM_KEY counts for the environment that a command runs on (`is_main`), so that no key is
// ever sent to another server than it was meant for. The file is $GREENROOM_CREDENTIALS, or
// ~/.config/greenroom/credentials: lines of a server's address and its key, "#" begins a remark.
// STATUS_UNAUTHENTICATED (code "key_missing") when there is none, STATUS_REFUSED (code
// "credentials_open") when others may read the file. The caller frees *out.
enum status remote_key_find(char **out, const char *url, bool is_main, struct error *err);
