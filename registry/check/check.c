// Runs the checks of the table.
#include "check/check.h"

#include "base/memory.h"
#include "check/check_crew.h"

#define CREW_LEAST_BYTES (256U << 10) // of content: with less, a thread costs more than it saves

static bool is_asked(const struct check *check, const struct check_subject *subject)
{
    return (check->kinds & 1U << subject->manifest->id.kind) && (check->stages & subject->stage);
}

enum status check_run_all(const struct check_subject *subject, struct finding_list *findings,
                          struct error *err)
{
    struct check_crew crew OWNED(check_crew_release) = { .subject = subject };
    bool is_large = subject->content->total_bytes >= CREW_LEAST_BYTES;
    if (is_large && content_is_held(subject->content)) {
        for (const struct check *check = check_table; check->id; check++)
            if (check->is_long && is_asked(check, subject))
                check_crew_add(&crew, check);
        check_crew_work(&crew);
    }
    for (const struct check *check = check_table; check->id; check++) {
        if (!is_asked(check, subject))
            continue;
        struct check_job *job = check_crew_find(&crew, check);
        TRY(job ? check_crew_take(job, findings, err) : check->run(subject, findings, err));
    }
    return STATUS_OK;
}
