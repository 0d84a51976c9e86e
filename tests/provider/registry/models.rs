//! Whether a model holds what its schema says. A field without an attribute, or of another type, would show only when a
//! user sets it.

use std::collections::BTreeSet;

use terraform_provider_eks::eks::access_entry::{AccessEntries, AccessEntry};
use terraform_provider_eks::eks::access_policies::AccessPolicies;
use terraform_provider_eks::eks::access_policy_association::AccessPolicyAssociation;
use terraform_provider_eks::eks::addon::{Addon, AddonConfiguration, AddonVersion};
use terraform_provider_eks::eks::capability::{Capabilities, Capability};
use terraform_provider_eks::eks::cluster::{Cluster, Clusters};
use terraform_provider_eks::eks::cluster_auth::{ClusterAuth, ClusterAuthSource};
use terraform_provider_eks::eks::cluster_versions::ClusterVersions;
use terraform_provider_eks::eks::fargate_profile::FargateProfile;
use terraform_provider_eks::eks::identity_provider_config::IdentityProviderConfig;
use terraform_provider_eks::eks::insights::Insights;
use terraform_provider_eks::eks::names::{Listed, Listing};
use terraform_provider_eks::eks::node_group::NodeGroup;
use terraform_provider_eks::eks::pod_identity_association::{
    PodIdentityAssociation, PodIdentityAssociations,
};
use terraform_provider_eks::eks::updates::Updates;
use terraform_provider_eks::iam::irsa_role::IrsaRole;
use terraform_provider_eks::iam::oidc_provider::OidcProvider;
use terraform_provider_eks::kind::{Kind, Managed};
use terraform_provider_eks::provider::Eks;
use tfplugin_rs::tf::core_rules::assert_conforms;
use tfplugin_rs::tf::{
    Attribute, DataSource, EphemeralResource, Model, Nesting, Provider, Schema, Seen, Shape, Type,
    Value, from_value, to_value,
};

/// Every resource with its model, which the registry has forgotten.
const MODELS: &[(&str, fn())] = &[
    (AccessEntry::NAME, agree::<<AccessEntry as Kind>::Model>),
    (
        AccessPolicyAssociation::NAME,
        agree::<<AccessPolicyAssociation as Kind>::Model>,
    ),
    (Addon::NAME, agree::<<Addon as Kind>::Model>),
    (Capability::NAME, agree::<<Capability as Kind>::Model>),
    (Cluster::NAME, agree::<<Cluster as Kind>::Model>),
    (
        FargateProfile::NAME,
        agree::<<FargateProfile as Kind>::Model>,
    ),
    (
        IdentityProviderConfig::NAME,
        agree::<<IdentityProviderConfig as Kind>::Model>,
    ),
    (NodeGroup::NAME, agree::<<NodeGroup as Kind>::Model>),
    (
        PodIdentityAssociation::NAME,
        agree::<<PodIdentityAssociation as Kind>::Model>,
    ),
    (IrsaRole::NAME, agree::<<IrsaRole as Kind>::Model>),
    (OidcProvider::NAME, agree::<<OidcProvider as Kind>::Model>),
];

