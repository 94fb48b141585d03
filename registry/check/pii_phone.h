// Validators of phone numbers. Internal to pii_*.c.
//
// Sources: ITU-T E.164 (at most 15 digits) and its list of assigned country codes; the North
// American Numbering Plan (area codes begin with 2-9).
#pragma once

#include "check/pii_validate.h"

// Each leaves "+<country><number>" in `value`; pii_phone_labelled, which cannot know the country,
// leaves the digits alone.
bool pii_phone_e164(struct pii_candidate *candidate); // +49 …, 0049 …
bool pii_phone_nanp(struct pii_candidate *candidate);
bool pii_phone_national(struct pii_candidate *candidate); // in the country of the rule
bool pii_phone_india(struct pii_candidate *candidate);
bool pii_phone_labelled(struct pii_candidate *candidate); // something calls it a phone number
