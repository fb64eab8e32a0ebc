//! Licence expressions: may we use what is under this one?
//!
//! A small evaluator of SPDX expressions (AND, OR, WITH, brackets; `/` is the old way to write OR),
//! asked with a rule that says yes or no to one licence.

/// Whether the expression can be satisfied by licences that `allowed` says yes to. An exception is
/// part of the licence's name: `Apache-2.0 WITH LLVM-exception`. What is no expression is an error.
pub fn satisfied(expression: &str, allowed: &dyn Fn(&str) -> bool) -> Result<bool, String> {
    let mut reader = Reader {
        tokens: tokens(expression),
        at: 0,
        allowed,
    };
    let answer = reader.either()?;
    match reader.peek() {
        None => Ok(answer),
        Some(token) => Err(format!("`{token}` is not expected in `{expression}`")),
    }
}

fn tokens(expression: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    for letter in expression.chars() {
        if letter.is_whitespace() || matches!(letter, '(' | ')' | '/') {
            if !word.is_empty() {
                tokens.push(std::mem::take(&mut word));
            }
            match letter {
                '/' => tokens.push("OR".to_owned()),
                '(' | ')' => tokens.push(letter.to_string()),
                _ => {}
            }
        } else {
            word.push(letter);
        }
    }
    if !word.is_empty() {
        tokens.push(word);
    }
    tokens
}

struct Reader<'a> {
    tokens: Vec<String>,
    at: usize,
    allowed: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn take(&mut self, word: &str) -> bool {
        let here = self
            .peek()
            .is_some_and(|token| token.eq_ignore_ascii_case(word));
        self.at += usize::from(here);
        here
    }

    fn either(&mut self) -> Result<bool, String> {
        let mut answer = self.all()?;
        while self.take("OR") {
            answer |= self.all()?;
        }
        Ok(answer)
    }

    fn all(&mut self) -> Result<bool, String> {
        let mut answer = self.one()?;
        while self.take("AND") {
            answer &= self.one()?;
        }
        Ok(answer)
    }

    fn one(&mut self) -> Result<bool, String> {
        if self.take("(") {
            let answer = self.either()?;
            return if self.take(")") {
                Ok(answer)
            } else {
                Err("a bracket is not closed".into())
            };
        }
        let mut licence = self.word()?;
        if self.take("WITH") {
            licence = format!("{licence} WITH {}", self.word()?);
        }
        Ok((self.allowed)(&licence))
    }

    fn word(&mut self) -> Result<String, String> {
        let token = self
            .peek()
            .ok_or("a licence is missing at the end")?
            .to_owned();
        if ["AND", "OR", "WITH", "(", ")"]
            .iter()
            .any(|word| token.eq_ignore_ascii_case(word))
        {
            return Err(format!("a licence is missing before `{token}`"));
        }
        self.at += 1;
        Ok(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(expression: &str) -> Result<bool, String> {
        satisfied(expression, &|one| {
            ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&one)
        })
    }

    #[test]
    fn one_licence_is_looked_up() {
        assert_eq!(ask("MIT"), Ok(true));
        assert_eq!(ask("GPL-3.0-only"), Ok(false));
        assert_eq!(ask("mit"), Ok(false));
    }

    #[test]
    fn or_needs_one_and_needs_both() {
        assert_eq!(ask("GPL-2.0 OR MIT"), Ok(true));
        assert_eq!(ask("GPL-2.0/MIT"), Ok(true));
        assert_eq!(ask("GPL-2.0 AND MIT"), Ok(false));
        assert_eq!(ask("ISC AND MIT"), Ok(true));
    }

    #[test]
    fn and_binds_closer_than_or_unless_brackets_say_otherwise() {
        assert_eq!(ask("MIT OR ISC AND GPL-2.0"), Ok(true));
        assert_eq!(ask("(MIT OR ISC) AND GPL-2.0"), Ok(false));
        assert_eq!(ask("((MIT))AND(GPL-2.0 OR ISC)"), Ok(true));
    }

    #[test]
    fn an_exception_belongs_to_the_licence() {
        assert_eq!(ask("Apache-2.0 WITH LLVM-exception"), Ok(true));
        assert_eq!(ask("Apache-2.0"), Ok(false));
        assert_eq!(ask("Apache-2.0 WITH Other-exception OR GPL-2.0"), Ok(false));
    }

    #[test]
    fn nonsense_is_no_yes() {
        for nonsense in [
            "",
            "MIT OR",
            "AND MIT",
            "(MIT",
            "MIT)",
            "SEE LICENSE IN x",
            "MIT WITH",
            "()",
        ] {
            assert!(ask(nonsense).is_err(), "{nonsense}");
        }
    }
}
