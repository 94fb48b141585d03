// Names in archives are UTF-8 whatever the process's locale is.
#pragma once

#include <locale.h>

#include "base/error.h"

// libarchive translates names from and to the calling thread's locale, and in the "C" locale it
// drops what it cannot translate. While a scope is entered the thread has a UTF-8 locale; leaving
// gives it back what it had. Starts as ARCHIVE_LOCALE_NONE.
struct archive_locale {
    locale_t entered;
    locale_t before;
};
#define ARCHIVE_LOCALE_NONE ((struct archive_locale) { 0 })

// STATUS_IO when the system has no UTF-8 locale of that kind.
enum status archive_locale_enter(struct archive_locale *scope, struct error *err);
void archive_locale_leave(struct archive_locale *scope); // for OWNED
