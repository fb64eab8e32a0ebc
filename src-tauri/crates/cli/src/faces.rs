//! Where each command of the catalogue stands on the command line.
//!
//! The `match` names a word for every command, so that one that is added and forgotten here does
//! not compile; the test looks whether the words exist.

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;
    use tiebreak_commands::catalogue::Command;

    /// The subcommand, and the option of it that makes it this command.
    const fn face(command: Command) -> (&'static str, Option<&'static str>) {
        match command {
            Command::New => ("new", None),
            Command::Open => ("open", None),
            Command::Info => ("info", None),
            Command::Preview => ("import", Some("dry-run")),
            Command::Import => ("import", None),
            Command::Merge => ("merge", None),
            Command::Package => ("package", None),
            Command::Export => ("export", None),
            Command::Check => ("check", None),
            Command::Annotators => ("annotators", None),
            Command::AddAnnotator => ("annotators", Some("add")),
            Command::MoveVotes => ("move", None),
            Command::Next => ("next", None),
            Command::Vote => ("vote", None),
            Command::Undo => ("undo", None),
            Command::Skip => ("skip", None),
            Command::Criterion => ("criterion", None),
            Command::History => ("history", None),
            Command::Progress => ("progress", None),
            Command::Keys => ("keys", None),
            Command::Media => ("media", None),
            Command::Agreement => ("agreement", None),
            Command::AdjudicateNext
            | Command::AdjudicateDecide
            | Command::AdjudicateSettle
            | Command::AdjudicateSendBack
            | Command::AdjudicateFlag => ("adjudicate", None),
            Command::ResolvePreview => ("resolve", Some("dry-run")),
            Command::Resolve => ("resolve", None),
            Command::Resolutions => ("resolutions", None),
            Command::Reverse => ("reverse", None),
            Command::Disagreements => ("disagreements", None),
            Command::Criteria => ("criteria", None),
            Command::CriteriaSuggest => ("criteria", Some("suggest")),
            Command::CriterionEdit => ("criteria", Some("text")),
            Command::CriterionEditPreview => ("criteria", Some("edit")),
            Command::CriteriaSame => ("criteria", Some("same")),
            Command::CriteriaApart => ("criteria", Some("apart")),
            Command::CriteriaGroup => ("criteria", Some("group")),
            Command::Phases | Command::PhaseBegin => ("phase", None),
            Command::DropPreview => ("drop", Some("dry-run")),
            Command::Drop => ("drop", None),
            Command::Protocol => ("protocol", None),
            Command::QuestionInFull => ("disagreements", Some("question")),
            Command::PredictionsImport => ("predictions", None),
            Command::Compare => ("compare", None),
            Command::Guideline => ("guideline", None),
            Command::SetGuideline => ("guideline", Some("set")),
            Command::Queues => ("queue", None),
            Command::SetOrder => ("queue", Some("order")),
            Command::FreePlace => ("queue", Some("free")),
            Command::KnownAnswers => ("checks", None),
            Command::AddKnownAnswer => ("checks", Some("add")),
            Command::RemoveKnownAnswer => ("practice", Some("remove")),
            Command::SetKnownAnswers => ("practice", Some("set")),
            Command::ReadGuideline => ("guideline", Some("version")),
            Command::Models => ("models", None),
            Command::Predict => ("predict", None),
            Command::Reveal => ("reveal", None),
            Command::SetReveal => ("reveal", Some("arm")),
            Command::Told => ("told", Some("on")),
            Command::ToldAtEnd => ("told", None),
            Command::Surface => ("surface", None),
        }
    }

    #[test]
    fn every_command_is_on_the_command_line() {
        let cli = crate::arguments::Cli::command();
        for command in Command::ALL {
            let (word, option) = face(*command);
            let sub = cli.find_subcommand(word);
            assert!(sub.is_some(), "{command:?}: there is no `tiebreak {word}`");
            let has = |option: &str| {
                sub.is_some_and(|s| s.get_arguments().any(|a| a.get_long() == Some(option)))
            };
            assert!(
                option.is_none_or(has),
                "{command:?}: `tiebreak {word}` lacks --{option:?}"
            );
        }
    }

    #[test]
    fn the_command_line_is_well_formed() {
        crate::arguments::Cli::command().debug_assert();
    }
}
