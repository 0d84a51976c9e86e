//! The types that mirror `aws_eks_*` against the schemas of hashicorp/aws: replacing `aws_eks_` by `eks_` in a
//! configuration must be enough, so every difference has a reason here.
//!
//! It knows the shape of attributes only; what they do is compared by nobody but the acceptance tests.
#![allow(clippy::unwrap_used, reason = "all of this is test code")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use terraform_provider_eks::provider::Eks;
use tfplugin_rs::tf::{Attribute, Mode, Nesting, Provider, Shape, Type};

/// Type and flags of an attribute: `string OC`.
type Shapes = BTreeMap<String, String>;

/// The reasons, each with the differences that it explains: `type.path: theirs -> ours`.
const REASONS: &[(&str, &[&str])] = &[
    (
        "Filled in at plan with AWS's default, so that the plan shows it and removing the argument goes back to it.",
        &[
            "eks_cluster.force_update_version: bool O -> bool OC",
            "eks_cluster.vpc_config.endpoint_private_access: bool O -> bool OC",
            "eks_cluster.vpc_config.endpoint_public_access: bool O -> bool OC",
            "eks_cluster.zonal_shift_config.enabled: bool O -> bool OC",
            "eks_node_group.force_update_version: bool O -> bool OC",
            "eks_node_group.node_repair_config.enabled: bool O -> bool OC",
            "eks_node_group.update_config.update_strategy: string O -> string OC",
        ],
    ),
    (
        "Counts at creation only and is never told by AWS: changing or importing it must not ask for a new cluster.",
        &[
            "eks_cluster.access_config.bootstrap_cluster_creator_admin_permissions: bool O -> bool OC",
            "eks_cluster.bootstrap_self_managed_addons: bool O -> bool OC",
        ],
    ),
    (
        "A block that AWS answers for even when it is left out, which the schema says here. It is written the same way.",
        &[
            "eks_cluster.access_config: single/list max1 O -> single/list max1 OC",
            "eks_cluster.compute_config: single/list max1 O -> single/list max1 OC",
            "eks_cluster.control_plane_scaling_config: single/list max1 O -> single/list max1 OC",
            "eks_cluster.kube_api_server_config: single/list max1 O -> single/list max1 OC",
            "eks_cluster.kube_api_server_config.service_node_port_range: single/list max1 O -> single/list max1 OC",
            "eks_cluster.kube_controller_manager_config: single/list max1 O -> single/list max1 OC",
            "eks_cluster.kube_controller_manager_config.horizontal_pod_autoscaler_controller_config: single/list max1 O -> single/list max1 OC",
            "eks_cluster.kube_controller_manager_config.pod_gc_controller_config: single/list max1 O -> single/list max1 OC",
            "eks_cluster.kube_scheduler_config: single/list max1 O -> single/list max1 OC",
            "eks_cluster.kube_scheduler_config.node_resources_fit: single/list max1 O -> single/list max1 OC",
            "eks_cluster.kube_scheduler_config.node_resources_fit.scoring_strategy: single/list max1 O -> single/list max1 OC",
            "eks_cluster.storage_config: single/list max1 O -> single/list max1 OC",
            "eks_cluster.upgrade_policy: single/list max1 O -> single/list max1 OC",
            "eks_cluster.zonal_shift_config: single/list max1 O -> single/list max1 OC",
            "eks_node_group.node_repair_config: single/list max1 O -> single/list max1 OC",
            "eks_node_group.update_config: single/list max1 O -> single/list max1 OC",
        ],
    ),
    (
        "Settable there only because its SDK cannot say otherwise. Nobody can choose it; a configuration that does is told so.",
        &[
            "eks_cluster.id: string OC -> string C",
            "eks_cluster.tags_all: map(string) OC -> map(string) C",
            "eks_node_group.id: string OC -> string C",
            "eks_node_group.tags_all: map(string) OC -> map(string) C",
        ],
    ),
    (
        "Ours: what AWS says is wrong.",
        &[
            "eks_cluster.health: nothing -> list C",
            "eks_cluster.health.code: nothing -> string C",
            "eks_cluster.health.message: nothing -> string C",
            "eks_cluster.health.resource_ids: nothing -> list(string) C",
            "eks_node_group.health: nothing -> list C",
            "eks_node_group.health.code: nothing -> string C",
            "eks_node_group.health.message: nothing -> string C",
            "eks_node_group.health.resource_ids: nothing -> list(string) C",
        ],
    ),
    (
        "Ours: Gateway API of EKS Auto Mode, which the API has and hashicorp/aws does not.",
        &[
            "eks_cluster.kubernetes_network_config.elastic_load_balancing.gateway_api: nothing -> single/list max1 O",
            "eks_cluster.kubernetes_network_config.elastic_load_balancing.gateway_api.crds: nothing -> single/list max1 O",
            "eks_cluster.kubernetes_network_config.elastic_load_balancing.gateway_api.crds.managed: nothing -> bool OC",
        ],
    ),
];

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

fn ours(type_name: &str) -> Shapes {
    let registry = Eks::registry();
    let resource = (registry.resources.iter()).find(|resource| resource.name() == type_name);
    let mut shapes = Shapes::new();
    collect(&resource.unwrap().schema().attributes, "", &mut shapes);
    shapes
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

/// Every difference as `type.path: theirs -> ours`.
fn differences(type_name: &str, theirs: &Shapes, ours: &Shapes) -> BTreeSet<String> {
    let paths: BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
    let nothing = "nothing".to_owned();
    let differing = paths.into_iter().filter_map(|path| {
        let theirs = theirs.get(path).unwrap_or(&nothing);
        let ours = ours.get(path).unwrap_or(&nothing);
        (theirs != ours).then(|| format!("eks_{type_name}.{path}: {theirs} -> {ours}"))
    });
    differing.collect()
}

fn check(type_name: &str, recorded: &str) {
    let found = differences(type_name, &theirs(recorded), &ours(type_name));
    let is_here = |line: &&&str| line.starts_with(&format!("eks_{type_name}."));
    let explained: Vec<&str> = REASONS
        .iter()
        .flat_map(|(_, lines)| *lines)
        .filter(is_here)
        .copied()
        .collect();
    let twice = explained.len() - explained.iter().collect::<BTreeSet<_>>().len();
    let explained: BTreeSet<String> = explained.into_iter().map(ToOwned::to_owned).collect();
    assert_eq!(twice, 0, "explained twice");
    let new: Vec<_> = found.difference(&explained).collect();
    let stale: Vec<_> = explained.difference(&found).collect();
    assert!(new.is_empty(), "without a reason: {new:#?}");
    assert!(stale.is_empty(), "no longer there: {stale:#?}");
}

#[test]
fn cluster_takes_the_same_configurations() {
    check("cluster", include_str!("parity/eks_cluster.json"));
}

#[test]
fn node_group_takes_the_same_configurations() {
    check("node_group", include_str!("parity/eks_node_group.json"));
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
        "eks_x.a: string O -> string OC",
        "eks_x.b: bool O -> nothing",
        "eks_x.d: nothing -> list C",
    ];
    assert!(differences("x", &theirs, &ours).iter().eq(expected));
}
