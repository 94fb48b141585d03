// The places of a seal's parts, known to who makes and who opens one.
#pragma once

#include <stddef.h>

#define SEAL_FILE "seal.json"
#define SEAL_SOURCE "source.json"
#define SEAL_DRAFT "draft.json"
#define SEAL_CONTENT "content"
#define SEAL_EVIDENCE "evidence"
#define SEAL_ENVIRONMENT "environment"
#define SEAL_FOLDER_BYTES 24
#define SEAL_PATH_BYTES 64

// "0001" for the first artifact (index 0).
void seal_layout_folder(size_t index, char out[SEAL_FOLDER_BYTES]);
