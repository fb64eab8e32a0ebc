//! The rules of labelling: criteria, skips, undo, history, moved work, and what stays hidden.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use common::{made, rows};
use tiebreak_commands::dto::{ImportRequest, VoteRequest};
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::{Project, annotators, label, media};
use tiebreak_domain::{
    AnnotatorId, Attention, Next, QuestionView, ScreenVerdict, SkipReason, Slot,
};

async fn question(project: &Project, who: AnnotatorId) -> QuestionView {
    match label::next(project, who).await.unwrap() {
        Next::Question(view) => *view,
        Next::Done { .. } => panic!("there is a question left"),
    }
}

fn said(view: &QuestionView, verdict: ScreenVerdict) -> VoteRequest {
    VoteRequest {
        assignment: view.assignment,
        verdict,
        confidence: None,
        rationale: "because".into(),
        attention: Attention::default(),
    }
}

#[tokio::test]
async fn a_pair_without_a_criterion_asks_for_some_and_hides_the_others() {
    let made = made(&NewProject::default()).await;
    let text = r#"[{"prompt":"p","response1":"a","response2":"b","id":"1"},
                   {"prompt":"q","response1":"c","response2":"d","id":"2"}]"#;
    made.import_text("text_to_text_preferences.json", text)
        .await
        .unwrap();
    let (p, add) = (&made.project, |name| annotators::add(&made.project, name));
    let (anna, ben) = (add("anna").await.unwrap().id, add("ben").await.unwrap().id);

    let first = question(p, anna).await;
    assert_eq!(first.criterion, None);
    let refusal = label::vote(p, anna, said(&first, ScreenVerdict::Tie), "t")
        .await
        .unwrap_err();
    assert_eq!(refusal.code, "no_criterion");
    let texts = [
        "Which is kinder?".to_owned(),
        " Which is shorter? ".to_owned(),
    ];
    let receipt = label::criteria(p, anna, first.pair, &texts).await.unwrap();
    assert_eq!(receipt.added, 2);
    assert_eq!(
        question(p, anna).await.criterion.as_deref(),
        Some("Which is kinder?")
    );

    let bens = question(p, ben).await;
    assert_eq!(
        bens.criterion, None,
        "Ben writes his own before he sees Anna's"
    );
    let same = label::criteria(p, ben, bens.pair, &["Which is kinder?".into()])
        .await
        .unwrap();
    assert_eq!((same.added, same.questions[0]), (0, receipt.questions[0]));
    label::criteria(p, ben, bens.pair, &["Which is true?".into()])
        .await
        .unwrap();
    let mut asked = Vec::new();
    for _ in 0..3 {
        let view = question(p, ben).await;
        assert_eq!(
            view.pair, first.pair,
            "the questions of a pair come together"
        );
        asked.push(view.criterion.clone().unwrap());
        label::vote(p, ben, said(&view, ScreenVerdict::Left), "t")
            .await
            .unwrap();
    }
    assert_eq!(
        asked,
        ["Which is kinder?", "Which is shorter?", "Which is true?"]
    );
    assert_eq!(question(p, ben).await.criterion, None, "then the next pair");
}

#[tokio::test]
async fn a_criterion_written_late_reaches_those_who_are_past_the_pair() {
    let made = made(&NewProject::default()).await;
    made.import_text("text_to_text_preferences.json", &rows(3, 1))
        .await
        .unwrap();
    let p = &made.project;
    let anna = annotators::add(p, "anna").await.unwrap().id;
    let ben = annotators::add(p, "ben").await.unwrap().id;
    let first = question(p, anna).await;
    for _ in 0..3 {
        let view = question(p, anna).await;
        label::vote(p, anna, said(&view, ScreenVerdict::Right), "t")
            .await
            .unwrap();
    }
    assert_eq!(
        label::next(p, anna).await.unwrap(),
        Next::Done {
            done: true,
            phase: None
        }
    );
    label::criteria(p, ben, first.pair, &["Which is funnier?".into()])
        .await
        .unwrap();
    let late = question(p, anna).await;
    assert_eq!(late.criterion.as_deref(), Some("Which is funnier?"));
    assert_eq!(
        late.left, first.left,
        "the questions of a pair keep their sides"
    );
}

#[tokio::test]
async fn a_project_that_asks_for_criteria_asks_before_it_shows_any() {
    let made = made(&NewProject {
        ask_criteria: true,
        ..NewProject::default()
    })
    .await;
    made.import_text("text_to_text_preferences.json", &rows(2, 2))
        .await
        .unwrap();
    let p = &made.project;
    let anna = annotators::add(p, "anna").await.unwrap().id;
    let step = question(p, anna).await;
    assert_eq!(step.criterion, None);
    label::criteria(p, anna, step.pair, &["Mine.".into()])
        .await
        .unwrap();
    let mut asked = Vec::new();
    for _ in 0..3 {
        let view = question(p, anna).await;
        asked.push(view.criterion.clone().unwrap());
        label::vote(p, anna, said(&view, ScreenVerdict::Tie), "t")
            .await
            .unwrap();
    }
    assert_eq!(asked, ["criterion-0", "criterion-1", "Mine."]);
}

