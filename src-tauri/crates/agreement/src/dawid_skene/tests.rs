#![allow(clippy::unwrap_used, reason = "a test may fail")]

use super::*;
use crate::bootstrap::Draws;

const fn rating(question: u32, annotator: u32, category: u32) -> Rating {
    Rating {
        question,
        annotator,
        category,
    }
}

/// Table 1 of the paper: 45 patients, by patient the three answers of observer 1 and then one each of
/// observers 2 to 5.
const ANAESTHETIC: [&str; 45] = [
    "1111111", "3334334", "1122122", "2223121", "2223222", "2223322", "1222111", "3333433",
    "2222223", "2322223", "4444444", "2223343", "1111111", "2223212", "1211111", "1112111",
    "1111111", "1111111", "2222221", "2221322", "2222222", "2222221", "2223222", "2212222",
    "1111111", "1111111", "2322222", "1111111", "1111111", "1121121", "1111111", "3333233",
    "1111111", "2222222", "2223232", "4334343", "2212232", "2323233", "3333432", "1111111",
    "1111111", "1212111", "2322222", "1211111", "2222222",
];

fn anaesthetic() -> Vec<Rating> {
    let mut ratings = Vec::new();
    for (question, row) in (0..).zip(ANAESTHETIC) {
        for (digit, annotator) in row.bytes().zip([0, 0, 0, 1, 2, 3, 4]) {
            ratings.push(rating(question, annotator, u32::from(digit - b'1')));
        }
    }
    ratings
}

fn close(one: &[f64], other: &[f64], by: f64) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| (a - b).abs() < by)
}

/// Figures recomputed from the published table, and in agreement with the paper's tables 2 and 4.
#[test]
fn the_papers_example_is_found() {
    let options = EmOptions {
        stop: Stop::LogLikelihood(1e-14),
        ..EmOptions::PAPER
    };
    let fit = dawid_skene_with_repeats(45, 5, 4, anaesthetic(), &options).unwrap();
    let priors = [
        0.399_554_752_9,
        0.421_983_391_9,
        0.111_795_188_5,
        0.066_666_666_7,
    ];
    assert!(close(&fit.found.priors, &priors, 1e-9));
    assert!((fit.found.log_likelihood + 192.890_881_214_206).abs() < 1e-6);
    assert_eq!(fit.found.stopped, Stopped::Converged);
    let row = [0.889_488_348_7, 0.110_511_651_3, 0.0, 0.0];
    assert!(close(fit.confusion(0, 0).unwrap(), &row, 1e-9));
    let seventh = [0.981_020_295, 0.018_979_705, 0.0, 0.0];
    assert!(close(fit.found.posterior(6).unwrap(), &seventh, 1e-9));
    assert_eq!(fit.found.labels[1], Leading::One(3));
}

/// Eight questions, three people: two always agree, the third is right half of the time.
fn small() -> Vec<Rating> {
    (0..8)
        .flat_map(|question| {
            let truth = question % 2;
            [
                rating(question, 0, truth),
                rating(question, 1, truth),
                rating(question, 2, u32::from(question < 4)),
            ]
        })
        .collect()
}

#[test]
fn whoever_guesses_is_told_from_those_who_know() {
    let table = Ratings::new(9, 4, 3, small()).unwrap();
    let fit = dawid_skene(&table, &EmOptions::PAPER).unwrap();
    assert!(close(fit.confusion(0, 0).unwrap(), &[1.0, 0.0, 0.0], 1e-6));
    assert!(close(fit.confusion(2, 0).unwrap(), &[0.5, 0.5, 0.0], 1e-6));
    assert!((fit.accuracy(2).unwrap() - 0.5).abs() < 1e-6);
    // Nobody gave the third answer, the fourth person gave none, the ninth question has none.
    assert!(close(&fit.found.priors, &[0.5, 0.5, 0.0], 1e-9));
    assert_eq!(fit.confusion(0, 2), None);
    assert_eq!(fit.confusion(3, 0), None);
    assert_eq!(fit.accuracy(3), None);
    assert_eq!(fit.found.posterior(8), None);
    assert_eq!(fit.found.labels[8], Leading::NoVotes);
    let coin = one_coin(&table, &EmOptions::PAPER).unwrap();
    let skills: Vec<f64> = coin.skills.iter().flatten().copied().collect();
    assert!(close(&skills, &[1.0, 1.0, 0.5], 1e-6));
    assert_eq!(coin.skills[3], None);
}

#[test]
fn nothing_but_the_order_changes_with_the_order() {
    let turned: Vec<Rating> = anaesthetic()
        .iter()
        .map(|r| rating(44 - r.question, 4 - r.annotator, (r.category + 1) % 4))
        .collect();
    let plain = dawid_skene_with_repeats(45, 5, 4, anaesthetic(), &EmOptions::PAPER).unwrap();
    let turned = dawid_skene_with_repeats(45, 5, 4, turned, &EmOptions::PAPER).unwrap();
    assert!((plain.found.log_likelihood - turned.found.log_likelihood).abs() < 1e-9);
    for question in 0..45 {
        let mut row = plain.found.posterior(question).unwrap().to_vec();
        row.rotate_right(1);
        assert!(close(
            &row,
            turned.found.posterior(44 - question).unwrap(),
            1e-9
        ));
    }
    for truth in 0..4 {
        let mut row = plain.confusion(0, truth).unwrap().to_vec();
        row.rotate_right(1);
        assert!(close(
            &row,
            turned.confusion(4, (truth + 1) % 4).unwrap(),
            1e-9
        ));
    }
}

