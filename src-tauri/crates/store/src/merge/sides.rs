//! On which sides an annotator sees, here, what he has not seen anywhere yet.
//!
//! An assignment of the other project that was only dealt there has sides drawn from that project's
//! seed. Where he has seen its pair here on others, it takes those: the questions of a pair keep
//! their sides. A repeat not seen yet stands on the sides that its original does not have here.
//! Assignments with a vote or a skip, and all that were here before, stay as they are.

use sqlx::SqliteConnection;

use super::run;
use crate::error::Result;

pub(super) async fn agree(db: &mut SqliteConnection) -> Result<()> {
    for sql in [
        "CREATE TEMP TABLE unseen AS SELECT a.id
         FROM temp.assignment_of AS w JOIN main.assignment AS a ON a.id = w.ours
         WHERE w.new
           AND NOT EXISTS (SELECT 1 FROM main.vote AS v
             WHERE v.question = a.question AND v.assignment = a.id)
           AND NOT EXISTS (SELECT 1 FROM main.skip AS s WHERE s.assignment = a.id)",
        "UPDATE main.assignment AS a SET left_side = coalesce(
           (SELECT b.left_side FROM main.question AS q
             JOIN main.question AS p ON p.pair = q.pair
             JOIN main.assignment AS b
               ON b.annotator = a.annotator AND b.question = p.id AND b.repeat = 0
             WHERE q.id = a.question AND b.id NOT IN (SELECT id FROM temp.unseen)
             ORDER BY b.id IN (SELECT ours FROM temp.assignment_of WHERE new), b.id LIMIT 1),
           a.left_side)
         WHERE a.repeat = 0 AND a.id IN (SELECT id FROM temp.unseen)",
        "UPDATE main.assignment AS a SET left_side =
           (SELECT CASE o.left_side WHEN 'response1' THEN 'response2' ELSE 'response1' END
             FROM main.assignment AS o
             WHERE (o.annotator, o.question, o.repeat) = (a.annotator, a.question, 0))
         WHERE a.repeat = 1 AND a.id IN (SELECT id FROM temp.unseen)
           AND EXISTS (SELECT 1 FROM main.assignment AS o
             WHERE (o.annotator, o.question, o.repeat) = (a.annotator, a.question, 0))",
    ] {
        run(db, sql).await?;
    }
    Ok(())
}
