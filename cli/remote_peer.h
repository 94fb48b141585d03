// `binding set --peer`, when the two environments are not both folders of this machine: the peer
// describes itself, and its description goes along.
#pragma once

#include "arguments.h"

// The environment that the words name as the peer; NULL: none.
const char *remote_peer_find(const struct arguments *arguments);

enum status remote_peer_run(struct arguments *arguments, const struct remote_step *step,
                            struct error *err);
