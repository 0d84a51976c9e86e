//! The types that mirror `aws_eks_*` against the schemas of hashicorp/aws: replacing `aws_eks_` by `eks_` in a
//! configuration must be enough, so every difference has a reason, in `parity/`.
//!
//! It knows the shape of attributes only; what they do is compared by nobody but the acceptance tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use terraform_provider_eks::provider::Eks;
use tfplugin_rs::tf::{Attribute, Mode, Nesting, Provider, Shape, Type};

/// Type and flags of an attribute: `string OC`.
type Shapes = BTreeMap<String, String>;

/// The folders of the recorded schemas, as in `docs/`.
const KINDS: [&str; 3] = ["data-sources", "ephemeral-resources", "resources"];

/// What hashicorp/aws has and we do not have yet.
const MISSING: &[&str] = &[];

/// Where schemas and reasons are. A reason is a paragraph: a line, and below it, indented, the differences it explains,
/// as `path: theirs -> ours`. `every.txt` is about all types.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity")
}

/// The recorded types, as `resources/cluster`.
fn recorded() -> BTreeSet<String> {
    let files = |kind: &str| {
        let entries = fs::read_dir(folder().join(kind)).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let schemas = paths.filter(|path| path.extension().is_some_and(|it| it == "json"));
        let name = |path: PathBuf| format!("{kind}/{}", path.file_stem().unwrap().display());
        schemas.map(name).collect::<Vec<_>>()
    };
    KINDS.iter().flat_map(|kind| files(kind)).collect()
}

/// The differences that a file explains.
fn explained(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.strip_prefix("    "));
    lines.map(ToOwned::to_owned).collect()
}

fn theirs(text: &str) -> Shapes {
    let json: Json = serde_json::from_str(text).unwrap();
    let word = |entry: &Json, place: usize| entry[place].as_str().unwrap().to_owned();
    let shapes = json["attributes"].as_object().unwrap().iter();
    shapes
        .map(|(path, entry)| {
            (
                path.clone(),
                format!("{} {}", word(entry, 0), word(entry, 1)),
            )
        })
        .collect()
}

/// Our schema, if we have the type.
fn ours(kind_and_name: &str) -> Option<Shapes> {
    let (kind, name) = kind_and_name.split_once('/')?;
    let registry = Eks::registry();
    let schema = match kind {
        "resources" => (registry.resources.iter().find(|it| it.name() == name))?.schema(),
        "data-sources" => (registry.data_sources.iter().find(|it| it.name() == name))?.schema(),
        _ => (registry
            .ephemeral_resources
            .iter()
            .find(|it| it.name() == name))?
        .schema(),
    };
    let mut shapes = Shapes::new();
    collect(&schema.attributes, "", &mut shapes);
    Some(shapes)
}

fn collect(attributes: &[Attribute], prefix: &str, shapes: &mut Shapes) {
    for attribute in attributes {
        let path = format!("{prefix}{}", attribute.name);
        let shape = format!("{} {}", shape(attribute), flags(attribute.mode));
        collect(
            attribute.inner().unwrap_or_default(),
            &format!("{path}."),
            shapes,
        );
        shapes.insert(path, shape);
    }
}

/// A computed block is written like any other.
fn shape(attribute: &Attribute) -> String {
    let nesting = match &attribute.shape {
        Shape::Leaf(ty) => return leaf(ty),
        // What is only told is a list there, too, whose length says nothing.
        Shape::ComputedBlock(_) if attribute.mode == Mode::Computed => &Nesting::List,
        shape if shape.is_single_in_list() => return "single/list max1".to_owned(),
        Shape::Block { nesting, .. } | Shape::Nested(nesting, _) => nesting,
        Shape::ComputedBlock(_) => &Nesting::List,
    };
    let words = match nesting {
        Nesting::Single => "single/list max1",
        Nesting::List => "list",
        Nesting::Set => "set",
        Nesting::Map => "map",
    };
    words.to_owned()
}

fn leaf(ty: &Type) -> String {
    match ty {
        Type::String => "string".to_owned(),
        Type::Number => "number".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::List(ty) => format!("list({})", leaf(ty)),
        Type::Set(ty) => format!("set({})", leaf(ty)),
        Type::Map(ty) => format!("map({})", leaf(ty)),
        other => format!("{other:?}"),
    }
}

fn flags(mode: Mode) -> &'static str {
    match mode {
        Mode::Required => "R",
        Mode::Optional => "O",
        Mode::Computed => "C",
        Mode::OptionalComputed => "OC",
    }
}

/// Every difference as `path: theirs -> ours`.
fn differences(theirs: &Shapes, ours: &Shapes) -> BTreeSet<String> {
    let paths: BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
    let nothing = "nothing".to_owned();
    let differing = paths.into_iter().filter_map(|path| {
        let theirs = theirs.get(path).unwrap_or(&nothing);
        let ours = ours.get(path).unwrap_or(&nothing);
        (theirs != ours).then(|| format!("{path}: {theirs} -> {ours}"))
    });
    differing.collect()
}

/// What is wrong with one type: differences without a reason, and reasons for what is no difference.
fn check(kind_and_name: &str, ours: &Shapes) -> Vec<String> {
    let schema = folder().join(format!("{kind_and_name}.json"));
    let found = differences(&theirs(&fs::read_to_string(schema).unwrap()), ours);
    let everywhere = explained(&folder().join("every.txt"));
    let here = explained(&folder().join(format!("{kind_and_name}.txt")));
    let is_explained = |line: &&String| here.contains(line) || everywhere.contains(line);
    let new = found.iter().filter(|line| !is_explained(line));
    let stale = here
        .iter()
        .filter(|line| !found.contains(*line) || everywhere.contains(line));
    let new = new.map(|line| format!("{kind_and_name}, without a reason: {line}"));
    let stale =
        stale.map(|line| format!("{kind_and_name}, no longer there or explained twice: {line}"));
    new.chain(stale).collect()
}

#[test]
fn the_same_configurations_are_taken() {
    let ours = recorded().into_iter().map(|name| (ours(&name), name));
    let wrong = ours.filter_map(|(ours, name)| Some(check(&name, &ours?)));
    let wrong: Vec<_> = wrong.flatten().collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_missing_is_known() {
    let missing: Vec<_> = recorded()
        .into_iter()
        .filter(|name| ours(name).is_none())
        .collect();
    assert_eq!(missing, MISSING);
}

#[test]
fn differences_are_seen() {
    let shapes = |pairs: &[(&str, &str)]| -> Shapes {
        pairs
            .iter()
            .map(|&(path, shape)| (path.to_owned(), shape.to_owned()))
            .collect()
    };
    let theirs = shapes(&[("a", "string O"), ("b", "bool O"), ("c", "number R")]);
    let ours = shapes(&[("a", "string OC"), ("c", "number R"), ("d", "list C")]);
    let expected = [
        "a: string O -> string OC",
        "b: bool O -> nothing",
        "d: nothing -> list C",
    ];
    assert!(differences(&theirs, &ours).iter().eq(expected));
}
