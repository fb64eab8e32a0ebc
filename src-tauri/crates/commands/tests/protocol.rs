//! The paper's protocol from one end to the other: three people write, the owner merges, they vote
//! without *both bad*, vague criteria and rows without consensus are dropped, and what is reported
//! is what `agreement` says of the same votes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use common::{Made, made};
use tiebreak_commands::adjudicate::{self, AdjudicateOptions, DecideRequest};
use tiebreak_commands::agreement::{self, AgreementRequest, Coefficient};
use tiebreak_commands::drops::{self, DropRequest, DropWhy};
use tiebreak_commands::dto::VoteRequest;
use tiebreak_commands::projects::{self, NewProject, Protocol};
use tiebreak_commands::protocol::{self, ProtocolReport, ProtocolRequest};
use tiebreak_commands::resolve::{self, ResolveRequest};
use tiebreak_commands::{Project, annotators, criteria, label, phases};
use tiebreak_domain::{
    AnnotatorId, Attention, Decision, Next, Phase, QuestionView, ScreenDecision, ScreenVerdict,
    SkipReason,
};

const BENCH: &str = "text_to_text_preferences.json";
const NAMES: [&str; 3] = ["anna", "ben", "cleo"];
const REPLICATES: u32 = 200;

async fn bench(pairs: usize) -> Made {
    let wish = NewProject {
        protocol: Some(Protocol::OmniRewardbench),
        ..NewProject::default()
    };
    let made = made(&wish).await;
    let row = |n: usize| {
        serde_json::json!({ "prompt": format!("prompt-{n}"), "response1": format!("one-{n}"),
            "response2": format!("two-{n}"), "model1": "m1", "model2": "m2", "id": format!("s-{n}") })
    };
    let rows: Vec<_> = (0..pairs).map(row).collect();
    made.import_text(BENCH, &serde_json::to_string(&rows).unwrap())
        .await
        .unwrap();
    made
}

async fn person(p: &Project, name: &str) -> AnnotatorId {
    annotators::find_or_add(p, name).await.unwrap().id
}

async fn next(p: &Project, who: AnnotatorId) -> Option<QuestionView> {
    match label::next(p, who).await.unwrap() {
        Next::Question(view) => Some(*view),
        Next::Done { .. } => None,
    }
}

async fn say(
    p: &Project,
    who: AnnotatorId,
    view: &QuestionView,
    verdict: ScreenVerdict,
) -> tiebreak_commands::Result<tiebreak_commands::dto::VoteReceipt> {
    let request = VoteRequest {
        assignment: view.assignment,
        verdict,
        confidence: None,
        rationale: String::new(),
        attention: Attention::default(),
    };
    label::vote(p, who, request, "test 1").await
}

/// Response 1, whichever side it stands on for this person.
fn first(view: &QuestionView) -> ScreenVerdict {
    match view.left.text.starts_with("one") {
        true => ScreenVerdict::Left,
        false => ScreenVerdict::Right,
    }
}

fn second(view: &QuestionView) -> ScreenVerdict {
    match view.left.text.starts_with("one") {
        true => ScreenVerdict::Right,
        false => ScreenVerdict::Left,
    }
}

/// Everybody writes “clear”, anna also “vague”, ben “parted”, cleo “Clear!”; then they vote: on
/// vague two leave the question, on parted nobody agrees, on clear two of three do on every third.
async fn worked(made: &Made) {
    let p = &made.project;
    for (name, own) in NAMES.into_iter().zip(["vague", "parted", "Clear!"]) {
        let who = person(p, name).await;
        while let Some(view) = next(p, who).await {
            let texts = ["clear".to_owned(), own.to_owned()];
            label::criteria(p, who, view.pair, &texts).await.unwrap();
        }
    }
    phases::begin(p, Phase::Review, None).await.unwrap();
    let page = criteria::list(p, &criteria::CriteriaRequest::default())
        .await
        .unwrap();
    let id = |text: &str| {
        let one = page.criteria.iter().find(|c| c.text == text).unwrap();
        one.criterion.to_string()
    };
    criteria::same(p, &[id("clear"), id("Clear!")], None, None)
        .await
        .unwrap();
    phases::begin(p, Phase::Vote, None).await.unwrap();
    for (n, name) in NAMES.into_iter().enumerate() {
        let who = person(p, name).await;
        while let Some(view) = next(p, who).await {
            let pair: usize = view.prompt.text["prompt-".len()..].parse().unwrap();
            let verdict = match view.criterion.as_deref().unwrap() {
                "clear" if pair.is_multiple_of(3) && n == 2 => ScreenVerdict::Tie,
                "clear" if pair.is_multiple_of(2) => first(&view),
                "clear" => second(&view),
                "parted" => [first(&view), ScreenVerdict::Tie, second(&view)][n],
                "vague" if n > 0 => {
                    label::skip(p, who, view.assignment, SkipReason::Unclear, "vague")
                        .await
                        .unwrap();
                    continue;
                }
                _ => ScreenVerdict::Tie,
            };
            say(p, who, &view, verdict).await.unwrap();
        }
    }
}

