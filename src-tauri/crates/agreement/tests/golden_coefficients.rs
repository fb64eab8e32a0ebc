//! Every coefficient against the figures of the libraries that papers use, on real data: 200
//! questions of PandaLM with three annotators and two model judges, and the small examples that the
//! libraries themselves publish.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail"
)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Once;

use serde_json::Value;
use tiebreak_agreement::{
    Categories, Coincidences, Confusion, Figure, Metric, PairTable, PairwiseMean, Patterns, Rating,
    Ratings, Undefined, Weights, brennan_prediger, cohen_kappa, conger_kappa, fleiss_kappa,
    fleiss_kappa_balanced, gwet_ac, krippendorff_alpha, mean_pairwise_percent, pair_tables,
    percent_agreement, share,
};

/// The answers of the real data, in the order that the ordinal figures suppose.
const A: u32 = 0;
const TIE: u32 = 1;
const B: u32 = 2;
/// What a model judge said that is no answer.
const GARBAGE: u32 = 3;

/// The folder of shared data, or `None` where the checkout has none. That is said once, past the
/// output that a test captures.
fn shared() -> Option<PathBuf> {
    let path = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../../shared/data"
    ));
    if path.is_dir() {
        return Some(path.to_owned());
    }
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        let mut out = std::io::stdout().lock();
        writeln!(
            out,
            "\nleft out: agreement/tests/golden_coefficients: what is checked on the shared data \
             sets (there is no shared/data beside this checkout)"
        )
        .unwrap();
    });
    None
}

fn read(shared: &Path, file: &str) -> Value {
    serde_json::from_slice(&std::fs::read(shared.join(file)).unwrap()).unwrap()
}

/// The real data: its annotators' votes, and the figures.
fn pandalm() -> Option<(Vec<[u32; 3]>, Value)> {
    let shared = shared()?;
    let rows = read(&shared, "pandalm/ship200.json");
    let votes = rows.as_array().unwrap().iter().map(|row| {
        ["annotator1", "annotator2", "annotator3"].map(|annotator| match row[annotator].as_u64() {
            Some(1) => A,
            Some(2) => B,
            Some(0) => TIE,
            other => panic!("{other:?} is no label"),
        })
    });
    let golden = read(&shared, "golden/golden_pandalm_ship200.json");
    Some((votes.collect(), golden))
}

/// A table with an annotator a column.
fn columns<const N: usize>(categories: usize, rows: &[[u32; N]]) -> Ratings {
    let cells = rows.iter().enumerate().flat_map(|(question, row)| {
        row.iter()
            .enumerate()
            .map(move |(annotator, &category)| Rating {
                question: question as u32,
                annotator: annotator as u32,
                category,
            })
    });
    Ratings::new(rows.len(), N, categories, cells.collect()).unwrap()
}

/// Holds a figure against a golden one of full precision.
fn same(found: f64, golden: &Value) {
    let golden = golden.as_f64().expect("a golden figure");
    assert!((found - golden).abs() < 1e-6, "{found} is not {golden}");
}

/// Holds a figure against one that was printed with so many decimals.
fn printed(found: f64, golden: &Value, decimals: i32) {
    let golden = golden.as_f64().expect("a printed figure");
    let half = 0.5 * 10_f64.powi(-decimals) + 1e-9;
    assert!((found - golden).abs() <= half, "{found} is not {golden}");
}

fn kappa(pair: &PairTable) -> Result<f64, Undefined> {
    Ok(cohen_kappa(&pair.table, Weights::Identity)?.value)
}

/// Observed agreement and agreement by chance, from a coefficient and its observed agreement.
fn chance(value: f64, observed: f64) -> f64 {
    (observed - value) / (1.0 - value)
}

