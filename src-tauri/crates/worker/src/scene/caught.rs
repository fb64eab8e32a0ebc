//! Running what may panic: the libraries for models do so where others return an error.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Problem;

thread_local! {
    /// What the last panic said and where, for the log of the program.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps panics for [`caught`] instead of printing them.
pub fn keep_panics() {
    std::panic::set_hook(Box::new(|info| {
        PANIC.with(|last| last.replace(info.to_string()));
    }));
}

/// Runs `work`; a panic in it is a damaged file.
///
/// # Errors
/// What `work` says, or that it panicked.
pub fn caught<T>(work: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(Problem::damaged(&said(panic.as_ref()))))
}

fn said(panic: &(dyn Any + Send)) -> String {
    let noted = PANIC.with(RefCell::take);
    if !noted.is_empty() {
        return noted;
    }
    let plain = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    plain
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without words".to_owned())
}
