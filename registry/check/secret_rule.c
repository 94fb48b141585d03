// Shapes of secrets, as their issuers document them or secret scanners are told to find them.
#include "check/secret_rule.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

#define BEFORE "(?<![A-Za-z0-9_\\-])"
#define BEHIND "(?![A-Za-z0-9])"

const struct secret_rule secret_rule_table[] = {
    { "secrets.private-key",
      "a private key",
      { "PRIVATE KEY" },
      "-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
      "(?:\\s+[A-Za-z\\-]+: [^\\n]{0,200}){0,6}\\s+[A-Za-z0-9+\\/=]{16,}",
      false },
    { "secrets.greenroom-key",
      "a key of this registry",
      { "gr_live_", "gr_sandbox_" },
      BEFORE "gr_(?:live|sandbox)_[0-9a-z]{12}_[0-9A-Za-z]{20,}" BEHIND,
      false },
    { "secrets.aws-key",
      "an AWS access key",
      { "AKIA", "ASIA", "ABIA" },
      "(?<![A-Za-z0-9+\\/])(?:AKIA|ASIA|ABIA)[A-Z0-9]{16}(?![A-Za-z0-9+\\/])",
      false },
    { "secrets.google-key",
      "a Google Cloud key",
      { "AIza", "ya29.", "GOCSPX-" },
      BEFORE "(?:AIza[0-9A-Za-z_\\-]{35}|ya29\\.[0-9A-Za-z_\\-]{20,}|GOCSPX-[0-9A-Za-z_\\-]{20,})",
      false },
    { "secrets.azure-key",
      "an Azure storage key",
      { "AccountKey=", "SharedAccessKey=" },
      "(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+\\/]{40,}=*",
      false },
    { "secrets.github-token",
      "a GitHub token",
      { "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_" },
      BEFORE "(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})" BEHIND,
      false },
    { "secrets.gitlab-token",
      "a GitLab token",
      { "glpat-", "gldt-", "glrt-" },
      BEFORE "gl(?:pat|dt|rt)-[A-Za-z0-9_\\-]{20,}",
      false },
    { "secrets.slack-token",
      "a Slack token",
      { "xox", "xapp-" },
      BEFORE
      "(?:xox[abeoprs]-(?=[A-Za-z\\-]*[0-9])[A-Za-z0-9\\-]{10,}|xapp-[0-9]-[A-Za-z0-9\\-]{20,})",
      false },
    { "secrets.webhook-url",
      "a webhook's URL, which is its secret",
      { "hooks.slack.com", "/api/webhooks/", ".webhook.office.com" },
      "hooks\\.slack\\.com\\/(?:services|workflows)\\/T[A-Z0-9]{6,}\\/[A-Za-z0-9]{6,}\\/"
      "[A-Za-z0-9]{16,}|"
      "discord(?:app)?\\.com\\/api\\/webhooks\\/[0-9]{15,}\\/[A-Za-z0-9_\\-]{40,}|"
      "[a-z0-9\\-]+\\.webhook\\.office\\.com\\/webhookb2\\/[A-Za-z0-9@\\-\\/]{40,}",
      false },
    { "secrets.stripe-key",
      "a Stripe key",
      { "sk_live_", "sk_test_", "rk_" },
      BEFORE "[sr]k_(?:live|test)_[A-Za-z0-9]{16,}",
      false },
    { "secrets.webhook-secret",
      "a webhook's signing secret",
      { "whsec_" },
      BEFORE "whsec_[A-Za-z0-9+\\/]{24,}=*",
      false },
    { "secrets.model-key",
      "a key of a model provider",
      { "sk-", "sk_", "hf_", "gsk_" },
      BEFORE
      "(?:sk-(?:[A-Za-z0-9]{2,10}-){0,2}[A-Za-z0-9_\\-]{20,}|sk_[0-9a-f]{32,}|hf_[A-Za-z]{30,}|"
      "gsk_[A-Za-z0-9]{40,})",
      true },
    { "secrets.telephony-key",
      "a key of a telephony or messaging provider",
      { "SK", "SG.", "key-", ":AA" },
      BEFORE "(?:SK[0-9a-f]{32}|SG\\.[A-Za-z0-9_\\-]{16,}\\.[A-Za-z0-9_\\-]{16,}|key-[0-9a-f]{32}|"
             "[0-9]{8,10}:AA[A-Za-z0-9_\\-]{33})" BEHIND,
      false },
    { "secrets.service-token",
      "a service's token",
      { "npm_", "pypi-", "dop_v1_", "shp" },
      BEFORE "(?:npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_\\-]{50,}|dop_v1_[0-9a-f]{64}|"
             "shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32})" BEHIND,
      false },
    { "secrets.crm-token",
      "a CRM token",
      { "pat-na", "pat-eu", "00D" },
      BEFORE "(?:pat-(?:na|eu)[0-9]-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|"
             "00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{40,})",
      false },
    { "secrets.jwt",
      "a JSON Web Token",
      { "eyJ" },
      BEFORE "eyJ[A-Za-z0-9_\\-]{10,}\\.eyJ[A-Za-z0-9_\\-]{10,}\\.[A-Za-z0-9_\\-]{10,}",
      false },
    { 0 },
};

bool secret_rule_is_random(const char *bytes, size_t length, double least)
{
    size_t counts[256] = { 0 };
    bool digits = false;
    bool letters = false;
    double entropy = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        counts[byte]++;
        digits = digits || isdigit(byte);
        letters = letters || isalpha(byte);
    }
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        double share = (double)counts[i] / (double)length;
        if (counts[i] > 0)
            entropy -= share * log2(share);
    }
    return digits && letters && entropy >= least;
}

bool secret_rule_is_placeholder(const char *bytes, size_t length)
{
    static const char *const words[] = { "{{",      "${",       "$(",          "<",
                                         "xxxx",    "****",     "...",         "your",
                                         "change",  "example",  "redacted",    "placeholder",
                                         "dummy",   "sample",   "insert",      "process.",
                                         "environ", "secrets.", "\xE2\x80\xA6" };
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        size_t word = strlen(words[i]);
        for (size_t at = 0; at + word <= length; at++)
            if (strncasecmp(bytes + at, words[i], word) == 0)
                return true;
    }
    return length > 0 && (bytes[0] == '$' || bytes[0] == '%');
}
