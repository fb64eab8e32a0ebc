//! Where each command of the catalogue stands in the window; see `tiebreak_commands::catalogue`.

#[cfg(test)]
mod tests {
    use tiebreak_commands::catalogue::Command;

    macro_rules! names {
        ($($module:ident::$command:ident,)*) => { &[$(stringify!($command)),*] };
    }

    const COMMANDS: &[&str] = with_commands!(names);

    const fn face(command: Command) -> &'static str {
        match command {
            Command::New => "project_new",
            Command::Open => "project_open",
            Command::Info => "project_info",
            Command::Preview => "import_preview",
            Command::Import => "import_run",
            Command::Merge => "merge_run",
            Command::Package => "package_run",
            Command::Export => "export_run",
            Command::Check => "check_run",
            Command::Annotators => "annotators",
            Command::AddAnnotator => "annotator_pick",
            Command::MoveVotes => "votes_move",
            Command::Next => "label_next",
            Command::Vote => "label_vote",
            Command::Undo => "label_undo",
            Command::Skip => "label_skip",
            Command::Criterion => "label_criteria",
            Command::History => "label_history",
            Command::Progress => "label_progress",
            Command::Keys => "keys_bind",
            Command::Media => "media_base",
            Command::Agreement => "agreement_run",
            Command::AdjudicateNext => "adjudicate_next",
            Command::AdjudicateDecide => "adjudicate_decide",
            Command::AdjudicateSettle => "adjudicate_settle",
            Command::AdjudicateSendBack => "adjudicate_send_back",
            Command::AdjudicateFlag => "adjudicate_flag",
            Command::ResolvePreview => "resolve_preview",
            Command::Resolve => "resolve_run",
            Command::Resolutions => "resolutions",
            Command::Reverse => "resolve_reverse",
            Command::Disagreements => "disagreements_list",
            Command::Criteria => "criteria_list",
            Command::CriteriaSuggest => "criteria_suggest",
            Command::CriterionEdit => "criterion_edit",
            Command::CriterionEditPreview => "criterion_edit_preview",
            Command::CriteriaSame => "criteria_same",
            Command::CriteriaApart => "criteria_apart",
            Command::CriteriaGroup => "criteria_group",
            Command::Phases => "phase_report",
            Command::PhaseBegin => "phase_begin",
            Command::DropPreview => "drop_preview",
            Command::Drop => "drop_run",
            Command::Protocol => "protocol_report",
            Command::QuestionInFull => "question_in_full",
            Command::PredictionsImport => "predictions_import",
            Command::Compare => "compare_run",
            Command::Guideline => "guideline_all",
            Command::SetGuideline => "guideline_set",
            Command::Queues => "queues_all",
            Command::SetOrder => "order_set",
            Command::FreePlace => "place_free",
            Command::KnownAnswers => "known_all",
            Command::AddKnownAnswer => "known_add",
            Command::RemoveKnownAnswer => "known_remove",
            Command::SetKnownAnswers => "known_set",
            Command::ReadGuideline => "label_guideline",
            Command::Models => "models_list",
            Command::Predict => "predict_run",
            Command::Reveal => "reveal_settings",
            Command::SetReveal => "reveal_set",
            Command::Told => "label_reveal",
            Command::ToldAtEnd => "label_reveals",
            Command::Surface => "surface_run",
        }
    }

    #[test]
    fn every_command_is_in_the_window() {
        for command in Command::ALL {
            assert!(
                COMMANDS.contains(&face(*command)),
                "{command:?} is not in the window"
            );
        }
    }
}
