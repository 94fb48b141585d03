// libarchive, loaded when the first archive is read or written.
//
// It brings ten libraries along, for formats that are never read here as well (its XML reader, and
// with that 30 MB of ICU). Linked, they would make up a third of the start of every command, and
// few commands meet an archive: folders, files, git and the ledger need none of it.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include "base/error.h"

// The functions of libarchive that are used here.
#define ARCHIVE_LIBRARY_FUNCTIONS(DO)                                                              \
    DO(archive_errno)                                                                              \
    DO(archive_error_string)                                                                       \
    DO(archive_set_error)                                                                          \
    DO(archive_filter_bytes)                                                                       \
    DO(archive_read_new)                                                                           \
    DO(archive_read_free)                                                                          \
    DO(archive_read_append_filter)                                                                 \
    DO(archive_read_set_format)                                                                    \
    DO(archive_read_support_format_tar)                                                            \
    DO(archive_read_support_format_zip_seekable)                                                   \
    DO(archive_read_set_seek_callback)                                                             \
    DO(archive_read_open)                                                                          \
    DO(archive_read_open2)                                                                         \
    DO(archive_read_next_header)                                                                   \
    DO(archive_read_data_block)                                                                    \
    DO(archive_write_new)                                                                          \
    DO(archive_write_free)                                                                         \
    DO(archive_write_set_format_pax_restricted)                                                    \
    DO(archive_write_set_format_zip)                                                               \
    DO(archive_write_set_format_option)                                                            \
    DO(archive_write_zip_set_compression_deflate)                                                  \
    DO(archive_write_add_filter_gzip)                                                              \
    DO(archive_write_add_filter_zstd)                                                              \
    DO(archive_write_set_filter_option)                                                            \
    DO(archive_write_set_bytes_per_block)                                                          \
    DO(archive_write_set_bytes_in_last_block)                                                      \
    DO(archive_write_open)                                                                         \
    DO(archive_write_header)                                                                       \
    DO(archive_write_data)                                                                         \
    DO(archive_write_finish_entry)                                                                 \
    DO(archive_write_close)                                                                        \
    DO(archive_entry_new2)                                                                         \
    DO(archive_entry_free)                                                                         \
    DO(archive_entry_pathname)                                                                     \
    DO(archive_entry_pathname_utf8)                                                                \
    DO(archive_entry_hardlink)                                                                     \
    DO(archive_entry_filetype)                                                                     \
    DO(archive_entry_size)                                                                         \
    DO(archive_entry_size_is_set)                                                                  \
    DO(archive_entry_is_encrypted)                                                                 \
    DO(archive_entry_set_pathname)                                                                 \
    DO(archive_entry_set_size)                                                                     \
    DO(archive_entry_set_filetype)                                                                 \
    DO(archive_entry_set_perm)                                                                     \
    DO(archive_entry_set_mtime)

// Each under its own name, with the prototype of libarchive's header.
struct archive_library {
#define ARCHIVE_LIBRARY_MEMBER(name) __typeof__(name) *name;
    ARCHIVE_LIBRARY_FUNCTIONS(ARCHIVE_LIBRARY_MEMBER)
#undef ARCHIVE_LIBRARY_MEMBER
};

// Fills *out; any thread. The library stays loaded until the process ends, so that asking again
// costs a look-up of each name. STATUS_IO when it is missing.
enum status archive_library_load(struct archive_library *out, struct error *err);