async fn reported(p: &Project) -> ProtocolReport {
    let request = ProtocolRequest {
        replicates: REPLICATES,
        ..ProtocolRequest::default()
    };
    protocol::report(p, request).await.unwrap()
}

fn value(of: &Coefficient) -> f64 {
    match of {
        Coefficient::Defined(found) => found.value,
        Coefficient::Undefined { undefined } => panic!("undefined {undefined}"),
    }
}

#[tokio::test]
async fn the_protocol_is_three_people_phases_and_no_both_bad() {
    let made = bench(2).await;
    let info = projects::info(&made.project).await.unwrap();
    assert_eq!(info.protocol.as_deref(), Some("omni-rewardbench"));
    assert_eq!(
        (info.overlap, info.phase),
        (Some([3, 3]), Some(Phase::Write))
    );
    assert!(info.ask_criteria && !info.both_bad);
    let made = made.reopened().await;
    let p = &made.project;
    worked(&made).await;

    // No both bad: not for annotators, not for adjudicators, not from a file.
    let anna = person(p, "anna").await;
    let done = label::history(p, anna, 10).await.unwrap();
    let entry = done.iter().find(|e| e.verdict.is_some()).unwrap();
    let view = label::at(p, anna, entry.assignment).await.unwrap();
    let refused = say(p, anna, &view, ScreenVerdict::BothBad)
        .await
        .unwrap_err();
    assert_eq!(refused.code, "no_both_bad");
    assert!(
        refused.message.contains("no “both bad”"),
        "{}",
        refused.message
    );
    assert!(!annotators::setup(p, anna).await.unwrap().both_bad);
    let judge = person(p, "judge").await;
    let options = AdjudicateOptions::default();
    let adjudicate::NextToAdjudicate::Question(open) =
        adjudicate::next(p, judge, options).await.unwrap()
    else {
        panic!("something is open")
    };
    let request = |decision| DecideRequest {
        question: open.question.question,
        decision,
        reason: String::new(),
        attention: Attention::default(),
        options,
    };
    let bad = request(ScreenDecision::Verdict(ScreenVerdict::BothBad));
    let refused = adjudicate::decide(p, judge, bad, "test 1")
        .await
        .unwrap_err();
    assert_eq!(refused.code, "no_both_bad");
    let file = made.folder.path().join("votes.jsonl");
    let export = tiebreak_commands::dto::ExportRequest {
        format: "votes".into(),
        out: file.display().to_string(),
        rule: None,
        ignore_imported: false,
    };
    tiebreak_commands::export::run(p, &export).await.unwrap();
    let line = std::fs::read_to_string(&file).unwrap();
    let mut line: serde_json::Value = serde_json::from_str(line.lines().next().unwrap()).unwrap();
    line["vote"] = "019a0000-0000-7000-8000-000000000001".into();
    line["supersedes"] = serde_json::Value::Null;
    line["verdict"] = "both_bad".into();
    let report = made
        .import_text("more.jsonl", &format!("{line}\n"))
        .await
        .unwrap();
    assert_eq!((report.refused, report.taken), (1, 0), "{report:?}");
    assert!(report.problems[0].message.contains("both bad"));
}

#[tokio::test]
async fn a_table_that_says_both_bad_is_refused_row_by_row() {
    let made = bench(1).await;
    let text = "id,prompt,r1,r2,c,v\n1,p,a,b,Which?,x\n2,q,a,b,Which?,t\n";
    let request = tiebreak_commands::dto::ImportRequest {
        file: made.file("t.csv", text).display().to_string(),
        mapping: Some(
            "id = \"id\"\nprompt = \"prompt\"\nresponse1 = \"r1\"\nresponse2 = \"r2\"\n\
             task = \"text_to_text\"\ncriterion = { field = \"c\" }\n\
             [[vote]]\nannotator = \"anna\"\nfield = \"v\"\n\
             values = { x = \"both_bad\", t = \"tie\" }\n"
                .to_owned(),
        ),
        ..tiebreak_commands::dto::ImportRequest::default()
    };
    let report = made.import(request).await.unwrap();
    assert_eq!(
        (report.taken, report.refused, report.votes),
        (1, 1, 1),
        "{report:?}"
    );
    assert_eq!(report.problems[0].code, "no_both_bad");
}

