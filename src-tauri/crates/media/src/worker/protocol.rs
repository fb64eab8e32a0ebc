//! How the program and its worker speak: a head in JSON with its length before it, then raw bytes.
//!
//! ```text
//! u32 (little endian)   length of the head
//! head                  {"id": …, "body_bytes": …, "says": …}
//! body                  body_bytes raw bytes
//! ```

use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The longest head, in bytes: the names of ten thousand parts fit.
const MAX_HEAD: u32 = 16 * 1024 * 1024;
/// How much is set aside for a body before any of it has come, in bytes.
const FIRST_PIECE: u64 = 16 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
struct Head<T> {
    id: u64,
    body_bytes: u64,
    says: T,
}

/// One message: what was asked or answered under an id, and the bytes that belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message<T> {
    /// The request's number; its answer has the same.
    pub id: u64,
    /// What is said.
    pub says: T,
    /// The raw bytes after it.
    pub body: Vec<u8>,
}

/// Writes a message whose body is these pieces one after the other.
///
/// # Errors
/// When the other side is gone, or the head is longer than is taken.
pub fn write<T: Serialize>(
    to: &mut impl Write,
    id: u64,
    says: &T,
    body: &[&[u8]],
) -> io::Result<()> {
    let body_bytes = body.iter().map(|piece| piece.len() as u64).sum();
    let head = serde_json::to_vec(&Head {
        id,
        body_bytes,
        says,
    })?;
    let length = u32::try_from(head.len()).ok().filter(|n| *n <= MAX_HEAD);
    let length = length.ok_or_else(|| wrong("the head is too long"))?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(&head)?;
    body.iter().try_for_each(|piece| to.write_all(piece))?;
    to.flush()
}

/// Reads a message; nothing where the other side has closed its end between two messages.
///
/// # Errors
/// When the other side stops within a message, or says what cannot be understood, or more than
/// `most` bytes.
pub fn read<T: DeserializeOwned>(
    from: &mut impl Read,
    most: u64,
) -> io::Result<Option<Message<T>>> {
    let mut length = [0; 4];
    if !filled(from, &mut length)? {
        return Ok(None);
    }
    let length = u32::from_le_bytes(length);
    if length > MAX_HEAD {
        return Err(wrong("the head is too long"));
    }
    let head: Head<T> = serde_json::from_slice(&exactly(from, u64::from(length))?)?;
    if head.body_bytes > most {
        return Err(wrong("the body is too long"));
    }
    Ok(Some(Message {
        id: head.id,
        says: head.says,
        body: exactly(from, head.body_bytes)?,
    }))
}

/// Fills the buffer; false where the end comes before its first byte.
fn filled(from: &mut impl Read, buffer: &mut [u8; 4]) -> io::Result<bool> {
    let (first, rest) = buffer.split_at_mut(1);
    loop {
        match from.read(first) {
            Ok(0) => return Ok(false),
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    from.read_exact(rest).map(|()| true)
}

fn exactly(from: &mut impl Read, count: u64) -> io::Result<Vec<u8>> {
    let ahead = usize::try_from(count.min(FIRST_PIECE)).unwrap_or(0);
    let mut bytes = Vec::with_capacity(ahead);
    from.take(count).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == count {
        return Ok(bytes);
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, 7, &"load".to_owned(), &[b"abc", b"", b"de"]).unwrap();
        bytes
    }

    #[test]
    fn what_is_written_is_read() {
        let mut pipe = [written(), written()].concat();
        let mut from = &pipe[..];
        for _ in 0..2 {
            let message: Message<String> = read(&mut from, 5).unwrap().unwrap();
            assert_eq!((message.id, message.says.as_str()), (7, "load"));
            assert_eq!(message.body, b"abcde");
        }
        assert!(read::<String>(&mut from, 5).unwrap().is_none());
        pipe.truncate(pipe.len() - 1);
        let mut from = &pipe[written().len()..];
        assert!(read::<String>(&mut from, 5).is_err(), "it stops within");
    }

    #[test]
    fn what_is_too_long_or_no_message_is_refused() {
        assert!(read::<String>(&mut &written()[..], 4).is_err());
        assert!(read::<String>(&mut &[255; 64][..], 4).is_err());
        for cut in 1..written().len() {
            assert!(read::<String>(&mut &written()[..cut], 5).is_err(), "{cut}");
        }
        assert!(read::<u64>(&mut &written()[..], 5).is_err());
    }
}
