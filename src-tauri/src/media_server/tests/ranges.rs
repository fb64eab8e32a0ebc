//! Parts of a file, as WebKit's player asks for them.

use super::client::{Answer, Served};

/// More than a block, so that a part spans several.
fn film() -> Vec<u8> {
    (0..1_000_003_u32).map(|n| (n % 251) as u8).collect()
}

fn part(served: &Served, path: &str, range: &str) -> Answer {
    served.ask("GET", path, &format!("Range: {range}\r\n"))
}

#[test]
fn an_open_range_goes_to_the_end() {
    let (served, film) = (Served::start(), film());
    let path = served.medium("film.mp4", "video/mp4", &film);
    for start in [0, 1, 131_072, 500_000, 1_000_002] {
        let answer = part(&served, &path, &format!("bytes={start}-"));
        assert_eq!(answer.status, 206);
        assert_eq!(answer.body, film[start..], "from {start}");
        assert_eq!(
            answer.header("Content-Length").unwrap(),
            (film.len() - start).to_string()
        );
        assert_eq!(
            answer.header("Content-Range").unwrap(),
            format!("bytes {start}-1000002/1000003")
        );
        assert_eq!(answer.header("Accept-Ranges"), Some("bytes"));
        assert_eq!(answer.header("Content-Type"), Some("video/mp4"));
    }
}

#[test]
fn closed_and_suffix_ranges_are_exact() {
    let (served, film) = (Served::start(), film());
    let path = served.medium("film.mp4", "video/mp4", &film);
    let middle = part(&served, &path, "bytes=100-299999");
    assert_eq!(middle.status, 206);
    assert_eq!(middle.body, film[100..300_000]);
    assert_eq!(
        middle.header("Content-Range"),
        Some("bytes 100-299999/1000003")
    );

    let one = part(&served, &path, "bytes=7-7");
    assert_eq!((one.status, one.body.as_slice()), (206, &film[7..8]));

    let over = part(&served, &path, "bytes=1000000-2000000");
    assert_eq!(over.body, film[1_000_000..]);
    assert_eq!(
        over.header("Content-Range"),
        Some("bytes 1000000-1000002/1000003")
    );

    let last = part(&served, &path, "bytes=-10");
    assert_eq!((last.status, last.body.as_slice()), (206, &film[999_993..]));

    let more_than_all = part(&served, &path, "bytes=-5000000");
    assert_eq!(
        (more_than_all.status, more_than_all.body.len()),
        (206, film.len())
    );
}

#[test]
fn a_range_beyond_the_end_is_refused_with_the_length() {
    let served = Served::start();
    let path = served.medium("film.mp4", "video/mp4", b"0123456789");
    for range in [
        "bytes=10-",
        "bytes=11-12",
        "bytes=-0",
        "bytes=99999999999999999999999999-",
    ] {
        let answer = part(&served, &path, range);
        assert_eq!(answer.status, 416, "{range}");
        assert_eq!(answer.header("Content-Range"), Some("bytes */10"));
        assert!(answer.body.is_empty());
    }
}

#[test]
fn several_ranges_and_what_cannot_be_read_get_the_whole() {
    let served = Served::start();
    let path = served.medium("film.mp4", "video/mp4", b"0123456789");
    for range in [
        "bytes=0-1,4-5",
        "bytes=5-2",
        "items=0-1",
        "bytes=x-",
        "bytes=-",
        "0-5",
        "\"\"",
    ] {
        let answer = part(&served, &path, range);
        assert_eq!(
            (answer.status, answer.body.as_slice()),
            (200, &b"0123456789"[..]),
            "{range}"
        );
    }
    let conditional = served.ask("GET", &path, "Range: bytes=5-\r\nIf-Range: \"1\"\r\n");
    assert_eq!((conditional.status, conditional.body.len()), (200, 10));
}
