//! Criteria by version, questions that say the same, groups: what stays, what stands no longer, and
//! that copies of a project agree on it in whatever order they are merged.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::{Dice, Made, copy_tree, folder, made, rows};
use tempfile::TempDir;
use tiebreak_commands::agreement::{self, AgreementRequest};
use tiebreak_commands::criteria::{self, CriteriaRequest, CriterionInfo};
use tiebreak_commands::dto::{ExportRequest, ImportRequest, VoteRequest};
use tiebreak_commands::import::Cancel;
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::resolve::{self, ResolveRequest};
use tiebreak_commands::{Project, SystemClock, annotators, export, import, label, merge};
use tiebreak_domain::{
    AnnotatorId, Attention, EditKind, Next, QuestionView, ScreenVerdict, Verdict,
};

const BENCH: &str = "text_to_text_preferences.json";

async fn person(p: &Project, name: &str) -> AnnotatorId {
    annotators::find_or_add(p, name).await.unwrap().id
}

async fn next(p: &Project, who: AnnotatorId) -> Option<QuestionView> {
    match label::next(p, who).await.unwrap() {
        Next::Question(view) => Some(*view),
        Next::Done { .. } => None,
    }
}

async fn say(p: &Project, who: AnnotatorId, view: &QuestionView, said: ScreenVerdict) {
    let request = VoteRequest {
        assignment: view.assignment,
        verdict: said,
        confidence: None,
        rationale: String::new(),
        attention: Attention::default(),
    };
    label::vote(p, who, request, "test 1").await.unwrap();
}

/// Answers everything that is left, always the same; the sentences that were asked.
async fn work(p: &Project, name: &str, said: ScreenVerdict) -> Vec<String> {
    let who = person(p, name).await;
    let mut asked = Vec::new();
    while let Some(view) = next(p, who).await {
        asked.push(view.criterion.clone().unwrap());
        say(p, who, &view, said).await;
    }
    asked
}

async fn listed(p: &Project) -> Vec<CriterionInfo> {
    let request = CriteriaRequest::default();
    criteria::list(p, &request).await.unwrap().criteria
}

async fn named(p: &Project, text: &str) -> CriterionInfo {
    let found = listed(p).await.into_iter().find(|one| one.text == text);
    found.unwrap_or_else(|| panic!("no criterion “{text}”"))
}

async fn edit(p: &Project, of: &str, to: &str, kind: EditKind) -> criteria::EditReceipt {
    let id = named(p, of).await.criterion;
    criteria::edit(p, id, to, kind, None).await.unwrap()
}

async fn well(p: &Project) {
    let report = projects::check(p).await.unwrap();
    assert!(report.ok, "{:?}", report.findings);
}

async fn written(p: &Project, out: &Path, format: &str, rule: &str) -> (String, u64) {
    let request = ExportRequest {
        format: format.into(),
        out: out.join(format!("{format}.json")).display().to_string(),
        rule: Some(rule.into()),
        ignore_imported: true,
    };
    let report = export::run(p, &request).await.unwrap();
    let left = report
        .left_out
        .iter()
        .find(|l| l.reason == "same_as_another");
    let text = std::fs::read_to_string(&report.files[0]).unwrap();
    (text, left.map_or(0, |l| l.count))
}

#[tokio::test]
async fn a_typo_keeps_its_votes_and_the_vote_its_version() {
    let made = made(&NewProject::default()).await;
    made.import_text(BENCH, &rows(3, 2)).await.unwrap();
    let p = &made.project;
    work(p, "anna", ScreenVerdict::Tie).await;
    let id = named(p, "criterion-0").await.criterion;
    let told = criteria::preview_edit(p, id).await.unwrap();
    assert_eq!((told.votes, told.people, told.questions), (3, 1, 3));

    let done = edit(p, "criterion-0", "criterion-nought", EditKind::Typo).await;
    assert_eq!(
        (done.votes_stay, done.votes_fall, done.people_again),
        (3, 0, 0)
    );
    let now = named(p, "criterion-nought").await;
    assert_eq!(
        (now.criterion, now.version, now.votes),
        (id, 2, 3),
        "the id stays"
    );
    assert_eq!(
        next(p, person(p, "anna").await).await,
        None,
        "nobody is asked again"
    );

    let (votes, _) = written(p, made.folder.path(), "votes", "majority").await;
    let of_it: Vec<&str> = votes
        .lines()
        .filter(|l| l.contains("criterion-nought"))
        .collect();
    assert_eq!(of_it.len(), 3, "exports give today's sentence");
    assert!(of_it.iter().all(|l| l.contains("\"criterion_version\":1")));
    assert!(
        !votes.contains("criterion_meaning"),
        "it means what it meant"
    );
    let bens = work(p, "ben", ScreenVerdict::Left).await;
    assert!(bens.contains(&"criterion-nought".to_owned()));
    let (votes, _) = written(p, made.folder.path(), "votes", "majority").await;
    assert_eq!(votes.matches("\"criterion_version\":2").count(), 3, "ben's");
    let again = criteria::edit(p, id, "criterion-nought ", EditKind::Typo, None).await;
    assert_eq!(again.unwrap_err().code, "same_sentence");
    well(p).await;
}

