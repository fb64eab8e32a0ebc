//! Programs that answer, that answer nonsense, that die, and that never answer.

use std::path::Path;
use std::time::Instant;

use tiebreak_domain::{
    AskedUnder, ContentHasher, Modality, PromptId, QuestionId, Setting, Verdict,
};

use super::*;
use crate::described::{Kind, in_folder, name_in};
use crate::judge::{How, JudgedMedium, JudgedQuestion, JudgedSide};

fn described(folder: &Path, script: &str) -> Described {
    let path = folder.join("model.toml");
    let script = script.replace('\\', "\\\\").replace('"', "\\\"");
    let text = format!(
        "name = \"m\"\nprogram = \"sh\"\narguments = [\"-c\", \"{script}\"]\ndeadline_s = 30\nstart_s = 0\n"
    );
    std::fs::write(&path, text).unwrap();
    Described::read(&path).unwrap()
}

/// The described program, with what is changed in it.
fn started(
    described: &Described,
    cancelled: Arc<AtomicBool>,
    change: impl FnOnce(&mut Program),
) -> Process {
    let Kind::Process(mut program) = described.kind.clone();
    change(&mut program);
    Process::new(described, program, cancelled)
}

/// A program in `sh`, each line that it reads in `$q`.
fn program(answer: &str) -> (tempfile::TempDir, Process) {
    let folder = tempfile::tempdir().unwrap();
    let script = format!("while read -r q; do {answer}; done");
    let described = described(folder.path(), &script);
    let process = started(&described, Arc::default(), |_| ());
    (folder, process)
}

fn asking(shown: Shown, setting: Setting) -> Asking {
    let side = |text: &str| JudgedSide {
        text: text.to_owned(),
        media: Vec::new(),
    };
    let id = ContentHasher::new("a test").finish();
    Asking {
        question: JudgedQuestion {
            id: QuestionId::from_uuid(id),
            prompt_id: PromptId::from_uuid(id),
            task: "text_to_text".into(),
            criterion: "Which is “kinder”?\nSay.".into(),
            prompt: side("p"),
            responses: [side("the first"), side("الثاني")],
        },
        how: How {
            setting,
            shown,
            under: AskedUnder::Own,
        },
    }
}

fn plain() -> Asking {
    asking(Shown::OneTwo, Setting::WithTie)
}

fn ask(process: &mut Process, asking: Asking) -> Result<Said, Failure> {
    process.judge(&[asking]).pop().unwrap()
}