#[tokio::test]
async fn skips_are_no_votes_and_can_be_taken_back() {
    let made = made(&NewProject::default()).await;
    made.import_text("text_to_text_preferences.json", &rows(2, 1))
        .await
        .unwrap();
    let p = &made.project;
    let anna = annotators::add(p, "anna").await.unwrap().id;
    let first = question(p, anna).await;
    label::skip(p, anna, first.assignment, SkipReason::Broken, "no text")
        .await
        .unwrap();
    let second = question(p, anna).await;
    assert_ne!(first.assignment, second.assignment);
    let progress = label::progress(p, anna).await.unwrap();
    assert_eq!((progress.done, progress.skipped, progress.total), (0, 1, 2));
    let history = label::history(p, anna, 10).await.unwrap();
    assert_eq!(history[0].skipped, Some(SkipReason::Broken));

    let undone = label::undo(p, anna).await.unwrap().unwrap();
    assert_eq!((undone.assignment, undone.vote), (first.assignment, None));
    assert_eq!(question(p, anna).await, first);
    label::vote(p, anna, said(&first, ScreenVerdict::Left), "t")
        .await
        .unwrap();
    let refusal = label::skip(p, anna, first.assignment, SkipReason::Broken, "").await;
    assert_eq!(refusal.unwrap_err().code, "already_voted");
    let undone = label::undo(p, anna).await.unwrap().unwrap();
    assert_eq!(undone.verdict, Some(ScreenVerdict::Left));
    assert_eq!(undone.rationale, "because");
    assert_eq!(
        label::undo(p, anna).await.unwrap(),
        None,
        "nothing more to take back"
    );
}

#[tokio::test]
async fn nobody_can_answer_for_another() {
    let made = made(&NewProject::default()).await;
    made.import_text("text_to_text_preferences.json", &rows(1, 1))
        .await
        .unwrap();
    let p = &made.project;
    let anna = annotators::add(p, "anna").await.unwrap().id;
    let ben = annotators::add(p, "ben").await.unwrap().id;
    let view = question(p, anna).await;
    let refusal = label::vote(p, ben, said(&view, ScreenVerdict::Tie), "t")
        .await
        .unwrap_err();
    assert_eq!(refusal.code, "not_yours");
    assert_eq!(
        label::at(p, ben, view.assignment).await.unwrap_err().code,
        "not_yours"
    );
}

#[tokio::test]
async fn equal_names_stay_apart() {
    let made = made(&NewProject::default()).await;
    let p = &made.project;
    let one = annotators::add(p, "anna").await.unwrap();
    let two = annotators::add(p, " anna ").await.unwrap();
    assert_ne!(one.id, two.id);
    assert_eq!(
        annotators::find(p, "anna").await.unwrap_err().code,
        "several_annotators"
    );
    assert_eq!(annotators::find(p, &two.id.to_string()).await.unwrap(), two);
    for bad in ["", "  ", "a\nb", &"x".repeat(81)] {
        assert!(annotators::add(p, bad).await.is_err(), "{bad:?}");
    }
}

#[tokio::test]
async fn work_under_the_wrong_name_moves_and_nothing_is_lost() {
    let made = made(&NewProject::default()).await;
    made.import_text("text_to_text_preferences.json", &rows(4, 1))
        .await
        .unwrap();
    let p = &made.project;
    let wrong = annotators::add(p, "anna").await.unwrap().id;
    let right = annotators::add(p, "ben").await.unwrap().id;
    let mut meant = Vec::new();
    for _ in 0..3 {
        let view = question(p, wrong).await;
        let one_is_left = view.left.text.starts_with("one-");
        meant.push((
            view.question,
            if one_is_left {
                Slot::Response1
            } else {
                Slot::Response2
            },
        ));
        label::vote(p, wrong, said(&view, ScreenVerdict::Left), "t")
            .await
            .unwrap();
    }
    let own = question(p, right).await;
    label::vote(p, right, said(&own, ScreenVerdict::Tie), "t")
        .await
        .unwrap();

    let report = annotators::move_votes(p, wrong, right).await.unwrap();
    assert_eq!((report.moved, report.kept), (2, 1));
    let mut stand = Vec::new();
    let mut lines = Vec::new();
    p.each_vote(|line| {
        lines.push(line);
        Ok::<_, ()>(())
    })
    .await
    .unwrap()
    .unwrap();
    assert_eq!(
        lines.len(),
        8,
        "three votes, one of Ben's, two withdrawn and two written anew: none went away"
    );
    for line in lines
        .iter()
        .filter(|l| l.annotator == "ben" && l.rationale == "because")
    {
        stand.push((line.question, line.verdict.unwrap().as_str()));
    }
    for (question, slot) in &meant[1..] {
        assert!(
            stand.contains(&(*question, slot.as_str())),
            "the response that was meant stays"
        );
    }
    assert!(projects::check(p).await.unwrap().ok);
    let seen = label::history(p, right, 10).await.unwrap();
    assert_eq!(
        seen.iter()
            .filter(|h| h.verdict == Some(ScreenVerdict::Left))
            .count(),
        2
    );
}

