// Runs the checks of the table.
#include "check/check.h"

enum status check_run_all(const struct check_subject *subject, struct finding_list *findings,
                          struct error *err)
{
    unsigned kind = 1U << subject->manifest->id.kind;
    for (const struct check *check = check_table; check->id; check++)
        if ((check->kinds & kind) && (check->stages & subject->stage))
            TRY(check->run(subject, findings, err));
    return STATUS_OK;
}
