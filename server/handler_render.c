// POST /v1/prompts/{name}/-/render: a prompt filled in for one call.
#include <string.h>

#include "base/memory.h"
#include "handler.h"
#include "snapshot/rendering.h"

enum status handler_render_receive(struct exchange *exchange, struct receiver *out,
                                   struct error *err)
{
    (void)exchange;
    return receiver_keep(out, err);
}

enum status handler_render(struct exchange *exchange, struct error *err)
{
    const struct snapshot_release *release;
    const struct rendering *rendering;
    const struct buffer *content = exchange->content ? receiver_content(exchange->content) : NULL;
    struct buffer body OWNED(buffer_release) = { 0 };
    if (exchange->match.kind != KIND_PROMPT)
        return exchange_not_found(err);
    TRY(exchange_find_release(exchange, &release, err));
    TRY(snapshot_release_rendering(release, &rendering, err));
    // Without content: nothing is given.
    const char *request = content && content->length > 0 ? content->bytes : "{}";
    size_t request_bytes = content && content->length > 0 ? content->length : strlen(request);
    TRY(rendering_print(rendering, &body, request, request_bytes, err));
    return exchange_send_made(exchange, release, &body, err);
}
