//! Notices that the process that started us is gone. A host that is killed cannot say goodbye, and go-plugin leaves
//! its plugins running for ever in that case. It must not know what is done about it.

/// The process that started us.
///
/// The parent is compared rather than asked for the number 1: in a container the host itself may be process 1, and
/// orphans may become children of somebody else (`PR_SET_CHILD_SUBREAPER`).
#[cfg(unix)]
pub(super) struct Parent(u32);

#[cfg(unix)]
impl Parent {
    /// Looks who it is. Before the handshake, or one that ends right after it is never missed; one that has ended
    /// before us cannot be.
    pub(super) fn now() -> Self {
        Self(std::os::unix::process::parent_id())
    }

    /// Completes when that process is our parent no longer.
    ///
    /// It is polled because the kernel's own notice (`PR_SET_PDEATHSIG`) follows the *thread* that started us, and Go
    /// ends threads as it likes.
    pub(super) async fn gone(&self) {
        use std::time::Duration;

        const INTERVAL: Duration = Duration::from_millis(500);

        while Self::now().0 == self.0 {
            tokio::time::sleep(INTERVAL).await;
        }
    }
}

/// Never gone: Windows has no notion of a parent that outlives the process id's reuse.
#[cfg(not(unix))]
pub(super) struct Parent;

#[cfg(not(unix))]
impl Parent {
    pub(super) fn now() -> Self {
        Self
    }

    pub(super) async fn gone(&self) {
        std::future::pending().await
    }
}