#[tokio::test]
async fn a_changed_meaning_opens_the_question_and_keeps_the_evidence() {
    let made = made(&NewProject::default()).await;
    made.import_text(BENCH, &rows(3, 2)).await.unwrap();
    let p = &made.project;
    work(p, "anna", ScreenVerdict::Tie).await;
    let ben = person(p, "ben").await;
    let skipped = next(p, ben).await.unwrap();
    label::skip(
        p,
        ben,
        skipped.assignment,
        tiebreak_domain::SkipReason::Unclear,
        "",
    )
    .await
    .unwrap();
    work(p, "ben", ScreenVerdict::Tie).await;
    let by_rule = ResolveRequest {
        over_imported: true,
        ..ResolveRequest::default()
    };
    assert_eq!(resolve::run(p, &by_rule).await.unwrap().resolves, 5);

    let done = edit(p, "criterion-0", "Which is kinder?", EditKind::Meaning).await;
    let told = (
        done.votes_fall,
        done.people_again,
        done.resolutions_taken_back,
    );
    assert_eq!(
        told,
        (5, 2, 3),
        "two by the rule, and the label that came with the data"
    );
    let info = projects::info(p).await.unwrap();
    assert_eq!((info.votes, info.votes_ever, info.resolutions), (6, 11, 3));
    assert_eq!(named(p, "Which is kinder?").await.votes, 0);
    let standing = p.standing_votes().await.unwrap();
    assert_eq!(standing.votes.len(), 6);
    let (csv, _) = written(p, made.folder.path(), "csv", "majority").await;
    assert!(!csv.contains("kinder"), "what stands no longer is no label");
    let progress = label::progress(p, ben).await.unwrap();
    assert_eq!(
        (progress.done, progress.skipped),
        (3, 0),
        "the skip was of the old sentence"
    );
    well(p).await;

    assert_eq!(
        work(p, "anna", ScreenVerdict::Tie).await,
        ["Which is kinder?"; 3]
    );
    assert_eq!(
        work(p, "ben", ScreenVerdict::Tie).await,
        ["Which is kinder?"; 3]
    );
    let info = projects::info(p).await.unwrap();
    assert_eq!((info.votes, info.votes_ever), (12, 17), "no row went away");
    let (votes, _) = written(p, made.folder.path(), "votes", "majority").await;
    let id = named(p, "Which is kinder?").await.criterion;
    let meaning = criteria::preview_edit(p, id).await.unwrap().edits[0].edit;
    assert_eq!(
        votes.matches(&meaning.to_string()).count(),
        6,
        "the new votes know what they are of"
    );
    assert_eq!(resolve::run(p, &by_rule).await.unwrap().resolves, 3);
    well(p).await;

    // The file of votes brings everything to a copy that has the same edit, and stands there alike.
    let again = made.import_text("votes.jsonl", &votes).await.unwrap();
    assert_eq!((again.votes, again.refused), (0, 0));
    let reopened = made.reopened().await;
    assert_eq!(projects::info(&reopened.project).await.unwrap().votes, 12);
}