#[test]
fn pairs_of_annotators_are_those_of_statsmodels() {
    let Some((votes, golden)) = pandalm() else {
        return;
    };
    let ratings = columns(3, &votes);
    let pairs = pair_tables(&ratings);
    assert_eq!(pairs.len(), 3);
    for pair in &pairs {
        let name = format!("annotator{}|annotator{}", pair.first + 1, pair.second + 1);
        let golden = &golden["pairwise"][&name];
        let cells: Vec<u64> = golden["table_rows_first_order_A_T_B"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|row| row.as_array().unwrap().iter().filter_map(Value::as_u64))
            .collect();
        assert_eq!(pair.table.counts(), cells);
        same(pair.table.accuracy().unwrap(), &golden["percent_agreement"]);
        let plain = cohen_kappa(&pair.table, Weights::Identity).unwrap();
        same(plain.value, &golden["cohen_kappa"]);
        same(plain.se.unwrap(), &golden["cohen_kappa_se"]);
        same(plain.ci.unwrap().low, &golden["cohen_kappa_ci95"][0]);
        same(plain.ci.unwrap().high, &golden["cohen_kappa_ci95"][1]);
        let linear = cohen_kappa(&pair.table, Weights::Linear).unwrap();
        same(linear.value, &golden["kappa_linear"]);
        let quadratic = cohen_kappa(&pair.table, Weights::Quadratic).unwrap();
        same(quadratic.value, &golden["kappa_quadratic"]);
    }
    let percent = mean_pairwise_percent(&pairs).unwrap().value;
    same(percent, &golden["mean_pairwise_percent_agreement"]);
    let mean = PairwiseMean::of(&pairs, kappa).unwrap().value;
    same(mean, &golden["mean_pairwise_cohen_kappa"]);
}

#[test]
fn tables_of_three_are_those_of_statsmodels_and_krippendorff() {
    let Some((votes, golden)) = pandalm() else {
        return;
    };
    let ratings = columns(3, &votes);
    let fleiss = fleiss_kappa(&ratings, Weights::Identity).unwrap();
    same(fleiss.value, &golden["fleiss_kappa_statsmodels"]);
    assert_eq!(fleiss_kappa_balanced(&ratings), Ok(fleiss));
    let randolph = brennan_prediger(&ratings, Weights::Identity, Categories::Given).unwrap();
    same(randolph.value, &golden["randolph_kappa_statsmodels"]);

    let golden = &golden["alpha"];
    let found = Coincidences::of(&ratings);
    let numbers = [0.0, 1.0, 2.0];
    for (name, metric) in [
        ("nominal", Metric::Nominal),
        ("ordinal", Metric::Ordinal),
        ("interval", Metric::Interval(&numbers)),
    ] {
        let alpha = found.alpha(metric).unwrap().value;
        same(alpha, &golden[format!("krippendorff_{name}")]);
        same(alpha, &golden[format!("evalica_{name}")]);
        let disagreement = found.disagreement(metric).unwrap();
        let parts = &golden[format!("evalica_{name}_observed_expected")];
        same(disagreement.observed, &parts[0]);
        same(disagreement.expected, &parts[1]);
    }
}

#[test]
fn errors_and_intervals_are_those_of_irr_cac() {
    let Some((votes, golden)) = pandalm() else {
        return;
    };
    let ratings = columns(3, &votes);
    let observed = percent_agreement(&ratings).unwrap().value;
    let plain = Weights::Identity;
    let of = |name: &str, figure: Figure| {
        let golden = &golden["irrCAC"][name];
        printed(figure.value, &golden["coefficient_value"], 5);
        printed(figure.se.unwrap(), &golden["se"], 5);
        printed(figure.ci.unwrap().low, &golden["confidence_interval"][0], 5);
        printed(
            figure.ci.unwrap().high,
            &golden["confidence_interval"][1],
            5,
        );
        assert_eq!(figure.n, 200);
        if name != "krippendorff" {
            printed(observed, &golden["pa"], 5);
            printed(chance(figure.value, observed), &golden["pe"], 5);
        }
    };
    of("fleiss", fleiss_kappa(&ratings, plain).unwrap());
    of("gwet", gwet_ac(&ratings, plain, Categories::Seen).unwrap());
    of(
        "bp",
        brennan_prediger(&ratings, plain, Categories::Seen).unwrap(),
    );
    of("conger", conger_kappa(&ratings, plain).unwrap());
    of(
        "krippendorff",
        krippendorff_alpha(&ratings, Metric::Nominal).unwrap(),
    );

    // α corrects the observed agreement for few votes, so that it has one of its own.
    let parts = Coincidences::of(&ratings)
        .disagreement(Metric::Nominal)
        .unwrap();
    let golden = &golden["irrCAC"]["krippendorff"];
    printed(
        1.0 - parts.observed / 600.0 * (1.0 - 1.0 / 600.0),
        &golden["pa"],
        5,
    );
    printed(
        1.0 - parts.expected * 599.0 / (600.0 * 600.0),
        &golden["pe"],
        5,
    );
}

