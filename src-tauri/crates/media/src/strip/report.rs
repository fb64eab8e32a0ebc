//! What a stripping took out and what it could not, counted under plain words.

/// What was taken out of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stripped {
    removed: Vec<(&'static str, u64)>,
    left: Vec<(&'static str, u64)>,
}

impl Stripped {
    /// What was taken out: “PNG text chunks: 2”. Empty where there was nothing.
    pub fn removed(&self) -> impl Iterator<Item = String> {
        self.removed.iter().map(words)
    }

    /// What may say where the file comes from and was left, because taking it out could change
    /// what is shown, or is for the caller to do.
    pub fn left(&self) -> impl Iterator<Item = String> {
        self.left.iter().map(words)
    }

    /// Counts one thing taken out.
    pub(super) fn took(&mut self, what: &'static str) {
        self.took_some(what, 1);
    }

    pub(super) fn took_some(&mut self, what: &'static str, count: u64) {
        add(&mut self.removed, what, count);
    }

    /// Counts one thing left in.
    pub(super) fn kept(&mut self, what: &'static str) {
        add(&mut self.left, what, 1);
    }

    /// Adds what was found in a file within the file.
    pub(super) fn include(&mut self, other: &Self) {
        for (what, count) in &other.removed {
            add(&mut self.removed, what, *count);
        }
        for (what, count) in &other.left {
            add(&mut self.left, what, *count);
        }
    }
}

fn words((what, count): &(&'static str, u64)) -> String {
    format!("{what}: {count}")
}

fn add(list: &mut Vec<(&'static str, u64)>, what: &'static str, count: u64) {
    if count == 0 {
        return;
    }
    match list.iter_mut().find(|(known, _)| *known == what) {
        Some((_, total)) => *total = total.saturating_add(count),
        None => list.push((what, count)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_counted_under_their_words() {
        let mut report = Stripped::default();
        report.took("comments");
        report.took_some("comments", 2);
        report.took_some("tags", 0);
        report.kept("names");
        assert_eq!(report.removed().collect::<Vec<_>>(), ["comments: 3"]);
        assert_eq!(report.left().collect::<Vec<_>>(), ["names: 1"]);
    }
}
