//! Small dense systems of equations, and the Newton steps that need them: a ranking has as many
//! unknowns as there are models, tens and rarely hundreds, for which a library would be too much.

/// A symmetric positive definite matrix, factored: A = L Lᵀ, of which L is kept, by row.
pub(crate) struct Cholesky {
    n: usize,
    lower: Vec<f64>,
}

impl Cholesky {
    /// Factors `matrix`, `n` × `n` by row, of which the lower triangle is read. `None` where it is not
    /// positive definite, as far as rounding lets that be told.
    pub(crate) fn new(n: usize, matrix: &[f64]) -> Option<Self> {
        let mut lower = vec![0.0; n * n];
        for row in 0..n {
            for column in 0..=row {
                let (above, this) = lower.split_at(row * n);
                let of_column = if column == row {
                    &this[..column]
                } else {
                    &above[column * n..column * n + column]
                };
                let rest = matrix[row * n + column] - dot(&this[..column], of_column);
                lower[row * n + column] = if column < row {
                    rest / lower[column * n + column]
                } else if rest > f64::EPSILON * matrix[row * n + row] {
                    rest.sqrt()
                } else {
                    return None;
                };
            }
        }
        Some(Self { n, lower })
    }

    /// x in A x = `right`.
    pub(crate) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let n = self.n;
        let mut x = right.to_vec();
        for row in 0..n {
            let known = dot(&self.lower[row * n..row * n + row], &x[..row]);
            x[row] = (x[row] - known) / self.lower[row * n + row];
        }
        for row in (0..n).rev() {
            x[row] /= self.lower[row * n + row];
            for above in 0..row {
                x[above] -= self.lower[row * n + above] * x[row];
            }
        }
        x
    }

    /// A⁻¹, by row.
    pub(crate) fn inverse(&self) -> Vec<f64> {
        let mut inverse = Vec::with_capacity(self.n * self.n);
        for row in 0..self.n {
            let mut unit = vec![0.0; self.n];
            unit[row] = 1.0;
            inverse.extend(self.solve(&unit));
        }
        inverse
    }
}

