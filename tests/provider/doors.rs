//! Which part of the provider may name which other: the table of ARCHITECTURE.md, held against the source.
//!
//! A part is named by a path, in a `use` or anywhere else. The text is read, not compiled, so tests count as well.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, and which of the others each may name.
const DOORS: &[(&str, &[&str])] = &[
    ("api", &[]),
    ("kind", &["api"]),
    ("aws", &["api"]),
    ("ec2", &["api", "aws", "kind"]),
    ("eks", &["api", "aws", "ec2", "kind"]),
    ("iam", &["api", "aws", "eks", "kind"]),
    ("functions", &["aws", "eks", "iam"]),
    ("provider", &["api", "aws", "eks", "functions", "iam"]),
    ("docs", &["aws", "iam", "provider"]),
];

/// What others may name of a service: its finders with what is planned of its objects, what its words mean, its answers,
/// and its registration.
const LOBBIES: &[&str] = &[
    "ec2::Answer",
    "eks::register",
    "eks::shared::checks",
    "eks::shared::lookup",
    "iam::Document",
    "iam::checks",
    "iam::register",
    "iam::trust",
    "iam::workload",
];

/// Names of crates, or their beginnings, that must not be in a room.
const SDKS: &[&str] = &[
    "aws_sdk_",
    "aws_config",
    "aws_smithy_",
    "aws_types",
    "aws_runtime",
];
const WIRE: &[&str] = &["tonic", "prost", "rmp", "tfplugin_rs::plugin"];

/// Which of them must not be where.
const CLOSED: &[(&str, &[&[&str]])] = &[
    ("proto/src", &[SDKS]),
    (
        "proto/src/tf",
        &[&[
            "tonic",
            "prost",
            "tokio::net",
            "tokio::spawn",
            "tokio::sync",
            "tokio::time",
            "rustls",
            "crate::plugin",
            "super::plugin",
        ]],
    ),
    ("src/api", &[SDKS, WIRE]),
    ("src/kind", &[SDKS, WIRE]),
    ("src/aws", &[WIRE]),
    ("src/ec2", &[WIRE, &["aws_config"]]),
    ("src/eks", &[WIRE, &["aws_config"]]),
    ("src/iam", &[WIRE, &["aws_config"]]),
    ("src/functions", &[SDKS, WIRE]),
    ("src/provider", &[SDKS, WIRE]),
    ("src/docs", &[SDKS, WIRE]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The sources of a room: a folder, the file beside it, or both.
fn sources(room: &str) -> Vec<PathBuf> {
    let path = root().join(room);
    let mut found = Vec::new();
    collect(&path, &mut found);
    let file = path.with_extension("rs");
    found.extend(file.is_file().then_some(file));
    assert!(!found.is_empty(), "there is nothing in {room}");
    found
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) {
    if path.extension().is_some_and(|extension| extension == "rs") {
        found.push(path.to_owned());
    }
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        collect(&entry.path(), found);
    }
}

/// Every path that a file names, from its first part on.
fn paths(text: &str) -> BTreeSet<String> {
    let code: Vec<_> = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect();
    let code = code.join(" ");
    let mut found = BTreeSet::new();
    for item in code.split(';') {
        if let Some((before, tree)) = item.rsplit_once("use ")
            && (before.is_empty() || before.ends_with([' ', ')', '}', ']']))
        {
            let tree: String = tree.split_whitespace().collect();
            expand("", &tree, &mut found);
        }
    }
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let inline = code
        .split(|c: char| !is_part(c))
        .filter(|path| path.contains("::"));
    found.extend(inline.map(str::to_owned));
    found
}

/// The paths of a tree such as `a::{b, c::{d, e}}`.
fn expand(prefix: &str, tree: &str, found: &mut BTreeSet<String>) {
    let Some((head, rest)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        found.insert(
            format!("{prefix}{path}")
                .trim_end_matches("::self")
                .to_owned(),
        );
        return;
    };
    let inside = rest.rsplit_once('}').map_or(rest, |(inside, _)| inside);
    let (mut depth, mut begin) = (0, 0);
    let ends = inside.char_indices().chain([(inside.len(), ',')]);
    for (at, c) in ends {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&format!("{prefix}{head}"), &inside[begin..at], found);
                begin = at + 1;
            }
            _ => {}
        }
    }
}

