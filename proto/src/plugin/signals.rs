//! What the operating system's signals mean to a plugin. It must not know what stopping does.

#[cfg(not(unix))]
pub(super) use self::other::Signals;
#[cfg(unix)]
pub(super) use self::unix::Signals;

#[cfg(unix)]
mod unix {
    use tokio::signal::unix::{Signal, SignalKind, signal};

    use crate::plugin::start_error::StartError;

    /// Catching a signal is what takes its deadly default away, so this exists before the host hears of us.
    pub(in crate::plugin) struct Signals {
        interrupt: Signal,
        terminate: Signal,
    }

    impl Signals {
        pub(in crate::plugin) fn catch() -> Result<Self, StartError> {
            let catch = |kind| signal(kind).map_err(StartError::unable("catch signals"));
            Ok(Self {
                interrupt: catch(SignalKind::interrupt())?,
                terminate: catch(SignalKind::terminate())?,
            })
        }

        /// Waits for SIGTERM. SIGINT is swallowed: Ctrl-C reaches the whole process group, and it is the host that
        /// decides what becomes of running operations, by StopProvider and then Shutdown.
        pub(in crate::plugin) async fn terminated(&mut self) {
            loop {
                tokio::select! {
                    _ = self.terminate.recv() => return,
                    _ = self.interrupt.recv() => {}
                }
            }
        }

        /// Waits for either, for a process that a human started.
        pub(in crate::plugin) async fn any(&mut self) {
            tokio::select! {
                _ = self.terminate.recv() => {}
                _ = self.interrupt.recv() => {}
            }
        }
    }
}

#[cfg(not(unix))]
mod other {
    use tokio::signal::ctrl_c;

    use crate::plugin::start_error::StartError;

    /// Windows has Ctrl-C only; see the unix twin for what it means.
    pub(in crate::plugin) struct Signals;

    impl Signals {
        pub(in crate::plugin) fn catch() -> Result<Self, StartError> {
            Ok(Self)
        }

        pub(in crate::plugin) async fn terminated(&mut self) {
            while ctrl_c().await.is_ok() {}
            std::future::pending().await
        }

        pub(in crate::plugin) async fn any(&mut self) {
            if ctrl_c().await.is_err() {
                std::future::pending().await
            }
        }
    }
}
