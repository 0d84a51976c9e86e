//! The same tests for all workloads, and the text of every policy in `expected/`.

mod resource_types;

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::parameter::Kind;
use super::*;
use crate::iam::document::MAX_INLINE;

const PARTITIONS: [(&str, &str); 3] = [
    ("aws", "eu-west-1"),
    ("aws-cn", "cn-north-1"),
    ("aws-us-gov", "us-gov-west-1"),
];

fn place(partition: &'static str, region: &'static str) -> Place<'static> {
    Place {
        partition,
        account_id: "111122223333",
        region,
    }
}

/// Made-up values for what a workload needs, or for all it can have.
fn made_up(workload: &Workload, all: bool, place: &Place) -> Parameters {
    let mut given = Parameters::default();
    for (parameter, need) in workload.parameters {
        if !all && *need != Required && workload.any_of.first() != Some(parameter) {
            continue;
        }
        given = given.with(parameter.name, values(&parameter.kind, place));
    }
    given
}

fn values(kind: &Kind, place: &Place) -> Vec<String> {
    match kind {
        Kind::ClusterName => vec!["demo".to_owned()],
        // A cluster and an instance are both databases, and different things to IAM.
        Kind::Arns { service: "rds", .. } => ["cluster:example", "db:example"]
            .map(|database| place.arn_here("rds", database))
            .to_vec(),
        Kind::Arns { service, resource } => vec![parameter::example(service, resource, place)],
        Kind::OneOf(words) => vec![(*words.last().unwrap()).to_owned()],
        Kind::Switch => vec!["true".to_owned()],
    }
}

/// Every workload, in every partition, with few and with many parameters.
fn every_policy() -> Vec<(String, Place<'static>, Vec<Policy>)> {
    let mut found = Vec::new();
    for workload in ALL {
        for (partition, region) in PARTITIONS {
            for all in [false, true] {
                let place = place(partition, region);
                let given = made_up(workload, all, &place);
                let policies = workload.policies(&given, &place);
                let name = format!("{} in {partition}, all: {all}", workload.name);
                found.push((
                    name.clone(),
                    place,
                    policies.unwrap_or_else(|errors| panic!("{name}: {errors:?}")),
                ));
            }
        }
    }
    found
}

