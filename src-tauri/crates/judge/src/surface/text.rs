//! What can be seen of a text without understanding it: how long it is, how it is set, and a few
//! words that give a tone away.
//!
//! Every figure is a pure function of the response and of the words of its prompt. Counts go in as
//! ln(1 + count): twice as long is the same step for a short text and a long one.

/// The names of what [`of`] gives, in its order, and what more of it means, in words.
pub(super) const FEATURES: [(&str, &str); 25] = [
    ("characters", "more characters"),
    ("words", "more words"),
    ("lines", "more lines"),
    ("paragraphs", "more paragraphs"),
    ("list_items", "more list items"),
    ("headings", "more headings"),
    ("code_blocks", "more blocks of code"),
    ("table_rows", "more rows of tables"),
    ("bold_spans", "more words in bold"),
    ("links", "more links"),
    ("formulas", "more formulas"),
    ("sentence_length", "longer sentences"),
    ("word_length", "longer words"),
    ("digits", "a larger share of digits"),
    ("capitals", "a larger share of capital letters"),
    ("other_scripts", "a larger share of letters beyond ASCII"),
    ("question_marks", "more question marks"),
    ("exclamation_marks", "more exclamation marks"),
    ("first_person", "a larger share of I, me and my"),
    ("refusal", "a refusal or an apology in the first person"),
    ("distinct_words", "a larger share of distinct words"),
    (
        "words_from_prompt",
        "a larger share of words that the prompt has",
    ),
    (
        "prompt_covered",
        "a larger share of the prompt's words taken up",
    ),
    ("empty", "no words at all"),
    ("unfinished", "an end without a closing mark"),
];

/// Starts of what a model writes in place of an answer, in small letters. English alone: in other
/// languages the figure is 0 on both sides, and says nothing.
const REFUSALS: [&str; 8] = [
    "i cannot",
    "i can't",
    "i can’t",
    "i'm sorry",
    "i’m sorry",
    "i am sorry",
    "as an ai",
    "i'm unable",
];
/// How far from its start a response is searched for them, in bytes.
const REFUSAL_WITHIN: usize = 400;
/// Words by which a speaker means itself.
const SELF: [&str; 6] = ["i", "me", "my", "i'm", "i’m", "myself"];
/// What a finished text may end with.
const CLOSING: &str = ".!?。！？…:;\"'”’»)]}|`*_-—؟۔।$>";

/// The distinct words of a text, as sorted hashes.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocabulary(Vec<u64>);

impl Vocabulary {
    pub(super) fn of(text: &str) -> Self {
        let mut hashes = Vec::new();
        each_word(text, |word| hashes.push(hash(word)));
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes)
    }

    fn has(&self, hash: u64) -> bool {
        self.0.binary_search(&hash).is_ok()
    }
}

/// The figures of [`FEATURES`].
pub(super) fn of(text: &str, prompt: &Vocabulary) -> [f64; 25] {
    let letters = Letters::of(text);
    let words = Words::of(text, prompt);
    let layout = Layout::of(text);
    let ln = |count: u64| (count as f64).ln_1p();
    let trimmed = text.trim_end();
    let unfinished = trimmed.chars().last().is_some_and(|c| !CLOSING.contains(c));
    [
        ln(letters.all),
        ln(words.all),
        ln(layout.lines),
        ln(layout.paragraphs),
        ln(layout.list_items),
        ln(layout.headings),
        ln(layout.code_blocks),
        ln(layout.table_rows),
        ln(trimmed.matches("**").count() as u64 / 2),
        ln(text.matches("http").count() as u64),
        ln(formulas(text)),
        ln(words.all.div_ceil(letters.sentences.max(1))),
        share(letters.of_words, words.all),
        share(letters.digits, letters.all),
        share(letters.capitals, letters.of_words),
        share(letters.beyond_ascii, letters.of_words),
        ln(letters.questions),
        ln(letters.exclamations),
        share(words.first_person, words.all),
        f64::from(u8::from(refuses(text))),
        share(words.distinct, words.all),
        share(words.distinct_in_prompt, words.distinct),
        share(words.distinct_in_prompt, prompt.0.len() as u64),
        f64::from(u8::from(words.all == 0)),
        f64::from(u8::from(unfinished)),
    ]
}

fn share(part: u64, all: u64) -> f64 {
    if all == 0 {
        0.0
    } else {
        part as f64 / all as f64
    }
}

