//! Omni-RewardBench as it is published, and any other Parquet table: what its cells become.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what goes wrong here is a failed test"
)]

mod common;

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BinaryArray, BinaryViewArray, BooleanArray, Decimal128Array, DictionaryArray,
    FixedSizeBinaryArray, Float32Array, Float64Array, Int32Array, Int64Array, LargeStringArray,
    ListArray, NullArray, RecordBatch, StringArray, StringViewArray, StructArray,
    TimestampMicrosecondArray, UInt64Array, builder, types,
};
use common::tables::{GIF, batch, media, parquet, table, texts};
use common::{as_format, pairs, task, through, with_mapping, written};
use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterVersion};
use tiebreak_exchange::{
    FormatId, Incoming, MediaSource, ReadOptions, columns, guess_mapping, open,
};

fn read(name: &str, columns: Vec<(&str, ArrayRef)>, options: &ReadOptions) -> Vec<Incoming> {
    let file = table(name, columns);
    let mut reader = open(&file.path, options).unwrap();
    let (taken, refused) = pairs(&mut reader);
    assert_eq!((refused, reader.broken()), (vec![], None));
    assert_eq!(reader.bytes_read(), reader.bytes_total());
    taken
}

fn kept<'a>(row: &'a Incoming, name: &str) -> &'a str {
    let mut extra = row.extra.iter();
    let found = extra.find(|(known, _)| known == name);
    found
        .unwrap_or_else(|| panic!("{name}: {row:?}"))
        .1
        .as_str()
}

fn held(media: &[MediaSource]) -> (Option<&str>, &[u8]) {
    match media {
        [MediaSource::Bytes { name, bytes, .. }] => (name.as_deref(), bytes),
        other => panic!("{other:?}"),
    }
}

fn path(media: &[MediaSource]) -> &str {
    match media {
        [MediaSource::Path { path, .. }] => path,
        other => panic!("{other:?}"),
    }
}

/// The published columns of a task whose prompts and responses are pictures.
fn published() -> Vec<(&'static str, ArrayRef)> {
    let one: Option<&[u8]> = Some(GIF);
    vec![
        ("prompt", texts(&["p", "p", "q"])),
        (
            "image",
            media(&[(one, Some("0.png")), (one, None), (None, None)]),
        ),
        (
            "response1",
            media(&[(one, None), (one, None), (None, Some("x/1.png"))]),
        ),
        (
            "response2",
            media(&[(Some(b"\x89PNG"), None), (one, None), (one, None)]),
        ),
        ("model1", texts(&["m", "m", "m"])),
        ("model2", texts(&["n", "n", "n"])),
        ("criteria", texts(&["clear?", "bright?", "clear?"])),
        (
            "criteria_preference",
            texts(&["response1", "tie", "response2"]),
        ),
        ("id", texts(&["1", "2", "3"])),
        (
            "image_path",
            Arc::new(StringArray::from(vec![
                Some("i/0.png"),
                None,
                Some("i/2.png"),
            ])),
        ),
        ("response1_path", texts(&["r/1.png", " ", "r/3.png"])),
        ("response2_path", texts(&["r/2.png", "r/2.png", "r/4.png"])),
    ]
}

#[test]
fn the_published_table_becomes_the_rows_that_the_code_reads() {
    let rows = read(
        "text_image_to_image.parquet",
        published(),
        &ReadOptions::default(),
    );
    let [first, second, third] = rows.as_slice() else {
        panic!("{rows:?}");
    };
    assert_eq!(first.task.as_str(), "text_image_to_image");
    assert_eq!(held(&first.prompt_media), (Some("i/0.png"), GIF));
    assert_eq!(held(&first.response1.media), (Some("r/1.png"), GIF));
    assert_eq!(
        held(&first.response2.media),
        (Some("r/2.png"), &b"\x89PNG"[..])
    );
    assert_eq!(held(&second.prompt_media), (None, GIF));
    assert_eq!(held(&second.response1.media), (None, GIF));
    assert_eq!(path(&third.prompt_media), "i/2.png");
    assert_eq!(path(&third.response1.media), "r/3.png");
    assert_eq!(third.extra, []);
    let plain = "prompt image response1 response2 model1 model2 criteria criteria_preference id";
    assert_eq!(first.shape.join(" "), plain);
    let json = through(&rows[..1]);
    assert!(
        json.contains("\"response1\": \"r/1.png\"") && !json.contains("_path"),
        "{json}"
    );
}

