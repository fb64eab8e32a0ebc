//! The JSON grammar as a machine that is fed bytes in any portions and says where a value ends or
//! where it goes wrong: a missing quote is noticed within a few bytes, not at the end of the file.

/// Values may stand this deep in each other. Nothing real comes near it; indenting a deeper one
/// would write more spaces than content.
const DEEPEST: usize = 512;

/// What a portion of bytes came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fed {
    /// All taken, the value goes on.
    More,
    /// The value ended before this byte.
    Done(usize),
    /// This byte cannot stand here, because.
    Bad(usize, &'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Value,
    FirstItem,
    FirstKey,
    Key,
    Colon,
    Next,
    Text,
    Escape,
    Hex(u8),
    Minus,
    Zero,
    Int,
    Dot,
    Fraction,
    Exponent,
    Sign,
    Power,
    Word(&'static [u8]),
    End,
}

enum Step {
    Taken,
    /// The byte ended a number and belongs to what follows.
    Again,
    Bad(&'static str),
}

/// Reads one value, with `NaN`, `Infinity` and `-Infinity` taken as Python writes them.
#[derive(Debug)]
pub(crate) struct Machine {
    state: State,
    /// `{` or `[` for each container that is open.
    open: Vec<u8>,
    in_key: bool,
}

impl Machine {
    pub(crate) const fn new() -> Self {
        Self {
            state: State::Value,
            open: Vec::new(),
            in_key: false,
        }
    }

    /// Takes the next bytes of the value.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Fed {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if self.state == State::Text {
                let plain = text_run(&bytes[at..]);
                if plain > 0 {
                    at += plain;
                    continue;
                }
            }
            match self.step(byte) {
                Step::Taken => at += 1,
                Step::Again => {}
                Step::Bad(why) => return Fed::Bad(at, why),
            }
            if self.state == State::End {
                return Fed::Done(at);
            }
        }
        Fed::More
    }

    fn step(&mut self, byte: u8) -> Step {
        match self.state {
            State::Value => self.value(byte),
            State::FirstItem if byte == b']' => self.close(byte),
            State::FirstItem => self.value(byte),
            State::FirstKey if byte == b'}' => self.close(byte),
            State::FirstKey | State::Key => self.key(byte),
            State::Colon => match byte {
                b':' => self.go(State::Value),
                _ if is_space(byte) => Step::Taken,
                _ => Step::Bad("a colon is missing after a field's name"),
            },
            State::Next => self.next(byte),
            State::Text => match byte {
                b'"' => self.end_text(),
                b'\\' => self.go(State::Escape),
                b'\n' | b'\r' => Step::Bad("a text is not closed before the end of its line"),
                _ => Step::Bad("a control character stands in a text without being escaped"),
            },
            State::Escape => match byte {
                b'u' => self.go(State::Hex(4)),
                _ if is_escape(byte) => self.go(State::Text),
                _ => Step::Bad("a backslash is followed by something it cannot escape"),
            },
            State::Hex(left) if byte.is_ascii_hexdigit() => self.go(match left {
                1 => State::Text,
                _ => State::Hex(left - 1),
            }),
            State::Hex(_) => Step::Bad("\\u is not followed by four hexadecimal digits"),
            State::Word(rest) => match rest.split_first() {
                Some((first, [])) if *first == byte => {
                    self.end_value();
                    Step::Taken
                }
                Some((first, rest)) if *first == byte => self.go(State::Word(rest)),
                _ => Step::Bad("a word stands where a value should, without quotes"),
            },
            State::End => Step::Bad("the value has ended"),
            _ => self.number(byte),
        }
    }

    fn value(&mut self, byte: u8) -> Step {
        match byte {
            b'{' | b'[' if self.open.len() == DEEPEST => {
                Step::Bad("values are nested more than 512 deep")
            }
            b'{' | b'[' => {
                self.open.push(byte);
                self.go(if byte == b'{' {
                    State::FirstKey
                } else {
                    State::FirstItem
                })
            }
            b'"' => {
                self.in_key = false;
                self.go(State::Text)
            }
            b'-' => self.go(State::Minus),
            b'0' => self.go(State::Zero),
            b'1'..=b'9' => self.go(State::Int),
            b't' => self.go(State::Word(b"rue")),
            b'f' => self.go(State::Word(b"alse")),
            b'n' => self.go(State::Word(b"ull")),
            b'N' => self.go(State::Word(b"aN")),
            b'I' => self.go(State::Word(b"nfinity")),
            _ if is_space(byte) => Step::Taken,
            _ => Step::Bad("a value is missing, or is not written as JSON"),
        }
    }

    fn key(&mut self, byte: u8) -> Step {
        match byte {
            b'"' => {
                self.in_key = true;
                self.go(State::Text)
            }
            _ if is_space(byte) => Step::Taken,
            _ => Step::Bad("a field's name in double quotes is missing"),
        }
    }

    fn next(&mut self, byte: u8) -> Step {
        match (byte, self.open.last()) {
            (b',', Some(b'{')) => self.go(State::Key),
            (b',', _) => self.go(State::Value),
            (b'}', Some(b'{')) | (b']', Some(b'[')) => self.close(byte),
            (b'}' | b']', _) => Step::Bad("a closing bracket does not match the opening one"),
            _ if is_space(byte) => Step::Taken,
            _ => Step::Bad("a comma, a quote or a closing bracket is missing"),
        }
    }

    fn number(&mut self, byte: u8) -> Step {
        let next = match (self.state, byte) {
            (State::Minus, b'0') => State::Zero,
            (State::Minus, b'I') => State::Word(b"nfinity"),
            (State::Minus, b'1'..=b'9') | (State::Int, b'0'..=b'9') => State::Int,
            (State::Zero | State::Int, b'.') => State::Dot,
            (State::Dot | State::Fraction, b'0'..=b'9') => State::Fraction,
            (State::Zero | State::Int | State::Fraction, b'e' | b'E') => State::Exponent,
            (State::Exponent, b'+' | b'-') => State::Sign,
            (State::Exponent | State::Sign | State::Power, b'0'..=b'9') => State::Power,
            (State::Zero | State::Int | State::Fraction | State::Power, _) => {
                self.end_value();
                return Step::Again;
            }
            _ => return Step::Bad("a number is not written as JSON"),
        };
        self.go(next)
    }

    fn go(&mut self, state: State) -> Step {
        self.state = state;
        Step::Taken
    }

    fn close(&mut self, _bracket: u8) -> Step {
        self.open.pop();
        self.end_value();
        Step::Taken
    }

    fn end_text(&mut self) -> Step {
        if self.in_key {
            return self.go(State::Colon);
        }
        self.end_value();
        Step::Taken
    }

    fn end_value(&mut self) {
        self.state = if self.open.is_empty() {
            State::End
        } else {
            State::Next
        };
    }
}

