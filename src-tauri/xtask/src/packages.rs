//! The system packages that Tiebreak needs on Debian: which are missing, why each is wanted, and
//! installing them once the person agrees.
//!
//! The table holds what this version uses and nothing for later ones. The web view's own
//! dependencies (GTK, libsoup, JavaScriptCore, base and good plug-ins …) come with it.

use std::collections::HashSet;
use std::io::{IsTerminal as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::process::Command;

use crate::failure::{Doing as _, Failure, Result};
use crate::process;

/// What a package is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    Building,
    Running,
    /// Running where there is no display.
    NoDisplay,
    Testing,
}

pub struct Package {
    name: &'static str,
    need: For,
    why: &'static str,
}

const fn package(name: &'static str, need: For, why: &'static str) -> Package {
    Package { name, need, why }
}

const TABLE: [Package; 18] = [
    package(
        "gcc",
        For::Building,
        "compiles the SQLite that is built in, and links every program",
    ),
    package(
        "libc6-dev",
        For::Building,
        "the C library's headers, for the same",
    ),
    package(
        "pkg-config",
        For::Building,
        "finds the web view's libraries",
    ),
    package(
        "libwebkit2gtk-4.1-dev",
        For::Building,
        "the web view that draws the window",
    ),
    package(
        "gstreamer1.0-plugins-base",
        For::Running,
        "Ogg, Opus and Vorbis in the web view",
    ),
    package(
        "gstreamer1.0-plugins-good",
        For::Running,
        "MP4, WebM, WAV, FLAC, MP3 and the sound device",
    ),
    package(
        "gstreamer1.0-plugins-bad",
        For::Running,
        "the parsers that H.264 and H.265 clips need",
    ),
    package(
        "gstreamer1.0-libav",
        For::Running,
        "decodes H.264, H.265 and AAC",
    ),
    package(
        "fonts-noto-core",
        For::Running,
        "Arabic, Hebrew, Devanagari and other scripts in responses",
    ),
    package(
        "fonts-noto-cjk",
        For::Running,
        "Chinese, Japanese and Korean in responses",
    ),
    package(
        "fonts-noto-color-emoji",
        For::Running,
        "emoji in responses, which are boxes without it",
    ),
    package(
        "libegl1",
        For::Running,
        "the web view and the 3D models draw through EGL",
    ),
    package(
        "libgl1-mesa-dri",
        For::Running,
        "OpenGL, in software where there is no graphics card",
    ),
    package(
        "xvfb",
        For::NoDisplay,
        "a display in memory, where there is none",
    ),
    package(
        "webkit2gtk-driver",
        For::NoDisplay,
        "presses keys in the window and takes its picture",
    ),
    package(
        "iproute2",
        For::Testing,
        "a network with nothing but loopback for the hostile files",
    ),
    package("util-linux", For::Testing, "enters that network (unshare)"),
    package(
        "procps",
        For::Testing,
        "finds and kills the processes whose death is tested",
    ),
];

/// Sees to it that the packages for these needs are there; asks before it installs, unless `yes`.
pub fn ensure(needs: &[For], yes: bool) -> Result<()> {
    let wanted: Vec<&Package> = TABLE.iter().filter(|p| needs.contains(&p.need)).collect();
    if !process::there("dpkg-query") || !process::there("apt-get") {
        println!(
            "This system has no apt, so nothing can be checked or installed here. Needed are what \
             Debian calls {}.",
            names(&wanted).join(", ")
        );
        return Ok(());
    }
    let missing = missing(&wanted)?;
    if missing.is_empty() {
        return Ok(());
    }
    println!("System packages that are missing:");
    for package in &missing {
        println!("  {:27} {}", package.name, package.why);
    }
    let names = names(&missing);
    if !(yes || root() || ci() || agreed()?) {
        return Err(Failure::new(format!(
            "Nothing was installed. Run this again with -y, or do it yourself:\n\
             sudo apt-get install -y --no-install-recommends {}",
            names.join(" ")
        )));
    }
    install(&names)
}

fn names(packages: &[&Package]) -> Vec<&'static str> {
    packages.iter().map(|package| package.name).collect()
}

fn missing<'a>(wanted: &[&'a Package]) -> Result<Vec<&'a Package>> {
    // It fails as soon as one name is unknown to it, and answers for the others all the same.
    let answer = process::answer(
        Command::new("dpkg-query")
            .args(["-W", "-f", "${Package}\\t${db:Status-Status}\\n"])
            .args(names(wanted))
            .env("LC_ALL", "C"),
    )?;
    let installed = installed(&answer);
    Ok(wanted
        .iter()
        .filter(|package| !installed.contains(package.name))
        .copied()
        .collect())
}

/// The names that dpkg-query calls installed, out of lines of name, tab, status.
fn installed(answer: &str) -> HashSet<&str> {
    answer
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter(|(_, status)| *status == "installed")
        .map(|(name, _)| name)
        .collect()
}

fn install(names: &[&str]) -> Result<()> {
    process::run(apt().arg("update"))?;
    process::run(
        apt()
            .args(["install", "-y", "--no-install-recommends"])
            .args(names),
    )
}

fn apt() -> Command {
    let mut command = Command::new(if root() { "env" } else { "sudo" });
    if !root() {
        command.arg("env");
    }
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    command
}

fn agreed() -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    print!("Install them with apt-get? [y/N] ");
    std::io::stdout().flush().doing("Asking")?;
    let mut answer = String::new();
    std::io::stdin()
        .read_line(&mut answer)
        .doing("Reading the answer")?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

fn root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|entry| entry.uid() == 0)
}

fn ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_wholly_installed_counts() {
        let answer = "xvfb\tinstalled\nprocps\tconfig-files\niproute2\thalf-installed\n\
                      gcc\tinstalled\ngcc\tnot-installed\nnonsense\n";
        assert_eq!(installed(answer), HashSet::from(["xvfb", "gcc"]));
        assert!(installed("").is_empty());
    }

    #[test]
    fn every_package_stands_once_and_says_why() {
        let names: HashSet<&str> = TABLE.iter().map(|package| package.name).collect();
        assert_eq!(names.len(), TABLE.len());
        assert!(TABLE.iter().all(|package| package.why.len() > 10));
    }
}
