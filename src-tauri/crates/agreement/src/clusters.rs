//! Cases that come in clusters (prompts): numbered from nought, as resampling wants them.

use std::collections::HashMap;

/// Gives each cluster the next number when it first comes.
#[derive(Debug, Default)]
pub(crate) struct Clusters(HashMap<u32, usize>);

impl Clusters {
    /// The cluster's number.
    pub(crate) fn place(&mut self, cluster: u32) -> usize {
        let next = self.0.len();
        *self.0.entry(cluster).or_insert(next)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// The variance of a figure whose deviation each cluster bears so much of, with the correction for
/// few clusters; none of fewer than two.
pub(crate) fn variance(parts: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (mut count, mut squares) = (0_u32, 0.0);
    for part in parts {
        count += 1;
        squares += part * part;
    }
    let count = f64::from(count);
    (count > 1.0).then(|| count / (count - 1.0) * squares)
}