/// Whether the text is one JSON value and nothing else.
pub(crate) fn is_json(text: &str) -> bool {
    let mut machine = Machine::new();
    let rest = match machine.feed(text.as_bytes()) {
        Fed::Done(end) => &text.as_bytes()[end..],
        // A number ends only with what follows it.
        Fed::More => return machine.feed(b" ") == Fed::Done(0),
        Fed::Bad(..) => return false,
    };
    rest.iter().all(|b| is_space(*b))
}

/// Whether JSON takes the byte for white space.
pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

const fn is_plain(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}

/// How many bytes at the start are plain text: no quote, no backslash, no control character. Most
/// of a file is such text, so eight bytes are looked at together.
pub(crate) fn plain_run(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    // Marks the lowest byte that is below `limit`, perhaps some above it, and none if there
    // is none.
    const fn below(word: u64, limit: u8) -> u64 {
        word.wrapping_sub(ONES * limit as u64) & !word & HIGH
    }
    let mut run = 0;
    for eight in bytes.as_chunks::<8>().0 {
        let word = u64::from_le_bytes(*eight);
        let quote = below(word ^ (ONES * b'"' as u64), 1);
        let backslash = below(word ^ (ONES * b'\\' as u64), 1);
        let marks = below(word, 0x20) | quote | backslash;
        if marks != 0 {
            return run + (marks.trailing_zeros() / 8) as usize;
        }
        run += 8;
    }
    run + bytes[run..].iter().take_while(|b| is_plain(**b)).count()
}

/// How many bytes at the start are inside a text: plain ones, and escapes that are whole and right.
fn text_run(bytes: &[u8]) -> usize {
    let mut run = 0;
    loop {
        run += plain_run(&bytes[run..]);
        run += match bytes[run..] {
            [b'\\', b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(u8::is_ascii_hexdigit) => 6,
            [b'\\', byte, ..] if is_escape(byte) => 2,
            _ => return run,
        };
    }
}

const fn is_escape(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_what_json_is() {
        for good in [
            "0",
            "-0.5e+10",
            "\"a\\u00e9\\\"\"",
            "[]",
            "{}",
            " [1, {\"a\": [null, true, false]}] ",
            "NaN",
            "-Infinity",
            "[Infinity]",
        ] {
            assert!(is_json(good), "{good}");
        }
        for bad in [
            "",
            " ",
            "01",
            "1.",
            "-",
            "+1",
            "nul",
            "nan",
            "'a'",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "[1 2]",
            "\"\\x\"",
            "\"\\u12g4\"",
            "\"a\nb\"",
            "\"\t\"",
            "[}",
            "{\"a\" 1}",
            "1 2",
            "\"open",
            "[1",
            "{\"a\":}",
        ] {
            assert!(!is_json(bad), "{bad:?}");
        }
    }

    #[test]
    fn any_split_of_the_bytes_comes_to_the_same() {
        let row = "{\"a\\\"\": [1.5e3, \"é\\u00e9\", {\"b\": null}], \"c\": -Infinity} ,";
        let bytes = row.as_bytes();
        for first in 0..bytes.len() {
            for second in first..bytes.len() {
                let mut machine = Machine::new();
                let mut end = None;
                for (from, to) in [(0, first), (first, second), (second, bytes.len())] {
                    if let (None, Fed::Done(at)) = (end, machine.feed(&bytes[from..to])) {
                        end = Some(from + at);
                        break;
                    }
                }
                assert_eq!(end, Some(row.len() - 2), "split at {first} and {second}");
            }
        }
    }

    #[test]
    fn eight_bytes_together_are_seen_as_one_by_one() {
        let mut state = 7_u64;
        for _ in 0..50_000 {
            let bytes: Vec<u8> = (0..20)
                .map(|_| {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1);
                    let byte = (state >> 33) as u8;
                    // Mostly plain, with what is not strewn in.
                    if state >> 60 == 0 { byte } else { byte | 0x60 }
                })
                .collect();
            let slow = bytes.iter().take_while(|b| is_plain(**b)).count();
            assert_eq!(plain_run(&bytes), slow, "{bytes:?}");
        }
    }

    #[test]
    fn nesting_has_an_end() {
        let deep = |n| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(is_json(&deep(DEEPEST)));
        assert!(!is_json(&deep(DEEPEST + 1)));
        assert!(!is_json(&"[".repeat(1_000_000)));
    }
}
