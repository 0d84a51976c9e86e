//! Notices that the process that started us is gone. A host that is killed cannot say goodbye, and go-plugin leaves
//! its plugins running for ever in that case. It must not know what is done about it.

/// Completes when our parent process is no longer the one that started us.
///
/// The parent is compared rather than asked for the number 1: in a container the host itself may be process 1. It is
/// polled because the kernel's own notice (`PR_SET_PDEATHSIG`) follows the *thread* that started us, and Go ends
/// threads as it likes.
#[cfg(unix)]
pub(super) async fn gone() {
    use std::os::unix::process::parent_id;
    use std::time::Duration;

    const INTERVAL: Duration = Duration::from_millis(500);

    let started_by = parent_id();
    while parent_id() == started_by {
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Never completes: Windows has no notion of a parent that outlives the process id's reuse.
#[cfg(not(unix))]
pub(super) async fn gone() {
    std::future::pending().await
}