#[tokio::test]
async fn what_a_changed_meaning_took_back_can_be_let_stand_again() {
    let made = made(&NewProject::default()).await;
    made.import_text(BENCH, &rows(1, 1)).await.unwrap();
    let p = &made.project;
    let before = resolve::list(p).await.unwrap().remove(0);
    edit(p, "criterion-0", "Which is kinder?", EditKind::Meaning).await;
    assert!(resolve::list(p).await.unwrap().is_empty());
    // The same file again says nothing of the new sentence.
    made.import_text(BENCH, &rows(1, 1)).await.unwrap();
    assert!(resolve::list(p).await.unwrap().is_empty());
    let id = before.question.to_string();
    let done = resolve::reverse(p, &id, "it holds for both").await.unwrap();
    assert_eq!((done.reversed, done.restored), (1, 1));
    let now = resolve::list(p).await.unwrap().remove(0);
    assert_eq!(
        (now.decision, now.rule.as_str()),
        (before.decision, "imported")
    );
    assert_eq!(now.provenance["restores"], before.resolution.to_string());
    // Taken back again, nothing of the old meaning comes up.
    resolve::reverse(p, &id, "").await.unwrap();
    assert!(resolve::list(p).await.unwrap().is_empty());
    well(p).await;
}

#[tokio::test]
async fn questions_that_say_the_same_are_asked_once_and_come_back() {
    let made = made(&NewProject::default()).await;
    made.import_text(BENCH, &rows(3, 3)).await.unwrap();
    let p = &made.project;
    work(p, "anna", ScreenVerdict::Tie).await;
    let ids = |names: [&CriterionInfo; 2]| names.map(|c| c.criterion.to_string()).to_vec();
    let (zero, two) = (named(p, "criterion-0").await, named(p, "criterion-2").await);
    let done = criteria::same(p, &ids([&zero, &two]), None, None)
        .await
        .unwrap();
    assert_eq!((done.questions, done.votes, done.left), (3, 3, 0));

    let info = projects::info(p).await.unwrap();
    assert_eq!((info.questions, info.votes, info.votes_ever), (6, 6, 9));
    let asked = work(p, "ben", ScreenVerdict::Tie).await;
    assert_eq!(asked.len(), 6);
    assert!(!asked.contains(&"criterion-2".to_owned()), "{asked:?}");
    let (bench, merged) = written(p, made.folder.path(), "omni-rewardbench", "majority").await;
    assert_eq!(
        (bench.matches("criterion-2").count(), merged),
        (0, 3),
        "left out, and told"
    );
    let (votes, _) = written(p, made.folder.path(), "votes", "majority").await;
    assert_eq!(
        votes.matches("criterion-2").count(),
        3,
        "the evidence is there"
    );
    assert_eq!(
        label::progress(p, person(p, "anna").await)
            .await
            .unwrap()
            .total,
        6
    );
    well(p).await;

    let back = criteria::apart(p, &[two.criterion.to_string()], None, None)
        .await
        .unwrap();
    assert_eq!((back.questions, back.votes), (3, 3));
    assert_eq!(work(p, "ben", ScreenVerdict::Tie).await, ["criterion-2"; 3]);
    assert_eq!(projects::info(p).await.unwrap().votes, 18);
    let one = criteria::same(p, &[zero.criterion.to_string()], None, None).await;
    assert_eq!(one.unwrap_err().code, "too_few");
    well(p).await;
}

#[tokio::test]
async fn suggestions_are_marked_and_apply_nothing() {
    let made = made(&NewProject::default()).await;
    let text = rows(1, 4)
        .replace("criterion-0", "Which is clearer?")
        .replace("criterion-1", "which is  CLEARER")
        .replace("criterion-2", "Which one is much clearer?")
        .replace("criterion-3", "Whose tune is in key?");
    made.import_text(BENCH, &text).await.unwrap();
    let p = &made.project;
    let clear = named(p, "Which is clearer?").await.criterion;
    criteria::group(p, &[clear], Some("clarity"), None)
        .await
        .unwrap();
    let found = criteria::suggest(p, 10).await.unwrap();
    assert!(found.suggestion);
    assert_eq!(
        (found.same.len(), found.same[0].why.as_str()),
        (3, "same_words")
    );
    assert_eq!(found.same[1].why, "alike");
    let grouped: Vec<_> = found
        .groups
        .iter()
        .map(|g| (g.text.as_str(), g.group.as_str()))
        .collect();
    assert!(
        grouped.contains(&("which is  CLEARER", "clarity")),
        "{grouped:?}"
    );
    assert!(!grouped.iter().any(|(text, _)| text.contains("tune")));
    assert_eq!(
        projects::info(p).await.unwrap().questions,
        4,
        "nothing was applied"
    );
    assert_eq!(
        listed(p).await.iter().filter(|c| c.group.is_some()).count(),
        1
    );
}

