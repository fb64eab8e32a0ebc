//! What showing predictions to people does to their votes: how often first votes say what the model
//! says where it is shown and in the silent arm, and where second thoughts move.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use serde::Serialize;
use tiebreak_agreement::{Plan, Undefined, bootstrap};
use tiebreak_domain::{Arm, QuestionId, RevealWhen, SilentShare, Verdict};
use tiebreak_store::{Predicted, PredictedBy, Project, RevealPolicy, SecondThought, StandingVotes};
use ts_rs::TS;

use super::answers::{margin, preferred};
use super::truth::Truths;
use crate::agreement::Coefficient;
use crate::error::Result;

/// Fewer votes than this in an arm say nothing about it.
const FEWEST: u64 = 30;

/// Where second thoughts went, from the vote before the model's answer was shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
pub struct Moves {
    /// To what the model says.
    #[ts(type = "number")]
    pub toward: u64,
    /// Away from what the model says, and the person had said too.
    #[ts(type = "number")]
    pub away: u64,
    /// From something else to something else.
    #[ts(type = "number")]
    pub elsewhere: u64,
    /// Nowhere: the same verdict again, with other words.
    #[ts(type = "number")]
    pub stayed: u64,
    /// Not to be told: what was shown came with votes from a file.
    #[ts(type = "number")]
    pub unknown: u64,
}

/// What showing predictions does.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct RevealingReport {
    /// When predictions are shown now.
    pub when: RevealWhen,
    /// The share of the silent arm now.
    pub silent_share: SilentShare,
    /// The model whose predictions are shown, which first votes are held against.
    pub model: Option<String>,
    /// On how many (annotator, question) a prediction was shown.
    #[ts(type = "number")]
    pub shown: u64,
    /// Votes that were cast after that and stand beside the vote before, which counts.
    #[ts(type = "number")]
    pub second_thoughts: u64,
    /// Votes that were cast after that with none before: they count nowhere.
    #[ts(type = "number")]
    pub left_out: u64,
    /// Where second thoughts went.
    pub moves: Moves,
    /// The share of first votes that say what the model says, where predictions are shown.
    pub told: Coefficient,
    /// The same in the silent arm.
    pub silent: Coefficient,
    /// The first less the second: the bias that showing predictions brings in.
    pub bias: Coefficient,
    /// Questions whose resolution had seen a prediction.
    #[ts(type = "number")]
    pub resolutions_saw: u64,
    /// All that in words.
    pub says: String,
}

/// What it is computed from.
pub(super) struct Ground {
    policy: RevealPolicy,
    shown: u64,
    by_arm: Vec<(QuestionId, Arm, Verdict)>,
    second: Vec<SecondThought>,
}

impl Ground {
    pub(super) async fn read(project: &Project) -> Result<Self> {
        Ok(Self {
            policy: project.reveal_policy().await?,
            shown: project.shown_count().await?,
            by_arm: project.votes_by_arm().await?,
            second: project.second_thoughts().await?,
        })
    }

    /// The report; none where predictions were never shown nor used.
    pub(super) fn report(
        &self,
        votes: &StandingVotes,
        by: &[PredictedBy],
        predictions: &[Predicted],
        truths: &Truths,
        plan: &Plan,
    ) -> Result<Option<RevealingReport>> {
        let resolutions_saw = truths.saw();
        let quiet = self.policy.when == RevealWhen::Never
            && self.shown + resolutions_saw + votes.second_thoughts + votes.left_out == 0
            && self.by_arm.is_empty();
        if quiet {
            return Ok(None);
        }
        let cases = self.cases(by, predictions, truths);
        let (told, silent, bias) = arms(&cases, plan)?;
        let moves = moves(&self.second);
        let mut report = RevealingReport {
            when: self.policy.when,
            silent_share: self.policy.silent_share,
            model: self.policy.model.as_ref().map(|m| m.model.name.clone()),
            shown: self.shown,
            second_thoughts: votes.second_thoughts,
            left_out: votes.left_out,
            moves,
            told,
            silent,
            bias,
            resolutions_saw,
            says: String::new(),
        };
        report.says = says(&report);
        Ok(Some(report))
    }

    /// Prompt, arm, and whether the vote says what the model says, by first vote.
    fn cases(
        &self,
        by: &[PredictedBy],
        predictions: &[Predicted],
        truths: &Truths,
    ) -> Vec<(u32, Arm, bool)> {
        let Some(asked) = &self.policy.model else {
            return Vec::new();
        };
        let said: HashMap<QuestionId, Verdict> = predictions
            .iter()
            .filter(|one| by[one.by] == *asked)
            .filter_map(|one| Some((one.question, model_says(one)?)))
            .collect();
        let case = |(question, arm, verdict): &(QuestionId, Arm, Verdict)| {
            let model = said.get(question)?;
            Some((truths.prompt(*question), *arm, model == verdict))
        };
        self.by_arm.iter().filter_map(case).collect()
    }
}

/// The verdict of a model as people are told it: its own, else that of the higher score.
pub(crate) fn model_says(one: &Predicted) -> Option<Verdict> {
    one.verdict.or_else(|| preferred(margin(one), None))
}

fn moves(second: &[SecondThought]) -> Moves {
    let mut moves = Moves::default();
    for one in second {
        let place = match one.model {
            None => &mut moves.unknown,
            Some(_) if one.first == one.second => &mut moves.stayed,
            Some(model) if one.second == model => &mut moves.toward,
            Some(model) if one.first == model => &mut moves.away,
            Some(_) => &mut moves.elsewhere,
        };
        *place += 1;
    }
    moves
}

