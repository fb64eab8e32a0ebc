//! Ten thousand random sessions below the window: keys pressed on remapped keyboards, votes sent
//! twice, undone, changed, repeated with sides swapped, over restarts. No vote may ever stand on
//! the wrong side, and none may stand twice.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use std::collections::HashMap;

use common::{Dice, Made, made, rows};
use tiebreak_commands::dto::{AnnotatorName, VoteRequest};
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::{annotators, export, label};
use tiebreak_domain::{
    Action, AnnotatorId, AssignmentId, Attention, Confidence, Keymap, Next, QuestionView,
    ScreenVerdict, Verdict, VoteLine,
};

/// What an annotator means to say, in terms of the data: the truth that the rows must agree with.
type Meant = HashMap<AssignmentId, Option<Verdict>>;

/// What was said of the sides, in terms of the texts that stood there.
fn of_data(view: &QuestionView, said: Option<ScreenVerdict>) -> Option<String> {
    said.map(|said| match said {
        ScreenVerdict::Left => view.left.text.clone(),
        ScreenVerdict::Right => view.right.text.clone(),
        other => other.as_str().to_owned(),
    })
}

struct Simulation {
    made: Option<Made>,
    people: Vec<AnnotatorName>,
    meant: Meant,
    /// What stands on the left of each assignment, as it was seen first.
    seen: HashMap<AssignmentId, String>,
    acts: Vec<Vec<AssignmentId>>,
    dice: Dice,
}