#[test]
fn what_questions_got_is_counted_alike() {
    let Some((votes, golden)) = pandalm() else {
        return;
    };
    let patterns = Patterns::of(&columns(3, &votes));
    let with = |split: &[u32]| {
        let alike = patterns.all().iter().filter(|one| one.split() == split);
        alike.map(|one| one.questions).sum::<u64>()
    };
    assert_eq!(golden["patterns"]["unanimous"], with(&[3]));
    assert_eq!(golden["patterns"]["two_to_one"], with(&[2, 1]));
    assert_eq!(golden["patterns"]["all_different"], with(&[1, 1, 1]));
    let ties = votes.iter().flatten().filter(|&&vote| vote == TIE).count();
    same(share(ties as u64, 600).unwrap().value, &golden["tie_rate"]);

    let sided: Vec<[u32; 3]> = votes
        .into_iter()
        .filter(|row| !row.contains(&TIE))
        .collect();
    let golden = &golden["excluding_any_tie"];
    assert_eq!(golden["n_items"], sided.len());
    let ratings = columns(3, &sided);
    let percent = mean_pairwise_percent(&pair_tables(&ratings)).unwrap();
    same(percent.value, &golden["mean_pairwise_percent_agreement"]);
    let fleiss = fleiss_kappa(&ratings, Weights::Identity).unwrap();
    same(fleiss.value, &golden["fleiss"]);
}

#[test]
fn people_and_models_agree_as_scikit_learn_says() {
    let Some((votes, golden)) = pandalm() else {
        return;
    };
    let judges = read(&shared().unwrap(), "pandalm/ship200.judges.json");
    for model in ["gpt-3.5-turbo", "pandalm-7b"] {
        let golden = &golden["human_vs_model"][model];
        let said = judges.as_array().unwrap().iter().map(|row| {
            let said = &row[model];
            let text = said
                .as_str()
                .map_or_else(|| said.to_string(), str::to_owned);
            match text.as_str() {
                "1" => A,
                "2" => B,
                "0" | "Tie" => TIE,
                _ => GARBAGE,
            }
        });
        let rows = votes.iter().zip(said);
        let rows: Vec<[u32; 5]> = rows
            .map(|(&[a, b, c], said)| [a, b, c, majority([a, b, c]), said])
            .collect();
        let against = |rows: &[[u32; 5]], annotator| {
            Confusion::between(&columns(4, rows), annotator, 4).unwrap()
        };
        let kappa = |table: &Confusion| cohen_kappa(table, Weights::Identity).unwrap().value;
        for annotator in 0..3 {
            let name = format!("annotator{}", annotator + 1);
            let table = against(&rows, annotator);
            same(kappa(&table), &golden["vs_each_annotator_kappa"][&name]);
        }
        let sided: Vec<[u32; 5]> = rows.iter().copied().filter(|row| row[3] != TIE).collect();
        for (name, rows) in [
            ("vs_majority", rows),
            ("vs_majority_human_ties_dropped", sided),
        ] {
            let golden = &golden[name];
            let table = against(&rows, 3);
            assert_eq!(golden["n"], table.total());
            same(table.accuracy().unwrap(), &golden["accuracy"]);
            same(kappa(&table), &golden["cohen_kappa"]);
            let order = [A, B, TIE];
            for (row, human) in order.iter().enumerate() {
                for (column, said) in order.iter().enumerate() {
                    let cell = table.counts()[(human * 4 + said) as usize];
                    assert_eq!(golden["confusion_rows_human_cols_model"][row][column], cell);
                }
            }
        }
    }
}

