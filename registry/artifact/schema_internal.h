// A compiled schema, and what one validation holds. Internal to schema*.c.
//
//   schema.c           the contract: compile, validate
//   schema_document.c  documents and dialects: which texts there are, and how to read each
//   schema_node.c      one node for each subschema; identifiers; where references lead
//   schema_keyword.c   the table of keywords
//   schema_form.c      their values made ready for validating
//   schema_run.c       one validation: work counted, scopes, failures reported
//   schema_logic.c, schema_object.c, schema_array.c, schema_scalar.c   what each keyword asserts
//
// Nodes and keywords live in the schema's arena and are borrowed everywhere.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "artifact/json.h"
#include "artifact/json_hash.h"
#include "artifact/pattern.h"
#include "artifact/schema.h"
#include "artifact/schema_arena.h"
#include "artifact/schema_map.h"

// Drafts, as a mask.
#define SCHEMA_DRAFT_07 1U
#define SCHEMA_2020_12 2U
#define SCHEMA_EVERY_DRAFT (SCHEMA_DRAFT_07 | SCHEMA_2020_12)

// Vocabularies with keywords that assert something, as a mask.
#define SCHEMA_CORE 1U
#define SCHEMA_APPLICATOR 2U
#define SCHEMA_UNEVALUATED 4U
#define SCHEMA_VALIDATION 8U
#define SCHEMA_EVERY_VOCABULARY 15U

// Limits of one compilation: an artifact's schemas have some hundred subschemas.
#define SCHEMA_MAX_NODES 100000
#define SCHEMA_MAX_PATTERN_BYTES (16U << 20) // of compiled regular expressions together
#define SCHEMA_MAX_COMPILE_STEPS 20000000    // members looked at to resolve references
#define SCHEMA_MAX_LOADING 8                 // documents that need each other to be read

// Types, as a mask: the bits of enum json_type, and one for whole numbers, which are numbers too.
#define SCHEMA_TYPE_INTEGER (1U << 6)
#define SCHEMA_EVERY_TYPE 127U

// How a document's keywords are to be read.
struct schema_dialect {
    const char *uri;
    unsigned draft;
    unsigned vocabularies;
    struct schema_node *metaschema; // NULL until it is needed
};

struct schema_document {
    const struct json *root;
    const char *uri; // "" for the one being compiled
    struct schema_dialect *dialect;
    struct schema_document *next;
    bool valid; // against its metaschema; the built-in ones are by definition
};

// A schema with a URI of its own, and all below it that have none.
struct schema_resource {
    const char *uri; // "" when there is none; without fragment
    struct schema_node *root;
    struct schema_dialect *dialect;
    const struct schema_document *document;
};

struct schema_node {
    const struct json *value; // an object or a boolean
    struct schema_resource *resource;
    const struct schema_node *parent; // NULL for a document's root
    const char *path;                 // JSON pointer from the parent
    const char *dynamic_anchor;       // or NULL
    struct schema_keyword *keywords;  // in the order they are evaluated
    size_t keyword_count;
    unsigned types; // mask of what its type, enum and const leave possible
    bool tracks;    // has unevaluatedItems or unevaluatedProperties
    bool queued;    // to be compiled, or compiled
    struct schema_node *next_made;
    struct schema_node *next_pending;
};

// A name that a keyword's value holds, with what stands under it.
struct schema_name {
    const char *key;
    const struct json *value;
    const struct schema_node *node; // NULL if that is no schema
};

struct schema_enum_value {
    struct json_hash hash;
    const struct json *value;
};

struct schema_keyword {
    const struct schema_row *row;
    const struct schema_node *node; // that it stands in
    const struct json *value;
    const struct schema_keyword *beside[2]; // the siblings it depends on, or NULL
    const struct schema_node **nodes;       // subschemas in the value's order
    size_t count;
    struct schema_name *names; // sorted by key
    size_t name_count;
    struct pattern **patterns;        // one for each of `nodes`, or one alone
    struct schema_enum_value *values; // sorted by hash
    size_t value_count;
    uint64_t limit;
    unsigned types;
    const char *dynamic; // the anchor that a $dynamicRef looks for, or NULL
    bool is_list;        // draft-07's `items` with one schema per position
};

struct schema_owned {
    struct json *document;
    struct pattern *pattern;
    struct schema_owned *next;
};

struct schema {
    struct schema_arena arena;
    const struct json *document;
    const struct schema_registry *registry; // while compiling only
    struct schema_map nodes;                // by json value
    struct schema_map resources;            // by URI
    struct schema_map anchors;              // by resource and name
    struct schema_map dynamic_anchors;      // by resource and name
    struct schema_map dialects;             // by URI
    struct schema_document *documents;
    struct schema_owned *owned;
    struct schema_node *first_made; // all nodes, by next_made
    struct schema_node *last_made;
    struct schema_node *undiscovered; // the first of those still to be looked at
    struct schema_node *pending;
    size_t node_count;
    size_t pattern_bytes;
    uint64_t steps_left;
    int loading;
    bool is_builtin; // and sound, by the tests
};

