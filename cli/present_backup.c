// Backups and what is restored from them, for people.
#include "present_backup.h"

#include <stdio.h>

#include "present.h"

// On standard error, since a backup may go to standard output.
void present_backup_made(const struct json *output)
{
    fprintf(stderr, "backed up %s as of %s\n", present_text(output, "name"),
            present_text(output, "made_at"));
    fprintf(stderr, "its audit ends at %s\n", present_text(output, "audit_head"));
    fputs("  keep the newest such line elsewhere: `greenroom restore --expect-head` asks for it\n",
          stderr);
}

void present_backup_restored(const struct json *output)
{
    printf("restored %s in %s from a backup of %s\n", present_text(output, "name"),
           present_text(output, "path"), present_text(output, "made_at"));
    printf("its audit ended at %s, and now ends at %s\n", present_text(output, "backup_head"),
           present_text(output, "audit_head"));
    if (!json_get_bool(output, "has_loss", false))
        return;
    fprintf(stderr,
            "What was decided after that entry is not known here.\n"
            "  %lld keys were revoked: nobody is served until new ones are made.\n"
            "  Before that, compare approvers, quarantine, holds and policy with what is known "
            "elsewhere.\n",
            present_number(output, "keys_revoked"));
}
