//! Keys: one table of action, scope and default key.
//!
//! Keys are physical positions, named as `KeyboardEvent.code` does (W3C UI Events), so that a
//! French or an Arabic keyboard has the same four keys in a row. An annotator may move any action
//! to another key or switch it off (WCAG 2.1.4).

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{DomainError, Result};
use crate::ids::shorten;
use crate::verdict::ScreenVerdict;

/// Where a key means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// On the label screen, whatever is shown.
    Label,
    /// While text is compared.
    Text,
    /// While pictures or models are compared.
    Image,
    /// While film or sound is compared.
    Media,
    /// On the adjudicator's screen, beside the label screen's keys.
    Adjudicate,
}

macro_rules! actions {
    ($($variant:ident, $id:literal, $scope:ident, $key:literal, $shift:literal, $says:literal;)*) => {
        /// Something that a key does.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
            ts_rs::TS,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum Action {
            $(
                #[doc = $says]
                $variant,
            )*
        }

        impl Action {
            /// Every action, in the order in which the list of keys shows them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word for it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $id),* }
            }
        }

        /// The table: every action with its scope and its default key.
        #[must_use]
        pub fn default_bindings() -> Vec<Binding> {
            vec![$(Binding {
                action: Action::$variant,
                scope: Scope::$scope,
                key: Some($key.to_owned()),
                shift: $shift,
                says: $says.to_owned(),
            }),*]
        }
    };
}

actions! {
    Left, "left", Label, "Digit1", false, "Left is better";
    Tie, "tie", Label, "Digit2", false, "Tie";
    BothBad, "both_bad", Label, "Digit3", false, "Both bad";
    Right, "right", Label, "Digit4", false, "Right is better";
    Confidence, "confidence", Label, "KeyC", false, "How sure: not said, 1, 2, 3";
    Reason, "reason", Label, "KeyR", false, "Write a reason";
    Commit, "commit", Label, "Enter", false, "Commit and next";
    Again, "again", Label, "KeyV", false, "Vote again, now that the model's answer is shown";
    Undo, "undo", Label, "KeyU", false, "Undo the last vote";
    Back, "back", Label, "ArrowLeft", false, "Back through what I did";
    Forward, "forward", Label, "ArrowRight", false, "Forward again";
    Criterion, "criterion", Label, "KeyN", false, "Write a new criterion for this pair";
    Skip, "skip", Label, "KeyK", false, "Skip, with a reason";
    Prompt, "prompt", Label, "KeyQ", false, "Fold or unfold the prompt";
    Pause, "pause", Label, "KeyP", false, "Pause";
    Guideline, "guideline", Label, "KeyH", false, "Read the guideline";
    Keys, "keys", Label, "Slash", true, "All keys";
    Raw, "raw", Text, "KeyT", false, "Text as written, or formatted";
    Diff, "diff", Text, "KeyD", false, "Mark what differs between the two texts";
    LinkScroll, "link_scroll", Text, "KeyL", false, "Scroll both texts together, or each alone";
    ZoomIn, "zoom_in", Image, "Equal", false, "Zoom in";
    ZoomOut, "zoom_out", Image, "Minus", false, "Zoom out";
    ZoomFit, "zoom_fit", Image, "KeyF", false, "Fit into the pane, or reset the camera";
    ZoomOne, "zoom_one", Image, "Digit0", false, "One picture pixel, one screen pixel";
    PanLeft, "pan_left", Image, "ArrowLeft", true, "Move the view left, or turn the model";
    PanRight, "pan_right", Image, "ArrowRight", true, "Move the view right, or turn the model";
    PanUp, "pan_up", Image, "ArrowUp", true, "Move the view up, or tilt the model";
    PanDown, "pan_down", Image, "ArrowDown", true, "Move the view down, or tilt the model";
    Play, "play", Media, "Space", false, "Play or stop";
    Switch, "switch", Media, "KeyX", false, "Hear the other side, from the same place";
    SeekBack, "seek_back", Media, "Comma", false, "A second back";
    SeekForward, "seek_forward", Media, "Period", false, "A second on";
    ToStart, "to_start", Media, "KeyG", false, "From the beginning";
    Mute, "mute", Media, "KeyM", false, "Sound of the left, of the right, or none";
    DropUnclear, "drop_unclear", Adjudicate, "Digit5", false, "Drop: the criterion is unclear";
    DropNoConsensus, "drop_no_consensus", Adjudicate, "Digit6", false, "Drop: no consensus";
    DropBroken, "drop_broken", Adjudicate, "Digit7", false, "Drop: the item is broken";
    SendBack, "send_back", Adjudicate, "Digit8", false, "Send back for another vote";
    Flag, "flag", Adjudicate, "Digit9", false, "Flag the guideline";
}

