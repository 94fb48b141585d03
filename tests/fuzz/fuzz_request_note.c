// Fuzzes request.json, which a killed writer leaves and the next one takes up: whatever stands in
// it, the next write begins and the file is gone, or an error names it; and a request is entered as
// done only if its moves were made. No fuzzer knows the ids of commits, so forty times '1' stands
// for control's tip, and forty times '2' for the commit before it.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "artifact/json.h"
#include "base/clock.h"
#include "base/memory.h"
#include "fuzz/scratch.h"
#include "release/control_edit.h"
#include "release/policy.h"
#include "release/request_note.h"

#define FOLDER "sandbox"
#define CONTROL "refs/heads/control"
#define BRANCHES "refs/heads/"

struct scene {
    struct environment *environment;
    char tip[OID_TEXT_BYTES];
    char older[OID_TEXT_BYTES];
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_tip(const struct scene *scene, char out[OID_TEXT_BYTES])
{
    struct error err = { 0 };
    struct oid tip;
    must(store_ref_get(scene->environment->store, CONTROL, &tip, &err) == STATUS_OK);
    oid_format(&tip, out);
}

static void make_scene(struct scene *scene)
{
    struct error err = { 0 };
    struct environment_plan plan = { .environment_class = ENVIRONMENT_SANDBOX,
                                     .actor = "operator" };
    struct control_edit edit = { "bindings.json", "{\"crm\":\"https://crm.example.com\"}\n" };
    struct change_message message = { .operation = "binding set",
                                      .subject = "s",
                                      .actor = "operator" };
    char *path OWNED(memory_release) = NULL;
    must(file_join(&path, scratch_folder(), FOLDER, &err) == STATUS_OK);
    must(policy_find(&plan.policy, "minimal", &err) == STATUS_OK);
    must(environment_create(path, &plan, &err) == STATUS_OK);
    must(environment_open(&scene->environment, path, &err) == STATUS_OK);
    read_tip(scene, scene->older);
    must(environment_begin(scene->environment, &err) == STATUS_OK);
    must(control_edit_commit(scene->environment, &edit, 1, &message, &err) == STATUS_OK);
    must(environment_finish(scene->environment, &err) == STATUS_OK);
    read_tip(scene, scene->tip);
}

static struct scene *scene_shared(void);

static void close_scene(void)
{
    environment_release(&scene_shared()->environment);
}

static struct scene *scene_shared(void)
{
    static struct scene scene;
    if (!scene.environment) {
        make_scene(&scene);
        must(atexit(close_scene) == 0);
    }
    return &scene;
}

static void put_in(char *text, size_t size, char digit, const char oid[OID_TEXT_BYTES])
{
    char sign[OID_TEXT_BYTES - 1];
    memset(sign, digit, sizeof(sign));
    for (char *at; (at = memmem(text, size, sign, sizeof(sign))) != NULL;)
        memcpy(at, oid, sizeof(sign));
}

// What the note says of its moves, judged by what is known of this environment.
static bool moves_were_made(const struct scene *scene, const struct json *note)
{
    const struct json *moves = json_get(note, "moves");
    for (const struct json *move = json_first(moves); move; move = json_next(move)) {
        const char *ref = json_get_string(move, "ref", "");
        const char *to = json_get_string(move, "to", "");
        bool is_branch = strncmp(ref, BRANCHES, strlen(BRANCHES)) == 0;
        bool is_made = strcmp(to, scene->tip) == 0 || strcmp(to, scene->older) == 0;
        if (is_branch && (strcmp(ref, CONTROL) != 0 || !is_made))
            return false;
    }
    return json_count(moves) > 0;
}

static void check_entered(const struct scene *scene, const struct json *note)
{
    struct error err = { 0 };
    struct digest input;
    struct digest noted;
    struct buffer answer OWNED(buffer_release) = { 0 };
    bool is_found;
    const char *key = json_get_string(note, "key", "");
    int64_t expires = json_get_integer(note, "expires", 0);
    must(request_find(scene->environment->ledger, key, clock_now(), &is_found, &input, &answer,
                      &err) == STATUS_OK);
    must(!is_found || (moves_were_made(scene, note) && expires > 0));
    must(is_found || !moves_were_made(scene, note) || expires <= clock_now());
    if (!is_found)
        return;
    must(digest_parse(&noted, json_get_string(note, "input", ""), &err) == STATUS_OK);
    must(digest_equal(&noted, &input));
    must(strcmp(buffer_text(&answer), json_get_string(note, "answer", "null")) == 0);
}

// Forgets what was entered, and this entry with the next one.
static void forget(struct environment *environment)
{
    struct error err = { 0 };
    const struct request_row none = { .key = "nobody", .answer = "null" };
    must(request_put(environment->ledger, &none, INT64_MAX, &err) == STATUS_OK);
    must(environment_finish(environment, &err) == STATUS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { 0 };
    struct error unheard = { 0 };
    char *text OWNED(memory_release) = NULL;
    struct json *note OWNED(json_release) = NULL;
    const struct scene *scene = scene_shared();
    must(memory_copy_bytes(&text, data, size, &err) == STATUS_OK);
    put_in(text, size, '1', scene->tip);
    put_in(text, size, '2', scene->older);
    scratch_write(FOLDER "/" REQUEST_NOTE_FILE, text, size);
    if (environment_begin(scene->environment, &err) != STATUS_OK) {
        must(err.status == STATUS_DAMAGED || err.status == STATUS_TOO_LARGE);
        must(strstr(err.message, REQUEST_NOTE_FILE) && err.hint[0]);
        return 0;
    }
    must(scene->environment->lock.fd >= 0);
    if (json_parse(&note, text, size, &unheard) == STATUS_OK)
        check_entered(scene, note);
    forget(scene->environment);
    return 0;
}
