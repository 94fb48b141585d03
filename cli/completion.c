// Shell completion.
#include "completion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "base/memory.h"
#include "base/text.h"
#include "exit_code.h"
#include "operation/operation.h"

// `complete -o default` turns to files where no candidate is printed. The line is split here since
// bash would split words at '@'.
static const char bash_script[] =
    "_greenroom() {\n"
    "    local words current\n"
    "    read -ra words <<<\"${COMP_LINE:0:COMP_POINT}\"\n"
    "    [[ ${COMP_LINE:0:COMP_POINT} == *' ' ]] && words+=('')\n"
    "    current=${words[-1]}\n"
    "    mapfile -t COMPREPLY < <(greenroom completion candidates \"${words[@]:1}\" 2>/dev/null)\n"
    "    if [[ $current == *@* ]]; then\n"
    "        COMPREPLY=(\"${COMPREPLY[@]#\"${current%@*}@\"}\")\n"
    "    fi\n"
    "}\n"
    "complete -o default -F _greenroom greenroom\n";

// In a folder of $fpath the whole file becomes the function, and is run to complete the first word;
// sourced, it only says what completes greenroom.
static const char zsh_script[] =
    "#compdef greenroom\n"
    "_greenroom() {\n"
    "    local -a candidates\n"
    "    candidates=(${(f)\"$(greenroom completion candidates \"${(@Q)words[2,CURRENT]}\" "
    "2>/dev/null)\"})\n"
    "    if (( $#candidates )); then compadd -a candidates; else _files; fi\n"
    "}\n"
    "if [[ ${funcstack[1]} == _greenroom ]]; then _greenroom; else compdef _greenroom greenroom; "
    "fi\n";

static const char fish_script[] =
    "function __greenroom_candidates\n"
    "    set -l words (commandline -opc) (commandline -ct)\n"
    "    set -l candidates (greenroom completion candidates $words[2..] 2>/dev/null)\n"
    "    if set -q candidates[1]\n"
    "        printf '%s\\n' $candidates\n"
    "    else\n"
    "        __fish_complete_path (commandline -ct)\n"
    "    end\n"
    "end\n"
    "complete -c greenroom -f -a '(__greenroom_candidates)'\n";

static const struct {
    const char *shell;
    const char *script;
} scripts[] = { { "bash", bash_script }, { "zsh", zsh_script }, { "fish", fish_script } };

static const char *const common_flags[] = { "--env", "--ca", "--json", "--actor", "--help" };

// A server that takes longer is not waited for: nobody who types does.
#define ANSWER_LIMIT_MS 1000

// What has been typed, as far as completion has to understand it.
struct line {
    const struct operation *operation;
    const char *first; // the word before a command is complete: "approver"; "" for none
    const struct operation_field *wants_value; // the flag right before the last word
    bool ends_in_common_flag;
    int position; // words of the operation before the last one
    struct remote_step environment;
    const char *ca_path;
};

static void offer(const char *candidate, const char *begun)
{
    if (text_starts_with(candidate, begun))
        puts(candidate);
}

// The next word of every command that begins with the words already there.
static void offer_commands(const char *first, const char *begun)
{
    for (size_t i = 0; operation_table[i]; i++) {
        const char *name = operation_table[i]->name;
        size_t first_bytes = strlen(first);
        if (first_bytes > 0 && (!text_starts_with(name, first) || name[first_bytes] != ' '))
            continue;
        const char *rest = first_bytes > 0 ? name + first_bytes + 1 : name;
        char word[64];
        snprintf(word, sizeof(word), "%.*s", (int)strcspn(rest, " "), rest);
        bool is_repeated = i > 0 && first_bytes == 0 &&
                           text_starts_with(operation_table[i - 1]->name, word) &&
                           operation_table[i - 1]->name[strlen(word)] == ' ';
        if (!is_repeated)
            offer(word, begun);
    }
}

static void offer_flags(const struct operation *operation, const char *begun)
{
    for (const struct operation_field *field = operation->fields; field->name; field++)
        if (field->flag)
            offer(field->flag, begun);
    for (size_t i = 0; i < COUNT_OF(common_flags); i++)
        offer(common_flags[i], begun);
}

