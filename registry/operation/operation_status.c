// status: the board of one draft: what is met, by whom, until when, and what is missing.
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "operation/operation_result.h"
#include "operation/operation_rows.h"
#include "operation/operation_target.h"
#include "release/emergency.h"

// The command that would meet an entry.
static void set_command(struct json *item, const struct operation_target *target,
                        const struct operation_call *call, const struct board_entry *entry)
{
    char id[ID_TEXT_BYTES];
    struct buffer command OWNED(buffer_release) = { 0 };
    id_format(&target->draft->id, id);
    if (entry->is_environment)
        buffer_append_format(&command, "greenroom attest --environment %s%s%s", entry->id,
                             entry->destination ? " --destination " : "",
                             entry->destination ? entry->destination : "");
    else if (strcmp(entry->stage, "approvals") != 0)
        buffer_append_format(&command, "greenroom attest %s %s", id, entry->id);
    else
        buffer_append_format(&command, "greenroom approve %s --to %s --sign-with SSH-KEY", id,
                             target->environment->label);
    if (target->opened) // else the sandbox is elsewhere, and who asked knows where
        buffer_append_format(&command, " --env %s", call->environment->label);
    json_set_string(item, "command", buffer_text(&command));
}

static void add_entry(struct json *list, const struct operation_target *target,
                      const struct operation_call *call, const struct board_entry *entry)
{
    struct json *item = json_append_object(list);
    json_set_string(item, "stage", entry->stage);
    json_set_string(item, "id", entry->id);
    json_set_string(item, "title", entry->title);
    json_set_string(item, "scope", entry->is_environment ? "environment" : "artifact");
    if (entry->destination)
        json_set_string(item, "destination", entry->destination);
    json_set_bool(item, "met", entry->met);
    json_set_string(item, "by", entry->by);
    if (entry->met) {
        operation_result_set_time(item, "until", entry->until);
        return;
    }
    json_set_string(item, "missing", entry->missing);
    set_command(item, target, call, entry);
}

static enum status run(struct operation_call *call, struct error *err)
{
    struct operation_target target OWNED(operation_target_release) = { 0 };
    struct board board OWNED(board_release) = { 0 };
    bool ready = true;
    TRY(operation_target_open(&target, call, err));
    TRY(operation_target_board(&board, &target, err));
    call->output = json_new_object();
    operation_result_set_version(call->output, &target.draft->id, &target.draft->digest);
    json_set_string(call->output, "policy", json_get_string(target.control.policy, "name", ""));
    const struct json *stages = json_get(target.control.policy, "stages"); // minimal has none
    json_set(call->output, "stages", stages ? json_copy(stages) : json_new_array());
    const struct state_release *emergency = emergency_find_live(&target.state);
    if (emergency)
        emergency_describe(call->output, emergency->emergency_until, clock_now());
    struct json *entries = json_set_array(call->output, "entries");
    for (size_t i = 0; i < board.count; i++) {
        add_entry(entries, &target, call, &board.entries[i]);
        ready = ready && board.entries[i].met;
    }
    json_set_bool(call->output, "ready", ready);
    return STATUS_OK;
}

static const struct operation_field fields[] = {
    { "artifact", NULL, "KIND/NAME@V", "the draft", FIELD_TEXT, true },
    { "to", "--to", "DIR", "the live environment that it is meant for", FIELD_OTHER, true },
    { 0 },
};

const struct operation operation_status = {
    .name = "status",
    .summary = "show what a draft still needs before it may go live",
    .roles = ROLE_ANY & ~ROLE_RUNTIME,
    .classes = ENVIRONMENT_SANDBOX,
    .classes_with_seal = ENVIRONMENT_LIVE,
    .is_scoped = true,
    .elsewhere = "name the draft's sandbox with --env, and the live environment with --to",
    .fields = fields,
    .run = run,
};
