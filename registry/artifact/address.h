// What a text points at in the world outside: a host, a phone number. Values of bindings, and what
// is written down in an artifact, are read with the same eyes.
//
// Sources: RFC 3986 (authority), RFC 3966 (tel), RFC 3261 (sip), ITU-T E.164 (15 digits at most).
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define ADDRESS_HOST_BYTES 254  // as DNS allows, and a NUL
#define ADDRESS_NUMBER_BYTES 18 // '+', 15 digits and what is too long for E.164 by one
#define ADDRESS_MIN_DIGITS 7    // of a phone number: fewer are a code or an extension

struct address {
    char host[ADDRESS_HOST_BYTES];     // lower case, without port and closing dot; "" when none
    char number[ADDRESS_NUMBER_BYTES]; // "+12025550100", or digits alone; "" when none
};

// The whole text as one address. Whatever it is, *out is filled; both parts are "" for a text that
// is neither (a secret's name, say).
void address_read(struct address *out, const char *text);

// Whether nobody outside can be behind that host: names reserved for documentation and tests
// (RFC 2606, RFC 6761: example.com, .example, .test, .invalid) and addresses for documentation
// (RFC 5737, RFC 3849).
bool address_is_reserved(const char *host);

// Whether the host is this machine or a private network (localhost, .local, .internal, RFC 1918,
// RFC 4193, loopback, link-local).
bool address_is_private(const char *host);

// Whether a host is the one named, or, for "*.example.com", a name below it.
bool address_host_matches(const char *pattern, const char *host);
