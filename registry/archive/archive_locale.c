// Names in archives are UTF-8 whatever the process's locale is.
#include "archive/archive_locale.h"

enum status archive_locale_enter(struct archive_locale *scope, struct error *err)
{
    // Part of glibc itself since 2.35; elsewhere a package may have to bring it.
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (!utf8) {
        error_set(err, STATUS_IO, "locale_missing",
                  "archives need the locale C.UTF-8, which this system does not have");
        return error_hint(err, "install the system's C.UTF-8 locale");
    }
    *scope = (struct archive_locale) { .entered = utf8, .before = uselocale(utf8) };
    return STATUS_OK;
}

void archive_locale_leave(struct archive_locale *scope)
{
    if (!scope->entered)
        return;
    uselocale(scope->before);
    freelocale(scope->entered);
    *scope = ARCHIVE_LOCALE_NONE;
}
