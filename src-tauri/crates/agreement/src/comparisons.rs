//! Who won against whom: the table that all rankings are computed from, and what can be known from it
//! at all.

use crate::error::{AgreementError, Result};

/// How a comparison ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The one shown on the left won.
    Left,
    /// The one shown on the right won.
    Right,
    /// Neither.
    Tie,
}

/// One comparison of two models.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Who stood on the left, or played at home.
    pub left: u32,
    /// Who stood on the right.
    pub right: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// How often it counts, 1 as a rule; at least 0 and finite.
    pub weight: f64,
}

impl Comparison {
    /// The comparison, if its models are two of `models` and its weight is one.
    pub(crate) fn checked(&self, models: usize) -> Result<&Self> {
        for index in [self.left, self.right] {
            let index = index as usize;
            if index >= models {
                return Err(AgreementError::OutOfRange {
                    what: "model",
                    index,
                    count: models,
                });
            }
        }
        if self.left == self.right {
            return Err(AgreementError::Itself { model: self.left });
        }
        weight(self.weight)?;
        Ok(self)
    }
}

fn weight(value: f64) -> Result<f64> {
    if value.is_finite() && value >= 0.0 {
        return Ok(value);
    }
    Err(AgreementError::Number {
        what: "a weight",
        value: value.to_string(),
    })
}

/// What becomes of ties in a model that has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ties {
    /// A tie is half a win for both.
    Half,
    /// Ties are left out: how many they are, [`Comparisons::all_ties`] says.
    LeftOut,
}

/// Wins and ties, added up by who stood on the left and who on the right.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparisons {
    models: usize,
    /// By left, then by right: how often left won, right won, neither.
    cells: Vec<[f64; 3]>,
}

