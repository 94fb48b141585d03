// The gate, as a table: each way to spoil a proposal, and what each move says to it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gate_scene.h"

static void nothing(struct scene *scene)
{
    (void)scene;
}

static void nothing_signed_yet(struct scene *scene)
{
    scene->proposal.commit = NULL;
    scene->item.tag = NULL;
}

static void in_a_sandbox(struct scene *scene)
{
    scene->environment.identity.environment_class = ENVIRONMENT_SANDBOX;
}

static void without_reason(struct scene *scene)
{
    scene->proposal.reason = NULL;
}

static void with_empty_reason(struct scene *scene)
{
    scene->reason[0] = '\0';
}

static void commit_by_stranger(struct scene *scene)
{
    sign_commit(scene, STRANGER);
}

static void commit_unsigned(struct scene *scene)
{
    scene->commit.signature = "";
    scene->commit.signature_bytes = 0;
}

static void commit_changed(struct scene *scene)
{
    scene->commit.payload = "commit of else\n";
}

static void commit_by_another_signature(struct scene *scene)
{
    scene->commit.signature = scene->tag.signature;
    scene->commit.signature_bytes = scene->tag.signature_bytes;
}

static void commit_by_ended(struct scene *scene)
{
    sign_commit(scene, ENDED);
}

// Valid to the end of this very second, in which whoever is removed may still have signed.
static void commit_by_ending(struct scene *scene)
{
    sign_commit(scene, ENDING);
}

static void commit_by_beginner(struct scene *scene)
{
    sign_commit(scene, BEGINNER);
}

static void commit_by_author(struct scene *scene)
{
    sign_commit(scene, WRITER);
}

static void tag_by_stranger(struct scene *scene)
{
    sign_tag(scene, STRANGER);
}

static void tag_by_ending(struct scene *scene)
{
    sign_tag(scene, ENDING);
}

static void tag_by_author(struct scene *scene)
{
    sign_tag(scene, WRITER);
}

static void tag_by_second(struct scene *scene)
{
    sign_tag(scene, SECOND);
}

static void quarantined(struct scene *scene)
{
    scene->quarantine = (struct control_quarantine) { scene->item.id, { { 99 } } };
    scene->control.quarantine = &scene->quarantine;
    scene->control.quarantine_count = 1;
}

static void quarantined_elsewhere(struct scene *scene)
{
    quarantined(scene);
    scene->quarantine.id.version = 77;
    scene->quarantine.digest = scene->item.digest;
}

static void another_quarantined(struct scene *scene)
{
    quarantined(scene);
    scene->quarantine.id.version = 77;
}

static void nothing_left(struct scene *scene)
{
    scene->item.id.version = 0;
    scene->item.tag = NULL;
}

static void released_with_other_content(struct scene *scene)
{
    scene->state.count = 2;
    scene->item.digest.bytes[0] = 88;
}

static void never_released(struct scene *scene)
{
    scene->item.id.version = 9;
}

static void live_already(struct scene *scene)
{
    scene->state.count = 2;
    scene->state.live_version = scene->item.id.version;
}

static void frozen(struct scene *scene)
{
    set_policy(scene, "{\"freezes\":[{\"from\":\"2026-11-18T11:06:40Z\","
                      "\"to\":\"2026-11-18T11:06:41Z\",\"reason\":\"launch\"}]}");
}

static void frozen_before_and_after(struct scene *scene)
{
    set_policy(scene, "{\"freezes\":[{\"from\":\"2026-11-17T00:00:00Z\","
                      "\"to\":\"2026-11-18T11:06:40Z\",\"reason\":\"before\"},"
                      "{\"from\":\"2026-11-18T11:06:41Z\",\"to\":\"2027-01-01T00:00:00Z\","
                      "\"reason\":\"after\"}]}");
}

static void on_hold(struct scene *scene)
{
    scene->hold = (struct control_hold) { .id = scene->state.id, .reason = scene->reason };
    scene->control.holds = &scene->hold;
    scene->control.hold_count = 1;
}

