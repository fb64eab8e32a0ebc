//! `cargo xtask bundle`: a .deb with the window, its worker and the command line, built with dpkg-deb alone.
//!
//! It makes a project open by double click: on its `project.sqlite`, which is known by the mark that
//! the database carries; and a work package, which has a mark of its own and is called `*.tiebreak`. The desktop's databases of types,
//! programs and icons are refreshed by the triggers of the packages that own them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Doing as _, Failure, Result};
use crate::house::House;
use crate::metadata::Metadata;
use crate::packages::{self, For};
use crate::process::{self, ask};
use crate::show::APP;
use crate::ui;

const CLI: &str = "tiebreak";
/// Draws models for the window, which finds it beside itself.
const WORKER: &str = "tiebreak-worker";
const ICON: &str = "assets/icons/tiebreak.svg";

/// What the programs need where they are installed; the C library's version is added.
const DEPENDS: &str = "libwebkit2gtk-4.1-0, libgtk-3-0, gstreamer1.0-plugins-base, \
    gstreamer1.0-plugins-good, gstreamer1.0-plugins-bad, gstreamer1.0-libav, libegl1, \
    libgl1-mesa-dri, shared-mime-info";
const RECOMMENDS: &str =
    "desktop-file-utils, fonts-noto-core, fonts-noto-cjk, fonts-noto-color-emoji";

const DESKTOP: &str = "\
[Desktop Entry]
Type=Application
Name=Tiebreak
Comment=Compare two model responses and say which is better
Exec=tiebreak-desktop %f
Icon=tiebreak
Terminal=false
Categories=Science;Education;
MimeType=application/x-tiebreak-project;application/x-tiebreak-package;
";

/// The mark is SQLite's application id, at its place in the file's head: `TIEB` of a project, `TIEP` of
/// a work package.
const MIME: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="application/x-tiebreak-project">
    <comment>Tiebreak project</comment>
    <sub-class-of type="application/vnd.sqlite3"/>
    <icon name="tiebreak"/>
    <magic priority="80">
      <match type="string" value="SQLite format 3" offset="0">
        <match type="string" value="TIEB" offset="68"/>
      </match>
    </magic>
    <glob pattern="project.sqlite" weight="80"/>
  </mime-type>
  <mime-type type="application/x-tiebreak-package">
    <comment>Tiebreak work package</comment>
    <sub-class-of type="application/vnd.sqlite3"/>
    <icon name="tiebreak"/>
    <magic priority="80">
      <match type="string" value="SQLite format 3" offset="0">
        <match type="string" value="TIEP" offset="68"/>
      </match>
    </magic>
    <glob pattern="*.tiebreak" weight="60"/>
  </mime-type>
</mime-info>
"#;

pub fn run(house: &House, yes: bool) -> Result<()> {
    if !process::there("dpkg-deb") {
        return Err(Failure::new(
            "A .deb is made by dpkg-deb, which this system does not have.",
        ));
    }
    packages::ensure(&[For::Building], yes)?;
    ui::build(house)?;
    let words = [
        "build",
        "--release",
        "--locked",
        "-p",
        "tiebreak-desktop",
        "-p",
        "tiebreak-cli",
        "-p",
        "tiebreak-worker",
    ];
    process::run(&mut process::cargo(&house.root, words))?;
    let version = version(&Metadata::read(house)?)?;
    let architecture = ask("dpkg", &["--print-architecture"])
        .ok_or_else(|| Failure::new("dpkg does not say for which architecture this system is."))?;
    let folder = house.target.join("bundle");
    let tree = folder.join("tree");
    if tree.exists() {
        fs::remove_dir_all(&tree).doing(format!("Removing {}", tree.display()))?;
    }
    fill(house, &tree)?;
    put(
        &tree.join("DEBIAN/control"),
        &control(&version, &architecture, size_kib(&tree)?),
    )?;
    // Readable by everybody, whatever this clone's files are.
    process::run(Command::new("chmod").args(["-R", "u=rwX,go=rX"]).arg(&tree))?;
    let deb = folder.join(format!("tiebreak_{version}_{architecture}.deb"));
    process::run(
        Command::new("dpkg-deb")
            .args(["--root-owner-group", "--build"])
            .arg(&tree)
            .arg(&deb),
    )?;
    println!("{}", deb.display());
    println!("To install it: sudo apt-get install {}", deb.display());
    Ok(())
}

