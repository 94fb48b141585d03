// Help, made from the operation table.
#include "help.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "exit_code.h"

static const char common_options[] =
    "Every command takes\n"
    "  --env DIR      the environment's folder, or https://HOST[:PORT] of the server that has it\n"
    "                 (or GREENROOM_ENV)\n"
    "  --ca FILE      certificates to trust a server by (or GREENROOM_CA; default: the system's)\n"
    "  --json         machine-readable output on standard output\n"
    "  --actor NAME   who acts (default: git's user.name <user.email>, else the login name;\n"
    "                 on a server the owner of the key, from GREENROOM_KEY or\n"
    "                 ~/.config/greenroom/credentials)\n"
    "  --help         what this command takes\n";

void help_append_usage(struct buffer *out, const struct operation *operation)
{
    buffer_append_format(out, "greenroom %s", operation->name);
    for (const struct operation_field *field = operation->fields; field->name; field++) {
        const char *many = field->type == FIELD_LIST ? "..." : "";
        if (!field->flag && !*field->metavar) // filled by the face itself
            continue;
        buffer_append_format(out, field->required ? " %s%s%s%s" : " [%s%s%s]%s",
                             field->flag ? field->flag : "",
                             field->flag && *field->metavar ? " " : "", field->metavar, many);
    }
}

static int print_list(void)
{
    puts("greenroom: a registry for what AI voice agents say and do\n\nCommands");
    for (size_t i = 0; operation_table[i]; i++)
        printf("  %-17s %s\n", operation_table[i]->name, operation_table[i]->summary);
    puts("  completion        print the completion script for bash, zsh or fish");
    printf("\n%s\nExit codes: 0 done, 1 refused, 2 wrong usage, 3 not found, 4 conflict, "
           "5 damaged data, 6 input/output\n",
           common_options);
    return exit_code_of(STATUS_OK);
}

int help_print(const struct operation *operation)
{
    if (!operation)
        return print_list();
    struct buffer usage OWNED(buffer_release) = { 0 };
    help_append_usage(&usage, operation);
    printf("%s\n\n%s.\n\n", buffer_text(&usage), operation->summary);
    for (const struct operation_field *field = operation->fields; field->name; field++) {
        if (field->flag || *field->metavar)
            printf("  %-18s %-13s %s\n", field->flag ? field->flag : "", field->metavar,
                   field->help);
    }
    printf("\n%s", common_options);
    return exit_code_of(STATUS_OK);
}
