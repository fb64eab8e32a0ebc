//! Why a table cannot be read on, in words for the person whose file it is: what is wrong and
//! where, that the rows before are taken, and what to do. The library's own words stand at most in
//! brackets.

use std::fmt;

use ::parquet::errors::ParquetError;

use crate::error::shorten;

/// What goes through the library's readers: a [`Why`] passes them unchanged.
pub(super) type Result<T> = std::result::Result<T, ParquetError>;

/// What ends the reading of a row group.
#[derive(Debug)]
pub(super) struct Why {
    said: String,
    column: Option<String>,
    /// Whether what it says tells what to do, as what is damaged does not.
    advises: bool,
}

/// Something that contradicts itself or the format.
pub(super) fn wrong<T>(said: impl Into<String>) -> Result<T> {
    Err(ParquetError::External(Box::new(Why::damaged(said))))
}

/// Something sound that is not read; says how to write it so that it is.
pub(super) fn refuse<T>(said: impl Into<String>) -> Result<T> {
    Err(ParquetError::External(Box::new(Why::refused(said))))
}

impl Why {
    pub(super) fn damaged(said: impl Into<String>) -> Self {
        Self {
            said: said.into(),
            column: None,
            advises: false,
        }
    }

    pub(super) fn refused(said: impl Into<String>) -> Self {
        Self {
            advises: true,
            ..Self::damaged(said)
        }
    }

    pub(super) fn of_column(self, path: impl Into<String>) -> Self {
        Self {
            column: Some(path.into()),
            ..self
        }
    }

    /// The whole sentence, for the row at which the reading ends and its row group.
    pub(super) fn at(&self, row: u64, group: usize) -> String {
        let column = self.column.as_ref();
        let column = column.map_or(String::new(), |path| format!(", column {}", shorten(path)));
        let before = match row {
            0 | 1 => "no row of it is taken",
            _ => "the rows before are taken",
        };
        let (what, advice) = match self.advises {
            true => ("cannot be read on from", ""),
            false => (
                "is damaged at",
                "; download or copy the file again, or write it anew",
            ),
        };
        format!(
            "the Parquet file {what} row {row} (row group {group}{column}): {}; {before}{advice}",
            self.said
        )
    }
}

impl fmt::Display for Why {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.said)
    }
}

impl std::error::Error for Why {}

impl From<ParquetError> for Why {
    fn from(error: ParquetError) -> Self {
        let words = match error {
            ParquetError::External(inner) => match inner.downcast::<Self>() {
                Ok(why) => return *why,
                Err(other) => match other.downcast_ref::<std::io::Error>() {
                    Some(error) => {
                        return Self::refused(format!(
                            "the disk does not give its bytes ({error}): see that the file is \
                             still there and whole, and import it again"
                        ));
                    }
                    None => other.to_string(),
                },
            },
            ParquetError::NYI(words) => {
                return Self::refused(format!(
                    "its values are stored in a way that is not read ({}): write the table with \
                     another encoding",
                    shorten(&words)
                ));
            }
            ParquetError::General(words) | ParquetError::EOF(words) => words,
            other => other.to_string(),
        };
        Self::damaged(format!(
            "the values of a page do not fit what the page says of them ({})",
            shorten(&words)
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_librarys_words_stand_in_brackets() {
        let why = Why::from(ParquetError::EOF("Not enough bytes to decode".to_owned()));
        assert_eq!(
            why.of_column("prompt").at(7, 2),
            "the Parquet file is damaged at row 7 (row group 2, column prompt): the values of a \
             page do not fit what the page says of them (Not enough bytes to decode); the rows \
             before are taken; download or copy the file again, or write it anew"
        );
    }

    #[test]
    fn own_words_pass_the_library_unchanged() {
        let error = refuse::<()>("it is too much: write less").unwrap_err();
        assert_eq!(
            Why::from(error).at(1, 1),
            "the Parquet file cannot be read on from row 1 (row group 1): it is too much: write \
             less; no row of it is taken"
        );
    }
}
