-- Queues: in which order questions come, questions whose answer is known, and a practice round.

-- Questions whose answer is known. check: dealt to everybody among the others. practice: dealt first,
-- the answer told after the vote. role NULL: neither any more. The latest row of a question stands.
CREATE TABLE known_answer (
    id          BLOB    NOT NULL PRIMARY KEY,
    question    BLOB    NOT NULL REFERENCES question (id),
    role        TEXT CHECK (role IN ('check', 'practice')),
    verdict     TEXT CHECK (verdict IN ('response1', 'response2', 'tie', 'both_bad')),
    explanation TEXT    NOT NULL DEFAULT '',
    at_ms       INTEGER NOT NULL,
    CHECK ((role IS NULL) = (verdict IS NULL))
) STRICT;
CREATE INDEX known_answer_by_question ON known_answer (question, at_ms, id);
CREATE INDEX known_answer_by_role ON known_answer (role, question);

CREATE TRIGGER known_answer_is_not_changed BEFORE UPDATE ON known_answer
BEGIN SELECT RAISE(ABORT, 'known answers are append-only: a change is a new row'); END;
CREATE TRIGGER known_answer_is_not_deleted BEFORE DELETE ON known_answer
BEGIN SELECT RAISE(ABORT, 'known answers are append-only'); END;

CREATE VIEW known AS
SELECT k.question, k.role, k.verdict, k.explanation, k.at_ms, k.id FROM known_answer AS k
WHERE k.id = (SELECT o.id FROM known_answer AS o WHERE o.question = k.question
  ORDER BY o.at_ms DESC, o.id DESC LIMIT 1);

-- An answer given in the practice round counts nowhere, whatever becomes of its question.
ALTER TABLE assignment ADD COLUMN practice INTEGER NOT NULL DEFAULT 0 CHECK (practice IN (0, 1));
CREATE INDEX assignment_practice ON assignment (annotator) WHERE practice = 1;

DROP VIEW label;
DROP VIEW standing;
CREATE VIEW standing AS
SELECT a.* FROM assignment AS a JOIN question AS q ON q.id = a.question
WHERE a.state = 'voted' AND a.practice = 0 AND q.same_as IS NULL;

CREATE VIEW label AS
SELECT q.source_id, p.task, c.text AS criterion, n.name AS annotator, v.verdict, v.confidence,
       v.rationale, a.repeat, a.left_side, datetime(v.at_ms / 1000, 'unixepoch') AS at_utc,
       lower(hex(v.id)) AS vote, lower(hex(q.id)) AS question
FROM standing AS a
JOIN vote AS v ON v.id = a.head
JOIN annotator AS n ON n.id = a.annotator
JOIN question AS q ON q.id = a.question
JOIN pair AS p ON p.id = q.pair
JOIN criterion AS c ON c.id = q.criterion;

-- From here on `assignment.pair_position` is the place of the pair in the annotator's own queue, and
-- `annotator.dealt_position` the last place given in it. Which pair he is at, and how far each part
-- of the data was dealt to him, stand by themselves: for the data's order, that is the place in the
-- data, which was the place in the queue until now.
ALTER TABLE annotator ADD COLUMN dealt_pair BLOB REFERENCES pair (id);
-- At which place of his queue the next check comes.
ALTER TABLE annotator ADD COLUMN check_due INTEGER;
UPDATE annotator SET dealt_pair = (SELECT p.id FROM pair AS p WHERE p.position = dealt_position);

CREATE TABLE queue_cursor (
    annotator BLOB    NOT NULL REFERENCES annotator (id),
    -- data, shuffled, a task, or how many people have been dealt a pair.
    part      TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    -- Where the pairs that are being shuffled begin, and how many there are.
    base      INTEGER NOT NULL DEFAULT 0,
    size      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (annotator, part)
) STRICT, WITHOUT ROWID;
INSERT INTO queue_cursor (annotator, part, at)
SELECT id, 'data', dealt_position FROM annotator WHERE dealt_position >= 0;

CREATE INDEX pair_by_task ON pair (task, position);

-- How many people have been dealt each pair, kept while those dealt to the fewest come first. Where
-- a project has phases, it is counted anew when one begins, for the steps of that phase.
CREATE TABLE pair_dealt (
    position INTEGER NOT NULL PRIMARY KEY,
    people   INTEGER NOT NULL
) STRICT;
CREATE INDEX pair_dealt_by_people ON pair_dealt (people, position);

CREATE TRIGGER pair_is_counted AFTER INSERT ON pair
WHEN EXISTS (SELECT 1 FROM setting WHERE key = 'order' AND value = 'fewest-first')
BEGIN INSERT INTO pair_dealt (position, people) VALUES (NEW.position, 0); END;

CREATE TRIGGER dealing_is_counted AFTER INSERT ON assignment
WHEN EXISTS (SELECT 1 FROM setting WHERE key = 'order' AND value = 'fewest-first')
  -- A step of the phase that the project is in, if it has any.
  AND coalesce((SELECT q.criterion IS NULL FROM question AS q WHERE q.id = NEW.question)
    = ((SELECT phase FROM phase_change ORDER BY at_ms DESC, id DESC LIMIT 1) = 'write'), 1)
  -- The first such of the pair that this person is dealt.
  AND NOT EXISTS (SELECT 1 FROM question AS q JOIN question AS o ON o.pair = q.pair
    JOIN assignment AS a ON a.annotator = NEW.annotator AND a.question = o.id AND a.id <> NEW.id
    WHERE q.id = NEW.question AND ((q.criterion IS NULL) = (o.criterion IS NULL)
      OR NOT EXISTS (SELECT 1 FROM phase_change)))
BEGIN
    UPDATE pair_dealt SET people = people + 1
    WHERE position = (SELECT pair_position FROM question WHERE id = NEW.question);
END;
