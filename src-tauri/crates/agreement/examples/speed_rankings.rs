//! How long Dawid–Skene and Bradley–Terry take on data of a size that a large project reaches.
//!
//! `speed_rankings FOLDER [QUESTIONS] [COMPARISONS]` writes `votes.csv` (task, worker, label) and
//! `comparisons.csv` (winner, loser) into the folder, so that another program can be run on the same
//! rows, and prints one line of JSON: by part the seconds, the fastest of five runs unless it is slow,
//! from plain arrays to the result, with the log-likelihood that was reached, by which runs are comparable at all.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::Instant;

use tiebreak_agreement::{
    Comparison, Comparisons, DawidSkene, EmOptions, Judgement, Outcome, RankBy, Rating, Ratings,
    Sampling, SkillOptions, Ties, bradley_terry, davidson, dawid_skene, rank, skilled,
};

const ANNOTATORS: u32 = 50;
const VOTES_EACH: u32 = 5;
const CATEGORIES: u32 = 4;
const MODELS: u32 = 50;
const RUNS: usize = 5;

/// SplitMix64: the same rows on every machine.
struct Random(u64);

impl Random {
    /// Between 0 and 1.
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, bound: u32) -> u32 {
        (self.share() * f64::from(bound)) as u32
    }
}

/// Every question is answered by five different people, who are right in between 40 % and 95 % of the
/// cases.
fn votes(questions: u32) -> Vec<Rating> {
    let mut random = Random(1);
    let mut rows = Vec::new();
    for question in 0..questions {
        let truth = random.below(CATEGORIES).min(random.below(CATEGORIES));
        let first = random.below(ANNOTATORS);
        for n in 0..VOTES_EACH {
            let annotator = (first + n * 7) % ANNOTATORS;
            let right = 0.4 + 0.55 * f64::from(annotator) / f64::from(ANNOTATORS);
            let category = if random.share() < right {
                truth
            } else {
                (truth + 1 + random.below(CATEGORIES - 1)) % CATEGORIES
            };
            rows.push(Rating {
                question,
                annotator,
                category,
            });
        }
    }
    rows
}

fn comparisons(count: u32) -> Vec<Comparison> {
    let mut random = Random(2);
    (0..count)
        .map(|_| {
            let left = random.below(MODELS);
            let right = (left + 1 + random.below(MODELS - 1)) % MODELS;
            let lead = (f64::from(left) - f64::from(right)) * 0.06;
            let outcome = if random.share() < 1.0 / (1.0 + (-lead).exp()) {
                Outcome::Left
            } else {
                Outcome::Right
            };
            Comparison {
                left,
                right,
                outcome,
                weight: 1.0,
            }
        })
        .collect()
}

/// Every eighth comparison a tie, for the model that has them.
fn with_ties(mut rows: Vec<Comparison>) -> Vec<Comparison> {
    for row in rows.iter_mut().step_by(8) {
        row.outcome = Outcome::Tie;
    }
    rows
}

fn write(folder: &Path, votes: &[Rating], rows: &[Comparison]) -> Result<(), Box<dyn Error>> {
    let mut file = BufWriter::new(File::create(folder.join("votes.csv"))?);
    writeln!(file, "task,worker,label")?;
    for vote in votes {
        let (task, worker, label) = (vote.question, vote.annotator, vote.category);
        writeln!(file, "{task},{worker},{label}")?;
    }
    file.flush()?;
    let mut file = BufWriter::new(File::create(folder.join("comparisons.csv"))?);
    writeln!(file, "winner,loser")?;
    for row in rows {
        let (winner, loser) = match row.outcome {
            Outcome::Right => (row.right, row.left),
            _ => (row.left, row.right),
        };
        writeln!(file, "{winner},{loser}")?;
    }
    Ok(file.flush()?)
}

/// The fastest run in seconds, and what it gave.
fn fastest<T>(
    mut run: impl FnMut() -> Result<T, Box<dyn Error>>,
) -> Result<(f64, T), Box<dyn Error>> {
    let mut timed = || {
        let begun = Instant::now();
        let result = run()?;
        Ok::<_, Box<dyn Error>>((begun.elapsed().as_secs_f64(), result))
    };
    let mut best = timed()?;
    for _ in 1..RUNS {
        let next = timed()?;
        if next.0 < best.0 {
            best = next;
        }
    }
    Ok(best)
}

