// secrets: keys, tokens and passwords are refused everywhere and never shown; what only speaks of
// them passes. The samples are put together from halves, so that no scanner takes this file for a
// leak.
#include "unit/check/given_subject.h"

#define KNOWLEDGE "{\"kind\":\"knowledge\",\"name\":\"plans\",\"title\":\"Plans\"}"
#define FORTY "0123456789abcdefghijABCDEFGHIJklmnoPQRST"

static void check_document(struct given_subject *given, const char *path, const char *text)
{
    struct error err = { 0 };
    const struct given_document documents[] = { { path, text, 0 }, { 0 } };
    given_subject_make(given, KNOWLEDGE, documents);
    assert_int_equal(check_secrets_run(&given->subject, &given->findings, &err), STATUS_OK);
}

static const struct {
    const char *text;
    const char *rule;
} known_shapes[] = {
    { "-----BEGIN RSA "
      "PRIVATE KEY-----\nMIIEpAIBAAKCAQEA75",
      "secrets.private-key" },
    { "-----BEGIN OPENSSH "
      "PRIVATE KEY-----\r\nb3BlbnNzaC1rZXktdjEA\n",
      "secrets.private-key" },
    { "-----BEGIN EC "
      "PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMHcCAQEEIIrYSSNQFaA2",
      "secrets.private-key" },
    { "key gr_"
      "live_abc123def456_" FORTY,
      "secrets.greenroom-key" },
    { "gr_"
      "sandbox_000000000000_" FORTY "abc",
      "secrets.greenroom-key" },
    { "AK"
      "IAQ3EGP7XLR2MWZ4KD",
      "secrets.aws-key" },
    { "AI"
      "zaSyD0123456789abcdefghijABCDEFGHIJklm",
      "secrets.google-key" },
    { "Account"
      "Key=" FORTY FORTY "==;",
      "secrets.azure-key" },
    { "gh"
      "p_" FORTY,
      "secrets.github-token" },
    { "github_"
      "pat_11ABCDEFG0123456789abcdef",
      "secrets.github-token" },
    { "gl"
      "pat-0123456789abcdefABCD",
      "secrets.gitlab-token" },
    { "xo"
      "xb-123456789012-abcdefGHIJKL",
      "secrets.slack-token" },
    { "https://hooks.sl"
      "ack.com/services/T0123ABCD/B0123ABCD/abcdefGHIJ0123456789",
      "secrets.webhook-url" },
    { "sk_"
      "live_0123456789abcdefABCD",
      "secrets.stripe-key" },
    { "wh"
      "sec_0123456789abcdefghijABCDEFGHIJ",
      "secrets.webhook-secret" },
    { "sk"
      "-proj-a1B2c3D4e5F6g7H8i9J0k1L2",
      "secrets.model-key" },
    { "SG"
      ".0123456789abcdefABCD12.0123456789abcdefABCD",
      "secrets.telephony-key" },
    { "np"
      "m_0123456789abcdefghijABCDEFGHIJklmnop",
      "secrets.service-token" },
    { "pat"
      "-na1-01234567-89ab-cdef-0123-456789abcdef",
      "secrets.crm-token" },
    { "ey"
      "JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
      "secrets.jwt" },
    { "password = \"Tr0ub4dor&3x\"", "secrets.password" },
    { "DB_PASS"
      "WORD=correct7Horse!battery",
      "secrets.password" },
    { "api_key: 7f3a9c1e5b2d8f4a6c0e", "secrets.key-assignment" },
    { "Authorization: Bearer 9vJx2Qm7LpT4sRz8WkYb", "secrets.key-assignment" },
    { "\"clientSecret\": \"q7W~x2Lm9Pz4Rt6Vb8Nc\"", "secrets.key-assignment" },
    { "X-Api-Key => 'h4Kz9Qw2Xc7Vb1Nm5Lp8'", "secrets.key-assignment" },
};

static void test_check_secrets__refuses_the_known_shapes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(known_shapes); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        check_document(&given, "docs/a.md", known_shapes[i].text);
        if (given.findings.count != 1)
            fail_msg("%s: %zu findings", known_shapes[i].text, given.findings.count);
        assert_string_equal(given.findings.items[0].rule, known_shapes[i].rule);
        assert_int_equal(given.findings.items[0].severity, SEVERITY_ERROR);
    }
}

static void test_check_secrets__passes_what_only_speaks_of_them(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "A file that begins with -----BEGIN PRIVATE KEY----- is a private key.",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----",
        "\"headers\": {\"Authorization\": {\"secret\": \"crm-token\"}}",
        "password: {{password}}, token: ${TOKEN}, api_key=<your-api-key>, secret=xxxxxxxxxxxxxxxx",
        "api_key = process.env.API_KEY_FOR_CRM2, token: your-token-0123456789abc",
        "Never ask for a password: callers must not say it aloud.",
        "the task-force-one-two-three-four-five sk-learn-some-more-words-here",
        "key: value, token: string, max_tokens: 4096, password: min 8 characters",
        "sha256:3f785c4a9b1d2e6f7a8b9c0d1e2f3a4b5c6d7e8f0123456789abcdef01234567",
        "gr_live_short and gh"
        "p_short, AK"
        "IA alone, ey"
        "J.eyJ.x",
        "secret: \"a-long-name-of-words-only-here\", passphrase=hello world",
        "https://acme.example/v1?page_token=next",
        "",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        check_document(&given, "docs/a.md", texts[i]);
        if (given.findings.count > 0)
            fail_msg("%s: %s", texts[i], given.findings.items[0].rule);
    }
}

static void test_check_secrets__is_as_strict_outside_a_sandbox(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct given_subject given OWNED(given_subject_release) = { 0 };
    given_subject_make(&given, KNOWLEDGE,
                       (const struct given_document[]) { { "docs/a.md",
                                                           "gh"
                                                           "p_" FORTY,
                                                           0 },
                                                         { 0 } });
    given.subject.is_sandbox = false;
    given.subject.stage = CHECK_GATE;
    assert_int_equal(check_secrets_run(&given.subject, &given.findings, &err), STATUS_OK);
    assert_int_equal(given_subject_only(&given, "secrets.github-token")->severity, SEVERITY_ERROR);
}

static void test_check_secrets__reads_json_strings_and_says_where(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    check_document(&given, "docs/a.jsonl",
                   "{}\n{\"k\":\"-----BEGIN "
                   "PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG\\n\"}");
    const struct finding *finding = given_subject_only(&given, "secrets.private-key");
    assert_int_equal(finding->line, 2);
    assert_int_equal(finding->column, 7);
}

static void test_check_secrets__never_shows_a_secret_whole(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    check_document(&given, "docs/a.md",
                   "gh"
                   "p_" FORTY "\npassword: Tr0ub4dor&3x");
    assert_int_equal(given.findings.count, 2);
    assert_non_null(strstr(given.findings.items[0].message, "ghp_"));
    assert_null(strstr(given.findings.items[0].message, "0123"));
    assert_null(strstr(given.findings.items[1].message, "Tr0"));
    assert_non_null(strstr(given.findings.items[0].mend, "binding"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_secrets__refuses_the_known_shapes),
        cmocka_unit_test(test_check_secrets__passes_what_only_speaks_of_them),
        cmocka_unit_test(test_check_secrets__is_as_strict_outside_a_sandbox),
        cmocka_unit_test(test_check_secrets__reads_json_strings_and_says_where),
        cmocka_unit_test(test_check_secrets__never_shows_a_secret_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
