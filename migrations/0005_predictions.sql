-- Reward models, and what they say of the project's questions. Nothing here is ever read for an
-- annotator's screen, nor does it bend a label.

CREATE TABLE reward_model (
    -- Of its name, family and hash.
    id         BLOB    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    family     TEXT    NOT NULL,
    -- BLAKE3 of what it is: its file or, where it ran elsewhere, the file of what it said.
    hash       TEXT    NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE prediction (
    -- Of what it says, where it came with a file, so that everybody who imports it holds the same row.
    id            BLOB    NOT NULL PRIMARY KEY,
    question      BLOB    NOT NULL REFERENCES question (id),
    model         BLOB    NOT NULL REFERENCES reward_model (id),
    setting       TEXT    NOT NULL CHECK (setting IN ('with_tie', 'without_tie')),
    -- In which order the model saw the responses. Verdict and scores are in data terms.
    shown         TEXT    NOT NULL CHECK (shown IN ('12', '21')),
    -- BLAKE3 of the prompt's template; empty where there is none or nobody knows.
    template_hash TEXT    NOT NULL DEFAULT '',
    -- NULL with `scored`: the model's score was no number.
    scored        INTEGER NOT NULL CHECK (scored IN (0, 1)),
    score1        REAL,
    score2        REAL,
    -- NULL: none could be read, or scores say it.
    verdict       TEXT CHECK (verdict IN ('response1', 'response2', 'tie', 'both_bad')),
    text          TEXT    NOT NULL DEFAULT '',
    error         TEXT    NOT NULL DEFAULT '',
    at_ms         INTEGER NOT NULL,
    UNIQUE (model, question, setting, shown, template_hash)
) STRICT;
CREATE INDEX prediction_by_question ON prediction (question);

CREATE TRIGGER prediction_is_not_changed BEFORE UPDATE ON prediction
BEGIN SELECT RAISE(ABORT, 'predictions are not changed: another run is another model or template'); END;
