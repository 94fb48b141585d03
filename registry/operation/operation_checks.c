// The checks, run for an operation.
#include "operation/operation_checks.h"

#include "base/clock.h"
#include "release/waiver.h"

enum status operation_checks_run(const struct content *content, const struct manifest *manifest,
                                 enum check_stage stage, const struct control *control,
                                 struct finding_list *findings, struct error *err)
{
    static const struct check_world empty;
    struct check_subject subject = { .content = content,
                                     .manifest = manifest,
                                     .stage = stage,
                                     .is_sandbox = stage == CHECK_PUBLISH,
                                     .world = &empty };
    char id[ID_TEXT_BYTES];
    size_t first = findings->count;
    TRY(check_run_all(&subject, findings, err));
    if (control)
        TRY(waiver_apply(control, &manifest->id, clock_now(), findings, first, err));
    if (!finding_has_errors(findings))
        return STATUS_OK;
    id_format_bare(&manifest->id, id);
    error_set(err, STATUS_REFUSED, "checks_failed", "%s does not pass its checks", id);
    return error_hint(err, "each finding says how it can be mended");
}
