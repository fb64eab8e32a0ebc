//! Whether comparisons determine a ranking at all.
//!
//! L. R. Ford, "Solution of a Ranking Problem from Binary Comparisons", American Mathematical Monthly
//! 64 (1957), 28–33: worths exist, and are the only ones, exactly where in every division of the
//! models into two groups somebody of each has won against somebody of the other. Anything else sends
//! a worth towards infinity, and whoever stops on the way prints a number that the data does not hold.

/// Why there is no ranking. Models are given by index, in ascending groups.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unranked {
    /// Nothing to rank by.
    #[error("there are no comparisons")]
    NoComparisons,
    /// No chain of comparisons leads from one group to another.
    #[error("{} groups of models were never compared with each other", groups.len())]
    Apart {
        /// The groups; a model that was never compared is one by itself.
        groups: Vec<Vec<u32>>,
    },
    /// Some models only ever won against all others, or only ever lost.
    #[error(
        "one group of models never lost to the others, or never won: its distance has no bound"
    )]
    OneSided {
        /// The groups that never lost to a model outside.
        never_lost: Vec<Vec<u32>>,
        /// The groups that never won against a model outside.
        never_won: Vec<Vec<u32>>,
    },
    /// The side on which a model stood explains every outcome, or cannot be told from the models.
    #[error("the effect of the side cannot be told from the models that stood there")]
    SideDecides,
    /// A parameter for ties has nothing to be measured by.
    #[error("no comparison was a tie: rank without a parameter for ties")]
    NoTies,
    /// Nearly everything is a tie, so that the parameter for ties has no bound.
    #[error("too few comparisons were anything but a tie")]
    OnlyTies,
    /// The fit did not settle, although it should: numbers too far apart for floating point.
    #[error("the fit did not settle")]
    NotFound,
}

/// Says whether worths exist where `beat(i, j)` tells that `i` won against `j` at least once, in part.
pub(crate) fn ford(models: usize, beat: impl Fn(usize, usize) -> bool) -> Result<(), Unranked> {
    let any = (0..models).any(|i| (0..models).any(|j| i != j && beat(i, j)));
    if !any {
        return Err(Unranked::NoComparisons);
    }
    let together = groups(models, |i, j| beat(i, j) || beat(j, i));
    if together.len() > 1 {
        return Err(Unranked::Apart { groups: together });
    }
    let strong = groups(models, &beat);
    if strong.len() < 2 {
        return Ok(());
    }
    let outside = |group: &[u32], won: bool| {
        group.iter().all(|&member| {
            (0..models as u32).all(|other| {
                let (winner, loser) = if won {
                    (member, other)
                } else {
                    (other, member)
                };
                group.contains(&other) || !beat(winner as usize, loser as usize)
            })
        })
    };
    let those = |won| {
        let groups = strong.iter().filter(|group| outside(group, won));
        groups.cloned().collect()
    };
    Err(Unranked::OneSided {
        never_lost: those(false),
        never_won: those(true),
    })
}

/// The strongly connected components of a graph, each ascending, by their lowest member: whoever can
/// be reached from the lowest and reaches it.
fn groups(models: usize, edge: impl Fn(usize, usize) -> bool) -> Vec<Vec<u32>> {
    let mut of = vec![false; models];
    let mut groups = Vec::new();
    for lowest in 0..models {
        if of[lowest] {
            continue;
        }
        let forth = reached(models, lowest, &edge);
        let back = reached(models, lowest, |i, j| edge(j, i));
        let group: Vec<u32> = (0..models)
            .filter(|&i| forth[i] && back[i])
            .map(|i| i as u32)
            .collect();
        for &member in &group {
            of[member as usize] = true;
        }
        groups.push(group);
    }
    groups
}

fn reached(models: usize, from: usize, edge: impl Fn(usize, usize) -> bool) -> Vec<bool> {
    let mut seen = vec![false; models];
    seen[from] = true;
    let mut unseen = models - 1;
    let mut left = vec![from];
    while let Some(i) = left.pop() {
        for (j, seen) in seen.iter_mut().enumerate() {
            if !*seen && edge(i, j) {
                *seen = true;
                unseen -= 1;
                left.push(j);
            }
        }
        if unseen == 0 {
            break;
        }
    }
    seen
}

/// x\[to] ≤ x\[from] + bound.
pub(crate) struct Bound {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) bound: f64,
}

/// Whether numbers exist that keep all bounds (Bellman and Ford). A model with an effect besides the
/// worths has no highest likelihood exactly where such numbers exist: along them the effect can grow
/// for ever and no outcome becomes less likely.
pub(crate) fn can_be_kept(models: usize, bounds: &[Bound]) -> bool {
    let mut x = vec![0.0; models];
    for _ in 0..=models {
        let mut kept = true;
        for bound in bounds {
            let most = x[bound.from] + bound.bound;
            if x[bound.to] > most {
                x[bound.to] = most;
                kept = false;
            }
        }
        if kept {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(models: usize, wins: &[(usize, usize)]) -> Result<(), Unranked> {
        ford(models, |i, j| wins.contains(&(i, j)))
    }

    #[test]
    fn a_circle_of_wins_determines_worths() {
        assert_eq!(said(3, &[(0, 1), (1, 2), (2, 0)]), Ok(()));
    }

    #[test]
    fn whoever_never_lost_is_named() {
        // 3 and 1 won against each other and against 0 and 2, of which 0 won against 2.
        let wins = [(3, 1), (1, 3), (3, 0), (1, 2), (0, 2)];
        let expected = Unranked::OneSided {
            never_lost: vec![vec![1, 3]],
            never_won: vec![vec![2]],
        };
        assert_eq!(said(4, &wins), Err(expected));
    }

    #[test]
    fn whoever_was_never_compared_stands_apart() {
        let expected = Unranked::Apart {
            groups: vec![vec![0, 2], vec![1]],
        };
        assert_eq!(said(3, &[(0, 2), (2, 0)]), Err(expected));
        assert_eq!(said(3, &[]), Err(Unranked::NoComparisons));
    }

    #[test]
    fn bounds_that_run_in_a_circle_can_contradict() {
        let bound = |from, to, bound| Bound { from, to, bound };
        assert!(can_be_kept(2, &[bound(0, 1, 1.0), bound(1, 0, -1.0)]));
        assert!(!can_be_kept(2, &[bound(0, 1, 1.0), bound(1, 0, -1.5)]));
    }
}
