// Which content coding a caller gets. Source: RFC 9110 section 12.5.3.
#pragma once

#include "head.h"
#include "snapshot/snapshot_release.h"

// The coding that the field value of Accept-Encoding (absent: {0}) likes best among those that
// `available` (bits 1 << enum snapshot_encoding) has; of equals zstd before gzip before none. A
// caller that accepts none of them gets the content as it is.
enum snapshot_encoding coding_choose(struct head_span accepted, unsigned available);

// Its name as Content-Encoding has it; NULL for SNAPSHOT_IDENTITY.
const char *coding_name(enum snapshot_encoding encoding);
