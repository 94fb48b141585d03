// libgit2 without its network.
//
// Debian's libgit2 speaks HTTP, TLS, SSH and Kerberos, and brings twelve libraries along for it. We
// open no connection with it, and yet each command would pay for them: half a start's work is the
// dynamic linker's, and libgit2's own start reads every certificate of the machine and gathers
// randomness. So libgit2 is linked from its static library, which lets the linker leave out what
// nobody calls, and what stands here takes the place of the six names by which the rest of libgit2
// reaches its network. None of that code is in our programs. Should another libgit2 reach it by
// other names, linking fails and names them.
#pragma once

#include <stdbool.h>

// Does nothing. Who starts libgit2 calls it, so that the linker takes all of this file before it
// looks into libgit2.
void git_without_network(void);

// --- called by git_libgit2_init and git_libgit2_opts ---

int git_mbedtls_stream_global_init(void);
int git_mbedtls__set_cert_location(const char *file, const char *path);
int git_transport_ssh_global_init(void);
extern const bool git_http__expect_continue; // set by options that we do not use
extern const bool git_smart__ofs_delta_enabled;

// --- called to fetch and push ---

// Refuses. `transport` and `owner` are git_transport ** and git_remote *.
int git_transport_new(void *transport, void *owner, const char *url);
