// personal-data: what belongs to a person is refused in a sandbox and reported elsewhere; what
// belongs to nobody passes.
#include "unit/check/given_subject.h"

#define KNOWLEDGE "{\"kind\":\"knowledge\",\"name\":\"plans\",\"title\":\"Plans\"}"
#define TOOL(description)                                                                          \
    "{\"kind\":\"tool\",\"name\":\"crm/log\",\n\"description\":\"" description                     \
    "\",\"input_schema\":"                                                                         \
    "{\"type\":\"object\"}}"

static void check(struct given_subject *given, const char *manifest,
                  const struct given_document *documents)
{
    struct error err = { 0 };
    given_subject_make(given, manifest, documents);
    assert_int_equal(check_personal_data_run(&given->subject, &given->findings, &err), STATUS_OK);
}

static void check_document(struct given_subject *given, const char *path, const char *text)
{
    check(given, KNOWLEDGE, (const struct given_document[]) { { path, text, 0 }, { 0 } });
}

static void test_check_personal_data__refuses_every_entity(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *rule;
    } rows[] = {
        { "jane@acme.de", "personal-data.email" },
        { "call +49 151 23456789", "personal-data.phone" },
        { "4532 0151 1283 0366", "personal-data.payment-card" },
        { "DE89 3704 0044 0532 0130 00", "personal-data.iban" },
        { "451-62-1234", "personal-data.us-ssn" },
        { "AB 12 34 56 C", "personal-data.uk-nino" },
        { "2341 2341 2346", "personal-data.in-aadhaar" },
        { "ABCPK1234L", "personal-data.in-pan" },
        { "passport X1234567", "personal-data.passport" },
        { "84.23.11.9", "personal-data.ip-address" },
        { "born 12.03.1984", "personal-data.date-of-birth" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        check_document(&given, "docs/a.md", rows[i].text);
        const struct finding *finding = given_subject_only(&given, rows[i].rule);
        assert_int_equal(finding->severity, SEVERITY_ERROR);
        assert_string_equal(finding->file, "docs/a.md");
        assert_true(finding->mend[0] != '\0');
    }
}

static void test_check_personal_data__refuses_a_name_beside_other_data(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    struct given_subject alone OWNED(given_subject_release) = { 0 };
    check_document(&given, "docs/a.txt", "Name: Jane Roe\nE-mail: jane@acme.de");
    assert_int_equal(given_subject_only(&given, "personal-data.person-name")->line, 1);
    check_document(&alone, "docs/a.txt", "Name: Jane Roe\nE-mail: jane@example.com");
    assert_int_equal(alone.findings.count, 0);
}

static void test_check_personal_data__passes_what_is_nobodys(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "care@example.com, a@b.example.org, c@d.test",
        "+1 415 555 0123, 020 7946 0958, +44 7700 900123, +49 30 23125 123, 06 39 98 12 34",
        "+1 555 01XX, ***-**-1234, [EMAIL], XXXX XXXX 1234, DE** **** 00",
        "4242 4242 4242 4242 and 378282246310005",
        "127.0.0.1, 10.1.2.3, 192.168.0.1, 192.0.2.7, 2001:db8::1, ::1, fe80::1",
        "4532 0151 1283 0367, DE88 3704 0044 0532 0130 00, 2341 2341 2345, QQ123456C",
        "Our plan costs 19.99 a month since 2024-01-02; call {{phone}} or write to {{email}}.",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct given_subject given OWNED(given_subject_release) = { 0 };
        check_document(&given, "docs/a.md", texts[i]);
        if (given.findings.count > 0)
            fail_msg("%s: %s", texts[i], given.findings.items[0].message);
    }
}

static void test_check_personal_data__only_warns_outside_a_sandbox(void **state)
{
    (void)state;
    struct error err = { 0 };
    struct given_subject given OWNED(given_subject_release) = { 0 };
    given_subject_make(
        &given, KNOWLEDGE,
        (const struct given_document[]) { { "docs/a.md", "jane@acme.de", 0 }, { 0 } });
    given.subject.is_sandbox = false;
    assert_int_equal(check_personal_data_run(&given.subject, &given.findings, &err), STATUS_OK);
    assert_int_equal(given_subject_only(&given, "personal-data.email")->severity, SEVERITY_WARNING);
}

