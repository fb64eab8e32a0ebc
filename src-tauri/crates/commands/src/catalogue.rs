//! The one list of what can be done to a project.
//!
//! The command line and the window are two faces of it. Each has a `match` over [`Command`] that
//! names its own word for every command, and a test that the word exists there: a command that is
//! added here and forgotten in a face does not compile.

macro_rules! commands {
    ($($variant:ident: $says:literal;)*) => {
        /// An operation of a project.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Command {
            $(
                #[doc = $says]
                $variant,
            )*
        }

        impl Command {
            /// Every operation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
        }
    };
}

commands! {
    New: "Make a project.";
    Open: "Open a project in the window.";
    Info: "What a project holds.";
    Preview: "What an import would do, with nothing written.";
    Import: "Take a file in.";
    Merge: "Take in what others did in copies and projects of their own.";
    Package: "Make a work package for one annotator.";
    Export: "Write labels or votes out.";
    Check: "Look whether everything is as it must be.";
    Annotators: "Who labels.";
    AddAnnotator: "Add a person.";
    MoveVotes: "Move work done under the wrong name.";
    Next: "The next question.";
    Vote: "Cast or change a vote.";
    Undo: "Take back the last act.";
    Skip: "Leave a question without a vote.";
    Criterion: "Write criteria for a pair.";
    History: "What I did.";
    Progress: "How far I am.";
    Keys: "Which keys do what, and moving them.";
    Media: "The bytes of a medium.";
    Agreement: "How far people agree.";
    AdjudicateNext: "The worst question that is open to adjudication.";
    AdjudicateDecide: "Decide before the votes are shown.";
    AdjudicateSettle: "Settle a question, the votes known.";
    AdjudicateSendBack: "Send a question back for another vote.";
    AdjudicateFlag: "Flag that the guideline should say something.";
    ResolvePreview: "What each rule would resolve.";
    Resolve: "Resolve questions by rule.";
    Resolutions: "What is resolved, and by what.";
    Reverse: "Take resolutions back.";
    Disagreements: "On which questions people part.";
    Criteria: "The criteria, with what stands on each.";
    CriteriaSuggest: "Which criteria may say the same, or belong to a group.";
    CriterionEdit: "Mend a criterion's sentence, or change what it means.";
    CriterionEditPreview: "What an edit of a criterion would do.";
    CriteriaSame: "Say that questions of a pair say the same.";
    CriteriaApart: "Ask questions apart again.";
    CriteriaGroup: "Put criteria into a group, or out of theirs.";
    Phases: "In which phase the project is, and how far.";
    DropPreview: "What a rule would drop.";
    Drop: "Drop questions by rule.";
    Protocol: "How the benchmark came about: what was dropped, and agreement before and after.";
    PhaseBegin: "Begin a phase.";
    QuestionInFull: "A question with everything that was said of it.";
    PredictionsImport: "Take in what a reward model said elsewhere.";
    Compare: "What reward models are worth beside people.";
    Guideline: "The guideline, its versions, and what was flagged for it.";
    SetGuideline: "Write a new version of the guideline.";
    Queues: "How questions are dealt, and how far everybody is.";
    SetOrder: "Deal in another order from now on.";
    FreePlace: "Give a place that was taken by mistake to the next who begins.";
    KnownAnswers: "Which questions are checks, and which are practice.";
    AddKnownAnswer: "Make a question a check or one of the practice round.";
    RemoveKnownAnswer: "Make it a question like any other again.";
    SetKnownAnswers: "Take all checks, or the whole practice round, from a file.";
    ReadGuideline: "The guideline that is in force, for who labels by it.";
    Models: "Which reward models can be asked.";
    Predict: "Ask a reward model, and keep what it says.";
    Reveal: "When people are shown what a reward model says.";
    SetReveal: "Show it never, after each vote or after the session.";
    Told: "What the model says of a question that I voted on.";
    ToldAtEnd: "What I voted and what the model says, once nothing is left.";
    Surface: "How much of the labels the surface of the responses explains.";
}