#[test]
fn it_is_recognised_by_its_columns_and_can_be_asked_for() {
    let file = table(
        "text_to_text.parquet",
        vec![
            ("prompt", texts(&["p"])),
            ("response1", texts(&["a"])),
            ("response2", texts(&["b"])),
        ],
    );
    let reader = open(&file.path, &ReadOptions::default()).unwrap();
    assert_eq!(reader.format(), FormatId::OmniRewardbenchParquet);
    for word in ["Parquet", "prompt", "response1", "text_to_text"] {
        assert!(reader.why().contains(word), "{}", reader.why());
    }
    let asked = as_format(FormatId::OmniRewardbenchParquet);
    assert!(
        open(&file.path, &asked)
            .unwrap()
            .why()
            .contains("asked for")
    );
    for format in [FormatId::OmniRewardbench, FormatId::Votes] {
        let error = open(&file.path, &as_format(format)).err().unwrap();
        assert!(error.to_string().contains("Parquet"), "{error}");
    }
    let json = written(
        "a.json",
        "[{\"prompt\":\"p\",\"response1\":\"a\",\"response2\":\"b\"}]",
    );
    let error = open(&json.path, &asked).err().unwrap();
    assert!(error.to_string().contains("JSON, not Parquet"), "{error}");
}

#[test]
fn the_task_is_told_by_the_person_the_rows_the_name_or_the_folder() {
    let rows = || {
        vec![
            ("prompt", texts(&["p"])),
            ("response1", texts(&["a"])),
            ("response2", texts(&["b"])),
        ]
    };
    let of =
        |name: &str, options: &ReadOptions| read(name, rows(), options).remove(0).task.to_string();
    let none = ReadOptions::default();
    assert_eq!(
        of("text_to_text-00000-of-00002.parquet", &none),
        "text_to_text"
    );
    assert_eq!(
        of("text_to_text_preferences.parquet", &none),
        "text_to_text"
    );
    assert_eq!(
        of("text_to_text.parquet", &task("text_image_to_text")),
        "text_image_to_text"
    );
    let mut own = rows();
    own.push(("task", texts(&["text_to_text"])));
    assert_eq!(
        read("x.parquet", own, &none)[0].task.as_str(),
        "text_to_text"
    );

    let bytes = parquet(&batch(rows()), WriterProperties::default());
    let nameless = written("test-00000-of-00001.parquet", &bytes);
    let error = open(&nameless.path, &none).err().unwrap();
    let says = error.to_string();
    assert!(
        says.contains("text_to_3D") && says.contains("folder"),
        "{says}"
    );
    let folder = nameless.folder.path().join("text_to_text");
    std::fs::create_dir(&folder).unwrap();
    let within = folder.join("test-00000-of-00001.parquet");
    std::fs::write(&within, &bytes).unwrap();
    let row = open(&within, &none).unwrap().next().unwrap().unwrap();
    assert!(format!("{row:?}").contains("text_to_text"), "{row:?}");
}

#[test]
fn films_stay_the_paths_that_they_are() {
    let rows = read(
        "text_to_video.parquet",
        vec![
            ("prompt", texts(&["p"])),
            ("response1", texts(&["a/1.mp4"])),
            ("response2", texts(&["a/2.mp4"])),
        ],
        &ReadOptions::default(),
    );
    assert_eq!(path(&rows[0].response1.media), "a/1.mp4");
}