impl Action {
    /// The verdict that the action gives, if it is one.
    #[must_use]
    pub const fn verdict(self) -> Option<ScreenVerdict> {
        match self {
            Self::Left => Some(ScreenVerdict::Left),
            Self::Tie => Some(ScreenVerdict::Tie),
            Self::BothBad => Some(ScreenVerdict::BothBad),
            Self::Right => Some(ScreenVerdict::Right),
            _ => None,
        }
    }
}

impl FromStr for Action {
    type Err = DomainError;
    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|a| a.as_str() == text)
            .ok_or_else(|| DomainError::BadAction(shorten(text)))
    }
}

/// An action and the key that it is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Binding {
    /// What the key does.
    pub action: Action,
    /// Where it does so.
    pub scope: Scope,
    /// The physical key, or `None` when switched off.
    pub key: Option<String>,
    /// Whether Shift is held with it.
    pub shift: bool,
    /// What it does, in words.
    pub says: String,
}

/// The keys of one annotator: the table with what he changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self {
            bindings: default_bindings(),
        }
    }
}

/// What an annotator changed: action → key and shift, or `None` for off.
type Changes = BTreeMap<String, Option<(String, bool)>>;

impl Keymap {
    /// The bindings in the table's order.
    #[must_use]
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// The action on a physical key.
    #[must_use]
    pub fn action(&self, key: &str, shift: bool) -> Option<Action> {
        self.bindings
            .iter()
            .find(|b| b.key.as_deref() == Some(key) && b.shift == shift)
            .map(|b| b.action)
    }

    /// Puts an action on another key, or switches it off. Refuses a key that is in use; but what came
    /// later than people's own tables of keys ([`yields`]) makes room.
    pub fn bind(&mut self, action: Action, key: Option<(&str, bool)>) -> Result<()> {
        if let Some((code, shift)) = key {
            check_key(code)?;
            if !self
                .bindings
                .iter()
                .any(|b| b.action == action && yields(b))
            {
                self.make_room(code, shift);
            }
            // A pair may mix text and pictures, so keys of all scopes can be live at once.
            let taken = self
                .bindings
                .iter()
                .find(|b| b.action != action && b.key.as_deref() == Some(code) && b.shift == shift);
            if let Some(taken) = taken {
                let key = if shift {
                    format!("Shift+{code}")
                } else {
                    code.to_owned()
                };
                return Err(DomainError::KeyTaken {
                    key,
                    taken_by: taken.says.clone(),
                });
            }
        }
        for binding in &mut self.bindings {
            if binding.action == action {
                binding.key = key.map(|(code, _)| code.to_owned());
                binding.shift = key.is_some_and(|(_, shift)| shift);
            }
        }
        Ok(())
    }

    /// Moves an action that makes room from this key to the same with Shift, or off where that is in
    /// use too.
    fn make_room(&mut self, code: &str, shift: bool) {
        let free = !shift && self.action(code, true).is_none();
        let on_it =
            |b: &&mut Binding| yields(b) && b.key.as_deref() == Some(code) && b.shift == shift;
        if let Some(binding) = self.bindings.iter_mut().find(on_it) {
            if !free {
                binding.key = None;
            }
            binding.shift = free;
        }
    }

    /// What differs from the table, as JSON to be stored.
    #[must_use]
    pub fn changes(&self) -> serde_json::Value {
        let changed: Changes = self
            .bindings
            .iter()
            .zip(default_bindings())
            .filter(|(mine, table)| (&mine.key, mine.shift) != (&table.key, table.shift))
            .map(|(mine, _)| {
                let key = mine.key.clone().map(|key| (key, mine.shift));
                (mine.action.as_str().to_owned(), key)
            })
            .collect();
        serde_json::to_value(changed).unwrap_or_default()
    }

    /// The table with stored changes. What this version does not know, or what would put two
    /// actions on one key, is left at its default.
    #[must_use]
    pub fn with_changes(stored: &serde_json::Value) -> Self {
        let changes = serde_json::from_value::<Changes>(stored.clone()).unwrap_or_default();
        let known: Vec<_> = changes
            .iter()
            .filter_map(|(word, key)| word.parse::<Action>().ok().map(|action| (action, key)))
            .collect();
        let mut keymap = Self::default();
        // First off, then on: so that two actions that swapped their keys don't meet on the way.
        for (action, _) in &known {
            let _ = keymap.bind(*action, None);
        }
        for (action, key) in known {
            if let Some((code, shift)) = key
                && keymap.bind(action, Some((code, *shift))).is_err()
            {
                let table = default_bindings().into_iter().find(|b| b.action == action);
                if let Some(Binding {
                    key: Some(code),
                    shift,
                    ..
                }) = table
                {
                    let _ = keymap.bind(action, Some((&code, shift)));
                }
            }
        }
        keymap
    }
}

