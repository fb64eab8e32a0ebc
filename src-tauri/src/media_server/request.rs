//! Reads the head of a request: the few things that decide about it, and nothing more.
//!
//! Strict on purpose. Only the app's own page talks to this server, through WebKit; whatever writes
//! HTTP in another way has no business here.

/// What a request says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub host: &'a str,
    pub origin: Option<&'a str>,
    /// The range asked for. Left out under `If-Range`: nothing here has a validator to match.
    pub range: Option<&'a str>,
}

/// Reads a head, without the empty line that ends it. `None` for anything not well formed, for a
/// `Host` that is missing, and for a deciding header that comes twice.
pub(super) fn parse(head: &[u8]) -> Option<Request<'_>> {
    let text = std::str::from_utf8(head).ok()?;
    let mut lines = text.split("\r\n");
    let (method, path) = request_line(lines.next()?)?;
    let (mut host, mut origin, mut range, mut if_range) = (None, None, None, None);
    for line in lines {
        let (name, value) = header(line)?;
        let slot = match name.to_ascii_lowercase().as_str() {
            "host" => &mut host,
            "origin" => &mut origin,
            "range" => &mut range,
            "if-range" => &mut if_range,
            _ => continue,
        };
        if slot.replace(value).is_some() {
            return None;
        }
    }
    let range = range.filter(|_| if_range.is_none());
    Some(Request {
        method,
        path,
        host: host?,
        origin,
        range,
    })
}

/// `GET /path HTTP/1.1`, in origin form: an address of another host is nothing to serve.
fn request_line(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split(' ');
    let (method, path, version) = (words.next()?, words.next()?, words.next()?);
    let whole = words.next().is_none() && matches!(version, "HTTP/1.1" | "HTTP/1.0");
    (whole && !method.is_empty() && path.starts_with('/')).then_some((method, path))
}

/// A folded line, a space before the colon and a control character are refused.
fn header(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic());
    let value = value.trim_matches([' ', '\t']);
    (named && !value.chars().any(char::is_control)).then_some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deciding_headers_are_read() {
        let head =
            b"GET /a/b HTTP/1.1\r\nhost: 127.0.0.1:9\r\nAccept: */*\r\nRANGE:  bytes=0- \r\n\
                     Origin: tauri://localhost";
        assert_eq!(
            parse(head),
            Some(Request {
                method: "GET",
                path: "/a/b",
                host: "127.0.0.1:9",
                origin: Some("tauri://localhost"),
                range: Some("bytes=0-"),
            })
        );
    }

    #[test]
    fn a_conditional_range_is_no_range() {
        let head = b"GET / HTTP/1.1\r\nHost: h\r\nRange: bytes=5-\r\nIf-Range: \"x\"";
        assert_eq!(parse(head).unwrap().range, None);
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for head in [
            &b""[..],
            b"GET",
            b"GET / HTTP/1.1",
            b"GET / HTTP/2\r\nHost: h",
            b"GET /a b HTTP/1.1\r\nHost: h",
            b"GET http://127.0.0.1/a HTTP/1.1\r\nHost: h",
            b"GET * HTTP/1.1\r\nHost: h",
            b" / HTTP/1.1\r\nHost: h",
            b"GET / HTTP/1.1\r\nHost: h\r\nHost: i",
            b"GET / HTTP/1.1\r\nHost: h\r\nOrigin: a\r\norigin: a",
            b"GET / HTTP/1.1\r\nHost : h",
            b"GET / HTTP/1.1\r\nHost: h\r\n folded",
            b"GET / HTTP/1.1\r\nHost: h\nOrigin: x",
            b"GET / HTTP/1.1\r\nHost: \xff",
            b"\x16\x03\x01\x02\x00\x01\x00",
        ] {
            assert_eq!(parse(head), None, "{}", String::from_utf8_lossy(head));
        }
    }
}
