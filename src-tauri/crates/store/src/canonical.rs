//! The order in which exports go through a project: that of its content.
//!
//! Places in queues (`pair.position`, `question.ordinal`, `annotator.ordinal`) are each project's
//! own: they say in which order things came here, and a merge never moves them. What is written out
//! must not depend on that, or two projects that hold the same would write different files. So
//! exports go by the file and the row that a question came from; for a project that was made by
//! importing files that is the order of their rows.

/// The first row of the pair of `q`, as `f`, in the file `fi`.
pub(crate) const FIRST_OF_PAIR: &str = "LEFT JOIN question AS f ON f.id = (SELECT x.id
       FROM question AS x JOIN import AS xi ON xi.id = x.import
       WHERE x.pair = q.pair AND x.row IS NOT NULL ORDER BY xi.file, x.row, x.id LIMIT 1)
     LEFT JOIN import AS fi ON fi.id = f.import";

/// Pairs by their first row; needs [`FIRST_OF_PAIR`].
pub(crate) const BY_PAIR: &str = "fi.file, f.row, f.id";

/// Questions of one pair: those of files by row, then those that people wrote by their criterion
/// `c`; the file of `q` is `qi`.
pub(crate) const WITHIN_PAIR: &str =
    "q.row IS NULL, qi.file, q.row, c.created_ms, q.criterion, q.id";

/// Annotators `n`.
pub(crate) const BY_ANNOTATOR: &str = "n.created_ms, n.name, n.id";

/// The id under which an export names the assignment `a`: the smallest of those under which copies
/// of the project dealt it.
pub(crate) const ASSIGNMENT: &str = "(SELECT min(a.id, coalesce(min(s.id), a.id))
     FROM assignment_alias AS s WHERE s.assignment = a.id)";