// The names that `greenroom list` knows in this environment; with versions where the word wants
// one.
static void offer_artifacts(const struct line *line, bool with_version, const char *begun)
{
    struct error err = { 0 };
    struct json *input OWNED(json_release) = json_new_object();
    struct remote remote OWNED(remote_release) = { .ca_path = line->ca_path,
                                                   .limit_ms = ANSWER_LIMIT_MS };
    struct operation_call call OWNED(operation_call_release) = {
        .actor = "completion",
        .input = input,
        .roles = ROLE_ANY,
    };
    if (!line->environment.environment || remote_run_step(&remote, operation_find("list"), &call,
                                                          &line->environment, &err) != STATUS_OK)
        return; // completion has nothing to say, and no place to say why
    for (const struct json *row = json_first(call.output); row; row = json_next(row)) {
        struct buffer name OWNED(buffer_release) = { 0 };
        buffer_append_format(&name, "%s", json_get_string(row, "artifact", ""));
        if (with_version)
            buffer_append_format(&name, "@%lld", (long long)json_get_integer(row, "version", 0));
        offer(buffer_text(&name), begun);
    }
}

static const struct operation_field *field_of_flag(const struct operation *operation,
                                                   const char *word)
{
    for (const struct operation_field *field = operation ? operation->fields : NULL;
         field && field->name; field++)
        if (field->flag && field->type != FIELD_SWITCH && strcmp(field->flag, word) == 0)
            return field;
    return NULL;
}

static void read_command_word(struct line *line, const char *word)
{
    char name[64];
    snprintf(name, sizeof(name), "%s%s%s", line->first, *line->first ? " " : "", word);
    line->operation = operation_find(name);
    line->first = line->operation ? "" : word;
}

static bool takes_value(const char *common_flag)
{
    static const char *const flags[] = { "--env", "--ca", "--actor" };
    for (size_t i = 0; i < COUNT_OF(flags); i++)
        if (strcmp(flags[i], common_flag) == 0)
            return true;
    return false;
}

// Drafts come --from somewhere, wherever else the command goes.
static void read_value(struct line *line, const char *flag, const char *value)
{
    enum operation_field_type type = line->wants_value ? line->wants_value->type : FIELD_TEXT;
    bool is_from = strcmp(flag, "--from") == 0;
    bool has_from = line->environment.environment && !line->environment.is_main;
    if (line->ends_in_common_flag && strcmp(flag, "--ca") == 0)
        line->ca_path = value;
    else if (is_from || (!has_from && (type == FIELD_ENVIRONMENT || strcmp(flag, "--env") == 0)))
        line->environment = (struct remote_step) { .environment = value, .is_main = !is_from };
}

static void read_line(struct line *line, int count, char **words)
{
    line->ca_path = getenv("GREENROOM_CA");
    line->environment =
        (struct remote_step) { .environment = getenv("GREENROOM_ENV"), .is_main = true };
    for (int i = 0; i + 1 < count; i++) {
        const char *word = words[i];
        line->wants_value = field_of_flag(line->operation, word);
        line->ends_in_common_flag = !line->wants_value && takes_value(word);
        if (line->wants_value || line->ends_in_common_flag) {
            if (i + 2 >= count)
                return;
            read_value(line, word, words[i + 1]);
            i++;
            line->wants_value = NULL;
            line->ends_in_common_flag = false;
        } else if (word[0] != '-') {
            if (line->operation)
                line->position++;
            else
                read_command_word(line, word);
        }
    }
}

static void print_candidates(int count, char **words)
{
    struct line line = { .first = "" };
    const char *begun = count > 0 ? words[count - 1] : "";
    read_line(&line, count, words);
    if (line.ends_in_common_flag)
        return;
    if (!line.operation) {
        offer_commands(line.first, begun);
        return;
    }
    const struct operation_field *field =
        line.wants_value ? line.wants_value : arguments_field_at(line.operation, line.position);
    if (begun[0] == '-' && !line.wants_value)
        offer_flags(line.operation, begun);
    else if (field && strstr(field->metavar, "KIND/NAME"))
        offer_artifacts(&line, strstr(field->metavar, "@V") != NULL, begun);
}

int completion_run(int count, char **words)
{
    if (count >= 1 && strcmp(words[0], "candidates") == 0) {
        print_candidates(count - 1, words + 1);
        return exit_code_of(STATUS_OK);
    }
    for (size_t i = 0; count == 1 && i < COUNT_OF(scripts); i++)
        if (strcmp(words[0], scripts[i].shell) == 0) {
            fputs(scripts[i].script, stdout);
            return exit_code_of(STATUS_OK);
        }
    fputs("greenroom: completion is for bash, zsh or fish\n"
          "  usage: greenroom completion bash|zsh|fish\n",
          stderr);
    return exit_code_of(STATUS_INVALID);
}
