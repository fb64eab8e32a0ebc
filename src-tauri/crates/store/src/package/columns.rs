//! What of a project goes into a work package, table by table and column by column.
//!
//! A package holds what its annotator may see and what he did himself. Everything else stays: model
//! names, paths, source ids, imports, other people's names, votes and sentences' authors,
//! resolutions, adjudications, predictions, how sentences came to read as they do, which questions are
//! checks, the log. Answers of the practice round go along, since he is told them there. A column that
//! a later version adds has to be decided on here: a test fails until it is.

/// The settings that go along: what the annotator's queue, sides and screen follow from.
pub(crate) const SETTINGS: [&str; 8] = [
    "name",
    "seed",
    "created_ms",
    "ask_criteria",
    "repeat_percent",
    "votes_per_question",
    "people",
    "both_bad",
];

/// A table that goes along in part.
pub(super) struct Part {
    /// The table.
    pub(super) table: &'static str,
    /// Its columns, each with what is taken for it. `?1` is the annotator.
    pub(super) columns: &'static [(&'static str, &'static str)],
    /// The rest of the statement, from `FROM` on: `project` is the project, `main` the package,
    /// `chosen` the questions that go along, `chosen_pair` their pairs.
    pub(super) from: &'static str,
    /// What stays in the project.
    #[cfg(test)]
    pub(super) withheld: &'static [&'static str],
}

macro_rules! parts {
    ($($table:literal ($($column:ident = $value:literal),* $(,)?) $from:literal
        without [$($withheld:ident),* $(,)?];)*) => {
        &[$(Part {
            table: $table,
            columns: &[$((stringify!($column), $value)),*],
            from: $from,
            #[cfg(test)]
            withheld: &[$(stringify!($withheld)),*],
        }),*]
    };
}