#[tokio::test]
async fn groups_part_agreement_with_ungrouped_as_a_row() {
    let made = made(&NewProject::default()).await;
    made.import_text(BENCH, &rows(4, 3)).await.unwrap();
    let p = &made.project;
    work(p, "anna", ScreenVerdict::Left).await;
    work(p, "ben", ScreenVerdict::Tie).await;
    let request = || AgreementRequest {
        by: vec!["group".into()],
        replicates: 50,
        ..AgreementRequest::default()
    };
    let parts = |report: agreement::AgreementReport| -> Vec<(String, u64)> {
        let of = |part: &agreement::Part| (part.name.clone(), part.coefficients.questions);
        report.by["group"].iter().map(of).collect()
    };
    let all = parts(agreement::run(p, request()).await.unwrap());
    assert_eq!(all, [("ungrouped".to_owned(), 12)]);
    let mut ids = Vec::new();
    for name in ["criterion-0", "criterion-1"] {
        ids.push(named(p, name).await.criterion);
    }
    criteria::group(p, &ids, Some(" form "), None)
        .await
        .unwrap();
    let now = parts(agreement::run(p, request()).await.unwrap());
    assert_eq!(now, [("form".to_owned(), 8), ("ungrouped".to_owned(), 4)]);
    ids.push(named(p, "criterion-2").await.criterion);
    assert_eq!(
        criteria::group(p, &ids, Some("form"), None)
            .await
            .unwrap()
            .moved,
        1
    );
    let now = parts(agreement::run(p, request()).await.unwrap());
    assert_eq!(
        now,
        [("form".to_owned(), 12), ("ungrouped".to_owned(), 0)],
        "a row all the same"
    );
    let of = |group: &str| CriteriaRequest {
        group: Some(group.into()),
        ..CriteriaRequest::default()
    };
    criteria::group(p, &ids[..1], None, None).await.unwrap();
    let page = criteria::list(p, &of("ungrouped")).await.unwrap();
    assert_eq!((page.total, page.groups[0].criteria), (1, 2));
    for bad in ["", "ungrouped", "a\nb"] {
        let refused = criteria::group(p, &ids, Some(bad), None).await;
        assert_eq!(refused.unwrap_err().code, "bad_group");
    }
    well(p).await;
}

#[tokio::test]
async fn a_page_of_criteria_is_found_by_its_words() {
    let made = made(&NewProject::default()).await;
    made.import_text(
        BENCH,
        &rows(2, 30).replace("criterion-7\"", "100% _right_\""),
    )
    .await
    .unwrap();
    let p = &made.project;
    let request = |search: &str, offset| CriteriaRequest {
        search: search.into(),
        offset,
        limit: 5,
        ..CriteriaRequest::default()
    };
    let page = criteria::list(p, &request("", 10)).await.unwrap();
    assert_eq!((page.total, page.criteria.len()), (30, 5));
    assert_eq!(
        page.criteria[0].text, "criterion-10",
        "in the order in which they came"
    );
    assert_eq!(
        criteria::list(p, &request("0% _", 0)).await.unwrap().total,
        1,
        "no wildcards"
    );
    assert_eq!(criteria::list(p, &request("%", 0)).await.unwrap().total, 1);
    assert_eq!(
        criteria::list(p, &request("nowhere", 0))
            .await
            .unwrap()
            .total,
        0
    );
    let nothing = "0190a1b2-0000-7000-8000-000000000000".parse().unwrap();
    let error = criteria::preview_edit(p, nothing).await.unwrap_err();
    assert_eq!(error.code, "not_found");
}

// Copies of a project.

struct Desk(TempDir);

impl Desk {
    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    async fn open(&self, name: &str) -> Project {
        projects::open(&self.path(name), Arc::new(SystemClock))
            .await
            .unwrap()
    }

    fn copy(&self, from: &str, to: &str) {
        copy_tree(&self.path(from), &self.path(to));
    }

    async fn merge(&self, name: &str, other: &str) -> tiebreak_commands::dto::MergeReport {
        let p = self.open(name).await;
        let report = merge::run(&p, &self.path(other), false, &Cancel::default())
            .await
            .unwrap();
        well(&p).await;
        p.close().await;
        report
    }

