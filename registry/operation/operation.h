// Operations: one verb of the product each, a row and a file. The CLI (and every later face) is a
// projection of the table; one function runs any row.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "artifact/content.h"
#include "artifact/digest.h"
#include "artifact/finding.h"
#include "artifact/json.h"
#include "base/error.h"
#include "release/control_key.h"
#include "release/environment.h"
#include "release/live.h"

// What a field takes, which is also how a face fills it.
enum operation_field_type {
    FIELD_TEXT,         // a string
    FIELD_LIST,         // an array of strings: a repeatable flag, or the rest of the words
    FIELD_FILE,         // a small text file: the input holds its text
    FIELD_WORD_OR_FILE, // a file's text if there is a file by that name, else the word itself
    FIELD_SWITCH,       // a flag without a value: the input holds "yes"
    FIELD_PLACE,        // a folder of the caller's own machine; from elsewhere it is refused
    FIELD_OTHER,        // another environment's folder; from elsewhere a seal comes in its place
    FIELD_JUDGE,        // one that judges what is handed over; it may be elsewhere: `judge`
    FIELD_PEER,         // one to be held against; from elsewhere its description, a FIELD_SEAL
    FIELD_SIDE,  // one of two to be compared; what it says of itself may stand in the content
    FIELD_LABEL, // set by the face: what the content for a FIELD_SUBJECT is called
    // Files that the face reads into the call's content, below the field's name; the input holds
    // the path that was typed, for messages.
    FIELD_DOCUMENT, // one file, which stands under the field's name itself; "-": standard input
    FIELD_FOLDER,   // a folder or archive
    // The face fills these into the call itself; they are not part of the input:
    FIELD_ENVIRONMENT, // the environment that the operation runs on
    FIELD_SUBJECT,     // a path that the face opens (the FIELD_LABEL then holds it), or a text
    FIELD_CONTENT,     // a folder, archive or file that the face opens
    FIELD_SEAL,        // likewise a seal, with the digest of its archive
    FIELD_FILES,       // files to keep as evidence, by their names; a repeatable flag
    FIELD_OUTPUT,      // where the face writes the content that comes back
    FIELD_SIGNER, // an SSH key that the face signs with; from elsewhere see operation_signing.h
    FIELD_SECOND_SIGNER, // likewise: another person's
};

// How content that comes back is written where a FIELD_OUTPUT says.
enum operation_result_form {
    RESULT_BY_NAME, // a folder, or the archive that the name's ending says
    RESULT_SEAL,    // a plain tar, whatever its name
    RESULT_FILE,    // it is one file: its bytes
    // RESULT_BY_NAME; where nobody says where to, the folder that the output names as "folder".
    RESULT_NEW_FOLDER,
    // RESULT_FILE when one file was handed in, else RESULT_BY_NAME; writes over nothing unless the
    // input says "replace".
    RESULT_AS_GIVEN,
};

struct operation_field {
    const char *name;    // member of the input
    const char *flag;    // "--as"; NULL: a word in its place
    const char *metavar; // "KIND/NAME"
    const char *help;
    enum operation_field_type type;
    bool required;
};

struct operation_call;

// One row. Static and constant.
struct operation {
    const char *name;           // as typed: "publish", "approver add"
    const char *summary;        // one line
    unsigned roles;             // of control_role: who may
    unsigned classes;           // of environment_class: where; 0: it takes no environment
    unsigned classes_with_seal; // likewise, when a seal came in the place of its FIELD_OTHER
    bool is_scoped; // it may be run with a key of some artifacts only: see operation_caller.h
    const char *elsewhere; // what to do instead in an environment of another class; NULL: nothing
    bool writes;           // runs within a write's frame
    const char *secret;    // member of the output that is kept nowhere; NULL: none
    bool follows;          // goes on until the face says that it is over: needs `follow`
    enum operation_result_form result_form;
    const char *stands_alone[3]; // with one of these in the input no environment is needed here
    const struct operation_field *fields; // ends with a NULL name
    // Done before the environment is locked: whatever does not need the lock. May be NULL.
    enum status (*prepare)(struct operation_call *call, struct error *err);
    enum status (*run)(struct operation_call *call, struct error *err);
};

// The table, ended by NULL, in the order of the help.
extern const struct operation *const operation_table[];
const struct operation *operation_find(const char *name);

// What an operation is called with and what comes back. Starts as {0}; operation_call_release.
struct operation_call {
    // Set by the face:
    const char *environment_path;  // NULL when the row takes none
    const char *environment_label; // what messages call it; NULL: its path
    const char
        *bearer; // the key of a caller from elsewhere: who it is and may, the runner finds out
    const char *request_key;  // of a bearer\'s request: the same again is not done twice
    const char *actor;        // who acts, when there is no bearer
    unsigned roles;           // likewise what they may: ROLE_ANY for who has the files themselves
    const struct json *input; // an object; borrowed
    struct content content; // what a FIELD_CONTENT or FIELD_SUBJECT named, or a FIELD_OTHER's seal
    bool content_is_single; // it was one file, not a folder or an archive
    const struct live_signer *signer;        // NULL when no key was named
    const struct live_signer *second_signer; // likewise
    // Called with something to show before a person signs; NULL: nobody is there to be shown it.
    void (*announce)(void *context, const struct json *what);
    void *announce_context;
    // Waits until what a FIELD_CONTENT named has changed, and opens it anew into the content, which
    // is empty. *out_goes_on is false when it is over, or when nothing can be waited for any more;
    // true also when what has changed cannot be opened as it is. NULL: the face follows nothing.
    enum status (*follow)(void *context, struct operation_call *call, bool *out_goes_on,
                          struct error *err);
    void *follow_context;
    // Has `asked`, whose input and content are what is to be checked, run where the FIELD_JUDGE
    // says. NULL: that is a folder here.
    enum status (*judge)(void *context, struct operation_call *asked, struct error *err);
    void *judge_context;
    struct digest packed; // of the archive that `content` came in
    bool has_packed;
    // Set by the runner:
    struct operation_caller *caller; // NULL without a bearer
    struct digest request_input;     // what goes with the request_key
    struct environment *environment;
    // Filled by the operation:
    struct json *output;          // what came of it
    struct finding_list findings; // also when it is refused
    struct content result;        // content to write out (export, cat)
    bool is_refusal;              // the output tells what is wrong: STATUS_REFUSED to whoever asked
    struct json *to_sign;         // when a person elsewhere has to sign first (operation_signing.h)
    // The operation's own, between prepare and run:
    void *state;
    void (*free_state)(void *state);
};
void operation_call_release(struct operation_call *call);

// Runs a row: authenticate, authorise, validate the input, open, run, finish. Every way in calls
// this.
enum status operation_run(const struct operation *operation, struct operation_call *call,
                          struct error *err);

// Whether one of these roles may run the row, as the runner asks it. STATUS_FORBIDDEN.
enum status operation_authorise(const struct operation *operation, unsigned roles,
                                struct error *err);

// Whether a seal came in the place of the row's FIELD_OTHER.
bool operation_has_seal(const struct operation *operation, const struct operation_call *call);

// Whether the input says that the row needs no environment.
bool operation_stands_alone(const struct operation *operation, const struct json *input);

// Opens the call's environment unless it is open: for a prepare that needs it before the lock.
enum status operation_open(struct operation_call *call, struct error *err);
