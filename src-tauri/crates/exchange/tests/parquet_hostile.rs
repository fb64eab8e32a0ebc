//! Parquet files that are damaged, cut off, locked or lying: each gives a sentence, and the rows
//! before what is broken are taken.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what goes wrong here is a failed test"
)]

mod common;

use std::sync::Arc;

use arrow_array::{ArrayRef, BinaryArray, Int64Array, ListArray, types};
use common::handmade::{self, DELTA_BYTES, DELTA_LENGTH, PLAIN, Page, column, zeros};
use common::tables::{GIF, batch, media, parquet, texts};
use common::{pairs, written};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use tiebreak_exchange::{Incoming, Problem, ReadOptions, columns, open};

const NAME: &str = "text_to_text.parquet";

/// The rows that are taken, those that are refused, and what ended the file.
type Rows = (Vec<Incoming>, Vec<Problem>, Option<Problem>);

/// What reading a file gives, or why it is none.
fn read(bytes: &[u8]) -> Result<Rows, String> {
    let file = written(NAME, bytes);
    // The screen asks for these first; they must bear the same bytes.
    let _ = columns(&file.path);
    let mut reader =
        open(&file.path, &ReadOptions::default()).map_err(|error| error.to_string())?;
    let (taken, refused) = pairs(&mut reader);
    assert!(reader.next().is_none(), "the end is the end");
    Ok((taken, refused, reader.broken().cloned()))
}

fn refusal(bytes: &[u8]) -> String {
    match read(bytes) {
        Err(why) => why,
        Ok((taken, _, broken)) => {
            assert_eq!(taken.len(), 0);
            broken.unwrap().message
        }
    }
}

fn sample(how: WriterPropertiesBuilder) -> Vec<u8> {
    let list = ListArray::from_iter_primitive::<types::Int32Type, _, _>(vec![
        Some(vec![Some(1), None, Some(-3)]),
        Some(vec![]),
        None,
        Some(vec![Some(9)]),
    ]);
    let batch = batch(vec![
        ("prompt", texts(&["p", "q", "r", "s"])),
        (
            "response1",
            texts(&["alike 1", "alike 2", "alike 3", "alike 4"]),
        ),
        ("response2", texts(&["a", "b", "a", "b"])),
        (
            "picture",
            media(&[
                (Some(GIF), None),
                (None, Some("x")),
                (None, None),
                (Some(b""), None),
            ]),
        ),
        (
            "number",
            Arc::new(Int64Array::from(vec![Some(5), None, Some(7), Some(-8)])),
        ),
        ("list", Arc::new(list)),
    ]);
    parquet(&batch, how.set_max_row_group_row_count(Some(2)).build())
}

fn ways() -> Vec<WriterPropertiesBuilder> {
    let zstd = Compression::ZSTD(ZstdLevel::default());
    let of = WriterProperties::builder;
    vec![
        of(),
        of().set_compression(Compression::SNAPPY),
        of().set_compression(zstd)
            .set_writer_version(WriterVersion::PARQUET_2_0)
            .set_dictionary_enabled(false),
        of().set_dictionary_enabled(false)
            .set_column_encoding("prompt".into(), Encoding::DELTA_LENGTH_BYTE_ARRAY)
            .set_column_encoding("response1".into(), Encoding::DELTA_BYTE_ARRAY)
            .set_column_encoding("number".into(), Encoding::DELTA_BINARY_PACKED),
    ]
}

#[test]
fn the_samples_are_sound() {
    for how in ways() {
        let (taken, refused, broken) = read(&sample(how)).unwrap();
        assert_eq!((taken.len(), refused, broken), (4, vec![], None));
    }
}

#[test]
fn a_file_cut_anywhere_says_so() {
    let whole = sample(WriterProperties::builder());
    for length in 0..whole.len() {
        let why = refusal(&whole[..length]);
        let says = ["cut off", "damaged", "empty", "does not begin"];
        assert!(
            says.iter().any(|word| why.contains(word)),
            "{length}: {why}"
        );
    }
}

#[test]
fn no_changed_byte_is_more_than_a_sentence() {
    // In memory where the system has such a place: thousands of files are written.
    let memory = std::path::Path::new("/dev/shm");
    let folder = match memory.is_dir() {
        true => tempfile::tempdir_in(memory),
        false => tempfile::tempdir(),
    };
    let folder = folder.unwrap();
    let path = folder.path().join(NAME);
    let (mut sentences, mut rows) = (0, 0);
    for (way, how) in ways().into_iter().enumerate() {
        let whole = sample(how);
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= [0x01, 0xff, 0x80][(at + way) % 3];
            std::fs::write(&path, &bytes).unwrap();
            let mut reader = match open(&path, &ReadOptions::default()) {
                Ok(reader) => reader,
                Err(error) => {
                    sentences += 1;
                    assert!(error.to_string().len() < 2000, "{error}");
                    continue;
                }
            };
            let (taken, refused) = pairs(&mut reader);
            assert!(taken.len() <= 4 && refused.len() <= 4);
            rows += taken.len();
            if let Some(broken) = reader.broken() {
                sentences += 1;
                assert!(broken.message.contains("row group"), "{broken}");
            }
        }
    }
    assert!(sentences > 500 && rows > 500, "{sentences} {rows}");
}

