//! How long the statistics take, on data that another program can read: what the bench sets against
//! the references in Python (`cargo xtask bench`).
//!
//! `speed data FOLDER` writes the data. `speed alpha|dawid-skene|bradley-terry FOLDER` reads it, and
//! `speed bootstrap|rankings` makes its own; each runs once unmeasured and once measured, and prints
//! one line of JSON. Times are from plain arrays to the result.

#![allow(clippy::print_stdout, reason = "an example prints")]

mod data;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};
use tiebreak_agreement::{
    Coefficient, Coincidences, Comparison, Comparisons, EmOptions, Metric, Plan, RankBy, Ratings,
    Ties, bootstrap_coefficients, bradley_terry, dawid_skene, rank,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let folder = words.get(1).map(PathBuf::from);
    let folder = || folder.as_deref().ok_or("which folder?");
    let told = match words.first().map(String::as_str) {
        Some("data") => data::write(folder()?)?,
        Some("alpha") => alpha(folder()?)?,
        Some("dawid-skene") => em(folder()?)?,
        Some("bradley-terry") => ranking(folder()?)?,
        Some("bootstrap") => bootstrap()?,
        Some("rankings") => rankings()?,
        _ => return Err("data, alpha, dawid-skene, bradley-terry, bootstrap or rankings?".into()),
    };
    println!("{told}");
    Ok(())
}

/// Runs twice; the seconds of the second time, and what it gave.
fn measured<T>(mut run: impl FnMut() -> Result<T>) -> Result<(f64, T)> {
    run()?;
    let begun = Instant::now();
    let found = run()?;
    Ok((begun.elapsed().as_secs_f64(), found))
}

fn alpha(folder: &Path) -> Result<Value> {
    let votes = data::alpha_votes(folder)?;
    let (questions, annotators) = (data::ALPHA_QUESTIONS, data::ALPHA_ANNOTATORS);
    let mut told = json!({ "votes": votes.len() });
    for (name, metric) in [("nominal", Metric::Nominal), ("ordinal", Metric::Ordinal)] {
        // The votes are used up by the table: another copy of them is made before the clock runs.
        // The table is given back, so that freeing the votes is not measured: the reference keeps
        // what it was given, too.
        let mut copies = vec![votes.clone(), votes.clone()];
        let (seconds, (value, _)) = measured(|| {
            let votes = copies.pop().ok_or("a third run")?;
            let table = Ratings::new(questions, annotators, data::CATEGORIES as usize, votes)?;
            let value = Coincidences::of(&table).alpha(metric)?.value;
            Ok((value, table))
        })?;
        told[name] = json!({ "seconds": seconds, "value": value });
    }
    Ok(told)
}

fn em(folder: &Path) -> Result<Value> {
    let votes = data::em_votes(folder)?;
    let questions = votes.iter().map(|vote| vote.question as usize + 1).max();
    let sizes = (
        questions.unwrap_or(0),
        data::EM_ANNOTATORS as usize,
        data::CATEGORIES as usize,
    );
    let mut copies = vec![votes.clone(), votes.clone()];
    let (seconds, fit) = measured(|| {
        let votes = copies.pop().ok_or("a third run")?;
        let table = Ratings::new(sizes.0, sizes.1, sizes.2, votes)?;
        Ok(dawid_skene(&table, &EmOptions::CROWD_KIT)?)
    })?;
    Ok(json!({
        "votes": votes.len(),
        "seconds": seconds,
        "iterations": fit.found.iterations,
        "log_likelihood": fit.found.log_likelihood,
    }))
}

fn ranking(folder: &Path) -> Result<Value> {
    let rows = data::comparisons(folder)?;
    let models = data::MODELS as usize;
    let (from_rows, fit) = measured(|| {
        let table = Comparisons::new(models, &rows)?;
        Ok(bradley_terry(&table, Ties::LeftOut)?)
    })?;
    let table = Comparisons::new(models, &rows)?;
    let mut wins = vec![0.0; models * models];
    for i in 0..models {
        for j in 0..models {
            wins[i * models + j] = table.wins(i, j);
        }
    }
    let (from_matrix, _) = measured(|| {
        let table = Comparisons::from_wins(models, &wins)?;
        Ok(bradley_terry(&table, Ties::LeftOut)?)
    })?;
    Ok(json!({
        "comparisons": rows.len(),
        "rows": { "seconds": from_rows, "log_likelihood": fit.log_likelihood },
        "matrix": { "seconds": from_matrix, "log_likelihood": fit.log_likelihood },
    }))
}

/// 2,000 replicates of α over 20,000 questions of three votes, each question a prompt, on two threads.
fn bootstrap() -> Result<Value> {
    let (questions, annotators) = (20_000, 3);
    let votes = data::mostly_agreed(questions, annotators);
    let table = Ratings::new(
        questions as usize,
        annotators as usize,
        data::CATEGORIES as usize,
        votes,
    )?;
    let prompts: Vec<u32> = (0..questions).collect();
    let plan = Plan {
        threads: 2,
        ..Plan::new(1)
    };
    let wanted = [Coefficient::Alpha(Metric::Nominal)];
    let (seconds, found) =
        measured(|| Ok(bootstrap_coefficients(&table, &prompts, &wanted, &plan)?))?;
    let ci = found[0]?.ci.ok_or("no interval")?;
    Ok(json!({ "seconds": seconds, "ci": [ci.low, ci.high] }))
}

/// Rankings of 60 models with 2,000 samples, from 36,000 votes on 12,000 questions of 4,000 prompts and
/// from one verdict a question, by each of three models, on two threads.
fn rankings() -> Result<Value> {
    let plan = Plan {
        threads: 2,
        ..Plan::new(1)
    };
    let mut told = json!({});
    for models in [12, 60] {
        let (votes, verdicts) = data::judged(models, 12_000, 3);
        let mut total = 0.0;
        for (source, rows, each) in [("votes", votes, 9), ("verdicts", verdicts, 3)] {
            let clusters: Vec<u32> = (0..).take(rows.len()).map(|row: u32| row / each).collect();
            for (name, by) in [
                ("half", RankBy::BradleyTerry(Ties::Half)),
                ("without", RankBy::BradleyTerry(Ties::LeftOut)),
                ("davidson", RankBy::Davidson),
            ] {
                let (seconds, failed) = timed(models, &rows, &clusters, by, &plan)?;
                total += seconds;
                told[format!("{models} {source} {name}")] = json!([seconds, failed]);
            }
        }
        told[format!("{models} in all")] = json!(total);
    }
    Ok(told)
}

fn timed(
    models: u32,
    rows: &[Comparison],
    clusters: &[u32],
    by: RankBy,
    plan: &Plan,
) -> Result<(f64, usize)> {
    let begun = Instant::now();
    let found = rank(models as usize, rows, clusters, by, plan)?;
    Ok((begun.elapsed().as_secs_f64(), found.samples.failed))
}
