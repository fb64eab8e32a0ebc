//! Small projects for the tests beside the commands.
#![allow(
    dead_code,
    missing_docs,
    reason = "each test file uses the part it needs"
)]

pub mod desk;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;
use tiebreak_commands::dto::{ExportReport, ExportRequest, ImportReport, ImportRequest};
use tiebreak_commands::import::Cancel;
use tiebreak_commands::projects::{self, NewProject};
use tiebreak_commands::{Project, Result, SystemClock, annotators, export, import, label};
use tiebreak_domain::{AnnotatorId, Next, QuestionView};

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

    /// Whoever has that name, new if nobody has.
    pub async fn person(&self, name: &str) -> AnnotatorId {
        let found = annotators::find_or_add(&self.project, name).await;
        found.unwrap().id
    }

    /// The question that stands before somebody.
    pub async fn next(&self, who: AnnotatorId) -> Option<QuestionView> {
        match label::next(&self.project, who).await.unwrap() {
            Next::Question(view) => Some(*view),
            Next::Done { .. } => None,
        }
    }

    /// An export of everything, and the text of its first file.
    pub async fn exported(&self, format: &str) -> (ExportReport, String) {
        // One file, or for a benchmark of several tasks a folder of them.
        let name = if format == "omni-rewardbench" {
            "out"
        } else {
            "out.txt"
        };
        let request = ExportRequest {
            format: format.to_owned(),
            out: self.folder.path().join(name).display().to_string(),
            rule: None,
            ignore_imported: false,
        };
        let report = export::run(&self.project, &request).await.unwrap();
        let text = std::fs::read_to_string(&report.files[0]).unwrap();
        (report, text)
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

/// Of which of [`rows`]' pairs a question is.
pub fn number(view: &QuestionView) -> usize {
    let number = view.prompt.text.rsplit('-').next();
    number.unwrap().parse().unwrap()
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

/// A small generator of its own (SplitMix64, Steele et al. 2014), so that a failure can be run again
/// by its seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    pub fn pick(&mut self, sides: usize) -> usize {
        usize::try_from(self.roll(sides as u64)).unwrap()
    }
}

pub fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy_tree(&path, &target),
            false => drop(std::fs::copy(&path, &target).unwrap()),
        }
    }
}

/// The shared data, when it is at hand; else it is said what of the tests is left out.
pub fn shared(what: &str) -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data");
    if shared.is_dir() {
        return Some(shared);
    }
    println!("left out: {what}: there is no shared/data");
    None
}

/// A project of 200 labelled pairs with the votes of three annotators, from the shared data.
pub async fn two_hundred_pairs(shared: &Path) -> Made {
    let made = made(&NewProject::default()).await;
    let mut mapping = String::from(
        r#"
task = "text_to_text"
id = "idx"
prompt = ["instruction", "input"]
response1 = "response1"
response2 = "response2"
models = { field = "cmp_key", split = "_" }
criterion = { text = "Which response is better?" }
"#,
    );
    for n in 1..=3 {
        mapping.push_str(&format!(
            "[[vote]]\nannotator = \"annotator{n}\"\nfield = \"annotator{n}\"\nvalues = \
             {{ \"1\" = \"response1\", \"2\" = \"response2\", \"0\" = \"tie\" }}\n"
        ));
    }
    made.import(ImportRequest {
        file: shared.join("pandalm/ship200.json").display().to_string(),
        mapping: Some(mapping),
        ..ImportRequest::default()
    })
    .await
    .unwrap();
    made
}
