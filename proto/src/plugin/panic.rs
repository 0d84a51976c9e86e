//! What becomes of a panic: text that the host shows in its crash report, and an error that the caller can turn into
//! a diagnostic. It must not know what an RPC answers.
//!
//! Terraform keeps up to a hundred plain lines of stderr from the first that begins with `panic: ` on, and prints them
//! under "The … plugin crashed!" when the command fails, whether or not the process lives on. Rust's own text
//! (`thread 'main' panicked at …`) is not recognised. So every panic is reported, a caught one too: the command fails
//! because of it, and without the report nobody could say where it came from.

use std::any::Any;
use std::backtrace::Backtrace;
use std::fmt::Write as _;
use std::future::{Future, poll_fn};
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use super::arguments::Options;
use super::log::redact;

/// Terraform keeps a hundred lines; below these there is only the runtime.
const MAX_BACKTRACE_LINES: usize = 50;

/// What the standard library writes where symbols have been stripped.
const UNKNOWN_FRAME: &str = ": <unknown>";

/// Names of nested futures grow to kilobytes.
const MAX_BACKTRACE_WIDTH: usize = 160;

/// Writes panics to stderr in the form that the host reports, from here on.
pub(super) fn report(options: &Options) {
    let banner = options.banner();
    std::panic::set_hook(Box::new(move |info| {
        let text = redact(&crash_report(&banner, info, &Backtrace::force_capture()));
        // One write, so that lines of other threads do not come in between.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }));
}

fn crash_report(banner: &str, info: &PanicHookInfo<'_>, backtrace: &Backtrace) -> String {
    let message = message(info.payload());
    let thread = std::thread::current()
        .name()
        .unwrap_or("unnamed")
        .to_owned();
    let mut report = format!("panic: {message}\n\n{banner}thread {thread}");
    if let Some(location) = info.location() {
        // Writing to a String cannot fail.
        let _ = write!(report, " at {location}");
    }
    report.push_str("\n\n");
    report.push_str(&frames(&backtrace.to_string()));
    report
}

/// The part of a backtrace that tells something.
fn frames(backtrace: &str) -> String {
    let known = backtrace
        .lines()
        .filter(|line| !line.ends_with(UNKNOWN_FRAME));
    let lines: Vec<_> = known
        .take(MAX_BACKTRACE_LINES)
        .map(|line| &line[..line.floor_char_boundary(MAX_BACKTRACE_WIDTH)])
        .collect();
    if lines.is_empty() {
        return "This build carries no symbols, so there is no backtrace.\n".to_owned();
    }
    lines.join("\n") + "\n"
}

/// Runs `future`, and turns a panic in it into `Err` with the panic's message. For work on a request: the answer can
/// then carry a diagnostic and the state known so far, where tonic could only cut the stream.
///
/// The future is dropped after a panic; what it shares with others must stay sound without it (no half-done change
/// under a lock).
///
/// # Errors
///
/// The future panicked. The error is the message of the panic.
///
/// ```
/// # block_on(async {
/// use tfplugin_rs::plugin::caught;
///
/// assert_eq!(caught(async { 1 }).await, Ok(1));
/// # });
/// # fn block_on(future: impl Future<Output = ()>) {
/// #     tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
/// # }
/// ```
pub async fn caught<F: Future>(future: F) -> Result<F::Output, String> {
    let mut future = pin!(future);
    poll_fn(
        |cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(poll) => poll.map(Ok),
            Err(payload) => Poll::Ready(Err(message(&*payload).to_owned())),
        },
    )
    .await
}

fn message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a value that is no text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_without_a_name_are_left_out() {
        assert_eq!(
            frames("   0: <unknown>\n   1: tiny::main\n"),
            "   1: tiny::main\n"
        );
        let none = "This build carries no symbols, so there is no backtrace.\n";
        assert_eq!(frames("   0: <unknown>\n   1: <unknown>\n"), none);
        let long = format!("   0: {}\n", "é".repeat(1000)).repeat(1000);
        assert_eq!(frames(&long).lines().count(), MAX_BACKTRACE_LINES);
        assert!(
            frames(&long)
                .lines()
                .all(|line| line.len() <= MAX_BACKTRACE_WIDTH)
        );
    }

    #[tokio::test]
    async fn panic_becomes_an_error() {
        let after_an_await = async {
            tokio::task::yield_now().await;
            let number = 7;
            panic!("no cluster {number}")
        };
        assert_eq!(caught(async { 7 }).await, Ok(7));
        assert_eq!(
            caught(after_an_await).await,
            Err::<(), _>("no cluster 7".to_owned())
        );
    }
}
