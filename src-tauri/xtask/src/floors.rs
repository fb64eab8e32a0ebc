//! The floors of the house: which of our packages may use which. An import goes down, never up.

use crate::metadata::Metadata;

/// Where a package stands, and who on the same floor it may use.
struct Place {
    name: &'static str,
    floor: u8,
    beside: &'static [&'static str],
}

const fn place(name: &'static str, floor: u8, beside: &'static [&'static str]) -> Place {
    Place {
        name,
        floor,
        beside,
    }
}

const HOUSE: [Place; 14] = [
    place("tiebreak-domain", 1, &[]),
    place("tiebreak-agreement", 1, &[]),
    // The store keeps media by their hashes, so it uses what knows files; never the other way.
    place("tiebreak-store", 2, &["tiebreak-media"]),
    place("tiebreak-media", 2, &[]),
    place("tiebreak-exchange", 3, &[]),
    place("tiebreak-judge", 3, &[]),
    place("tiebreak-commands", 4, &[]),
    place("tiebreak-player", 4, &[]),
    place("tiebreak-cli", 5, &[]),
    place("tiebreak-desktop", 5, &[]),
    place("tiebreak-worker", 5, &[]),
    // Beside the house: they see it from outside.
    // The tests from outside use xtask's remote control of the window.
    place("tiebreak-tests", 9, &["xtask"]),
    place("tiebreak-fuzz", 9, &[]),
    place("xtask", 0, &[]),
];

/// Packages that one other alone may use.
const RESERVED: [(&str, &str); 1] = [("tiebreak-player", "tiebreak-desktop")];

/// The command line runs on a bare server: nothing whose name begins so may be in it.
const NOT_IN_CLI: [&str; 12] = [
    "alsa",
    "cpal",
    "gdk",
    "glib-sys",
    "gstreamer",
    "gtk",
    "javascriptcore",
    "rodio",
    "tao",
    "tauri",
    "webkit2gtk",
    "wry",
];

/// What parses and draws hostile files, and so may be in the worker alone, which may die of it:
/// nothing whose name begins so is in any other program.
const WORKER_ALONE: [&str; 5] = ["glow", "gltf", "khronos-egl", "stl_io", "three-d"];
const WORKER: &str = "tiebreak-worker";

/// What stands against the floors, one sentence each.
pub fn broken(metadata: &Metadata) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in metadata.ours() {
        let Some(from) = find(&package.name) else {
            wrong.push(format!(
                "{} has no floor in xtask/src/floors.rs",
                package.name
            ));
            continue;
        };
        for need in &package.needs {
            wrong.extend(find(need).and_then(|to| objection(from, to)));
        }
    }
    for program in ["tiebreak-cli", "tiebreak-desktop"] {
        for name in metadata.tree(program) {
            if WORKER_ALONE.iter().any(|start| name.starts_with(start)) {
                wrong.push(format!("{program} links {name}, which is {WORKER}'s alone"));
            }
        }
    }
    for name in metadata.tree("tiebreak-cli") {
        if NOT_IN_CLI.iter().any(|start| name.starts_with(start)) {
            wrong.push(format!(
                "tiebreak-cli links {name}, and must run without it"
            ));
        }
    }
    wrong.sort();
    wrong
}

fn find(name: &str) -> Option<&'static Place> {
    HOUSE.iter().find(|place| place.name == name)
}

fn objection(from: &Place, to: &Place) -> Option<String> {
    let owner = RESERVED
        .iter()
        .find(|(kept, _)| *kept == to.name)
        .map(|(_, owner)| *owner);
    if let Some(owner) = owner.filter(|owner| *owner != from.name) {
        return Some(format!(
            "{} uses {}, which is for {owner} alone",
            from.name, to.name
        ));
    }
    if to.floor < from.floor && to.floor > 0 || from.beside.contains(&to.name) {
        return None;
    }
    Some(format!(
        "{} (floor {}) uses {} (floor {}): an import goes down, never up",
        from.name, from.floor, to.name, to.floor
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::tests::made_of;

    #[test]
    fn down_is_right() {
        let house = made_of(&[
            ("tiebreak-cli", &["tiebreak-commands", "tiebreak-domain"]),
            ("tiebreak-commands", &["tiebreak-store"]),
            ("tiebreak-store", &["tiebreak-media", "tiebreak-domain"]),
            ("tiebreak-media", &["tiebreak-domain"]),
            ("tiebreak-domain", &[]),
            ("xtask", &[]),
        ]);
        assert_eq!(broken(&house), Vec::<String>::new());
    }

    #[test]
    fn up_and_across_are_wrong() {
        let house = made_of(&[
            ("tiebreak-media", &["tiebreak-store"]),
            ("tiebreak-store", &["tiebreak-exchange"]),
            ("tiebreak-exchange", &[]),
            ("tiebreak-domain", &["xtask"]),
            ("xtask", &[]),
        ]);
        let wrong = broken(&house);
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        assert!(wrong[1].starts_with("tiebreak-media (floor 2) uses tiebreak-store (floor 2)"));
    }

    #[test]
    fn a_stranger_needs_a_floor_and_the_player_has_one_user() {
        let house = made_of(&[
            ("tiebreak-new", &[]),
            ("tiebreak-player", &[]),
            ("tiebreak-cli", &["tiebreak-player"]),
            ("tiebreak-desktop", &["tiebreak-player"]),
        ]);
        let wrong = broken(&house);
        assert_eq!(wrong.len(), 2, "{wrong:?}");
        assert!(wrong[0].contains("for tiebreak-desktop alone"));
        assert!(wrong[1].contains("tiebreak-new has no floor"));
    }

    #[test]
    fn the_worker_alone_draws() {
        let house = made_of(&[
            ("tiebreak-desktop", &["tiebreak-media"]),
            ("tiebreak-media", &["three-d-asset"]),
            ("tiebreak-worker", &["three-d-asset"]),
            ("three-d-asset", &[]),
        ]);
        let says = "tiebreak-desktop links three-d-asset, which is tiebreak-worker's alone";
        let wrong = broken(&house);
        assert!(wrong.iter().any(|line| line == says), "{wrong:?}");
        assert!(!wrong.iter().any(|line| line.contains("worker links")));
    }

    #[test]
    fn the_command_line_stays_bare() {
        let house = made_of(&[
            ("tiebreak-cli", &["tiebreak-domain"]),
            ("tiebreak-domain", &["gtk-sys"]),
            ("gtk-sys", &[]),
        ]);
        assert!(
            broken(&house)
                .iter()
                .any(|line| line.contains("tiebreak-cli links gtk-sys"))
        );
    }
}