fn majority([a, b, c]: [u32; 3]) -> u32 {
    if a == b || a == c {
        a
    } else {
        assert_eq!(b, c, "these data have a majority everywhere");
        b
    }
}

/// The published examples, by name.
fn vectors() -> Option<BTreeMap<String, Value>> {
    let all = read(&shared()?, "vectors/vectors.json");
    let all = all.as_array().unwrap().iter();
    let named = all.map(|one| (one["id"].as_str().unwrap().to_owned(), one.clone()));
    Some(named.collect())
}

/// A table from rows of annotators, with the numbers of its answers where those are numbers.
fn annotator_rows(rows: &Value) -> (Ratings, Vec<f64>) {
    let rows: Vec<&Vec<Value>> = rows
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_array)
        .collect();
    let cells = || {
        rows.iter()
            .flat_map(|row| row.iter())
            .filter(|cell| !cell.is_null())
    };
    let mut numbers: Vec<f64> = cells().filter_map(Value::as_f64).collect();
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    let mut words: Vec<&str> = cells().filter_map(Value::as_str).collect();
    words.sort_unstable();
    words.dedup();
    let category = |cell: &Value| match cell.as_str() {
        Some(word) => words.iter().position(|&one| one == word),
        None => numbers.iter().position(|&one| Some(one) == cell.as_f64()),
    };
    let mut ratings = Vec::new();
    for (annotator, row) in rows.iter().enumerate() {
        for (question, cell) in row.iter().enumerate() {
            if let Some(category) = category(cell) {
                ratings.push(Rating {
                    question: question as u32,
                    annotator: annotator as u32,
                    category: category as u32,
                });
            }
        }
    }
    let categories = numbers.len().max(words.len());
    let table = Ratings::new(rows[0].len(), rows.len(), categories, ratings).unwrap();
    (table, numbers)
}

#[test]
fn alpha_of_the_published_examples() {
    let Some(vectors) = vectors() else {
        return;
    };
    let mut checked = 0;
    for id in [
        "kripp_wikipedia_3x15",
        "krippendorff_2011_4x12",
        "kripp_strings_3x4",
        "gcl_4x4",
        "ev_2x3",
        "ev_2x2_ratio",
    ] {
        let (ratings, numbers) = annotator_rows(&vectors[id]["data"]["rows_raters_cols_units"]);
        let found = Coincidences::of(&ratings);
        for (name, metric) in [
            ("nominal", Metric::Nominal),
            ("ordinal", Metric::Ordinal),
            ("interval", Metric::Interval(&numbers)),
            ("ratio", Metric::Ratio(&numbers)),
        ] {
            for key in [name.to_owned(), format!("alpha_{name}")] {
                let recomputed = &vectors[id]["recomputed"][&key];
                if recomputed.is_f64() {
                    same(found.alpha(metric).unwrap().value, recomputed);
                    checked += 1;
                }
                let expected = &vectors[id]["expected"][&key];
                if let Some(decimals) = decimals(expected) {
                    printed(found.alpha(metric).unwrap().value, expected, decimals);
                    checked += 1;
                }
            }
        }
    }
    assert_eq!(checked, 22, "figures in the file that this test knows of");
}

/// How many decimals a number was printed with, at most six; none where it is no number.
fn decimals(number: &Value) -> Option<i32> {
    number.as_f64()?;
    let text = number.to_string();
    let (_, fraction) = text.split_once('.')?;
    Some((fraction.len() as i32).min(6))
}