/// The same two columns of words, in all the ways in which Arrow holds them.
fn worded(of: &str) -> (ArrayRef, ArrayRef) {
    let values = vec![Some("first"), None, Some("größer"), Some("first")];
    let bytes: Vec<Option<&[u8]>> = vec![
        Some(b"first"),
        None,
        Some(b"gr\xf6\xdfer"),
        Some(b"first\0"),
    ];
    match of {
        "plain" => (
            Arc::new(StringArray::from(values)),
            Arc::new(BinaryArray::from(bytes)),
        ),
        "large" => (
            Arc::new(LargeStringArray::from(values)),
            Arc::new(arrow_array::LargeBinaryArray::from(bytes)),
        ),
        "view" => (
            Arc::new(StringViewArray::from(values)),
            Arc::new(BinaryViewArray::from(bytes)),
        ),
        _ => (
            Arc::new(
                values
                    .into_iter()
                    .collect::<DictionaryArray<types::Int32Type>>(),
            ),
            Arc::new(BinaryArray::from(bytes)),
        ),
    }
}

#[test]
fn words_are_the_same_however_they_are_stored() {
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
        Compression::BROTLI(BrotliLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
    ];
    let mut seen = 0;
    for of in ["plain", "large", "view", "dictionary"] {
        let (words, bytes) = worded(of);
        let batch = batch(vec![
            ("prompt", texts(&["p", "q", "r", "s"])),
            ("response1", words),
            ("response2", texts(&["a", "b", "c", "d"])),
            ("raw", bytes),
        ]);
        for codec in codecs {
            for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
                for dictionary in [true, false] {
                    let how = WriterProperties::builder()
                        .set_compression(codec)
                        .set_writer_version(version)
                        .set_dictionary_enabled(dictionary)
                        // Several row groups, and several pages of each.
                        .set_max_row_group_row_count(Some(3))
                        .set_data_page_row_count_limit(2)
                        .set_write_batch_size(1)
                        .build();
                    let file = written("text_to_text.parquet", parquet(&batch, how));
                    let mut reader = open(&file.path, &ReadOptions::default()).unwrap();
                    let (rows, refused) = pairs(&mut reader);
                    assert_eq!(refused, [], "{of} {codec} {version:?} {dictionary}");
                    let first: Vec<_> = rows.iter().map(|r| r.response1.text.as_str()).collect();
                    assert_eq!(first, ["first", "", "größer", "first"], "{of} {codec}");
                    let raw: Vec<_> = rows.iter().map(|row| kept(row, "raw")).collect();
                    let expected = ["\"first\"", "null", "\"Z3L232Vy\"", "\"Zmlyc3QA\""];
                    assert_eq!(raw, expected, "{of} {codec}");
                    let told = reader
                        .warnings()
                        .iter()
                        .filter(|w| w.code == "bytes_as_text");
                    assert_eq!(told.count(), 1, "once a column: {:?}", reader.warnings());
                    seen += 1;
                }
            }
        }
    }
    assert_eq!(seen, 4 * 7 * 4);
}

#[test]
fn words_that_were_not_marked_as_such_are_words() {
    let column = |values: [&[u8]; 2]| Arc::new(BinaryArray::from(values.to_vec())) as ArrayRef;
    let batch = batch(vec![
        ("prompt", column([b"What?", "Größe?".as_bytes()])),
        ("response1", column([b"this", b""])),
        ("response2", column([b"\"that\"", b"\xff\xfe"])),
    ]);
    let file = written(
        "text_to_text.parquet",
        parquet(&batch, WriterProperties::default()),
    );
    let mut reader = open(&file.path, &ReadOptions::default()).unwrap();
    let (rows, refused) = pairs(&mut reader);
    assert_eq!(refused, []);
    let prompts: Vec<_> = rows.iter().map(|row| row.prompt.as_str()).collect();
    assert_eq!(prompts, ["What?", "Größe?"]);
    let shown: Vec<_> = rows
        .iter()
        .map(|row| (row.response1.text.as_str(), row.response2.text.as_str()))
        .collect();
    assert_eq!(shown, [("this", "\"that\""), ("", "//4=")]);
    let told: Vec<_> = reader
        .warnings()
        .iter()
        .map(|w| (w.code, &w.field))
        .collect();
    assert_eq!(told, [("bytes_as_text", &Some("response2".to_owned()))]);
}

