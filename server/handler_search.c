// GET /v1/knowledge/{name}/-/search: what a knowledge base says about a few words.
#include "base/memory.h"
#include "handler.h"
#include "ledger/search_query.h"
#include "prepared.h"
#include "query.h"
#include "snapshot/search.h"

static enum status read_question(const struct exchange *exchange, struct search_question *out,
                                 char text[SEARCH_QUERY_MAX_BYTES + 1], struct error *err)
{
    static const struct query_number limits = { 1, SEARCH_INDEX_MAX_HITS, SEARCH_DEFAULT_HITS };
    struct head_span query = exchange->request.query;
    bool is_there;
    out->query = text;
    TRY(query_get(query, "q", text, SEARCH_QUERY_MAX_BYTES + 1, &out->query_bytes, &is_there, err));
    if (!is_there)
        out->query_bytes = 0; // search_query_print says what is missing
    return query_get_number(query, "limit", &limits, &out->limit, err);
}

// Both may take a second for a large base, and are done once: elsewhere, while the caller waits.
static enum status wait_for_index(struct exchange *exchange, const struct snapshot_release *release,
                                  struct error *err)
{
    if (prepared_failed_lately(release, PREPARED_SEARCH)) {
        error_set(err, STATUS_CONFLICT, "busy", "the search index cannot be made at the moment");
        return error_hint(err, "try again later");
    }
    TRY(archiver_park(exchange->services->archiver, release, PREPARED_SEARCH, exchange->connection,
                      err));
    exchange->is_parked = true;
    return STATUS_OK;
}

enum status handler_search(struct exchange *exchange, struct error *err)
{
    const struct snapshot_release *release;
    struct search_question question;
    struct search_index *index;
    struct buffer body OWNED(buffer_release) = { 0 };
    char text[SEARCH_QUERY_MAX_BYTES + 1];
    if (exchange->match.kind != KIND_KNOWLEDGE)
        return exchange_not_found(err);
    TRY(exchange_find_release(exchange, &release, err));
    TRY(read_question(exchange, &question, text, err));
    struct searchable *searchable = prepared_searchable(release);
    if (!searchable)
        return wait_for_index(exchange, release, err);
    TRY(searchable_index(searchable, exchange->worker, &index, err));
    TRY(search_print(&body, index, release, &question, err));
    return exchange_send_made(exchange, release, &body, err);
}
