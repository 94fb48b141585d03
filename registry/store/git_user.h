// The person that git knows: user.name and user.email of their own configuration.
#pragma once

#include "base/buffer.h"
#include "base/error.h"

// Appends "Name <email>", or nothing when git has no name for this person.
enum status git_user_append(struct buffer *out, struct error *err);
