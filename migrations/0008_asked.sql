-- How a reward model was asked: with which prompt, under which criterion, and what it saw of the media.
-- One answer stands for each way of asking.

CREATE TABLE prediction_made_anew (
    id            BLOB    NOT NULL PRIMARY KEY,
    question      BLOB    NOT NULL REFERENCES question (id),
    model         BLOB    NOT NULL REFERENCES reward_model (id),
    setting       TEXT    NOT NULL CHECK (setting IN ('with_tie', 'without_tie')),
    -- In which order the model saw the responses. Verdict and scores are in data terms.
    shown         TEXT    NOT NULL CHECK (shown IN ('12', '21')),
    -- own: the question's criterion. none, other, negated: what is asked to see whether the model
    -- follows the criterion; nothing that judges the model's answers counts these.
    asked_under   TEXT    NOT NULL DEFAULT 'own'
                  CHECK (asked_under IN ('own', 'none', 'other', 'negated')),
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
    -- The words of the criterion as asked, where it is not the question's own.
    asked         TEXT,
    -- What it saw of the media, one sentence each, as a JSON array; NULL: nobody knows.
    media_used    TEXT CHECK (media_used IS NULL OR json_valid(media_used)),
    -- How long the answer took; NULL: nobody knows.
    ms            INTEGER CHECK (ms >= 0),
    at_ms         INTEGER NOT NULL,
    UNIQUE (model, question, setting, shown, asked_under, template_hash)
) STRICT;
INSERT INTO prediction_made_anew (id, question, model, setting, shown, template_hash, scored, score1,
    score2, verdict, text, error, at_ms)
SELECT id, question, model, setting, shown, template_hash, scored, score1, score2, verdict, text,
    error, at_ms FROM prediction;
DROP TABLE prediction;
ALTER TABLE prediction_made_anew RENAME TO prediction;
CREATE INDEX prediction_by_question ON prediction (question);

CREATE TRIGGER prediction_is_not_changed BEFORE UPDATE ON prediction
BEGIN SELECT RAISE(ABORT, 'predictions are not changed: another run is another model or template'); END;
