//! One connection: a request, an answer, the end.

use std::io;
use std::time::Duration;

use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::counts::Ending;
use super::range::Part;
use super::reply::{Medium, Refusal, Reply, decide};
use super::tickets::Ticket;
use super::{Gate, Limits};

/// How much is read from the file and written to the client at a time.
const BLOCK: usize = 128 * 1024;

/// Answers one request and closes. Every failure is the client's leaving, and normal.
pub(super) async fn serve(mut stream: TcpStream, gate: &Gate) {
    let ending = answer(&mut stream, gate).await.unwrap_or(Ending::Broken);
    gate.counts.add(ending);
    if stream.shutdown().await.is_ok() && ending == Ending::Refused {
        drain(&mut stream).await;
    }
}

async fn answer(stream: &mut TcpStream, gate: &Gate) -> io::Result<Ending> {
    // Heads and last blocks are small: they should not wait for more.
    stream.set_nodelay(true)?;
    let reply = match read_head(stream, &gate.limits).await? {
        Head::Whole(head) => decide(&head, gate),
        Head::TooLong => Reply::Refuse(Refusal::TooLong),
    };
    let medium = match reply {
        Reply::Refuse(refusal) => return refuse(stream, refusal).await,
        Reply::Medium(medium) => medium,
    };
    match open(&medium.ticket).await {
        Some(file) => send(stream, file, &medium, gate.limits.stall).await,
        None => refuse(stream, Refusal::Absent).await,
    }
}

async fn refuse(stream: &mut TcpStream, refusal: Refusal) -> io::Result<Ending> {
    stream.write_all(refusal.head().as_bytes()).await?;
    Ok(Ending::Refused)
}

/// The file behind a ticket, unless it is gone, was changed in size or has become a link.
async fn open(ticket: &Ticket) -> Option<File> {
    let Ticket { path, bytes, .. } = ticket.clone();
    let opened = tokio::task::spawn_blocking(move || tiebreak_media::open_checked(&path, bytes));
    opened.await.ok()?.ok().map(File::from_std)
}

async fn send(
    stream: &mut TcpStream,
    mut file: File,
    medium: &Medium,
    stall: Duration,
) -> io::Result<Ending> {
    let Part { start, length } = medium.span();
    file.seek(io::SeekFrom::Start(start)).await?;
    in_time(stall, stream.write_all(medium.head().as_bytes())).await?;
    if medium.head_only {
        return Ok(Ending::Served);
    }
    let mut rest = file.take(length);
    let mut block = vec![0; BLOCK];
    while rest.limit() > 0 {
        let read = rest.read(&mut block).await?;
        if read == 0 {
            // The file shrank: closing before the promised length tells the client.
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        in_time(stall, stream.write_all(&block[..read])).await?;
    }
    Ok(Ending::Served)
}

enum Head {
    /// Everything before the empty line.
    Whole(Vec<u8>),
    TooLong,
}

async fn read_head(stream: &mut TcpStream, limits: &Limits) -> io::Result<Head> {
    in_time(
        limits.head_time,
        read_to_empty_line(stream, limits.head_bytes),
    )
    .await
}

async fn read_to_empty_line(
    stream: &mut (impl AsyncRead + Unpin),
    most: usize,
) -> io::Result<Head> {
    const EMPTY_LINE: &[u8] = b"\r\n\r\n";
    let mut head = Vec::with_capacity(1024);
    loop {
        let seen = head.len();
        let room = (most - seen) as u64;
        if room == 0 {
            return Ok(Head::TooLong);
        }
        if (&mut *stream).take(room).read_buf(&mut head).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let from = seen.saturating_sub(EMPTY_LINE.len() - 1);
        let found = head[from..]
            .windows(EMPTY_LINE.len())
            .position(|w| w == EMPTY_LINE);
        if let Some(at) = found {
            head.truncate(from + at);
            return Ok(Head::Whole(head));
        }
    }
}

/// Reads on for a moment after a refusal: closing on unread bytes would reset the connection, and
/// the client might never see the answer.
async fn drain(stream: &mut TcpStream) {
    let mut most = stream.take(64 * 1024);
    let mut ignored = tokio::io::sink();
    let _ = timeout(
        Duration::from_millis(500),
        tokio::io::copy(&mut most, &mut ignored),
    )
    .await;
}

async fn in_time<T>(most: Duration, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout(most, work)
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}