/// Whether a character is a word by itself: Han, kana.
const fn is_word_alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Gives every word in turn: runs of letters, digits and apostrophes, and each character of scripts
/// that part no words.
fn each_word<'a>(text: &'a str, mut each: impl FnMut(&'a str)) {
    let mut start: Option<usize> = None;
    for (at, c) in text.char_indices() {
        let alone = is_word_alone(c);
        let within =
            !alone && (c.is_alphanumeric() || (matches!(c, '\'' | '’') && start.is_some()));
        match (within, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                each(&text[from..at]);
                start = None;
            }
            _ => {}
        }
        if alone {
            each(&text[at..at + c.len_utf8()]);
        }
    }
    if let Some(from) = start {
        each(&text[from..]);
    }
}

/// FNV-1a over the word in small letters: the same on every machine.
fn hash(word: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let start = 0xcbf2_9ce4_8422_2325;
    if word.is_ascii() {
        return word
            .bytes()
            .fold(start, |hash, byte| step(hash, byte.to_ascii_lowercase()));
    }
    let mut buffer = [0; 4];
    word.chars()
        .flat_map(char::to_lowercase)
        .fold(start, |hash, c| {
            c.encode_utf8(&mut buffer).bytes().fold(hash, step)
        })
}

#[derive(Default)]
struct Letters {
    all: u64,
    of_words: u64,
    digits: u64,
    capitals: u64,
    beyond_ascii: u64,
    questions: u64,
    exclamations: u64,
    sentences: u64,
}

impl Letters {
    fn of(text: &str) -> Self {
        let mut found = Self::default();
        // Whether a mark that may end a sentence came last: it does where a space or the end follows.
        let mut may_end = false;
        for c in text.chars() {
            found.all += 1;
            found.sentences += u64::from(may_end && c.is_whitespace());
            may_end = matches!(c, '.' | '!' | '?' | '؟' | '۔' | '।');
            match c {
                '0'..='9' => found.digits += 1,
                'A'..='Z' => {
                    (found.capitals, found.of_words) = (found.capitals + 1, found.of_words + 1)
                }
                'a'..='z' => found.of_words += 1,
                '?' | '？' | '؟' => found.questions += 1,
                '!' | '！' => found.exclamations += 1,
                c if c.is_ascii() => {}
                c if c.is_alphabetic() => {
                    found.of_words += 1;
                    found.beyond_ascii += 1;
                    found.capitals += u64::from(c.is_uppercase());
                }
                c => found.digits += u64::from(c.is_numeric()),
            }
            // Full-width marks end a sentence without a space.
            found.sentences += u64::from(matches!(c, '。' | '！' | '？'));
        }
        found.sentences += u64::from(may_end);
        found
    }
}

#[derive(Default)]
struct Words {
    all: u64,
    distinct: u64,
    distinct_in_prompt: u64,
    first_person: u64,
}

impl Words {
    fn of(text: &str, prompt: &Vocabulary) -> Self {
        let mut found = Self::default();
        let mut hashes = Vec::with_capacity(text.len() / 5);
        each_word(text, |word| {
            found.all += 1;
            hashes.push(hash(word));
            let is_self = word.len() <= 6 && SELF.iter().any(|one| word.eq_ignore_ascii_case(one));
            found.first_person += u64::from(is_self);
        });
        hashes.sort_unstable();
        hashes.dedup();
        found.distinct = hashes.len() as u64;
        found.distinct_in_prompt = hashes.iter().filter(|hash| prompt.has(**hash)).count() as u64;
        found
    }
}

#[derive(Default)]
struct Layout {
    lines: u64,
    paragraphs: u64,
    list_items: u64,
    headings: u64,
    code_blocks: u64,
    table_rows: u64,
}

impl Layout {
    fn of(text: &str) -> Self {
        let mut found = Self::default();
        let (mut in_code, mut in_paragraph) = (false, false);
        for line in text.lines() {
            let line = line.trim();
            if line.starts_with("```") || line.starts_with("~~~") {
                in_code = !in_code;
                found.code_blocks += u64::from(in_code);
            }
            found.paragraphs += u64::from(!line.is_empty() && !in_paragraph);
            in_paragraph = !line.is_empty();
            found.lines += u64::from(!line.is_empty());
            if in_code || line.is_empty() {
                continue;
            }
            found.list_items += u64::from(is_list_item(line));
            found.headings += u64::from(is_heading(line));
            found.table_rows += u64::from(line.starts_with('|') && line.len() > 1);
        }
        found
    }
}

fn is_list_item(line: &str) -> bool {
    if ["- ", "* ", "+ ", "• "]
        .iter()
        .any(|mark| line.starts_with(mark))
    {
        return true;
    }
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - rest.len();
    (1..=3).contains(&digits)
        && (rest.starts_with(". ") || rest.starts_with(") ") || rest.starts_with('、'))
}

