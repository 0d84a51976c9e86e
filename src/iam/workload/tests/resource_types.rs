//! What the actions of the policies can be allowed on, held against what they are allowed on.
//!
//! IAM takes a statement whose action knows no resource of the kind that is named, and the statement never matches. So
//! `types.txt` says for each action which kinds there are, after the
//! [Service Authorization Reference](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Document, Statement, allow, each_document, texts};

const NONE: [&str; 0] = [];

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

/// Whether an action on resources of a kind, such as `volume/`, is one on some that the ARN names.
///
/// The service is that of the action: AWS knows others (`wafv2` has actions on load balancers), but no policy here names
/// one. An action that does needs a kind in `types.txt` that says its service.
fn may_be(action: &str, arn: &str, kind: &str) -> bool {
    let (service, _) = action.split_once(':').unwrap();
    let (of, resource) = parts(arn);
    of == service && is_of_kind(resource, kind)
}

/// Service and resource of an ARN.
fn parts(arn: &str) -> (&str, &str) {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    (parts[2], parts[5])
}

/// A resource may leave the end of a kind open only where a part of it begins: `l*` may be meant for anything.
///
/// Of kinds that begin with a name of the user's, such as buckets and the objects in them, the number of parts decides.
fn is_of_kind(resource: &str, kind: &str) -> bool {
    if kind.starts_with('*') {
        return resource.contains('/') == kind.contains('/');
    }
    let is_begin = |begin: &str| begin.is_empty() || begin.ends_with(['/', ':']);
    match resource.split_once('*') {
        Some((begin, _)) if is_begin(begin) && kind.starts_with(begin) => true,
        _ => resource.starts_with(kind),
    }
}

/// A statement, read for one of its actions.
struct Grant<'a> {
    arns: Vec<&'a str>,
    /// What has to hold for the request as a whole: operator, key and values.
    when: BTreeSet<(&'a str, &'a str, Vec<&'a str>)>,
}

impl<'a> Grant<'a> {
    fn read(statement: &'a Value) -> Self {
        let operators = statement["Condition"].as_object().into_iter().flatten();
        let conditions = operators.flat_map(|(operator, keys)| {
            let keys = keys.as_object().unwrap().iter();
            keys.map(move |(key, values)| (operator.as_str(), key.as_str(), texts(values)))
        });
        Self {
            arns: texts(&statement["Resource"]),
            when: conditions.filter(|(_, key, _)| !is_of_each(key)).collect(),
        }
    }

    fn names(&self, action: &str, kind: &str) -> bool {
        let mut arns = self.arns.iter();
        arns.any(|arn| *arn == "*" || may_be(action, arn, kind))
    }
}

/// Whether a condition is about one resource. IAM looks at each resource of a request by itself, so those of several need
/// not be the same: a snapshot that is made of a volume has other tags.
fn is_of_each(key: &str) -> bool {
    key.contains(":ResourceTag/")
}

fn statements(document: &Value) -> impl Iterator<Item = &Value> {
    document["Statement"].as_array().unwrap().iter()
}

fn json(document: &Document) -> Value {
    serde_json::from_str(&document.json()).unwrap()
}

/// Actions and ARNs that do nothing for one another within their statements.
fn useless(document: &Value, reference: &BTreeMap<String, Types>) -> Vec<String> {
    let takes = |action: &str, arn: &str| {
        let types = reference.get(action);
        let types = types.unwrap_or_else(|| panic!("{action} is not in types.txt"));
        types.all().any(|kind| may_be(action, arn, kind))
    };
    let mut found = Vec::new();
    for statement in statements(document).filter(|it| !is_on_all(it)) {
        let (actions, arns) = (texts(&statement["Action"]), texts(&statement["Resource"]));
        let idle = |action: &&&str| !arns.iter().any(|arn| takes(action, arn));
        let actions_idle = actions.iter().filter(idle);
        found.extend(actions_idle.map(|action| format!("{action} on {arns:?} never matches")));
        let unused = |arn: &&&str| !actions.iter().any(|action| takes(action, arn));
        let arns_unused = arns.iter().filter(unused);
        found.extend(arns_unused.map(|arn| format!("{arn} is of no use to {actions:?}")));
    }
    found
}

fn is_on_all(statement: &Value) -> bool {
    texts(&statement["Resource"]).contains(&"*")
}

/// Actions that never have all the resources that they need at once.
///
/// A statement is worth something if there is one whose condition includes its own, and with which, and all others whose
/// conditions that one includes, every group is there.
fn halves(document: &Value, reference: &BTreeMap<String, Types>) -> Vec<String> {
    let mut grants = BTreeMap::<_, Vec<_>>::new();
    for statement in statements(document) {
        for action in texts(&statement["Action"]) {
            let of_action = grants.entry(action).or_default();
            of_action.push(Grant::read(statement));
        }
    }
    let mut found = Vec::new();
    for (action, grants) in grants {
        let Some(types) = reference.get(action) else {
            continue;
        };
        let is_whole = |most: &Grant| {
            let held = |grant: &&Grant| grant.when.is_subset(&most.when);
            let named = |kind: &&str| grants.iter().filter(held).any(|it| it.names(action, kind));
            types.needed.iter().all(|group| group.iter().any(named))
        };
        let is_half = |grant: &&Grant| {
            let mut wider = grants
                .iter()
                .filter(|most| grant.when.is_subset(&most.when));
            !wider.any(is_whole)
        };
        let of_no_use = grants.iter().filter(is_half);
        found.extend(
            of_no_use.map(|grant| format!("{action} needs more than {:?} at once", grant.arns)),
        );
    }
    found
}

