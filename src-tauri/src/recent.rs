//! The projects that were opened before, in a small file of the app's own.
//!
//! Losing it loses nothing but convenience, so nothing here can fail an act.

use std::path::Path;

use tiebreak_commands::SystemClock;
use tiebreak_commands::dto::RecentProject;
use tiebreak_domain::Clock as _;

const KEPT: usize = 12;
const FILE: &str = "recent.json";

/// The projects, latest first.
pub(crate) fn all(config: &Path) -> Vec<RecentProject> {
    let text = std::fs::read_to_string(config.join(FILE)).unwrap_or_default();
    let mut list: Vec<RecentProject> = serde_json::from_str(&text).unwrap_or_default();
    for project in &mut list {
        let path = Path::new(&project.path);
        // A work package is a file of its own.
        project.exists = path.join("project.sqlite").is_file() || path.is_file();
    }
    list
}

/// Puts a project first.
pub(crate) fn remember(config: &Path, folder: &Path, name: &str) {
    let path = folder
        .canonicalize()
        .unwrap_or_else(|_| folder.to_path_buf());
    let path = path.display().to_string();
    let mut list = all(config);
    list.retain(|p| p.path != path);
    let opened_ms = SystemClock.now_ms();
    list.insert(
        0,
        RecentProject {
            path,
            name: name.to_owned(),
            opened_ms,
            exists: true,
        },
    );
    list.truncate(KEPT);
    if let Err(error) = write(config, &list) {
        tracing::warn!(%error, "the list of recent projects was not written");
    }
}

fn write(config: &Path, list: &[RecentProject]) -> std::io::Result<()> {
    std::fs::create_dir_all(config)?;
    let part = config.join("recent.json.part");
    std::fs::write(&part, serde_json::to_string_pretty(list)?)?;
    std::fs::rename(part, config.join(FILE))
}
