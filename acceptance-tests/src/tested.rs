//! What has been called on whom with success, and which test shows it: `tested.txt`, which the page of the
//! documentation about tests is made of.
//!
//! Tests write it themselves, with `UPDATE=1`, from the requests they caused. Without, a test that is said to call an
//! operation has to have called it, so that nothing can be claimed that is no longer so.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs::{self, File};
use std::path::Path;
use std::thread;

use anyhow::{Context, Result, ensure};

/// Operation and the one who answered it (or, on the simulator, who called it), with the first test of all that do.
type Tested = BTreeMap<(String, String), String>;

/// Compares or writes down what the running test has called.
pub fn record(against: &str, called: &BTreeSet<String>) -> Result<()> {
    let test = thread::current().name().unwrap_or_default().to_owned();
    // Programs that use the harness are no tests.
    if !test.contains("::") {
        return Ok(());
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tested.txt");
    if env::var_os("UPDATE").is_some() {
        return update(&path, against, &test, called);
    }
    let known = read(&path)?;
    let mine = |((_, at), by): &(&(String, String), &String)| at == against && **by == test;
    let claimed = known
        .iter()
        .filter(mine)
        .map(|((operation, _), _)| operation);
    let untrue: Vec<_> = claimed.filter(|it| !called.contains(*it)).collect();
    ensure!(
        untrue.is_empty(),
        "tested.txt says that this test calls {untrue:?} with {against}, and it has not; UPDATE=1 corrects it"
    );
    Ok(())
}

fn update(path: &Path, against: &str, test: &str, called: &BTreeSet<String>) -> Result<()> {
    // Tests run in parallel.
    let file = File::open(path)?;
    file.lock()?;
    let mut known = read(path)?;
    known.retain(|(_, at), by| at != against || by != test);
    for operation in called {
        let by = known.entry((operation.clone(), against.to_owned()));
        let by = by.or_insert_with(|| test.to_owned());
        // The first by name, so that it does not depend on who comes first.
        if test < by.as_str() {
            test.clone_into(by);
        }
    }
    let lines = known
        .iter()
        .map(|((operation, at), by)| format!("{operation} | {at} | {by}\n"));
    fs::write(path, lines.collect::<String>())?;
    Ok(())
}

fn read(path: &Path) -> Result<Tested> {
    let text = fs::read_to_string(path)?;
    let parse = |line: &str| {
        let mut parts = line.split(" | ").map(str::to_owned);
        Some(((parts.next()?, parts.next()?), parts.next()?))
    };
    text.lines()
        .map(|line| parse(line).with_context(|| format!("not a line of tested.txt: {line:?}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_test_by_name_stands_for_all() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("tested.txt");
        fs::write(&path, "").unwrap();
        let both = ["A".to_owned(), "B".to_owned()].into();
        update(&path, "moto", "x::b", &both).unwrap();
        update(&path, "moto", "x::a", &["A".to_owned()].into()).unwrap();
        let expected = "A | moto | x::a\nB | moto | x::b\n";
        assert_eq!(fs::read_to_string(&path).unwrap(), expected);
        update(&path, "moto", "x::b", &["A".to_owned()].into()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "A | moto | x::a\n");
    }

    #[test]
    fn every_test_that_is_named_exists() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for test in read(&root.join("tested.txt")).unwrap().values() {
            let (module, name) = test.rsplit_once("::").unwrap();
            let file = format!("tests/acceptance/{}.rs", module.replace("::", "/"));
            let text = fs::read_to_string(root.join(&file)).unwrap_or_default();
            let stated = text.contains(&format!("fn {name}("));
            assert!(stated, "tested.txt names {test}, which is not in {file}");
        }
    }
}