/// The shares of both arms and their difference, prompts resampled.
fn arms(
    cases: &[(u32, Arm, bool)],
    plan: &Plan,
) -> Result<(Coefficient, Coefficient, Coefficient)> {
    let count = |arm: Arm| cases.iter().filter(|case| case.1 == arm).count() as u64;
    let (told, silent) = (count(Arm::Told), count(Arm::Silent));
    let few = |n: u64| format!("{n} votes are too few to say: {FEWEST} are asked for");
    let mut places: BTreeMap<u32, u32> = BTreeMap::new();
    let placed: Vec<(u32, Arm, bool)> = cases
        .iter()
        .map(|&(prompt, arm, same)| {
            let next = u32::try_from(places.len()).unwrap_or(u32::MAX);
            (*places.entry(prompt).or_insert(next), arm, same)
        })
        .collect();
    if told < FEWEST && silent < FEWEST {
        let why = "there are too few votes in an arm to say";
        return Ok((
            Coefficient::undefined(few(told)),
            Coefficient::undefined(few(silent)),
            Coefficient::undefined(why),
        ));
    }
    let figures = bootstrap(places.len(), plan, |weights| {
        let share = |wanted: Arm| {
            let (mut right, mut all) = (0.0, 0.0);
            for &(place, _, same) in placed.iter().filter(|case| case.1 == wanted) {
                let weight = f64::from(weights[place as usize]);
                all += weight;
                right += if same { weight } else { 0.0 };
            }
            match all > 0.0 {
                true => Ok(right / all),
                false => Err(Undefined::NoVotes),
            }
        };
        let (told, silent) = (share(Arm::Told), share(Arm::Silent));
        let bias = match (&told, &silent) {
            (Ok(told), Ok(silent)) => Ok(told - silent),
            _ => Err(Undefined::NoVotes),
        };
        vec![told, silent, bias]
    })?;
    let mut figures = figures.into_iter();
    let mut next = |n: u64, enough: bool| match figures.next() {
        Some(found) if enough => Coefficient::of_cases(found, n),
        _ => Coefficient::undefined(few(n)),
    };
    let (a, b) = (told >= FEWEST, silent >= FEWEST);
    let told_share = next(told, a);
    let silent_share = next(silent, b);
    Ok((told_share, silent_share, next(told.min(silent), a && b)))
}

fn says(report: &RevealingReport) -> String {
    let moves = &report.moves;
    let times = |count: u64, what: &str| match count {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    };
    let mut text = format!(
        "A prediction was shown {}. {} followed: {} to what the model says, {} away from it, {} elsewhere, \
         {} the same again{}. They never count as independent.",
        times(report.shown, "time"),
        times(report.second_thoughts, "second thought"),
        moves.toward,
        moves.away,
        moves.elsewhere,
        moves.stayed,
        match moves.unknown {
            0 => String::new(),
            n => format!(", {n} not to be told"),
        }
    );
    if report.left_out > 0 {
        let votes = times(report.left_out, "vote");
        let _ = write!(
            text,
            " {votes} cast after the model's answer, with none before, count nowhere."
        );
    }
    text.push(' ');
    text.push_str(&match &report.bias {
        Coefficient::Defined(found) => {
            let sure = match found.ci {
                Some([low, high]) if low > 0.0 || high < 0.0 => {
                    "a difference that chance alone does not explain"
                }
                Some(_) => "a difference that chance may explain",
                None => "a difference of unknown certainty",
            };
            format!(
                "First votes say what the model says {:+.1} points more often where it is shown than in \
                 the silent arm: {sure}.",
                found.value * 100.0
            )
        }
        Coefficient::Undefined { .. } => {
            "Whether showing it draws first votes to the model cannot be told: there are too few votes \
             in an arm to say."
                .to_owned()
        }
    });
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{Response1, Response2, Tie};
    use tiebreak_domain::ContentHasher;

    fn thought(first: Verdict, second: Verdict, model: Option<Verdict>) -> SecondThought {
        SecondThought {
            question: QuestionId::from_uuid(ContentHasher::new("question").finish()),
            first,
            second,
            model,
        }
    }

    #[test]
    fn second_thoughts_go_toward_the_model_away_elsewhere_or_nowhere() {
        let found = moves(&[
            thought(Response1, Response2, Some(Response2)),
            thought(Tie, Response2, Some(Response2)),
            thought(Response2, Tie, Some(Response2)),
            thought(Response1, Tie, Some(Response2)),
            thought(Tie, Tie, Some(Response2)),
            thought(Tie, Response1, None),
        ]);
        let wanted = Moves {
            toward: 2,
            away: 1,
            elsewhere: 1,
            stayed: 1,
            unknown: 1,
        };
        assert_eq!(found, wanted);
    }

    #[test]
    fn the_bias_is_the_difference_of_the_arms_and_needs_enough_votes() {
        let plan = crate::agreement::plan(200, 1);
        // 40 prompts each way: 3 of 4 agree where it is shown, 2 of 4 in the silent arm.
        let case = |n: u32| {
            let arm = if n.is_multiple_of(2) {
                Arm::Told
            } else {
                Arm::Silent
            };
            let of_four = n / 2 % 4;
            (n, arm, of_four < if arm == Arm::Told { 3 } else { 2 })
        };
        let cases: Vec<_> = (0..80).map(case).collect();
        let (told, silent, bias) = arms(&cases, &plan).unwrap();
        assert_eq!(told.value(), Some(0.75));
        assert_eq!(silent.value(), Some(0.5));
        assert_eq!(bias.value(), Some(0.25));
        let (told, silent, bias) = arms(&cases[..50], &plan).unwrap();
        let none = |c: &Coefficient| c.value().is_none();
        assert!(none(&told) && none(&silent) && none(&bias), "25 each");
    }
}