fn each_document(mut check: impl FnMut(&str, &Place, &Document)) {
    let mut count = 0;
    for (name, place, policies) in every_policy() {
        for policy in &policies {
            if let Policy::Inline(document) = policy {
                check(&name, &place, document);
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count}");
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(texts) => texts.iter().map(|text| text.as_str().unwrap()).collect(),
        other => panic!("{other}"),
    }
}

/// Whether an action changes nothing; by the habits of AWS's names.
fn only_looks(action: &str) -> bool {
    let (_, verb) = action.split_once(':').unwrap();
    ["Describe", "Get", "List", "BatchGet"]
        .iter()
        .any(|begin| verb.starts_with(begin))
}

#[test]
fn names_are_in_order_and_known() {
    let names: Vec<_> = names().collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    // A shorter name goes before a longer one that begins with it, in `sort` as in the list.
    assert_eq!(names, sorted);
    assert_eq!(names.len(), 22);
    assert_eq!(find("karpenter").unwrap().name, "karpenter");
    assert!(find("nginx").is_none());
}

#[test]
fn documents_are_what_iam_takes() {
    each_document(|name, _, document| {
        let document: Value = serde_json::from_str(&document.json()).unwrap();
        assert_eq!(document["Version"], "2012-10-17", "{name}");
        let statements = document["Statement"].as_array().unwrap();
        assert!(!statements.is_empty(), "{name}");
        for statement in statements {
            assert_eq!(statement["Effect"], "Allow", "{name}");
            assert!(!texts(&statement["Action"]).is_empty(), "{name}");
            for resource in texts(&statement["Resource"]) {
                let is_arn = resource.splitn(6, ':').count() == 6 && resource.starts_with("arn:");
                assert!(is_arn || resource == "*", "{name}: {resource}");
            }
            for action in texts(&statement["Action"]) {
                let (service, verb) = action.split_once(':').unwrap();
                let of_service = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
                assert!(service.bytes().all(of_service), "{name}: {action}");
                assert!(
                    verb.starts_with(|c: char| c.is_ascii_uppercase()),
                    "{action}"
                );
                assert!(verb.bytes().all(|b| b.is_ascii_alphanumeric()), "{action}");
            }
        }
    });
}

#[test]
fn all_fits_into_one_role() {
    each_document(|name, _, document| {
        let size = document.size();
        assert!(size <= MAX_INLINE, "{name}: {size}");
    });
}

#[test]
fn arns_are_of_the_partition() {
    each_document(|name, place, document| {
        let text = document.json();
        let foreign: Vec<_> = text
            .match_indices("arn:")
            .filter(|(at, _)| !text[*at..].starts_with(&format!("arn:{}:", place.partition)))
            .collect();
        assert!(foreign.is_empty(), "{name}: {text}");
    });
    for (name, place, policies) in every_policy() {
        for policy in policies {
            if let Policy::Managed(arn) = policy {
                let begin = format!("arn:{}:iam::aws:policy/", place.partition);
                assert!(arn.starts_with(&begin), "{name}: {arn}");
            }
        }
    }
}

#[test]
fn changes_on_everything_are_conditional_or_explained() {
    let mut explained = 0;
    each_document(|name, _, document| {
        let values: Value = serde_json::from_str(&document.json()).unwrap();
        for (index, statement) in document.statements().iter().enumerate() {
            let value = &values["Statement"][index];
            let is_open = texts(&value["Resource"]).contains(&"*") && value["Condition"].is_null();
            let changes: Vec<_> = texts(&value["Action"])
                .into_iter()
                .filter(|action| !only_looks(action))
                .collect();
            let needs_reason = is_open && !changes.is_empty();
            assert_eq!(
                needs_reason,
                statement.is_explained(),
                "{name}: {changes:?}"
            );
            explained += usize::from(needs_reason);
        }
    });
    assert!(explained > 0);
}

#[test]
fn policies_are_as_expected() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/iam/workload/expected");
    let mut stale = Vec::new();
    for workload in ALL {
        let place = place("aws", "eu-west-1");
        let text_of = |all| -> Vec<Value> {
            let policies = workload.policies(&made_up(workload, all, &place), &place);
            let values = policies.unwrap().into_iter().map(|policy| match policy {
                Policy::Managed(arn) => json!(arn),
                Policy::Inline(document) => serde_json::from_str(&document.json()).unwrap(),
            });
            values.collect()
        };
        let both =
            json!({ "with what is required": text_of(false), "with everything": text_of(true) });
        let expected = serde_json::to_string_pretty(&both).unwrap() + "\n";
        let path = folder.join(format!("{}.json", workload.name));
        if fs::read_to_string(&path).is_ok_and(|found| found == expected) {
            continue;
        }
        if std::env::var_os("UPDATE").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, expected).unwrap();
        } else {
            stale.push(workload.name);
        }
    }
    assert!(
        stale.is_empty(),
        "stale: {stale:?}. Run UPDATE=1 cargo test and read the diff."
    );
}

