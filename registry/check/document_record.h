// Documents made of records: JSON Lines and CSV.
//
// Sources: jsonlines.org (one JSON value a line); RFC 4180 (quotes; as many fields in each record).
#pragma once

#include <stddef.h>

#include "base/error.h"

// Something wrong in a record, at a byte of the document. The message is borrowed for the call.
typedef enum status (*document_record_report)(void *context, size_t offset, const char *message,
                                              struct error *err);

#define DOCUMENT_RECORD_MAX_FAULTS 10 // of one document; the rest tends to be more of the same

// Each line must be JSON by the strict reader. Empty lines are passed over.
enum status document_record_check_jsonl(const char *bytes, size_t length,
                                        document_record_report report, void *context,
                                        struct error *err);

// Each record must have as many fields as the first, and every quote its end. Fields are separated
// by what the first line separates with: commas, semicolons or tabs.
enum status document_record_check_csv(const char *bytes, size_t length,
                                      document_record_report report, void *context,
                                      struct error *err);
