// Operations on environments that servers have.
#include "remote.h"

#include <string.h>

#include "arguments.h"
#include "base/memory.h"
#include "operation/operation_validate.h"
#include "remote_answer.h"
#include "remote_body.h"
#include "remote_compare.h"
#include "remote_http.h"
#include "remote_judge.h"
#include "remote_key.h"
#include "remote_peer.h"
#include "remote_road.h"
#include "remote_sign.h"
#include "trust/hash.h"

#define KEY_RANDOM_BYTES 16
#define MAX_TURNS 64 // of signing: two or three for a command, and again when somebody was quicker

void remote_release(struct remote *remote)
{
    for (unsigned i = 0; i < remote->answer_count; i++)
        json_free(remote->answers[i]);
    *remote = (struct remote) { 0 };
}

// The row's members that go over the wire; a signer says first that there is one.
static struct json *make_input(const struct operation *operation, const struct operation_call *call)
{
    struct json *input = json_new_object();
    for (const struct operation_field *field = operation->fields; field->name; field++) {
        const struct json *value = json_get(call->input, field->name);
        bool goes = operation_validate_shape(operation, field, true) != SHAPE_NONE;
        if (value && goes)
            json_set(input, field->name, json_copy(value));
        if (remote_sign_with(call, field))
            json_set_object(input, field->name);
    }
    return input;
}

static enum status make_request_key(struct buffer *out, struct error *err)
{
    unsigned char random[KEY_RANDOM_BYTES];
    TRY(hash_random(random, sizeof(random), err));
    buffer_append_hex(out, random, sizeof(random));
    return buffer_check(out, err);
}

static enum status make_path(struct buffer *out, const struct operation *operation,
                             struct error *err)
{
    buffer_append_text(out, "/v1/operations/");
    for (const char *at = operation->name; *at; at++)
        buffer_append_byte(out, *at == ' ' ? '-' : *at);
    return buffer_check(out, err);
}

// One request, and its answer taken into the call.
struct turn {
    struct remote *remote;
    const struct operation *operation;
    struct operation_call *call;
    struct remote_server server;
    struct remote_body body;
    struct buffer path;
    struct buffer request_key;
    struct json *input;
};

static void release_turn(struct turn *turn)
{
    remote_body_release(&turn->body);
    buffer_release(&turn->path);
    buffer_release(&turn->request_key);
    json_free(turn->input);
}

static void keep_answer(struct remote *remote, struct json *answer)
{
    if (remote->answer_count == REMOTE_MAX_ANSWERS) { // of an earlier turn: nothing points into it
        json_free(remote->answers[0]);
        memmove(remote->answers, remote->answers + 1,
                (REMOTE_MAX_ANSWERS - 1) * sizeof(struct json *));
        remote->answer_count--;
    }
    remote->answers[remote->answer_count++] = answer;
}

static enum status take_turn(struct turn *turn, struct error *err)
{
    struct buffer type OWNED(buffer_release) = { 0 };
    struct buffer head OWNED(buffer_release) = { 0 };
    struct remote_response response OWNED(remote_http_release) = { .fd = -1 };
    struct json *answer = NULL;
    TRY(remote_body_begin(&turn->body, turn->input, &type, &head, err));
    struct remote_request request = { .path = turn->path.bytes,
                                      .content_type = type.bytes,
                                      .request_key = turn->request_key.bytes,
                                      .head = &head,
                                      .rest_fd = turn->body.fd,
                                      .rest_bytes = turn->body.size_bytes };
    TRY(remote_http_post(&response, &turn->server, &request, err));
    finding_list_release(&turn->call->findings);
    enum status status = remote_answer_read(turn->call, &answer, turn->operation, &response, err);
    keep_answer(turn->remote, answer);
    return status;
}

// Signs what the server asks for, turn by turn, until it is done or refused.
static enum status take_turns(struct turn *turn, struct error *err)
{
    for (int i = 0; i < MAX_TURNS; i++) {
        enum status status = take_turn(turn, err);
        if (status == STATUS_OK || !turn->call->signer)
            return status;
        if (strcmp(err->code, "signature_needed") == 0)
            TRY(remote_sign_items(turn->input, turn->operation, turn->call, err));
        else if (strcmp(err->code, "state_moved") == 0) // as if this had waited for its lock
            remote_sign_forget(turn->input, turn->operation, turn->call);
        else
            return status;
    }
    return err->status;
}