#[tokio::test]
async fn drops_are_previewed_told_and_taken_back_and_alpha_is_that_of_agreement() {
    let made = bench(12).await;
    worked(&made).await;
    let p = &made.project;

    let before = reported(p).await;
    assert_eq!(
        (before.pairs, before.questions, before.merged),
        (12, 36, 12)
    );
    assert_eq!((before.open, before.resolved), (36, 0));
    let all = agreement::run(
        p,
        AgreementRequest {
            replicates: REPLICATES,
            ..AgreementRequest::default()
        },
    )
    .await
    .unwrap()
    .all;
    assert_eq!(
        before.steps[0].krippendorff_alpha_nominal,
        all.krippendorff_alpha_nominal
    );
    assert_eq!(
        before.steps[0].krippendorff_alpha_ordinal,
        all.krippendorff_alpha_ordinal
    );
    assert_eq!(before.paper.krippendorff_alpha, 0.701);

    let vague = DropRequest {
        why: DropWhy::CriterionUnclear,
        ..DropRequest::default()
    };
    let shown = drops::preview(p, &vague).await.unwrap();
    assert_eq!((shown.drops, shown.batch), (12, None));
    assert_eq!(
        resolve::list(p).await.unwrap(),
        [],
        "a preview writes nothing"
    );
    let done = drops::run(p, &vague).await.unwrap();
    assert_eq!(done.drops, 12);
    let by_rule = resolve::run(p, &ResolveRequest::default()).await.unwrap();
    assert_eq!(by_rule.resolves, 12, "clear, by majority");
    let rest = drops::run(p, &DropRequest::default()).await.unwrap();
    assert_eq!(rest.drops, 12, "{rest:?}");
    assert_eq!(rest.leaves.get("resolved_already"), Some(&24));

    let after = reported(p).await;
    let steps: Vec<_> = after
        .steps
        .iter()
        .map(|s| (s.after.as_str(), s.dropped, s.questions))
        .collect();
    assert_eq!(
        steps,
        [
            ("all", 0, 36),
            ("criterion_unclear", 12, 24),
            ("no_consensus", 12, 12)
        ]
    );
    assert_eq!(after.steps[1].share, Some(12.0 / 36.0));
    assert_eq!((after.resolved, after.open), (12, 0));
    let alpha: Vec<f64> = (after.steps.iter())
        .map(|s| value(&s.krippendorff_alpha_nominal))
        .collect();
    assert!(
        alpha[2] > alpha[1],
        "without the parted rows people agree more: {alpha:?}"
    );
    assert_eq!(after.steps[2].votes, 36);
    // The last step's α is what `agreement` says of just those questions.
    let by = AgreementRequest {
        by: vec!["criterion".into()],
        replicates: REPLICATES,
        ..AgreementRequest::default()
    };
    let parts = agreement::run(p, by).await.unwrap().by;
    let clear = parts["criterion"]
        .iter()
        .find(|part| part.name == "clear")
        .unwrap();
    let of_clear = &clear.coefficients;
    assert_eq!(
        after.steps[2].krippendorff_alpha_nominal,
        of_clear.krippendorff_alpha_nominal
    );
    assert_eq!(
        after.steps[2].krippendorff_alpha_ordinal,
        of_clear.krippendorff_alpha_ordinal
    );

    let dropped = resolve::list(p).await.unwrap();
    let dropped = dropped
        .iter()
        .find(|r| matches!(r.decision, Decision::Drop(_)))
        .unwrap();
    assert!(!dropped.provenance["batch"].is_null() && !dropped.reason.is_empty());
    let back = resolve::reverse(p, &rest.batch.unwrap(), "").await.unwrap();
    assert_eq!(back.reversed, 12);
    assert_eq!(reported(p).await.open, 12);
}

#[tokio::test]
async fn a_consensus_of_all_drops_more_than_one_of_most() {
    let made = bench(6).await;
    worked(&made).await;
    let p = &made.project;
    let all = DropRequest {
        unanimous: true,
        min_votes: 3,
        ..DropRequest::default()
    };
    let most = DropRequest {
        min_votes: 3,
        ..DropRequest::default()
    };
    let (all, most) = (
        drops::preview(p, &all).await.unwrap(),
        drops::preview(p, &most).await.unwrap(),
    );
    assert_eq!((all.drops, most.drops), (8, 6), "{all:?} {most:?}");
    assert_eq!(
        most.leaves.get("too_few_votes"),
        Some(&6),
        "vague has one vote each"
    );
    assert!(all.rule.contains("not all the same") && most.rule.contains("more than half"));
    let none = drops::preview(
        p,
        &DropRequest {
            min_votes: 0,
            ..DropRequest::default()
        },
    )
    .await;
    assert_eq!(none.unwrap_err().code, "bad_value");
}
