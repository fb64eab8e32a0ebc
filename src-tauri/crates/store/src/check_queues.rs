//! What must be true of the guideline, of known answers and of queues.

use crate::check::{CheckOutcome, CheckProblem};
use crate::error::Result;
use crate::project::Project;

/// A word for the kind, and a statement that gives a sentence for everything that is wrong.
const WRONG: [(&str, &str); 1] = [(
    "guideline",
    "SELECT 'version ' || version || ' of the guideline follows none: a version was removed by hand'
     FROM guideline AS g WHERE version > 1
       AND NOT EXISTS (SELECT 1 FROM guideline AS o WHERE o.version = g.version - 1)",
)];

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
