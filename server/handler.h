// What each route does, once the request is sound and its caller may make it.
#pragma once

#include "base/error.h"
#include "exchange.h"

enum status handler_artifact(struct exchange *exchange, struct error *err);
enum status handler_file(struct exchange *exchange, struct error *err);
enum status handler_archive_tar_gz(struct exchange *exchange, struct error *err);
enum status handler_archive_zip(struct exchange *exchange, struct error *err);
enum status handler_search(struct exchange *exchange, struct error *err);
enum status handler_render(struct exchange *exchange, struct error *err);
enum status handler_render_receive(struct exchange *exchange, struct receiver *out,
                                   struct error *err);
enum status handler_live(struct exchange *exchange, struct error *err);
enum status handler_healthz(struct exchange *exchange, struct error *err);
enum status handler_readyz(struct exchange *exchange, struct error *err);
enum status handler_unknown(struct exchange *exchange, struct error *err);
