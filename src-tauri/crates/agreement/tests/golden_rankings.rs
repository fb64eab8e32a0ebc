//! Aggregations and rankings held against figures that other programs gave for real and published
//! data: crowd-kit, choix and evalica on 200 questions of PandaLM, and R's packages on the examples of
//! the papers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail; what is read is the shared data, which does not change"
)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Once;

use serde_json::Value;
use tiebreak_agreement::{
    Comparison, Comparisons, EloOptions, EmOptions, EqualCounts, Leading, Outcome, Rating, Ratings,
    Stop, Stopped, Ties, average_win_rates, bradley_terry, bradley_terry_with_side, davidson,
    dawid_skene, dawid_skene_with_repeats, elo, one_coin, plurality, win_rates,
};

const LABELS: [&str; 3] = ["A", "B", "T"];
const TIE: u32 = 2;

/// The folder of shared data, or `None` where the checkout has none, which is said once.
fn shared() -> Option<PathBuf> {
    let path = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../../shared/data"
    ));
    if !path.is_dir() {
        static SAID: Once = Once::new();
        SAID.call_once(|| {
            writeln!(
                std::io::stdout().lock(),
                "\nleft out: agreement/tests/golden_rankings: what is held against the shared data \
                 (there is no shared/data beside this checkout)"
            )
            .unwrap();
        });
        return None;
    }
    Some(path.to_owned())
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn golden(shared: &Path) -> Value {
    json(&shared.join("golden/golden_pandalm_ship200.json"))
}

fn vector(shared: &Path, id: &str) -> Value {
    let all = json(&shared.join("vectors/vectors.json"));
    let mut all = all.as_array().unwrap().iter();
    all.find(|vector| vector["id"] == id).unwrap().clone()
}

fn numbers(value: &Value) -> Vec<f64> {
    let values = value.as_array().unwrap().iter();
    values.map(|value| value.as_f64().unwrap()).collect()
}

/// The values of an object by these keys.
fn by_name(value: &Value, names: &[String]) -> Vec<f64> {
    let values = names.iter().map(|name| value[name].as_f64());
    values.map(|value| value.unwrap()).collect()
}

#[track_caller]
fn close(found: f64, expected: f64, by: f64) {
    assert!(
        (found - expected).abs() <= by,
        "{found} is not within {by} of {expected}"
    );
}

#[track_caller]
fn all_close(found: &[f64], expected: &[f64], by: f64) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        close(*found, *expected, by);
    }
}

/// The PandaLM rows: by row the two models and the three verdicts, where A is the first model.
struct Pandalm {
    models: Vec<String>,
    rows: Vec<([u32; 2], [u32; 3])>,
}

fn pandalm(shared: &Path) -> Pandalm {
    let rows = json(&shared.join("pandalm/ship200.json"));
    let rows = rows.as_array().unwrap();
    let pair = |row: &Value| -> [String; 2] {
        let (first, second) = row["cmp_key"].as_str().unwrap().split_once('_').unwrap();
        [first.to_owned(), second.to_owned()]
    };
    let mut models: Vec<String> = rows.iter().flat_map(pair).collect();
    models.sort();
    models.dedup();
    let verdict = |row: &Value, who: &str| match row[who].as_u64().unwrap() {
        0 => TIE,
        side => side as u32 - 1,
    };
    let rows = rows.iter().map(|row| {
        let index = |name: String| models.binary_search(&name).unwrap() as u32;
        let verdicts = ["annotator1", "annotator2", "annotator3"].map(|who| verdict(row, who));
        (pair(row).map(index), verdicts)
    });
    let rows = rows.collect();
    Pandalm { models, rows }
}

impl Pandalm {
    fn table(&self) -> Ratings {
        let mut ratings = Vec::new();
        for (question, (_, verdicts)) in (0..).zip(&self.rows) {
            for (annotator, &category) in (0..).zip(verdicts) {
                ratings.push(Rating {
                    question,
                    annotator,
                    category,
                });
            }
        }
        Ratings::new(self.rows.len(), 3, 3, ratings).unwrap()
    }

    fn majority(&self) -> Vec<u32> {
        let counted = plurality(&self.table());
        assert!(counted.iter().all(|counted| counted.is_majority()));
        let answers = counted.iter();
        answers
            .map(|counted| counted.leading.answer(EqualCounts::NoAnswer).unwrap())
            .collect()
    }

