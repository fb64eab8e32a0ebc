//! Walking over Thrift's compact encoding, in which Parquet writes its footer and page headers:
//! nothing is built, so that what a file declares can be judged before anything is.

use super::limits::LIST;

/// Why a walk ends early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The bytes end within a value.
    Short,
    /// They are no such encoding.
    Bad,
}

type Step<T> = Result<T, Stop>;

const TRUE: u8 = 1;
const FALSE: u8 = 2;
pub(super) const LIST_TYPE: u8 = 9;
pub(super) const STRUCT: u8 = 12;

/// Structs within structs; the format's own are seven deep.
const DEEPEST: usize = 32;

/// A place in encoded bytes.
pub(super) struct Walk<'a> {
    bytes: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Walk<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn byte(&mut self) -> Step<u8> {
        let byte = *self.bytes.get(self.at).ok_or(Stop::Short)?;
        self.at += 1;
        Ok(byte)
    }

    fn jump(&mut self, length: u64) -> Step<()> {
        let left = (self.bytes.len() - self.at) as u64;
        if length > left {
            return Err(Stop::Short);
        }
        self.at += length as usize;
        Ok(())
    }

    /// An unsigned number of seven bits a byte.
    pub(super) fn varint(&mut self) -> Step<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Stop::Bad)
    }

    /// A signed number.
    pub(super) fn int(&mut self) -> Step<i64> {
        let raw = self.varint()?;
        Ok((raw >> 1).cast_signed() ^ -(raw & 1).cast_signed())
    }

    /// A signed number that must fit `i32`.
    pub(super) fn int32(&mut self) -> Step<i32> {
        i32::try_from(self.int()?).map_err(|_| Stop::Bad)
    }

    /// The head of a list: how many items, of which type.
    pub(super) fn list(&mut self) -> Step<(usize, u8)> {
        let head = self.byte()?;
        let size = match head >> 4 {
            15 => self.varint()?,
            few => u64::from(few),
        };
        if size > LIST as u64 {
            return Err(Stop::Bad);
        }
        Ok((size as usize, head & 15))
    }

    /// Gives each field of a struct, as id and type, to `each`; what it does not take is skipped.
    pub(super) fn fields(
        &mut self,
        each: &mut dyn FnMut(&mut Self, i16, u8) -> Step<bool>,
    ) -> Step<()> {
        self.fields_within(DEEPEST, each)
    }

    fn fields_within(
        &mut self,
        deepest: usize,
        each: &mut dyn FnMut(&mut Self, i16, u8) -> Step<bool>,
    ) -> Step<()> {
        let mut id = 0_i16;
        loop {
            let head = self.byte()?;
            let of = head & 15;
            if of == 0 {
                return Ok(());
            }
            id = match head >> 4 {
                0 => i16::try_from(self.int()?).map_err(|_| Stop::Bad)?,
                step => id.checked_add(i16::from(step)).ok_or(Stop::Bad)?,
            };
            if !each(self, id, of)? {
                self.skip(of, deepest, false)?;
            }
        }
    }

    fn skip(&mut self, of: u8, deepest: usize, in_list: bool) -> Step<()> {
        let deepest = deepest.checked_sub(1).ok_or(Stop::Bad)?;
        match of {
            // A field that is a truth has its value in its type.
            TRUE | FALSE if !in_list => Ok(()),
            TRUE | FALSE | 3 => self.jump(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.jump(8),
            8 => {
                let length = self.varint()?;
                self.jump(length)
            }
            LIST_TYPE | 10 => {
                let (size, of) = self.list()?;
                (0..size).try_for_each(|_| self.skip(of, deepest, true))
            }
            11 => {
                let size = self.varint()?;
                if size > LIST as u64 {
                    return Err(Stop::Bad);
                }
                let of = if size > 0 { self.byte()? } else { 0 };
                (0..size).try_for_each(|_| {
                    self.skip(of >> 4, deepest, true)?;
                    self.skip(of & 15, deepest, true)
                })
            }
            STRUCT => self.fields_within(deepest, &mut |_, _, _| Ok(false)),
            _ => Err(Stop::Bad),
        }
    }
}

/// Whether a field of this type is the truth `true`.
pub(super) const fn is_true(of: u8) -> bool {
    of == TRUE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_among_what_is_skipped() {
        // 1: i32 −3; 2: list of two texts; 4: struct { 1: true }; 20 (long form): i64 300.
        let bytes = [
            0x15, 5, 0x19, 0x28, 1, b'a', 2, b'b', b'c', 0x2c, 0x11, 0, 0x06, 40, 0xd8, 4, 0, 99,
        ];
        let mut seen = Vec::new();
        let mut walk = Walk::new(&bytes);
        walk.fields(&mut |walk, id, of| {
            let take = matches!(of, 5 | 6);
            seen.push((id, if take { walk.int()? } else { 0 }));
            Ok(take)
        })
        .unwrap();
        assert_eq!(seen, [(1, -3), (2, 0), (4, 0), (20, 300)]);
        assert_eq!(walk.at, bytes.len() - 1);
    }

    #[test]
    fn bytes_that_end_and_bytes_that_are_wrong_are_told_apart() {
        let end = |bytes: &[u8]| Walk::new(bytes).fields(&mut |_, _, _| Ok(false));
        assert_eq!(end(&[0x15]), Err(Stop::Short));
        assert_eq!(end(&[0x18, 200, 1, 0]), Err(Stop::Short), "a text of 200");
        assert_eq!(
            end(&[0x19, 0xf3, 0xff, 0xff, 0xff, 0xff, 7]),
            Err(Stop::Bad)
        );
        assert_eq!(end(&[0x1d]), Err(Stop::Bad), "no such type");
        assert_eq!(end(&[0x1c; 5000]), Err(Stop::Bad), "too deep");
        assert_eq!(end(&[0x15; 12]), Err(Stop::Short));
        assert_eq!(
            end(&[0x15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]),
            Err(Stop::Bad)
        );
    }
}
