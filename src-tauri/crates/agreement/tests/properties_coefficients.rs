//! What must hold of the coefficients whatever the votes: names and order mean nothing, and a
//! replicate that draws every prompt once is the data.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail"
)]

use tiebreak_agreement::{
    Categories, Coefficient, Figure, Interval, Method, Metric, Plan, Rating, Ratings, Resampled,
    Undefined, Weights, bootstrap, bootstrap_coefficients, brennan_prediger, cohen_kappa,
    conger_kappa, fleiss_kappa, gwet_ac, krippendorff_alpha, mean_pairwise_percent, pair_tables,
    percent_agreement, with_others,
};

const QUESTIONS: u32 = 120;
const ANNOTATORS: u32 = 9;
const CATEGORIES: u32 = 4;
const NUMBERS: [f64; 4] = [1.0, 2.0, 4.0, 5.0];

/// Sparse votes: one to five a question, half of them what the question asks for.
fn votes(seed: u64) -> Vec<Rating> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut below = |count: u32| {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        ((state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % u64::from(count)) as u32
    };
    let mut votes = Vec::new();
    for question in 0..QUESTIONS {
        let truth = below(CATEGORIES);
        let first = below(ANNOTATORS);
        for n in 0..1 + below(5) {
            let category = if below(2) == 0 {
                truth
            } else {
                below(CATEGORIES)
            };
            votes.push(Rating {
                question,
                annotator: (first + n) % ANNOTATORS,
                category,
            });
        }
    }
    votes
}

fn table(votes: Vec<Rating>) -> Ratings {
    let (questions, annotators) = (QUESTIONS as usize, ANNOTATORS as usize);
    Ratings::new(questions, annotators, CATEGORIES as usize, votes).unwrap()
}

/// Every third question belongs to one prompt.
fn prompts() -> Vec<u32> {
    (0..QUESTIONS).map(|question| question % 40).collect()
}

