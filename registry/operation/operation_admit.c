// admit: a seal comes to production.
#include <stdlib.h>
#include <sys/mman.h>

#include "archive/archive_writer.h"
#include "base/file.h"
#include "base/memory.h"
#include "operation/operation_admission.h"
#include "operation/operation_rows.h"
#include "trust/hash.h"

static void free_seal(void *state)
{
    seal_release(state);
    free(state);
}

// A seal has one form: the tar that `greenroom seal` writes. One with the same files packed
// otherwise was taken apart on its way, and whoever did that may have done more.
static enum status check_packing(const struct operation_call *call, struct error *err)
{
    struct digest digest;
    int fd OWNED(file_close) = memfd_create("seal", MFD_CLOEXEC);
    if (!call->has_packed)
        return STATUS_OK;
    if (fd < 0)
        return error_errno(err, "cannot make", "memory for the seal");
    TRY(archive_writer_fd(fd, ARCHIVE_TAR, &call->content, "the seal", err));
    TRY(hash_fd(&digest, fd, "the seal", err));
    if (digest_equal(&digest, &call->packed))
        return STATUS_OK;
    error_set(err, STATUS_DAMAGED, "seal_repacked",
              "the seal was re-packed: its files are whole, its "
              "archive is not the one that was sealed");
    return error_hint(err, "carry the very file that `greenroom seal` wrote");
}

static enum status prepare(struct operation_call *call, struct error *err)
{
    struct seal *seal = NULL;
    TRY(check_packing(call, err));
    TRY(memory_new(&seal, 1, sizeof(*seal), err));
    call->state = seal;
    call->free_state = free_seal;
    return seal_open(seal, &call->content, err);
}

static enum status run(struct operation_call *call, struct error *err)
{
    return operation_admission_run(call, "admit", call->state, err);
}

static const struct operation_field fields[] = {
    { "seal", NULL, "FILE", "what `greenroom seal` wrote", FIELD_SEAL, true },
    { "sign-with", "--sign-with", "SSH-KEY", "an approver's key", FIELD_SIGNER, true },
    { "reason", "--reason", "TEXT", "why, for those who read the log", FIELD_TEXT, false },
    OPERATION_ADMISSION_FIELDS,
    { 0 },
};

const struct operation operation_admit = {
    .name = "admit",
    .summary = "make what a seal holds live: the production side of a promotion",
    .roles = ROLE_APPROVER,
    .classes = ENVIRONMENT_LIVE,
    .is_scoped = true,
    .elsewhere = "seals are admitted into a live environment: name it with --env",
    .writes = true,
    .fields = fields,
    .prepare = prepare,
    .run = run,
};
