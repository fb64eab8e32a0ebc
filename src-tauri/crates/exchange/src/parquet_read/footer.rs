//! Opening a Parquet file: its footer says which columns it has and where they lie. The footer is
//! walked over before it is built, so that neither its depth nor its lists can do harm.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use ::parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};

use super::caught::caught;
use super::limits;
use super::thrift::{LIST_TYPE, STRUCT, Stop, Walk};
use crate::error::{ExchangeError, Result, shorten};

const MAGIC: &[u8; 4] = b"PAR1";
const ENCRYPTED: &[u8; 4] = b"PARE";

fn refuse<T>(message: impl Into<String>) -> Result<T> {
    Err(ExchangeError::NotRows(message.into()))
}

/// Reads the footer; gives it and where it begins, which is where the pages end.
pub(super) fn read(file: &File, length: u64) -> Result<(ParquetMetaData, u64)> {
    const CUT: &str = "the Parquet file is cut off: it does not end as one does, with PAR1; \
                       download or copy it again";
    let mut tail = [0; 8];
    if length < 12 {
        return refuse(CUT);
    }
    let failed = |error: std::io::Error| {
        ExchangeError::NotRows(format!("the Parquet file cannot be read: {error}"))
    };
    file.read_exact_at(&mut tail, length - 8).map_err(failed)?;
    let [a, b, c, d, magic @ ..] = tail;
    if magic == *ENCRYPTED {
        return refuse(
            "the Parquet file is encrypted: write it again without encryption, and import that",
        );
    }
    if magic != *MAGIC {
        return refuse(CUT);
    }
    let size = u64::from(u32::from_le_bytes([a, b, c, d]));
    if size > length - 12 {
        return refuse(
            "the Parquet file is damaged: its footer is longer than the file; download or copy it \
             again",
        );
    }
    if size > limits::FOOTER {
        return refuse(format!(
            "the Parquet file has a footer of {} MiB, more than is taken ({} MiB): write the table \
             with fewer row groups",
            size >> 20,
            limits::FOOTER >> 20
        ));
    }
    let start = length - 8 - size;
    let mut bytes = vec![0; size as usize];
    file.read_exact_at(&mut bytes, start).map_err(failed)?;
    walk(&bytes)?;
    match caught(|| ParquetMetaDataReader::decode_metadata(&bytes)) {
        Some(Ok(footer)) => Ok((footer, start)),
        Some(Err(error)) => damaged(&error.to_string()),
        None => damaged("it contradicts itself"),
    }
}

fn damaged<T>(why: &str) -> Result<T> {
    refuse(format!(
        "the Parquet file is damaged: its footer cannot be read ({}); download or copy it again, \
         or write it anew",
        shorten(why)
    ))
}

fn walk(bytes: &[u8]) -> Result<()> {
    let mut children: Vec<i32> = Vec::new();
    let mut encrypted = false;
    let walked = Walk::new(bytes).fields(&mut |walk, id, of| {
        encrypted |= id == 8;
        if (id, of) != (2, LIST_TYPE) {
            return Ok(false);
        }
        let (size, of) = walk.list()?;
        if of != STRUCT {
            return Err(Stop::Bad);
        }
        for _ in 0..size {
            let mut own = 0;
            walk.fields(&mut |walk, id, of| {
                let here = (id, of) == (5, 5);
                if here {
                    own = walk.int32()?;
                }
                Ok(here)
            })?;
            children.push(own);
        }
        Ok(true)
    });
    if encrypted {
        return refuse(
            "the Parquet file has encrypted columns: write it again without encryption, and \
             import that",
        );
    }
    if walked.is_err() {
        return damaged("it is cut off, or declares more than it holds");
    }
    if depth(&children) > limits::DEPTH {
        return refuse(format!(
            "the Parquet file nests its columns deeper than {}: flatten the table first",
            limits::DEPTH
        ));
    }
    Ok(())
}

/// How deep elements are nested that stand one after the other, each before its children.
fn depth(children: &[i32]) -> usize {
    let mut open: Vec<i32> = Vec::new();
    let mut deepest = 0;
    for own in children {
        while open.last() == Some(&0) {
            open.pop();
        }
        if let Some(left) = open.last_mut() {
            *left -= 1;
        }
        if *own > 0 {
            open.push(*own);
            deepest = deepest.max(open.len());
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_that_of_the_tree() {
        assert_eq!(depth(&[]), 0);
        assert_eq!(depth(&[2, 0, 0]), 1);
        assert_eq!(depth(&[3, 0, 1, 2, 0, 0, 0]), 3);
        assert_eq!(depth(&[1; 500]), 500);
        assert_eq!(depth(&[i32::MAX, -5, i32::MAX]), 2);
    }
}
