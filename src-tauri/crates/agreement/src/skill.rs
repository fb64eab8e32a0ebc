//! A ranking that knows who judged: some people tell models apart better than others, and some lean
//! towards one side of the screen.
//!
//! For annotator a, P(left) : P(right) = e^(x/2) : e^(−x/2), where x = skillₐ (θleft − θright) + biasₐ.
//! A skill of 1 is what Bradley and Terry's model takes everybody to have, 0 is a coin, below 0 is
//! somebody who prefers the worse. Skills are those of X. Chen and others, "Pairwise Ranking
//! Aggregation in a Crowdsourced Setting", WSDM 2013, on the scale of the logit; the bias is that of an
//! effect of the order (R. R. Davidson and R. J. Beaver, Biometrics 33 (1977), 693–702) by person. A tie
//! has the weight ν beside those two, as in Davidson's model, since that keeps the likelihood concave
//! in the strengths and in ν; ν is the same for everybody.
//!
//! What is made as large as can be is the log-likelihood less a penalty, that of independent normal
//! priors: skills about 1, biases, strengths and ln ν about 0. Skills times a number and strengths
//! divided by it are as likely: the penalty alone fixes that scale, and, with every skill begun at 1,
//! the sign. A penalty has no strength grow without bound, so Ford's condition is not needed; models
//! that no chain of comparisons connects are refused all the same.

use crate::bradley_terry::logistic;
use crate::comparable::{Unranked, ford};
use crate::comparisons::{Comparison, Comparisons, Ties};
use crate::davidson::Trinomial;
use crate::error::{AgreementError, Result};
use crate::solve::{Peak, Point, climb};

/// A comparison and who made it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// Who, from 0.
    pub annotator: u32,
    /// Which models stood where, and what was said.
    pub comparison: Comparison,
}

/// How the model is fitted. The spreads are standard deviations of the priors, above 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SkillOptions {
    /// Whether ties are an outcome of their own, [`Ties::LeftOut`] or each half a win.
    pub ties: TiesOfSkill,
    /// How far skills spread about 1.
    pub skill_spread: f64,
    /// How far biases spread about 0, in logits.
    pub bias_spread: f64,
    /// How far strengths, and ln ν, spread about 0, in logits.
    pub strength_spread: f64,
    /// After how many rounds over all unknowns the fit ends in any case.
    pub max_rounds: usize,
}

/// What becomes of ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TiesOfSkill {
    /// They are an outcome of their own, where there are any.
    Modelled,
    /// They are folded, or left out.
    Folded(Ties),
}

impl Default for SkillOptions {
    fn default() -> Self {
        Self {
            ties: TiesOfSkill::Modelled,
            skill_spread: 0.5,
            bias_spread: 1.0,
            strength_spread: 3.0,
            max_rounds: 500,
        }
    }
}

/// What is found of one annotator. The standard errors take the strengths as known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judge {
    /// How well he tells models apart; 1 is the crowd.
    pub skill: f64,
    /// The standard error of the skill.
    pub skill_se: f64,
    /// How far he leans to the left, in logits.
    pub bias: f64,
    /// The standard error of the bias.
    pub bias_se: f64,
    /// How many comparisons he made that count.
    pub comparisons: f64,
}

/// What is found.
#[derive(Debug, Clone, PartialEq)]
pub struct Skilled {
    /// By model, the logarithm of its worth; they sum to 0.
    pub logits: Vec<f64>,
    /// By annotator; `None` where he made no comparison that counts.
    pub judges: Vec<Option<Judge>>,
    /// How readily two models tie, where ties are modelled and there are any.
    pub nu: Option<f64>,
    /// The log-likelihood, without the penalty.
    pub log_likelihood: f64,
    /// How many rounds there were.
    pub rounds: usize,
    /// Whether another round would have changed nothing that shows.
    pub converged: bool,
}

/// Fits strengths, skills, biases and ν.
///
/// # Errors
/// Arrays that do not fit; a spread that is not above 0; models that nothing connects.
pub fn skilled(
    models: usize,
    annotators: usize,
    judgements: &[Judgement],
    options: &SkillOptions,
) -> Result<Skilled> {
    for (what, spread) in [
        ("the spread of skills", options.skill_spread),
        ("the spread of biases", options.bias_spread),
        ("the spread of strengths", options.strength_spread),
    ] {
        if !(spread.is_finite() && spread > 0.0) {
            let value = spread.to_string();
            return Err(AgreementError::Number { what, value });
        }
    }
    let mut fit = Fit::new(models, annotators, judgements, options)?;
    let mut last = f64::NEG_INFINITY;
    let mut rounds = 0;
    let mut converged = false;
    while rounds < options.max_rounds && !converged {
        rounds += 1;
        fit.fit_strengths()?;
        fit.fit_judges()?;
        fit.fit_scale();
        let now = fit.log_likelihood() - fit.penalty();
        converged = now - last <= 1e-10 * now.abs().max(1.0);
        last = now;
    }
    Ok(Skilled {
        log_likelihood: fit.log_likelihood(),
        nu: fit.nu_is_free.then(|| fit.strengths[models].exp()),
        judges: fit.judges,
        logits: fit.strengths[..models].to_vec(),
        rounds,
        converged,
    })
}

