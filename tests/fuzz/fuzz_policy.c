// Fuzzes policies: what is accepted prints, and what is printed is accepted again.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"
#include "fuzz/must.h"
#include "release/approval.h"
#include "release/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    struct finding_list findings OWNED(finding_list_release) = { 0 };
    struct finding_list none OWNED(finding_list_release) = { 0 };
    struct buffer printed OWNED(buffer_release) = { 0 };
    struct json *policy OWNED(json_release) = NULL;
    struct json *again OWNED(json_release) = NULL;
    enum status status = policy_parse(&policy, (const char *)data, size, &findings, &err);
    if (status != STATUS_OK) {
        must(!policy && err.message[0] && err.code);
        must(status != STATUS_REFUSED || finding_has_errors(&findings));
        return 0;
    }
    must(approval_valid_seconds(policy) > 0);
    must(json_print(&printed, policy, &err) == STATUS_OK);
    must(policy_parse(&again, buffer_text(&printed), printed.length, &none, &err) == STATUS_OK);
    must(json_equal(policy, again));
    return 0;
}