#[test]
fn scores_and_verdicts_come_back_in_data_terms() {
    let (_folder, mut scores) = program(r#"echo '{"score1": 2, "score2": -0.5}'"#);
    let said = ask(&mut scores, plain()).unwrap();
    assert_eq!(said.scores, Some([2.0, -0.5]));
    let said = ask(&mut scores, asking(Shown::TwoOne, Setting::WithTie)).unwrap();
    assert_eq!(said.scores, Some([-0.5, 2.0]));
    let (_folder, mut verdict) = program(r#"echo '{"verdict": "response1", "text": "why"}'"#);
    let said = ask(&mut verdict, asking(Shown::TwoOne, Setting::WithTie)).unwrap();
    assert_eq!(
        (said.verdict, said.text.as_str()),
        (Some(Verdict::Response2), "why")
    );
    let (_folder, mut marks) = program(r#"echo '{"text": "so [[C]]"}'"#);
    assert_eq!(
        ask(&mut marks, plain()).unwrap().verdict,
        Some(Verdict::Tie)
    );
}

#[test]
fn a_program_sees_the_question_and_not_whose_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("hidden-model-a.png");
    std::fs::write(&picture, "a picture").unwrap();
    let mut asked = asking(Shown::TwoOne, Setting::WithoutTie);
    asked.question.responses[0].media.push(JudgedMedium {
        kind: Modality::Image,
        mime: "image/png".into(),
        bytes: 9,
        path: picture,
        pixels: None,
        seconds: None,
        faces: None,
    });
    let keep = folder.path().join("seen").display().to_string();
    let script = format!(
        "printf '%s' \"$q\" > {keep}; cat $(printf '%s' \"$q\" | grep -o '/[^\"]*response2-1.png') > {keep}.png; echo '{{\"score1\":1,\"score2\":0}}'"
    );
    let (_model, mut process) = program(&script);
    ask(&mut process, asked.clone()).unwrap();
    let seen = std::fs::read_to_string(&keep).unwrap();
    let line: serde_json::Value = serde_json::from_str(&seen).unwrap();
    assert_eq!(line["response1"]["text"], "الثاني");
    assert_eq!(line["response2"]["text"], "the first");
    assert_eq!(
        (&line["ties"], &line["question"]),
        (&false.into(), &1.into())
    );
    assert_eq!(line["criterion"], asked.question.criterion);
    assert!(!seen.contains("hidden-model"), "{seen}");
    assert!(!seen.contains(&asked.question.id.to_string()), "{seen}");
    assert_eq!(
        std::fs::read_to_string(format!("{keep}.png")).unwrap(),
        "a picture"
    );
    assert!(!Path::new(line["response2"]["media"][0]["path"].as_str().unwrap()).exists());
}

#[test]
fn nonsense_is_a_sentence_and_the_next_question_is_answered() {
    for (answer, why) in [
        (r#"{"score1": NaN, "score2": 1}"#, "neither NaN nor"),
        (
            r#"{"score1": 1e400, "score2": 1}"#,
            "no number that can be used: 1e400",
        ),
        (
            r#"{"score1": "a", "score2": 1}"#,
            "no number that can be used",
        ),
        (r#"{"score1": 1}"#, "one score"),
        (
            r#"{"score1": 1, "score2": 2, "verdict": "tie"}"#,
            "one of the two",
        ),
        (
            r#"{"verdict": "response1", "verdict": "response2"}"#,
            "duplicate",
        ),
        (
            r#"{"verdict": ["response1", "response2"]}"#,
            "no line of JSON as it is agreed",
        ),
        (r#"{"text": "[[A]] or [[B]]"}"#, "both verdicts"),
        (r#"{"text": "hm"}"#, "no verdict could be read"),
        (r#"{"verdict": "left"}"#, "“left” is no verdict"),
        ("{}", "neither scores nor a verdict"),
        ("Loading…", "no line of JSON"),
        ("[1, 2]", "no line of JSON"),
        (
            r#"{"question": 7, "score1": 1, "score2": 2}"#,
            "another question",
        ),
    ] {
        let script = format!(
            "case \"$q\" in *'\"question\":1,'*) echo '{answer}';; *) echo '{{\"score1\":1,\"score2\":0}}';; esac"
        );
        let (_folder, mut process) = program(&script);
        match ask(&mut process, plain()) {
            Err(Failure::Answer { why: told, .. }) => {
                assert!(told.contains(why), "{answer}: {told}")
            }
            other => unreachable!("{answer}: {other:?}"),
        }
        assert!(ask(&mut process, plain()).is_ok(), "{answer}");
    }
    let (_folder, mut tie) = program(r#"echo '{"verdict": "tie"}'"#);
    assert!(ask(&mut tie, asking(Shown::OneTwo, Setting::WithoutTie)).is_err());
    assert!(ask(&mut tie, plain()).is_ok());
}

#[test]
fn two_lines_are_no_answer_and_nothing_is_taken_for_the_next() {
    let (_folder, mut process) =
        program(r#"printf '{"score1":1,"score2":0}\n{"score1":1,"score2":0}\n'"#);
    for n in 0..6 {
        match (ask(&mut process, plain()), n) {
            (Err(Failure::Answer { why, .. }), 0..2) => assert!(why.contains("more than one line")),
            (Err(Failure::Program(why)), 2..) => assert!(why.contains("in a row"), "{why}"),
            (other, n) => unreachable!("{n}: {other:?}"),
        }
    }
}

fn failed(process: &mut Process) -> String {
    match ask(process, plain()) {
        Err(Failure::Program(why)) => why,
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn one_that_dies_is_started_again_and_says_its_last_words() {
    let (_folder, mut process) = program("echo 'no memory left' >&2; exit 3");
    let why = failed(&mut process);
    assert!(
        why.contains("exit status: 3") && why.contains("no memory left"),
        "{why}"
    );
    assert!(failed(&mut process).contains("exit status: 3"));
    let folder = tempfile::tempdir().unwrap();
    let missing = described(folder.path(), "");
    let change = |program: &mut Program| program.program = "/no/such/program".into();
    let why = failed(&mut started(&missing, Arc::default(), change));
    assert!(why.contains("could not be started"), "{why}");
}

#[test]
fn one_that_never_answers_is_killed_with_what_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let pid = folder.path().join("pid");
    let (_model, mut process) = program(&format!("sleep 600 & echo $! > {}; wait", pid.display()));
    process.program.deadline_s = 2;
    let begun = Instant::now();
    let why = failed(&mut process);
    assert!(why.contains("no answer within 2 seconds"), "{why}");
    assert!(begun.elapsed() < Duration::from_secs(20));
    let pid = std::fs::read_to_string(&pid).unwrap();
    let state = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
    let gone = state.map_or(true, |stat| stat.contains(") Z"));
    assert!(gone, "what it started has ended, too");
}

#[test]
fn a_question_that_is_never_read_does_not_hold_up_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let described = described(folder.path(), "sleep 600");
    let mut process = started(&described, Arc::default(), |program| program.deadline_s = 1);
    let mut long = plain();
    long.question.prompt.text = "x".repeat(1_000_000);
    match ask(&mut process, long) {
        Err(Failure::Program(why)) => assert!(why.contains("no answer"), "{why}"),
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn a_cancelled_run_does_not_wait_for_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let cancelled = Arc::new(AtomicBool::new(false));
    let described = described(folder.path(), "sleep 600");
    let flag = Arc::clone(&cancelled);
    let mut process = started(&described, flag, |program| program.deadline_s = 600);
    let begun = Instant::now();
    let later = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        cancelled.store(true, Ordering::SeqCst);
    });
    assert!(failed(&mut process).contains("cancelled"));
    later.join().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(60));
}

#[test]
fn a_description_is_read_strictly_and_its_files_are_its_version() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let read = |text: &str| {
        write("m.toml", text);
        Described::read(&folder.path().join("m.toml"))
    };
    write("run.py", "one");
    write("w.safetensors", "weights");
    let base = "name = \"a\"\nprogram = \"python3\"\narguments = [\"run.py\"]\n";
    let first = read(base).unwrap();
    assert!(takes(&first.tasks, "text_to_3D"));
    write("run.py", "two");
    assert_ne!(
        read(base).unwrap().hash,
        first.hash,
        "another script is another version"
    );
    let right = blake3::hash(b"weights").to_hex();
    let named =
        |hash: &str| format!("{base}[[file]]\npath = \"w.safetensors\"\nblake3 = \"{hash}\"\n");
    assert!(read(&named(&right)).is_ok());
    for (text, why) in [
        (named("00"), "another file"),
        (format!("{base}[[file]]\npath = \"w.BIN\"\n"), "is a pickle"),
        (
            "name = \"a\"\nprogram = \"p\"\narguments = [\"m.ckpt\"]".into(),
            "is a pickle",
        ),
        (
            format!("{base}[[file]]\npath = \"none.safetensors\"\n"),
            "cannot be read",
        ),
        ("name = \"surface\"\nprogram = \"p\"".into(), "no name"),
        (format!("{base}shell = true\n"), "unknown field"),
        (format!("{base}deadline_s = 0\n"), "deadline_s"),
        ("name = ".into(), "no description"),
    ] {
        let told = read(&text).unwrap_err();
        assert!(told.contains(why), "{why}: {told}");
    }
    let all = in_folder(folder.path()).unwrap();
    assert_eq!(all, [folder.path().join("m.toml")]);
    assert_eq!(name_in(&all[0]), None, "the last text is no description");
    write("m.toml", base);
    assert_eq!(name_in(&all[0]).as_deref(), Some("a"));
    assert!(in_folder(Path::new("/no/such/folder")).unwrap().is_empty());
}
