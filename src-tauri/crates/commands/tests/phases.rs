//! Phases: who gets what, what is refused meanwhile, and that nothing is lost on the way back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use std::path::Path;
use std::sync::Arc;

use common::{Made, copy_tree, made};
use tiebreak_commands::dto::VoteRequest;
use tiebreak_commands::import::Cancel;
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::{Project, SystemClock, annotators, criteria, label, merge, phases};
use tiebreak_domain::{
    AnnotatorId, Attention, Next, Phase, QuestionView, ScreenVerdict, SkipReason,
};

const BENCH: &str = "text_to_text_preferences.json";

/// Pairs without a criterion.
fn bare(pairs: usize) -> String {
    let row = |n: usize| {
        serde_json::json!({ "prompt": format!("prompt-{n}"), "response1": format!("one-{n}"),
            "response2": format!("two-{n}"), "model1": "m1", "model2": "m2", "id": format!("s-{n}") })
    };
    serde_json::to_string(&(0..pairs).map(row).collect::<Vec<_>>()).unwrap()
}

async fn phased(pairs: usize) -> Made {
    let wish = NewProject {
        phases: true,
        ..NewProject::default()
    };
    let made = made(&wish).await;
    let report = made.import_text(BENCH, &bare(pairs)).await.unwrap();
    assert_eq!(report.refused, 0, "{report:?}");
    made
}

async fn person(p: &Project, name: &str) -> AnnotatorId {
    annotators::find_or_add(p, name).await.unwrap().id
}

async fn next(p: &Project, who: AnnotatorId) -> Result<QuestionView, Option<Phase>> {
    match label::next(p, who).await.unwrap() {
        Next::Question(view) => Ok(*view),
        Next::Done { phase, .. } => Err(phase),
    }
}

/// Writes for every pair that comes.
async fn write_all(p: &Project, name: &str, texts: &[&str]) -> usize {
    let who = person(p, name).await;
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let mut done = 0;
    while let Ok(view) = next(p, who).await {
        assert_eq!(view.criterion, None, "only writing is dealt");
        label::criteria(p, who, view.pair, &texts).await.unwrap();
        done += 1;
    }
    done
}

fn ballot(view: &QuestionView, verdict: ScreenVerdict) -> VoteRequest {
    VoteRequest {
        assignment: view.assignment,
        verdict,
        confidence: None,
        rationale: String::new(),
        attention: Attention {
            elapsed_ms: 10,
            ..Attention::default()
        },
    }
}

/// Votes on everything that comes; the sentences.
async fn vote_all(p: &Project, name: &str) -> Vec<String> {
    let who = person(p, name).await;
    let mut asked = Vec::new();
    while let Ok(view) = next(p, who).await {
        asked.push(view.criterion.clone().expect("only votes are dealt"));
        label::vote(p, who, ballot(&view, ScreenVerdict::Tie), "test 1")
            .await
            .unwrap();
    }
    asked
}

async fn begin(p: &Project, phase: Phase) {
    phases::begin(p, phase, None).await.unwrap();
}

#[tokio::test]
async fn people_write_then_wait_then_vote_on_all() {
    let made = phased(3).await;
    let p = &made.project;
    assert_eq!(projects::info(p).await.unwrap().phase, Some(Phase::Write));
    assert_eq!(
        write_all(p, "anna", &["Which is clearer?", "Which is kinder?"]).await,
        3
    );
    let anna = person(p, "anna").await;
    assert_eq!(
        next(p, anna).await,
        Err(Some(Phase::Write)),
        "no vote yet, not on her own"
    );
    let far = label::progress(p, anna).await.unwrap();
    assert_eq!((far.done, far.total), (3, 3));
    assert_eq!(write_all(p, "ben", &["Which is shorter?"]).await, 3);
    assert!(annotators::setup(p, anna).await.unwrap().ask_criteria);

    begin(p, Phase::Review).await;
    let cleo = person(p, "cleo").await;
    assert_eq!(next(p, cleo).await, Err(Some(Phase::Review)));
    let told = phases::report(p).await.unwrap();
    let far = (
        told.written,
        told.pairs_to_write,
        told.criteria_written,
        told.questions,
    );
    assert_eq!(far, (6, 3, 3, 9));

    begin(p, Phase::Vote).await;
    for name in ["anna", "ben", "cleo"] {
        let asked = vote_all(p, name).await;
        assert_eq!(
            asked.len(),
            9,
            "{name} votes on all criteria of the pairs: {asked:?}"
        );
    }
    let told = phases::report(p).await.unwrap();
    assert_eq!((told.votes, told.voted), (27, 9));
    assert!(!annotators::setup(p, anna).await.unwrap().ask_criteria);
    let changes: Vec<Phase> = told.changes.iter().map(|c| c.phase).collect();
    assert_eq!(
        changes,
        [Phase::Write, Phase::Review, Phase::Vote],
        "written down"
    );
}

