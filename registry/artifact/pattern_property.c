// Unicode properties in patterns.
#include "artifact/pattern_property.h"

#include <string.h>

#define MAX_NAME_BYTES 64

// General categories: PCRE2 knows their short names only. Source: Unicode's
// PropertyValueAliases.txt, property gc.
static const struct category {
    const char *name;
    const char *short_name;
} categories[] = {
    { "Cased_Letter", "L&" },
    { "LC", "L&" },
    { "Close_Punctuation", "Pe" },
    { "Connector_Punctuation", "Pc" },
    { "Control", "Cc" },
    { "cntrl", "Cc" },
    { "Currency_Symbol", "Sc" },
    { "Dash_Punctuation", "Pd" },
    { "Decimal_Number", "Nd" },
    { "digit", "Nd" },
    { "Enclosing_Mark", "Me" },
    { "Final_Punctuation", "Pf" },
    { "Format", "Cf" },
    { "Initial_Punctuation", "Pi" },
    { "Letter", "L" },
    { "Letter_Number", "Nl" },
    { "Line_Separator", "Zl" },
    { "Lowercase_Letter", "Ll" },
    { "Mark", "M" },
    { "Combining_Mark", "M" },
    { "Math_Symbol", "Sm" },
    { "Modifier_Letter", "Lm" },
    { "Modifier_Symbol", "Sk" },
    { "Nonspacing_Mark", "Mn" },
    { "Number", "N" },
    { "Open_Punctuation", "Ps" },
    { "Other", "C" },
    { "Other_Letter", "Lo" },
    { "Other_Number", "No" },
    { "Other_Punctuation", "Po" },
    { "Other_Symbol", "So" },
    { "Paragraph_Separator", "Zp" },
    { "Private_Use", "Co" },
    { "Punctuation", "P" },
    { "punct", "P" },
    { "Separator", "Z" },
    { "Space_Separator", "Zs" },
    { "Spacing_Mark", "Mc" },
    { "Surrogate", "Cs" },
    { "Symbol", "S" },
    { "Titlecase_Letter", "Lt" },
    { "Unassigned", "Cn" },
    { "Uppercase_Letter", "Lu" },
};

// What stands before '=' and what PCRE2 wants in its place.
static const struct prefix {
    const char *name;
    const char *in_pcre2;
} prefixes[] = {
    { "General_Category=", "" },      { "gc=", "" },      { "Script=", "sc:" }, { "sc=", "sc:" },
    { "Script_Extensions=", "scx:" }, { "scx=", "scx:" },
};

static const char *short_name(const char *name)
{
    for (size_t i = 0; i < sizeof(categories) / sizeof(categories[0]); i++)
        if (strcmp(categories[i].name, name) == 0)
            return categories[i].short_name;
    return name;
}

bool pattern_property_rewrite(struct buffer *out, char letter, const char *name, size_t length)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789_=";
    char copy[MAX_NAME_BYTES + 1];
    const char *prefix = "";
    const char *value = copy;
    if (length == 0 || length > MAX_NAME_BYTES || strspn(name, allowed) != length)
        return false;
    memcpy(copy, name, length);
    copy[length] = '\0';
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        size_t prefix_length = strlen(prefixes[i].name);
        if (strncmp(copy, prefixes[i].name, prefix_length) == 0) {
            prefix = prefixes[i].in_pcre2;
            value = copy + prefix_length;
        }
    }
    if (*value == '\0' || strchr(value, '='))
        return false;
    if (strcmp(value, "Assigned") == 0) { // all but the unassigned
        buffer_append_format(out, "\\%c{Cn}", letter == 'p' ? 'P' : 'p');
        return true;
    }
    buffer_append_format(out, "\\%c{%s%s}", letter, prefix, *prefix ? value : short_name(value));
    return true;
}
