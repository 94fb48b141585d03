// Where a relative link of a document leads, among the files of its knowledge base.
#pragma once

#include <stdbool.h>

#include "artifact/content.h"
#include "check/document_link.h"

// Whether the link is relative, to a document, and leads to none: links to other hosts, to places
// in the same document, from the root of a web site ("/x"), to other kinds of files and those that
// a site's templates fill in are none of it. "plans", "plans/", "plans.html" and "../plans/" are
// taken as site generators take them, for plans.md or plans/index.md.
enum status document_path_is_broken(bool *out, const struct content *content, const char *from,
                                    const struct document_link *link, struct error *err);
