//! Numbers that nobody can guess.

use std::hint::black_box;

use super::MediaServerError;

/// The secret part of every address: 256 bits, drawn once a process, as 64 hex digits.
pub(super) struct Token(String);

impl Token {
    pub(super) fn random() -> Result<Self, MediaServerError> {
        Ok(Self(random_hex::<32>()?))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `given` is the token, in a time that doesn't tell how much of it was right.
    pub(super) fn is(&self, given: &str) -> bool {
        let (mine, theirs) = (self.0.as_bytes(), given.as_bytes());
        if mine.len() != theirs.len() {
            return false;
        }
        let differs = mine
            .iter()
            .zip(theirs)
            .fold(0, |seen, (a, b)| black_box(seen | (a ^ b)));
        differs == 0
    }
}

/// `N` random bytes as hex digits.
pub(super) fn random_hex<const N: usize>() -> Result<String, MediaServerError> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(MediaServerError::NoRandom)?;
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    Ok(bytes
        .iter()
        .flat_map(|b| [digit(b >> 4), digit(b & 15)])
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_itself_and_nothing_else() {
        let (one, other) = (Token::random().unwrap(), Token::random().unwrap());
        assert_eq!(one.as_str().len(), 64);
        assert!(one.is(one.as_str()));
        assert!(!one.is(other.as_str()));
        assert!(!one.is(""));
        assert!(!one.is(&one.as_str()[..63]));
        assert!(!one.is(&format!("{}0", one.as_str())));
        assert!(
            !one.is(&one.as_str().to_uppercase()) || !one.as_str().contains(char::is_alphabetic)
        );
    }
}
