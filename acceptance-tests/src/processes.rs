//! The provider processes that a command line has started: to count their memory, and to kill them.

use std::fs;

use anyhow::Result;
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// A running provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProviderProcess {
    /// Process id.
    pub pid: u32,
    /// Resident memory in bytes.
    pub resident: u64,
}

/// The providers among the children of the process `parent`.
pub fn providers_of(parent: u32) -> Result<Vec<ProviderProcess>> {
    let mut system = System::new()?;
    // Threads would be listed as processes of their own, and a provider has many.
    let kind = ProcessRefreshKind::nothing().with_memory().without_tasks();
    let children = children_of(parent);
    let candidates = children
        .as_deref()
        .map_or(ProcessesToUpdate::All, ProcessesToUpdate::Some);
    system.refresh_processes_specifics(candidates, true, kind);
    let providers = system.processes().values().filter(|process| {
        let is_child = process.parent().is_some_and(|pid| pid.as_u32() == parent);
        // Linux cuts names after fifteen bytes.
        is_child
            && process
                .name()
                .to_string_lossy()
                .starts_with("terraform-provi")
    });
    let providers = providers.map(|process| ProviderProcess {
        pid: process.pid().as_u32(),
        resident: process.memory(),
    });
    Ok(providers.collect())
}

/// The children as Linux lists them, by the thread that started them; None elsewhere. Looking through all processes
/// takes 3 ms, which would show in measurements that do it every 20 ms.
fn children_of(parent: u32) -> Option<Vec<Pid>> {
    // A kernel can be built without these lists.
    fs::metadata(format!("/proc/{parent}/task/{parent}/children")).ok()?;
    let mut children = Vec::new();
    for thread in fs::read_dir(format!("/proc/{parent}/task")).ok()?.flatten() {
        // A thread that has just ended has no children.
        let list = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        children.extend(
            list.split_whitespace()
                .filter_map(|pid| pid.parse::<Pid>().ok()),
        );
    }
    Some(children)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn finds_only_children_called_like_a_provider() {
        let directory = tempfile::tempdir().unwrap();
        let sleep = Command::new("sh")
            .args(["-c", "command -v sleep"])
            .output()
            .unwrap();
        let sleep = String::from_utf8(sleep.stdout).unwrap();
        let provider = directory.path().join("terraform-provider-eks");
        fs::copy(sleep.trim(), &provider).unwrap();
        let mut other = Command::new(sleep.trim()).arg("60").spawn().unwrap();
        // A file that another thread's fork still holds open for writing cannot be run yet.
        let mut child = loop {
            match Command::new(&provider).arg("60").spawn() {
                Ok(child) => break child,
                Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => {}
                Err(error) => panic!("{error}"),
            }
        };
        let found = providers_of(std::process::id()).unwrap();
        child.kill().unwrap();
        other.kill().unwrap();
        child.wait().unwrap();
        other.wait().unwrap();
        assert_eq!(
            found.iter().map(|found| found.pid).collect::<Vec<_>>(),
            [child.id()]
        );
        assert!(found[0].resident > 0);
    }
}