    /// Everything that is said of a copy: exports, what stands of criteria, of questions, of groups.
    async fn told(&self, name: &str) -> String {
        let p = self.open(name).await;
        let out = self.path(&format!("out-{name}"));
        std::fs::create_dir_all(&out).unwrap();
        let mut text = String::new();
        for format in ["omni-rewardbench", "votes", "csv"] {
            let (exported, merged) = written(&p, &out, format, "majority").await;
            text.push_str(&format!("{format} {merged}\n{exported}\n"));
        }
        let mut lines: Vec<String> = Vec::new();
        for one in listed(&p).await {
            lines.push(format!(
                "{} {} {} {:?} {} {} {}",
                one.criterion, one.text, one.version, one.group, one.pairs, one.merged, one.votes
            ));
        }
        for one in resolve::list(&p).await.unwrap() {
            lines.push(format!("{} {:?} {}", one.question, one.decision, one.rule));
        }
        for who in p.annotators().await.unwrap() {
            let progress = label::progress(&p, who.id).await.unwrap();
            lines.push(format!(
                "{} {} {}",
                who.name, progress.done, progress.skipped
            ));
        }
        lines.push(format!("{:?}", p.phase().await.unwrap()));
        lines.sort();
        p.close().await;
        text + &lines.join("\n")
    }

    /// Merges three copies in every order, into each of them and twice, and expects the same.
    async fn every_order(&self, three: [&str; 3], seed: u64) -> String {
        let [a, b, c] = three;
        let mut first: Option<String> = None;
        for (n, [target, one, two]) in [
            [a, b, c],
            [a, c, b],
            [b, a, c],
            [b, c, a],
            [c, a, b],
            [c, b, a],
        ]
        .into_iter()
        .enumerate()
        {
            let name = format!("order-{n}");
            self.copy(target, &name);
            self.merge(&name, one).await;
            self.merge(&name, two).await;
            let told = self.told(&name).await;
            self.merge(&name, one).await;
            assert_eq!(told, self.told(&name).await, "seed {seed}: twice is once");
            let first = first.get_or_insert_with(|| told.clone());
            assert_eq!(*first, told, "seed {seed}: order {n}");
        }
        self.merge("order-0", "order-4").await;
        assert_eq!(
            first.as_ref(),
            Some(&self.told("order-0").await),
            "seed {seed}: joined ones"
        );
        for n in 0..6 {
            std::fs::remove_dir_all(self.path(&format!("order-{n}"))).unwrap();
        }
        first.unwrap()
    }
}

async fn desk(pairs: usize, criteria: usize) -> Desk {
    let desk = Desk(folder());
    let p = projects::create(
        &desk.path("base"),
        &NewProject::default(),
        Arc::new(SystemClock),
    )
    .await
    .unwrap();
    let file = desk.path(BENCH);
    std::fs::write(&file, rows(pairs, criteria)).unwrap();
    let request = ImportRequest {
        file: file.display().to_string(),
        ..ImportRequest::default()
    };
    import::run(&p, &request, false, &Cancel::default(), |_| {})
        .await
        .unwrap();
    p.close().await;
    desk
}

#[tokio::test]
async fn copies_edited_differently_agree_and_it_is_told() {
    let desk = desk(2, 1).await;
    let p = desk.open("base").await;
    work(&p, "anna", ScreenVerdict::Left).await;
    p.close().await;
    for name in ["a", "b"] {
        desk.copy("base", name);
    }
    let p = desk.open("a").await;
    edit(&p, "criterion-0", "Which is kinder?", EditKind::Meaning).await;
    work(&p, "anna", ScreenVerdict::Tie).await;
    p.close().await;
    let p = desk.open("b").await;
    edit(&p, "criterion-0", "criterion nought", EditKind::Typo).await;
    edit(&p, "criterion nought", "Criterion nought.", EditKind::Typo).await;
    work(&p, "ben", ScreenVerdict::Right).await;
    p.close().await;

    desk.copy("a", "ab");
    let report = desk.merge("ab", "b").await;
    let codes: Vec<&str> = report.remarks.iter().map(|r| r.code.as_str()).collect();
    for wanted in ["criterion_edited_twice", "criterion_version", "reopened"] {
        assert!(codes.contains(&wanted), "{wanted}: {codes:?}");
    }
    let p = desk.open("ab").await;
    let now = named(&p, "Criterion nought.").await;
    assert_eq!(now.version, 3, "the highest version stays");
    // Of anna's chains the ends were cast under a meaning that is not today's; ben's votes stand.
    assert_eq!(now.votes, 2);
    let standing = p.standing_votes().await.unwrap();
    assert!(
        standing
            .votes
            .iter()
            .all(|v| standing.voters[v.voter].name == "ben")
    );
    assert_eq!(
        work(&p, "anna", ScreenVerdict::Left).await.len(),
        2,
        "anna gets it again"
    );
    assert_eq!(named(&p, "Criterion nought.").await.votes, 4);
    p.close().await;
}

