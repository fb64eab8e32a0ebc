//! How far people agree, as tables on a terminal.

use std::fmt::Write as _;
use std::process::ExitCode;

use tiebreak_commands::Result;
use tiebreak_commands::agreement::{
    self as figures, AgreementReport, AgreementRequest, Coefficient, Coefficients,
    DawidSkeneOutcome, Ranking, Rankings, SkilledOutcome,
};

use crate::arguments::{Agreement, BothBadArg, ByArg, EmArg};
use crate::print::Printer;
use crate::project::open;

pub async fn agreement(a: Agreement, out: &Printer) -> Result<ExitCode> {
    let project = open(&a.dir).await?;
    let word = |by: &ByArg| match by {
        ByArg::Task => "task",
        ByArg::Criterion => "criterion",
        ByArg::Group => "group",
        ByArg::Annotator => "annotator",
    };
    let request = AgreementRequest {
        by: a.by.iter().map(|by| word(by).to_owned()).collect(),
        both_bad_as_tie: a.both_bad == BothBadArg::Tie,
        replicates: a.replicates,
        seed: a.seed,
        converge: a.em == EmArg::Converged,
    };
    let report = figures::run(&project, request).await;
    project.close().await;
    let report = report?;
    out.answer(&report, || said(&report, &a.by));
    Ok(ExitCode::SUCCESS)
}

// Writing to a string cannot fail, so what `writeln` returns is dropped throughout.

fn said(report: &AgreementReport, by: &[ByArg]) -> String {
    let mut text = String::new();
    if report.all.votes == 0 {
        return "No votes stand yet: label some questions, or import votes.".to_owned();
    }
    let _ = writeln!(
        text,
        "{} votes by {} people on {} questions of {} prompts",
        report.all.votes,
        report.annotators.len(),
        report.all.questions,
        report.all.prompts
    );
    let _ = writeln!(
        text,
        "both bad: {} votes, counted {}\n",
        report.both_bad.votes, report.both_bad.counted
    );
    coefficients(&mut text, &report.all);
    line(
        &mut text,
        "mean pairwise Cohen's kappa",
        &report.mean_pairwise_cohen_kappa,
    );
    pairs(&mut text, report);
    for (part, rows) in &report.by {
        let _ = writeln!(text, "\nBy {part}");
        for row in rows {
            let _ = writeln!(text, "\n  {}", row.name);
            coefficients(&mut text, &row.coefficients);
        }
    }
    if by.contains(&ByArg::Annotator) || report.annotators.len() <= 30 {
        people(&mut text, report);
        checks(&mut text, report);
        after_reveal(&mut text, report);
    }
    over_time(&mut text, report);
    verdicts(&mut text, report);
    for (title, rankings) in [
        ("every vote a comparison", &report.rankings.votes),
        (
            "a comparison a question, by plurality",
            &report.rankings.plurality,
        ),
    ] {
        ranked(&mut text, title, rankings);
    }
    skills(&mut text, &report.rankings.skilled);
    let b = &report.bootstrap;
    let _ = writeln!(
        text,
        "\nIntervals of {:.0} %: B = {}, seed {}; {}",
        b.level * 100.0,
        b.replicates,
        b.seed,
        b.method
    );
    text
}

fn coefficients(text: &mut String, c: &Coefficients) {
    for (name, coefficient) in [
        ("percent agreement", &c.percent_agreement),
        (
            "Krippendorff's alpha, nominal",
            &c.krippendorff_alpha_nominal,
        ),
        (
            "Krippendorff's alpha, 1 < tie < 2",
            &c.krippendorff_alpha_ordinal,
        ),
        (
            "Krippendorff's alpha, interval",
            &c.krippendorff_alpha_interval,
        ),
        ("Fleiss' kappa", &c.fleiss_kappa),
        ("Gwet's AC1", &c.gwet_ac1),
        ("Gwet's AC2, ordinal", &c.gwet_ac2),
        ("Brennan-Prediger", &c.brennan_prediger),
    ] {
        line(text, name, coefficient);
    }
}

fn line(text: &mut String, name: &str, coefficient: &Coefficient) {
    let _ = writeln!(text, "  {name:<36} {}", figure(coefficient));
}

