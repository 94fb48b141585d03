// receipts: what a call was given, so that it can be said later what an agent said, and why.
#include "artifact/json.h"
#include "ledger/receipt.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"

static enum status add_receipt(void *context, const struct receipt *receipt, struct error *err)
{
    char digest[DIGEST_TEXT_BYTES];
    struct json *item = json_append_object(context);
    (void)err;
    digest_format(&receipt->digest, digest);
    json_set_string(item, "call", receipt->call);
    json_set_string(item, "artifact", receipt->artifact);
    json_set_integer(item, "version", receipt->version);
    json_set_string(item, "digest", digest);
    json_set_string(item, "key", receipt->key);
    operation_result_set_time(item, "time", receipt->time);
    return STATUS_OK;
}

static enum status run(struct operation_call *call, struct error *err)
{
    call->output = json_new_array();
    return receipt_each(call->environment->ledger, json_get_string(call->input, "call", ""),
                        add_receipt, call->output, err);
}

static const struct operation_field fields[] = {
    { "call", "--call", "ID", "the call, as the runtime named it with ?call=", FIELD_TEXT, true },
    { 0 },
};

const struct operation operation_receipts = {
    .name = "receipts",
    .summary = "show what a call was given",
    .roles = ROLE_OPERATOR | ROLE_AUDITOR,
    .classes = ENVIRONMENT_LIVE,
    .elsewhere = "calls are answered from a live environment: name it with --env",
    .fields = fields,
    .run = run,
};
