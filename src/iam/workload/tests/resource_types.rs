//! What the actions of the policies can be allowed on, held against what they are allowed on.
//!
//! IAM takes a statement whose action knows no resource of the kind that is named, and the statement never matches. So
//! `types.txt` says for each action which kinds there are, after the
//! [Service Authorization Reference](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{each_document, texts};

/// The kinds of resources that an action takes.
struct Types {
    /// Of each of these groups it needs one resource; a group has the kinds of which any will do.
    needed: Vec<Vec<&'static str>>,
    /// What it takes besides.
    optional: Vec<&'static str>,
}

impl Types {
    fn all(&self) -> impl Iterator<Item = &'static str> {
        let needed = self.needed.iter().flatten();
        needed.chain(&self.optional).copied()
    }

    /// From `volume/ (snapshot/)`.
    fn read(text: &'static str) -> Self {
        let (optional, needed): (Vec<_>, Vec<_>) =
            text.split_whitespace().partition(|it| it.starts_with('('));
        let bare = |it: &'static str| it.trim_matches(['(', ')']);
        Self {
            needed: needed.iter().map(|it| it.split('|').collect()).collect(),
            optional: optional.into_iter().map(bare).collect(),
        }
    }
}

/// By action; lines read `service types: actions`.
fn reference() -> BTreeMap<String, Types> {
    let lines = include_str!("types.txt").lines();
    let mut found = BTreeMap::new();
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (what, actions) = line.rsplit_once(": ").unwrap();
        let (service, types) = what.split_once(' ').unwrap();
        for action in actions.split_whitespace() {
            let known = found.insert(format!("{service}:{action}"), Types::read(types));
            assert!(known.is_none(), "{service}:{action} is there twice");
        }
    }
    found
}

/// Whether the resource part of an ARN can be of a kind. Both may end, or be continued, with any characters.
///
/// Of kinds that begin with a name of the user's, such as buckets and the objects in them, the number of parts decides.
fn may_be(resource: &str, kind: &str) -> bool {
    let begin = |text: &'_ str| text.split('*').next().unwrap_or_default().to_owned();
    let (left, right) = (begin(resource), begin(kind));
    match right.is_empty() {
        true => resource.contains('/') == kind.contains('/'),
        false => left.starts_with(&right) || right.starts_with(&left),
    }
}

/// The last part of an ARN.
fn resource(arn: &str) -> &str {
    arn.splitn(6, ':').last().unwrap()
}

/// All actions of a document with all ARNs that it allows them on.
fn grants(document: &Value) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut found = BTreeMap::<_, BTreeSet<_>>::new();
    for statement in document["Statement"].as_array().unwrap() {
        for action in texts(&statement["Action"]) {
            let arns = found.entry(action).or_default();
            arns.extend(texts(&statement["Resource"]));
        }
    }
    found
}

#[test]
fn statements_name_resources_that_their_actions_take() {
    let reference = reference();
    let mut used = BTreeSet::new();
    each_document(|name, _, document| {
        let document: Value = serde_json::from_str(&document.json()).unwrap();
        for statement in document["Statement"].as_array().unwrap() {
            let arns = texts(&statement["Resource"]);
            if arns.contains(&"*") {
                continue;
            }
            let takes = |action: &str, arn: &str| {
                let types = reference.get(action);
                let types = types.unwrap_or_else(|| panic!("{name}: {action} is not in types.txt"));
                types.all().any(|kind| may_be(resource(arn), kind))
            };
            let actions = texts(&statement["Action"]);
            for action in &actions {
                let is_taken = arns.iter().any(|arn| takes(action, arn));
                assert!(is_taken, "{name}: {action} on {arns:?} never matches");
                used.insert((*action).to_owned());
            }
            for arn in &arns {
                let is_taken = actions.iter().any(|action| takes(action, arn));
                assert!(is_taken, "{name}: {arn} is of no use to {actions:?}");
            }
        }
    });
    let known: BTreeSet<_> = reference.into_keys().collect();
    assert_eq!(known, used, "types.txt has what no policy needs");
}

#[test]
fn actions_have_every_resource_that_they_need() {
    let reference = reference();
    each_document(|name, _, document| {
        let document: Value = serde_json::from_str(&document.json()).unwrap();
        for (action, arns) in grants(&document) {
            let Some(types) = reference.get(action).filter(|_| !arns.contains("*")) else {
                continue;
            };
            let is_there = |kind: &&str| arns.iter().any(|arn| may_be(resource(arn), kind));
            for group in &types.needed {
                let has_one = group.iter().any(is_there);
                assert!(has_one, "{name}: {action} has none of {group:?}");
            }
        }
    });
}

#[test]
fn kinds_are_told_apart() {
    for (resource, kind, expected) in [
        ("listener/app/*", "listener/app/", true),
        ("listener-rule/app/*", "listener/app/", false),
        ("loadbalancer/app/*", "listener/app/", false),
        ("*", "listener/app/", true),
        ("autoScalingGroup:*", "autoScalingGroup:", true),
        ("example", "*", true),
        ("example/*", "*", false),
        ("example/*", "*/*", true),
    ] {
        assert_eq!(may_be(resource, kind), expected, "{resource} {kind}");
    }
}
