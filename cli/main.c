// The `greenroom` command: words in, an operation run, its result out.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "completion.h"
#include "exit_code.h"
#include "help.h"
#include "output.h"

int main(int argc, char **argv)
{
    struct arguments arguments OWNED(arguments_release) = ARGUMENTS_NONE;
    struct error err = { 0 };
    if (argc > 1 && strcmp(argv[1], "completion") == 0)
        return completion_run(argc - 2, argv + 2);
    enum status status = arguments_parse(&arguments, argc, argv, &err);
    if (status == STATUS_OK && arguments.wants_help)
        return help_print(arguments.operation);
    if (status == STATUS_OK && arguments.wants_version) {
        puts("greenroom " GREENROOM_VERSION);
        return exit_code_of(STATUS_OK);
    }
    if (status == STATUS_OK)
        status = remote_check_places(&arguments, &err);
    if (status == STATUS_OK)
        status = arguments_open(&arguments, &err);
    if (status == STATUS_OK)
        status = remote_is_needed(&arguments)
                     ? remote_run(&arguments, &err)
                     : operation_run(arguments.operation, &arguments.call, &err);
    if (status == STATUS_OK)
        status = output_result(&arguments, &err);
    if (status != STATUS_OK)
        output_error(&arguments, &err);
    // Not by returning: what is held here goes with the process, and freeing it piece by piece is a
    // tenth of what a small command executes. A leak checker still sees all of it from here.
    exit(exit_code_of(status == STATUS_OK && arguments.call.is_refusal ? STATUS_REFUSED : status));
}