#[test]
fn locked_files_say_that_they_are() {
    let mut bytes = sample(WriterProperties::builder());
    let end = bytes.len() - 4;
    bytes[end..].copy_from_slice(b"PARE");
    assert!(refusal(&bytes).contains("encrypted"));
    bytes[..4].copy_from_slice(b"PARE");
    assert!(refusal(&bytes).contains("encrypted"));
}

/// A file that is nothing but a footer.
fn footer(content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len()).unwrap().to_le_bytes();
    [b"PAR1", content, &size, b"PAR1"].concat()
}

#[test]
fn footers_that_ask_for_the_world_are_refused() {
    let mut deep = vec![0x15, 2, 0x19, 0xfc, 0xa0, 0x8d, 0x06];
    for _ in 0..100_000 {
        deep.extend_from_slice(&[0x35, 0, 0x18, 1, b'a', 0x15, 2, 0]);
    }
    deep.push(0);
    assert!(refusal(&footer(&deep)).contains("deeper"));
    let endless = [0x15, 2, 0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07];
    assert!(refusal(&footer(&endless)).contains("damaged"));
    let wide = [0x15, 2, 0x18, 0xff, 0xff, 0xff, 0xff, 0x07];
    assert!(refusal(&footer(&wide)).contains("damaged"));
    assert!(refusal(&footer(&[])).contains("damaged"));
    let mut long = footer(&[0; 40]);
    let at = long.len() - 8;
    long[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(refusal(&long).contains("longer than the file"));
}

#[test]
fn rows_before_a_broken_page_are_taken() {
    // Texts that are found again in the file, each in a row group of its own.
    let marks = ["mark-one", "mark-two", "mark-three"];
    let batch = batch(vec![
        ("prompt", texts(&marks)),
        ("response1", texts(&["a", "b", "c"])),
        ("response2", texts(&["d", "e", "f"])),
    ]);
    let how = WriterProperties::builder()
        .set_max_row_group_row_count(Some(1))
        .set_dictionary_enabled(false)
        .set_statistics_enabled(parquet::file::properties::EnabledStatistics::None)
        .build();
    let mut bytes = parquet(&batch, how);
    let at = bytes
        .windows(8)
        .position(|eight| eight == b"mark-two")
        .unwrap();
    // The length of the text.
    bytes[at - 4..at].copy_from_slice(&[0xff; 4]);
    let (taken, refused, broken) = read(&bytes).unwrap();
    assert_eq!(taken.len(), 1);
    let broken = broken.unwrap();
    assert_eq!(
        (refused, broken.row, broken.code),
        (vec![broken.clone()], 2, "cannot_read")
    );
    assert_eq!(
        broken.message,
        "the Parquet file is damaged at row 2 (row group 2, column prompt): the values of a page \
         do not fit what the page says of them (Not enough bytes to decode); the rows before are \
         taken; download or copy the file again, or write it anew"
    );
}

/// Columns of words whose bytes need not be words.
fn raw(rows: [[&[u8]; 3]; 3]) -> Vec<u8> {
    let schema = "message t { required binary prompt (UTF8); required binary response1 (UTF8); \
                  required binary response2 (UTF8); }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Default::default()).unwrap();
    let mut group = file.next_row_group().unwrap();
    let mut at = 0;
    while let Some(mut column) = group.next_column().unwrap() {
        let values: Vec<_> = rows
            .iter()
            .map(|row| ByteArray::from(row[at].to_vec()))
            .collect();
        let writer = column.typed::<ByteArrayType>();
        writer.write_batch(&values, None, None).unwrap();
        column.close().unwrap();
        at += 1;
    }
    group.close().unwrap();
    file.into_inner().unwrap()
}

#[test]
fn a_text_that_is_none_costs_its_row_alone() {
    let bytes = raw([
        [b"p", b"a", b"b"],
        [b"q", b"ab\xff", b"c"],
        [b"r", b"d", b"e"],
    ]);
    let (taken, refused, broken) = read(&bytes).unwrap();
    assert_eq!((taken.len(), broken), (2, None));
    let [problem] = refused.as_slice() else {
        panic!("{refused:?}");
    };
    assert_eq!((problem.row, problem.code), (2, "not_utf8"));
    assert_eq!(problem.field.as_deref(), Some("response1"));
    assert!(problem.message.contains("byte 3"), "{problem}");
}

#[test]
fn what_unpacks_to_far_more_than_it_is_is_refused() {
    let zeros = vec![0_u8; 80 << 20];
    let huge: ArrayRef = Arc::new(BinaryArray::from(vec![zeros.as_slice()]));
    let columns = vec![
        ("prompt", texts(&["p"])),
        ("response1", texts(&["a"])),
        ("response2", texts(&["b"])),
        ("zeros", huge),
    ];
    let how = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_dictionary_enabled(false);
    let bytes = parquet(&batch(columns), how.build());
    assert!(bytes.len() < 1 << 20, "{}", bytes.len());
    let why = refusal(&bytes);
    assert!(
        why.contains("zeros") && why.contains("smaller row groups"),
        "{why}"
    );
}

/// The columns of a benchmark, of which the last is the one at hand.
fn with_last(last: handmade::Column) -> Vec<handmade::Column> {
    let word = || Page::data(PLAIN, 1, vec![1, 0, 0, 0, b'a']);
    let words = ["prompt", "response1", "response2"].map(|name| column(name, vec![word()]));
    words.into_iter().chain([last]).collect()
}

/// A list of nothing but nulls, whose row needs little while its page could need a lot.
fn long_list(values: u32) -> handmade::Column {
    handmade::Column {
        list: true,
        ..column("list", vec![Page::one_list(PLAIN, values, true, None)])
    }
}

#[test]
fn what_is_made_by_hand_is_sound() {
    let dictionary = vec![Page::empty_texts(1000), Page::first_of_dictionary(1)];
    let lengths = Page::data(DELTA_LENGTH, 1, zeros(1));
    let both = Page::data(DELTA_BYTES, 1, [zeros(1), zeros(1)].concat());
    for last in [
        column("last", dictionary),
        column("last", vec![lengths]),
        column("last", vec![both]),
        long_list(1000),
    ] {
        let (taken, refused, broken) = read(&handmade::table(1, &with_last(last))).unwrap();
        assert_eq!((taken.len(), refused, broken), (1, vec![], None));
    }
}

#[test]
fn dictionaries_of_more_entries_than_are_taken_are_refused() {
    let pages = vec![
        Page::empty_texts((4 << 20) + 1),
        Page::first_of_dictionary(1),
    ];
    let bytes = handmade::table(1, &with_last(column("words", pages)));
    assert!(bytes.len() < 10_000, "{}", bytes.len());
    assert_eq!(
        refusal(&bytes),
        "the Parquet file cannot be read on from row 1 (row group 1, column words): its \
         dictionary has 4194305 entries, more than are taken (4194304): write the column without \
         a dictionary; no row of it is taken"
    );
}

#[test]
fn dictionaries_that_become_too_much_together_are_refused() {
    // The list is charged with 504 MiB of the 640; each dictionary, of 8 MiB, becomes 72.
    let mut columns = with_last(long_list(14 << 20));
    for name in ["first", "second"] {
        let pages = vec![Page::empty_texts(2 << 20), Page::first_of_dictionary(1)];
        columns.push(column(name, pages));
    }
    assert_eq!(
        refusal(&handmade::table(1, &columns)),
        "the Parquet file cannot be read on from row 1 (row group 1, column second): its \
         dictionary of 2097152 entries needs 72 MiB, and the columns of a row group together get \
         640 MiB: write the table with smaller row groups and pages, or without dictionaries; no \
         row of it is taken"
    );
    columns.pop();
    let (taken, refused, broken) = read(&handmade::table(1, &columns)).unwrap();
    assert_eq!((taken.len(), refused, broken), (1, vec![], None));
}

#[test]
fn lists_of_lengths_are_counted_before_they_are_read() {
    let many = (4 << 20) + 1;
    for (encoding, bytes) in [
        (DELTA_LENGTH, zeros(many)),
        (DELTA_BYTES, [zeros(7), zeros(many)].concat()),
    ] {
        let pages = || vec![Page::empty_texts(1), Page::first_of_dictionary(many)];
        let words = ["prompt", "response1", "response2"].map(|name| column(name, pages()));
        let last = column("last", vec![Page::data(encoding, many, bytes)]);
        let columns: Vec<_> = words.into_iter().chain([last]).collect();
        let why = refusal(&handmade::table(many.into(), &columns));
        for word in ["column last", "4194305 texts", "smaller pages"] {
            assert!(why.contains(word), "{why}");
        }
    }
    // Lists that are short enough are charged for: 504 MiB are taken already.
    let mut columns = with_last(long_list(14 << 20));
    let lengths = [zeros(1), zeros(1)].concat();
    for name in ["a", "b", "c"] {
        let page = Page::data(
            DELTA_BYTES,
            1,
            [lengths.clone(), vec![0; 16 << 20]].concat(),
        );
        columns.push(column(name, vec![page]));
    }
    let why = refusal(&handmade::table(1, &columns));
    assert!(
        why.contains("column c") && why.contains("needs 49 MiB"),
        "{why}"
    );
}

#[test]
fn a_row_that_goes_on_from_page_to_page_is_charged_for_all_of_them() {
    // Pages of half a million items that are there: 20 MiB each, decoded and with their levels. Of
    // the 640 MiB, 612 are taken already.
    let values = 1 << 19;
    let items = || Some(vec![0; values as usize * 4]);
    let pages = (0..20).map(|at| Page::one_list(PLAIN, values, at == 0, items()));
    let mut columns = with_last(long_list(17 << 20));
    columns.push(handmade::Column {
        list: true,
        ..column("goes_on", pages.collect())
    });
    let why = refusal(&handmade::table(1, &columns));
    assert!(
        why.contains("column goes_on") && why.contains("a page of 524288 values needs 21 MiB"),
        "{why}"
    );
}
