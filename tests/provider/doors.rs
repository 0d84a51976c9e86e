//! Which part of the provider may name which other: the table of ARCHITECTURE.md, held against the source.
//!
//! A part is named by a path, in a `use` or anywhere else; `self`, `super` and what a `use` brings in are followed to where
//! they lead. The text is read, not compiled, so tests count as well.

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
    "aws_credential_types",
    "aws_sigv4",
];
const WIRE: &[&str] = &[
    "tonic",
    "tonic_",
    "prost",
    "prost_",
    "rmp",
    "rmp_",
    "tfplugin_rs::plugin",
];

/// Which of them must not be where.
const CLOSED: &[(&str, &[&[&str]])] = &[
    ("proto/src", &[SDKS]),
    (
        "proto/src/tf",
        &[&[
            "tonic",
            "tonic_",
            "prost",
            "prost_",
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

/// A source file: the module that it is, as `crate::eks::addon::plan`, and its text.
struct Source {
    module: String,
    text: String,
}

/// The sources of a room.
fn sources(room: &str) -> Vec<Source> {
    let mut files = Vec::new();
    collect(&root().join(room), &mut files);
    assert!(!files.is_empty(), "there is nothing in {room}");
    let source = |path: PathBuf| Source {
        module: module(path.strip_prefix(root()).unwrap()),
        text: fs::read_to_string(&path).unwrap(),
    };
    files.into_iter().map(source).collect()
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) {
    if path.extension().is_some_and(|extension| extension == "rs") {
        found.push(path.to_owned());
    }
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        collect(&entry.path(), found);
    }
}

/// The module that a file is: `src/eks/mod.rs` is `crate::eks`.
fn module(path: &Path) -> String {
    let path = path.with_extension("");
    let parts = path.iter().map(|part| part.to_str().unwrap());
    let parts: Vec<_> = parts.skip_while(|part| *part != "src").skip(1).collect();
    let parts = parts.iter().filter(|part| **part != "mod");
    parts.fold("crate".to_owned(), |path, part| format!("{path}::{part}"))
}

/// Every path that a source names, from the root of its crate on.
fn paths(source: &Source) -> BTreeSet<String> {
    let is_comment = |line: &str, at: usize| !line[..at].ends_with(':');
    let code = source.text.lines().map(|line| match line.find("//") {
        Some(at) if is_comment(line, at) => &line[..at],
        _ => line,
    });
    let code = code.collect::<Vec<_>>().join(" ");
    let mut used = BTreeSet::new();
    for item in code.split(';') {
        if let Some((before, tree)) = item.rsplit_once("use ")
            && (before.is_empty() || before.ends_with([' ', ')', '}', ']']))
        {
            let tree: String = tree.split_whitespace().collect();
            expand("", &tree, &mut used);
        }
    }
    let used: BTreeSet<_> = used
        .iter()
        .map(|path| absolute(&source.module, path))
        .collect();
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let inline = code
        .split(|c: char| !is_part(c))
        .filter(|path| path.contains("::"));
    let inline = inline.map(|path| absolute(&source.module, path));
    let mut found: BTreeSet<_> = inline.map(|path| through(&used, &path)).collect();
    found.extend(used);
    found
}

/// A path with `self` and `super` taken off.
fn absolute(module: &str, path: &str) -> String {
    let (mut module, mut path) = (module, path.trim_end_matches("::"));
    let is_relative = path.starts_with("self") || path.starts_with("super");
    if !is_relative {
        return path.to_owned();
    }
    path = path.strip_prefix("self::").unwrap_or(path);
    while let Some(rest) = path
        .strip_prefix("super::")
        .or((path == "super").then_some(""))
    {
        module = module
            .rsplit_once("::")
            .map_or(module, |(parent, _)| parent);
        path = rest;
    }
    format!("{module}::{path}")
        .trim_end_matches("::")
        .to_owned()
}

/// A path whose first part a `use` has brought in.
fn through(used: &BTreeSet<String>, path: &str) -> String {
    let (first, rest) = path.split_once("::").unwrap_or((path, ""));
    let brought = used
        .iter()
        .find(|it| it.rsplit("::").next() == Some(first) && *it != first);
    match brought {
        Some(brought) if !path.starts_with("crate") => format!("{brought}::{rest}"),
        _ => path.to_owned(),
    }
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

/// What of a source a rule forbids, with the module.
fn forbidden(source: &Source, is_forbidden: impl Fn(&str) -> bool) -> Vec<String> {
    let paths = paths(source).into_iter().filter(|path| is_forbidden(path));
    paths
        .map(|path| format!("{} names {path}", source.module))
        .collect()
}

fn expect_none(open: Vec<String>) {
    assert!(open.is_empty(), "{}", open.join("\n"));
}

/// The room that a path leads to.
fn room_of(path: &str) -> Option<&str> {
    let path = path.strip_prefix("crate::")?;
    path.split("::").next()
}

/// What a source names of rooms that its own has no door to.
fn without_a_door(room: &str, source: &Source) -> Vec<String> {
    let rooms: Vec<_> = DOORS.iter().map(|(room, _)| *room).collect();
    let (_, doors) = DOORS.iter().find(|(it, _)| *it == room).unwrap();
    forbidden(source, |path| {
        room_of(path).is_some_and(|it| it != room && rooms.contains(&it) && !doors.contains(&it))
    })
}

/// What a source names of another service that is not in its lobby.
fn beyond_the_lobby(room: &str, source: &Source) -> Vec<String> {
    const SERVICES: [&str; 3] = ["ec2", "eks", "iam"];
    forbidden(source, |path| {
        let inside = path.strip_prefix("crate::").unwrap_or_default();
        let is_other = room_of(path).is_some_and(|it| it != room && SERVICES.contains(&it));
        // Who registers the services names them as such.
        let is_registry = room == "provider" && SERVICES.contains(&inside);
        is_other && !is_registry && !LOBBIES.iter().any(|lobby| begins(inside, lobby))
    })
}

/// What a source of a kind names of other kinds.
fn of_other_kinds(service: &str, kinds: &[String], source: &Source) -> Vec<String> {
    let kind_of = |path: &str| {
        let path = path.strip_prefix(&format!("crate::{service}::"))?;
        let name = path.split("::").next()?;
        kinds.iter().find(|kind| *kind == name)
    };
    let own = kind_of(&source.module);
    forbidden(source, |path| {
        kind_of(path).is_some() && kind_of(path) != own
    })
}

fn kinds_of(service: &str) -> Vec<String> {
    let folders = fs::read_dir(root().join("src").join(service)).unwrap();
    let folders = folders.map(|entry| entry.unwrap().path());
    let is_kind = |path: &PathBuf| {
        let mut files = Vec::new();
        collect(path, &mut files);
        let texts = files.iter().map(|file| fs::read_to_string(file).unwrap());
        !path.ends_with("shared") && texts.into_iter().any(|text| text.contains("model! {"))
    };
    let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    folders.filter(is_kind).map(name).collect()
}

#[test]
fn crates_stay_where_they_belong() {
    for (room, closed) in CLOSED {
        let is_closed = |path: &str| closed.concat().iter().any(|closed| begins(path, closed));
        let open = sources(room);
        expect_none(
            open.iter()
                .flat_map(|source| forbidden(source, is_closed))
                .collect(),
        );
    }
}

#[test]
fn rooms_name_only_what_their_doors_lead_to() {
    for (room, _) in DOORS {
        let sources = sources(&format!("src/{room}"));
        expect_none(
            sources
                .iter()
                .flat_map(|source| without_a_door(room, source))
                .collect(),
        );
        expect_none(
            sources
                .iter()
                .flat_map(|source| beyond_the_lobby(room, source))
                .collect(),
        );
    }
}

/// A kind never names another: what it needs of one is in `shared`.
#[test]
fn kinds_keep_to_themselves() {
    for service in ["eks", "iam"] {
        let kinds = kinds_of(service);
        assert!(!kinds.is_empty());
        for kind in kinds
            .iter()
            .map(String::as_str)
            .chain((service == "eks").then_some("shared"))
        {
            let sources = sources(&format!("src/{service}/{kind}"));
            let open = sources
                .iter()
                .flat_map(|it| of_other_kinds(service, &kinds, it));
            expect_none(open.collect());
        }
    }
}

fn source(module: &str, text: &str) -> Source {
    Source {
        module: module.to_owned(),
        text: text.to_owned(),
    }
}

#[test]
fn follows_paths_to_where_they_lead() {
    let text = "//! use nothing::here;\nuse a::b;\npub use c::{self, d, e::{f, g}};\nfn h() { d::i(); super::k::l(); }\n";
    let found = paths(&source("crate::m::n", text));
    for path in [
        "a::b",
        "c",
        "c::d",
        "c::e::f",
        "c::e::g",
        "c::d::i",
        "crate::m::k::l",
    ] {
        assert!(found.contains(path), "{path} is not in {found:?}");
    }
    assert_eq!(absolute("crate::a::b", "super::super::c"), "crate::c");
    assert_eq!(
        module(Path::new("src/eks/addon/mod.rs")),
        "crate::eks::addon"
    );
    assert!(begins("crate::plugin::serve", "crate::plugin"));
    assert!(begins("aws_sdk_eks::Client", "aws_sdk_"));
    assert!(!begins("crate::plugins", "crate::plugin"));
}

/// Ways to another room that the rules have to see.
#[test]
fn closed_doors_are_seen() {
    let is_seen = |found: Vec<String>| assert!(!found.is_empty());
    let kind = |text| source("crate::kind::waiting", text);
    is_seen(without_a_door("kind", &kind("use crate::aws;")));
    is_seen(without_a_door(
        "kind",
        &kind("fn f() { super::super::eks::register(); }"),
    ));
    let iam = |text| source("crate::iam::irsa_role::look", text);
    is_seen(beyond_the_lobby(
        "iam",
        &iam("use crate::eks;\nfn f() { eks::cluster::find(); }"),
    ));
    is_seen(beyond_the_lobby("iam", &iam("use crate::{eks::cluster};")));
    assert!(beyond_the_lobby("iam", &iam("use crate::eks::shared::lookup;")).is_empty());
    let kinds = ["addon", "cluster"].map(str::to_owned);
    let of_others = |text| of_other_kinds("eks", &kinds, &source("crate::eks::addon::plan", text));
    for text in [
        "use crate::eks::cluster;\nfn f() { cluster::noted(); }",
        "fn f() { super::super::cluster::find(); }",
        "use crate::eks;\nfn f() { eks::cluster::find(); }",
    ] {
        is_seen(of_others(text));
    }
    assert!(of_others("use super::Model;\nuse crate::eks::addon::offer;").is_empty());
}
