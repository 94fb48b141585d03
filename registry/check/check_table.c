// The table of checks, in the order in which they are run and shown.
#include "check/check_rows.h"

const struct check check_table[] = {
    { "tool-schema", "a tool's schemas are valid, and its examples are what they say", CHECK_TOOL,
      CHECK_PUBLISH | CHECK_GATE, check_tool_schema_run, false },
    { "uses", "what a prompt or tool uses is there; at the gate, it is live",
      CHECK_PROMPT | CHECK_TOOL, CHECK_PUBLISH | CHECK_GATE | CHECK_BACK, check_uses_run, false },
    { "tool-compatibility", "who knows the live version of a tool can go on calling it", CHECK_TOOL,
      CHECK_GATE, check_tool_compatibility_run, false },
    { "personal-data", "nothing that belongs to a person stands in it", CHECK_EVERY_KIND,
      CHECK_PUBLISH | CHECK_GATE, check_personal_data_run, true },
    { "secrets", "no password, key or token stands in it", CHECK_EVERY_KIND,
      CHECK_PUBLISH | CHECK_GATE, check_secrets_run, true },
    { "endpoints", "no address, number or credential stands in it that a binding should stand for",
      CHECK_EVERY_KIND, CHECK_PUBLISH | CHECK_GATE, check_endpoints_run, true },
    { "knowledge", "documents can be read, found and spoken from", CHECK_KNOWLEDGE,
      CHECK_PUBLISH | CHECK_GATE, check_knowledge_run, true },
    { "injection", "nothing speaks to the model behind people's backs", CHECK_EVERY_KIND,
      CHECK_PUBLISH | CHECK_GATE, check_injection_run, true },
    { "template", "a prompt can be rendered, with the variables that it declares", CHECK_PROMPT,
      CHECK_PUBLISH | CHECK_GATE, check_template_run, false },
    { "budget", "how much of its 40,000 characters a prompt has used", CHECK_PROMPT,
      CHECK_PUBLISH | CHECK_GATE, check_budget_run, false },
    { "readiness", "what must hold before a call is placed, or a tool called in one",
      CHECK_PROMPT | CHECK_TOOL, CHECK_PUBLISH | CHECK_GATE, check_readiness_run, false },
    { 0 },
};
