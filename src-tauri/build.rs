//! Gives every command of `src/adapters/list.rs` a permission, and hands the rest to Tauri.
//!
//! Once an app names its commands, a window may call only those that a capability allows. The
//! permission `allow-COMMAND` (with dashes) is made for each, and the set `commands` of them all is
//! what `capabilities/main.json` grants to the one window.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

include!("src/adapters/list.rs");

macro_rules! names {
    ($($module:ident::$command:ident,)*) => { &[$(stringify!($command)),*] };
}

const COMMANDS: &[&str] = with_commands!(names);

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=src/adapters/list.rs");
    println!("cargo:rerun-if-changed=../ui/dist");
    there_is_a_page(Path::new("../ui/dist/index.html"))?;
    let folder = PathBuf::from(std::env::var("OUT_DIR")?).join("permissions");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("commands.toml"), permissions())?;
    let pattern = folder.join("*.toml").display().to_string();
    let manifest = tauri_build::AppManifest::new().permissions_path_pattern(pattern.leak());
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}

/// The page is built into the program; without one Tauri's own message says little.
fn there_is_a_page(index: &Path) -> Result<(), Box<dyn Error>> {
    if index.is_file() || std::env::var_os("TAURI_CONFIG").is_some() {
        return Ok(());
    }
    Err(
        "ui/dist holds no page: build it first, with `cargo xtask run` or `npm run build` in ui/"
            .into(),
    )
}

fn permissions() -> String {
    let allow = |command: &&str| format!("allow-{}", command.replace('_', "-"));
    let set: Vec<_> = COMMANDS.iter().map(allow).collect();
    let mut toml = format!(
        "[[set]]\nidentifier = \"commands\"\ndescription = \"What the window's page may call.\"\n\
         permissions = {set:?}\n"
    );
    for (command, identifier) in COMMANDS.iter().zip(&set) {
        // Writing to a string cannot fail.
        let _ = write!(
            toml,
            "\n[[permission]]\nidentifier = \"{identifier}\"\n\
             description = \"Allows {command}.\"\ncommands.allow = [\"{command}\"]\n"
        );
    }
    toml
}