    /// In the order of the file, by question and then by annotator.
    fn judgements(&self) -> Vec<Comparison> {
        let rows = self.rows.iter();
        rows.flat_map(|(pair, verdicts)| verdicts.map(|verdict| compared(*pair, verdict)))
            .collect()
    }
}

fn compared([left, right]: [u32; 2], verdict: u32) -> Comparison {
    Comparison {
        left,
        right,
        outcome: [Outcome::Left, Outcome::Right, Outcome::Tie][verdict as usize],
        weight: 1.0,
    }
}

fn one(leading: &Leading) -> u32 {
    leading.answer(EqualCounts::NoAnswer).expect("one leads")
}

fn label_counts(labels: impl Iterator<Item = u32>) -> Value {
    let mut counts = [0; 3];
    labels.for_each(|label| counts[label as usize] += 1);
    serde_json::json!({"B": counts[1], "A": counts[0], "T": counts[2]})
}

#[test]
fn the_votes_are_counted_as_published() {
    let Some(shared) = shared() else { return };
    let (golden, data) = (golden(&shared), pandalm(&shared));
    assert_eq!(golden["n_items"], data.rows.len());
    let majority = data.majority();
    let counts = label_counts(majority.iter().copied());
    assert_eq!(counts, golden["majority"]["counts"]);
    assert_eq!(
        golden["majority"]["no_majority_items"],
        serde_json::json!([])
    );
    let pooled = data.rows.iter().flat_map(|(_, verdicts)| *verdicts);
    assert_eq!(label_counts(pooled), golden["pooled_counts"]);
    let unanimous = plurality(&data.table());
    let unanimous = unanimous
        .iter()
        .filter(|counted| counted.counts.contains(&3));
    assert_eq!(golden["patterns"]["unanimous"], unanimous.count());
}

/// The rows of the table of labels.
fn labels_table(shared: &Path) -> Vec<Vec<String>> {
    cells(&shared.join("golden/ds_labels_pandalm_ship200.csv"))
}

#[test]
fn dawid_skene_stops_where_crowd_kit_does() {
    let Some(shared) = shared() else { return };
    let data = pandalm(&shared);
    let fit = dawid_skene(&data.table(), &EmOptions::CROWD_KIT).unwrap();
    let expected = &golden(&shared)["dawid_skene_crowdkit"];
    assert_eq!(expected["n_iter"], fit.found.iterations);
    assert_eq!(fit.found.stopped, Stopped::Converged);
    let labels = fit.found.labels.iter().map(one);
    assert_eq!(label_counts(labels), expected["label_counts"]);
    let names = LABELS.map(str::to_owned);
    let priors = by_name(&expected["priors"], &names);
    all_close(&fit.found.priors, &priors, 1e-9);
    let errors = &expected["confusion_true_col"];
    for row in 0..9 {
        let who = errors["worker"][row].as_str().unwrap();
        let annotator = usize::from(who.as_bytes()["annotator".len()] - b'1');
        let given = errors["label"][row].as_str().unwrap();
        let given = LABELS.iter().position(|label| *label == given).unwrap();
        for (truth, label) in LABELS.iter().enumerate() {
            let found = fit.confusion(annotator, truth).unwrap()[given];
            close(found, errors[label][row].as_f64().unwrap(), 1e-9);
        }
    }
    for (question, row) in labels_table(&shared).iter().enumerate() {
        assert_eq!(LABELS[one(&fit.found.labels[question]) as usize], row[5]);
        assert_eq!(LABELS[data.majority()[question] as usize], row[4]);
        let posterior: Vec<f64> = row[6..9].iter().map(|p| p.parse().unwrap()).collect();
        all_close(fit.found.posterior(question).unwrap(), &posterior, 1e-9);
    }
}