impl Comparisons {
    /// Adds up comparisons of `models` models.
    ///
    /// # Errors
    /// A model out of range or held against itself; a weight that is negative or not finite.
    pub fn new<'a>(
        models: usize,
        comparisons: impl IntoIterator<Item = &'a Comparison>,
    ) -> Result<Self> {
        let mut table = Self::empty(models);
        for comparison in comparisons {
            table.add(comparison.checked(models)?);
        }
        Ok(table)
    }

    /// From a matrix of wins, by row: how often the row's model won against the column's. The diagonal
    /// is not read. Sides are not known: half of all wins are taken to be the left one's.
    ///
    /// # Errors
    /// A matrix that is not `models` × `models`; a number that is negative or not finite.
    pub fn from_wins(models: usize, wins: &[f64]) -> Result<Self> {
        Self::from_wins_and_ties(models, wins, &vec![0.0; models * models])
    }

    /// As [`Self::from_wins`], with a second matrix whose entries (i, j) and (j, i) together are the
    /// ties of i with j.
    ///
    /// # Errors
    /// As [`Self::from_wins`].
    pub fn from_wins_and_ties(models: usize, wins: &[f64], ties: &[f64]) -> Result<Self> {
        for (what, matrix) in [("the wins", wins), ("the ties", ties)] {
            if matrix.len() != models * models {
                return Err(AgreementError::Length {
                    what,
                    found: matrix.len(),
                    needed: models * models,
                });
            }
        }
        let mut table = Self::empty(models);
        for i in 0..models {
            for j in (0..models).filter(|&j| j != i) {
                let half = weight(wins[i * models + j])? / 2.0;
                table.cells[i * models + j][0] += half;
                table.cells[j * models + i][1] += half;
                table.cells[i * models + j][2] += weight(ties[i * models + j])?;
            }
        }
        Ok(table)
    }

    pub(crate) fn empty(models: usize) -> Self {
        Self {
            models,
            cells: vec![[0.0; 3]; models * models],
        }
    }

    /// Forgets all comparisons.
    pub(crate) fn clear(&mut self) {
        self.cells.fill([0.0; 3]);
    }

    fn add(&mut self, comparison: &Comparison) {
        self.add_at(self.place(comparison), comparison.weight);
    }

    /// Where comparisons like this one are counted.
    pub(crate) const fn place(&self, comparison: &Comparison) -> usize {
        let cell = comparison.left as usize * self.models + comparison.right as usize;
        cell * 3 + comparison.outcome as usize
    }

    /// Adds comparisons that are counted in this place.
    pub(crate) fn add_at(&mut self, place: usize, weight: f64) {
        self.cells.as_flattened_mut()[place] += weight;
    }

    /// How many models there are.
    #[must_use]
    pub const fn models(&self) -> usize {
        self.models
    }

    /// How often the left one won, the right one won, and neither, with `left` and `right` on their
    /// sides. All 0 where there is no such model.
    #[must_use]
    pub fn sided(&self, left: usize, right: usize) -> [f64; 3] {
        if left.max(right) >= self.models {
            return [0.0; 3];
        }
        self.cells[left * self.models + right]
    }

    /// How often `i` won against `j`, on whichever side.
    #[must_use]
    pub fn wins(&self, i: usize, j: usize) -> f64 {
        self.sided(i, j)[0] + self.sided(j, i)[1]
    }

    /// How often `i` and `j` tied.
    #[must_use]
    pub fn ties(&self, i: usize, j: usize) -> f64 {
        self.sided(i, j)[2] + self.sided(j, i)[2]
    }

    /// How often `i` won against `j`, with ties counted as said.
    pub(crate) fn score(&self, i: usize, j: usize, ties: Ties) -> f64 {
        match ties {
            Ties::Half => self.wins(i, j) + self.ties(i, j) / 2.0,
            Ties::LeftOut => self.wins(i, j),
        }
    }

    /// How many comparisons `i` is in, ties included.
    #[must_use]
    pub fn compared(&self, i: usize) -> f64 {
        (0..self.models)
            .map(|j| self.wins(i, j) + self.wins(j, i) + self.ties(i, j))
            .sum()
    }

    /// How many comparisons there are, ties included.
    #[must_use]
    pub fn all(&self) -> f64 {
        self.cells.iter().flatten().sum()
    }

    /// How many of them are ties.
    #[must_use]
    pub fn all_ties(&self) -> f64 {
        self.cells.iter().map(|cell| cell[2]).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn one(left: u32, right: u32, outcome: Outcome) -> Comparison {
        Comparison {
            left,
            right,
            outcome,
            weight: 1.0,
        }
    }

    #[test]
    fn sides_are_kept_and_added_up() {
        let rows = [
            one(0, 1, Outcome::Left),
            one(1, 0, Outcome::Right),
            one(1, 0, Outcome::Left),
            one(0, 1, Outcome::Tie),
        ];
        let table = Comparisons::new(2, &rows).unwrap();
        assert_eq!(table.sided(0, 1), [1.0, 0.0, 1.0]);
        assert_eq!((table.wins(0, 1), table.wins(1, 0)), (2.0, 1.0));
        assert_eq!((table.ties(1, 0), table.all_ties()), (1.0, 1.0));
        assert_eq!((table.compared(0), table.all()), (4.0, 4.0));
        let from_wins =
            Comparisons::from_wins_and_ties(2, &[9.0, 2.0, 1.0, 9.0], &[0.0, 1.0, 0.0, 0.0]);
        let from_wins = from_wins.unwrap();
        assert_eq!((from_wins.wins(0, 1), from_wins.wins(1, 0)), (2.0, 1.0));
        assert_eq!((from_wins.ties(1, 0), from_wins.all()), (1.0, 4.0));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let itself = Comparisons::new(2, &[one(1, 1, Outcome::Left)]);
        assert_eq!(itself, Err(AgreementError::Itself { model: 1 }));
        assert!(Comparisons::new(2, &[one(0, 2, Outcome::Left)]).is_err());
        let heavy = Comparison {
            weight: f64::NAN,
            ..one(0, 1, Outcome::Tie)
        };
        assert!(Comparisons::new(2, &[heavy]).is_err());
        assert!(Comparisons::from_wins(2, &[0.0; 3]).is_err());
    }
}
