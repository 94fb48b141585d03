// The parts that operations' outputs are made of, so that one thing has one form everywhere.
#pragma once

#include "artifact/content.h"
#include "artifact/digest.h"
#include "artifact/finding.h"
#include "artifact/id.h"
#include "artifact/json.h"
#include "ledger/index.h"

// "artifact", "version", "digest".
void operation_result_set_version(struct json *object, const struct artifact_id *id,
                                  const struct digest *digest);

// "findings": [{"rule","severity","file","line","column","message","mend"}]
void operation_result_set_findings(struct json *object, const struct finding_list *findings);

// A row of the index: version, who, when, note, whether it is live.
void operation_result_set_row(struct json *object, const struct index_version *row);

// "files": [{"path","size","sha256"}] of hashed content.
void operation_result_set_files(struct json *object, const struct content *content);

// "2026-11-23T10:30:00Z" under `key`.
void operation_result_set_time(struct json *object, const char *key, int64_t seconds);

// "error": {"code","message","hint"}
void operation_result_set_error(struct json *object, const struct error *err);