#[test]
fn dawid_skene_reaches_the_same_peak_as_another_em() {
    let Some(shared) = shared() else { return };
    let (golden, data) = (golden(&shared), pandalm(&shared));
    let expected = &golden["dawid_skene_own_em"];
    let fit = dawid_skene(&data.table(), &EmOptions::PAPER).unwrap();
    close(
        fit.found.log_likelihood,
        expected["loglik"].as_f64().unwrap(),
        1e-9,
    );
    all_close(&fit.found.priors, &numbers(&expected["priors"]), 1e-7);
    for annotator in 0..3 {
        let name = format!("annotator{}", annotator + 1);
        for truth in 0..3 {
            let row = numbers(&expected["confusion[worker][true][observed]"][&name][truth]);
            all_close(fit.confusion(annotator, truth).unwrap(), &row, 1e-6);
        }
    }
    let agreement = &golden["ds_agreement"];
    let coin = one_coin(&data.table(), &EmOptions::PAPER).unwrap();
    let skills: Vec<f64> = coin.skills.iter().flatten().copied().collect();
    let names = ["annotator1", "annotator2", "annotator3"].map(str::to_owned);
    let converged = by_name(&agreement["onecoin_skills"], &names);
    all_close(&skills, &converged, 1e-7);
    // The golden figures are those of a long run: crowd-kit by itself stops before that, here.
    let stopped = one_coin(&data.table(), &EmOptions::CROWD_KIT).unwrap();
    assert_eq!(stopped.found.iterations, 6);
    let skills: Vec<f64> = stopped.skills.iter().flatten().copied().collect();
    let by_itself = [
        0.942_418_655_110_4,
        0.957_114_460_277_9,
        0.986_776_929_693_1,
    ];
    all_close(&skills, &by_itself, 1e-12);
    for (question, row) in labels_table(&shared).iter().enumerate() {
        assert_eq!(LABELS[one(&fit.found.labels[question]) as usize], row[9]);
        assert_eq!(LABELS[one(&coin.found.labels[question]) as usize], row[10]);
    }
    let labels = fit.found.labels.iter().map(one);
    assert_eq!(label_counts(labels), expected["label_counts"]);
    // No label differs from the majority's or, by the one coin, from the full model's.
    for what in ["ds_differs_from_majority", "onecoin_vs_ds_differs"] {
        assert_eq!(agreement[what], serde_json::json!([]));
    }
}

#[test]
fn dawid_skene_finds_what_the_paper_found() {
    let Some(shared) = shared() else { return };
    let vector = vector(&shared, "dawid_skene_1979_anaesthetic");
    let mut ratings = Vec::new();
    for (patient, observers) in vector["data"]["responses"].as_object().unwrap() {
        for (observer, answers) in observers.as_object().unwrap() {
            for answer in numbers(answers) {
                ratings.push(Rating {
                    question: patient.parse::<u32>().unwrap() - 1,
                    annotator: observer.parse::<u32>().unwrap() - 1,
                    category: answer as u32 - 1,
                });
            }
        }
    }
    let options = EmOptions {
        stop: Stop::LogLikelihood(1e-14),
        ..EmOptions::PAPER
    };
    let fit = dawid_skene_with_repeats(45, 5, 4, ratings, &options).unwrap();
    let expected = &vector["recomputed"];
    all_close(&fit.found.priors, &numbers(&expected["priors"]), 1e-9);
    close(
        fit.found.log_likelihood,
        expected["loglik"].as_f64().unwrap(),
        1e-9,
    );
    for (patient, label) in expected["labels"].as_object().unwrap() {
        let question = patient.parse::<usize>().unwrap() - 1;
        assert_eq!(
            u64::from(one(&fit.found.labels[question])) + 1,
            label.as_u64().unwrap()
        );
        let posterior = numbers(&expected["posterior"][patient]);
        all_close(fit.found.posterior(question).unwrap(), &posterior, 1e-9);
    }
    for annotator in 0..5 {
        let rows = &expected["confusion"][format!("obs{}", annotator + 1)];
        for truth in 0..4 {
            let row = fit.confusion(annotator, truth).unwrap();
            all_close(row, &numbers(&rows[truth]), 1e-9);
        }
    }
}