type Named = (&'static str, Result<Figure, Undefined>);

fn nominal(ratings: &Ratings) -> Vec<Named> {
    let (plain, seen, given) = (Weights::Identity, Categories::Seen, Categories::Given);
    vec![
        ("percent", percent_agreement(ratings)),
        ("Fleiss", fleiss_kappa(ratings, plain)),
        ("Conger", conger_kappa(ratings, plain)),
        ("AC1", gwet_ac(ratings, plain, seen)),
        ("AC1, given", gwet_ac(ratings, plain, given)),
        ("Brennan-Prediger", brennan_prediger(ratings, plain, seen)),
        ("α", krippendorff_alpha(ratings, Metric::Nominal)),
    ]
}

fn ordered(ratings: &Ratings) -> Vec<Named> {
    let seen = Categories::Seen;
    let mut all = vec![
        ("ordinal α", krippendorff_alpha(ratings, Metric::Ordinal)),
        (
            "interval α",
            krippendorff_alpha(ratings, Metric::Interval(&NUMBERS)),
        ),
        (
            "ratio α",
            krippendorff_alpha(ratings, Metric::Ratio(&NUMBERS)),
        ),
    ];
    for weights in [Weights::Linear, Weights::Quadratic, Weights::Ordinal] {
        all.push(("Fleiss", fleiss_kappa(ratings, weights)));
        all.push(("AC2", gwet_ac(ratings, weights, seen)));
        all.push(("Brennan-Prediger", brennan_prediger(ratings, weights, seen)));
        all.push(("Conger", conger_kappa(ratings, weights)));
    }
    all
}

fn alike(one: &[Named], other: &[Named]) {
    for ((name, one), (_, other)) in one.iter().zip(other) {
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!(one.n, other.n, "{name}");
        assert!(
            (one.value - other.value).abs() < 1e-12,
            "{name}: {one:?}, {other:?}"
        );
        let ses = one.se.zip(other.se);
        let near = ses.is_none_or(|(one, other)| (one - other).abs() < 1e-12);
        assert!(near, "{name}: {one:?}, {other:?}");
    }
}

#[test]
fn who_and_which_question_mean_nothing() {
    for seed in 1..20 {
        let votes = votes(seed);
        let mut moved = votes.clone();
        for vote in &mut moved {
            vote.question = (vote.question * 7 + 3) % QUESTIONS;
            vote.annotator = (vote.annotator * 4 + 5) % ANNOTATORS;
        }
        moved.reverse();
        let (here, there) = (table(votes), table(moved));
        alike(&nominal(&here), &nominal(&there));
        alike(&ordered(&here), &ordered(&there));
        let percent = |ratings| mean_pairwise_percent(&pair_tables(ratings)).unwrap().value;
        assert!((percent(&here) - percent(&there)).abs() < 1e-12);
    }
}

#[test]
fn what_answers_are_called_means_nothing_without_an_order() {
    for seed in 1..20 {
        let votes = votes(seed);
        let mut renamed = votes.clone();
        for vote in &mut renamed {
            vote.category = [2, 0, 3, 1][vote.category as usize];
        }
        alike(&nominal(&table(votes)), &nominal(&table(renamed)));
    }
}

#[test]
fn an_order_read_backwards_is_the_same_order() {
    for seed in 1..20 {
        let votes = votes(seed);
        let mut turned = votes.clone();
        for vote in &mut turned {
            vote.category = CATEGORIES - 1 - vote.category;
        }
        // The numbers of the ratio metric would have to be turned too; all else is even.
        let (here, there) = (ordered(&table(votes)), ordered(&table(turned)));
        let even = |all: Vec<Named>| -> Vec<Named> {
            let named = all.into_iter();
            named.filter(|(name, _)| *name != "ratio α").collect()
        };
        alike(&even(here), &even(there));
    }
}

#[test]
fn one_answer_only_is_undefined() {
    let mut votes = votes(3);
    for vote in &mut votes {
        vote.category = 2;
    }
    let ratings = table(votes);
    for (name, found) in nominal(&ratings).into_iter().chain(ordered(&ratings)) {
        match name {
            // Agreement without correction, or corrected by answers that nobody gave.
            "percent" | "AC1, given" => assert!((found.unwrap().value - 1.0).abs() < 1e-12),
            _ => assert_eq!(found, Err(Undefined::OneCategory), "{name}"),
        }
    }
    for pair in pair_tables(&ratings) {
        let found = cohen_kappa(&pair.table, Weights::Identity);
        assert_eq!(found, Err(Undefined::OneCategory));
    }
}

#[test]
fn no_votes_and_nothing_shared_are_undefined() {
    let none = table(Vec::new());
    let mut alone = votes(5);
    alone.dedup_by_key(|vote| vote.question);
    let alone = table(alone);
    for (name, found) in nominal(&none).into_iter().chain(ordered(&none)) {
        assert_eq!(found, Err(Undefined::NoVotes), "{name}");
    }
    for (name, found) in nominal(&alone).into_iter().chain(ordered(&alone)) {
        assert_eq!(found, Err(Undefined::NothingShared), "{name}");
    }
    assert!(pair_tables(&alone).is_empty());
    let others = with_others(&alone, &[]);
    assert_eq!(others[0].kappa, Err(Undefined::NothingShared));
    let empty = Ratings::new(0, 0, 0, Vec::new()).unwrap();
    for (name, found) in nominal(&empty) {
        assert_eq!(found, Err(Undefined::NoVotes), "{name}");
    }
}

fn wanted<'a>(part: &'a [f64], whole: &'a [f64]) -> Vec<Coefficient<'a>> {
    let plain = Weights::Identity;
    vec![
        Coefficient::Percent,
        Coefficient::Fleiss(plain),
        Coefficient::Gwet(plain, Categories::Seen),
        Coefficient::BrennanPrediger(plain, Categories::Given),
        Coefficient::Alpha(Metric::Nominal),
        Coefficient::Alpha(Metric::Ordinal),
        Coefficient::Alpha(Metric::Interval(&NUMBERS)),
        Coefficient::Cohen {
            first: 2,
            second: 3,
            weights: plain,
        },
        Coefficient::Share { part, whole },
    ]
}

/// What the votes say is a tie, of how many votes.
fn ties(votes: &[Rating]) -> (Vec<f64>, Vec<f64>) {
    let mut part = vec![0.0; QUESTIONS as usize];
    let mut whole = part.clone();
    for vote in votes {
        part[vote.question as usize] += f64::from(u8::from(vote.category == 1));
        whole[vote.question as usize] += 1.0;
    }
    (part, whole)
}

#[test]
fn resampled_figures_are_those_of_the_data() {
    let votes = votes(11);
    let (part, whole) = ties(&votes);
    let share = part.iter().sum::<f64>() / whole.iter().sum::<f64>();
    let ratings = table(votes);
    let found = resampled(&ratings, &wanted(&part, &whole), &Plan::new(1));
    let pairs = pair_tables(&ratings);
    let pair = pairs
        .iter()
        .find(|pair| (pair.first, pair.second) == (2, 3));
    let plain = Weights::Identity;
    let value = |found: Result<Figure, Undefined>| found.unwrap().value;
    let figures = [
        value(percent_agreement(&ratings)),
        value(fleiss_kappa(&ratings, plain)),
        value(gwet_ac(&ratings, plain, Categories::Seen)),
        value(brennan_prediger(&ratings, plain, Categories::Given)),
        value(krippendorff_alpha(&ratings, Metric::Nominal)),
        value(krippendorff_alpha(&ratings, Metric::Ordinal)),
        value(krippendorff_alpha(&ratings, Metric::Interval(&NUMBERS))),
        value(cohen_kappa(&pair.unwrap().table, plain)),
        share,
    ];
    for (found, figure) in found.iter().zip(figures) {
        assert!((found.value - figure).abs() < 1e-12);
        let Interval { low, high } = found.ci.unwrap();
        assert!(low < figure && figure < high, "{found:?}");
        assert!(found.se > 0.0 && found.replicates == 2000);
    }
    assert_eq!(found[0].clusters, 40);
    assert!(
        found[7].clusters < 40,
        "not every prompt has a question of both"
    );
}

fn resampled(ratings: &Ratings, wanted: &[Coefficient<'_>], plan: &Plan) -> Vec<Resampled> {
    let found = bootstrap_coefficients(ratings, &prompts(), wanted, plan).unwrap();
    found.into_iter().map(Result::unwrap).collect()
}

#[test]
fn the_seed_decides_and_threads_do_not() {
    let votes = votes(12);
    let (part, whole) = ties(&votes);
    let ratings = table(votes);
    let wanted = wanted(&part, &whole);
    let plan = Plan::new(5);
    let one = resampled(&ratings, &wanted, &plan);
    for threads in [1, 2, 3] {
        assert_eq!(resampled(&ratings, &wanted, &Plan { threads, ..plan }), one);
    }
    assert_ne!(resampled(&ratings, &wanted, &Plan::new(6)), one);
    // One coefficient alone sees the replicates that it sees among others.
    assert_eq!(resampled(&ratings, &wanted[4..5], &plan), one[4..5]);
}

#[test]
fn sums_and_closures_see_the_same_replicates() {
    let votes = votes(13);
    let (part, whole) = ties(&votes);
    let ratings = table(votes);
    for method in [Method::Percentile, Method::Bca] {
        let plan = Plan {
            method,
            ..Plan::new(9)
        };
        let sums = resampled(&ratings, &wanted(&part, &whole)[8..], &plan)[0];
        let closure = bootstrap(40, &plan, |weights| {
            let drawn = |numbers: &[f64]| -> f64 {
                let of = numbers.iter().zip(prompts());
                of.map(|(x, prompt)| x * f64::from(weights[prompt as usize]))
                    .sum()
            };
            vec![Ok(drawn(&part) / drawn(&whole))]
        });
        let closure = closure.unwrap()[0].unwrap();
        assert!((sums.value - closure.value).abs() < 1e-12);
        assert!((sums.se - closure.se).abs() < 1e-12);
        let (one, other) = (sums.ci.unwrap(), closure.ci.unwrap());
        assert!((one.low - other.low).abs() < 1e-9, "{one:?}, {other:?}");
        assert!((one.high - other.high).abs() < 1e-9, "{one:?}, {other:?}");
    }
}

#[test]
fn with_a_prompt_a_question_resampling_finds_the_analytic_error() {
    let ratings = table(votes(14));
    let each: Vec<u32> = (0..QUESTIONS).collect();
    let plain = Weights::Identity;
    let wanted = [
        Coefficient::Alpha(Metric::Nominal),
        Coefficient::Fleiss(plain),
        Coefficient::Gwet(plain, Categories::Seen),
    ];
    let found = bootstrap_coefficients(&ratings, &each, &wanted, &Plan::new(2)).unwrap();
    let analytic = [
        krippendorff_alpha(&ratings, Metric::Nominal),
        fleiss_kappa(&ratings, plain),
        gwet_ac(&ratings, plain, Categories::Seen),
    ];
    for (found, analytic) in found.iter().zip(analytic) {
        let ratio = found.unwrap().se / analytic.unwrap().se.unwrap();
        assert!((ratio - 1.0).abs() < 0.1, "{ratio}");
    }
}

#[test]
fn prompts_of_many_questions_widen_the_interval() {
    // Whole prompts agree or do not, so that forty prompts tell what forty questions would.
    let votes = (0..QUESTIONS).flat_map(|question| {
        let apart = u32::from(question % 40 < 12);
        [(0, 0), (1, apart)].map(|(annotator, off)| Rating {
            question,
            annotator,
            category: (question / 40 + off) % 3,
        })
    });
    let ratings = table(votes.collect());
    let each: Vec<u32> = (0..QUESTIONS).collect();
    let se = |clusters: &[u32]| {
        let wanted = [Coefficient::Percent];
        let found = bootstrap_coefficients(&ratings, clusters, &wanted, &Plan::new(3));
        found.unwrap()[0].unwrap().se
    };
    let ratio = se(&prompts()) / se(&each);
    assert!((ratio - 3.0_f64.sqrt()).abs() < 0.15, "{ratio}");
}

#[test]
fn what_cannot_be_resampled_is_said() {
    let ratings = table(votes(15));
    let wanted = [Coefficient::Percent];
    let plan = Plan::new(1);
    let one = bootstrap_coefficients(&ratings, &[7; QUESTIONS as usize], &wanted, &plan);
    assert_eq!(one.unwrap(), [Err(Undefined::OneCluster)]);
    let none = bootstrap_coefficients(&table(Vec::new()), &prompts(), &wanted, &plan);
    assert_eq!(none.unwrap(), [Err(Undefined::NoVotes)]);
    assert!(bootstrap_coefficients(&ratings, &[0; 3], &wanted, &plan).is_err());
    let stranger = [Coefficient::Cohen {
        first: 0,
        second: ANNOTATORS,
        weights: Weights::Identity,
    }];
    assert!(bootstrap_coefficients(&ratings, &prompts(), &stranger, &plan).is_err());
    let whole = [f64::NAN; QUESTIONS as usize];
    let odd = [Coefficient::Share {
        part: &whole,
        whole: &whole,
    }];
    assert!(bootstrap_coefficients(&ratings, &prompts(), &odd, &plan).is_err());
}

#[test]
fn unanimous_prompts_have_a_figure_and_no_interval() {
    let votes = (0..QUESTIONS).flat_map(|question| {
        [0, 1].map(|annotator| Rating {
            question,
            annotator,
            category: question % 2,
        })
    });
    let ratings = table(votes.collect());
    let wanted = [Coefficient::Alpha(Metric::Nominal)];
    let found = resampled(&ratings, &wanted, &Plan::new(1))[0];
    assert_eq!((found.value, found.se, found.ci), (1.0, 0.0, None));
}