fn is_heading(line: &str) -> bool {
    let rest = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - rest.len())) && rest.starts_with(' ')
}

/// Formulas between the marks of TeX. A price is none: of dollars only pairs that close at once count.
fn formulas(text: &str) -> u64 {
    let marked = text.matches("\\(").count() + text.matches("\\[").count();
    let displayed = text.matches("$$").count() / 2;
    let tex = text.contains('\\') && displayed == 0;
    let inline = if tex {
        text.matches('$').count() / 2
    } else {
        0
    };
    (marked + displayed + inline) as u64
}

fn refuses(text: &str) -> bool {
    let text = text.trim_start();
    let end = (0..=REFUSAL_WITHIN.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    let start = text[..end].to_lowercase();
    REFUSALS.iter().any(|words| start.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(name: &str, text: &str, prompt: &str) -> f64 {
        let at = FEATURES.iter().position(|one| one.0 == name);
        of(text, &Vocabulary::of(prompt))[at.unwrap()]
    }

    fn count(name: &str, text: &str) -> u64 {
        figure(name, text, "").exp_m1().round() as u64
    }

    #[test]
    fn each_figure_is_what_its_name_says() {
        let text = "# Head\n\nFirst **bold** words. A question? Yes!\n\n- one\n- two\n3. three\n\
                    \n```rust\n- no item\n# no heading\n```\n| a | b |\nSee http://a.example";
        assert_eq!(count("characters", "abc d"), 5);
        assert_eq!(count("words", "Two words, three."), 3);
        for (name, wanted) in [
            ("headings", 1),
            ("list_items", 3),
            ("code_blocks", 1),
            ("table_rows", 1),
            ("bold_spans", 1),
            ("links", 1),
            ("question_marks", 1),
            ("exclamation_marks", 1),
            ("paragraphs", 4),
        ] {
            assert_eq!(count(name, text), wanted, "{name}");
        }
        assert_eq!(count("lines", "a\n\nb\n"), 2);
        assert_eq!(count("sentence_length", "One two. Three four."), 2);
        assert_eq!(count("formulas", "It costs $5 and $6."), 0);
        assert_eq!(count("formulas", r"\(x\) and \[y\]"), 2);
        assert!((figure("word_length", "ab abcd", "") - 3.0).abs() < 1e-12);
        assert!((figure("digits", "12ab", "") - 0.5).abs() < 1e-12);
        assert!((figure("capitals", "ABcd", "") - 0.5).abs() < 1e-12);
        assert!((figure("other_scripts", "aб", "") - 0.5).abs() < 1e-12);
        assert!((figure("first_person", "I saw my dog", "") - 0.5).abs() < 1e-12);
        assert!((figure("distinct_words", "a b A b", "") - 0.5).abs() < 1e-12);
        assert!((figure("words_from_prompt", "red dog", "The RED car") - 0.5).abs() < 1e-12);
        assert!((figure("prompt_covered", "red dog", "red car x y") - 0.25).abs() < 1e-12);
        assert_eq!(figure("empty", " \n", ""), 1.0);
        assert_eq!(figure("unfinished", "and then", ""), 1.0);
        assert_eq!(figure("unfinished", "and then. \n", ""), 0.0);
    }

    #[test]
    fn refusals_are_those_at_the_start() {
        assert_eq!(figure("refusal", "I'm sorry, but no.", ""), 1.0);
        assert_eq!(figure("refusal", "  As an AI language model …", ""), 1.0);
        let late = format!("{}I cannot", "ж".repeat(400));
        assert_eq!(figure("refusal", &late, ""), 0.0);
    }

    #[test]
    fn scripts_without_spaces_have_words_and_sentences() {
        assert_eq!(count("words", "我喜欢猫。你呢？"), 6);
        assert_eq!(count("sentence_length", "我喜欢猫。你呢？"), 3);
        assert_eq!(count("words", "كيف حالك اليوم؟"), 3);
        assert_eq!(count("question_marks", "كيف حالك اليوم؟"), 1);
    }

    #[test]
    fn any_text_gives_numbers() {
        for text in [
            "",
            "\u{0}",
            "\u{feff}\u{202e}x",
            "$$$$",
            "```",
            "'’'",
            "|",
            "#",
        ] {
            let all = of(text, &Vocabulary::of(text));
            assert!(all.iter().all(|x| x.is_finite()), "{text:?}: {all:?}");
        }
    }
}