fn hold_ranking(expected: &Value, names: &[String], comparisons: &[Comparison]) {
    let table = Comparisons::new(names.len(), comparisons).unwrap();
    assert_eq!(expected["n_comparisons"].as_f64().unwrap(), table.all());
    assert_eq!(expected["n_ties"].as_f64().unwrap(), table.all_ties());
    let of = |what: &str| by_name(&expected[what], names);
    let number = |what: &str| expected[what].as_f64().unwrap();

    let half = bradley_terry(&table, Ties::Half).unwrap();
    let logits = &half.strengths.logits;
    all_close(logits, &of("bt_ties_as_half_logit"), 1e-9);
    all_close(logits, &of("evalica_bradley_terry_log_centred"), 1e-9);
    let errors: Vec<f64> = (0..names.len())
        .filter_map(|i| half.strengths.se(i))
        .collect();
    all_close(&errors, &of("bt_se"), 1e-9);
    close(half.log_likelihood, number("bt_loglik"), 1e-9);
    all_close(
        &half.strengths.elo_scale(),
        &of("bt_elo_scale_400log10"),
        1e-6,
    );
    let left_out = bradley_terry(&table, Ties::LeftOut).unwrap();
    all_close(
        &left_out.strengths.logits,
        &of("choix_ilsr_no_ties_logit"),
        1e-6,
    );

    let with_ties = davidson(&table).unwrap();
    all_close(&with_ties.strengths.logits, &of("davidson_logit"), 1e-6);
    close(with_ties.nu.value, number("davidson_nu"), 1e-6);
    close(with_ties.log_likelihood, number("davidson_loglik"), 1e-6);
    // Newman's v is half of ν.
    all_close(
        &with_ties.strengths.logits,
        &of("evalica_newman_log_centred"),
        1e-6,
    );
    close(with_ties.nu.value / 2.0, number("evalica_newman_v"), 1e-6);

    let in_order = elo(names.len(), comparisons, &EloOptions::default()).unwrap();
    all_close(&in_order, &of("evalica_elo_default_in_file_order"), 1e-6);
}

#[test]
fn models_are_ranked_as_choix_and_evalica_rank_them() {
    let Some(shared) = shared() else { return };
    let (golden, data) = (golden(&shared), pandalm(&shared));
    hold_ranking(
        &golden["ranking_all_judgments"],
        &data.models,
        &data.judgements(),
    );
    let pairs = data.rows.iter().zip(data.majority());
    let majority: Vec<Comparison> = pairs
        .map(|((pair, _), verdict)| compared(*pair, verdict))
        .collect();
    hold_ranking(&golden["ranking_majority"], &data.models, &majority);
    let table = Comparisons::new(data.models.len(), &majority).unwrap();
    let rates = win_rates(&table, Ties::Half, 1.96);
    for (pair, count) in golden["system_pairs"].as_object().unwrap() {
        let (one, other) = pair.split_once('_').unwrap();
        let index = |name: &str| data.models.iter().position(|model| model == name).unwrap();
        assert_eq!(rates[index(one)][index(other)].n, count.as_f64().unwrap());
    }
}

/// A matrix of wins by name, as the vectors hold it.
fn wins_by_name(value: &Value) -> (Vec<String>, Comparisons) {
    let rows = value.as_object().unwrap();
    let names: Vec<String> = rows.keys().cloned().collect();
    let wins: Vec<f64> = names
        .iter()
        .flat_map(|row| names.iter().map(move |column| (row, column)))
        .map(|(row, column)| value[row][column].as_f64().unwrap_or_default())
        .collect();
    let table = Comparisons::from_wins(names.len(), &wins).unwrap();
    (names, table)
}

#[test]
fn bradley_terry_finds_what_the_books_print() {
    let Some(shared) = shared() else { return };
    let citations = vector(&shared, "bt_citations");
    let (names, table) = wins_by_name(&citations["data"]["wins_row_over_col"]);
    let fit = bradley_terry(&table, Ties::Half).unwrap();
    let logits = &fit.strengths.logits;
    let against: Vec<f64> = logits.iter().map(|x| x - logits[0]).collect();
    assert_eq!(names[0], "Biometrika");
    let expected = &citations["recomputed"];
    all_close(
        &against,
        &by_name(&expected["logit_ref_Biometrika"], &names),
        1e-9,
    );
    close(
        fit.log_likelihood,
        expected["loglik"].as_f64().unwrap(),
        1e-6,
    );

    let baseball = vector(&shared, "bt_baseball_1987");
    let (_, table) = wins_by_name(&baseball["data"]["wins_row_over_col"]);
    let fit = bradley_terry(&table, Ties::Half).unwrap();
    let mut sorted = fit.strengths.logits.clone();
    sorted.sort_by(f64::total_cmp);
    let against: Vec<f64> = sorted[1..].iter().map(|x| x - sorted[0]).collect();
    let (printed, recomputed) = (&baseball["expected"], &baseball["recomputed"]);
    all_close(
        &against,
        &numbers(&printed["sorted_coefs_ref_weakest"]),
        0.005,
    );
    all_close(
        &against,
        &numbers(&recomputed["sorted_coefs_ref_weakest"]),
        1e-6,
    );
    close(
        fit.log_likelihood,
        recomputed["loglik"].as_f64().unwrap(),
        1e-6,
    );
}

