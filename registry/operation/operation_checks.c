// The checks, run for an operation.
#include "operation/operation_checks.h"

#include "base/clock.h"
#include "release/waiver.h"

enum status operation_checks_run(const struct content *content, const struct manifest *manifest,
                                 const struct operation_checks_request *request,
                                 struct finding_list *findings, struct error *err)
{
    struct check_subject subject = { .content = content,
                                     .manifest = manifest,
                                     .stage = request->stage,
                                     .is_sandbox = request->is_sandbox,
                                     .world = request->world,
                                     .kit = request->kit };
    char id[ID_TEXT_BYTES];
    size_t first = findings->count;
    TRY(check_run_all(&subject, findings, err));
    if (request->control)
        TRY(waiver_apply(request->control, &manifest->id, clock_now(), findings, first, err));
    if (!finding_has_errors(findings))
        return STATUS_OK;
    id_format_bare(&manifest->id, id);
    error_set(err, STATUS_REFUSED, "checks_failed", "%s does not pass its checks", id);
    return error_hint(err, "each finding says how it can be mended");
}
