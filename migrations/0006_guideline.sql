-- Versions of the guideline, in Markdown. Copies of a project may have written one number each in
-- their own words: both rows stay, and of one number the latest is in force.
CREATE TABLE guideline (
    id      BLOB    NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version >= 1),
    text    TEXT    NOT NULL,
    at_ms   INTEGER NOT NULL
) STRICT;
CREATE INDEX guideline_by_version ON guideline (version, at_ms, id);

CREATE TRIGGER guideline_is_not_changed BEFORE UPDATE ON guideline
BEGIN SELECT RAISE(ABORT, 'guidelines are append-only: a change is a new version'); END;
CREATE TRIGGER guideline_is_not_deleted BEFORE DELETE ON guideline
BEGIN SELECT RAISE(ABORT, 'guidelines are append-only'); END;

-- The last version that the annotator was told of.
ALTER TABLE annotator ADD COLUMN guideline_told INTEGER;