pub fn figure(coefficient: &Coefficient) -> String {
    match coefficient {
        Coefficient::Undefined { undefined } => format!("undefined, {undefined}"),
        Coefficient::Defined(e) => {
            let ci =
                e.ci.map_or_else(String::new, |[low, high]| format!(" [{low:.4}, {high:.4}]"));
            format!("{:>8.4}{ci}  n = {}", e.value, e.n)
        }
    }
}

fn short(coefficient: &Coefficient) -> String {
    match coefficient {
        Coefficient::Undefined { .. } => "-".to_owned(),
        Coefficient::Defined(e) => match e.ci {
            Some([low, high]) => format!("{:.2} [{low:.2}, {high:.2}]", e.value),
            None => format!("{:.2}", e.value),
        },
    }
}

fn pairs(text: &mut String, report: &AgreementReport) {
    const SHOWN: usize = 15;
    let _ = writeln!(text, "\nCohen's kappa by pair ({})", report.cohen_kappa_ci);
    for (names, pair) in report.cohen_kappa.iter().take(SHOWN) {
        line(text, names, &pair.kappa);
    }
    let more = report.cohen_kappa.len().saturating_sub(SHOWN);
    if more > 0 {
        let _ = writeln!(text, "  … and {more} more pairs (all with --json)");
    }
}

fn people(text: &mut String, report: &AgreementReport) {
    let _ = writeln!(
        text,
        "\n{:<20} {:>6}  {:<20} {:<20} {:<20} {:<20} {:<8} {:<8} median s",
        "annotator",
        "votes",
        "left side",
        "ties",
        "same on repeats",
        "right on checks",
        "others",
        "kappa"
    );
    for one in &report.annotators {
        let name: String = one.name.chars().take(20).collect();
        let seconds = one
            .seconds
            .map_or_else(|| "-".to_owned(), |[_, median, _]| format!("{median:.1}"));
        let bare = |c: &Coefficient| {
            c.value()
                .map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"))
        };
        let _ = writeln!(
            text,
            "{name:<20} {:>6}  {:<20} {:<20} {:<20} {:<20} {:<8} {:<8} {seconds}",
            one.votes,
            short(&one.side_bias),
            short(&one.tie_rate),
            short(&one.self_consistency),
            short(&one.check_accuracy),
            bare(&one.percent_with_others),
            bare(&one.kappa_with_others),
        );
    }
}

fn after_reveal(text: &mut String, report: &AgreementReport) {
    if let Some(found) = &report.after_reveal {
        let _ = writeln!(
            text,
            "after a prediction was shown: {} second thoughts, {} votes with none before; counted {}",
            found.second_thoughts, found.left_out, found.counted
        );
    }
}

fn checks(text: &mut String, report: &AgreementReport) {
    let checks = &report.checks;
    if checks.questions > 0 {
        let _ = writeln!(
            text,
            "Checks: {} questions with {} votes, counted {}",
            checks.questions, checks.votes, checks.counted
        );
    }
}

fn over_time(text: &mut String, report: &AgreementReport) {
    let over_time = &report.over_time;
    let _ = writeln!(text, "\nOver time: {}", over_time.order);
    if let Some(undefined) = &over_time.undefined {
        let _ = writeln!(text, "  undefined, {undefined}");
    }
    for (n, block) in over_time.blocks.iter().enumerate() {
        let _ = writeln!(
            text,
            "  {:>2}: {:>5} questions, agreement {}, alpha {}",
            n + 1,
            block.questions,
            short(&block.percent_agreement),
            short(&block.krippendorff_alpha_nominal)
        );
    }
}

