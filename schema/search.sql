-- The full-text index of one knowledge base: passages, and the words in them. It stands in a file of
-- its own, made once and then only read; the passages' text stays in the release. Who reads and
-- writes it: registry/ledger/search_index.h.

CREATE TABLE passage (
    id INTEGER PRIMARY KEY,
    file INTEGER NOT NULL,  -- index of the document, as who made the index counts them
    line INTEGER NOT NULL,  -- where the passage begins, from 1
    start INTEGER NOT NULL, -- the same as a byte offset
    bytes INTEGER NOT NULL
) STRICT;

-- Letters of all scripts, without accents and case.
CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='unicode61 remove_diacritics 2');
