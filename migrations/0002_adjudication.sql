-- Adjudication: a question may be dropped instead of given a verdict, every resolution says who made
-- it and from what, and what an adjudicator did before he saw the votes is kept.

CREATE TABLE resolution_2 (
    id         BLOB    NOT NULL PRIMARY KEY,
    supersedes BLOB REFERENCES resolution (id),
    question   BLOB    NOT NULL REFERENCES question (id),
    -- NULL: the question is dropped, or (with dropped NULL too) has no resolution any more.
    verdict    TEXT CHECK (verdict IN ('response1', 'response2', 'tie', 'both_bad')),
    dropped    TEXT CHECK (dropped IN ('criterion_unclear', 'no_consensus', 'broken_item')),
    -- imported, unanimous, majority, dawid_skene, adjudicator; reversed where nothing is left.
    rule       TEXT    NOT NULL,
    -- Who decided, where a person did.
    by         BLOB REFERENCES annotator (id),
    reason     TEXT    NOT NULL DEFAULT '',
    -- JSON: what it was made from and what was shown.
    provenance TEXT    NOT NULL DEFAULT 'null',
    at_ms      INTEGER NOT NULL,
    CHECK (verdict IS NULL OR dropped IS NULL)
) STRICT;
INSERT INTO resolution_2 (id, supersedes, question, verdict, rule, at_ms)
SELECT id, supersedes, question, verdict, rule, at_ms FROM resolution ORDER BY rowid;
DROP TABLE resolution;
ALTER TABLE resolution_2 RENAME TO resolution;
CREATE INDEX resolution_by_question ON resolution (question);
CREATE INDEX resolution_by_superseded ON resolution (supersedes) WHERE supersedes IS NOT NULL;

CREATE TRIGGER resolution_is_not_changed BEFORE UPDATE ON resolution
BEGIN SELECT RAISE(ABORT, 'resolutions are append-only'); END;
CREATE TRIGGER resolution_is_not_deleted BEFORE DELETE ON resolution
BEGIN SELECT RAISE(ABORT, 'resolutions are append-only'); END;

-- What an adjudicator did with a question besides resolving it.
CREATE TABLE adjudication (
    id           BLOB    NOT NULL PRIMARY KEY,
    question     BLOB    NOT NULL REFERENCES question (id),
    adjudicator  BLOB    NOT NULL REFERENCES annotator (id),
    -- blind: decided before the votes were shown. sent_back: another vote is wanted first.
    -- flagged: the guideline should say something about it.
    act          TEXT    NOT NULL CHECK (act IN ('blind', 'sent_back', 'flagged')),
    verdict      TEXT CHECK (verdict IN ('response1', 'response2', 'tie', 'both_bad')),
    dropped      TEXT CHECK (dropped IN ('criterion_unclear', 'no_consensus', 'broken_item')),
    reason       TEXT    NOT NULL DEFAULT '',
    left_side    TEXT    NOT NULL CHECK (left_side IN ('response1', 'response2')),
    -- JSON: how the question stood in the queue, and on the screen.
    queue        TEXT    NOT NULL DEFAULT 'null',
    presentation TEXT    NOT NULL DEFAULT 'null',
    at_ms        INTEGER NOT NULL,
    CHECK ((act = 'blind') = ((verdict IS NULL) <> (dropped IS NULL)))
) STRICT;
CREATE INDEX adjudication_by_question ON adjudication (question);

CREATE TRIGGER adjudication_is_not_changed BEFORE UPDATE ON adjudication
BEGIN SELECT RAISE(ABORT, 'adjudications are append-only'); END;
CREATE TRIGGER adjudication_is_not_deleted BEFORE DELETE ON adjudication
BEGIN SELECT RAISE(ABORT, 'adjudications are append-only'); END;
