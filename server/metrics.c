// What the server counts, as Prometheus reads it.
#include "metrics.h"

#include <math.h>

#include "base/memory.h"
#include "journal.h"
#include "log.h"
#include "receipts.h"
#include "reply.h"

#define MEDIA_TYPE "text/plain; version=0.0.4; charset=utf-8"

static void describe(struct buffer *out, const char *name, const char *type, const char *help)
{
    buffer_append_format(out, "# HELP greenroom_%s %s\n# TYPE greenroom_%s %s\n", name, help, name,
                         type);
}

static void print_number(struct buffer *out, const char *name, const char *type, const char *help,
                         double value)
{
    describe(out, name, type, help);
    buffer_append_format(out, "greenroom_%s %.17g\n", name, value);
}

// One counter of all workers, by where it stands in each.
static uint64_t sum(const struct exchange_services *services, size_t offset)
{
    uint64_t total = 0;
    for (unsigned i = 0; i < services->workers; i++) {
        const char *counters = (const char *)&services->counters[i];
        total += counters_read((const _Atomic uint64_t *)(const void *)(counters + offset));
    }
    return total;
}

#define SUM(services, member) sum(services, offsetof(struct counters, member))

static void print_requests(struct buffer *out, const struct exchange_services *services)
{
    describe(out, "http_requests_total", "counter", "Requests answered, by route and status.");
    for (size_t route = 0; route < COUNTERS_ROUTES; route++) {
        const struct route *row = route_at(route);
        const char *pattern = route == COUNTERS_ROUTES - 1 ? "none" : !row ? "" : row->pattern;
        for (size_t status = 0; status < COUNTERS_STATUSES; status++) {
            uint64_t count = SUM(services, answers[route][status]);
            if (count > 0)
                buffer_append_format(
                    out, "greenroom_http_requests_total{route=\"%s\",status=\"%u\"} %llu\n",
                    pattern[0] ? pattern : "unknown", counters_status(status),
                    (unsigned long long)count);
        }
    }
}

static void print_refusals(struct buffer *out, const struct exchange_services *services)
{
    describe(out, "http_refusals_total", "counter", "Requests refused, by the code of the answer.");
    for (size_t i = 0; counters_reason(i); i++)
        buffer_append_format(out, "greenroom_http_refusals_total{reason=\"%s\"} %llu\n",
                             counters_reason(i), (unsigned long long)SUM(services, reasons[i]));
    describe(out, "keys_refused_total", "counter", "Requests refused for their key.");
    static const char *const words[REFUSAL_COUNT] = {
        [REFUSAL_MISSING] = "missing", [REFUSAL_MALFORMED] = "malformed",
        [REFUSAL_FOREIGN] = "foreign", [REFUSAL_UNKNOWN] = "unknown",
        [REFUSAL_REVOKED] = "revoked", [REFUSAL_EXPIRED] = "expired",
        [REFUSAL_ROLE] = "role",       [REFUSAL_SCOPE] = "scope"
    };
    for (size_t reason = 0; reason < REFUSAL_COUNT; reason++) {
        uint64_t count = 0;
        for (unsigned i = 0; i < services->workers; i++)
            count += counters_read(&services->authenticators[i]->refused[reason]);
        buffer_append_format(out, "greenroom_keys_refused_total{reason=\"%s\"} %llu\n",
                             words[reason], (unsigned long long)count);
    }
}

static void print_latency(struct buffer *out, const struct exchange_services *services)
{
    uint64_t count = 0;
    describe(out, "http_request_duration_seconds", "histogram",
             "From when a request was there until it was answered.");
    for (size_t i = 0; i < COUNTERS_BUCKETS; i++) {
        double end = counters_bucket_seconds(i);
        count += SUM(services, buckets[i]);
        buffer_append_text(out, "greenroom_http_request_duration_seconds_bucket{le=\"");
        if (isinf(end))
            buffer_append_text(out, "+Inf");
        else
            buffer_append_format(out, "%g", end);
        buffer_append_format(out, "\"} %llu\n", (unsigned long long)count);
    }
    buffer_append_format(out,
                         "greenroom_http_request_duration_seconds_sum %.9f\n"
                         "greenroom_http_request_duration_seconds_count %llu\n",
                         (double)SUM(services, latency_ns) / 1e9, (unsigned long long)count);
}

// Rows with the same name stand together.
static const struct {
    const char *name;
    const char *label;
    const char *help;
    enum counter counter;
} rows[] = {
    { "connections_accepted_total", "", "Connections accepted.", COUNTER_ACCEPTED },
    { "connections_refused_total", "{reason=\"full\"}", "Connections refused or put off.",
      COUNTER_REFUSED_FULL },
    { "connections_refused_total", "{reason=\"address\"}", NULL, COUNTER_REFUSED_ADDRESS },
    { "connections_refused_total", "{reason=\"system\"}", NULL, COUNTER_REFUSED_SYSTEM },
    { "connections_evicted_total", "", "Idle connections that made room.", COUNTER_EVICTED },
    { "connections_timed_out_total", "{phase=\"idle\"}", "Connections cut off.",
      COUNTER_TIMEOUT_IDLE },
    { "connections_timed_out_total", "{phase=\"head\"}", NULL, COUNTER_TIMEOUT_HEAD },
    { "connections_timed_out_total", "{phase=\"content\"}", NULL, COUNTER_TIMEOUT_BODY },
    { "connections_timed_out_total", "{phase=\"answer\"}", NULL, COUNTER_TIMEOUT_SEND },
    { "tls_handshakes_failed_total", "", "TLS handshakes that failed.", COUNTER_HANDSHAKES_FAILED },
    { "received_bytes_total", "", "Bytes received.", COUNTER_RECEIVED_BYTES },
    { "sent_bytes_total", "", "Bytes sent.", COUNTER_SENT_BYTES },
};