#[test]
fn what_the_references_refuse_is_undefined() {
    let Some(vectors) = vectors() else {
        return;
    };
    let cases = vectors["kripp_errors"]["data"].as_array().unwrap();
    let found: Vec<_> = cases
        .iter()
        .map(|case| {
            let (ratings, _) = annotator_rows(&case["rows_raters_cols_units"]);
            krippendorff_alpha(&ratings, Metric::Nominal).map(|figure| figure.value)
        })
        .collect();
    assert_eq!(
        found,
        [
            Err(Undefined::OneCategory),
            Err(Undefined::NothingShared),
            Ok(1.0)
        ]
    );
}

#[test]
fn four_annotators_with_missing_votes() {
    let Some(vectors) = vectors() else {
        return;
    };
    let vector = &vectors["krippendorff_2011_4x12"];
    let (ratings, _) = annotator_rows(&vector["data"]["rows_raters_cols_units"]);
    let (plain, seen) = (Weights::Identity, Categories::Seen);
    let (expected, recomputed) = (&vector["expected"], &vector["recomputed"]);

    let percent = percent_agreement(&ratings).unwrap().value;
    printed(percent, &expected["percent_agreement"], 6);
    let gwet = gwet_ac(&ratings, plain, seen).unwrap();
    printed(gwet.value, &expected["AC1"], 5);
    printed(gwet.value, &recomputed["gwet"], 5);
    printed(gwet.se.unwrap(), &expected["AC1_se"], 5);
    printed(chance(gwet.value, percent), &expected["AC1_pe"], 6);
    let fleiss = fleiss_kappa(&ratings, plain).unwrap();
    printed(fleiss.value, &expected["fleiss"], 5);
    printed(fleiss.value, &recomputed["fleiss"], 5);
    printed(fleiss.se.unwrap(), &expected["fleiss_se"], 5);
    let uniform = brennan_prediger(&ratings, plain, seen).unwrap().value;
    printed(uniform, &expected["brennan_prediger"], 5);
    printed(uniform, &recomputed["bp"], 5);
    // The R package prints 0.76282 here and the Python package 0.76207; this is the latter.
    let conger = conger_kappa(&ratings, plain).unwrap().value;
    printed(conger, &recomputed["conger"], 5);
    let alpha = krippendorff_alpha(&ratings, Metric::Nominal).unwrap();
    printed(alpha.value, &expected["alpha_nominal_irrCAC"], 5);
    printed(alpha.value, &recomputed["krippendorff"], 5);
    assert!((alpha.value - 904.0 / 1216.0).abs() < 1e-12);
    printed(alpha.se.unwrap(), &expected["alpha_se"], 5);
    printed(alpha.ci.unwrap().low, &expected["alpha_ci"][0], 3);
    printed(alpha.ci.unwrap().high, &expected["alpha_ci"][1], 3);
}