fn verdicts(text: &mut String, report: &AgreementReport) {
    let words = |counts: &std::collections::BTreeMap<_, u64>| {
        let each = counts.iter().map(|(verdict, n)| format!("{verdict} {n}"));
        each.collect::<Vec<_>>().join(", ")
    };
    let p = &report.plurality;
    let _ = writeln!(
        text,
        "\nPlurality: {}; {} with a shared first place have no verdict; {} of {} with two votes or \
         more are unanimous",
        words(&p.counts),
        p.shared_first_place,
        p.unanimous,
        p.with_two_votes
    );
    match &report.dawid_skene {
        DawidSkeneOutcome::Undefined { undefined } => {
            let _ = writeln!(text, "Dawid-Skene: undefined, {undefined}");
        }
        DawidSkeneOutcome::Found(d) => {
            let ended = if d.converged {
                "met"
            } else {
                "not met, rounds ran out"
            };
            let _ = writeln!(
                text,
                "Dawid-Skene: {}; {} with equally likely verdicts; log-likelihood {:.4} after {} \
                 rounds ({}: {ended})",
                words(&d.counts),
                d.equally_likely,
                d.log_likelihood,
                d.iterations,
                d.stopping_rule
            );
        }
    }
}

fn skills(text: &mut String, outcome: &SkilledOutcome) {
    let title = "Bradley-Terry with the skill and the side bias of each annotator";
    match outcome {
        SkilledOutcome::Undefined { undefined } => {
            let _ = writeln!(text, "\n{title}: undefined, {undefined}");
        }
        SkilledOutcome::Found(found) => {
            let nu = found
                .nu
                .map_or_else(String::new, |nu| format!("; nu {nu:.4}"));
            let _ = writeln!(
                text,
                "\n{title}: log-likelihood {:.4} after {} rounds{nu}; {}",
                found.log_likelihood, found.rounds, found.method
            );
            let mut order: Vec<_> = found.models.iter().collect();
            order.sort_by(|(_, a), (_, b)| {
                let value = |c: &Coefficient| c.value().unwrap_or(f64::NAN);
                value(b).total_cmp(&value(a))
            });
            for (model, strength) in order {
                let _ = writeln!(text, "    {model:<34} {}", figure(strength));
            }
            let _ = writeln!(
                text,
                "  {:<36} {:<24} side bias (left above 0)",
                "annotator", "skill"
            );
            for judge in &found.annotators {
                let (skill, bias) = (short(&judge.skill), short(&judge.side_bias));
                let _ = writeln!(text, "    {:<34} {skill:<24} {bias}", judge.name);
            }
        }
    }
}

fn ranked(text: &mut String, title: &str, rankings: &Rankings) {
    let _ = writeln!(
        text,
        "\nModels, {title}: {} comparisons, {} ties; left out: {} both bad, {} without two names",
        rankings.comparisons, rankings.ties, rankings.both_bad, rankings.unnamed
    );
    for (name, ranking) in [
        (
            "Bradley-Terry, ties as half",
            &rankings.bradley_terry_ties_as_half,
        ),
        (
            "Bradley-Terry, without ties",
            &rankings.bradley_terry_without_ties,
        ),
        ("Davidson", &rankings.davidson),
    ] {
        match ranking {
            Ranking::Undefined { undefined } => {
                let _ = writeln!(text, "  {name}: undefined, {undefined}");
            }
            Ranking::Ranked {
                models,
                nu,
                too_few_to_say,
                ..
            } => {
                let nu =
                    nu.map_or_else(String::new, |[nu, se]| format!(", nu {nu:.4} (se {se:.4})"));
                let _ = writeln!(text, "  {name}{nu}");
                let mut order: Vec<_> = models.iter().collect();
                order.sort_by(|(_, a), (_, b)| {
                    let value = |m: &figures::RankedModel| m.strength.value().unwrap_or(f64::NAN);
                    value(b).total_cmp(&value(a))
                });
                for (model, ranked) in order {
                    let rank = ranked.rank.map_or_else(String::new, |[rank, best, worst]| {
                        format!("  rank {rank} ({best}-{worst})")
                    });
                    let _ = writeln!(text, "    {model:<34} {}{rank}", figure(&ranked.strength));
                }
                if !too_few_to_say.is_empty() {
                    let pairs: Vec<String> = too_few_to_say
                        .iter()
                        .take(10)
                        .map(|[a, b]| format!("{a} and {b}"))
                        .collect();
                    let more = too_few_to_say.len().saturating_sub(10);
                    let more = if more > 0 {
                        format!(" … and {more} more pairs")
                    } else {
                        String::new()
                    };
                    let _ = writeln!(text, "    too few to say: {}{more}", pairs.join("; "));
                }
            }
        }
    }
}
