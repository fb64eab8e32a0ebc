//! What the surface is fitted on: labelled questions as rows of differences, parted into folds of
//! whole prompts.

use std::collections::BTreeMap;

use tiebreak_domain::{ContentHasher, PromptId, Verdict};

use super::features::WIDTH;

/// A labelled question.
#[derive(Debug, Clone, PartialEq)]
pub struct Labelled {
    /// Its prompt.
    pub prompt: PromptId,
    /// The features of response 1 less those of response 2.
    pub difference: [f64; WIDTH],
    /// The share of answers for response 1, 0 to 1, a tie being half of one.
    pub share: f64,
    /// The verdict that leads; `None` where two lead, and where it is one that scores cannot say.
    pub truth: Option<Verdict>,
}

/// Part of the rows, laid out for fitting.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    pub(super) values: Vec<f64>,
    pub(super) shares: Vec<f64>,
}

impl Part {
    pub(super) fn of<'a>(rows: impl Iterator<Item = &'a Labelled>) -> Self {
        let mut part = Self::default();
        for row in rows {
            part.values.extend_from_slice(&row.difference);
            part.shares.push(row.share);
        }
        part
    }

    /// Divides every feature by the size it has here (the root of its mean square), and returns those
    /// sizes; 0 for a feature that parts no two responses here. No mean is taken off: it would make
    /// the first response unlike the second.
    pub(super) fn standardise(&mut self) -> [f64; WIDTH] {
        let mut sizes = [0.0; WIDTH];
        for row in self.values.chunks_exact(WIDTH) {
            for (size, x) in sizes.iter_mut().zip(row) {
                *size += x * x;
            }
        }
        let rows = self.shares.len().max(1) as f64;
        for size in &mut sizes {
            *size = (*size / rows).sqrt();
            if *size < 1e-9 {
                *size = 0.0;
            }
        }
        for row in self.values.chunks_exact_mut(WIDTH) {
            for (x, size) in row.iter_mut().zip(sizes) {
                *x = if size > 0.0 { *x / size } else { 0.0 };
            }
        }
        sizes
    }
}

/// In which of `folds` folds each prompt is: as many in each as can be, drawn from the seed and the
/// prompts' own ids, so that neither the order of rows nor a merge moves one.
#[must_use]
pub fn folds_of(
    prompts: impl Iterator<Item = PromptId>,
    folds: u32,
    seed: u64,
) -> BTreeMap<PromptId, u32> {
    let mut drawn: Vec<(u128, PromptId)> = prompts
        .map(|prompt| {
            let mut hasher = ContentHasher::new("fold of a prompt");
            hasher
                .bytes(&seed.to_le_bytes())
                .bytes(prompt.uuid().as_bytes());
            (hasher.finish().as_u128(), prompt)
        })
        .collect();
    drawn.sort_unstable();
    drawn.dedup();
    let folds = u64::from(folds.max(1));
    let dealt = drawn.into_iter().zip(0_u64..);
    dealt
        .map(|((_, prompt), n)| (prompt, u32::try_from(n % folds).unwrap_or(0)))
        .collect()
}