#[test]
fn two_who_differ_leave_the_answer_open() {
    let table = Ratings::new(1, 2, 2, vec![rating(0, 0, 0), rating(0, 1, 1)]).unwrap();
    for options in [EmOptions::PAPER, EmOptions::CROWD_KIT] {
        let fit = dawid_skene(&table, &options).unwrap();
        let both = Leading::Equal {
            first: 0,
            how_many: 2,
        };
        assert_eq!(fit.found.labels, [both]);
    }
}

#[test]
fn smoothing_keeps_every_answer_possible() {
    let table = Ratings::new(8, 3, 2, small()).unwrap();
    let options = EmOptions {
        smoothing: 0.5,
        ..EmOptions::PAPER
    };
    let fit = dawid_skene(&table, &options).unwrap();
    // About four votes where the first answer is true, and half a vote added to both cells.
    assert!(close(fit.confusion(0, 0).unwrap(), &[0.9, 0.1], 0.06));
    assert!(fit.confusion(0, 0).unwrap()[1] > 0.05);
}

#[test]
fn no_votes_no_figures() {
    let table = Ratings::new(3, 2, 2, Vec::new()).unwrap();
    let none = dawid_skene(&table, &EmOptions::PAPER).unwrap_err();
    assert_eq!(none, Undefined::NoVotes);
    assert_eq!(
        one_coin(&table, &EmOptions::PAPER).unwrap_err(),
        Undefined::NoVotes
    );
    let repeats = dawid_skene_with_repeats(3, 2, 2, Vec::new(), &EmOptions::PAPER);
    assert_eq!(
        repeats.unwrap_err(),
        AgreementError::Undefined(Undefined::NoVotes)
    );
    let past = vec![rating(0, 2, 0)];
    assert!(dawid_skene_with_repeats(1, 2, 2, past, &EmOptions::PAPER).is_err());
}

#[test]
fn one_answer_alone_is_certain() {
    let table = Ratings::new(2, 1, 1, vec![rating(0, 0, 0), rating(1, 0, 0)]).unwrap();
    let coin = one_coin(&table, &EmOptions::CROWD_KIT).unwrap();
    assert_eq!(coin.found.labels, [Leading::One(0); 2]);
    assert_eq!(coin.skills, [Some(1.0)]);
}

/// As sparse as a real project: up to five of many people a question.
fn sparse(seed: u64) -> Vec<Rating> {
    let mut random = Draws::of(seed, 0);
    let mut ratings = Vec::new();
    for question in 0..60 {
        let truth = random.below(3) as u32;
        let first = random.below(20);
        for n in 0..=random.below(5) {
            let annotator = ((first + n * 3) % 20) as u32;
            let category = match random.below(3) {
                0 => random.below(3) as u32,
                _ => truth,
            };
            ratings.push(rating(question, annotator, category));
        }
    }
    ratings
}

#[test]
fn no_round_makes_the_answers_less_likely() {
    for seed in 0..20 {
        let table = Ratings::new(60, 20, 3, sparse(seed)).unwrap();
        let mut last = f64::NEG_INFINITY;
        for max_iterations in 0..30 {
            let options = EmOptions {
                max_iterations,
                ..EmOptions::PAPER
            };
            let now = dawid_skene(&table, &options).unwrap().found.log_likelihood;
            assert!(now >= last - 1e-9, "{now} after {last}, seed {seed}");
            last = now;
        }
    }
}

#[test]
fn the_log_likelihood_is_that_of_what_is_told() {
    let table = Ratings::new(60, 20, 3, sparse(99)).unwrap();
    for options in [EmOptions::PAPER, EmOptions::CROWD_KIT] {
        let fit = dawid_skene(&table, &options).unwrap();
        let mut total = 0.0;
        for question in 0..60 {
            let of_truth = |truth: usize| {
                let chance = |vote: &Rating| {
                    let row = fit.confusion(vote.annotator as usize, truth);
                    row.map_or(1.0 / 3.0, |row| row[vote.category as usize])
                };
                let votes = table.of(question).iter();
                fit.found.priors[truth] * votes.map(chance).product::<f64>()
            };
            total += (0..3).map(of_truth).sum::<f64>().ln();
            let sum: f64 = fit.found.posterior(question).unwrap().iter().sum();
            assert!((sum - 1.0).abs() < 1e-12);
        }
        assert!((total - fit.found.log_likelihood).abs() < 1e-8);
    }
}

#[test]
fn thousands_of_votes_on_one_question_stay_within_numbers() {
    let mut ratings = Vec::new();
    for annotator in 0..5000 {
        for question in 0..4 {
            let lies = (annotator * 7 + question * 3) % 5 == 0;
            ratings.push(rating(
                question,
                annotator,
                (question % 2) ^ u32::from(lies),
            ));
        }
    }
    let table = Ratings::new(4, 5000, 2, ratings).unwrap();
    for options in [EmOptions::PAPER, EmOptions::CROWD_KIT] {
        let fit = dawid_skene(&table, &options).unwrap().found;
        assert!(fit.log_likelihood.is_finite() && fit.log_likelihood < -1000.0);
        let coin = one_coin(&table, &options).unwrap().found;
        for found in [fit, coin] {
            let labels = [0, 1, 0, 1].map(Leading::One);
            assert_eq!(found.labels, labels);
        }
    }
}
