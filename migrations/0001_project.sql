-- A project: what is compared, who compares it, and what they said.
--
-- Ids are 16 bytes (pair, criterion, question: UUIDv8 of content; acts: UUIDv7); media ids are the
-- 32 bytes of BLAKE3. Times are milliseconds since 1970-01-01 UTC. The view `label` at the end
-- shows the votes that stand in words.

CREATE TABLE setting (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE annotator (
    id             BLOB    NOT NULL PRIMARY KEY,
    name           TEXT    NOT NULL,
    -- In which order names came into the project.
    ordinal        INTEGER NOT NULL UNIQUE,
    -- In which order people were first dealt a question: their sides are drawn two by two. A name
    -- that only came with a table has none, so that it takes nobody's place in the balance.
    dealt_order    INTEGER UNIQUE,
    -- The table that the name came with: nobody labels under it. NULL: a person.
    origin         TEXT,
    created_ms     INTEGER NOT NULL,
    keys           TEXT    NOT NULL DEFAULT '{}',
    preferences    TEXT    NOT NULL DEFAULT '{}',
    -- How far the queue was dealt to this annotator: the place of the last question.
    dealt_position INTEGER NOT NULL DEFAULT -1,
    dealt_ordinal  INTEGER NOT NULL DEFAULT -1
) STRICT;

CREATE TABLE media_root (
    id   INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE media (
    id    BLOB    NOT NULL PRIMARY KEY,
    kind  TEXT    NOT NULL CHECK (kind IN ('image', 'video', 'audio', 'model3d')),
    mime  TEXT    NOT NULL,
    bytes INTEGER NOT NULL,
    -- Used in place: under which declared root, and where. Both NULL: media/ab/<64 hex>.
    root  INTEGER REFERENCES media_root (id),
    path  TEXT,
    CHECK ((root IS NULL) = (path IS NULL))
) STRICT;

CREATE TABLE prompt (
    id   BLOB NOT NULL PRIMARY KEY,
    text TEXT NOT NULL
) STRICT;

CREATE TABLE pair (
    id       BLOB    NOT NULL PRIMARY KEY,
    -- Its place in the data, which is its place in every queue.
    position INTEGER NOT NULL UNIQUE,
    task     TEXT    NOT NULL,
    prompt   BLOB    NOT NULL REFERENCES prompt (id),
    text1    TEXT    NOT NULL,
    text2    TEXT    NOT NULL,
    model1   TEXT,
    model2   TEXT
) STRICT;

CREATE TABLE pair_media (
    pair  BLOB    NOT NULL REFERENCES pair (id),
    -- 0 the prompt, 1 and 2 the responses.
    place INTEGER NOT NULL CHECK (place IN (0, 1, 2)),
    n     INTEGER NOT NULL,
    media BLOB    NOT NULL REFERENCES media (id),
    -- The path as the data gave it.
    name  TEXT    NOT NULL,
    PRIMARY KEY (pair, place, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX pair_media_by_media ON pair_media (media);

CREATE TABLE criterion (
    id         BLOB    NOT NULL PRIMARY KEY,
    text       TEXT    NOT NULL,
    version    INTEGER NOT NULL DEFAULT 1,
    -- Who wrote it here; NULL where it came with the data.
    author     BLOB REFERENCES annotator (id),
    created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE import (
    id      INTEGER PRIMARY KEY,
    file    TEXT    NOT NULL,
    format  TEXT    NOT NULL,
    mapping TEXT,
    at_ms   INTEGER NOT NULL,
    -- A hash of where the file lay, so that an export does not replace it: the path itself stays
    -- out of the project.
    place   BLOB
) STRICT;

-- The keys of an imported row, in order: most rows of a file share one.
CREATE TABLE shape (
    id   INTEGER PRIMARY KEY,
    keys TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE question (
    id            BLOB    NOT NULL PRIMARY KEY,
    pair          BLOB    NOT NULL REFERENCES pair (id),
    pair_position INTEGER NOT NULL,
    -- Its place among the questions of the pair. 0 is the step in which people write criteria.
    ordinal       INTEGER NOT NULL,
    -- NULL: people are asked to write criteria for the pair.
    criterion     BLOB REFERENCES criterion (id),
    source_id     TEXT,
    import        INTEGER REFERENCES import (id),
    row           INTEGER,
    shape         INTEGER REFERENCES shape (id),
    -- Fields of the row that nothing else holds, verbatim: a JSON array of [key, text of value].
    extra         TEXT,
    UNIQUE (pair_position, ordinal)
) STRICT;
CREATE INDEX question_by_pair ON question (pair);
CREATE INDEX question_by_source ON question (source_id) WHERE source_id IS NOT NULL;
CREATE INDEX question_to_write ON question (pair) WHERE criterion IS NULL;
CREATE INDEX question_by_row ON question (import, row);
CREATE INDEX question_to_answer ON question (id) WHERE criterion IS NOT NULL;

CREATE TABLE assignment (
    id            BLOB    NOT NULL PRIMARY KEY,
    annotator     BLOB    NOT NULL REFERENCES annotator (id),
    question      BLOB    NOT NULL REFERENCES question (id),
    pair_position INTEGER NOT NULL,
    ordinal       INTEGER NOT NULL,
    left_side     TEXT    NOT NULL CHECK (left_side IN ('response1', 'response2')),
    repeat        INTEGER NOT NULL DEFAULT 0 CHECK (repeat IN (0, 1)),
    -- written: criteria were given where the pair asked for them.
    state         TEXT    NOT NULL CHECK (state IN ('open', 'voted', 'skipped', 'written')),
    -- The last row of its chain of votes.
    head          BLOB REFERENCES vote (id) DEFERRABLE INITIALLY DEFERRED,
    -- When the annotator last did something with it.
    acted_ms      INTEGER,
    UNIQUE (annotator, question, repeat)
) STRICT;
CREATE INDEX assignment_open ON assignment (annotator, pair_position, ordinal) WHERE state = 'open';
CREATE INDEX assignment_acted ON assignment (annotator, acted_ms) WHERE acted_ms IS NOT NULL;
CREATE INDEX assignment_by_question ON assignment (question);

-- Votes are evidence: rows are added, never changed. A change or a withdrawal (verdict NULL) is a
-- new row that supersedes the old one.
CREATE TABLE vote (
    id                BLOB    NOT NULL PRIMARY KEY,
    supersedes        BLOB REFERENCES vote (id) DEFERRABLE INITIALLY DEFERRED,
    assignment        BLOB    NOT NULL REFERENCES assignment (id),
    question          BLOB    NOT NULL REFERENCES question (id),
    annotator         BLOB    NOT NULL REFERENCES annotator (id),
    criterion_version INTEGER NOT NULL,
    verdict           TEXT CHECK (verdict IN ('response1', 'response2', 'tie', 'both_bad')),
    confidence        INTEGER CHECK (confidence IN (1, 2, 3)),
    rationale         TEXT    NOT NULL DEFAULT '',
    at_ms             INTEGER NOT NULL,
    -- JSON; null where the vote came from a file that does not say how it was cast.
    presentation      TEXT    NOT NULL DEFAULT 'null'
) STRICT;
CREATE INDEX vote_by_question ON vote (question);
CREATE INDEX vote_by_annotator ON vote (annotator, at_ms);
CREATE INDEX vote_by_superseded ON vote (supersedes) WHERE supersedes IS NOT NULL;

CREATE TRIGGER vote_is_not_changed BEFORE UPDATE ON vote
BEGIN SELECT RAISE(ABORT, 'votes are append-only: a change is a new row'); END;
CREATE TRIGGER vote_is_not_deleted BEFORE DELETE ON vote
BEGIN SELECT RAISE(ABORT, 'votes are append-only: a withdrawal is a new row'); END;

-- Why questions were left without a vote; reason NULL takes the last skip back.
CREATE TABLE skip (
    id         INTEGER PRIMARY KEY,
    assignment BLOB    NOT NULL REFERENCES assignment (id),
    reason     TEXT CHECK (reason IN ('broken', 'unclear', 'not_competent', 'distressing')),
    note       TEXT    NOT NULL DEFAULT '',
    at_ms      INTEGER NOT NULL
) STRICT;
CREATE INDEX skip_by_assignment ON skip (assignment);

CREATE TRIGGER skip_is_not_changed BEFORE UPDATE ON skip
BEGIN SELECT RAISE(ABORT, 'skips are append-only'); END;
CREATE TRIGGER skip_is_not_deleted BEFORE DELETE ON skip
BEGIN SELECT RAISE(ABORT, 'skips are append-only'); END;

-- Final verdicts with where they came from; append-only too, a later row supersedes.
CREATE TABLE resolution (
    id         BLOB    NOT NULL PRIMARY KEY,
    supersedes BLOB REFERENCES resolution (id),
    question   BLOB    NOT NULL REFERENCES question (id),
    verdict    TEXT    NOT NULL CHECK (verdict IN ('response1', 'response2', 'tie', 'both_bad')),
    rule       TEXT    NOT NULL,
    at_ms      INTEGER NOT NULL
) STRICT;
CREATE INDEX resolution_by_question ON resolution (question);
CREATE INDEX resolution_by_superseded ON resolution (supersedes) WHERE supersedes IS NOT NULL;

CREATE TRIGGER resolution_is_not_changed BEFORE UPDATE ON resolution
BEGIN SELECT RAISE(ABORT, 'resolutions are append-only'); END;
CREATE TRIGGER resolution_is_not_deleted BEFORE DELETE ON resolution
BEGIN SELECT RAISE(ABORT, 'resolutions are append-only'); END;

-- What was done to the project besides votes: imports, the owner's switch, moved work.
CREATE TABLE log (
    id     INTEGER PRIMARY KEY,
    at_ms  INTEGER NOT NULL,
    what   TEXT    NOT NULL,
    detail TEXT    NOT NULL
) STRICT;

CREATE VIEW label AS
SELECT q.source_id, p.task, c.text AS criterion, n.name AS annotator, v.verdict, v.confidence,
       v.rationale, a.repeat, a.left_side, datetime(v.at_ms / 1000, 'unixepoch') AS at_utc,
       lower(hex(v.id)) AS vote, lower(hex(q.id)) AS question
FROM assignment AS a
JOIN vote AS v ON v.id = a.head AND v.verdict IS NOT NULL
JOIN annotator AS n ON n.id = a.annotator
JOIN question AS q ON q.id = a.question
JOIN pair AS p ON p.id = q.pair
JOIN criterion AS c ON c.id = q.criterion;
