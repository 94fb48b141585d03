// What the checks need and make only once, however many artifacts they look at: the metaschemas,
// the rules of the detectors, their compiled patterns. Internal to check_*.c; check.h has the rest.
#pragma once

#include "artifact/schema.h"
#include "check/check.h"
#include "check/injection_phrase.h"
#include "check/pii_detector.h"
#include "check/secret_scan.h"

// Each is made when it is first asked for, and borrowed from the kit. Each is for one check alone,
// so that checks of one subject may run side by side.
enum status check_kit_metaschemas(struct check_kit *kit, const struct schema **out,
                                  struct error *err);
enum status check_kit_detector(struct check_kit *kit, struct pii_detector **out, struct error *err);
enum status check_kit_secrets(struct check_kit *kit, struct secret_scan **out, struct error *err);
enum status check_kit_phrases(struct check_kit *kit, struct injection_phrases **out,
                              struct error *err);