/// The league's games at home, which the shared vector leaves out: Agresti 2002, table 10.10. By home
/// team, wins and losses at home against each other one, in the order of the vector.
const AT_HOME: [[[u32; 2]; 6]; 7] = [
    [[4, 3], [4, 2], [4, 3], [6, 1], [4, 2], [6, 0]],
    [[3, 3], [4, 2], [4, 3], [6, 0], [6, 1], [4, 3]],
    [[2, 5], [4, 3], [2, 4], [4, 3], [4, 2], [6, 0]],
    [[3, 3], [5, 1], [2, 5], [4, 3], [4, 2], [6, 1]],
    [[5, 1], [2, 5], [3, 3], [4, 2], [5, 2], [6, 0]],
    [[2, 5], [3, 3], [3, 4], [4, 3], [4, 2], [2, 4]],
    [[2, 5], [1, 5], [1, 6], [2, 4], [1, 6], [3, 4]],
];

#[test]
fn the_home_field_counts_as_the_book_prints() {
    let Some(shared) = shared() else { return };
    let vector = vector(&shared, "bt_baseball_1987");
    let (_, totals) = wins_by_name(&vector["data"]["wins_row_over_col"]);
    let mut rows = Vec::new();
    for (home, against) in (0..).zip(AT_HOME) {
        let others = (0..7).filter(|&away| away != home);
        for (away, [won, lost]) in others.zip(against) {
            rows.extend(vec![compared([home, away], 0); won as usize]);
            rows.extend(vec![compared([home, away], 1); lost as usize]);
        }
    }
    let table = Comparisons::new(7, &rows).unwrap();
    for (i, j) in (0..7).flat_map(|i| (0..7).map(move |j| (i, j))) {
        assert_eq!(table.wins(i, j), totals.wins(i, j), "{i} against {j}");
    }
    let fit = bradley_terry_with_side(&table, Ties::Half).unwrap();
    let (printed, recomputed) = (&vector["expected"], &vector["recomputed"]);
    let side = fit.side.unwrap().value;
    close(side, printed["at_home"].as_f64().unwrap(), 5e-4);
    close(side, recomputed["at_home"].as_f64().unwrap(), 1e-6);
    let mut worths = fit.strengths.worths();
    worths.sort_by(f64::total_cmp);
    all_close(
        &worths,
        &numbers(&printed["home_model_sorted_worths"]),
        5e-4,
    );
    all_close(
        &worths,
        &numbers(&recomputed["home_model_sorted_worths"]),
        1e-6,
    );
}

/// Pairs with wins, losses and ties, numbered from 1.
fn with_ties(models: usize, rows: impl Iterator<Item = [f64; 5]>) -> Comparisons {
    let mut wins = vec![0.0; models * models];
    let mut ties = wins.clone();
    for [i, j, won, lost, tied] in rows {
        let (i, j) = (i as usize - 1, j as usize - 1);
        wins[i * models + j] = won;
        wins[j * models + i] = lost;
        ties[i * models + j] = tied;
    }
    Comparisons::from_wins_and_ties(models, &wins, &ties).unwrap()
}

