//! The TypeScript types of everything that crosses to the page.
//!
//! `cargo xtask bindings` writes them to `ui/src/bindings/`; a test compares them with what is
//! committed there.

use std::path::{Path, PathBuf};

use tiebreak_domain::{MediaId, QuestionView};
use ts_rs::{Config, ExportError, TS};

use crate::dto;

/// Where the types live in the repository.
#[must_use]
pub fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/bindings")
}

/// Writes every type, one file each, into `folder`.
pub fn write(folder: &Path) -> Result<(), ExportError> {
    let config = Config::new().with_out_dir(folder);
    macro_rules! export {
        ($($root:ty),* $(,)?) => { $(<$root>::export_all(&config)?;)* };
    }
    export!(
        QuestionView<MediaId>,
        tiebreak_domain::Rule,
        dto::RecentProject,
        dto::ProjectInfo,
        crate::projects::NewProject,
        dto::AnnotatorName,
        dto::Preferences,
        dto::Progress,
        dto::HistoryEntry,
        dto::VoteRequest,
        dto::VoteReceipt,
        dto::UndoReceipt,
        dto::CriteriaReceipt,
        dto::ImportRequest,
        dto::ImportPreview,
        dto::ImportProgress,
        dto::ImportReport,
        dto::MergeReport,
        crate::package::PackageReport,
        dto::ExportRequest,
        dto::ExportReport,
        dto::CheckReport,
        dto::LabelSetup,
        dto::MoveReport,
        crate::adjudicate::NextToAdjudicate<MediaId>,
        crate::adjudicate::DecideRequest,
        crate::adjudicate::SettleRequest,
        crate::adjudicate::SettleReceipt,
        crate::resolve::ResolveRequest,
        crate::resolve::RuleOutcome,
        crate::resolve::ResolutionInfo,
        crate::resolve::ReverseReport,
        crate::agreement::AgreementRequest,
        crate::agreement::AgreementReport,
        crate::criteria::CriteriaRequest,
        crate::criteria::CriteriaPage,
        crate::criteria::EditPreview,
        crate::criteria::EditReceipt,
        crate::criteria::SameReceipt,
        crate::criteria::GroupReceipt,
        crate::criteria::Suggestions,
        crate::phases::PhaseReport,
        crate::drops::DropRequest,
        crate::drops::DropOutcome,
        crate::protocol::ProtocolRequest,
        crate::protocol::ProtocolReport,
        crate::disagreements::Disagreements,
        crate::predictions::PredictionsRequest,
        crate::predictions::PredictionsReport,
        crate::compare::CompareRequest,
        crate::compare::CompareReport,
        crate::disagreements::QuestionInFull<MediaId>,
        crate::guideline::Guideline,
        crate::queues::Queues,
        crate::known::KnownQuestion,
        crate::models::ModelsReport,
        crate::predict::PredictRequest,
        crate::predict::PredictProgress,
        crate::predict::PredictReport,
        crate::reveal::RevealSettings,
        crate::reveal::RevealRequest,
        tiebreak_domain::Told,
        crate::reveal::RevealsReport,
        crate::surface::SurfaceRequest,
        crate::surface::SurfaceReport,
        crate::CommandError,
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_types_are_those_of_the_program() {
        let fresh = tempfile::tempdir().unwrap();
        write(fresh.path()).unwrap();
        let read = |folder: &Path| -> std::collections::BTreeMap<String, String> {
            std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| {
                    let path = entry.unwrap().path();
                    let name = path.file_name().unwrap().to_string_lossy().into_owned();
                    (name, std::fs::read_to_string(&path).unwrap())
                })
                .collect()
        };
        let (fresh, committed) = (read(fresh.path()), read(&committed()));
        let drifted: Vec<_> = fresh
            .iter()
            .filter(|(name, text)| committed.get(*name) != Some(text))
            .map(|(name, _)| name)
            .chain(committed.keys().filter(|name| !fresh.contains_key(*name)))
            .collect();
        assert!(
            drifted.is_empty(),
            "run `cargo xtask bindings` and commit {drifted:?}"
        );
    }
}
