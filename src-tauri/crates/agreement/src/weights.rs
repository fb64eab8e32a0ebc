//! How much two different answers count as agreement.

/// The weight of two answers: 1 where they are the same, less the further they lie apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weights {
    /// 1 for the same answer and 0 for any other. The one choice for answers without an order.
    #[default]
    Identity,
    /// Falls with the distance between places on the scale.
    Linear,
    /// Falls with the square of that distance.
    Quadratic,
    /// Falls with the number of pairs of answers between the two (Gwet 2014, section 3.5).
    Ordinal,
}

/// Which answers count as the scale, where a coefficient depends on how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Categories {
    /// Those that somebody gave, as irrCAC does.
    #[default]
    Seen,
    /// All that could be given, as Randolph's κ does. Constant votes then agree fully instead of
    /// leaving the coefficient undefined.
    Given,
}

/// Weights laid out over a scale.
#[derive(Debug, Clone)]
pub(crate) struct Weighing {
    /// One row an answer; nought for answers that are not on the scale.
    matrix: Vec<f64>,
    /// The side of the matrix.
    side: usize,
    /// How many answers the scale has.
    pub q: f64,
    /// The sum of all weights.
    pub total: f64,
}

impl Weighing {
    /// Weights over the answers for which `counted` is true; `counted` has one entry an answer.
    pub(crate) fn new(weights: Weights, counted: &[bool]) -> Self {
        let side = counted.len();
        let scale: Vec<usize> = (0..side).filter(|&k| counted[k]).collect();
        let span = match (scale.first(), scale.last()) {
            (Some(first), Some(last)) => (last - first) as f64,
            _ => 0.0,
        };
        let longest = scale.len().saturating_sub(1) as f64;
        let mut matrix = vec![0.0; side * side];
        for (i, &k) in scale.iter().enumerate() {
            for (j, &l) in scale.iter().enumerate() {
                let apart = k.abs_diff(l) as f64 / span;
                let steps = i.abs_diff(j) as f64;
                matrix[k * side + l] = match weights {
                    _ if k == l => 1.0,
                    Weights::Identity => 0.0,
                    Weights::Linear => 1.0 - apart,
                    Weights::Quadratic => 1.0 - apart * apart,
                    Weights::Ordinal => 1.0 - steps * (steps + 1.0) / (longest * (longest + 1.0)),
                };
            }
        }
        Self {
            total: matrix.iter().sum(),
            matrix,
            side,
            q: scale.len() as f64,
        }
    }

    /// The weight of answer `k` against answer `l`.
    pub(crate) fn at(&self, k: usize, l: usize) -> f64 {
        self.matrix[k * self.side + l]
    }

    /// Σ_kl w_kl x_k y_l.
    pub(crate) fn between(&self, x: &[f64], y: &[f64]) -> f64 {
        let rows = self.matrix.chunks_exact(self.side.max(1));
        rows.zip(x).map(|(row, x)| x * dot(row, y)).sum()
    }

    /// Σ_l w_kl x_l for each answer `k`.
    pub(crate) fn spread(&self, x: &[f64]) -> Vec<f64> {
        let rows = self.matrix.chunks_exact(self.side.max(1));
        rows.map(|row| dot(row, x)).collect()
    }

    /// Σ_kl w_kl m_kl of a square matrix.
    pub(crate) fn over(&self, matrix: &[f64]) -> f64 {
        dot(&self.matrix, matrix)
    }
}

pub(crate) fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_three_answers() {
        let all = [true; 3];
        let row = |weights| {
            let weighing = Weighing::new(weights, &all);
            [weighing.at(0, 0), weighing.at(0, 1), weighing.at(0, 2)]
        };
        assert_eq!(row(Weights::Identity), [1.0, 0.0, 0.0]);
        assert_eq!(row(Weights::Linear), [1.0, 0.5, 0.0]);
        assert_eq!(row(Weights::Quadratic), [1.0, 0.75, 0.0]);
        assert_eq!(row(Weights::Ordinal), [1.0, 1.0 - 1.0 / 3.0, 0.0]);
    }

    #[test]
    fn answers_off_the_scale_weigh_nothing() {
        let weighing = Weighing::new(Weights::Linear, &[false, true, false, true]);
        assert_eq!((weighing.q, weighing.total), (2.0, 2.0));
        assert_eq!((weighing.at(0, 0), weighing.at(1, 3)), (0.0, 0.0));
    }
}