static enum status run_there(struct remote *remote, const struct operation *operation,
                             struct operation_call *call, const struct remote_step *step,
                             struct error *err)
{
    char *key OWNED(memory_release) = NULL;
    struct turn turn OWNED(release_turn) = {
        .remote = remote, .operation = operation, .call = call, .body = { .fd = -1 }
    };
    TRY(operation_validate_places(operation, call->input, err)); // the server does not hear of them
    TRY(remote_http_parse(&turn.server, step->environment, err));
    TRY(remote_key_find(&key, turn.server.url, step->is_main, err));
    turn.server.key = key;
    turn.server.ca_path = remote->ca_path;
    turn.server.limit_ms = remote->limit_ms;
    TRY(make_path(&turn.path, operation, err));
    TRY(make_request_key(&turn.request_key, err));
    turn.input = make_input(operation, call);
    TRY(remote_body_make(&turn.body, operation, call, step->original, err));
    enum status status = take_turns(&turn, err);
    bool is_key = status == STATUS_FORBIDDEN || status == STATUS_UNAUTHENTICATED;
    if (is_key && !step->is_main) // the command may name several, and run another operation there
        return error_prefix(err, "%s", turn.server.url);
    return status;
}

enum status remote_run_step(struct remote *remote, const struct operation *operation,
                            struct operation_call *call, const struct remote_step *step,
                            struct error *err)
{
    if (remote_http_is_url(step->environment))
        return run_there(remote, operation, call, step, err);
    call->environment_path = step->environment;
    return operation_run(operation, call, err);
}

static const char *other_environment(const struct arguments *arguments)
{
    for (const struct operation_field *field = arguments->operation->fields; field->name; field++)
        if (field->type == FIELD_OTHER)
            return json_get_string(arguments->input, field->name, NULL);
    return NULL;
}

enum status remote_check_places(const struct arguments *arguments, struct error *err)
{
    for (const struct operation_field *field = arguments->operation->fields; field->name; field++) {
        const char *place = json_get_string(arguments->input, field->name, NULL);
        if (field->type != FIELD_PLACE || !remote_http_is_url(place))
            continue;
        error_set(err, STATUS_INVALID, "address_unexpected",
                  "%.200s is a server's address: '%s' works on folders of this machine", place,
                  arguments->operation->name);
        return error_hint(err, "run it where the folder is");
    }
    return STATUS_OK;
}

bool remote_is_needed(const struct arguments *arguments)
{
    if (remote_compare_is_needed(arguments))
        return true;
    if (arguments->operation->classes == 0 ||
        operation_stands_alone(arguments->operation, arguments->input))
        return false;
    return remote_http_is_url(arguments->call.environment_path) ||
           remote_http_is_url(other_environment(arguments)) ||
           remote_http_is_url(remote_peer_find(arguments));
}

enum status remote_run(struct arguments *arguments, struct error *err)
{
    struct operation_call *call = &arguments->call;
    struct remote_step step = { .environment = call->environment_path,
                                .is_main = true,
                                .original = arguments->content_path };
    bool is_there = remote_http_is_url(call->environment_path);
    if (remote_compare_is_needed(arguments))
        return remote_compare_run(arguments, err);
    if (is_there && arguments->names_actor) {
        error_set(err, STATUS_INVALID, "actor_unexpected",
                  "on a server you act as the owner of your key, not as --actor says");
        return error_hint(err, "leave --actor out");
    }
    if (!call->environment_path) {
        error_set(err, STATUS_INVALID, "environment_missing", "no environment is named");
        return error_hint(err, "name it with --env, or in GREENROOM_ENV");
    }
    const char *other = other_environment(arguments);
    if (other)
        return remote_road_run(arguments, other, err);
    if (remote_judge_is_named(arguments) && json_get(arguments->input, "subject"))
        return remote_judge_run(arguments, &step, err);
    if (remote_peer_find(arguments))
        return remote_peer_run(arguments, &step, err);
    return remote_run_step(&arguments->remote, arguments->operation, call, &step, err);
}
