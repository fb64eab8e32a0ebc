//! A network with nothing but loopback: a test runs itself again in a network namespace of its
//! own, in which every address there is leads to this machine, so that a request to anybody is
//! heard.
//!
//! Where the kernel refuses that (a container without the right), the test runs all the same and
//! a line says so, which comes up again beside the totals: then only loopback can be listened to.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::told::{is_left_out, left_out, past_the_capture};

/// Says to the test that runs again in which network it does.
const NETWORK: &str = "TIEBREAK_TEST_NETWORK";

/// What is told to whoever runs the tests, whether they succeed or not, begins so.
const TOLD: &str = "hostile: ";

/// Loopback up, and every address local. IPv6 may be switched off as a whole.
const SET_UP: &str = "ip link set lo up && ip route add local 0.0.0.0/0 dev lo && \
                      { ip -6 route add local ::/0 dev lo 2>/dev/null || true; } && exec \"$@\" 2>&1";

/// The network that a test runs in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Network {
    /// Its own, with loopback alone.
    Quiet,
    /// The machine's.
    Shared,
}

impl Network {
    /// The network of a test that was started by [`again`]; none where it is yet to be.
    pub fn of_this_run() -> Option<Self> {
        match std::env::var(NETWORK).ok()?.as_str() {
            "quiet" => Some(Self::Quiet),
            _ => Some(Self::Shared),
        }
    }
}

/// Runs the named test of this program again, in a network of its own where that can be had, and
/// fails as it fails.
pub fn again(test: &str) {
    let (mut command, network) = namespace();
    command
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(NETWORK, network)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if line.starts_with(TOLD) || is_left_out(&line) {
            past_the_capture(&line);
        } else {
            // Indented, so that the inner run's summary is not counted as one of its own.
            println!("  {line}");
        }
    }
    let status = child.wait().unwrap();
    assert!(status.success(), "{test} failed in its network: {status}");
}

/// Tells something past the test's captured output.
pub fn tell(what: &str) {
    println!("{TOLD}{what}");
}

/// The start of a command line that runs the rest in a namespace, or as it is.
fn namespace() -> (Command, &'static str) {
    let ways: [&[&str]; 2] = [&["--net"], &["--user", "--map-root-user", "--net"]];
    for way in ways {
        let mut tried = entering(way);
        tried.arg("true").stderr(Stdio::null());
        if tried.status().is_ok_and(|status| status.success()) {
            return (entering(way), "quiet");
        }
    }
    left_out(
        "tests/hostile: hearing what is sent to other machines (no network namespace can be made \
         here, which needs unshare and ip and the right to use them: the run shares the machine's \
         network, and only loopback is listened to)",
    );
    let mut plain = Command::new("sh");
    plain.args(["-c", "exec \"$@\" 2>&1", "sh"]);
    (plain, "shared")
}

fn entering(way: &[&str]) -> Command {
    let mut command = Command::new("unshare");
    command.args(way).args(["--", "sh", "-c", SET_UP, "sh"]);
    command
}