/// Eight sums side by side, which the processor takes at once.
fn dot(one: &[f64], other: &[f64]) -> f64 {
    let (ones, rest) = one.as_chunks::<8>();
    let (others, other_rest) = other[..one.len()].as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (ones, others) in ones.iter().zip(others) {
        for ((sum, a), b) in sums.iter_mut().zip(ones).zip(others) {
            *sum += a * b;
        }
    }
    let rest: f64 = rest.iter().zip(other_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

/// A function at a point: its value, its gradient and, by row, the negative of its second derivatives.
/// [`climb_nearby`] does not ask for the value.
pub(crate) struct Point {
    pub(crate) value: f64,
    pub(crate) gradient: Vec<f64>,
    pub(crate) information: Vec<f64>,
}

impl Point {
    pub(crate) fn new(n: usize) -> Self {
        Self {
            value: 0.0,
            gradient: vec![0.0; n],
            information: vec![0.0; n * n],
        }
    }

    /// Adds what a term that depends on x\[i] − x\[j] alone has to add: its first derivative by that
    /// difference, and the negative of its second.
    pub(crate) fn add_difference(&mut self, i: usize, j: usize, first: f64, second: f64) {
        let n = self.gradient.len();
        self.gradient[i] += first;
        self.gradient[j] -= first;
        self.information[i * n + i] += second;
        self.information[j * n + j] += second;
        self.information[i * n + j] -= second;
        self.information[j * n + i] -= second;
    }
}

/// Where a function is highest.
pub(crate) struct Peak {
    pub(crate) at: Vec<f64>,
    pub(crate) value: f64,
    pub(crate) iterations: usize,
    /// The information before the last step, with the constant held at this weight.
    factored: Cholesky,
    weight: f64,
    centred: usize,
}

impl Peak {
    /// By row, of all unknowns: the inverse of the information, where the first ones sum to 0. As
    /// much work as all steps together, and so done where it is wanted.
    pub(crate) fn covariance(&self) -> Vec<f64> {
        let n = self.at.len();
        let mut covariance = self.factored.inverse();
        for row in 0..self.centred {
            for column in 0..self.centred {
                covariance[row * n + column] -= 1.0 / (self.weight * self.centred as f64);
            }
        }
        covariance
    }
}

/// A step that small ends the climb. Newton's error after a step is of the order of its square, so
/// the result is exact but for rounding.
const SMALL: f64 = 1e-11;
/// The same from a start that is near: what is left is some 1e-12, far below what samples differ by.
const SMALL_NEARBY: f64 = 1e-6;
/// A peak that is near is reached in fewer steps.
const STEPS_NEARBY: usize = 10;

/// Newton's method on a concave function from `start`, with steps halved until they climb. The first
/// `centred` unknowns are known up to a constant that is added to all of them (none where 0): they sum
/// to 0 as they do in `start`. Ends once no unknown moves by more than [`SMALL`] of its size; `None` where
/// that is not reached, as for a function that has no peak.
pub(crate) fn climb(
    start: Vec<f64>,
    centred: usize,
    function: impl Fn(&[f64]) -> Point,
) -> Option<Peak> {
    let n = start.len();
    let mut at = start;
    let mut here = function(&at);
    for iteration in 1..=100 {
        let (held, weight) = hold(&here.information, n, centred);
        let factored = Cholesky::new(n, &held)?;
        let step = factored.solve(&here.gradient);
        let small = step
            .iter()
            .zip(&at)
            .all(|(step, at)| step.abs() <= SMALL * at.abs().max(1.0));
        let (next, there) = halve(&at, &step, here.value, &function)?;
        (at, here) = (next, there);
        if small {
            return Some(Peak {
                at,
                value: here.value,
                iterations: iteration,
                factored,
                weight,
                centred,
            });
        }
    }
    None
}

/// Where a function is highest that is much like one whose peak is `start`: full steps, whose values
/// are not looked at. That a step is small shows that the gradient has vanished, and of a concave
/// function nothing more need be known; where steps do not become small, [`climb`] finds the peak.
pub(crate) fn climb_nearby(
    start: &[f64],
    centred: usize,
    function: impl Fn(&[f64]) -> Point,
) -> Option<Vec<f64>> {
    let mut at = start.to_vec();
    for _ in 0..STEPS_NEARBY {
        let here = function(&at);
        let (held, _) = hold(&here.information, at.len(), centred);
        let Some(factored) = Cholesky::new(at.len(), &held) else {
            break;
        };
        let step = factored.solve(&here.gradient);
        let mut small = true;
        for (at, step) in at.iter_mut().zip(&step) {
            small &= step.abs() <= SMALL_NEARBY * at.abs().max(1.0);
            *at += step;
        }
        if small {
            return Some(at);
        }
    }
    climb(start.to_vec(), centred, function).map(|peak| peak.at)
}

/// The information with the constant held: of the size of the rest, so that neither drowns the other.
fn hold(information: &[f64], n: usize, centred: usize) -> (Vec<f64>, f64) {
    let mut held = information.to_vec();
    let trace: f64 = (0..centred).map(|i| information[i * n + i]).sum();
    let weight = trace / centred.max(1) as f64;
    for row in 0..centred {
        for column in 0..centred {
            held[row * n + column] += weight / centred as f64;
        }
    }
    (held, weight)
}

fn halve(
    at: &[f64],
    step: &[f64],
    value: f64,
    function: &impl Fn(&[f64]) -> Point,
) -> Option<(Vec<f64>, Point)> {
    let mut share = 1.0;
    // What is lost by rounding alone is no reason to turn back.
    let least = value - 1e-12 * value.abs().max(1.0);
    while share > 1e-12 {
        let next: Vec<f64> = at.iter().zip(step).map(|(x, s)| x + share * s).collect();
        let there = function(&next);
        if there.value >= least {
            return Some((next, there));
        }
        share /= 2.0;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_solved_and_inverted() {
        let factored = Cholesky::new(2, &[4.0, 2.0, 2.0, 3.0]).unwrap();
        let mut found = factored.solve(&[8.0, 8.0]);
        found.extend(factored.inverse());
        let expected = [1.0, 2.0, 0.375, -0.25, -0.25, 0.5];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12);
        }
        assert!(Cholesky::new(2, &[1.0, 1.0, 1.0, 1.0]).is_none());
    }

    #[test]
    fn the_top_of_a_hill_is_found_and_a_slope_without_end_is_none() {
        let hill = |x: &[f64]| Point {
            value: x[0] - x[0].exp(),
            gradient: vec![1.0 - x[0].exp()],
            information: vec![x[0].exp()],
        };
        let peak = climb(vec![2.0], 0, hill).unwrap();
        assert!(peak.at[0].abs() < 1e-12);
        assert!((peak.covariance()[0] - 1.0).abs() < 1e-9);
        let slope = |x: &[f64]| Point {
            value: -(-x[0]).exp(),
            gradient: vec![(-x[0]).exp()],
            information: vec![(-x[0]).exp()],
        };
        assert!(climb(vec![0.0], 0, slope).is_none());
        assert!(climb_nearby(&[0.0], 0, slope).is_none());
        // From 0.1 without a look at the value; from 9 steps overshoot, and it takes the long way.
        for start in [0.1, -9.0] {
            let near = climb_nearby(&[start], 0, hill).unwrap();
            assert!(near[0].abs() < 1e-11);
        }
    }
}
