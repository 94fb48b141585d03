// Who is acting, when --actor does not say: git's user.name <user.email>, else the login name.
#pragma once

#include "base/error.h"

// On the heap; the caller frees it.
enum status actor_find(char **out, struct error *err);
