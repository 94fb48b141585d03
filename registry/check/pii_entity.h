// The kinds of personal data that the detector knows.
#pragma once

#include <stdbool.h>

enum pii_entity {
    PII_EMAIL,
    PII_PHONE,
    PII_PAYMENT_CARD,
    PII_IBAN,
    PII_US_SSN,
    PII_UK_NINO,
    PII_IN_AADHAAR,
    PII_IN_PAN,
    PII_PASSPORT,
    PII_IP_ADDRESS,
    PII_DATE_OF_BIRTH,
    PII_PERSON_NAME,
    PII_ENTITY_COUNT,
};

struct pii_entity_words {
    const char *word;  // as pii.json and `greenroom pii scan` call it, "payment-card"
    const char *rule;  // of the findings about it, "personal-data.payment-card"
    const char *label; // for people, "a payment card number"
    const char *mend;
};

// Static; never NULL for a member of the enum.
const struct pii_entity_words *pii_entity_words(enum pii_entity entity);

// False when no entity is called so.
bool pii_entity_parse(enum pii_entity *out, const char *word);