/// One annotator's outcomes with one model on the left and another on the right.
struct Cell {
    left: usize,
    right: usize,
    counts: [f64; 3],
}

struct Fit<'a> {
    models: usize,
    options: &'a SkillOptions,
    /// By annotator.
    cells: Vec<Vec<Cell>>,
    judges: Vec<Option<Judge>>,
    /// Logits, then ln ν where ties are modelled.
    strengths: Vec<f64>,
    nu_is_free: bool,
}

impl<'a> Fit<'a> {
    fn new(
        models: usize,
        annotators: usize,
        judgements: &[Judgement],
        options: &'a SkillOptions,
    ) -> Result<Self> {
        let mut of: Vec<Vec<&Comparison>> = vec![Vec::new(); annotators];
        for judgement in judgements {
            let index = judgement.annotator as usize;
            let Some(rows) = of.get_mut(index) else {
                return Err(AgreementError::OutOfRange {
                    what: "annotator",
                    index,
                    count: annotators,
                });
            };
            rows.push(judgement.comparison.checked(models)?);
        }
        let all = Comparisons::new(models, judgements.iter().map(|row| &row.comparison))?;
        let counted = match options.ties {
            TiesOfSkill::Modelled => Ties::Half,
            TiesOfSkill::Folded(ties) => ties,
        };
        match ford(models, |i, j| all.score(i, j, counted) > 0.0) {
            Ok(()) | Err(Unranked::OneSided { .. }) => (),
            Err(unranked) => return Err(unranked.into()),
        }
        let nu_is_free = options.ties == TiesOfSkill::Modelled && all.all_ties() > 0.0;
        let cells: Vec<Vec<Cell>> = of.into_iter().map(|rows| cells(rows, options)).collect();
        Ok(Self {
            models,
            options,
            judges: cells.iter().map(|cells| beginner(cells)).collect(),
            cells,
            strengths: vec![0.0; models + usize::from(nu_is_free)],
            nu_is_free,
        })
    }

    fn judged(&self) -> impl Iterator<Item = (&Judge, &Cell)> {
        let pairs = self.judges.iter().zip(&self.cells);
        pairs.flat_map(|(judge, cells)| {
            let judge = judge.iter();
            judge.flat_map(move |judge| cells.iter().map(move |cell| (judge, cell)))
        })
    }

    fn outcomes(&self, lead: f64, log_nu: Option<&f64>, counts: [f64; 3]) -> Trinomial {
        if let Some(log_nu) = log_nu {
            return Trinomial::new(lead, *log_nu, counts);
        }
        let (value, first, second) = logistic(lead, counts[0], counts[1]);
        Trinomial {
            value,
            by_lead: first,
            by_nu: 0.0,
            second: [second, 0.0, 0.0],
        }
    }

    fn log_likelihood(&self) -> f64 {
        let log_nu = self.strengths.get(self.models);
        self.judged()
            .map(|(judge, cell)| {
                let gap = self.strengths[cell.left] - self.strengths[cell.right];
                let lead = judge.skill * gap + judge.bias;
                self.outcomes(lead, log_nu, cell.counts).value
            })
            .sum()
    }

    fn penalty(&self) -> f64 {
        let of = |value: f64, spread: f64| value * value / (2.0 * spread * spread);
        let judges = self.judges.iter().flatten().map(|judge| {
            of(judge.skill - 1.0, self.options.skill_spread)
                + of(judge.bias, self.options.bias_spread)
        });
        let strengths = self.strengths.iter();
        judges.sum::<f64>()
            + strengths
                .map(|x| of(*x, self.options.strength_spread))
                .sum::<f64>()
    }

    /// The best strengths and ν for the skills and biases as they stand.
    fn fit_strengths(&mut self) -> Result<()> {
        let n = self.strengths.len();
        let peak = climb(self.strengths.clone(), 0, |at| {
            let mut point = Point::new(n);
            for (judge, cell) in self.judged() {
                let lead = judge.skill * (at[cell.left] - at[cell.right]) + judge.bias;
                let outcomes = self.outcomes(lead, at.get(self.models), cell.counts);
                add(&mut point, cell, judge.skill, &outcomes, self.nu_is_free);
            }
            for (unknown, x) in at.iter().enumerate() {
                draw(&mut point, unknown, *x, self.options.strength_spread);
            }
            point
        });
        self.strengths = peak.ok_or(Unranked::NotFound)?.at;
        Ok(())
    }