#[tokio::test]
async fn what_belongs_to_another_phase_is_refused_with_a_sentence() {
    let made = phased(2).await;
    let p = &made.project;
    let anna = person(p, "anna").await;
    let step = next(p, anna).await.unwrap();
    label::skip(p, anna, step.assignment, SkipReason::NotCompetent, "")
        .await
        .unwrap();
    label::undo(p, anna)
        .await
        .unwrap()
        .expect("the skip is taken back");
    let texts = ["Which is clearer?".to_owned()];
    label::criteria(p, anna, step.pair, &texts).await.unwrap();

    begin(p, Phase::Vote).await;
    let late = label::criteria(p, anna, step.pair, &["Late?".to_owned()])
        .await
        .unwrap_err();
    assert_eq!(late.code, "other_phase");
    assert!(
        late.message.contains("none is added any more"),
        "{}",
        late.message
    );
    let view = next(p, anna).await.unwrap();
    label::vote(p, anna, ballot(&view, ScreenVerdict::Left), "test 1")
        .await
        .unwrap();

    begin(p, Phase::Review).await;
    let again = label::vote(p, anna, ballot(&view, ScreenVerdict::Right), "test 1").await;
    assert_eq!(again.unwrap_err().code, "other_phase");
    let skipped = label::skip(p, anna, view.assignment, SkipReason::Broken, "").await;
    assert_eq!(skipped.unwrap_err().code, "other_phase");
    assert_eq!(
        label::undo(p, anna).await.unwrap(),
        None,
        "no act of this phase"
    );
    let late = label::criteria(p, anna, step.pair, &["Late?".to_owned()])
        .await
        .unwrap_err();
    assert!(late.message.contains("looked through"), "{}", late.message);
    assert_eq!(
        projects::info(p).await.unwrap().votes,
        1,
        "nothing was lost"
    );
}

#[tokio::test]
async fn going_back_loses_nothing() {
    let made = phased(2).await;
    let p = &made.project;
    write_all(p, "anna", &["Which is clearer?"]).await;
    begin(p, Phase::Vote).await;
    assert_eq!(vote_all(p, "anna").await.len(), 2);
    begin(p, Phase::Write).await;
    assert_eq!(projects::info(p).await.unwrap().votes, 2);
    assert_eq!(write_all(p, "ben", &["Which is kinder?"]).await, 2);
    assert_eq!(
        write_all(p, "anna", &["no more"]).await,
        0,
        "she has written"
    );
    // The owner merges what says the same while nobody votes.
    begin(p, Phase::Review).await;
    let made = made.reopened().await;
    let p = &made.project;
    begin(p, Phase::Vote).await;
    assert_eq!(
        vote_all(p, "anna").await,
        ["Which is kinder?"; 2],
        "only what is new"
    );
    assert_eq!(vote_all(p, "ben").await.len(), 4);
    let report = projects::check(p).await.unwrap();
    assert!(report.ok, "{:?}", report.findings);
}

#[tokio::test]
async fn of_two_copies_the_phase_begun_last_stays_and_untimely_work_is_told() {
    let made = phased(2).await;
    let p = &made.project;
    let anna = person(p, "anna").await;
    next(p, anna).await.unwrap();
    p.close().await;
    let (base, copy) = (
        made.folder.path().join("project"),
        made.folder.path().join("copy"),
    );
    copy_tree(&base, &copy);
    let open = async |path: &Path| projects::open(path, Arc::new(SystemClock)).await.unwrap();

    // Here the owner goes on to voting; in the copy anna still writes.
    let p = open(&base).await;
    begin(&p, Phase::Vote).await;
    p.close().await;
    let other = open(&copy).await;
    write_all(&other, "anna", &["Which is clearer?"]).await;
    other.close().await;

    let p = open(&base).await;
    let report = merge::run(&p, &copy, false, &Cancel::default())
        .await
        .unwrap();
    let codes: Vec<&str> = report.remarks.iter().map(|r| r.code.as_str()).collect();
    assert!(
        codes.contains(&"phase_differs") && codes.contains(&"untimely"),
        "{codes:?}"
    );
    assert_eq!(p.phase().await.unwrap(), Some(Phase::Vote));
    assert_eq!(
        vote_all(&p, "anna").await.len(),
        2,
        "what she wrote is asked"
    );
    p.close().await;
    // The other way round it comes to the same.
    let other = open(&copy).await;
    merge::run(&other, &base, false, &Cancel::default())
        .await
        .unwrap();
    assert_eq!(other.phase().await.unwrap(), Some(Phase::Vote));
    assert_eq!(projects::info(&other).await.unwrap().votes, 2);
    assert_eq!(vote_all(&other, "anna").await.len(), 0);
    assert_eq!(vote_all(&other, "ben").await.len(), 2);
    other.close().await;
}

#[tokio::test]
async fn a_project_without_phases_is_as_it_was() {
    let made = made(&NewProject {
        ask_criteria: true,
        ..NewProject::default()
    })
    .await;
    made.import_text(BENCH, &bare(1)).await.unwrap();
    let p = &made.project;
    let anna = person(p, "anna").await;
    let step = next(p, anna).await.unwrap();
    label::criteria(p, anna, step.pair, &["Which is clearer?".to_owned()])
        .await
        .unwrap();
    assert_eq!(
        next(p, anna).await.unwrap().criterion.as_deref(),
        Some("Which is clearer?")
    );
    assert_eq!(phases::report(p).await.unwrap().phase, None);
    let page = criteria::list(p, &criteria::CriteriaRequest::default())
        .await
        .unwrap();
    assert_eq!(page.criteria[0].author.as_deref(), Some("anna"));
}
