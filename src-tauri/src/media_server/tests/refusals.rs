//! Whom the server answers with nothing, and that the answer says nothing.

use std::os::unix::fs::symlink;

use tiebreak_domain::MediaId;

use super::PNG;
use super::client::{Answer, Served};

fn is_silent(answer: &Answer) {
    assert!(answer.body.is_empty());
    assert_eq!(answer.header("Content-Length"), Some("0"));
    assert_eq!(answer.header("Access-Control-Allow-Origin"), None);
    assert_eq!(answer.header("Content-Type"), None);
}

#[test]
fn a_name_made_to_point_here_is_not_this_host() {
    let served = Served::start();
    let path = served.medium("cat.png", "image/png", PNG);
    let port = served.host.split_once(':').unwrap().1;
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("localhost:{port}"),
        "127.0.0.1".to_owned(),
        "127.0.0.1:1".to_owned(),
        format!("127.0.0.1:{port}.evil.example"),
        format!("[::1]:{port}"),
        String::new(),
    ] {
        let answer = served.raw(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        assert_eq!(answer.status, 403, "{host}");
        is_silent(&answer);
    }
    let without = served.raw(&format!("GET {path} HTTP/1.1\r\n\r\n"));
    assert_eq!(without.status, 400);
    let twice = format!(
        "GET {path} HTTP/1.1\r\nHost: {0}\r\nHost: {0}\r\n\r\n",
        served.host
    );
    assert_eq!(served.raw(&twice).status, 400);
}

#[test]
fn another_origin_gets_nothing() {
    let served = Served::start();
    let path = served.medium("cat.png", "image/png", PNG);
    for origin in [
        "null",
        "http://localhost",
        "https://evil.example",
        "tauri://localhost.evil.example",
        "tauri://LOCALHOST",
        &format!("http://{}", served.host),
        "",
    ] {
        let answer = served.ask("GET", &path, &format!("Origin: {origin}\r\n"));
        assert_eq!(answer.status, 403, "{origin}");
        is_silent(&answer);
    }
}

#[test]
fn a_wrong_token_and_a_wrong_ticket_look_alike() {
    let served = Served::start();
    let path = served.medium("cat.png", "image/png", PNG);
    let id = path.rsplit('/').next().unwrap();
    let other_token = "0".repeat(64);
    let wrong = [
        format!("/{other_token}/{id}"),
        format!("/{}/{id}", &served.token[..63]),
        format!("/{}/{}", served.token, "0".repeat(32)),
        format!("/{}/", served.token),
        format!("/{}", served.token),
        format!("/{id}"),
        format!("//{}/{id}", served.token),
        format!("{path}/"),
        format!("{path}?x=1"),
        "/".to_owned(),
    ];
    for path in &wrong {
        let answer = served.get(path);
        assert_eq!(answer.status, 404, "{path}");
        is_silent(&answer);
    }
}

#[test]
fn no_path_leads_to_a_file() {
    let served = Served::start();
    served.medium("cat.png", "image/png", PNG);
    let token = &served.token;
    let file = served.folder.path().join("cat.png");
    for path in [
        format!("/{token}/../../../../etc/passwd"),
        format!("/{token}/%2e%2e/%2e%2e/etc/passwd"),
        format!("/{token}/..%2f..%2fetc%2fpasswd"),
        format!("/{token}/cat.png"),
        format!("/{token}/{}", file.display()),
        format!("/{token}/{}", MediaId::of(b"cat.png")),
        "/../etc/passwd".to_owned(),
        "/etc/passwd".to_owned(),
        format!("/{token}/\0"),
    ] {
        let answer = served.get(&path);
        assert_eq!(answer.status, 404, "{path}");
        is_silent(&answer);
    }
    let absolute = format!(
        "GET file:///etc/passwd HTTP/1.1\r\nHost: {}\r\n\r\n",
        served.host
    );
    assert_eq!(served.raw(&absolute).status, 400);
}

#[test]
fn only_get_and_head_are_methods() {
    let served = Served::start();
    let path = served.medium("cat.png", "image/png", PNG);
    for method in [
        "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get",
    ] {
        let answer = served.ask(method, &path, "Origin: tauri://localhost\r\n");
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.header("Allow"), Some("GET, HEAD"));
        is_silent(&answer);
    }
}

#[test]
fn a_file_that_changed_is_gone() {
    let served = Served::start();
    let gone = served.medium("gone.png", "image/png", PNG);
    std::fs::remove_file(served.folder.path().join("gone.png")).unwrap();
    let longer = served.medium("longer.png", "image/png", PNG);
    std::fs::write(
        served.folder.path().join("longer.png"),
        b"something longer than before",
    )
    .unwrap();
    let link = served.medium("link.png", "image/png", PNG);
    let target = served.folder.path().join("target.png");
    std::fs::write(&target, PNG).unwrap();
    std::fs::remove_file(served.folder.path().join("link.png")).unwrap();
    symlink(&target, served.folder.path().join("link.png")).unwrap();
    for path in [gone, longer, link] {
        let answer = served.get(&path);
        assert_eq!(answer.status, 404);
        is_silent(&answer);
    }
}

#[test]
fn a_ticket_ends_with_its_session() {
    let served = Served::start();
    let path = served.medium("cat.png", "image/png", PNG);
    assert_eq!(served.get(&path).status, 200);
    served.server().tickets().forget_all();
    assert_eq!(served.get(&path).status, 404);
    let again = served.medium("cat.png", "image/png", PNG);
    assert_ne!(again, path);
    assert_eq!(served.get(&again).status, 200);
}

#[test]
fn a_head_without_end_is_cut_off() {
    let served = Served::start();
    let path = served.medium("cat.png", "image/png", PNG);
    let huge = format!("X-Long: {}\r\n", "a".repeat(20_000));
    let answer = served.ask("GET", &path, &huge);
    assert_eq!(answer.status, 431);
    is_silent(&answer);
    let many = "X: y\r\n".repeat(3_000);
    assert_eq!(served.ask("GET", &path, &many).status, 431);
    let under_the_limit = format!("X-Long: {}\r\n", "a".repeat(7_000));
    assert_eq!(served.ask("GET", &path, &under_the_limit).status, 200);
}