fn errors(name: &str, given: &Parameters) -> Vec<String> {
    let policies = find(name)
        .unwrap()
        .policies(given, &place("aws", "eu-west-1"));
    let errors = policies.err().unwrap_or_default();
    errors.iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_required_must_be_given() {
    let none = Parameters::default();
    assert_eq!(
        errors("external-dns", &none),
        ["hosted_zone_arns must be set for the workload external-dns"]
    );
    assert_eq!(
        errors("external-secrets", &none),
        ["secret_arns or parameter_arns must be set for the workload external-secrets"]
    );
    assert_eq!(errors("vpc-cni", &none), Vec::<String>::new());
}

#[test]
fn what_a_workload_does_not_have_is_refused() {
    let given = Parameters::default().with("bucket_arns", ["arn:aws:s3:::a"]);
    assert_eq!(
        errors("vpc-cni", &given),
        [
            "bucket_arns is no parameter of the workload vpc-cni, which has ip_family, network_policy_log"
        ]
    );
    assert_eq!(
        errors("amazon-cloudwatch-observability", &given),
        [
            "bucket_arns is no parameter of the workload amazon-cloudwatch-observability, which has none"
        ]
    );
}

#[test]
fn arns_are_of_the_right_kind_and_partition() {
    let zones = |arn: &str| Parameters::default().with("hosted_zone_arns", [arn]);
    for arn in [
        "*",
        "Z1",
        "arn:aws:route53:::hostedzone/",
        "arn:aws:route53:::change/Z1",
        "arn:aws-cn:route53:::hostedzone/Z1",
        "arn:aws:s3:::hostedzone/Z1",
    ] {
        assert_eq!(
            errors("external-dns", &zones(arn)),
            [format!(
                "hosted_zone_arns must be ARNs such as \"arn:aws:route53:::hostedzone/example\", got {arn:?}"
            )]
        );
    }
    assert!(errors("external-dns", &zones("arn:aws:route53:::hostedzone/*")).is_empty());
    let objects = Parameters::default().with("bucket_arns", ["arn:aws:s3:::a/*"]);
    assert_eq!(
        errors("velero", &objects),
        ["bucket_arns must be ARNs such as \"arn:aws:s3:::example\", got \"arn:aws:s3:::a/*\""]
    );
}

/// With `iam:PassRole` on every role the workload could start an instance with any of them.
#[test]
fn roles_are_named_at_least_in_part() {
    let given = |role: &str| {
        Parameters::default().with("cluster_name", ["demo"]).with(
            "node_role_arns",
            [format!("arn:aws:iam::111122223333:{role}")],
        )
    };
    for role in ["role/*", "role/**", "role/*/*", "role/?*"] {
        assert_eq!(
            errors("karpenter", &given(role)),
            [format!(
                "node_role_arns must be ARNs such as \"arn:aws:iam::111122223333:role/example\", of roles that are \
                 named at least in part, got \"arn:aws:iam::111122223333:{role}\""
            )]
        );
    }
    for role in ["role/nodes", "role/karpenter-*", "role/karpenter/*"] {
        assert_eq!(
            errors("karpenter", &given(role)),
            Vec::<String>::new(),
            "{role}"
        );
    }
}

#[test]
fn words_and_names_are_checked() {
    let given = Parameters::default()
        .with("ip_family", ["ipv5"])
        .with("network_policy_log", ["yes"]);
    assert_eq!(
        errors("vpc-cni", &given),
        [
            "ip_family must be one of ipv4, ipv6, got \"ipv5\"",
            "network_policy_log must be true or false, got \"yes\"",
        ]
    );
    for cluster in ["*", "", "-a", "a/b"] {
        let given = Parameters::default().with("cluster_name", [cluster]);
        let said = errors("cluster-autoscaler", &given);
        assert_eq!(
            said,
            [format!(
                "cluster_name must be the name of a cluster, got {cluster:?}"
            )]
        );
    }
    let two = Parameters::default().with("cluster_name", ["a", "b"]);
    assert_eq!(
        errors("cluster-autoscaler", &two),
        ["cluster_name must be one value"]
    );
}

#[test]
fn every_parameter_belongs_to_a_workload() {
    for parameter in parameter::ALL {
        let has = |workload: &&&Workload| {
            workload
                .parameters
                .iter()
                .any(|(ours, _)| ours == parameter)
        };
        assert!(ALL.iter().find(has).is_some(), "{}", parameter.name);
        assert_eq!(parameter::find(parameter.name), Some(*parameter));
    }
    assert!(parameter::find("nothing").is_none());
}

#[test]
fn service_accounts_can_be_trusted() {
    for workload in ALL {
        for (namespace, name) in workload.service_accounts {
            let account = crate::iam::trust::ServiceAccount::new(namespace, name);
            assert!(account.is_ok(), "{}", workload.name);
        }
    }
}

#[test]
fn the_table_has_a_row_for_each() {
    let table = table();
    assert_eq!(table.lines().count(), ALL.len() + 2);
    let row = table
        .lines()
        .find(|line| line.starts_with("| [`external-secrets`]"))
        .unwrap();
    assert_eq!(
        row,
        "| [`external-secrets`](https://external-secrets.io/latest/provider/aws-secrets-manager/#iam-policy) | Reads \
         secrets of Secrets Manager and parameters of the Parameter Store. | `secret_arns` (any of them)<br>\
         `parameter_arns` (any of them)<br>`kms_key_arns` (when absent, those encrypted with AWS's keys only)<br>\
         `allow_write` (when absent, they are only read) | `external-secrets/external-secrets` |"
    );
    for line in table.lines() {
        assert_eq!(
            line.matches(" | ").count(),
            if line.starts_with("|--") { 0 } else { 3 },
            "{line}"
        );
    }
}

#[test]
fn limits_are_listed_in_sentences() {
    let limits = limits();
    let expected = "- `appmesh-envoy`: AWS discontinued App Mesh on 2026-09-30.";
    assert!(limits.lines().any(|line| line == expected), "{limits}");
    assert!(!limits.contains("`aws-privateca-issuer`"));
    for line in limits.lines() {
        assert!(line.ends_with('.'), "{line}");
    }
}
