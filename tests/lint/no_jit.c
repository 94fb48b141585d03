// To be preloaded under valgrind: PCRE2 goes without its compiler. What that makes reads whole
// vectors, beyond the end of a text on purpose, which memcheck takes for a fault.
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int pcre2_jit_compile_8(void *code, uint32_t options);

#define PCRE2_ERROR_JIT_BADOPTION (-45) // as where no compiler is built in

int pcre2_jit_compile_8(void *code, uint32_t options)
{
    (void)code, (void)options;
    return PCRE2_ERROR_JIT_BADOPTION;
}

// For the test alone: git, which it may start, insists on the compiler. Valgrind has to hand it on.
__attribute__((constructor)) static void not_for_children(void)
{
    if (!strstr(program_invocation_short_name, "valgrind"))
        unsetenv("LD_PRELOAD");
}
