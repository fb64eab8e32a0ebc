-- Criteria over time: sentences edited by version, questions that say the same, groups made by hand,
-- and the phases of a project in which people first write criteria and then vote.
--
-- Every table is a record that rows are only added to. What stands now is kept beside, in columns
-- that can be made anew from the records: the sentence, its version and its meaning on `criterion`,
-- which question stands for another on `question`.

CREATE TABLE criterion_edit (
    id        BLOB    NOT NULL PRIMARY KEY,
    criterion BLOB    NOT NULL REFERENCES criterion (id),
    -- The edit whose sentence it changes; NULL: the sentence as it was first written.
    changes   BLOB REFERENCES criterion_edit (id) DEFERRABLE INITIALLY DEFERRED,
    -- The version that it makes.
    version   INTEGER NOT NULL,
    was       TEXT    NOT NULL,
    text      TEXT    NOT NULL,
    kind      TEXT    NOT NULL CHECK (kind IN ('typo', 'meaning')),
    -- Since which edit the sentence means what it means: this one where it changed the meaning, else
    -- that of the edit it changes. NULL: it means what it meant when it was first written.
    meaning   BLOB,
    -- Who; NULL: the owner, under no name.
    by        BLOB REFERENCES annotator (id),
    at_ms     INTEGER NOT NULL
) STRICT;
CREATE INDEX criterion_edit_by_criterion ON criterion_edit (criterion);

CREATE TRIGGER criterion_edit_is_not_changed BEFORE UPDATE ON criterion_edit
BEGIN SELECT RAISE(ABORT, 'edits of criteria are append-only'); END;
CREATE TRIGGER criterion_edit_is_not_deleted BEFORE DELETE ON criterion_edit
BEGIN SELECT RAISE(ABORT, 'edits of criteria are append-only'); END;

-- That a question says the same as another of its pair; same_as NULL takes that back.
CREATE TABLE question_same (
    id       BLOB    NOT NULL PRIMARY KEY,
    question BLOB    NOT NULL REFERENCES question (id),
    same_as  BLOB REFERENCES question (id),
    by       BLOB REFERENCES annotator (id),
    at_ms    INTEGER NOT NULL
) STRICT;
CREATE INDEX question_same_by_question ON question_same (question, at_ms, id);

CREATE TRIGGER question_same_is_not_changed BEFORE UPDATE ON question_same
BEGIN SELECT RAISE(ABORT, 'records of equal questions are append-only'); END;
CREATE TRIGGER question_same_is_not_deleted BEFORE DELETE ON question_same
BEGIN SELECT RAISE(ABORT, 'records of equal questions are append-only'); END;

-- In which group a criterion is; name NULL: in none any more.
CREATE TABLE criterion_grouping (
    id        BLOB    NOT NULL PRIMARY KEY,
    criterion BLOB    NOT NULL REFERENCES criterion (id),
    name      TEXT,
    by        BLOB REFERENCES annotator (id),
    at_ms     INTEGER NOT NULL
) STRICT;
CREATE INDEX criterion_grouping_by_criterion ON criterion_grouping (criterion, at_ms, id);

CREATE TRIGGER criterion_grouping_is_not_changed BEFORE UPDATE ON criterion_grouping
BEGIN SELECT RAISE(ABORT, 'groups of criteria are append-only'); END;
CREATE TRIGGER criterion_grouping_is_not_deleted BEFORE DELETE ON criterion_grouping
BEGIN SELECT RAISE(ABORT, 'groups of criteria are append-only'); END;

-- In which phase the project is: the last row's. No row: it has no phases.
CREATE TABLE phase_change (
    id    BLOB    NOT NULL PRIMARY KEY,
    phase TEXT    NOT NULL CHECK (phase IN ('write', 'review', 'vote')),
    by    BLOB REFERENCES annotator (id),
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX phase_change_by_time ON phase_change (at_ms, id);

CREATE TRIGGER phase_change_is_not_changed BEFORE UPDATE ON phase_change
BEGIN SELECT RAISE(ABORT, 'phases are append-only'); END;
CREATE TRIGGER phase_change_is_not_deleted BEFORE DELETE ON phase_change
BEGIN SELECT RAISE(ABORT, 'phases are append-only'); END;

-- The sentence's meaning, and the meaning under which a vote was cast and a resolution made: the id
-- of an edit; NULL: that of the sentence as it was first written.
ALTER TABLE criterion ADD COLUMN meaning BLOB;
ALTER TABLE vote ADD COLUMN meaning BLOB;
ALTER TABLE resolution ADD COLUMN meaning BLOB;
-- The question of the same pair that is asked in this one's place.
ALTER TABLE question ADD COLUMN same_as BLOB REFERENCES question (id);
CREATE INDEX question_merged ON question (id) WHERE same_as IS NOT NULL;

-- Assignments whose vote stands. `voted` is set where the end of the chain is a verdict given under
-- today's meaning of the criterion; `check` verifies it.
CREATE VIEW standing AS
SELECT a.* FROM assignment AS a JOIN question AS q ON q.id = a.question
WHERE a.state = 'voted' AND q.same_as IS NULL;

-- Resolutions made under today's meaning that nothing supersedes. `reopened` only records that a
-- changed meaning took one back. Several of one question: the last stands, imported ones behind.
CREATE VIEW standing_resolution AS
SELECT r.* FROM resolution AS r JOIN question AS q ON q.id = r.question
LEFT JOIN criterion AS c ON c.id = q.criterion
WHERE r.rule <> 'reopened' AND r.meaning IS c.meaning AND q.same_as IS NULL
  AND NOT EXISTS
    (SELECT 1 FROM resolution AS s WHERE s.supersedes = r.id AND s.rule <> 'reopened');

DROP VIEW label;
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

CREATE INDEX question_by_criterion ON question (criterion, pair) WHERE criterion IS NOT NULL;
