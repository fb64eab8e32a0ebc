//! The fit itself: what is maximised with its derivatives, and the turns that lead to the peak.

use std::ops::Range;

use super::{Judge, Judgement, SkillOptions, Skilled, TiesOfSkill};
use crate::bradley_terry::logistic;
use crate::comparable::{Unranked, ford};
use crate::comparisons::{Comparison, Comparisons, Ties};
use crate::davidson::Trinomial;
use crate::error::{AgreementError, Result};
use crate::solve::{Peak, Point, climb};

/// One annotator's outcomes with one model on the left and another on the right.
#[derive(Clone, Copy)]
struct Cell {
    left: usize,
    right: usize,
    /// Which unknown is the skill of who judged; the bias is the next.
    skill: usize,
    counts: [f64; 3],
}

pub(super) struct Fit<'a> {
    models: usize,
    options: &'a SkillOptions,
    /// By annotator.
    cells: Vec<Cell>,
    /// By annotator, which cells are his.
    cells_of: Vec<Range<usize>>,
    /// The unknowns: strengths, then ln ν if it is one, then by annotator with any cells skill and bias.
    at: Vec<f64>,
    nu: Option<usize>,
}

impl<'a> Fit<'a> {
    pub(super) fn new(
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
        let mut fit = Self {
            models,
            options,
            cells: Vec::new(),
            cells_of: Vec::new(),
            at: vec![0.0; models + usize::from(nu_is_free)],
            nu: nu_is_free.then_some(models),
        };
        for rows in of {
            fit.add_judge(rows);
        }
        Ok(fit)
    }

    fn add_judge(&mut self, mut rows: Vec<&Comparison>) {
        let (from, skill) = (self.cells.len(), self.at.len());
        rows.sort_by_key(|row| (row.left, row.right));
        for same in rows.chunk_by(|one, next| (one.left, one.right) == (next.left, next.right)) {
            let mut counts = [0.0; 3];
            for row in same {
                counts[row.outcome as usize] += row.weight;
            }
            let counts = folded(counts, self.options.ties);
            if counts.iter().sum::<f64>() > 0.0 {
                self.cells.push(Cell {
                    left: same[0].left as usize,
                    right: same[0].right as usize,
                    skill,
                    counts,
                });
            }
        }
        self.cells_of.push(from..self.cells.len());
        if from < self.cells.len() {
            self.at.extend([1.0, 0.0]);
        }
    }

    /// The best strengths and ν for what is known of the annotators, and then the other way round.
    pub(super) fn take_turns(&mut self) -> Result<()> {
        let strengths = self.models + usize::from(self.nu.is_some());
        let peak = self.climb_over(0..strengths, &self.cells);
        self.at[..strengths].copy_from_slice(&peak.ok_or(Unranked::NotFound)?.at);
        for cells in &self.cells_of {
            let cells = &self.cells[cells.clone()];
            if let Some(first) = cells.first() {
                let free = first.skill..first.skill + 2;
                let peak = self.climb_over(free.clone(), cells);
                self.at[free].copy_from_slice(&peak.ok_or(Unranked::NotFound)?.at);
            }
        }
        Ok(())
    }

    /// The peak over the unknowns in `free` where the others stay, which matter to these cells alone.
    fn climb_over(&self, free: Range<usize>, cells: &[Cell]) -> Option<Peak> {
        climb(self.at[free.clone()].to_vec(), 0, |x| {
            let mut point = Point::new(free.len());
            let value = |unknown: usize| match free.contains(&unknown) {
                true => x[unknown - free.start],
                false => self.at[unknown],
            };
            for cell in cells {
                self.add(&mut point, cell, &free, value);
            }
            for unknown in free.clone() {
                self.penalise(&mut point, unknown - free.start, unknown, value(unknown));
            }
            point
        })
    }

    fn outcomes(&self, cell: &Cell, value: impl Fn(usize) -> f64) -> Trinomial {
        let gap = value(cell.left) - value(cell.right);
        let lead = value(cell.skill) * gap + value(cell.skill + 1);
        if let Some(nu) = self.nu {
            return Trinomial::new(lead, value(nu), cell.counts);
        }
        let (value, by_lead, second) = logistic(lead, cell.counts[0], cell.counts[1]);
        Trinomial {
            value,
            by_lead,
            by_nu: 0.0,
            second: [second, 0.0, 0.0],
        }
    }

