//! Small projects for the tests beside the commands.
#![allow(
    dead_code,
    missing_docs,
    reason = "each test file uses the part it needs"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;
use tiebreak_commands::dto::{ImportReport, ImportRequest};
use tiebreak_commands::import::Cancel;
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::{Project, Result, SystemClock, import};

/// A folder that goes away with the test; in memory where the system has such a place, since the
/// tests wait for the disk at every vote.
pub fn folder() -> TempDir {
    let shm = Path::new("/dev/shm");
    if shm.is_dir() {
        tempfile::tempdir_in(shm).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

pub struct Made {
    pub project: Project,
    pub folder: TempDir,
}

impl Made {
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    pub async fn import(&self, request: ImportRequest) -> Result<ImportReport> {
        import::run(&self.project, &request, false, &Cancel::default(), |_| {}).await
    }

    pub async fn import_text(&self, name: &str, text: &str) -> Result<ImportReport> {
        let file = self.file(name, text);
        self.import(ImportRequest {
            file: file.display().to_string(),
            ..ImportRequest::default()
        })
        .await
    }

    pub async fn reopened(self) -> Self {
        self.project.close().await;
        let path = self.folder.path().join("project");
        let project = projects::open(&path, Arc::new(SystemClock)).await.unwrap();
        Self {
            project,
            folder: self.folder,
        }
    }
}

pub async fn made(wish: &NewProject) -> Made {
    let folder = folder();
    let path = folder.path().join("project");
    let project = projects::create(&path, wish, Arc::new(SystemClock))
        .await
        .unwrap();
    Made { project, folder }
}

/// Benchmark rows whose responses say which they are: `one-3` is the data's first of pair 3.
pub fn rows(pairs: usize, criteria: usize) -> String {
    let mut rows = Vec::new();
    for pair in 0..pairs {
        for criterion in 0..criteria {
            rows.push(serde_json::json!({
                "prompt": format!("prompt-{pair}"),
                "response1": format!("one-{pair}"),
                "response2": format!("two-{pair}"),
                "model1": "model-alpha",
                "model2": "model-beta",
                "criteria": format!("criterion-{criterion}"),
                "criteria_preference": if pair % 2 == 0 { "response1" } else { "tie" },
                "id": format!("source-{pair}-{criterion}"),
            }));
        }
    }
    serde_json::to_string(&rows).unwrap()
}