static void print_connections(struct buffer *out, const struct exchange_services *services)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].help)
            describe(out, rows[i].name, "counter", rows[i].help);
        buffer_append_format(out, "greenroom_%s%s %llu\n", rows[i].name, rows[i].label,
                             (unsigned long long)SUM(services, values[rows[i].counter]));
    }
    describe(out, "connections", "gauge",
             "Connections that are open, and those of them that wait.");
    buffer_append_format(out,
                         "greenroom_connections{state=\"open\"} %llu\n"
                         "greenroom_connections{state=\"idle\"} %llu\n",
                         (unsigned long long)SUM(services, open_connections),
                         (unsigned long long)SUM(services, idle_connections));
}

static void print_state(struct buffer *out, struct exchange_services *services,
                        const struct snapshot *snapshot)
{
    struct readiness *readiness = &services->readiness;
    const char *fault = atomic_load(&readiness->fault);
    describe(out, "info", "gauge", "What is served, and by which version.");
    buffer_append_format(out, "greenroom_info{version=\"%s\",environment=\"%s\",state=\"%s\"} 1\n",
                         GREENROOM_VERSION, holder_identity(services->holder)->name,
                         snapshot_commit(snapshot));
    describe(out, "degraded", "gauge",
             "1 while what is live now cannot be taken, with the reason.");
    buffer_append_format(out, "greenroom_degraded{reason=\"%s\"} %d\n", fault ? fault : "",
                         fault != NULL);
    print_number(out, "live_artifacts", "gauge", "Artifacts that are live in the state served.",
                 (double)snapshot_count(snapshot));
    print_number(out, "state_taken_timestamp_seconds", "gauge", "When the state served was taken.",
                 (double)atomic_load(&readiness->state_at));
    print_number(out, "state_verified_timestamp_seconds", "gauge",
                 "When the state served was last seen to be the newest.",
                 (double)atomic_load(&readiness->looked_at));
    print_number(out, "state_looks_total", "counter", "Looks at whether there is a newer state.",
                 (double)atomic_load(&readiness->looks));
    print_number(out, "state_reloads_total", "counter", "Newer states that were taken.",
                 (double)atomic_load(&readiness->reloads));
    print_number(out, "state_failures_total", "counter",
                 "Looks that ended with something that does not verify or cannot be read.",
                 (double)atomic_load(&readiness->faults));
    print_number(out, "state_reload_seconds", "gauge", "What taking the last state took.",
                 (double)atomic_load(&readiness->reload_ns) / 1e9);
    print_number(out, "emergencies_open", "gauge",
                 "Emergency releases that are live, in the time that the policy gives them.",
                 (double)atomic_load(&readiness->open_emergencies));
    print_number(out, "emergencies_expired", "gauge",
                 "Emergency releases that are live past their time.",
                 (double)atomic_load(&readiness->expired_emergencies));
    print_number(out, "unmet_uses", "gauge",
                 "Artifacts that something live uses and of which nothing is live.",
                 (double)atomic_load(&readiness->unmet_uses));
    print_number(out, "audit_behind", "gauge",
                 "1 while refusals wait that could not be written into the ledger.",
                 journal_is_behind(services->journal));
    print_number(out, "receipts_dropped_total", "counter",
                 "Receipts of calls that found no room and are not written.",
                 (double)receipts_dropped(services->receipts));
    print_number(out, "log_lines_dropped_total", "counter",
                 "Log lines that nobody took from standard error in time.",
                 (double)log_dropped(services->log));
}

enum status metrics_print(struct buffer *out, struct exchange_services *services,
                          const struct snapshot *snapshot, struct error *err)
{
    print_state(out, services, snapshot);
    print_requests(out, services);
    print_refusals(out, services);
    print_latency(out, services);
    print_connections(out, services);
    return buffer_check(out, err);
}

enum status metrics_handle(struct exchange *exchange, struct error *err)
{
    struct buffer body OWNED(buffer_release) = { 0 };
    struct response *response OWNED(response_release) = NULL;
    static const struct reply_field fields[] = {
        { "Content-Type", MEDIA_TYPE },
        { "Cache-Control", "no-store" },
        { "X-Content-Type-Options", "nosniff" },
    };
    TRY(metrics_print(&body, exchange->services, exchange->snapshot, err));
    TRY(reply_with_buffer(&response, &body, fields, COUNT_OF(fields), err));
    return exchange_send(exchange, 200, response);
}
