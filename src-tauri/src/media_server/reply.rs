//! Decides what a request gets, and writes the head of the answer. No socket, no file.

use std::fmt::Write as _;

use super::range::{Part, Wanted, wanted};
use super::request::{Request, parse};
use super::tickets::Ticket;
use super::{APP_ORIGIN, Gate, mime};

/// What a request gets.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// No body, and no word about why.
    Refuse(Refusal),
    /// A medium, or the part of it that was asked for.
    Medium(Medium),
}

/// Why there is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// 400: not a request.
    Malformed,
    /// 403: addressed to another host, or sent by another page.
    Foreign,
    /// 404: no such thing, or not to be told.
    Absent,
    /// 405: neither GET nor HEAD.
    Method,
    /// 431: the head is too long.
    TooLong,
    /// 416: the file has this many bytes, and the part is beyond them.
    Beyond(u64),
}

/// A medium to be sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Medium {
    pub ticket: Ticket,
    /// The part asked for; the whole otherwise.
    pub part: Option<Part>,
    /// Whether the body is left out.
    pub head_only: bool,
    /// Whether the app's origin asked, and so may read the answer.
    pub cors: bool,
}

/// Judges a request by its head.
pub(super) fn decide(head: &[u8], gate: &Gate) -> Reply {
    match parse(head) {
        None => Reply::Refuse(Refusal::Malformed),
        Some(request) => find(&request, gate).map_or_else(Reply::Refuse, Reply::Medium),
    }
}

/// The caller is judged before the address is looked at, the token before the ticket.
fn find(request: &Request<'_>, gate: &Gate) -> Result<Medium, Refusal> {
    if request.host != gate.host || request.origin.is_some_and(|o| o != APP_ORIGIN) {
        return Err(Refusal::Foreign);
    }
    if !matches!(request.method, "GET" | "HEAD") {
        return Err(Refusal::Method);
    }
    let (token, id) = request.path[1..].split_once('/').ok_or(Refusal::Absent)?;
    if !gate.token.is(token) {
        return Err(Refusal::Absent);
    }
    let ticket = gate.tickets.resolve(id).ok_or(Refusal::Absent)?;
    let head_only = request.method == "HEAD";
    // A range means something for GET alone.
    let part = match wanted(request.range.filter(|_| !head_only), ticket.bytes) {
        Wanted::Whole => None,
        Wanted::Part(part) => Some(part),
        Wanted::Beyond => return Err(Refusal::Beyond(ticket.bytes)),
    };
    Ok(Medium {
        ticket,
        part,
        head_only,
        cors: request.origin.is_some(),
    })
}

impl Medium {
    /// The bytes to send.
    pub(super) fn span(&self) -> Part {
        self.part.unwrap_or(Part {
            start: 0,
            length: self.ticket.bytes,
        })
    }

    /// The head of the answer.
    pub(super) fn head(&self) -> String {
        let Part { start, length } = self.span();
        let mut head = status(if self.part.is_some() {
            "206 Partial Content"
        } else {
            "200 OK"
        });
        line(&mut head, "Content-Type", mime::sent_as(&self.ticket.mime));
        line(&mut head, "Content-Length", length);
        if self.part.is_some() {
            let (last, bytes) = (start + length - 1, self.ticket.bytes);
            line(
                &mut head,
                "Content-Range",
                format_args!("bytes {start}-{last}/{bytes}"),
            );
        }
        line(&mut head, "Accept-Ranges", "bytes");
        if self.cors {
            line(&mut head, "Access-Control-Allow-Origin", APP_ORIGIN);
        }
        end(head)
    }
}

impl Refusal {
    /// The whole answer.
    pub(super) fn head(self) -> String {
        let mut head = status(match self {
            Self::Malformed => "400 Bad Request",
            Self::Foreign => "403 Forbidden",
            Self::Absent => "404 Not Found",
            Self::Method => "405 Method Not Allowed",
            Self::TooLong => "431 Request Header Fields Too Large",
            Self::Beyond(_) => "416 Range Not Satisfiable",
        });
        line(&mut head, "Content-Length", 0);
        match self {
            Self::Method => line(&mut head, "Allow", "GET, HEAD"),
            Self::Beyond(bytes) => {
                line(&mut head, "Content-Range", format_args!("bytes */{bytes}"));
            }
            _ => {}
        }
        end(head)
    }
}

fn status(status: &str) -> String {
    format!("HTTP/1.1 {status}\r\n")
}

fn line(head: &mut String, name: &str, value: impl std::fmt::Display) {
    // Writing to a string cannot fail.
    let _ = write!(head, "{name}: {value}\r\n");
}

/// What every answer carries: kept nowhere, never taken for another type, never run as a page.
fn end(mut head: String) -> String {
    for (name, value) in [
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "default-src 'none'; sandbox"),
        ("Referrer-Policy", "no-referrer"),
        ("Vary", "Origin"),
        ("Connection", "close"),
    ] {
        line(&mut head, name, value);
    }
    head.push_str("\r\n");
    head
}
