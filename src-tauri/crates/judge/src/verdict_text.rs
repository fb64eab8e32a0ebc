//! The verdict in what a judge wrote.

use tiebreak_domain::Verdict;

/// What stands for each verdict, in the order in which it is looked for.
const MARKS: [(&str, Verdict); 6] = [
    ("[[A]]", Verdict::Response1),
    ("[[B]]", Verdict::Response2),
    ("\\boxed{A}", Verdict::Response1),
    ("\\boxed{B}", Verdict::Response2),
    ("[[C]]", Verdict::Tie),
    ("\\boxed{C}", Verdict::Tie),
];

/// The verdict of a judge who saw response 1 as A and response 2 as B; `None` where there is none to
/// be read, or both.
///
/// Exactly as the paper's code has it (`parse_judgement` of OmniReward's evaluation): the marks as
/// they are, letter by letter, the first of them in a fixed order; nothing where both A and B stand
/// in the same kind of mark. So `[[A]] … [[C]]` is A, and `\boxed{A} [[B]]` is B.
#[must_use]
pub fn verdict_in(text: &str) -> Option<Verdict> {
    let has = |mark| text.contains(mark);
    if (has("[[A]]") && has("[[B]]")) || (has("\\boxed{A}") && has("\\boxed{B}")) {
        return None;
    }
    let found = MARKS.iter().find(|(mark, _)| text.contains(mark));
    found.map(|&(_, verdict)| verdict)
}
