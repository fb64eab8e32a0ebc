//! Probabilities of several tests, corrected for there being several.
//!
//! Both corrections give adjusted probabilities in the order given: a test holds at a level where its
//! adjusted probability is no higher. They equal R's `p.adjust`.

/// Holm's correction, under which the chance of any false claim stays below the level whatever the
/// tests have to do with each other: S. Holm, "A Simple Sequentially Rejective Multiple Test
/// Procedure", Scandinavian Journal of Statistics 6 (1979), 65–70.
#[must_use]
pub fn holm(probabilities: &[f64]) -> Vec<f64> {
    let count = probabilities.len();
    let mut adjusted = vec![0.0; count];
    let mut highest = 0.0_f64;
    for (rank, place) in rising(probabilities).into_iter().enumerate() {
        highest = highest.max(probabilities[place] * (count - rank) as f64);
        adjusted[place] = highest.min(1.0);
    }
    adjusted
}

/// The correction of Benjamini and Yekutieli, under which the expected share of false claims among
/// all claims stays below the level whatever the tests have to do with each other: Annals of
/// Statistics 29 (2001), 1165–1188.
#[must_use]
pub fn benjamini_yekutieli(probabilities: &[f64]) -> Vec<f64> {
    let count = probabilities.len();
    let harmonic: f64 = (1..=count).map(|rank| 1.0 / rank as f64).sum();
    let mut adjusted = vec![0.0; count];
    let mut lowest = 1.0_f64;
    for (rank, place) in rising(probabilities).into_iter().enumerate().rev() {
        let factor = harmonic * count as f64 / (rank + 1) as f64;
        lowest = lowest.min(probabilities[place] * factor);
        adjusted[place] = lowest;
    }
    adjusted
}

/// The places of the probabilities, the lowest first.
fn rising(probabilities: &[f64]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..probabilities.len()).collect();
    places.sort_by(|&one, &other| probabilities[one].total_cmp(&probabilities[other]));
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: &[f64], wanted: &[f64]) {
        assert_eq!(found.len(), wanted.len());
        for (found, wanted) in found.iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-12, "{found}, not {wanted}");
        }
    }

    // Golden numbers: statsmodels 0.14, `multipletests(p, method="holm")` and `method="fdr_by"`.
    const P: [f64; 6] = [0.04, 0.001, 0.3, 0.012, 0.012, 0.9];

    #[test]
    fn holms_are_the_references() {
        near(&holm(&P), &HOLM);
        near(&holm(&[]), &[]);
        near(&holm(&[0.2]), &[0.2]);
    }

    #[test]
    fn benjamini_and_yekutielis_are_the_references() {
        near(&benjamini_yekutieli(&P), &BY);
        near(&benjamini_yekutieli(&[0.2]), &[0.2]);
    }

    const HOLM: [f64; 6] = [0.12, 0.006, 0.6, 0.06, 0.06, 0.9];
    const BY: [f64; 6] = [
        0.147,
        0.0147,
        0.8819999999999999,
        0.05879999999999999,
        0.05879999999999999,
        1.0,
    ];
}
