//! Where the samples of a track stand (ISO/IEC 14496-12, 8.6 and 8.7).

use super::super::StripError;
use super::{Box4, Film};
use crate::bytes::{be32, be64, u8_at};

/// The most samples of one size that are told apart.
const MOST: usize = 4_000_000;

/// The tables of a track, as they stand in the file.
#[derive(Default)]
pub(super) struct Samples {
    /// Where each run of samples begins.
    chunks: Vec<u64>,
    /// From which run on each has how many samples: first run (from 1), samples a run.
    runs: Vec<(u32, u32)>,
    sizes: Sizes,
    /// The numbers, from 1, of the samples at which decoding may begin; every one where there is
    /// no list.
    starts: Option<Vec<u32>>,
}

#[derive(Default)]
enum Sizes {
    #[default]
    None,
    Same {
        size: u32,
        count: u32,
    },
    /// Entries of so many bits.
    Each {
        bits: usize,
        table: Vec<u8>,
    },
}

impl Samples {
    pub(super) fn read(film: &mut Film<'_, '_>, table: &[Box4]) -> Result<Self, StripError> {
        let mut found = Self::default();
        for part in table {
            let wanted = matches!(
                &part.name,
                b"stco" | b"co64" | b"stsc" | b"stsz" | b"stz2" | b"stss"
            );
            if !wanted {
                continue;
            }
            let body = film.body(*part)?;
            let count = be32(&body, 4).unwrap_or(0) as usize;
            let entries = body.get(8..).unwrap_or(&[]);
            match &part.name {
                b"stco" => {
                    let all = entries.chunks_exact(4).take(count);
                    found.chunks = all.filter_map(|e| be32(e, 0)).map(u64::from).collect();
                }
                b"co64" => {
                    let all = entries.chunks_exact(8).take(count);
                    found.chunks = all.filter_map(|e| be64(e, 0)).collect();
                }
                b"stsc" => {
                    let all = entries.chunks_exact(12).take(count);
                    found.runs = all
                        .filter_map(|e| Some((be32(e, 0)?, be32(e, 4)?)))
                        .collect();
                }
                b"stss" => {
                    let all = entries.chunks_exact(4).take(count);
                    found.starts = Some(all.filter_map(|e| be32(e, 0)).collect());
                }
                name => found.sizes = sizes(name, &body),
            }
        }
        Ok(found)
    }

    /// Where each run of samples begins.
    pub(super) fn chunks(&self) -> impl Iterator<Item = u64> {
        self.chunks.iter().copied()
    }

    /// Where each sample begins, and its size in bytes.
    pub(super) fn all(&self) -> impl Iterator<Item = (u64, u64)> {
        let (mut chunk, mut run, mut left, mut at) = (0usize, 0usize, 0u32, 0u64);
        (0..MOST).map_while(move |nth| {
            while left == 0 {
                at = *self.chunks.get(chunk)?;
                chunk += 1;
                let number = u32::try_from(chunk).ok()?;
                while self
                    .runs
                    .get(run + 1)
                    .is_some_and(|(first, _)| *first <= number)
                {
                    run += 1;
                }
                left = self.runs.get(run)?.1;
            }
            let size = self.sizes.of(nth)?;
            let begins = at;
            at = at.saturating_add(size);
            left -= 1;
            Some((begins, size))
        })
    }

    /// The samples at which decoding may begin.
    pub(super) fn starts(&self) -> impl Iterator<Item = (u64, u64)> {
        let listed = |number: u32| match &self.starts {
            Some(list) => list.binary_search(&number).is_ok(),
            None => true,
        };
        (1u32..)
            .zip(self.all())
            .filter(move |(number, _)| listed(*number))
            .map(|(_, sample)| sample)
    }
}

fn sizes(name: &[u8; 4], body: &[u8]) -> Sizes {
    let table = || body.get(12..).unwrap_or(&[]).to_vec();
    let (Some(size), Some(count)) = (be32(body, 4), be32(body, 8)) else {
        return Sizes::None;
    };
    match (name, size) {
        (b"stsz", 0) => Sizes::Each {
            bits: 32,
            table: table(),
        },
        (b"stsz", _) => Sizes::Same { size, count },
        (_, 4 | 8 | 16) => Sizes::Each {
            bits: size as usize,
            table: table(),
        },
        _ => Sizes::None,
    }
}

impl Sizes {
    fn of(&self, nth: usize) -> Option<u64> {
        match self {
            Self::None => None,
            Self::Same { size, count } => (nth < *count as usize).then_some((*size).into()),
            Self::Each { bits: 4, table } => {
                let both = u8_at(table, nth / 2)?;
                Some(u64::from(if nth.is_multiple_of(2) {
                    both >> 4
                } else {
                    both & 15
                }))
            }
            Self::Each { bits, table } => {
                let width = bits / 8;
                let entry = table.get(nth * width..(nth + 1) * width)?;
                Some(
                    entry
                        .iter()
                        .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_follow_each_other_in_their_runs() {
        let samples = Samples {
            chunks: vec![100, 200, 300],
            runs: vec![(1, 2), (3, 1)],
            sizes: sizes(b"stsz", &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5]),
            starts: Some(vec![1, 4]),
        };
        assert_eq!(samples.all().count(), 0, "there are no sizes");
        let table = (1u32..=5).flat_map(u32::to_be_bytes).collect();
        let samples = Samples {
            sizes: Sizes::Each { bits: 32, table },
            ..samples
        };
        let all: Vec<_> = samples.all().collect();
        assert_eq!(all, [(100, 1), (101, 2), (200, 3), (203, 4), (300, 5)]);
        assert_eq!(samples.starts().collect::<Vec<_>>(), [(100, 1), (203, 4)]);
        let small = sizes(b"stz2", &[0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 2, 0x35]);
        assert_eq!(
            (small.of(0), small.of(1), small.of(2)),
            (Some(3), Some(5), None)
        );
    }

    #[test]
    fn runs_without_samples_end() {
        let samples = Samples {
            chunks: vec![1; 1000],
            runs: vec![(1, 0)],
            sizes: Sizes::Same { size: 1, count: 9 },
            starts: None,
        };
        assert_eq!(samples.all().count(), 0);
    }
}
