// Signs with an SSH key of the person at the keyboard.
#pragma once

#include "release/live.h"

// Lives as long as the call that it is handed to.
struct signer {
    struct live_signer signer;
    const char *key_path;
};

void signer_init(struct signer *signer, const char *key_path);