#[tokio::test]
async fn an_annotator_sees_no_model_path_source_label_or_vote() {
    let made = made(&NewProject::default()).await;
    let png = [
        137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 0,
        0, 0, 0, 58, 126, 155, 85, 0, 0, 0, 10, 73, 68, 65, 84, 120, 156, 99, 96, 0, 0, 0, 2, 0, 1,
        72, 175, 164, 113, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
    ];
    for name in ["secret-model-a/one.png", "secret-model-b/two.png"] {
        let path = made.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut bytes = png.to_vec();
        bytes.extend(name.as_bytes());
        std::fs::write(path, bytes).unwrap();
    }
    let text = serde_json::json!([{
        "prompt": "a dog", "response1": "secret-model-a/one.png",
        "response2": "secret-model-b/two.png", "model1": "secret-model-a",
        "model2": "secret-model-b", "criteria": "Which dog is happier?",
        "criteria_preference": "response2", "id": "secret-id-77", "extra": "secret-extra"
    }]);
    let file = made.file("text_to_image_preferences.json", &text.to_string());
    let report = made
        .import(ImportRequest {
            file: file.display().to_string(),
            ..ImportRequest::default()
        })
        .await
        .unwrap();
    assert_eq!(
        (report.taken, report.media, report.resolutions),
        (1, 2, 1),
        "{report:?}"
    );
    let p = &made.project;
    let anna = annotators::add(p, "anna").await.unwrap().id;
    let ben = annotators::add(p, "ben").await.unwrap().id;
    let view = question(p, ben).await;
    let mut vote = said(&view, ScreenVerdict::Left);
    vote.rationale = "secret-reason".into();
    label::vote(p, ben, vote, "t").await.unwrap();

    let mut seen = serde_json::to_string(&label::next(p, anna).await.unwrap()).unwrap();
    seen.push_str(&serde_json::to_string(&label::peek(p, anna).await.unwrap()).unwrap());
    seen.push_str(&serde_json::to_string(&label::history(p, anna, 9).await.unwrap()).unwrap());
    seen.push_str(&serde_json::to_string(&annotators::setup(p, anna).await.unwrap()).unwrap());
    seen.push_str(&serde_json::to_string(&label::progress(p, anna).await.unwrap()).unwrap());
    for hidden in [
        "secret",
        ".png\"",
        "response1",
        "response2",
        "criteria_preference",
        "/dev/shm",
    ] {
        assert!(!seen.contains(hidden), "{hidden} in {seen}");
    }
    let view = question(p, anna).await;
    let keys: Vec<_> = serde_json::to_value(&view)
        .unwrap()
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let plan = [
        "assignment",
        "question",
        "pair",
        "task",
        "criterion",
        "prompt",
        "left",
        "right",
    ];
    assert_eq!(keys, plan, "`next` has the plan's keys and no other");
    let found = media::file(p, view.left.media[0].id).await.unwrap();
    assert!(found.path.is_file());
}

#[tokio::test]
async fn two_annotators_see_a_pair_from_opposite_sides_and_after_a_restart_the_same() {
    let made = made(&NewProject::default()).await;
    made.import_text("text_to_text_preferences.json", &rows(20, 1))
        .await
        .unwrap();
    let anna = annotators::add(&made.project, "anna").await.unwrap().id;
    let ben = annotators::add(&made.project, "ben").await.unwrap().id;
    let mut lefts = Vec::new();
    for _ in 0..20 {
        let (a, b) = (
            question(&made.project, anna).await,
            question(&made.project, ben).await,
        );
        assert_eq!((a.question, &a.left.text), (b.question, &b.right.text));
        lefts.push(a.left.text.clone());
        label::vote(&made.project, anna, said(&a, ScreenVerdict::Tie), "t")
            .await
            .unwrap();
        label::vote(&made.project, ben, said(&b, ScreenVerdict::Tie), "t")
            .await
            .unwrap();
    }
    let made = made.reopened().await;
    let history = label::history(&made.project, anna, 50).await.unwrap();
    for (entry, left) in history.iter().rev().zip(&lefts) {
        let again = label::at(&made.project, anna, entry.assignment)
            .await
            .unwrap();
        assert_eq!(again.left.text, *left);
    }
}