/// The tables that go along, in the order in which they are filled. Of a sentence that somebody
/// else wrote, the time is one that any true record of it comes before.
pub(super) const PARTS: &[Part] = parts! {
    "annotator" (id = "a.id", name = "a.name", ordinal = "0", dealt_order = "a.dealt_order",
        created_ms = "a.created_ms", keys = "a.keys", preferences = "a.preferences",
        dealt_position = "a.dealt_position",
        dealt_pair = "CASE WHEN a.dealt_pair IN (SELECT id FROM temp.chosen_pair) THEN a.dealt_pair END",
        dealt_ordinal = "a.dealt_ordinal", guideline_told = "a.guideline_told")
        "FROM project.annotator AS a WHERE a.id = ?1"
        without [origin, check_due];
    "prompt" (id = "o.id", text = "o.text")
        "FROM project.prompt AS o WHERE o.id IN (SELECT p.prompt FROM project.pair AS p
           JOIN temp.chosen_pair AS c ON c.id = p.id)"
        without [];
    "pair" (id = "p.id", position = "p.position", task = "p.task", prompt = "p.prompt",
        text1 = "p.text1", text2 = "p.text2")
        "FROM project.pair AS p JOIN temp.chosen_pair AS c ON c.id = p.id ORDER BY p.position"
        without [model1, model2];
    "media" (id = "m.id", kind = "m.kind", mime = "m.mime", bytes = "m.bytes")
        "FROM project.media AS m WHERE m.id IN (SELECT x.media FROM project.pair_media AS x
           JOIN temp.chosen_pair AS c ON c.id = x.pair) ORDER BY m.id"
        without [root, path];
    "pair_media" (pair = "x.pair", place = "x.place", n = "x.n", media = "x.media", name = "''")
        "FROM project.pair_media AS x JOIN temp.chosen_pair AS c ON c.id = x.pair"
        without [];
    "criterion" (id = "c.id", text = "c.text", version = "c.version",
        author = "CASE WHEN c.author = ?1 THEN c.author END",
        created_ms = "CASE WHEN c.author = ?1 THEN c.created_ms ELSE 9223372036854775807 END",
        meaning = "c.meaning")
        "FROM project.criterion AS c WHERE c.id IN (SELECT q.criterion FROM project.question AS q
           JOIN temp.chosen AS t ON t.id = q.id) ORDER BY c.id"
        without [];
    "question" (id = "q.id", pair = "q.pair", pair_position = "q.pair_position",
        ordinal = "q.ordinal", criterion = "q.criterion")
        "FROM project.question AS q JOIN temp.chosen AS t ON t.id = q.id
         ORDER BY q.pair_position, q.ordinal"
        without [source_id, import, row, shape, extra, same_as];
    "assignment" (id = "a.id", annotator = "a.annotator", question = "a.question",
        pair_position = "a.pair_position", ordinal = "a.ordinal", left_side = "a.left_side",
        repeat = "a.repeat", state = "a.state", head = "a.head", acted_ms = "a.acted_ms",
        practice = "a.practice")
        "FROM project.assignment AS a JOIN temp.chosen AS t ON t.id = a.question
         WHERE a.annotator = ?1 ORDER BY a.id"
        without [];
    "assignment_alias" (id = "s.id", assignment = "s.assignment")
        "FROM project.assignment_alias AS s
         WHERE s.assignment IN (SELECT a.id FROM main.assignment AS a)"
        without [];
    "vote" (id = "v.id", supersedes = "v.supersedes", assignment = "v.assignment",
        question = "v.question", annotator = "v.annotator",
        criterion_version = "v.criterion_version", verdict = "v.verdict",
        confidence = "v.confidence", rationale = "v.rationale", at_ms = "v.at_ms",
        presentation = "v.presentation", meaning = "v.meaning")
        "FROM project.vote AS v WHERE v.assignment IN (SELECT a.id FROM main.assignment AS a)
           AND v.annotator = ?1 ORDER BY v.at_ms, v.id"
        without [];
    "phase_change" (id = "p.id", phase = "p.phase", at_ms = "p.at_ms")
        "FROM project.phase_change AS p ORDER BY p.at_ms DESC, p.id DESC LIMIT 1"
        without [by];
    "known_answer" (id = "k.id", question = "k.question", role = "k.role", verdict = "k.verdict",
        explanation = "k.explanation", at_ms = "k.at_ms")
        "FROM project.known_answer AS k JOIN temp.chosen AS t ON t.id = k.question
         WHERE k.role = 'practice' AND k.id = (SELECT o.id FROM project.known_answer AS o
           WHERE o.question = k.question ORDER BY o.at_ms DESC, o.id DESC LIMIT 1)
         ORDER BY k.at_ms, k.id"
        without [];
    "guideline" (id = "g.id", version = "g.version", text = "g.text", at_ms = "g.at_ms")
        "FROM project.guideline AS g ORDER BY g.version, g.at_ms, g.id"
        without [];
    "reveal" (id = "r.id", annotator = "r.annotator", question = "r.question",
        vote = "CASE WHEN r.vote IN (SELECT id FROM main.vote) THEN r.vote END",
        policy = "r.policy", at_ms = "r.at_ms")
        "FROM project.reveal AS r JOIN temp.chosen AS t ON t.id = r.question
         WHERE r.annotator = ?1 ORDER BY r.at_ms, r.id"
        without [told];
    "skip" (assignment = "s.assignment", reason = "s.reason", note = "s.note", at_ms = "s.at_ms")
        "FROM project.skip AS s WHERE s.assignment IN (SELECT a.id FROM main.assignment AS a)
           ORDER BY s.id"
        without [id];
};

/// Tables of which nothing goes along.
#[cfg(test)]
const WITHHELD: [&str; 13] = [
    "media_root",
    "import",
    "shape",
    "resolution",
    "adjudication",
    "criterion_edit",
    "criterion_grouping",
    "question_same",
    "reward_model",
    "prediction",
    "queue_cursor",
    "pair_dealt",
    "log",
];

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use std::collections::BTreeSet;

    use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

    use super::*;
    use crate::schema;

    /// A column nobody thought of would either leak or be lost.
    #[tokio::test]
    async fn every_column_of_a_project_is_decided_on() {
        let mut db = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        schema::migrate(&mut db).await.unwrap();
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        )
        .fetch_all(&mut db)
        .await
        .unwrap();
        for table in tables {
            if table == "setting" || WITHHELD.contains(&table.as_str()) {
                continue;
            }
            let part = PARTS.iter().find(|part| part.table == table);
            let part = part.unwrap_or_else(|| panic!("does {table} go into a work package?"));
            let sql = format!("SELECT name FROM pragma_table_info('{table}')");
            let columns: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
                .fetch_all(&mut db)
                .await
                .unwrap();
            let there: BTreeSet<&str> = columns.iter().map(String::as_str).collect();
            let taken = part.columns.iter().map(|(name, _)| *name);
            let decided: BTreeSet<&str> = taken.chain(part.withheld.iter().copied()).collect();
            assert_eq!(there, decided, "what of {table} goes into a work package");
        }
    }
}
