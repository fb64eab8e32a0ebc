//! What a vote's presentation tells whoever decides over it, in sentences, on his own A (left) and
//! B (right).

use serde_json::Value;
use tiebreak_domain::{Modality, QuestionView, SideView, Sides};
use tiebreak_store::VoteOn;

/// Less than this of a clip is little to judge it by, in milliseconds.
const LITTLE_HEARD: u64 = 3000;
/// Less than this in view is a glance.
const GLANCE: u64 = 1000;
/// Less than this for a whole question is a reflex.
const REFLEX: u64 = 1500;

/// The sentences of a vote, a second thought first of all said to be one: whether it is, the project's
/// record tells, and not the presentation alone.
pub(super) fn of_vote(vote: &VoteOn, view: &QuestionView, sides: Sides) -> Vec<String> {
    let second = "a second thought: cast after what a model says was shown";
    let mark = vote.after_reveal.then(|| second.to_owned());
    let notes = of(&vote.presentation, view, sides);
    mark.into_iter().chain(notes).collect()
}

/// The sentences; none where nothing is remarkable.
fn of(presentation: &Value, view: &QuestionView, sides: Sides) -> Vec<String> {
    if presentation.is_null() {
        return vec!["came with a table: how it was cast is not known".to_owned()];
    }
    let elapsed = presentation["elapsed_ms"].as_u64().unwrap_or(0);
    if elapsed == 0 {
        return vec!["cast without a screen: what was seen is not known".to_owned()];
    }
    let mut notes = Vec::new();
    let left = presentation["left"].as_str();
    let same = left == Some(sides.left.as_str());
    // The voter's left is the adjudicator's A where both saw the same response there.
    let of = |field: &str, side: usize| {
        let at = if same { side } else { 1 - side };
        presentation[field][at].as_u64().unwrap_or(0)
    };
    for (n, name, side) in [(0, "A", &view.left), (1, "B", &view.right)] {
        if plays(side) {
            match of("heard_ms", n).max(if has(side, Modality::Video) {
                of("seen_ms", n)
            } else {
                0
            }) {
                0 => notes.push(format!("never played {name}")),
                ms if ms < LITTLE_HEARD => {
                    notes.push(format!("heard {name} for {} only", seconds(ms)));
                }
                _ => {}
            }
        } else if of("seen_ms", n) < GLANCE && !side.media.is_empty() {
            notes.push(format!("saw {name} for {} only", seconds(of("seen_ms", n))));
        }
    }
    let prompt_ms = presentation["prompt_ms"].as_u64().unwrap_or(0);
    if prompt_ms == 0 && plays(&view.prompt) {
        notes.push("the prompt was never played".to_owned());
    } else if prompt_ms == 0 && !view.prompt.media.is_empty() {
        notes.push("the prompt's picture was never in view".to_owned());
    }
    if elapsed < REFLEX {
        notes.push(format!("decided in {}", seconds(elapsed)));
    }
    let fallback = presentation["fallback"].as_array().into_iter().flatten();
    notes.extend(fallback.filter_map(Value::as_str).map(str::to_owned));
    notes
}

fn plays(side: &SideView) -> bool {
    has(side, Modality::Audio) || has(side, Modality::Video)
}

fn has(side: &SideView, kind: Modality) -> bool {
    side.media.iter().any(|medium| medium.kind == kind)
}

fn seconds(ms: u64) -> String {
    format!("{}.{} s", ms / 1000, ms % 1000 / 100)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use serde_json::json;
    use tiebreak_domain::{
        AssignmentId, ContentHasher, MediaId, PairId, QuestionId, Slot, Task, ViewMedia,
    };

    fn side(kind: Option<Modality>) -> SideView {
        let medium = |kind| ViewMedia {
            id: MediaId::from_bytes([1; 32]),
            kind,
            mime: String::new(),
            bytes: 1,
        };
        SideView {
            text: String::new(),
            media: kind.map(medium).into_iter().collect(),
        }
    }

    fn view(prompt: Option<Modality>, responses: Option<Modality>) -> QuestionView {
        let id = ContentHasher::new("test").finish();
        QuestionView {
            assignment: AssignmentId::from_uuid(id),
            question: QuestionId::from_uuid(id),
            pair: PairId::from_uuid(id),
            task: "text_to_audio".parse::<Task>().unwrap(),
            criterion: None,
            prompt: side(prompt),
            left: side(responses),
            right: side(responses),
        }
    }

    #[test]
    fn what_was_hardly_heard_is_told_on_the_adjudicators_sides() {
        let presentation = json!({
            "left": "response2", "heard_ms": [1234, 8000], "seen_ms": [9000, 9000],
            "prompt_ms": 0, "elapsed_ms": 900, "fallback": ["no sound device"]
        });
        let sides = Sides {
            left: Slot::Response1,
        };
        let audio = Some(Modality::Audio);
        assert_eq!(
            of(&presentation, &view(audio, audio), sides),
            [
                "heard B for 1.2 s only",
                "the prompt was never played",
                "decided in 0.9 s",
                "no sound device"
            ]
        );
        let turned = sides.swapped();
        assert_eq!(
            of(&presentation, &view(None, audio), turned)[0],
            "heard A for 1.2 s only"
        );
    }

    #[test]
    fn nothing_is_said_where_nothing_is_remarkable() {
        let sides = Sides {
            left: Slot::Response1,
        };
        let calm = json!({
            "left": "response1", "heard_ms": [0, 0], "seen_ms": [0, 0], "prompt_ms": 0,
            "elapsed_ms": 20000, "fallback": []
        });
        assert!(of(&calm, &view(None, None), sides).is_empty());
        assert_eq!(of(&Value::Null, &view(None, None), sides).len(), 1);
    }
}
