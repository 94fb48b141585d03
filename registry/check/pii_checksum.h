// Check digits of numbers that are given out: over strings of nothing but digits and letters.
#pragma once

#include <stdbool.h>

// ISO/IEC 7812-1, annex B (Luhn): payment cards.
bool pii_checksum_luhn(const char *digits);

// The dihedral group D5 (J. Verhoeff, 1969): Aadhaar.
bool pii_checksum_verhoeff(const char *digits);

// ISO 13616 with ISO/IEC 7064 MOD 97-10: an IBAN in upper case, without spaces, of its country's
// length.
bool pii_checksum_iban(const char *iban);

// How many characters an IBAN of this country has; 0 for none. Two letters, upper case.
int pii_checksum_iban_length(const char *country);