static void another_on_hold(struct scene *scene)
{
    struct error err = { 0 };
    on_hold(scene);
    must(id_parse_bare(&scene->hold.id, "prompt/farewell", &err), &err);
}

static void rejected(struct scene *scene)
{
    char digest[DIGEST_TEXT_BYTES];
    digest_format(&scene->item.digest, digest);
    scene->record.type = EVIDENCE_REJECTION;
    scene->record.document = json_new_object();
    json_set_string(scene->record.document, "digest", digest);
    scene->evidence.records = &scene->record;
    scene->evidence.count = 1;
}

static void rejected_with_other_content(struct scene *scene)
{
    rejected(scene);
    json_set_string(scene->record.document, "digest", "sha256:00");
}

static void expired_emergency(struct scene *scene)
{
    scene->releases[0].emergency_until = TIME;
}

static void open_emergency(struct scene *scene)
{
    scene->releases[0].emergency_until = TIME + 1;
}

static void glass_on_expired_emergency(struct scene *scene)
{
    set_policy(scene, "{\"break_glass\":{\"open_for\":\"24h\"}}");
    expired_emergency(scene);
    sign_commit(scene, SECOND);
    scene->proposal.break_glass = true;
}

static void glass_without_policy(struct scene *scene)
{
    scene->proposal.break_glass = true;
    sign_commit(scene, SECOND);
}

// NULL: it may be made. Only a promotion looks at tags, authors, freezes and holds.
static const struct {
    const char *name;
    void (*spoil)(struct scene *scene);
    const char *rules[3]; // by gate_move
} table[] = {
#define ROW(spoil, promote, rollback, quarantine)                                                  \
    {                                                                                              \
#spoil, spoil,                                                                             \
        {                                                                                          \
            promote, rollback, quarantine                                                          \
        }                                                                                          \
    }
#define FINE(spoil) ROW(spoil, NULL, NULL, NULL)
#define ALL(spoil, rule) ROW(spoil, rule, rule, rule)
#define PROMOTION(spoil, rule) ROW(spoil, rule, NULL, NULL)
    FINE(nothing),
    FINE(nothing_signed_yet),
    ALL(in_a_sandbox, "gate.class"),
    ROW(without_reason, NULL, "gate.reason", "gate.reason"),
    ROW(with_empty_reason, NULL, "gate.reason", "gate.reason"),
    ALL(commit_by_stranger, "gate.approver"),
    ALL(commit_unsigned, "gate.approver"),
    ALL(commit_changed, "gate.approver"),
    ALL(commit_by_another_signature, "gate.approver"),
    ALL(commit_by_ended, "gate.approver"),
    ALL(commit_by_ending, "gate.approver"),
    ALL(commit_by_beginner, "gate.approver"),
    FINE(commit_by_author),
    PROMOTION(tag_by_stranger, "gate.approver"),
    PROMOTION(tag_by_ending, "gate.approver"),
    PROMOTION(tag_by_author, "gate.own-draft"),
    FINE(tag_by_second),
    ALL(quarantined, "gate.quarantined"),
    ALL(quarantined_elsewhere, "gate.quarantined"),
    FINE(another_quarantined),
    PROMOTION(released_with_other_content, "gate.version-differs"),
    ROW(never_released, NULL, "gate.never-released", NULL),
    ROW(live_already, NULL, "gate.already-live", NULL),
    PROMOTION(frozen, "gate.freeze"),
    FINE(frozen_before_and_after),
    PROMOTION(on_hold, "gate.hold"),
    FINE(another_on_hold),
    PROMOTION(rejected, "gate.rejected"),
    FINE(rejected_with_other_content),
    PROMOTION(glass_without_policy, "gate.break-glass"),
    // Release 1: what a promotion replaces, and what the others go back to.
    ROW(expired_emergency, NULL, "gate.emergency-expired", NULL),
    FINE(open_emergency),
    ROW(glass_on_expired_emergency, "gate.emergency-expired", "gate.emergency-expired", NULL),
};

static const char *const move_words[] = { "promote", "rollback", "quarantine" };

