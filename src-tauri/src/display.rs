//! Whether there is a screen to open a window on. Without one GTK ends the process with a line that
//! helps nobody.

use std::ffi::OsString;

/// Checks what the environment says, then whether GTK can open it.
pub(crate) fn check(variable: impl Fn(&str) -> Option<OsString>) -> Result<(), String> {
    if !named(variable) {
        return Err(
            "there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set. Start it in a \
                    desktop session, or under Xvfb: `xvfb-run tiebreak-desktop`. Without a screen, \
                    `tiebreak` does all the same from the command line"
                .to_owned(),
        );
    }
    gtk::init().map_err(|_| {
        "the display that DISPLAY or WAYLAND_DISPLAY names cannot be opened: check that it is \
         running and that you may use it"
            .to_owned()
    })
}

fn named(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| variable(name).is_some_and(|v| !v.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_two_variables_must_say_something() {
        let only = |which: &'static str, value: &'static str| {
            move |name: &str| (name == which).then(|| OsString::from(value))
        };
        assert!(named(only("DISPLAY", ":0")));
        assert!(named(only("WAYLAND_DISPLAY", "wayland-0")));
        assert!(!named(only("DISPLAY", "")));
        assert!(!named(|_| None));
        assert!(check(|_| None).unwrap_err().contains("no display"));
    }
}
