// Who is acting, when --actor does not say.
#include "actor.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "store/git_user.h"

enum status actor_find(char **out, struct error *err)
{
    struct buffer actor OWNED(buffer_release) = { 0 };
    TRY(git_user_append(&actor, err));
    if (actor.length == 0) {
        const struct passwd *login = getpwuid(getuid());
        buffer_append_text(&actor, login ? login->pw_name : "unknown");
    }
    TRY(buffer_check(&actor, err));
    *out = buffer_detach(&actor);
    return STATUS_OK;
}
