// Checks that the index has what git has: nothing missing, nothing more.
#pragma once

#include "artifact/finding.h"
#include "base/error.h"
#include "release/environment.h"

// Whether each artifact of the branch that holds this environment's versions has a row for each of
// its versions, and the index no artifact beside them. What the rows say is not looked at here.
// STATUS_OK when everything could be looked at; what is wrong becomes findings, "verify.index".
enum status inspect_index(struct environment *environment, struct finding_list *findings,
                          struct error *err);