static void check(const struct keys *keys, size_t row, enum gate_move move)
{
    struct scene scene OWNED(clear_scene);
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct error err = { 0 };
    const char *rule = table[row].rules[move];
    set_scene(&scene, keys, move);
    table[row].spoil(&scene);
    enum status status =
        gate_decide(&scene.environment, &scene.control, &scene.proposal, &findings, &err);
    const char *found = findings.count > 0 ? findings.items[0].rule : "nothing";
    if (status != (rule ? STATUS_REFUSED : STATUS_OK) || findings.count != (rule ? 1 : 0) ||
        (rule && strcmp(found, rule) != 0))
        fail_msg("%s, %s: wanted %s, found %s (%zu findings, status %d)", move_words[move],
                 table[row].name, rule ? rule : "nothing", found, findings.count, status);
    if (rule)
        assert_true(findings.items[0].mend[0] != '\0');
}

static void test_gate_decide__refuses_each_move_for_its_own_reasons(void **state)
{
    for (size_t row = 0; row < COUNT_OF(table); row++)
        for (enum gate_move move = GATE_PROMOTE; move <= GATE_QUARANTINE; move++)
            check(*state, row, move);
}

// Taking something out of service with nothing to take its place, whatever else is quarantined.
static void test_gate_decide__lets_nothing_be_live(void **state)
{
    struct scene scene OWNED(clear_scene);
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct error err = { 0 };
    set_scene(&scene, *state, GATE_QUARANTINE);
    quarantined(&scene);
    nothing_left(&scene);
    scene.state.live_version = 0; // taken out before: nobody can miss it now
    must(gate_decide(&scene.environment, &scene.control, &scene.proposal, &findings, &err), &err);
    assert_int_equal(findings.count, 0);
}

static void assert_rule(const struct finding_list *findings, const char *rule)
{
    for (size_t i = 0; i < findings->count; i++)
        if (strcmp(findings->items[i].rule, rule) == 0)
            return;
    fail_msg("no finding %s", rule);
}

static void test_gate_decide__says_everything_at_once(void **state)
{
    static const char *const rules[] = { "gate.class",       "gate.freeze", "gate.approver",
                                         "gate.quarantined", "gate.hold",   "gate.own-draft" };
    struct scene scene OWNED(clear_scene);
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct error err = { 0 };
    set_scene(&scene, *state, GATE_PROMOTE);
    in_a_sandbox(&scene);
    frozen(&scene);
    commit_by_stranger(&scene);
    quarantined(&scene);
    on_hold(&scene);
    tag_by_author(&scene);
    assert_int_equal(
        gate_decide(&scene.environment, &scene.control, &scene.proposal, &findings, &err),
        STATUS_REFUSED);
    for (size_t i = 0; i < COUNT_OF(rules); i++)
        assert_rule(&findings, rules[i]);
    assert_int_equal(findings.count, COUNT_OF(rules));
    assert_string_equal(err.code, "gate_refused");
}

static void test_gate_decide__names_the_artifact_that_it_refuses(void **state)
{
    struct scene scene OWNED(clear_scene);
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct error err = { 0 };
    set_scene(&scene, *state, GATE_PROMOTE);
    struct gate_item items[] = { scene.item, scene.item };
    must(id_parse_version(&items[1].id, "tool/crm/note@5", &err), &err);
    scene.proposal.items = items;
    scene.proposal.count = COUNT_OF(items);
    quarantined(&scene);
    scene.quarantine.id = items[1].id;
    assert_int_equal(
        gate_decide(&scene.environment, &scene.control, &scene.proposal, &findings, &err),
        STATUS_REFUSED);
    assert_int_equal(findings.count, 1);
    assert_int_equal(strncmp(findings.items[0].message, "tool/crm/note@5: ", 17), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gate_decide__refuses_each_move_for_its_own_reasons),
        cmocka_unit_test(test_gate_decide__lets_nothing_be_live),
        cmocka_unit_test(test_gate_decide__says_everything_at_once),
        cmocka_unit_test(test_gate_decide__names_the_artifact_that_it_refuses),
    };
    return cmocka_run_group_tests(tests, make_keys, remove_keys);
}