    /// The best skill and bias of everybody for the strengths as they stand.
    fn fit_judges(&mut self) -> Result<()> {
        for annotator in 0..self.judges.len() {
            if let Some(judge) = self.judges[annotator] {
                let peak = self.judge(&judge, &self.cells[annotator]);
                let peak = peak.ok_or(Unranked::NotFound)?;
                self.judges[annotator] = Some(Judge {
                    skill: peak.at[0],
                    skill_se: peak.covariance[0].max(0.0).sqrt(),
                    bias: peak.at[1],
                    bias_se: peak.covariance[3].max(0.0).sqrt(),
                    ..judge
                });
            }
        }
        Ok(())
    }

    fn judge(&self, judge: &Judge, cells: &[Cell]) -> Option<Peak> {
        climb(vec![judge.skill, judge.bias], 0, |at| {
            let mut point = Point::new(2);
            for cell in cells {
                let gap = self.strengths[cell.left] - self.strengths[cell.right];
                let log_nu = self.strengths.get(self.models);
                let outcomes = self.outcomes(at[0] * gap + at[1], log_nu, cell.counts);
                point.value += outcomes.value;
                let second = outcomes.second[0];
                point.gradient[0] += gap * outcomes.by_lead;
                point.gradient[1] += outcomes.by_lead;
                point.information[0] += gap * gap * second;
                point.information[1] += gap * second;
                point.information[2] += gap * second;
                point.information[3] += second;
            }
            draw(&mut point, 0, at[0] - 1.0, self.options.skill_spread);
            draw(&mut point, 1, at[1], self.options.bias_spread);
            point
        })
    }

    /// Moves along the scale that the likelihood does not see, to which rounds one by one would creep:
    /// towards skills of 1, if the penalty falls.
    fn fit_scale(&mut self) {
        let skills = || self.judges.iter().flatten().map(|judge| judge.skill);
        let scale = skills().sum::<f64>() / skills().map(|skill| skill * skill).sum::<f64>();
        if !(scale.is_finite() && scale > 0.0) {
            return;
        }
        let before = (self.penalty(), self.judges.clone(), self.strengths.clone());
        for judge in self.judges.iter_mut().flatten() {
            judge.skill *= scale;
            judge.skill_se *= scale;
        }
        for logit in &mut self.strengths[..self.models] {
            *logit /= scale;
        }
        if self.penalty() > before.0 {
            (_, self.judges, self.strengths) = before;
        }
    }
}

fn beginner(cells: &[Cell]) -> Option<Judge> {
    let comparisons: f64 = cells.iter().flat_map(|cell| cell.counts).sum();
    (comparisons > 0.0).then_some(Judge {
        skill: 1.0,
        skill_se: 0.0,
        bias: 0.0,
        bias_se: 0.0,
        comparisons,
    })
}

fn cells(mut rows: Vec<&Comparison>, options: &SkillOptions) -> Vec<Cell> {
    rows.sort_by_key(|row| (row.left, row.right));
    let mut cells: Vec<Cell> = Vec::new();
    for same in rows.chunk_by(|one, next| (one.left, one.right) == (next.left, next.right)) {
        let mut counts = [0.0; 3];
        for row in same {
            counts[row.outcome as usize] += row.weight;
        }
        if let TiesOfSkill::Folded(ties) = options.ties {
            let half = match ties {
                Ties::Half => counts[2] / 2.0,
                Ties::LeftOut => 0.0,
            };
            counts = [counts[0] + half, counts[1] + half, 0.0];
        }
        cells.push(Cell {
            left: same[0].left as usize,
            right: same[0].right as usize,
            counts,
        });
    }
    cells
}

fn add(point: &mut Point, cell: &Cell, skill: f64, outcomes: &Trinomial, nu_is_free: bool) {
    point.value += outcomes.value;
    let second = skill * skill * outcomes.second[0];
    point.add_difference(cell.left, cell.right, skill * outcomes.by_lead, second);
    if !nu_is_free {
        return;
    }
    let n = point.gradient.len();
    let nu = n - 1;
    point.gradient[nu] += outcomes.by_nu;
    point.information[nu * n + nu] += outcomes.second[2];
    for (model, sign) in [(cell.left, skill), (cell.right, -skill)] {
        point.information[nu * n + model] += sign * outcomes.second[1];
        point.information[model * n + nu] += sign * outcomes.second[1];
    }
}

/// Draws an unknown, `away` from where its prior is highest, back to it.
fn draw(point: &mut Point, unknown: usize, away: f64, spread: f64) {
    let n = point.gradient.len();
    let pull = 1.0 / (spread * spread);
    point.value -= away * away * pull / 2.0;
    point.gradient[unknown] -= away * pull;
    point.information[unknown * n + unknown] += pull;
}

#[cfg(test)]
mod tests;
