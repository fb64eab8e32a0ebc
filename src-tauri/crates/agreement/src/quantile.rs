//! Quantiles of the normal and of Student's distribution, which intervals are made of.
//!
//! Written here because two functions do not warrant a library of distributions. Each is a
//! distribution function good to some 1e-12, turned around by halving.

use std::f64::consts::PI;

/// How sure the analytic intervals are.
pub(crate) const LEVEL: f64 = 0.95;

/// Steps of halving: from any start below 2^20 down to what an `f64` can tell apart.
const HALVINGS: usize = 90;

/// P(Z ≤ x) for a standard normal Z. The series of Marsaglia (2004) near the middle, the continued
/// fraction of the tail beyond it.
pub(crate) fn normal_cdf(x: f64) -> f64 {
    let density = (-0.5 * x * x).exp() / (2.0 * PI).sqrt();
    if x.abs() < 5.0 {
        let (mut term, mut sum, mut k) = (x, x, 1.0);
        while term.abs() > 1e-17 * sum.abs() {
            k += 2.0;
            term *= x * x / k;
            sum += term;
        }
        return 0.5 + density * sum;
    }
    let fraction = (1..=60)
        .rev()
        .fold(x.abs(), |below, k| x.abs() + f64::from(k) / below);
    let tail = density / fraction;
    if x > 0.0 { 1.0 - tail } else { tail }
}

/// The x with P(Z ≤ x) = `p`, for 0 < p < 1; beyond, ±40.
pub(crate) fn normal(p: f64) -> f64 {
    invert(p, 40.0, normal_cdf)
}

/// The x with P(T ≤ x) = `p` for Student's T with `freedom` degrees of freedom (above 0).
pub(crate) fn student(p: f64, freedom: f64) -> f64 {
    if freedom > 1e6 {
        // Cornish and Fisher's first term: what is left out is below 1e-11.
        let z = normal(p);
        return z + (z * z * z + z) / (4.0 * freedom);
    }
    invert(p, 1e6, |x| student_cdf(x, freedom))
}

/// How many standard errors to both sides hold [`LEVEL`], with `n` independent questions.
pub(crate) fn student_reach(n: f64) -> f64 {
    student(0.5 + LEVEL / 2.0, n - 1.0)
}

/// How many standard errors to both sides hold [`LEVEL`] of a normal distribution.
pub(crate) fn normal_reach() -> f64 {
    normal(0.5 + LEVEL / 2.0)
}

fn invert(p: f64, bound: f64, cdf: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (-bound, bound);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if cdf(middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// P(T ≤ x) for Student's T with `freedom` degrees of freedom (above 0).
pub(crate) fn student_cdf(x: f64, freedom: f64) -> f64 {
    let tail = 0.5 * beta_share(freedom / (freedom + x * x), 0.5 * freedom, 0.5);
    if x > 0.0 { 1.0 - tail } else { tail }
}

/// The regularised incomplete beta function I_x(a, b).
fn beta_share(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(x, a, b) / a
    } else {
        1.0 - front * beta_fraction(1.0 - x, b, a) / b
    }
}

/// The continued fraction of I_x(a, b) (Abramowitz and Stegun 26.5.8), by Lentz's method.
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    let away = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..=500 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut step = 1.0;
        for part in [even, odd] {
            d = 1.0 / away(1.0 + part * d);
            c = away(1.0 + part / c);
            step = c * d;
            value *= step;
        }
        if (step - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

/// ln Γ(x) for x > 0: Stirling's series, after climbing to where it is exact to the last digits.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut below) = (x, 1.0);
    while x < 15.0 {
        below *= x;
        x += 1.0;
    }
    let square = x * x;
    let series = (1.0 / 12.0
        - (1.0 / 360.0
            - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / (1188.0 * square)) / square) / square)
            / square)
        / x;
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * PI).ln() + series - f64::ln(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (p, z) in [
            (0.975, 1.959_963_984_540_054),
            (0.5, 0.0),
            (0.05, -1.644_853_626_951_472_7),
            (1e-9, -5.997_807_015_008_18),
        ] {
            assert!((normal(p) - z).abs() < 1e-9, "z({p}) = {}", normal(p));
        }
        for (freedom, t) in [
            (1.0, 12.706_204_736_432_095),
            (2.0, 4.302_652_729_911_275),
            (10.0, 2.228_138_851_964_938_5),
            (199.0, 1.971_956_544_249_395),
            (33_999.0, 1.960_033_7),
            (2e6, 1.959_965_170_7),
        ] {
            let found = student(0.975, freedom);
            assert!((found - t).abs() < 1e-7, "t({freedom}) = {found}");
        }
    }

    #[test]
    fn tails_meet_the_middle() {
        for x in [4.999_999_9, 5.000_000_1] {
            assert!((normal_cdf(x) - 0.999_999_713_348).abs() < 1e-12);
        }
        assert!((normal_cdf(1.3) + normal_cdf(-1.3) - 1.0).abs() < 1e-15);
    }
}
