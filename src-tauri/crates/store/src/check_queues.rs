//! What must be true of the guideline, of known answers and of queues.

use crate::check::{CheckOutcome, CheckProblem};
use crate::error::Result;
use crate::project::Project;

/// A word for the kind, and a statement that gives a sentence for everything that is wrong.
const WRONG: [(&str, &str); 4] = [
    (
    "guideline",
    "SELECT 'version ' || version || ' of the guideline follows none: a version was removed by hand'
     FROM guideline AS g WHERE version > 1
       AND NOT EXISTS (SELECT 1 FROM guideline AS o WHERE o.version = g.version - 1)",
    ),
    (
        "known_answers",
        "SELECT 'the question ' || lower(hex(q.id)) || ' is a check or practice, and has no criterion'
         FROM known AS k JOIN question AS q ON q.id = k.question
         WHERE k.role IS NOT NULL AND q.criterion IS NULL",
    ),
    (
        "queues",
        "SELECT 'the assignment ' || lower(hex(id)) || ' is a repeat in a practice round, which has none'
         FROM assignment WHERE repeat = 1 AND practice = 1",
    ),
    (
        "queues",
        "SELECT 'the pair at ' || p.position || ' is counted as dealt to ' || coalesce(d.people, 'nobody')
           || ' people, and is not: set the order again (`tiebreak queue`)'
         FROM pair AS p LEFT JOIN pair_dealt AS d ON d.position = p.position
         WHERE EXISTS (SELECT 1 FROM setting WHERE key = 'order' AND value = 'fewest-first')
           AND d.people IS NOT (SELECT count(DISTINCT a.annotator) FROM question AS q
             JOIN assignment AS a ON a.question = q.id WHERE q.pair = p.id)
         LIMIT 20",
    ),
];

impl Project {
    pub(crate) async fn check_queues(&self, outcome: &mut CheckOutcome) -> Result<()> {
        for (code, sql) in WRONG {
            let found: Vec<String> = sqlx::query_scalar(sql).fetch_all(&self.read).await?;
            let problems = found
                .into_iter()
                .map(|message| CheckProblem { code, message });
            outcome.problems.extend(problems);
        }
        Ok(())
    }
}
