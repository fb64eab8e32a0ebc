//! Clients that are slow, silent, many, or leave.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::PNG;
use super::client::{Answer, Served};
use crate::media_server::{Counted, Limits};

/// Waits until the counts say so; the server counts after the client has seen its answer.
fn until(served: &Served, what: impl Fn(Counted) -> bool) {
    let start = Instant::now();
    while !what(served.server().counted()) {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{:?}",
            served.server().counted()
        );
        thread::sleep(Duration::from_millis(10));
    }
}

fn short() -> Limits {
    Limits {
        connections: 2,
        head_time: Duration::from_millis(300),
        stall: Duration::from_millis(300),
        ..Limits::default()
    }
}

#[test]
fn a_client_that_says_nothing_is_dropped_and_frees_its_place() {
    let served = Served::with(short());
    let path = served.medium("cat.png", "image/png", PNG);
    let mut silent = [served.connect(), served.connect()];
    let mut half = served.connect();
    half.write_all(b"GET /half HTTP/1.1\r\nHost:").unwrap();
    assert_eq!(
        served.get(&path).status,
        200,
        "served once the silent ones are dropped"
    );
    for stream in &mut silent {
        assert_eq!(
            stream.read(&mut [0; 16]).unwrap_or(0),
            0,
            "closed without a word"
        );
    }
    until(&served, |c| c.broken >= 3);
}

#[test]
fn a_slow_request_within_the_time_is_answered() {
    let served = Served::start();
    let path = served.medium("cat.png", "image/png", PNG);
    let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", served.host);
    let mut stream = served.connect();
    for byte in request.as_bytes() {
        stream.write_all(&[*byte]).unwrap();
        thread::sleep(Duration::from_millis(2));
    }
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert_eq!(Answer::read(&answer).body, PNG);
}

#[test]
fn a_slow_reader_gets_everything_and_holds_up_nobody() {
    let served = Served::start();
    let film: Vec<u8> = (0..8_000_000_u32).map(|n| (n % 253) as u8).collect();
    let long = served.medium("film.mp4", "video/mp4", &film);
    let path = served.medium("cat.png", "image/png", PNG);
    let mut slow = served.connect();
    write!(slow, "GET {long} HTTP/1.1\r\nHost: {}\r\n\r\n", served.host).unwrap();
    let mut answer = vec![0; 100_000];
    slow.read_exact(&mut answer).unwrap();
    for _ in 0..50 {
        assert_eq!(served.get(&path).status, 200);
    }
    slow.read_to_end(&mut answer).unwrap();
    assert!(Answer::read(&answer).body == film);
}

#[test]
fn a_reader_that_stops_for_good_frees_its_place() {
    let served = Served::with(short());
    let long = served.medium("film.mp4", "video/mp4", &vec![7; 16_000_000]);
    let path = served.medium("cat.png", "image/png", PNG);
    let stuck: Vec<_> = (0..2)
        .map(|_| {
            let mut stream = served.connect();
            write!(
                stream,
                "GET {long} HTTP/1.1\r\nHost: {}\r\n\r\n",
                served.host
            )
            .unwrap();
            stream
        })
        .collect();
    assert_eq!(served.get(&path).status, 200);
    until(&served, |c| c.broken == 2);
    drop(stuck);
}

#[test]
fn a_client_that_leaves_in_the_middle_is_normal() {
    let served = Served::start();
    let long = served.medium("film.mp4", "video/mp4", &vec![7; 16_000_000]);
    for _ in 0..40 {
        let mut stream = served.connect();
        write!(
            stream,
            "GET {long} HTTP/1.1\r\nHost: {}\r\n\r\n",
            served.host
        )
        .unwrap();
        stream.read_exact(&mut [0; 1000]).unwrap();
        stream.shutdown(Shutdown::Both).unwrap();
    }
    until(&served, |c| c.broken == 40);
    assert_eq!(served.get(&long).body.len(), 16_000_000);
}

#[test]
fn a_file_that_shrinks_while_it_is_sent_ends_early() {
    let served = Served::start();
    let long = served.medium("film.mp4", "video/mp4", &vec![7; 32_000_000]);
    let mut stream = served.connect();
    write!(
        stream,
        "GET {long} HTTP/1.1\r\nHost: {}\r\n\r\n",
        served.host
    )
    .unwrap();
    let mut answer = vec![0; 1000];
    stream.read_exact(&mut answer).unwrap();
    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(served.folder.path().join("film.mp4"));
    file.unwrap().set_len(1_000).unwrap();
    stream.read_to_end(&mut answer).unwrap();
    assert!(Answer::read(&answer).body.len() < 32_000_000);
    until(&served, |c| c.broken == 1);
}

#[test]
fn two_hundred_at_once_are_all_answered() {
    let served = Arc::new(Served::start());
    let film: Vec<u8> = (0..300_000_u32).map(|n| (n % 241) as u8).collect();
    let path = served.medium("film.mp4", "video/mp4", &film);
    let clients: Vec<_> = (0..200)
        .map(|n: usize| {
            let (served, path) = (Arc::clone(&served), path.clone());
            thread::spawn(move || {
                let start = n * 1000;
                let answer = served.ask("GET", &path, &format!("Range: bytes={start}-\r\n"));
                (answer.status, answer.body.len() == 300_000 - start)
            })
        })
        .collect();
    for client in clients {
        assert_eq!(client.join().unwrap(), (206, true));
    }
    until(&served, |c| {
        c == Counted {
            served: 200,
            refused: 0,
            broken: 0,
        }
    });
}

#[test]
fn it_stops_when_it_is_dropped() {
    let mut served = Served::start();
    let long = served.medium("film.mp4", "video/mp4", &vec![7; 32_000_000]);
    let mut stream = served.connect();
    write!(
        stream,
        "GET {long} HTTP/1.1\r\nHost: {}\r\n\r\n",
        served.host
    )
    .unwrap();
    stream.read_exact(&mut [0; 1000]).unwrap();
    served.server = None;
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(rest.len() < 31_000_000, "the running answer is cut off");
    let start = Instant::now();
    let address = served.host.parse().unwrap();
    while std::net::TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok() {
        assert!(start.elapsed() < Duration::from_secs(10), "still listening");
        thread::sleep(Duration::from_millis(10));
    }
}
