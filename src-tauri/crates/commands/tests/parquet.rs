//! The published benchmark into a project: its media stored, its ids those of the JSON's rows, and
//! nothing left behind where nothing was to be written.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by stopping"
)]

mod common;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, StringBuilder, StructBuilder};
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Fields};
use common::{Made, made};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use tiebreak_commands::dto::{ExportRequest, ImportRequest};
use tiebreak_commands::import::{self, Cancel};
use tiebreak_commands::projects::NewProject;
use tiebreak_commands::{Project, SystemClock, export, projects};

type Medium<'a> = (Option<&'a [u8]>, Option<&'a str>);

fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn media(values: &[Medium<'_>]) -> ArrayRef {
    let fields = Fields::from(vec![
        Field::new("bytes", DataType::Binary, true),
        Field::new("path", DataType::Utf8, true),
    ]);
    let mut column = StructBuilder::from_fields(fields, values.len());
    for (bytes, path) in values {
        let held = column.field_builder::<BinaryBuilder>(0).unwrap();
        held.append_option(*bytes);
        let named = column.field_builder::<StringBuilder>(1).unwrap();
        named.append_option(*path);
        column.append(true);
    }
    Arc::new(column.finish())
}

fn table(path: &Path, columns: Vec<(&str, ArrayRef)>) -> String {
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let how = WriterProperties::builder()
        .set_max_row_group_row_count(Some(2))
        .build();
    let file = std::fs::File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(how)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    path.display().to_string()
}

fn picture(number: u8) -> Vec<u8> {
    [b"GIF89a\x05\0\x06\0 and so on ".as_slice(), &[number]].concat()
}

/// Three rows of two pairs; all pictures within the file.
fn published(made: &Made) -> String {
    let pictures: Vec<_> = (0..4).map(picture).collect();
    let of = |at: usize| (Some(pictures[at].as_slice()), None);
    table(
        &made.folder.path().join("text_to_image/test-0.parquet"),
        vec![
            ("prompt", texts(&["p", "p", "q"])),
            ("response1", media(&[of(0), of(0), of(2)])),
            ("response2", media(&[of(1), of(1), of(3)])),
            ("model1", texts(&["m", "m", "m"])),
            ("model2", texts(&["n", "n", "n"])),
            ("criteria", texts(&["clear?", "bright?", "clear?"])),
            (
                "criteria_preference",
                texts(&["response1", "tie", "response2"]),
            ),
            ("id", texts(&["1", "2", "3"])),
            ("response1_path", texts(&["a/0.gif", "a/0.gif", "a/2.gif"])),
            ("response2_path", texts(&["a/1.gif", "a/1.gif", "a/3.gif"])),
        ],
    )
}

fn request(file: String) -> ImportRequest {
    ImportRequest {
        file,
        ..ImportRequest::default()
    }
}

/// All files and folders of a project's media.
fn stored(made: &Made) -> Vec<PathBuf> {
    fn below(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below(&path, found);
            }
            found.push(path);
        }
    }
    let mut found = Vec::new();
    below(&made.project.folder().join("media"), &mut found);
    found
}

