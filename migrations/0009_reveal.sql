-- Commit, then reveal: to whom a prediction was shown, and which votes were cast after that.

-- What was shown to whom, written before it is shown. Rows are only added.
CREATE TABLE reveal (
    id        BLOB    NOT NULL PRIMARY KEY,
    annotator BLOB    NOT NULL REFERENCES annotator (id),
    question  BLOB    NOT NULL REFERENCES question (id),
    -- The vote that stood when it was shown. NULL: not known, since the record came with a file.
    vote      BLOB REFERENCES vote (id),
    -- each: after the vote. session: at the end of the queue. file: votes from a file say that their
    -- annotator had seen something.
    policy    TEXT    NOT NULL CHECK (policy IN ('each', 'session', 'file')),
    -- JSON: which model, how it was asked, and what was shown of its answer, in data terms; null where
    -- that is not known.
    told      TEXT    NOT NULL DEFAULT 'null',
    at_ms     INTEGER NOT NULL
) STRICT;
CREATE INDEX reveal_by_question ON reveal (question, annotator, at_ms);

CREATE TRIGGER reveal_is_not_changed BEFORE UPDATE ON reveal
BEGIN SELECT RAISE(ABORT, 'what was shown is append-only'); END;
CREATE TRIGGER reveal_is_not_deleted BEFORE DELETE ON reveal
BEGIN SELECT RAISE(ABORT, 'what was shown is append-only'); END;

-- What the presentation of a vote says of it.
ALTER TABLE vote ADD COLUMN revealed INTEGER GENERATED ALWAYS AS (
    CASE WHEN json_valid(presentation)
      THEN coalesce(json_extract(presentation, '$.revealed') = 1, 0) ELSE 0 END) VIRTUAL;
CREATE INDEX vote_revealed ON vote (question) WHERE revealed = 1;

-- Votes cast after the same person was shown a prediction of the question: their presentation says so
-- or, where that was shown in another copy of the project, the record of what was shown does.
CREATE VIEW informed AS
SELECT v.id, v.assignment, v.question, v.annotator FROM vote AS v
WHERE v.verdict IS NOT NULL AND (v.revealed = 1 OR EXISTS (SELECT 1 FROM reveal AS r
  WHERE r.question = v.question AND r.annotator = v.annotator AND r.at_ms <= v.at_ms));

-- Of each assignment whose vote stands, the vote that counts: the one that stands or, where that was
-- cast after a prediction was shown, the last one before. An assignment that has none, since all was
-- said or taken back after that, is not here. The one place of this rule: whatever counts votes as
-- independent judgements reads them from here.
CREATE VIEW independent AS
SELECT a.*, v.id AS vote
FROM standing AS a
JOIN vote AS h ON h.id = a.head
JOIN vote AS v ON v.id = CASE
    WHEN NOT EXISTS (SELECT 1 FROM informed AS i WHERE i.id = h.id) THEN h.id
    -- A withdrawal is never informed: what was taken back does not count again.
    ELSE (SELECT w.id FROM vote AS w WHERE w.question = a.question AND w.assignment = a.id
        AND NOT EXISTS (SELECT 1 FROM informed AS i WHERE i.id = w.id)
      ORDER BY w.at_ms DESC, w.id DESC LIMIT 1)
    END
WHERE v.verdict IS NOT NULL AND v.meaning IS h.meaning;

DROP VIEW label;
CREATE VIEW label AS
SELECT q.source_id, p.task, c.text AS criterion, n.name AS annotator, v.verdict, v.confidence,
       v.rationale, a.repeat, a.left_side, datetime(v.at_ms / 1000, 'unixepoch') AS at_utc,
       lower(hex(v.id)) AS vote, lower(hex(q.id)) AS question,
       EXISTS (SELECT 1 FROM informed AS i WHERE i.id = v.id) AS after_reveal
FROM standing AS a
JOIN vote AS v ON v.id = a.head
JOIN annotator AS n ON n.id = a.annotator
JOIN question AS q ON q.id = a.question
JOIN pair AS p ON p.id = q.pair
JOIN criterion AS c ON c.id = q.criterion;
