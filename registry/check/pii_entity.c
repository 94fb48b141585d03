// The kinds of personal data, and what to say of each.
#include "check/pii_entity.h"

#include <stddef.h>
#include <string.h>

#define ROW(entity_word, entity_label, entity_mend)                                                \
    {                                                                                              \
        .word = (entity_word), .rule = "personal-data." entity_word, .label = (entity_label),      \
        .mend = (entity_mend),                                                                     \
    }

static const struct pii_entity_words table[PII_ENTITY_COUNT] = {
    [PII_EMAIL] = ROW("email", "an e-mail address",
                      "use an address at example.com, or a variable that is filled in per call"),
    [PII_PHONE] = ROW("phone", "a phone number",
                      "use a number that is reserved for fiction (+1 415 555 0123, "
                      "+44 20 7946 0123), a binding, or a variable that is filled in per call"),
    [PII_PAYMENT_CARD] = ROW("payment-card", "a payment card number",
                             "use a published test number such as 4242 4242 4242 4242"),
    [PII_IBAN] =
        ROW("iban", "a bank account number (IBAN)", "mask it: DE** **** **** **** **** 00"),
    [PII_US_SSN] = ROW("us-ssn", "a US social security number", "mask it: ***-**-1234"),
    [PII_UK_NINO] = ROW("uk-nino", "a UK national insurance number",
                        "use one with the prefix QQ, which is never issued: QQ 12 34 56 C"),
    [PII_IN_AADHAAR] = ROW("in-aadhaar", "an Indian Aadhaar number", "mask it: XXXX XXXX 1234"),
    [PII_IN_PAN] = ROW("in-pan", "an Indian tax number (PAN)", "use the sample AAAPL1234C"),
    [PII_PASSPORT] = ROW("passport", "what looks like a passport number", "mask it: X0000****"),
    [PII_IP_ADDRESS] = ROW("ip-address", "a public IP address",
                           "use an address for documentation: 192.0.2.1 or 2001:db8::1"),
    [PII_DATE_OF_BIRTH] = ROW("date-of-birth", "a date of birth",
                              "leave it out, or use a variable that is filled in per call"),
    [PII_PERSON_NAME] = ROW("person-name", "a name next to personal data",
                            "use a role (\"the customer\") or a variable that is filled in per "
                            "call"),
};

const struct pii_entity_words *pii_entity_words(enum pii_entity entity)
{
    return &table[entity];
}

bool pii_entity_parse(enum pii_entity *out, const char *word)
{
    for (size_t i = 0; i < PII_ENTITY_COUNT; i++)
        if (strcmp(table[i].word, word) == 0) {
            *out = (enum pii_entity)i;
            return true;
        }
    return false;
}