fn version(metadata: &Metadata) -> Result<String> {
    let package = metadata.find("tiebreak-desktop");
    let package =
        package.ok_or_else(|| Failure::new("The package tiebreak-desktop is missing."))?;
    Ok(package.version.clone())
}

fn fill(house: &House, tree: &Path) -> Result<()> {
    for program in [APP, CLI, WORKER] {
        let built = house.target.join("release").join(program);
        copy(&built, &tree.join("usr/bin").join(program))?;
    }
    let share = tree.join("usr/share");
    put(&share.join("applications/tiebreak.desktop"), DESKTOP)?;
    put(&share.join("mime/packages/tiebreak.xml"), MIME)?;
    copy(
        &house.root.join(ICON),
        &share.join("icons/hicolor/scalable/apps/tiebreak.svg"),
    )?;
    let licence =
        fs::read_to_string(house.root.join("LICENSE-MIT")).doing("Reading LICENSE-MIT")?;
    let copyright = format!("Tiebreak is under MIT OR Apache-2.0. The first of them:\n\n{licence}");
    put(&share.join("doc/tiebreak/copyright"), &copyright)?;
    demo(house, &share.join("tiebreak/demo"))
}

/// The demo's tables and media, without the scripts that made them.
fn demo(house: &House, to: &Path) -> Result<()> {
    let from = house.root.join("assets/demo");
    for file in crate::stamp::files_under(&from, &["scripts", "__pycache__"])? {
        if let Ok(inside) = file.strip_prefix(&from) {
            copy(&file, &to.join(inside))?;
        }
    }
    Ok(())
}

fn control(version: &str, architecture: &str, size_kib: u64) -> String {
    let libc = match ask(
        "dpkg-query",
        &["-W", "-f", "${source:Upstream-Version}", "libc6"],
    ) {
        Some(libc) => format!("libc6 (>= {libc})"),
        None => "libc6".to_owned(),
    };
    format!(
        "Package: tiebreak\nVersion: {version}\nArchitecture: {architecture}\n\
         Maintainer: The Tiebreak authors <tiebreak@localhost>\nSection: science\n\
         Priority: optional\nInstalled-Size: {size_kib}\nDepends: {libc}, {DEPENDS}\n\
         Recommends: {RECOMMENDS}\n\
         Description: compare two model responses and say which is better\n \
         People compare text, pictures, video, audio or 3D under a criterion in free words;\n \
         their labels live in SQLite.\n"
    )
}

fn parent(path: &Path) -> Result<()> {
    let folder: PathBuf = path.parent().map(Path::to_path_buf).unwrap_or_default();
    fs::create_dir_all(&folder).doing(format!("Making {}", folder.display()))
}

fn put(path: &Path, text: &str) -> Result<()> {
    parent(path)?;
    fs::write(path, text).doing(format!("Writing {}", path.display()))
}

/// Copies contents and permissions.
fn copy(from: &Path, to: &Path) -> Result<()> {
    parent(to)?;
    fs::copy(from, to)
        .map(|_| ())
        .doing(format!("Copying {}", from.display()))
}

fn size_kib(tree: &Path) -> Result<u64> {
    let files = crate::stamp::files_under(tree, &["DEBIAN"])?;
    Ok(files
        .iter()
        .filter_map(|file| fs::metadata(file).ok())
        .map(|m| m.len().div_ceil(1024))
        .sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_control_file_has_a_field_a_line() {
        let control = control("1.2.3", "amd64", 7);
        assert!(control.ends_with('\n') && !control.contains("\n\n"));
        for line in control.lines() {
            assert!(line.starts_with(' ') || line.contains(": "), "{line}");
        }
        assert!(control.contains("\nInstalled-Size: 7\nDepends: libc6"));
    }
}