#[test]
fn unknown_columns_are_kept_as_the_json_they_are() {
    let list = ListArray::from_iter_primitive::<types::Int32Type, _, _>(vec![
        Some(vec![Some(1), None, Some(-3)]),
        Some(vec![]),
        None,
    ]);
    let mut names =
        builder::ListBuilder::new(builder::ListBuilder::new(builder::StringBuilder::new()));
    names.values().append_value([Some("a"), Some("b\"c")]);
    names.values().append_value([None::<&str>; 0]);
    names.append(true);
    names.values().append_null();
    names.append(true);
    names.append(true);
    let mut pairs_of = builder::MapBuilder::new(
        None,
        builder::StringBuilder::new(),
        builder::Int64Builder::new(),
    );
    pairs_of.keys().append_value("k");
    pairs_of.values().append_value(7);
    pairs_of.append(true).unwrap();
    pairs_of.append(true).unwrap();
    pairs_of.append(false).unwrap();
    let group = StructArray::try_from(vec![
        (
            "x",
            Arc::new(Int64Array::from(vec![Some(1), None, Some(3)])) as ArrayRef,
        ),
        ("deep", Arc::new(list.clone()) as ArrayRef),
    ])
    .unwrap();
    let decimal = Decimal128Array::from(vec![Some(-12_345), Some(5), None])
        .with_precision_and_scale(38, 3)
        .unwrap();
    let moment = TimestampMicrosecondArray::from(vec![Some(1_500_000), Some(-1), None]);
    let fixed = FixedSizeBinaryArray::try_from_iter([b"abc", b"\xff\0\x01", b"xyz"].into_iter());
    let rows = read(
        "text_to_text.parquet",
        vec![
            ("prompt", texts(&["p", "q", "r"])),
            ("response1", texts(&["a", "b", "c"])),
            ("response2", texts(&["d", "e", "f"])),
            ("big", Arc::new(UInt64Array::from(vec![u64::MAX, 0, 1]))),
            (
                "truth",
                Arc::new(BooleanArray::from(vec![Some(true), Some(false), None])),
            ),
            (
                "half",
                Arc::new(Float32Array::from(vec![0.1, f32::NAN, -2.0])),
            ),
            (
                "wide",
                Arc::new(Float64Array::from(vec![1e300, f64::INFINITY, 0.5])),
            ),
            ("none", Arc::new(NullArray::new(3))),
            ("list", Arc::new(list)),
            ("lists", Arc::new(names.finish())),
            ("map", Arc::new(pairs_of.finish())),
            ("group", Arc::new(group)),
            ("decimal", Arc::new(decimal)),
            ("at", Arc::new(moment.clone())),
            ("at_utc", Arc::new(moment.with_timezone("UTC"))),
            ("fixed", Arc::new(fixed.unwrap())),
            (
                "day",
                Arc::new(arrow_array::Date32Array::from(vec![0, 19_782, -1])),
            ),
            ("two\nlines", Arc::new(Int32Array::from(vec![1, 2, 3]))),
        ],
        &ReadOptions::default(),
    );
    let expected = [
        ("big", ["18446744073709551615", "0", "1"]),
        ("truth", ["true", "false", "null"]),
        ("half", ["0.1", "\"NaN\"", "-2.0"]),
        ("wide", ["1e300", "\"Infinity\"", "0.5"]),
        ("none", ["null"; 3]),
        ("list", ["[1,null,-3]", "[]", "null"]),
        ("lists", ["[[\"a\",\"b\\\"c\"],[]]", "[null]", "[]"]),
        ("map", ["{\"k\":7}", "{}", "null"]),
        (
            "group",
            [
                "{\"x\":1,\"deep\":[1,null,-3]}",
                "{\"x\":null,\"deep\":[]}",
                "{\"x\":3,\"deep\":null}",
            ],
        ),
        ("decimal", ["-12.345", "0.005", "null"]),
        (
            "at",
            [
                "\"1970-01-01T00:00:01.500000\"",
                "\"1969-12-31T23:59:59.999999\"",
                "null",
            ],
        ),
        (
            "at_utc",
            [
                "\"1970-01-01T00:00:01.500000Z\"",
                "\"1969-12-31T23:59:59.999999Z\"",
                "null",
            ],
        ),
        ("fixed", ["\"YWJj\"", "\"/wAB\"", "\"eHl6\""]),
        (
            "day",
            ["\"1970-01-01\"", "\"2024-02-29\"", "\"1969-12-31\""],
        ),
        ("two\nlines", ["1", "2", "3"]),
    ];
    for (name, values) in expected {
        let seen = [0, 1, 2].map(|at| kept(&rows[at], name));
        assert_eq!(seen, values, "{name}");
    }
    let json = through(&rows);
    let again = common::all(
        "text_to_text_preferences.json",
        &json,
        &ReadOptions::default(),
    );
    assert_eq!(through(&again), json, "what was kept is JSON");
}