#[test]
fn six_annotators_given_as_counts() {
    let Some(vectors) = vectors() else {
        return;
    };
    let vector = &vectors["fleiss_6raters_15x5"];
    let mut rows = Vec::new();
    for counts in vector["data"]["rows_items_cols_category_counts"]
        .as_array()
        .unwrap()
    {
        let counts = counts.as_array().unwrap().iter().filter_map(Value::as_u64);
        let votes = counts.zip(0..).flat_map(|(n, k)| (0..n).map(move |_| k));
        rows.push(<[u32; 6]>::try_from(votes.collect::<Vec<u32>>()).unwrap());
    }
    let ratings = columns(5, &rows);
    let (plain, seen) = (Weights::Identity, Categories::Seen);
    let (expected, recomputed) = (&vector["expected"], &vector["recomputed"]);

    let percent = percent_agreement(&ratings).unwrap().value;
    same(percent, &expected["pa"]);
    same(percent, &recomputed["percent_agreement"]);
    let gwet = gwet_ac(&ratings, plain, seen).unwrap();
    same(gwet.value, &expected["AC1"]);
    same(gwet.value, &recomputed["AC1"]);
    same(gwet.se.unwrap(), &expected["AC1_se"]);
    same(chance(gwet.value, percent), &expected["AC1_pe"]);
    let fleiss = fleiss_kappa(&ratings, plain).unwrap();
    same(fleiss.value, &expected["fleiss"]);
    same(fleiss.value, &recomputed["fleiss"]);
    same(fleiss.value, &recomputed["fleiss_statsmodels"]);
    same(fleiss.se.unwrap(), &expected["fleiss_se"]);
    same(chance(fleiss.value, percent), &expected["fleiss_pe"]);
    let uniform = brennan_prediger(&ratings, plain, seen).unwrap().value;
    same(uniform, &expected["brennan_prediger"]);
    same(uniform, &recomputed["brennan_prediger"]);
    let alpha = krippendorff_alpha(&ratings, Metric::Nominal).unwrap();
    same(alpha.value, &expected["alpha"]);
    same(alpha.value, &recomputed["alpha"]);
    same(alpha.value, &recomputed["alpha_krippendorff_pkg"]);
    // irrCAC has two standard errors of α: from raw votes, as in the other tests, 0.081192909; from
    // counts, with the part of chance agreement not doubled, the one in the file.
    assert!((alpha.se.unwrap() - 0.081_192_909).abs() < 1e-8);
    assert!((expected["alpha_se"].as_f64().unwrap() - alpha.se.unwrap()).abs() < 0.0013);
}

#[test]
fn two_annotators_given_as_a_table() {
    let Some(vectors) = vectors() else {
        return;
    };
    let vector = &vectors["abstractors_3x3"];
    let mut rows = Vec::new();
    let mut cells = Vec::new();
    for (first, row) in vector["data"]["table"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
    {
        for (second, count) in row.as_array().unwrap().iter().enumerate() {
            let count = count.as_u64().unwrap();
            cells.push(count);
            rows.extend((0..count).map(|_| [first as u32, second as u32]));
        }
    }
    let ratings = columns(3, &rows);
    let table = Confusion::between(&ratings, 0, 1).unwrap();
    assert_eq!(table.counts(), cells);
    let (plain, seen) = (Weights::Identity, Categories::Seen);
    let (expected, recomputed) = (&vector["expected"], &vector["recomputed"]);

    let cohen = cohen_kappa(&table, plain).unwrap();
    same(cohen.value, &expected["cohen_kappa"]);
    same(cohen.value, &recomputed["cohen_kappa"]);
    same(cohen.se.unwrap(), &expected["cohen_se"]);
    same(cohen.se.unwrap(), &recomputed["cohen_se_statsmodels"]);
    let percent = table.accuracy().unwrap();
    same(percent, &expected["percent"]);
    same(percent, &recomputed["two_rater_percent_agreement"]);
    same(
        percent_agreement(&ratings).unwrap().value,
        &expected["percent"],
    );
    let scott = fleiss_kappa(&ratings, plain).unwrap().value;
    same(scott, &expected["scott_pi"]);
    same(scott, &recomputed["two_rater_fleiss"]);
    let gwet = gwet_ac(&ratings, plain, seen).unwrap();
    same(gwet.value, &expected["AC1"]);
    same(gwet.value, &recomputed["two_rater_AC1"]);
    // For tables of two irrCAC divides the variance by n where it has n - 1 for raw votes.
    same(gwet.se.unwrap() * 0.99_f64.sqrt(), &expected["AC1_se"]);
    let uniform = brennan_prediger(&ratings, plain, seen).unwrap().value;
    same(uniform, &expected["brennan_prediger"]);
    same(uniform, &recomputed["two_rater_brennan_prediger"]);
    let alpha = krippendorff_alpha(&ratings, Metric::Nominal).unwrap().value;
    same(alpha, &expected["alpha"]);
    same(alpha, &recomputed["two_rater_alpha"]);
}