// --- schema_document.c ---

// The dialect that a document declares, or `fallback` (NULL: 2020-12).
enum status schema_document_dialect(struct schema *schema, struct schema_dialect **out,
                                    const struct json *root, struct schema_dialect *fallback,
                                    struct error *err);

// The node that the dialect's schemas must be valid against; its nodes are queued.
enum status schema_document_metaschema(struct schema *schema, struct schema_dialect *dialect,
                                       struct error *err);

// Loads and queues the metaschemas of both drafts.
enum status schema_document_builtin_dialects(struct schema *schema, struct error *err);

// Takes a document in and finds its subschemas.
enum status schema_document_add(struct schema *schema, const struct json *root, const char *uri,
                                struct schema_dialect *dialect, struct schema_document **out,
                                struct error *err);

// Takes a document in without looking for its subschemas: those that references lead to are found
// on the way there. For a document that has no identifiers below its root.
enum status schema_document_add_root(struct schema *schema, const struct json *root,
                                     struct schema_dialect *dialect, struct schema_node **out,
                                     struct error *err);

// The resource of that URI, loading its document if need be; *out is NULL if there is none.
enum status schema_document_resource(struct schema *schema, struct schema_resource **out,
                                     const char *uri, struct schema_dialect *fallback,
                                     struct error *err);

// --- schema_node.c ---

// The node of a value that was found before, or NULL.
struct schema_node *schema_node_of(const struct schema *schema, const struct json *value);

enum status schema_node_new(struct schema *schema, struct schema_node **out,
                            const struct json *value, const struct schema_node *parent,
                            const char *path, struct schema_resource *resource, struct error *err);

// Finds all subschemas, below what was made so far, and their identifiers.
enum status schema_node_discover(struct schema *schema, struct error *err);

// Has the node compiled, if it is not.
void schema_node_queue(struct schema *schema, struct schema_node *node);

// Where a reference in `from` leads.
enum status schema_node_resolve(struct schema *schema, struct schema_node **out,
                                const struct schema_node *from, const char *reference,
                                struct error *err);

// Appends where the node is: a JSON pointer, with "<uri>#" in front outside the main document.
void schema_node_append_pointer(struct buffer *out, const struct schema_node *node);

// STATUS_INVALID, "schema_invalid", about the node's member `keyword`.
enum status schema_node_fail(const struct schema_node *node, const char *keyword, struct error *err,
                             const char *format, ...) __attribute__((format(printf, 4, 5)));

// --- schema_keyword.c ---

struct schema_run;
struct schema_frame;

// What a keyword's value must be, and so what it is made into.
enum schema_form {
    SCHEMA_FORM_SCHEMA,       // a schema
    SCHEMA_FORM_SCHEMAS,      // a list of schemas
    SCHEMA_FORM_ITEMS,        // a schema; in draft-07 also a list
    SCHEMA_FORM_SCHEMA_MAP,   // an object of schemas
    SCHEMA_FORM_PATTERN_MAP,  // the same, its keys regular expressions
    SCHEMA_FORM_DEPENDENCIES, // an object of schemas and lists of names
    SCHEMA_FORM_REFERENCE,    // a URI reference
    SCHEMA_FORM_DYNAMIC,      // the same, resolved when it is met
    SCHEMA_FORM_NUMBER,       // a number
    SCHEMA_FORM_DIVISOR,      // a number above 0
    SCHEMA_FORM_COUNT,        // a whole number from 0
    SCHEMA_FORM_BOOLEAN,
    SCHEMA_FORM_TYPES,     // the name of a type, or a list of them
    SCHEMA_FORM_NAMES,     // a list of strings
    SCHEMA_FORM_NAMES_MAP, // an object of lists of strings
    SCHEMA_FORM_VALUES,    // a list of anything
    SCHEMA_FORM_VALUE,     // anything
    SCHEMA_FORM_REGEX,     // a regular expression
};

struct schema_row {
    const char *name;
    enum schema_form form;
    unsigned drafts;
    unsigned vocabulary;
    int phase;            // lower ones are evaluated first
    bool needs_evaluated; // looks at which members or items were evaluated
    bool (*evaluate)(struct schema_run *run, const struct schema_keyword *keyword,
                     const struct schema_frame *frame); // NULL: asserts nothing by itself
    const char *beside[2];
};

// The keyword of that name in the dialect, or NULL.
const struct schema_row *schema_keyword_find(const struct schema_dialect *dialect,
                                             const char *name);

// Whether only its $ref counts (draft-07).
bool schema_keyword_ref_alone(const struct schema_node *node);

enum status schema_keyword_compile_node(struct schema *schema, struct schema_node *node,
                                        struct error *err);

// The entry of a keyword's names, or NULL.
const struct schema_name *schema_keyword_name(const struct schema_keyword *keyword,
                                              const char *key);

// --- schema_form.c ---

// Makes the keyword's value ready, by its row's form. STATUS_INVALID when it is not of that form.
enum status schema_form_compile(struct schema *schema, struct schema_keyword *keyword,
                                struct error *err);