#[test]
fn davidson_finds_the_published_examples() {
    let Some(shared) = shared() else { return };
    let pudding = vector(&shared, "davidson_pudding_1970");
    let rows = pudding["data"]["rows"].as_array().unwrap().iter();
    let keys = ["i", "j", "w_ij", "w_ji", "t_ij"];
    let table = with_ties(
        6,
        rows.map(|row| keys.map(|key| row[key].as_f64().unwrap())),
    );
    let names: Vec<String> = (1..=9).map(|n| n.to_string()).collect();
    let expected = &pudding["recomputed"];
    let fit = davidson(&table).unwrap();
    all_close(
        &fit.strengths.worths(),
        &by_name(&expected["worth"], &names[..6]),
        1e-6,
    );
    close(fit.nu.value, expected["nu"].as_f64().unwrap(), 1e-6);
    close(
        fit.log_likelihood,
        expected["loglik"].as_f64().unwrap(),
        1e-6,
    );
    let half = bradley_terry(&table, Ties::Half).unwrap().strengths;
    all_close(
        &half.logits,
        &by_name(&expected["bt_half_ties"], &names[..6]),
        1e-6,
    );

    let springall = vector(&shared, "davidson_springall");
    let columns = ["row", "col", "win", "loss", "tie"].map(|key| numbers(&springall["data"][key]));
    let rows =
        (0..columns[0].len()).map(|n| [0, 1, 2, 3, 4].map(|column: usize| columns[column][n]));
    let table = with_ties(9, rows);
    let expected = &springall["recomputed"];
    let fit = davidson(&table).unwrap();
    all_close(
        &fit.strengths.logits,
        &by_name(&expected["davidson_logit"], &names),
        1e-6,
    );
    close(fit.nu.value, expected["nu"].as_f64().unwrap(), 1e-6);
    close(
        fit.log_likelihood,
        expected["loglik"].as_f64().unwrap(),
        1e-6,
    );
    let half = bradley_terry(&table, Ties::Half).unwrap().strengths;
    all_close(
        &half.logits,
        &by_name(&expected["bt_half_ties"], &names),
        1e-6,
    );
}

/// One of evalica's examples: names, comparisons, and by algorithm and name what it gives.
struct Example {
    names: Vec<String>,
    comparisons: Vec<Comparison>,
    golden: Vec<Vec<String>>,
}

fn cells(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.lines().skip(1);
    rows.map(|row| row.split(',').map(str::to_owned).collect())
        .collect()
}

fn example(shared: &Path, name: &str) -> Example {
    let folder = shared.join("vectors/evalica");
    let rows = cells(&folder.join(format!("{name}.csv")));
    let mut names: Vec<String> = rows.iter().flat_map(|row| row[..2].to_vec()).collect();
    names.sort();
    names.dedup();
    let index = |name: &String| names.binary_search(name).unwrap() as u32;
    let comparison = |row: &Vec<String>| {
        let verdict = ["left", "right", "tie"]
            .iter()
            .position(|word| *word == row[2]);
        compared([index(&row[0]), index(&row[1])], verdict.unwrap() as u32)
    };
    Example {
        comparisons: rows.iter().map(comparison).collect(),
        golden: cells(&folder.join(format!("{name}-golden.csv"))),
        names,
    }
}

impl Example {
    /// The scores in the order of the names.
    fn expected(&self, algorithm: &str) -> Vec<f64> {
        let score = |name: &String| {
            let mut rows = self.golden.iter();
            let row = rows.find(|row| row[0] == algorithm && row[1] == *name);
            row.unwrap()[2].parse().unwrap()
        };
        self.names.iter().map(score).collect()
    }
}

#[test]
fn evalicas_own_examples_rank_the_same() {
    let Some(shared) = shared() else { return };
    for name in ["food", "simple"] {
        let example = example(&shared, name);
        let models = example.names.len();
        let table = Comparisons::new(models, &example.comparisons).unwrap();
        let rates = average_win_rates(&table, Ties::Half);
        let rates: Vec<f64> = rates.into_iter().flatten().collect();
        all_close(&rates, &example.expected("average_win_rate"), 1e-9);
        let won: Vec<f64> = win_rates(&table, Ties::Half, 1.96)
            .iter()
            .map(|row| row.iter().map(|cell| cell.wins + cell.ties / 2.0).sum())
            .collect();
        all_close(&won, &example.expected("counting"), 1e-9);
        let half = bradley_terry(&table, Ties::Half).unwrap().strengths;
        all_close(&half.worths(), &example.expected("bradley_terry"), 1e-6);
        // Newman's scores have a scale of their own, and were iterated to fewer digits.
        let newman = centred(&example.expected("newman"));
        let with_ties = davidson(&table).unwrap().strengths;
        all_close(&with_ties.logits, &newman, 1e-4);
        let in_order = elo(models, &example.comparisons, &EloOptions::default()).unwrap();
        all_close(&in_order, &example.expected("elo"), 1e-6);
    }
}

fn centred(worths: &[f64]) -> Vec<f64> {
    let logs: Vec<f64> = worths.iter().map(|worth| worth.ln()).collect();
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    logs.iter().map(|log| log - mean).collect()
}