#[test]
fn a_table_without_rows_is_an_empty_benchmark() {
    let empty = RecordBatch::new_empty(batch(published()).schema());
    let file = written(
        "text_image_to_image.parquet",
        parquet(&empty, WriterProperties::default()),
    );
    let mut reader = open(&file.path, &ReadOptions::default()).unwrap();
    assert_eq!(reader.format(), FormatId::OmniRewardbenchParquet);
    assert!(reader.next().is_none() && reader.broken().is_none());
    assert!(
        columns(&file.path)
            .unwrap()
            .fields
            .iter()
            .any(|c| c.name == "image")
    );
}

#[test]
fn any_other_table_goes_through_a_mapping() {
    let file = table(
        "pairs.parquet",
        vec![
            ("caption", texts(&["a cat", "a dog"])),
            (
                "left",
                media(&[(Some(GIF), Some("l.gif")), (None, Some("l/2.gif"))]),
            ),
            ("right", media(&[(Some(GIF), None), (Some(GIF), None)])),
            ("right_path", texts(&["kept", "kept"])),
            ("winner", texts(&["A", "B"])),
        ],
    );
    let error = open(&file.path, &ReadOptions::default()).err().unwrap();
    assert_eq!(error.code(), "needs_mapping");
    assert!(error.to_string().contains("winner"), "{error}");
    let seen = columns(&file.path).unwrap();
    assert_eq!((seen.rows, seen.fields.len()), (2, 5));
    let winner = seen.fields.iter().find(|c| c.name == "winner").unwrap();
    assert_eq!(winner.values, ["A", "B"]);
    guess_mapping(&seen).to_toml().unwrap();

    let options = with_mapping(
        "task = \"text_to_image\"\nprompt = { text = \"caption\" }\n\
         response1 = { image = \"left\" }\nresponse2 = { image = \"right\" }\n\
         [resolution]\nfield = \"winner\"\nvalues = { A = \"response1\", B = \"response2\" }\n",
    );
    let mut reader = open(&file.path, &options).unwrap();
    let (rows, refused) = pairs(&mut reader);
    assert_eq!(refused, []);
    assert_eq!(held(&rows[0].response1.media), (Some("l.gif"), GIF));
    assert_eq!(held(&rows[0].response2.media), (None, GIF));
    assert_eq!(path(&rows[1].response1.media), "l/2.gif");
    assert_eq!(kept(&rows[0], "right_path"), "\"kept\"");
}

#[test]
fn files_that_no_row_shows_are_kept_as_their_bytes() {
    let rows = read(
        "text_to_text.parquet",
        vec![
            ("prompt", texts(&["p"])),
            ("response1", texts(&["a"])),
            ("response2", media(&[(Some(GIF), None)])),
            ("thumb", media(&[(Some(b"abc"), Some("t.png"))])),
        ],
        &ReadOptions::default(),
    );
    assert_eq!(
        kept(&rows[0], "thumb"),
        "{\"bytes\":\"YWJj\",\"path\":\"t.png\"}"
    );
    assert_eq!(rows[0].remarks[0].code, "bytes_as_text");
    assert_eq!(
        held(&rows[0].response2.media).1,
        GIF,
        "shown, whatever the task expects"
    );
}
