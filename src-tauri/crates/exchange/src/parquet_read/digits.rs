//! Numbers whose digits have to be worked out: those of half precision, and those of any length
//! with a point in a fixed place.

/// A number of half the usual precision.
pub(super) fn half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 0x3ff));
    sign * match exponent {
        0 => fraction * 2_f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1024.0 + fraction) * 2_f32.powi(exponent - 25),
    }
}

/// A big-endian number in two's complement, with a point before its last `scale` digits.
pub(super) fn decimal(bytes: &[u8], scale: usize, out: &mut String) {
    let negative = bytes.first().is_some_and(|byte| *byte >= 0x80);
    let mut rest: Vec<u8> = bytes.to_vec();
    if negative {
        let mut carry = true;
        for byte in rest.iter_mut().rev() {
            (*byte, carry) = (!*byte).overflowing_add(u8::from(carry));
        }
        out.push('-');
    }
    let mut digits = Vec::new();
    while rest.iter().any(|byte| *byte > 0) || digits.len() <= scale {
        let mut left = 0_u16;
        for byte in &mut rest {
            let here = left << 8 | u16::from(*byte);
            *byte = u8::try_from(here / 10).unwrap_or(u8::MAX);
            left = here % 10;
        }
        digits.push(char::from_digit(left.into(), 10).unwrap_or('0'));
    }
    let point = digits.len() - scale;
    for (at, digit) in digits.iter().rev().enumerate() {
        if at == point {
            out.push('.');
        }
        out.push(*digit);
    }
}
