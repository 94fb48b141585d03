// Signs with an SSH key of the person at the keyboard, through ssh-keygen.
#include "signer.h"

#include "trust/ssh_signature.h"

static enum status sign(void *context, const char *name_space, const char *what, const void *bytes,
                        size_t length, struct buffer *out, struct error *err)
{
    const struct signer *signer = context;
    if (ssh_signature_make(out, signer->key_path, name_space, bytes, length, err) == STATUS_OK)
        return STATUS_OK;
    return error_prefix(err, "signing %s", what);
}

void signer_init(struct signer *signer, const char *key_path)
{
    signer->key_path = key_path;
    signer->signer = (struct live_signer) { .sign = sign, .context = signer };
}
