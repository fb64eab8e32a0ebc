//! Random histories in three copies of a project: votes, changes, undos, second looks, and predictions
//! that are shown. Whatever is merged into what, in every order, no vote cast after its annotator was
//! shown a prediction of the question ever counts as independent.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use common::Dice;
use common::desk::{Desk, person};
use serde_json::{Value, json};
use tiebreak_commands::dto::VoteRequest;
use tiebreak_commands::predictions::{self, PredictionsRequest};
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::reveal::{self, RevealRequest};
use tiebreak_commands::{Project, SystemClock, label};
use tiebreak_domain::{
    AnnotatorId, Attention, Clock, Next, QuestionId, RevealWhen, ScreenVerdict, SilentShare, VoteId,
};

const PAIRS: usize = 10;
const PEOPLE: [&str; 2] = ["anna", "ben"];

/// One clock for all copies, as people's days have one: each look at it is later.
struct Ticking(Arc<AtomicI64>);

impl Clock for Ticking {
    fn now_ms(&self) -> i64 {
        self.0.fetch_add(7, Ordering::SeqCst)
    }

    fn random(&self) -> [u8; 16] {
        SystemClock.random()
    }
}

/// What truly happened, told by nobody: who saw what, and which votes came after.
#[derive(Default)]
struct Truth {
    seen: HashSet<(AnnotatorId, QuestionId)>,
    cast: HashSet<VoteId>,
    after: BTreeSet<VoteId>,
}

async fn base(desk: &Desk) {
    let wish = NewProject {
        repeat_percent: 40,
        ..NewProject::default()
    };
    desk.make("base", &wish).await;
    let rows = common::rows(PAIRS, 1);
    let file = desk.file("text_to_text_preferences.json", &rows);
    desk.import("base", &file, false).await;
    let said: Vec<Value> = (0..PAIRS)
        .map(|n| json!({"id": format!("source-{n}-0"), "s1": n, "s2": 4}))
        .collect();
    let file = desk.file("judge.json", &Value::Array(said).to_string());
    let project = desk.open("base").await;
    let request = PredictionsRequest {
        file: file.display().to_string(),
        model: "judge".to_owned(),
        score_fields: Some(["s1".to_owned(), "s2".to_owned()]),
        ..PredictionsRequest::default()
    };
    predictions::import(&project, request).await.unwrap();
    for name in PEOPLE {
        // Everybody begins before the project is copied.
        let who = person(&project, name).await;
        label::next(&project, who).await.unwrap();
    }
    let request = RevealRequest {
        when: Some(RevealWhen::Each),
        silent_share: Some(SilentShare::new(0.25).unwrap()),
        ..RevealRequest::default()
    };
    reveal::set(&project, request).await.unwrap();
    project.close().await;
}

impl Truth {
    async fn vote(
        &mut self,
        project: &Project,
        who: AnnotatorId,
        (assignment, question): (tiebreak_domain::AssignmentId, QuestionId),
        dice: &mut Dice,
    ) {
        let request = VoteRequest {
            assignment,
            verdict: ScreenVerdict::ALL[dice.pick(4)],
            confidence: None,
            rationale: String::new(),
            attention: Attention::default(),
        };
        let receipt = label::vote(project, who, request, "test 1").await.unwrap();
        let new = self.cast.insert(receipt.vote);
        if new && self.seen.contains(&(who, question)) {
            self.after.insert(receipt.vote);
        }
    }

    async fn act(&mut self, project: &Project, who: AnnotatorId, dice: &mut Dice) {
        let done = label::history(project, who, 1000).await.unwrap();
        let some = |dice: &mut Dice| {
            let entry = &done[dice.pick(done.len())];
            (entry.assignment, entry.question)
        };
        match dice.roll(8) {
            0 => drop(label::undo(project, who).await.unwrap()),
            1 if !done.is_empty() => self.vote(project, who, some(dice), dice).await,
            2..=3 if !done.is_empty() => {
                let (assignment, question) = some(dice);
                if reveal::told(project, who, assignment).await.is_ok() {
                    self.seen.insert((who, question));
                }
            }
            _ => {
                if let Next::Question(view) = label::next(project, who).await.unwrap() {
                    let on = (view.assignment, view.question);
                    self.vote(project, who, on, dice).await;
                }
            }
        }
    }

    /// Holds a project to what truly happened; how many votes count, and how many do not.
    async fn holds(&self, project: &Project, what: &str) -> (usize, u64) {
        let votes = project.standing_votes().await.unwrap();
        for vote in &votes.votes {
            assert!(
                !self.after.contains(&vote.vote),
                "{what}: {} was cast after a prediction was shown, and counts",
                vote.vote
            );
        }
        (votes.votes.len(), votes.left_out + votes.second_thoughts)
    }
}

#[tokio::test]
async fn no_vote_after_a_reveal_ever_counts() {
    let mut not_counted = 0;
    for seed in 0..10 {
        let desk = Desk::new();
        base(&desk).await;
        let time = Arc::new(AtomicI64::new(1_900_000_000_000));
        let (mut truth, mut dice) = (Truth::default(), Dice(seed));
        for name in ["a", "b", "c"] {
            desk.copy("base", name);
        }
        for _ in 0..10 {
            let name = ["a", "b", "c"][dice.pick(3)];
            let clock = Arc::new(Ticking(time.clone()));
            let project = projects::open(&desk.path(name), clock).await.unwrap();
            for _ in 0..6 {
                let who = person(&project, PEOPLE[dice.pick(2)]).await;
                truth.act(&project, who, &mut dice).await;
            }
            project.close().await;
        }
        for name in ["a", "b", "c"] {
            let project = desk.open(name).await;
            // Within one copy, nobody knows of the others: only what was shown here is held against it.
            let check = projects::check(&project).await.unwrap();
            assert!(check.ok, "{:?}", check.findings);
            project.close().await;
        }
        desk.every_order(["a", "b", "c"]).await;
        desk.copy("a", "all");
        desk.merge("all", "b").await;
        desk.merge("all", "c").await;
        let project = desk.open("all").await;
        let (counted, other) = truth.holds(&project, &format!("seed {seed}")).await;
        assert!(counted > 0);
        not_counted += other;
        project.close().await;
        // Votes that travel as lines keep their mark.
        desk.copy("base", "lines");
        desk.send_votes("all", "lines").await;
        let project = desk.open("lines").await;
        assert_eq!(truth.holds(&project, "lines").await, (counted, other));
        project.close().await;
    }
    assert!(
        not_counted > 20,
        "{not_counted}: the histories show nothing"
    );
}
