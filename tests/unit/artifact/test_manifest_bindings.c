// The bindings that a manifest names: each once, with its role and its place.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "artifact/manifest_bindings.h"
#include "base/memory.h"

static size_t collect(struct manifest *manifest, const char *text,
                      struct manifest_binding out[MANIFEST_MAX_BINDINGS])
{
    struct error err;
    *manifest = (struct manifest) { 0 };
    assert_int_equal(json_parse(&manifest->document, text, strlen(text), &err), STATUS_OK);
    return manifest_bindings(manifest, out);
}

static void test_manifest_bindings__of_a_tool_are_its_endpoint_and_its_secrets(void **state)
{
    (void)state;
    struct manifest_binding found[MANIFEST_MAX_BINDINGS];
    struct manifest manifest;
    size_t count =
        collect(&manifest,
                "{\"endpoint\":{\"binding\":\"crm\"},\"headers\":{\"Accept\":\"text/plain\","
                "\"Authorization\":{\"secret\":\"crm-token\"},\"X-Again\":{\"secret\":\"crm\"}}}",
                found);
    assert_int_equal(count, 2);
    assert_string_equal(found[0].name, "crm");
    assert_int_equal(found[0].role, BINDING_ENDPOINT);
    assert_string_equal(found[0].pointer, "/endpoint/binding");
    assert_string_equal(found[1].name, "crm-token");
    assert_int_equal(found[1].role, BINDING_SECRET);
    assert_string_equal(found[1].pointer, "/headers/Authorization");
    manifest_release(&manifest);
}

static void test_manifest_bindings__of_a_prompt_is_its_suppression_list(void **state)
{
    (void)state;
    struct manifest_binding found[MANIFEST_MAX_BINDINGS];
    struct manifest manifest;
    assert_int_equal(collect(&manifest, "{\"readiness\":{\"suppression\":\"do-not-call\"}}", found),
                     1);
    assert_string_equal(found[0].name, "do-not-call");
    assert_int_equal(found[0].role, BINDING_SUPPRESSION);
    manifest_release(&manifest);
    assert_int_equal(collect(&manifest, "{\"kind\":\"knowledge\"}", found), 0);
    manifest_release(&manifest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_manifest_bindings__of_a_tool_are_its_endpoint_and_its_secrets),
        cmocka_unit_test(test_manifest_bindings__of_a_prompt_is_its_suppression_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