fn em(
    questions: u32,
    votes: &[Rating],
    options: &EmOptions,
) -> Result<(f64, DawidSkene), Box<dyn Error>> {
    let sizes = (questions as usize, ANNOTATORS as usize, CATEGORIES as usize);
    fastest(|| {
        let table = Ratings::new(sizes.0, sizes.1, sizes.2, votes.to_vec())?;
        Ok(dawid_skene(&table, options)?)
    })
}

fn em_json((seconds, fit): (f64, DawidSkene)) -> serde_json::Value {
    serde_json::json!({
        "seconds": seconds,
        "iterations": fit.found.iterations,
        "log_likelihood": fit.found.log_likelihood,
    })
}

/// Strengths with skills and biases, once.
fn skills(rows: &[Comparison]) -> Result<serde_json::Value, Box<dyn Error>> {
    let judgements: Vec<Judgement> = (0..)
        .zip(rows)
        .map(|(n, &comparison)| Judgement {
            annotator: n % ANNOTATORS,
            comparison,
        })
        .collect();
    let begun = Instant::now();
    let options = SkillOptions::default();
    let fit = skilled(MODELS as usize, ANNOTATORS as usize, &judgements, &options)?;
    Ok(serde_json::json!({
        "seconds": begun.elapsed().as_secs_f64(),
        "rounds": fit.rounds,
        "log_likelihood": fit.log_likelihood,
    }))
}

/// A ranking with a thousand samples of clusters of three, once.
fn intervals(rows: &[Comparison]) -> Result<serde_json::Value, Box<dyn Error>> {
    let clusters: Vec<u32> = (0..).take(rows.len()).map(|row: u32| row / 3).collect();
    let sampling = Sampling {
        samples: 1000,
        seed: 1,
        level: 0.95,
    };
    let begun = Instant::now();
    let ranking = rank(
        MODELS as usize,
        rows,
        &clusters,
        RankBy::Davidson,
        &sampling,
    )?;
    Ok(serde_json::json!({
        "seconds": begun.elapsed().as_secs_f64(),
        "samples": sampling.samples,
        "failed": ranking.resampled.failed,
    }))
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("which folder?")?;
    let mut number = |otherwise: u32| arguments.next().map_or(Ok(otherwise), |text| text.parse());
    let (questions, count) = (number(20_000)?, number(100_000)?);
    let (votes, rows) = (votes(questions), comparisons(count));
    write(Path::new(&folder), &votes, &rows)?;

    let models = MODELS as usize;
    let (bt_seconds, bt) = fastest(|| {
        let table = Comparisons::new(models, &rows)?;
        Ok(bradley_terry(&table, Ties::Half)?)
    })?;
    let table = Comparisons::new(models, &rows)?;
    let (from_table, _) = fastest(|| Ok(bradley_terry(&table, Ties::Half)?))?;
    let tied = with_ties(rows.clone());
    let (davidson_seconds, davidson) =
        fastest(|| Ok(davidson(&Comparisons::new(models, &tied)?)?))?;
    let skills = skills(&tied)?;
    let intervals = intervals(&tied)?;
    let told = serde_json::json!({
        "votes": votes.len(),
        "comparisons": rows.len(),
        "dawid_skene": em_json(em(questions, &votes, &EmOptions::CROWD_KIT)?),
        "dawid_skene_to_the_end": em_json(em(questions, &votes, &EmOptions::PAPER)?),
        "bradley_terry": {
            "seconds": bt_seconds,
            "seconds_from_the_table_of_wins": from_table,
            "iterations": bt.iterations,
            "log_likelihood": bt.log_likelihood,
        },
        "davidson": {
            "seconds": davidson_seconds,
            "iterations": davidson.iterations,
            "log_likelihood": davidson.log_likelihood,
        },
        "skilled": skills,
        "ranking_with_intervals": intervals,
    });
    println!("{told}");
    Ok(())
}
