// The links, images and scripts of Markdown and HTML, as far as a check needs them: what stands in
// code is no link. Sources: CommonMark 0.31 (links, images, code); HTML Living Standard (tags).
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum document_link_kind {
    DOCUMENT_LINK_TEXT,   // something to click on
    DOCUMENT_LINK_IMAGE,  // shown without a click, as are the next two
    DOCUMENT_LINK_FRAME,  // iframe, embed, object
    DOCUMENT_LINK_MEDIA,  // video, audio, source, style sheets
    DOCUMENT_LINK_SCRIPT, // with or without a target
};

// The target as it is written; borrowed from the document.
struct document_link {
    enum document_link_kind kind;
    const char *target;
    size_t length;
    size_t offset; // of the target, or of the tag where there is none
};

#define DOCUMENT_LINK_NESTING_MAX 16 // brackets in brackets; those outside are forgotten

// A walk over one document, which takes time in proportion to its length.
struct document_link_walk {
    const char *bytes;
    size_t length;
    bool is_markdown;
    size_t at;
    bool images[DOCUMENT_LINK_NESTING_MAX]; // open brackets: whether '!' stands before
    size_t starts[DOCUMENT_LINK_NESTING_MAX];
    size_t open;
    const struct document_link_element *element; // the tag that `at` is in, or NULL
    size_t tag;                                  // where it begins
};

// False at the end.
bool document_link_next(struct document_link_walk *walk, struct document_link *out);

// Whether anything but links to click on may stand in the document. Quick, and sure when it says
// no.
bool document_link_may_fetch(const char *bytes, size_t length);

// Whether it leads to another host: http://, https://, or //.
bool document_link_is_remote(const struct document_link *link);
