// Refusals of keys, as entries of the audit.
#include "release/audit_refusal.h"

#include "base/clock.h"
#include "base/memory.h"
#include "release/audit_log.h"

static void set_present(struct json *entry, const char *key, const char *text)
{
    if (text)
        json_set_string(entry, key, text);
}

static void set_time(struct json *entry, const char *key, int64_t time)
{
    char text[CLOCK_TEXT_BYTES];
    clock_format(time, text);
    json_set_string(entry, key, text);
}

static void set_artifacts(struct json *entry, const struct json *named)
{
    struct json *artifacts = json_set_array(entry, "artifacts");
    if (json_is(named, JSON_STRING))
        json_append_string(artifacts, json_string(named));
    for (const struct json *item = json_is(named, JSON_ARRAY) ? json_first(named) : NULL; item;
         item = json_next(item))
        json_append_string(artifacts, json_string(item) ? json_string(item) : "");
}

enum status audit_refusal_append(struct ledger *ledger, const char *environment_id,
                                 const struct audit_refusal *refusal, struct error *err)
{
    struct json *entry OWNED(json_release) = json_new_object();
    set_present(entry, "operation", refusal->operation);
    set_present(entry, "actor", refusal->actor);
    set_present(entry, "key", refusal->key);
    set_present(entry, "reason", refusal->reason);
    json_set_string(entry, "outcome", "refused");
    set_artifacts(entry, refusal->artifacts);
    if (refusal->count > 1) {
        json_set_integer(entry, "count", refusal->count);
        set_time(entry, "first", refusal->first);
        set_time(entry, "last", refusal->last);
    }
    return audit_log_append(ledger, environment_id, entry, err);
}
