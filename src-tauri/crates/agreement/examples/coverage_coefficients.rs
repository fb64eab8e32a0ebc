//! How often the 95 % intervals of resampled prompts hold the true figure: one line of JSON for
//! each size of project and each coefficient. This is what the choice of the default method rests on.
//! A project without an interval (nothing varies) counts as one whose interval missed.
//!
//! A project has prompts of one or two pairs with three criteria each. Prompts differ in how hard
//! they are, and the questions of one prompt lean the same way, so that votes are nested as they
//! are in life. Each question has three votes of eight annotators, some left out.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "an example prints, and stops where it cannot go on"
)]

use tiebreak_agreement::{
    Categories, Coefficient, Interval, Method, Metric, Plan, Rating, Ratings, Weights,
    bootstrap_coefficients,
};

const PROJECTS: u64 = 1000;
const ANNOTATORS: u64 = 8;
const NAMES: [&str; 7] = [
    "alpha_nominal",
    "alpha_ordinal",
    "fleiss",
    "ac1",
    "percent",
    "cohen",
    "accuracy",
];

fn main() {
    let projects = std::env::args().nth(1).and_then(|n| n.parse().ok());
    let projects = projects.unwrap_or(PROJECTS);
    for hard in [0.08, 0.25, 0.6] {
        let truth = Project::new(1, 60_000, hard).figures(&Plan {
            replicates: 2,
            ..Plan::new(0)
        });
        for prompts in [20, 50, 150] {
            let mut held = [[0_u64; 3]; NAMES.len()];
            for project in 0..projects {
                let project = Project::new(1000 + project, prompts, hard);
                let plan = Plan {
                    threads: 2,
                    ..Plan::new(1)
                };
                let bca = project.figures(&plan);
                let percentile = project.figures(&Plan {
                    method: Method::Percentile,
                    ..plan
                });
                for (at, held) in held.iter_mut().enumerate() {
                    let true_value = truth[at].unwrap().0;
                    let holds = |ci: Option<Interval>| {
                        ci.is_some_and(|ci| ci.low <= true_value && true_value <= ci.high)
                    };
                    held[0] += u64::from(bca[at].is_some_and(|one| holds(one.1)));
                    held[1] += u64::from(percentile[at].is_some_and(|one| holds(one.1)));
                    held[2] += u64::from(bca[at].is_some_and(|one| one.1.is_some()));
                }
            }
            for (name, [bca, percentile, with_interval]) in NAMES.iter().zip(held) {
                let share = |n: u64| n as f64 / projects as f64;
                println!(
                    "{{\"hard\":{hard},\"prompts\":{prompts},\"coefficient\":\"{name}\",\
                     \"bca\":{:.3},\"percentile\":{:.3},\"with_interval\":{:.3}}}",
                    share(bca),
                    share(percentile),
                    share(with_interval)
                );
            }
        }
    }
}

struct Project {
    ratings: Ratings,
    prompts: Vec<u32>,
    right: Vec<f64>,
    votes: Vec<f64>,
}

impl Project {
    fn new(seed: u64, prompts: u32, hard: f64) -> Self {
        let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let mut ratings = Vec::new();
        let (mut clusters, mut right, mut votes) = (Vec::new(), Vec::new(), Vec::new());
        for prompt in 0..prompts {
            let guessing = 2.0 * hard * chance.share() * chance.share().sqrt();
            let guessing = guessing.min(1.0);
            let lean = chance.share();
            for _ in 0..3 * (1 + chance.below(2)) {
                let question = clusters.len() as u32;
                clusters.push(prompt);
                let truth = match chance.share() {
                    x if x < 0.13 => 1,
                    x if x < 0.13 + 0.87 * lean => 0,
                    _ => 2,
                };
                let first = chance.below(ANNOTATORS);
                let (mut correct, mut count) = (0.0, 0.0);
                for n in (0..3)
                    .filter(|_| chance.share() < 0.93)
                    .collect::<Vec<u64>>()
                {
                    let guess = [0, 0, 1, 2, 2, 2, 3][chance.below(7) as usize];
                    let category = if chance.share() < guessing {
                        guess
                    } else {
                        truth
                    };
                    correct += f64::from(u8::from(category == truth));
                    count += 1.0;
                    let annotator = ((first + n * n) % ANNOTATORS) as u32;
                    ratings.push(Rating {
                        question,
                        annotator,
                        category,
                    });
                }
                right.push(correct);
                votes.push(count);
            }
        }
        Self {
            ratings: Ratings::new(clusters.len(), ANNOTATORS as usize, 4, ratings).unwrap(),
            prompts: clusters,
            right,
            votes,
        }
    }

    /// The figures and their intervals, where they are defined.
    fn figures(&self, plan: &Plan) -> Vec<Option<(f64, Option<Interval>)>> {
        let wanted = [
            Coefficient::Alpha(Metric::Nominal),
            Coefficient::Alpha(Metric::Ordinal),
            Coefficient::Fleiss(Weights::Identity),
            Coefficient::Gwet(Weights::Identity, Categories::Given),
            Coefficient::Percent,
            Coefficient::Cohen {
                first: 0,
                second: 1,
                weights: Weights::Identity,
            },
            Coefficient::Share {
                part: &self.right,
                whole: &self.votes,
            },
        ];
        let found = bootstrap_coefficients(&self.ratings, &self.prompts, &wanted, plan).unwrap();
        let found = found.into_iter();
        found
            .map(|one| one.ok().map(|one| (one.value, one.ci)))
            .collect()
    }
}

/// xorshift64*.
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % count
    }

    fn share(&mut self) -> f64 {
        self.below(1 << 30) as f64 / f64::from(1 << 30)
    }
}
