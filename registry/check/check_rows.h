// The rows of the table of checks: each stands in the file of its name.
#pragma once

#include "check/check.h"

// A tool's schemas are schemas, and its examples are what they say.
enum status check_tool_schema_run(const struct check_subject *subject,
                                  struct finding_list *findings, struct error *err);

// Everything that a prompt or tool uses is there; at the gate, it is live.
enum status check_uses_run(const struct check_subject *subject, struct finding_list *findings,
                           struct error *err);

// Nothing that belongs to a person stands in it; an error in a sandbox, a warning elsewhere.
enum status check_personal_data_run(const struct check_subject *subject,
                                    struct finding_list *findings, struct error *err);

// No password, key or token stands in it, anywhere.
enum status check_secrets_run(const struct check_subject *subject, struct finding_list *findings,
                              struct error *err);

// No address, number or credential is written down that a binding should stand for.
enum status check_endpoints_run(const struct check_subject *subject, struct finding_list *findings,
                                struct error *err);

// Callers who know a tool's live version can go on calling it.
enum status check_tool_compatibility_run(const struct check_subject *subject,
                                         struct finding_list *findings, struct error *err);

// A knowledge base's documents can be read, found and spoken from.
enum status check_knowledge_run(const struct check_subject *subject, struct finding_list *findings,
                                struct error *err);

// Nothing speaks to the model behind people's backs: phrases, hidden characters, remote content.
enum status check_injection_run(const struct check_subject *subject, struct finding_list *findings,
                                struct error *err);

// A prompt's sections are Mustache that can be rendered, with the variables it declares.
enum status check_template_run(const struct check_subject *subject, struct finding_list *findings,
                               struct error *err);

// How much of its 40,000 characters a prompt has used, section by section.
enum status check_budget_run(const struct check_subject *subject, struct finding_list *findings,
                             struct error *err);

// What must hold before a call may be placed with a prompt, or a tool be called in one.
enum status check_readiness_run(const struct check_subject *subject, struct finding_list *findings,
                                struct error *err);