static void test_check_personal_data__says_where_in_code_points(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    check_document(&given, "docs/a.txt",
                   "eins\nGr\xC3\xBC\xC3\x9F"
                   "e an jane@acme.de");
    const struct finding *finding = given_subject_only(&given, "personal-data.email");
    assert_int_equal(finding->line, 2);
    assert_int_equal(finding->column, 10);
}

static void test_check_personal_data__sees_through_escapes_and_full_width(void **state)
{
    (void)state;
    struct given_subject json OWNED(given_subject_release) = { 0 };
    struct given_subject lines OWNED(given_subject_release) = { 0 };
    struct given_subject wide OWNED(given_subject_release) = { 0 };
    check(&json, TOOL("Mail \\u006aane\\u0040acme.de"), NULL);
    const struct finding *finding = given_subject_only(&json, "personal-data.email");
    assert_string_equal(finding->file, "artifact.json");
    assert_int_equal(finding->line, 2);
    assert_int_equal(finding->column, 21);
    check_document(&lines, "docs/a.jsonl",
                   "{\"a\":1}\n{\"t\":\"call\\u00a0\\u002b49 151 23456789\"}");
    assert_int_equal(given_subject_only(&lines, "personal-data.phone")->line, 2);
    check_document(&wide, "docs/a.md",
                   "SSN \xEF\xBC\x94\xEF\xBC\x95\xEF\xBC\x91-62-\xEF\xBC\x91"
                   "234 and\xC2\xA0more");
    assert_int_equal(given_subject_only(&wide, "personal-data.us-ssn")->column, 5);
}

static void test_check_personal_data__reads_file_names(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    check_document(&given, "docs/jane.roe@acme.de.md", "nothing");
    assert_int_equal(given_subject_only(&given, "personal-data.email")->line, 0);
}

static void test_check_personal_data__never_shows_a_value_whole(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    check_document(&given, "docs/a.md", "jane@acme.de or 4532015112830366");
    assert_int_equal(given.findings.count, 2);
    assert_null(strstr(given.findings.items[0].message, "ane@acme"));
    assert_null(strstr(given.findings.items[1].message, "0151128303"));
}

static void test_check_personal_data__says_what_it_cannot_read(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    check_document(&given, "docs/a.pdf", "%PDF-1.7 jane@acme.de");
    assert_int_equal(given.findings.count, 1);
    assert_int_equal(given_subject_only(&given, "personal-data.unread")->severity,
                     SEVERITY_WARNING);
}

static void test_check_personal_data__takes_any_bytes(void **state)
{
    (void)state;
    struct given_subject given OWNED(given_subject_release) = { 0 };
    static const char bytes[] = "\xFF\xFE\0\xC3jane@acme.de\xE2\x82\0+49 151 23456789\xF0";
    check(&given, KNOWLEDGE,
          (const struct given_document[]) { { "docs/a.txt", bytes, sizeof(bytes) - 1 }, { 0 } });
    assert_int_equal(given_subject_count(&given, "personal-data.email"), 1);
    assert_int_equal(given_subject_count(&given, "personal-data.phone"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_personal_data__refuses_every_entity),
        cmocka_unit_test(test_check_personal_data__refuses_a_name_beside_other_data),
        cmocka_unit_test(test_check_personal_data__passes_what_is_nobodys),
        cmocka_unit_test(test_check_personal_data__only_warns_outside_a_sandbox),
        cmocka_unit_test(test_check_personal_data__says_where_in_code_points),
        cmocka_unit_test(test_check_personal_data__sees_through_escapes_and_full_width),
        cmocka_unit_test(test_check_personal_data__reads_file_names),
        cmocka_unit_test(test_check_personal_data__never_shows_a_value_whole),
        cmocka_unit_test(test_check_personal_data__says_what_it_cannot_read),
        cmocka_unit_test(test_check_personal_data__takes_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