fn begins(path: &str, with: &str) -> bool {
    match with.strip_suffix('_') {
        Some(_) => path.starts_with(with),
        None => path == with || path.starts_with(&format!("{with}::")),
    }
}

/// What of these files a rule forbids, each with the file.
fn forbidden(files: &[PathBuf], is_forbidden: impl Fn(&str) -> bool) -> Vec<String> {
    let of_file = |file: &PathBuf| {
        let text = fs::read_to_string(file).unwrap();
        let paths = paths(&text).into_iter().filter(|path| is_forbidden(path));
        paths
            .map(|path| format!("{} names {path}", file.display()))
            .collect::<Vec<_>>()
    };
    files.iter().flat_map(of_file).collect()
}

#[test]
fn crates_stay_where_they_belong() {
    for (room, closed) in CLOSED {
        let is_closed = |path: &str| closed.concat().iter().any(|closed| begins(path, closed));
        let open = forbidden(&sources(room), is_closed);
        assert!(open.is_empty(), "{}", open.join("\n"));
    }
}

#[test]
fn rooms_name_only_what_their_doors_lead_to() {
    let rooms: Vec<_> = DOORS.iter().map(|(room, _)| *room).collect();
    for (room, doors) in DOORS {
        let is_closed = |path: &str| {
            let other = path
                .strip_prefix("crate::")
                .and_then(|path| path.split("::").next());
            other.is_some_and(|it| it != *room && rooms.contains(&it) && !doors.contains(&it))
        };
        let open = forbidden(&sources(&format!("src/{room}")), is_closed);
        assert!(open.is_empty(), "{}", open.join("\n"));
    }
}

#[test]
fn services_are_entered_through_their_lobbies() {
    const SERVICES: [&str; 3] = ["ec2", "eks", "iam"];
    for (room, _) in DOORS {
        let is_private = |path: &str| {
            let path = path.strip_prefix("crate::").unwrap_or_default();
            let service = path.split("::").next().unwrap_or_default();
            let is_other = service != *room && SERVICES.contains(&service) && service != path;
            is_other && !LOBBIES.iter().any(|lobby| begins(path, lobby))
        };
        let open = forbidden(&sources(&format!("src/{room}")), is_private);
        assert!(open.is_empty(), "{}", open.join("\n"));
    }
}

/// A kind never names another: what it needs of one is in `shared`.
#[test]
fn kinds_keep_to_themselves() {
    for service in ["eks", "iam"] {
        let folder = root().join("src").join(service);
        let kinds: Vec<String> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| {
                fs::read_to_string(path.join("mod.rs")).is_ok_and(|it| it.contains("model! {"))
            })
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        assert!(kinds.len() > 1, "{kinds:?}");
        for kind in &kinds {
            let is_other = |path: &str| {
                let prefixes = [
                    format!("crate::{service}::"),
                    "super::super::".to_owned(),
                    "super::".to_owned(),
                ];
                let inside = prefixes
                    .iter()
                    .find_map(|prefix| path.strip_prefix(prefix.as_str()));
                let named = inside.and_then(|path| path.split("::").next());
                named.is_some_and(|it| it != kind && kinds.iter().any(|kind| kind == it))
            };
            let open = forbidden(&sources(&format!("src/{service}/{kind}")), is_other);
            assert!(open.is_empty(), "{}", open.join("\n"));
        }
    }
}

#[test]
fn reads_paths_in_trees_and_in_code() {
    let text = "//! use nothing::here;\n#[cfg(test)]\nuse a::b;\npub use c::{self, d, e::{f, g}};\nfn h() { i::j(); }\n";
    let found: Vec<_> = paths(text).into_iter().collect();
    let expected = [
        "a::b", "c", "c::", "c::d", "c::e::f", "c::e::g", "e::", "i::j",
    ];
    assert_eq!(found, expected);
    assert!(begins("crate::plugin::serve", "crate::plugin"));
    assert!(begins("aws_sdk_eks::Client", "aws_sdk_"));
    assert!(!begins("crate::plugins", "crate::plugin"));
}

/// What slipped through once: the module is named, and then its content by that name.
#[test]
fn a_module_that_is_used_is_named() {
    let found = paths("use crate::eks::cluster;\nfn f() { cluster::noted(); }\n");
    assert!(found.contains("crate::eks::cluster"), "{found:?}");
}
