// libgit2 without its network: what its own start and its remotes find in its place.
#include "store/git.h"

#include <git2/errors.h>

void git_without_network(void)
{
}

int git_mbedtls_stream_global_init(void)
{
    return 0;
}

int git_mbedtls__set_cert_location(const char *file, const char *path)
{
    (void)file, (void)path;
    return GIT_ENOTFOUND;
}

int git_transport_ssh_global_init(void)
{
    return 0;
}

const bool git_http__expect_continue = false;
const bool git_smart__ofs_delta_enabled = true;

int git_transport_new(void *transport, void *owner, const char *url)
{
    (void)transport, (void)owner, (void)url;
    return GIT_ENOTFOUND;
}
