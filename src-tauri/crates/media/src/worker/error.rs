//! What can go wrong with a worker, as sentences that name no file: an annotator may read them.

use std::io;

/// A request without its answer.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The worker has no model of that name: it was never sent, or was dropped for others.
    #[error("This model is not loaded yet.")]
    NotLoaded,
    /// The worker looked and said no.
    #[error("This model cannot be shown: {why}.")]
    Refused {
        /// Why, for people.
        why: String,
        /// What exactly, for the log.
        detail: String,
    },
    /// The model and its parts weigh too much.
    #[error("This model cannot be shown: with its parts it is larger than 512 MiB.")]
    TooLarge,
    /// The worker did not answer in time and was ended.
    #[error("This model cannot be shown: it takes too long.")]
    TooLong,
    /// The worker ended by itself.
    #[error("This model cannot be shown: the program that draws it stopped at it.")]
    Died {
        /// How the conversation broke off, for the log.
        detail: String,
    },
    /// No worker can be started.
    #[error(
        "3D models cannot be shown at the moment: the program that draws them does not start. \
         Install Tiebreak again if this stays so."
    )]
    NoWorker {
        /// What the system says, for the log.
        source: io::Error,
    },
}

impl WorkerError {
    /// What the log should say and a person need not read.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::Refused { detail, .. } | Self::Died { detail } => detail.clone(),
            Self::NoWorker { source } => source.to_string(),
            Self::NotLoaded | Self::TooLarge | Self::TooLong => String::new(),
        }
    }
}