#[tokio::test]
async fn it_is_the_same_benchmark_as_its_json() {
    let first = made(&NewProject::default()).await;
    let mut at = Vec::new();
    let report = import::run(
        &first.project,
        &request(published(&first)),
        false,
        &Cancel::default(),
        |progress| at.push((progress.bytes, progress.bytes_total)),
    )
    .await
    .unwrap();
    assert_eq!(report.format, "omni-rewardbench-parquet");
    assert_eq!(
        (report.taken, report.refused, report.pairs),
        (3, 0, 2),
        "{report:?}"
    );
    assert_eq!((report.media, report.media_copied), (4, 4), "{report:?}");
    assert_eq!(report.remarks, [], "all of it was expected");
    let last = at.last().unwrap();
    assert_eq!(last.0, last.1);
    assert!(projects::check(&first.project).await.unwrap().ok);
    let files = stored(&first).into_iter().filter(|path| path.is_file());
    assert_eq!(files.count(), 4);

    let json = first.exported("omni-rewardbench").await.1;
    assert!(
        json.contains("\"response2\": \"a/3.gif\"") && !json.contains("_path"),
        "{json}"
    );
    for number in 0..4 {
        let path = first.folder.path().join(format!("a/{number}.gif"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, picture(number)).unwrap();
    }
    let again = first
        .import_text("text_to_image_preferences.json", &json)
        .await
        .unwrap();
    assert_eq!(
        (again.taken, again.pairs, again.questions),
        (3, 0, 0),
        "{again:?}"
    );
    assert_eq!(again.known, 3);

    let twice = first.import(request(published(&first))).await.unwrap();
    assert_eq!(
        (twice.known, twice.questions, twice.media_copied),
        (3, 0, 0),
        "{twice:?}"
    );
}

#[tokio::test]
async fn a_look_writes_nothing() {
    let made = made(&NewProject::default()).await;
    let request = request(published(&made));
    let seen = import::preview(&request).unwrap();
    assert_eq!(
        (seen.report.taken, seen.report.media, seen.rows.len()),
        (3, 4, 3)
    );
    assert_eq!(seen.rows[0].media[0].path, "a/0.gif");
    assert!(
        seen.rows[0].media[0].kind.is_some() && seen.media_root.is_none(),
        "{seen:?}"
    );
    let report = import::run(&made.project, &request, true, &Cancel::default(), |_| {})
        .await
        .unwrap();
    assert_eq!((report.taken, report.media, report.media_copied), (3, 4, 0));
    assert_eq!(stored(&made), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_cancelled_import_takes_its_media_away_again() {
    let made = made(&NewProject::default()).await;
    let kept = made.project.folder().join("media/kept");
    std::fs::create_dir_all(&kept).unwrap();
    let cancel = Cancel::default();
    let stop = cancel.clone();
    let error = import::run(
        &made.project,
        &request(published(&made)),
        false,
        &cancel,
        // The rows are read and their media stored by the time that the first are told.
        move |_| stop.cancel(),
    )
    .await
    .unwrap_err();
    assert_eq!(error.code, "cancelled");
    assert_eq!(stored(&made), [kept]);
    let report = made.import(request(published(&made))).await.unwrap();
    assert_eq!((report.pairs, report.media_copied), (2, 4));
}

/// A table of one pair a row: the two files of its responses, by number and name.
fn pairs(made: &Made, name: &str, rows: &[[(&[u8], &str); 2]]) -> ImportRequest {
    let side = |n: usize| {
        let cells = rows.iter().map(|row| (Some(row[n].0), Some(row[n].1)));
        media(&cells.collect::<Vec<_>>())
    };
    let prompts: Vec<_> = (0..rows.len()).map(|n| format!("{name} {n}")).collect();
    let words: Vec<_> = prompts.iter().map(String::as_str).collect();
    let columns = vec![
        ("prompt", texts(&words)),
        ("response1", side(0)),
        ("response2", side(1)),
    ];
    request(table(&made.folder.path().join(name), columns))
}

async fn findings(project: &Project) -> Vec<String> {
    let check = projects::check(project).await.unwrap();
    check.findings.into_iter().map(|f| f.message).collect()
}

#[tokio::test]
async fn a_cancelled_import_takes_nothing_from_another_of_the_same_files() {
    let made = made(&NewProject::default()).await;
    let other = projects::open(made.project.folder(), Arc::new(SystemClock))
        .await
        .unwrap();
    let asked = request(published(&made));
    let (cancel, never) = (Cancel::default(), Cancel::default());
    let stop = cancel.clone();
    let stops = move |_| stop.cancel();
    let (first, second) = tokio::join!(
        import::run(&made.project, &asked, false, &cancel, stops),
        import::run(&other, &asked, false, &never, |_| {}),
    );
    assert_eq!(first.unwrap_err().code, "cancelled");
    assert_eq!(second.unwrap().taken, 3);
    assert_eq!(findings(&made.project).await, [""; 0]);
}

#[tokio::test]
async fn media_of_a_refused_row_do_not_stay() {
    let made = made(&NewProject::default()).await;
    let pictures: Vec<_> = (0..3).map(picture).collect();
    let rows: &[[(&[u8], &str); 2]] = &[
        [(&pictures[0], "0.gif"), (b"no picture", "1.gif")],
        [(&pictures[1], "1.gif"), (&pictures[2], "2.gif")],
    ];
    let asked = pairs(&made, "text_to_image.parquet", rows);
    let report = made.import(asked).await.unwrap();
    assert_eq!((report.taken, report.refused), (1, 1), "{report:?}");
    assert_eq!(report.media_copied, 2);
    assert_eq!(findings(&made.project).await, [""; 0]);
}

#[tokio::test]
async fn a_project_that_can_take_no_media_ends_the_import() {
    let made = made(&NewProject::default()).await;
    // A file in the folder's place stands for a disk that is full or may not be written to.
    std::fs::write(made.project.folder().join("media"), "x").unwrap();
    let error = made.import(request(published(&made))).await.unwrap_err();
    assert_eq!(error.code, "media_io", "{error}");
    assert!(error.message.contains("copied into the project"), "{error}");
    let info = projects::info(&made.project).await.unwrap();
    assert!(info.tasks.is_empty(), "{info:?}");
}

#[tokio::test]
async fn two_files_that_call_different_pictures_alike_are_told_apart() {
    let made = made(&NewProject::default()).await;
    let pictures: Vec<_> = (0..4).map(picture).collect();
    for (name, at) in [("one", 0), ("two", 2)] {
        let rows: [[(&[u8], &str); 2]; 1] =
            [[(&pictures[at], "0.gif"), (&pictures[at + 1], "1.gif")]];
        let file = format!("{name}/text_to_image.parquet");
        let asked = pairs(&made, &file, &rows);
        let report = made.import(asked.clone()).await.unwrap();
        assert_eq!(report.remarks.len(), at, "{report:?}");
        let again = made.import(asked).await.unwrap();
        assert_eq!((again.known, again.pairs), (1, 0), "{again:?}");
    }
    let info = projects::info(&made.project).await.unwrap();
    assert_eq!(info.media, 4);
    let names = made.project.media_names().await.unwrap();
    assert_eq!(names.len(), 4, "{names:?}");
}

#[tokio::test]
async fn media_without_a_name_or_with_anothers_get_one_of_their_own() {
    let made = made(&NewProject::default()).await;
    let pictures: Vec<_> = (0..4).map(picture).collect();
    let of = |at: usize, path| (Some(pictures[at].as_slice()), path);
    let file = table(
        &made.folder.path().join("text_to_image.parquet"),
        vec![
            ("prompt", texts(&["p", "q", "r"])),
            (
                "response1",
                media(&[
                    of(0, Some("0.gif")),
                    of(2, Some("0.gif")),
                    (Some(b"no"), None),
                ]),
            ),
            (
                "response2",
                media(&[of(1, None), of(3, Some("../3.gif")), of(0, None)]),
            ),
            ("criteria_preference", texts(&["tie", "tie", "tie"])),
        ],
    );
    let report = made.import(request(file)).await.unwrap();
    assert_eq!((report.taken, report.refused), (2, 1), "{report:?}");
    let problem = &report.problems[0];
    assert_eq!(
        (problem.row, problem.field.as_deref()),
        (3, Some("response1"))
    );
    let made_up = report.remarks.iter().filter(|r| r.code == "name_made");
    assert_eq!(made_up.count(), 2, "{report:?}");
    let json = made.exported("omni-rewardbench").await.1;
    for number in 1..4 {
        let id = tiebreak_domain::MediaId::of(&picture(number)).to_string();
        assert!(json.contains(&format!("\"{}.gif\"", &id[..16])), "{json}");
    }
    assert!(json.contains("\"0.gif\"") && !json.contains(".."), "{json}");
}

#[tokio::test]
async fn films_are_found_where_the_benchmark_keeps_them() {
    let made = made(&NewProject::default()).await;
    let top = made.folder.path();
    for name in ["1.gif", "2.gif"] {
        std::fs::create_dir_all(top.join("media_data/v")).unwrap();
        std::fs::write(
            top.join("media_data/v").join(name),
            picture(name.as_bytes()[0]),
        )
        .unwrap();
    }
    let file = table(
        &top.join("text_to_video/test.parquet"),
        vec![
            ("prompt", texts(&["p"])),
            ("response1", texts(&["v/1.gif"])),
            ("response2", texts(&["v/2.gif"])),
        ],
    );
    let report = made.import(request(file)).await.unwrap();
    assert_eq!((report.taken, report.media_copied), (1, 0), "{report:?}");
    let told = report
        .remarks
        .iter()
        .find(|r| r.code == "media_root")
        .unwrap();
    assert!(told.message.contains("media_data"), "{told:?}");
}

#[tokio::test]
async fn it_is_not_written_yet_and_says_what_is() {
    let made = made(&NewProject::default()).await;
    let request = ExportRequest {
        format: "omni-rewardbench-parquet".into(),
        out: made.folder.path().join("out.parquet").display().to_string(),
        rule: None,
        ignore_imported: false,
    };
    let error = export::run(&made.project, &request).await.unwrap_err();
    assert_eq!(error.code, "not_written");
    assert!(
        error.message.contains("export as omni-rewardbench"),
        "{error:?}"
    );
}
