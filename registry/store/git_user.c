// The person that git knows.
#include "store/git_user.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/store_internal.h"

// Adds one of the person's own configuration files, should it exist. The search paths that libgit2
// would use are emptied for the whole process (store.c), so they are named here.
static void add_file(git_config *config, const char *folder, const char *name,
                     git_config_level_t level)
{
    char path[4096];
    int length = folder ? snprintf(path, sizeof(path), "%s/%s", folder, name) : -1;
    if (length > 0 && (size_t)length < sizeof(path))
        (void)git_config_add_file_ondisk(config, path, level, NULL, 0);
}

static void append_person(struct buffer *out, git_config *config)
{
    git_buf name = { 0 };
    git_buf email = { 0 };
    if (git_config_get_string_buf(&name, config, "user.name") == 0 && name.ptr && *name.ptr) {
        buffer_append_text(out, name.ptr);
        if (git_config_get_string_buf(&email, config, "user.email") == 0 && email.ptr)
            buffer_append_format(out, " <%s>", email.ptr);
    }
    git_buf_dispose(&name);
    git_buf_dispose(&email);
}

enum status git_user_append(struct buffer *out, struct error *err)
{
    git_config *config = NULL;
    TRY(store_start_library(err));
    int code = git_config_new(&config);
    if (code < 0)
        return store_fail(err, code, "read", "git's configuration");
    add_file(config, "/etc", "gitconfig", GIT_CONFIG_LEVEL_SYSTEM);
    add_file(config, getenv("XDG_CONFIG_HOME"), "git/config", GIT_CONFIG_LEVEL_XDG);
    add_file(config, getenv("HOME"), ".config/git/config", GIT_CONFIG_LEVEL_XDG);
    add_file(config, getenv("HOME"), ".gitconfig", GIT_CONFIG_LEVEL_GLOBAL);
    append_person(out, config);
    git_config_free(config);
    return buffer_check(out, err);
}
