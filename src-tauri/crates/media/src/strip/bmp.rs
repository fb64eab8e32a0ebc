//! BMP has no place for words but one: a header of version 5 may name the file of a colour
//! profile (`BITMAPV5HEADER`, `bV5CSType` = `LINK`), which nobody opens here.

use super::{StripError, Stripped, damaged};
use crate::bytes::{has, le32};

pub(super) fn strip(bytes: &[u8], report: &mut Stripped) -> Result<Vec<u8>, StripError> {
    if !bytes.starts_with(b"BM") {
        return Err(damaged("it does not begin as a BMP does"));
    }
    let mut out = bytes.to_vec();
    // Two numbers that are reserved and that some writers fill.
    if let Some(reserved) = out.get_mut(6..10) {
        reserved.fill(0);
    }
    // The colour space is the word at 70, stored the other way round.
    if le32(bytes, 14) == Some(124) && has(bytes, 70, b"KNIL") {
        let from = (le32(bytes, 126).unwrap_or(0) as usize).saturating_add(14);
        let size = le32(bytes, 130).unwrap_or(0) as usize;
        let pixels = le32(bytes, 10).unwrap_or(0) as usize;
        let name = out.get_mut(from..from.saturating_add(size));
        if let Some(name) = name.filter(|_| from >= 138 && from != pixels) {
            report.took("names of colour profiles");
            name.fill(0);
        }
        if let Some(space) = out.get_mut(70..74) {
            space.copy_from_slice(b"BGRs"); // sRGB, which it is shown as without that file.
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_profile_is_blanked() {
        let mut file = b"BM\0\0\0\0hide".to_vec();
        file.resize(138, 0);
        file[14..18].copy_from_slice(&124u32.to_le_bytes());
        file[70..74].copy_from_slice(b"KNIL");
        file[126..130].copy_from_slice(&124u32.to_le_bytes());
        file[130..134].copy_from_slice(&14u32.to_le_bytes());
        file.extend(b"hidden-model-x");
        let out = strip(&file, &mut Stripped::default()).unwrap();
        assert_eq!(out.len(), file.len());
        assert_eq!(&out[138..], &[0; 14]);
        assert_eq!(&out[6..10], &[0; 4]);
        assert_eq!(strip(&out, &mut Stripped::default()).unwrap(), out);
    }
}
