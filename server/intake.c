// What a connection has received and not looked at yet.
#include "intake.h"

#include <string.h>

#include "base/memory.h"

void intake_lend(struct intake *intake, char *scratch)
{
    size_t length = intake->end - intake->at;
    if (length > 0)
        memcpy(scratch, intake->bytes + intake->at, length);
    memory_release(&intake->own);
    intake->bytes = scratch;
    intake->at = 0;
    intake->end = length;
}

enum status intake_take_back(struct intake *intake, struct error *err)
{
    size_t length = intake->end - intake->at;
    char *own = NULL;
    if (length > 0)
        TRY(memory_copy_bytes(&own, intake->bytes + intake->at, length, err));
    *intake = (struct intake) { .bytes = own, .end = length, .own = own };
    return STATUS_OK;
}

size_t intake_room(struct intake *intake, char **out_place)
{
    size_t length = intake->end - intake->at;
    if (length == 0 || intake->end == INTAKE_SCRATCH_BYTES) {
        memmove(intake->bytes, intake->bytes + intake->at, length);
        intake->at = 0;
        intake->end = length;
    }
    *out_place = intake->bytes + intake->end;
    return INTAKE_SCRATCH_BYTES - intake->end;
}

void intake_forget(struct intake *intake)
{
    intake->at = 0;
    intake->end = 0;
}

void intake_release(struct intake *intake)
{
    memory_release(&intake->own);
    *intake = (struct intake) { 0 };
}
