// Debian's libgit2 comes with network transports over mbedTLS, and parses the machine's 140
// certificates whenever it starts: half of what a whole command takes. We open no connection, so
// the function that it calls for that is ours.
#pragma once

// Does nothing; whoever starts libgit2 calls it, so that what stands beside it is linked.
void mbedtls_have_no_certificates(void);

// Takes the place of mbedTLS's own: says that there are none. libgit2 goes on without.
int mbedtls_x509_crt_parse_file(void *chain, const char *path);
