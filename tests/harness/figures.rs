//! Figures of `tiebreak agreement --json` as the Compare screen is to write them: worked out here
//! from the numbers, not by the page's own code.

use serde_json::Value;

/// So many places, half away from nought, as ECMAScript's `toFixed` has it; a true minus.
pub fn decimal(value: f64, places: usize) -> String {
    // Sixty places hold every digit of a number of this size: nothing is rounded before this does.
    let exact = format!("{:.60}", value.abs());
    let point = exact.find('.').unwrap();
    let mut digits: Vec<u8> = exact.bytes().filter(u8::is_ascii_digit).collect();
    let up = digits[point + places] >= b'5';
    digits.truncate(point + places);
    for digit in digits.iter_mut().rev() {
        if !up {
            break;
        }
        *digit = if *digit == b'9' { b'0' } else { *digit + 1 };
        if *digit != b'0' {
            break;
        }
    }
    if up && digits.iter().all(|digit| *digit == b'0') {
        digits.insert(0, b'1');
    }
    let point = digits.len() - places;
    let mut text = String::from_utf8(digits).unwrap();
    if places > 0 {
        text.insert(point, '.');
    }
    let nought = text.bytes().all(|byte| byte == b'0' || byte == b'.');
    let minus = if value < 0.0 && !nought { "−" } else { "" };
    format!("{minus}{text}")
}

/// A coefficient: `0.71 .68–.74`, or a dash where it is undefined.
pub fn figure(c: &Value) -> String {
    let Some(value) = c["value"].as_f64() else {
        return "—".to_owned();
    };
    let number = decimal(value, 2);
    let end = |n: usize| {
        let text = decimal(c["ci"][n].as_f64().unwrap(), 2);
        match text.strip_prefix('−') {
            Some(rest) => format!("−{}", rest.strip_prefix('0').unwrap_or(rest)),
            None => text.strip_prefix('0').unwrap_or(&text).to_owned(),
        }
    };
    let dash = match (c["ci"][0].as_f64(), c["ci"][1].as_f64()) {
        (Some(low), Some(high)) if low < 0.0 || high < 0.0 => " to ",
        (Some(_), Some(_)) => "–",
        _ => return number,
    };
    format!("{number} {}{dash}{}", end(0), end(1))
}

/// A share: `83 % 80–86`.
pub fn share(c: &Value) -> String {
    let Some(value) = c["value"].as_f64() else {
        return "—".to_owned();
    };
    let percent = |share: f64| decimal(share * 100.0, 0);
    match (c["ci"][0].as_f64(), c["ci"][1].as_f64()) {
        (Some(low), Some(high)) => {
            let dash = if low < 0.0 || high < 0.0 {
                " to "
            } else {
                "–"
            };
            format!(
                "{} % {}{dash}{}",
                percent(value),
                percent(low),
                percent(high)
            )
        }
        _ => format!("{} %", percent(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_a_page_does() {
        for (value, places, written) in [
            (0.125, 2, "0.13"),
            (-0.125, 2, "−0.13"),
            (0.995, 2, "0.99"),
            (0.999, 2, "1.00"),
            (-0.001, 2, "0.00"),
            (12.5, 0, "13"),
            (99.5, 0, "100"),
            (3.2, 1, "3.2"),
        ] {
            assert_eq!(decimal(value, places), written, "{value}");
        }
    }
}
