-- Where one person went on in two copies of a project, both may have dealt him the same question
-- under ids of their own. One of the two stays; the other is remembered here, so that an export
-- names the same assignment whichever copy the other was merged into.
CREATE TABLE assignment_alias (
    id         BLOB NOT NULL PRIMARY KEY,
    assignment BLOB NOT NULL REFERENCES assignment (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX assignment_alias_by_assignment ON assignment_alias (assignment);
