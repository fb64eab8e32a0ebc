//! Every rule of the server, asked by a client that writes raw bytes to its socket.

mod client;
mod endurance;
mod ranges;
mod refusals;

use client::Served;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n picture";

#[test]
fn a_medium_comes_whole_with_what_the_player_needs() {
    let served = Served::start();
    let path = served.medium("cat.png", "image/png", PNG);
    let answer = served.get(&path);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, PNG);
    assert_eq!(answer.header("Content-Type"), Some("image/png"));
    assert_eq!(answer.header("Content-Length"), Some("16"));
    assert_eq!(answer.header("Accept-Ranges"), Some("bytes"));
    assert_eq!(answer.header("Content-Range"), None);
    assert_eq!(answer.header("Cache-Control"), Some("no-store"));
    assert_eq!(answer.header("X-Content-Type-Options"), Some("nosniff"));
    assert!(
        answer
            .header("Content-Security-Policy")
            .unwrap()
            .contains("sandbox")
    );
    assert_eq!(answer.header("Connection"), Some("close"));
    assert_eq!(answer.header("Vary"), Some("Origin"));
    assert_eq!(
        answer.header("Access-Control-Allow-Origin"),
        None,
        "nobody asked across origins"
    );
}

#[test]
fn the_app_may_read_across_origins() {
    let served = Served::start();
    let path = served.medium("cat.png", "image/png", PNG);
    let answer = served.ask("GET", &path, "Origin: tauri://localhost\r\n");
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("Access-Control-Allow-Origin"),
        Some("tauri://localhost")
    );
    assert_eq!(answer.header("Vary"), Some("Origin"));
}

#[test]
fn head_has_the_length_and_no_body() {
    let served = Served::start();
    let path = served.medium("cat.png", "image/png", PNG);
    let answer = served.ask("HEAD", &path, "Range: bytes=3-\r\n");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("Content-Length"), Some("16"));
    assert_eq!(answer.header("Accept-Ranges"), Some("bytes"));
    assert!(answer.body.is_empty());
}

#[test]
fn an_empty_file_is_a_file() {
    let served = Served::start();
    let path = served.medium("nothing.wav", "audio/wav", b"");
    let answer = served.get(&path);
    assert_eq!(
        (answer.status, answer.header("Content-Length")),
        (200, Some("0"))
    );
    assert_eq!(served.ask("GET", &path, "Range: bytes=0-\r\n").status, 416);
}

#[test]
fn what_a_browser_would_run_is_sent_as_bytes() {
    let served = Served::start();
    for mime in [
        "text/html",
        "image/svg+xml",
        "application/xhtml+xml",
        "text/javascript",
    ] {
        let path = served.medium("page", mime, b"<script>alert(1)</script>");
        let answer = served.get(&path);
        assert_eq!(
            answer.header("Content-Type"),
            Some("application/octet-stream"),
            "{mime}"
        );
    }
}

#[test]
fn requests_are_counted_and_nothing_else_is_kept() {
    let served = Served::start();
    let path = served.medium("cat.png", "image/png", PNG);
    served.get(&path);
    served.get(&path);
    served.get("/nothing/here");
    let counted = served.server().counted();
    assert_eq!((counted.served, counted.refused, counted.broken), (2, 1, 0));
    assert!(!format!("{:?}", served.server()).contains(&served.token));
}

#[test]
fn two_servers_share_neither_port_nor_token() {
    let (one, other) = (Served::start(), Served::start());
    assert_ne!(one.host, other.host);
    assert_ne!(one.token, other.token);
    assert!(one.host.starts_with("127.0.0.1:"));
    assert_eq!(one.server().origin(), format!("http://{}", one.host));
}
