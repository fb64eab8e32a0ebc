//! The table that all agreement is computed from: who gave which answer to which question.
//!
//! It is sparse, since in a real project most people answer few of the questions.

use crate::error::{AgreementError, Result};

/// One answer: indices of the question, of who answered, and of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rating {
    /// Which question, from 0.
    pub question: u32,
    /// Who, from 0.
    pub annotator: u32,
    /// Which answer, from 0; where the scale is ordered, in its order.
    pub category: u32,
}

/// The answers to all questions, at most one per question and annotator.
#[derive(Debug, Clone)]
pub struct Ratings {
    annotators: usize,
    categories: usize,
    /// Sorted by question, then by annotator.
    ratings: Vec<Rating>,
    /// Where each question's ratings begin; one entry more than there are questions. Half the size
    /// of addresses: it is gone through as often as the ratings are.
    starts: Vec<u32>,
}

impl Ratings {
    /// A table of `questions` × `annotators`, with answers from `categories`. Questions without an
    /// answer and annotators who gave none are allowed, and so are categories that nobody chose.
    ///
    /// # Errors
    /// An index out of range, two ratings of one question by one annotator, or more ratings than
    /// 32 bits can count.
    pub fn new(
        questions: usize,
        annotators: usize,
        categories: usize,
        mut ratings: Vec<Rating>,
    ) -> Result<Self> {
        let most = u32::MAX as usize;
        if ratings.len() > most {
            let (what, index) = ("rating", ratings.len());
            return Err(AgreementError::OutOfRange {
                what,
                index,
                count: most,
            });
        }
        for rating in &ratings {
            within("question", rating.question, questions)?;
            within("annotator", rating.annotator, annotators)?;
            within("category", rating.category, categories)?;
        }
        let place = |rating: &Rating| (rating.question, rating.annotator);
        // As a rule votes come in order, which one look tells.
        if !ratings.is_sorted_by(|one, next| place(one) < place(next)) {
            ratings.sort_unstable();
            let same = |two: &&[Rating]| place(&two[0]) == place(&two[1]);
            if let Some(two) = ratings.windows(2).find(same) {
                return Err(AgreementError::Doubled {
                    question: two[0].question as usize,
                    annotator: two[0].annotator as usize,
                });
            }
        }
        let mut starts = Vec::with_capacity(questions + 1);
        for (n, rating) in ratings.iter().enumerate() {
            while starts.len() <= rating.question as usize {
                starts.push(n as u32);
            }
        }
        starts.resize(questions + 1, ratings.len() as u32);
        Ok(Self {
            annotators,
            categories,
            ratings,
            starts,
        })
    }

    /// How many questions there are, answered or not.
    #[must_use]
    pub fn questions(&self) -> usize {
        self.starts.len() - 1
    }

    /// How many annotators there are.
    #[must_use]
    pub const fn annotators(&self) -> usize {
        self.annotators
    }

    /// How many answers could be given.
    #[must_use]
    pub const fn categories(&self) -> usize {
        self.categories
    }

    /// All ratings, by question, then by annotator.
    #[must_use]
    pub fn all(&self) -> &[Rating] {
        &self.ratings
    }

    /// The ratings of each question in turn, those of one by annotator.
    pub fn each(&self) -> impl Iterator<Item = &[Rating]> {
        let bounds = self.starts.windows(2);
        bounds.map(|two| &self.ratings[two[0] as usize..two[1] as usize])
    }

    /// The ratings of one question, by annotator. Empty where there are none.
    #[must_use]
    pub fn of(&self, question: usize) -> &[Rating] {
        match (self.starts.get(question), self.starts.get(question + 1)) {
            (Some(&from), Some(&to)) => &self.ratings[from as usize..to as usize],
            _ => &[],
        }
    }
}

pub(crate) fn within(what: &'static str, index: u32, count: usize) -> Result<()> {
    let index = index as usize;
    if index < count {
        Ok(())
    } else {
        Err(AgreementError::OutOfRange { what, index, count })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    const fn rating(question: u32, annotator: u32, category: u32) -> Rating {
        Rating {
            question,
            annotator,
            category,
        }
    }

    #[test]
    fn questions_without_answers_have_none() {
        let table = Ratings::new(
            3,
            2,
            2,
            vec![rating(2, 1, 0), rating(0, 0, 1), rating(2, 0, 1)],
        );
        let table = table.unwrap();
        assert_eq!(table.of(0), [rating(0, 0, 1)]);
        assert!(table.of(1).is_empty());
        assert_eq!(table.of(2), [rating(2, 0, 1), rating(2, 1, 0)]);
        assert!(table.of(3).is_empty());
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let doubled = Ratings::new(1, 1, 2, vec![rating(0, 0, 0), rating(0, 0, 1)]);
        assert!(matches!(doubled, Err(AgreementError::Doubled { .. })));
        let past = Ratings::new(1, 1, 2, vec![rating(0, 0, 2)]);
        assert!(matches!(
            past,
            Err(AgreementError::OutOfRange {
                what: "category",
                ..
            })
        ));
    }
}
