// A running SHA-1 for whoever needs one below or beside trust/ without knowing libcrypto: git names
// its objects and ends its packs by SHA-1. Nothing of ours is secured by it; digests are SHA-256.
#pragma once

#include "base/error.h"
#include "base/hash_stream.h"

// A hash_stream_new whose results are 20 bytes.
enum status sha1_stream_new(struct hash_stream **out, struct error *err);