/// Every data source with its model.
const READ_MODELS: &[(&str, fn())] = &[
    (Addon::NAME, agree::<Seen<Managed<Addon>>>),
    (
        AddonConfiguration::NAME,
        agree::<<AddonConfiguration as DataSource>::Model>,
    ),
    (
        AddonVersion::NAME,
        agree::<<AddonVersion as DataSource>::Model>,
    ),
    (Addon::NAMES, agree::<Listing<Addon>>),
    (
        AccessEntries::NAME,
        agree::<<AccessEntries as DataSource>::Model>,
    ),
    (AccessEntry::NAME, agree::<Seen<Managed<AccessEntry>>>),
    (
        AccessPolicies::NAME,
        agree::<<AccessPolicies as DataSource>::Model>,
    ),
    (
        PodIdentityAssociations::NAME,
        agree::<<PodIdentityAssociations as DataSource>::Model>,
    ),
    (
        Capabilities::NAME,
        agree::<<Capabilities as DataSource>::Model>,
    ),
    (Capability::NAME, agree::<Seen<Managed<Capability>>>),
    (Cluster::NAME, agree::<Seen<Managed<Cluster>>>),
    (
        ClusterAuthSource::NAME,
        agree::<<ClusterAuthSource as DataSource>::Model>,
    ),
    (
        ClusterVersions::NAME,
        agree::<<ClusterVersions as DataSource>::Model>,
    ),
    (Clusters::NAME, agree::<<Clusters as DataSource>::Model>),
    (FargateProfile::NAME, agree::<Seen<Managed<FargateProfile>>>),
    (FargateProfile::NAMES, agree::<Listing<FargateProfile>>),
    (Insights::NAME, agree::<<Insights as DataSource>::Model>),
    (NodeGroup::NAME, agree::<Seen<Managed<NodeGroup>>>),
    (NodeGroup::NAMES, agree::<Listing<NodeGroup>>),
    (Updates::NAME, agree::<<Updates as DataSource>::Model>),
];

/// Every ephemeral resource with its model.
const OPENED_MODELS: &[(&str, fn())] = &[(
    ClusterAuth::NAME,
    agree::<<ClusterAuth as EphemeralResource>::Model>,
)];

#[test]
fn every_model_holds_what_its_schema_says() {
    let registry = Eks::registry();
    let resources = registry.resources.iter().map(|r| r.name());
    check(MODELS, resources.collect());
    let sources = registry.data_sources.iter().map(|d| d.name());
    check(READ_MODELS, sources.collect());
    let ephemerals = registry.ephemeral_resources.iter().map(|e| e.name());
    check(OPENED_MODELS, ephemerals.collect());
}

fn check(models: &[(&str, fn())], registered: BTreeSet<&str>) {
    let known: BTreeSet<_> = models.iter().map(|&(name, _)| name).collect();
    assert_eq!(known, registered);
    for (_, agree) in models {
        agree();
    }
}

fn agree<M: Model + Default>() {
    let schema = Schema {
        attributes: M::attributes(),
        ..Schema::default()
    };
    let empty = to_value(&M::default()).unwrap();
    assert_eq!(assert_conforms(&schema, &empty), []);
    let full = full(&schema.attributes, &mut 0);
    assert_eq!(assert_conforms(&schema, &full), []);
    let model: M = from_value(&full).unwrap();
    assert_eq!(to_value(&model).unwrap(), full);
}

/// An object in which everything is given, each leaf with a value of its own.
pub fn full(attributes: &[Attribute], count: &mut i64) -> Value {
    let member = |attribute: &Attribute| {
        let value = match &attribute.shape {
            Shape::Leaf(ty) => leaf(ty, count),
            shape => {
                let object = full(attribute.inner().unwrap(), count);
                match shape.nesting().unwrap() {
                    Nesting::Single => object,
                    Nesting::List => Value::list([object]),
                    Nesting::Set => Value::set([object]),
                    Nesting::Map => Value::map([("key", object)]),
                }
            }
        };
        (attribute.name.clone(), value)
    };
    Value::object(attributes.iter().map(member).collect::<Vec<_>>())
}

fn leaf(ty: &Type, count: &mut i64) -> Value {
    *count += 1;
    match ty {
        Type::Number => Value::from(*count),
        Type::Bool => Value::from(true),
        Type::List(ty) => Value::list([leaf(ty, count), leaf(ty, count)]),
        Type::Set(ty) => Value::set([leaf(ty, count), leaf(ty, count)]),
        Type::Map(ty) => Value::map([("a", leaf(ty, count)), ("b", leaf(ty, count))]),
        Type::Dynamic => Value::Dynamic(Box::new((Type::String, leaf(&Type::String, count)))),
        _ => Value::from(format!("text {count}").as_str()),
    }
}