#[test]
fn statements_name_resources_that_their_actions_take() {
    let reference = reference();
    let mut used = BTreeSet::new();
    each_document(|name, _, document| {
        let document = json(document);
        assert_eq!(useless(&document, &reference), NONE, "{name}");
        for statement in statements(&document).filter(|it| !is_on_all(it)) {
            used.extend(texts(&statement["Action"]).into_iter().map(str::to_owned));
        }
    });
    let known: BTreeSet<_> = reference.into_keys().collect();
    assert_eq!(known, used, "types.txt has what no policy needs");
}

#[test]
fn actions_have_every_resource_that_they_need() {
    let reference = reference();
    each_document(|name, _, document| {
        assert_eq!(halves(&json(document), &reference), NONE, "{name}");
    });
}

fn useless_of(action: &str, arn: &str) -> Vec<String> {
    let document = Document::new(vec![allow(&[action]).on([arn])]);
    useless(&json(&document), &reference())
}

#[test]
fn resources_of_another_service_or_kind_are_found() {
    for (action, service, ours, theirs) in [
        (
            "elasticfilesystem:TagResource",
            "elasticfilesystem",
            "file-system/*",
            ("fsx", "file-system/*"),
        ),
        (
            "vpc-lattice:GetService",
            "vpc-lattice",
            "service/*",
            ("servicediscovery", "service/*"),
        ),
        (
            "elasticloadbalancing:DeleteListener",
            "elasticloadbalancing",
            "listener/*",
            ("elasticloadbalancing", "l*"),
        ),
        ("ec2:DeleteVolume", "ec2", "*", ("ec2", "vol")),
    ] {
        let arn = |service, resource| format!("arn:aws:{service}:*:*:{resource}");
        assert_eq!(useless_of(action, &arn(service, ours)), NONE);
        let theirs = arn(theirs.0, theirs.1);
        let expected = [
            format!("{action} on [{theirs:?}] never matches"),
            format!("{theirs} is of no use to [{action:?}]"),
        ];
        assert_eq!(useless_of(action, &theirs), expected);
    }
}

fn halves_of<const N: usize>(statements: [Statement; N]) -> usize {
    let document = Document::new(statements.into());
    halves(&json(&document), &reference()).len()
}

#[test]
fn halves_that_never_hold_together_are_found() {
    let on = |kind: &str| allow(&["ec2:CreateSnapshot"]).on([format!("arn:aws:ec2:*:*:{kind}/*")]);
    let [snapshot, volume] = ["snapshot", "volume"].map(|kind| move || on(kind));
    let asks =
        |statement: Statement, value| statement.when("StringEquals", "aws:RequestTag/by", [value]);
    let has =
        |statement: Statement, value| statement.when("StringEquals", "ec2:ResourceTag/by", [value]);
    assert_eq!(halves_of([snapshot()]), 1);
    assert_eq!(halves_of([asks(snapshot(), "a"), asks(volume(), "b")]), 2);
    // One that holds always does not save what lacks the other half.
    assert_eq!(
        halves_of([
            asks(snapshot(), "a"),
            asks(volume(), "a"),
            asks(volume(), "b")
        ]),
        1
    );
    for whole in [
        [asks(snapshot(), "a"), asks(volume(), "a")],
        [asks(snapshot(), "a"), volume()],
        [asks(snapshot(), "a"), has(volume(), "b")],
        [has(snapshot(), "a"), has(volume(), "b")],
    ] {
        assert_eq!(halves_of(whole), 0);
    }
}

#[test]
fn kinds_are_told_apart() {
    for (resource, kind, expected) in [
        ("listener/app/*", "listener/app/", true),
        ("listener/*", "listener/app/", true),
        ("listener/app/shop/1/2", "listener/app/", true),
        ("listener-rule/app/*", "listener/app/", false),
        ("loadbalancer/app/*", "listener/app/", false),
        ("*", "listener/app/", true),
        ("l*", "listener/app/", false),
        ("listener*", "listener/app/", false),
        ("listener/a*", "listener/app/", false),
        ("listener/", "listener/app/", false),
        ("autoScalingGroup:*", "autoScalingGroup:", true),
        ("example", "*", true),
        ("example/*", "*", false),
        ("example/*", "*/*", true),
    ] {
        assert_eq!(is_of_kind(resource, kind), expected, "{resource} {kind}");
    }
}
