// Writes content as a folder.
#pragma once

#include "artifact/content.h"
#include "base/error.h"

// Makes the folder, or fills one that is there and empty. STATUS_CONFLICT when it is not empty, or
// no folder. Never writes outside it, whatever stands or appears there: no link is followed below
// it and no file that exists is opened. After a failure what was written is removed. After
// STATUS_OK all of it survives power loss: files and folders are synced. A folder that is made
// stands under its name whole or not at all; one that was there may be half filled when the process
// is killed.
enum status archive_export_folder(const char *path, const struct content *content,
                                  struct error *err);