/// Whether an action leaves its key to one that somebody puts there: the adjudicator's, which most
/// people never see, the guideline's, and a second vote's. All came after people had moved keys to where
/// these are.
fn yields(binding: &Binding) -> bool {
    binding.scope == Scope::Adjudicate
        || matches!(binding.action, Action::Guideline | Action::Again)
}

fn check_key(code: &str) -> Result<()> {
    const KEPT: [&str; 3] = ["Escape", "Tab", "Unidentified"];
    const MODIFIERS: [&str; 5] = ["Shift", "Control", "Alt", "Meta", "CapsLock"];
    let plain = (1..=24).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
    if !plain || KEPT.contains(&code) || MODIFIERS.iter().any(|m| code.starts_with(m)) {
        return Err(DomainError::BadKey(shorten(code)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_one_action_a_key_and_one_word_an_action() {
        let table = default_bindings();
        for (i, a) in table.iter().enumerate() {
            for b in &table[i + 1..] {
                assert!(
                    (&a.key, a.shift) != (&b.key, b.shift),
                    "{a:?} and {b:?} share a key"
                );
                assert_ne!(a.action.as_str(), b.action.as_str());
            }
            assert_eq!(serde_json::to_value(a.action).unwrap(), a.action.as_str());
        }
    }

    #[test]
    fn keys_move_and_are_remembered() {
        let mut keys = Keymap::default();
        keys.bind(Action::Left, Some(("KeyA", false))).unwrap();
        keys.bind(Action::Diff, None).unwrap();
        assert_eq!(keys.action("KeyA", false), Some(Action::Left));
        assert_eq!(keys.action("Digit1", false), None);
        let back = Keymap::with_changes(&keys.changes());
        assert_eq!(back, keys);
    }

    #[test]
    fn an_adjudicators_key_makes_room_for_the_label_screens() {
        let mut keys = Keymap::default();
        keys.bind(Action::Left, Some(("Digit7", false))).unwrap();
        assert_eq!(keys.action("Digit7", false), Some(Action::Left));
        assert_eq!(keys.action("Digit7", true), Some(Action::DropBroken));
        assert_eq!(Keymap::with_changes(&keys.changes()), keys);
        keys.bind(Action::Tie, Some(("Digit7", true))).unwrap();
        assert_eq!(keys.action("Digit7", true), Some(Action::Tie), "off by now");
        assert_eq!(Keymap::with_changes(&keys.changes()), keys);
        let back = keys.bind(Action::DropBroken, Some(("Digit7", false)));
        assert!(back.is_err(), "not the other way round");
        // Changes of a time without these actions.
        let old = serde_json::json!({"left": ["Digit9", false]});
        let keys = Keymap::with_changes(&old);
        assert_eq!(keys.action("Digit9", false), Some(Action::Left));
        assert_eq!(keys.action("Digit9", true), Some(Action::Flag));
    }

    #[test]
    fn the_guidelines_key_makes_room_for_what_people_had_moved_there() {
        let old = serde_json::json!({"left": ["KeyH", false]});
        let keys = Keymap::with_changes(&old);
        assert_eq!(keys.action("KeyH", false), Some(Action::Left));
        assert_eq!(keys.action("KeyH", true), Some(Action::Guideline));
        let mut keys = Keymap::default();
        let taken = keys.bind(Action::Guideline, Some(("KeyC", false)));
        assert!(taken.is_err(), "not the other way round");
    }

    #[test]
    fn a_swap_of_two_keys_survives_being_stored() {
        let mut keys = Keymap::default();
        keys.bind(Action::Left, None).unwrap();
        keys.bind(Action::Right, Some(("Digit1", false))).unwrap();
        keys.bind(Action::Left, Some(("Digit4", false))).unwrap();
        let back = Keymap::with_changes(&keys.changes());
        assert_eq!(back.action("Digit1", false), Some(Action::Right));
        assert_eq!(back.action("Digit4", false), Some(Action::Left));
    }

    #[test]
    fn a_taken_key_is_refused_and_bad_changes_are_left_out() {
        let mut keys = Keymap::default();
        let refusal = keys
            .bind(Action::Left, Some(("Digit4", false)))
            .unwrap_err();
        assert!(refusal.to_string().contains("Right is better"), "{refusal}");
        assert!(keys.bind(Action::Left, Some(("Escape", false))).is_err());
        assert!(keys.bind(Action::Left, Some(("ShiftLeft", false))).is_err());
        let bad = serde_json::json!({"left": ["Digit4", false], "gone": ["KeyZ", false], "x": 3});
        assert_eq!(Keymap::with_changes(&bad), Keymap::default());
        let taken = serde_json::json!({"left": ["Digit4", false]});
        assert_eq!(
            Keymap::with_changes(&taken).action("Digit1", false),
            Some(Action::Left)
        );
    }
}