/// One act of the owner or of somebody who labels.
async fn act(p: &Project, dice: &mut Dice) {
    let all = listed(p).await;
    let one = all[dice.pick(all.len())].clone();
    let other = all[dice.pick(all.len())].clone();
    let id = one.criterion;
    match dice.pick(12) {
        0 | 1 => {
            let text = format!("{} again", one.text);
            criteria::edit(p, id, &text, EditKind::Typo, None)
                .await
                .unwrap();
        }
        2 | 3 => {
            let text = format!("Another sense {}", dice.pick(1000));
            criteria::edit(p, id, &text, EditKind::Meaning, None)
                .await
                .unwrap();
        }
        4 => {
            let ids = [id.to_string(), other.criterion.to_string()];
            if let Err(refused) = criteria::same(p, &ids, None, None).await {
                assert!(["has_another", "not_of_one_pair"].contains(&refused.code.as_str()));
            }
        }
        5 => drop(
            criteria::apart(p, &[id.to_string()], None, None)
                .await
                .unwrap(),
        ),
        6 => {
            let name = ["form", "content"][dice.pick(2)];
            criteria::group(p, &[id], (dice.pick(3) > 0).then_some(name), None)
                .await
                .unwrap();
        }
        7 => {
            let request = ResolveRequest {
                min_votes: 1,
                over_imported: true,
                ..ResolveRequest::default()
            };
            resolve::run(p, &request).await.unwrap();
        }
        8 => {
            let who = person(p, ["anna", "ben", "cleo"][dice.pick(3)]).await;
            label::undo(p, who).await.unwrap();
        }
        9 => {
            let who = person(p, ["anna", "ben", "cleo"][dice.pick(3)]).await;
            if let Some(view) = next(p, who).await {
                let why = tiebreak_domain::SkipReason::Unclear;
                label::skip(p, who, view.assignment, why, "").await.unwrap();
            }
        }
        _ => {
            let who = person(p, ["anna", "ben", "cleo"][dice.pick(3)]).await;
            if let Some(view) = next(p, who).await {
                say(p, who, &view, ScreenVerdict::ALL[dice.pick(4)]).await;
            }
        }
    }
}

#[tokio::test]
async fn random_edits_in_three_copies_merge_in_every_order() {
    for seed in 0..6 {
        let mut dice = Dice(seed);
        let desk = desk(3, 3).await;
        let p = desk.open("base").await;
        for name in ["anna", "ben", "cleo"] {
            person(&p, name).await;
        }
        for _ in 0..8 {
            act(&p, &mut dice).await;
        }
        p.close().await;
        for name in ["a", "b", "c"] {
            desk.copy("base", name);
            let p = desk.open(name).await;
            let before = p.standing_votes().await.unwrap().votes.len();
            for _ in 0..14 {
                act(&p, &mut dice).await;
            }
            let _ = before;
            well(&p).await;
            p.close().await;
        }
        desk.every_order(["a", "b", "c"], seed).await;
    }
}

#[tokio::test]
async fn two_copies_that_say_the_same_of_each_other_keep_one_question() {
    let desk = desk(1, 2).await;
    for name in ["a", "b", "c"] {
        desk.copy("base", name);
    }
    for (name, order) in [
        ("a", ["criterion-0", "criterion-1"]),
        ("b", ["criterion-1", "criterion-0"]),
    ] {
        let p = desk.open(name).await;
        let mut ids = Vec::new();
        for text in order {
            ids.push(named(&p, text).await.criterion.to_string());
        }
        criteria::same(&p, &ids, None, None).await.unwrap();
        p.close().await;
    }
    desk.every_order(["a", "b", "c"], 0).await;
    let report = desk.merge("a", "b").await;
    assert!(report.remarks.iter().any(|r| r.code == "same_ring"));
    let p = desk.open("a").await;
    assert_eq!(projects::info(&p).await.unwrap().questions, 1);
    p.close().await;
}

#[tokio::test]
async fn both_bad_counts_among_the_verdicts_of_a_project_that_has_it() {
    let made: Made = made(&NewProject::default()).await;
    made.import_text(BENCH, &rows(1, 1)).await.unwrap();
    work(&made.project, "anna", ScreenVerdict::BothBad).await;
    let standing = made.project.standing_votes().await.unwrap();
    assert_eq!(standing.votes[0].verdict, Verdict::BothBad);
}