    fn add(
        &self,
        point: &mut Point,
        cell: &Cell,
        free: &Range<usize>,
        value: impl Fn(usize) -> f64 + Copy,
    ) {
        let n = free.len();
        let place = |unknown: usize| free.contains(&unknown).then(|| unknown - free.start);
        let outcomes = self.outcomes(cell, value);
        point.value += outcomes.value;
        // How the lead changes with each unknown that it is made of.
        let (skill, gap) = (value(cell.skill), value(cell.left) - value(cell.right));
        let slopes = [
            (place(cell.left), skill),
            (place(cell.right), -skill),
            (place(cell.skill), gap),
            (place(cell.skill + 1), 1.0),
        ];
        let nu = self.nu.and_then(place);
        for (one, slope) in slopes {
            let Some(one) = one else { continue };
            point.gradient[one] += slope * outcomes.by_lead;
            for (other, also) in slopes {
                if let Some(other) = other {
                    point.information[one * n + other] += slope * also * outcomes.second[0];
                }
            }
            if let Some(nu) = nu {
                point.information[one * n + nu] += slope * outcomes.second[1];
                point.information[nu * n + one] += slope * outcomes.second[1];
            }
        }
        if let Some(nu) = nu {
            point.gradient[nu] += outcomes.by_nu;
            point.information[nu * n + nu] += outcomes.second[2];
        }
        // The slope by a strength changes with the skill.
        for (model, sign) in [(cell.left, 1.0), (cell.right, -1.0)] {
            if let (Some(model), Some(skill)) = (place(model), place(cell.skill)) {
                point.information[model * n + skill] -= sign * outcomes.by_lead;
                point.information[skill * n + model] -= sign * outcomes.by_lead;
            }
        }
    }

    fn penalise(&self, point: &mut Point, place: usize, unknown: usize, value: f64) {
        let strengths = self.models + usize::from(self.nu.is_some());
        let (away, spread) = match unknown.checked_sub(strengths) {
            None => (value, self.options.strength_spread),
            Some(n) if n % 2 == 0 => (value - 1.0, self.options.skill_spread),
            Some(_) => (value, self.options.bias_spread),
        };
        let pull = 1.0 / (spread * spread);
        point.value -= away * away * pull / 2.0;
        point.gradient[place] -= away * pull;
        point.information[place * point.gradient.len() + place] += pull;
    }

    /// The peak over all unknowns, if Newton's method finds it from here.
    pub(super) fn finish(&mut self, rounds: usize) -> Option<Skilled> {
        let peak = self.climb_over(0..self.at.len(), &self.cells)?;
        self.at.clone_from(&peak.at);
        Some(self.told(&peak, rounds))
    }

    /// The standard errors of the strengths as they are told, less their mean: where that lies no
    /// vote says, the penalty alone does.
    fn about_their_mean(&self, covariance: &[f64]) -> Vec<f64> {
        let (n, models) = (self.at.len(), self.models as f64);
        let rows = (0..self.models).map(|model| &covariance[model * n..model * n + self.models]);
        let shared: Vec<f64> = rows.map(|row| row.iter().sum::<f64>() / models).collect();
        let mean = shared.iter().sum::<f64>() / models;
        let each = shared.iter().enumerate();
        let variances =
            each.map(|(model, shared)| covariance[model * n + model] - 2.0 * shared + mean);
        variances.map(|variance| variance.max(0.0).sqrt()).collect()
    }

    fn told(&self, peak: &Peak, rounds: usize) -> Skilled {
        let n = self.at.len();
        let covariance = peak.covariance();
        let se = |unknown: usize| covariance[unknown * n + unknown].max(0.0).sqrt();
        let judge = |cells: &Range<usize>| {
            let cells = &self.cells[cells.clone()];
            let skill = cells.first()?.skill;
            Some(Judge {
                skill: self.at[skill],
                skill_se: se(skill),
                bias: self.at[skill + 1],
                bias_se: se(skill + 1),
                comparisons: cells.iter().flat_map(|cell| cell.counts).sum(),
            })
        };
        let cells = self.cells.iter();
        Skilled {
            logits: self.at[..self.models].to_vec(),
            standard_errors: self.about_their_mean(&covariance),
            judges: self.cells_of.iter().map(judge).collect(),
            nu: self.nu.map(|nu| self.at[nu].exp()),
            log_likelihood: cells
                .map(|cell| self.outcomes(cell, |unknown| self.at[unknown]).value)
                .sum(),
            rounds,
        }
    }
}

fn folded(counts: [f64; 3], ties: TiesOfSkill) -> [f64; 3] {
    match ties {
        TiesOfSkill::Modelled => counts,
        TiesOfSkill::Folded(Ties::LeftOut) => [counts[0], counts[1], 0.0],
        TiesOfSkill::Folded(Ties::Half) => {
            let half = counts[2] / 2.0;
            [counts[0] + half, counts[1] + half, 0.0]
        }
    }
}