impl Simulation {
    async fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let repeat_percent = u8::try_from(dice.roll(3) * 25).unwrap();
        let made = made(&NewProject {
            repeat_percent,
            ..NewProject::default()
        })
        .await;
        let pairs = 30 + usize::try_from(dice.roll(30)).unwrap();
        made.import_text("text_to_text_preferences.json", &rows(pairs, 2))
            .await
            .unwrap();
        let mut people = Vec::new();
        for name in ["anna", "ben", "chen"] {
            people.push(annotators::add(&made.project, name).await.unwrap());
        }
        Self {
            made: Some(made),
            people,
            meant: HashMap::new(),
            seen: HashMap::new(),
            acts: vec![Vec::new(); 3],
            dice,
        }
    }

    fn made(&self) -> &Made {
        self.made.as_ref().unwrap()
    }

    /// One person sits down, maybe after a restart, maybe with other keys, and works a little.
    async fn session(&mut self) {
        let who = usize::try_from(self.dice.roll(3)).unwrap();
        if self.dice.roll(12) == 0 {
            let made = self.made.take().unwrap();
            self.made = Some(made.reopened().await);
        }
        if self.dice.roll(10) == 0 {
            self.remap(self.people[who].id).await;
        }
        if self.dice.roll(40) == 0 {
            self.move_work(who).await;
        }
        for _ in 0..=self.dice.roll(4) {
            match self.dice.roll(10) {
                0 => self.undo(who).await,
                1 => self.change(who).await,
                _ => self.answer(who).await,
            }
        }
    }

    /// Puts the four verdicts on four other keys, in some order.
    async fn remap(&mut self, id: AnnotatorId) {
        const KEYS: [&str; 6] = ["KeyA", "KeyS", "KeyJ", "KeyH", "Digit7", "Digit8"];
        let project = &self.made.as_ref().unwrap().project;
        let actions = [Action::Left, Action::Tie, Action::BothBad, Action::Right];
        annotators::reset_keys(project, id).await.unwrap();
        let first = usize::try_from(self.dice.roll(6)).unwrap();
        let changes: Vec<_> = actions
            .into_iter()
            .enumerate()
            .map(|(n, action)| (action, Some((KEYS[(first + n) % KEYS.len()], false))))
            .collect();
        annotators::bind_keys(project, id, &changes).await.unwrap();
    }

    async fn answer(&mut self, who: usize) {
        let id = self.people[who].id;
        let next = label::next(&self.made().project, id).await.unwrap();
        let Next::Question(view) = next else { return };
        // What was undone may come back at any time; what is new must not be a repeat of the last.
        if let Some(last) = self.acts[who].last()
            && !self.seen.contains_key(&view.assignment)
        {
            let last = label::at(&self.made().project, id, *last).await.unwrap();
            assert_ne!(
                last.question, view.question,
                "a repeat never follows its original"
            );
        }
        self.say(who, &view).await;
    }

    async fn change(&mut self, who: usize) {
        let id = self.people[who].id;
        if self.acts[who].is_empty() {
            return;
        }
        let n = usize::try_from(self.dice.roll(self.acts[who].len() as u64)).unwrap();
        let assignment = self.acts[who][n];
        let view = label::at(&self.made().project, id, assignment)
            .await
            .unwrap();
        self.say(who, &view).await;
    }

    /// Means something about the data, looks which side that is on, and presses the key for it.
    async fn say(&mut self, who: usize, view: &QuestionView) {
        let id = self.people[who].id;
        let seen = self
            .seen
            .entry(view.assignment)
            .or_insert_with(|| view.left.text.clone());
        assert_eq!(*seen, view.left.text, "sides stay as they were first shown");
        let one_is_left = view.left.text.starts_with("one-");
        assert_ne!(one_is_left, view.right.text.starts_with("one-"));
        let meant = Verdict::ALL[usize::try_from(self.dice.roll(4)).unwrap()];
        let action = match meant {
            Verdict::Tie => Action::Tie,
            Verdict::BothBad => Action::BothBad,
            Verdict::Response1 if one_is_left => Action::Left,
            Verdict::Response2 if !one_is_left => Action::Left,
            Verdict::Response1 | Verdict::Response2 => Action::Right,
        };
        let project = &self.made.as_ref().unwrap().project;
        let keys = annotators::keys(project, id).await.unwrap();
        let key = keys.iter().find(|b| b.action == action).unwrap();
        let keymap: Keymap = project.keymap(id).await.unwrap();
        let pressed = keymap
            .action(key.key.as_deref().unwrap(), key.shift)
            .unwrap();
        let request = VoteRequest {
            assignment: view.assignment,
            verdict: pressed.verdict().unwrap(),
            confidence: Confidence::new(i64::try_from(self.dice.roll(4)).unwrap()).ok(),
            rationale: String::new(),
            attention: Attention::default(),
        };
        let first = label::vote(project, id, request.clone(), "test")
            .await
            .unwrap();
        if self.dice.roll(5) == 0 {
            let again = label::vote(project, id, request, "test").await.unwrap();
            assert_eq!(first.vote, again.vote, "the same said twice is one vote");
        }
        self.meant.insert(view.assignment, Some(meant));
        // Saying again what stands is no act: there is nothing to take back.
        let latest = label::history(project, id, 1).await.unwrap();
        if latest[0].assignment == view.assignment {
            self.acts[who].retain(|a| *a != view.assignment);
            self.acts[who].push(view.assignment);
        }
    }

    async fn undo(&mut self, who: usize) {
        let id = self.people[who].id;
        let undone = label::undo(&self.made().project, id).await.unwrap();
        match (undone, self.acts[who].pop()) {
            (None, None) => {}
            (Some(undone), Some(last)) => {
                assert_eq!(undone.assignment, last, "undo takes back the last act");
                self.meant.insert(last, None);
            }
            (undone, last) => unreachable!("{undone:?} for {last:?}"),
        }
    }

    /// Work that was done under the wrong name moves: what was meant of the data stays what it was.
    async fn move_work(&mut self, from: usize) {
        let to = (from + 1) % 3;
        let project = self.made().project.clone();
        let (from_id, to_id) = (self.people[from].id, self.people[to].id);
        let stood = |id| {
            let project = project.clone();
            async move {
                let done = label::history(&project, id, 10_000).await.unwrap();
                let mut acts = Vec::new();
                for entry in done.iter().rev() {
                    let view = label::at(&project, id, entry.assignment).await.unwrap();
                    acts.push((entry.assignment, view, entry.verdict));
                }
                acts
            }
        };
        let before = stood(from_id).await;
        let moved = annotators::move_votes(&project, from_id, to_id)
            .await
            .unwrap();
        assert_eq!(moved.moved + moved.kept, before.len() as u64);
        let after = stood(to_id).await;
        for (assignment, view, _) in &after {
            self.seen.insert(*assignment, view.left.text.clone());
        }
        for (assignment, view, verdict) in &before {
            let meant = self.meant.get(assignment).copied().flatten();
            let there = after.iter().find(|(id, v, said)| {
                self.meant.get(id).copied().flatten().is_none()
                    && v.question == view.question
                    && of_data(v, *said) == of_data(view, *verdict)
            });
            if let Some((id, ..)) = there {
                self.meant.insert(*id, meant);
            }
        }
        let stays: Vec<_> = stood(from_id)
            .await
            .into_iter()
            .map(|(id, ..)| id)
            .collect();
        for (assignment, ..) in &before {
            if !stays.contains(assignment) {
                self.meant.insert(*assignment, None);
            }
        }
        self.acts[from] = stays;
        self.acts[to] = after.into_iter().map(|(id, ..)| id).collect();
    }

    /// Reads the votes as they are exported and compares them with what was meant.
    async fn compare(&self) -> usize {
        let made = self.made();
        let report = projects::check(&made.project).await.unwrap();
        assert!(report.ok, "{:?}", report.findings);
        let out = made.folder.path().join("votes.jsonl");
        let request = tiebreak_commands::dto::ExportRequest {
            format: "votes".into(),
            out: out.display().to_string(),
            rule: None,
            ignore_imported: false,
        };
        export::run(&made.project, &request).await.unwrap();
        let text = std::fs::read_to_string(out).unwrap();
        let lines: Vec<VoteLine> = text
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect();
        let superseded: std::collections::HashSet<_> =
            lines.iter().filter_map(|l| l.supersedes).collect();
        let mut stands: HashMap<AssignmentId, Option<Verdict>> = HashMap::new();
        for line in lines.iter().filter(|l| !superseded.contains(&l.vote)) {
            let before = stands.insert(line.assignment, line.verdict);
            assert_eq!(
                before, None,
                "an assignment has one end of its chain: no vote is doubled"
            );
        }
        let wrong = stands
            .iter()
            .filter(|(id, said)| self.meant.get(id) != Some(*said))
            .count();
        assert_eq!(
            wrong, 0,
            "every vote stands for the response that was meant"
        );
        assert_eq!(stands.len(), self.meant.len());
        stands.len()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_sessions_leave_every_vote_where_it_was_meant() {
    const PROJECTS: u64 = 50;
    const SESSIONS: u64 = 200;
    let mut compared = 0;
    for project in 0..PROJECTS {
        let mut simulation = Simulation::new(20_261_124 + project).await;
        for _ in 0..SESSIONS {
            simulation.session().await;
        }
        compared += simulation.compare().await;
    }
    assert!(compared > 4000, "the simulation has voted: {compared}");
}
