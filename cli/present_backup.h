// Backups and what is restored from them, for people.
#pragma once

#include "artifact/json.h"

void present_backup_made(const struct json *output);
void present_backup_restored(const struct json *output);
