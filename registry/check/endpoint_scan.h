// Finds what points at the world outside in a text: URLs, tel: and sip: addresses, international
// phone numbers, names of hosts. Linear in the length; any bytes at all will do.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "artifact/address.h"

enum endpoint_form {
    ENDPOINT_URL,    // scheme://host…
    ENDPOINT_PHONE,  // tel:…, sip:…
    ENDPOINT_NUMBER, // +1 202 555 0100
    ENDPOINT_HOST,   // crm.example.com, and everything else that looks like one ("file.md")
};

#define ENDPOINT_TEXT_BYTES 512 // a longer one is cut

struct endpoint_span {
    enum endpoint_form form;
    size_t begin; // byte offset in the text
    size_t end;
    char text[ENDPOINT_TEXT_BYTES];
    struct address address;
    bool has_password; // user:password@ before the host
};

struct endpoint_scan {
    const char *bytes;
    size_t length;
    size_t at;
};

// The next one; false when there is none.
bool endpoint_scan_next(struct endpoint_scan *scan, struct endpoint_span *out);
