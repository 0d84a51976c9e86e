//! What every kind of object of a cluster owes: states that are AWS's, requests that say all that the user can say,
//! import ids that name what they are about, and an end together with the cluster.
//!
//! A kind that is registered and not listed here is noticed by `every_kind_is_here`.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::time::Duration;

use aws_sdk_eks::{Client, types as sdk};
use serde_json::json;
use terraform_provider_eks::aws::Region;
use terraform_provider_eks::eks::access_entry::AccessEntry;
use terraform_provider_eks::eks::access_policy_association::AccessPolicyAssociation;
use terraform_provider_eks::eks::addon::Addon;
use terraform_provider_eks::eks::capability::Capability;
use terraform_provider_eks::eks::cluster::Cluster;
use terraform_provider_eks::eks::fargate_profile::FargateProfile;
use terraform_provider_eks::eks::identity_provider_config::IdentityProviderConfig;
use terraform_provider_eks::eks::node_group::NodeGroup;
use terraform_provider_eks::eks::pod_identity_association::PodIdentityAssociation;
use terraform_provider_eks::kind::{Kind, Managed};
use terraform_provider_eks::provider::Eks;
use tfplugin_rs::tf::engine::{ObjectEvent, Stage};
use tfplugin_rs::tf::{
    Attribute, Call, Mode, Model, Path, Provider, Resource, Schema, Stop, Value, from_json,
    from_value, plan, to_value,
};

use super::{aws, models};

/// For plans, which end at once.
const TIME: Duration = Duration::from_secs(60);

/// Resources that are no objects of a cluster.
const OTHERS: &[&str] = &["cluster", "irsa_role", "oidc_provider"];

macro_rules! kinds {
    ($($kind:ident: $test:ident, $statuses:expr, not sent: $silent:expr;)*) => {
        const NAMES: &[&str] = &[$($kind::NAME),*];

        $(#[tokio::test]
        async fn $test() {
            states_are_aws_own::<$kind>($statuses);
            import_ids_name_the_object::<$kind>();
            the_id_is_planned_as_soon_as_it_can_be_known::<$kind>().await;
            a_creation_says_everything::<$kind>($silent).await;
            goes_with_a_cluster_that_is_replaced::<$kind>().await;
        })*
    };
}

kinds! {
    AccessEntry: access_entry, &[], not sent: &[
        ("access_policies.policy_arn", "each takes a request of its own, after the entry is made"),
    ];
    AccessPolicyAssociation: access_policy_association, &[], not sent: &[];
    Addon: addon, sdk::AddonStatus::values(), not sent: &[
        ("version_policy", "goes into the version"),
        ("resolve_conflicts_on_update", "counts for updates"),
        ("wait_for", "counts here only"),
    ];
    Capability: capability, sdk::CapabilityStatus::values(), not sent: &[];
    FargateProfile: fargate_profile, sdk::FargateProfileStatus::values(), not sent: &[];
    IdentityProviderConfig: identity_provider_config, sdk::ConfigStatus::values(), not sent: &[];
    NodeGroup: node_group, sdk::NodegroupStatus::values(), not sent: &[
        ("node_group_name_prefix", "goes into the name"),
        ("launch_template.name", "AWS takes the id or the name"),
    ];
    PodIdentityAssociation: pod_identity_association, &[], not sent: &[];
}

#[test]
fn states_of_clusters_are_aws_own() {
    states_are_aws_own::<Cluster>(sdk::ClusterStatus::values());
}

#[test]
fn every_kind_is_here() {
    let registered = Eks::registry().resources;
    let registered: BTreeSet<_> = registered.iter().map(|it| it.name()).collect();
    let known: BTreeSet<_> = NAMES.iter().chain(OTHERS).copied().collect();
    assert_eq!(known, registered);
}

/// A state that is forgotten or misspelled is a wait that fails.
fn states_are_aws_own<M: Kind<Client = Client>>(statuses: &[&str]) {
    let states = M::STATES;
    let lists = [
        states.making,
        states.made,
        states.changing,
        states.ill,
        states.leaving,
    ];
    let listed: Vec<_> = lists
        .concat()
        .into_iter()
        .filter(|it| !it.is_empty())
        .collect();
    let distinct: BTreeSet<_> = listed.iter().copied().collect();
    assert_eq!(listed.len(), distinct.len(), "{listed:?}");
    let unknown: Vec<_> = listed.iter().filter(|it| !statuses.contains(it)).collect();
    assert!(unknown.is_empty(), "AWS has no states {unknown:?}");
    let attributes = M::Model::attributes();
    let making: Vec<_> = attributes
        .iter()
        .flat_map(|it| it.unfinished.clone())
        .collect();
    assert_eq!(making, states.making, "declared unfinished, and being made");
    assert!(
        statuses.is_empty() || M::TIMEOUTS.create.is_some(),
        "no time for a creation"
    );
}

fn import_ids_name_the_object<M: Kind<Client = Client>>() {
    let attributes = M::Model::attributes();
    let names: Vec<_> = M::IDENTITY
        .iter()
        .map(|name| a_name_for(&attributes, name))
        .collect();
    let id = names.join(&M::SEPARATOR.to_string());
    let imported = Managed::<M>::import(&id).unwrap();
    assert_eq!(M::place(&imported).key.join(M::SEPARATOR), id);
    // One part too few, and a name that the attribute would not take.
    assert!(Managed::<M>::import(names[0]).is_err());
    let wrong = [vec!["-"], names[1..].to_vec()].concat();
    let wrong = Managed::<M>::import(&wrong.join(&M::SEPARATOR.to_string()));
    let said = wrong.err().unwrap().detail;
    assert!(said.starts_with("cluster_name in the id"), "{said}");
}

/// Something that an attribute takes for a name.
fn a_name_for(attributes: &[Attribute], name: &str) -> &'static str {
    let attribute = attributes.iter().find(|it| it.name == name).unwrap();
    let passes = |word: &&&str| {
        let value = Value::from(**word);
        attribute.checks.iter().all(|check| check(&value).is_ok())
    };
    const NAMES: [&str; 3] = [
        "production",
        "arn:aws:iam::123456789012:role/reader",
        "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
    ];
    NAMES.iter().find(passes).copied().unwrap()
}

/// It is what the user names the object by, and open where AWS makes up a name.
async fn the_id_is_planned_as_soon_as_it_can_be_known<M: Kind<Client = Client>>() {
    let schema = Schema {
        attributes: M::Model::attributes(),
        ..Schema::default()
    };
    let attributes = schema.attributes.iter();
    let names = attributes.filter(|it| M::IDENTITY.contains(&it.name.as_str()));
    let is_given = |it: &&Attribute| it.mode != Mode::Computed;
    let (given, made_up): (Vec<_>, Vec<_>) = names.partition(is_given);
    let config = |named: usize| {
        let member = |it: &Attribute| {
            let place = given.iter().position(|name| name.name == it.name);
            let value = match place {
                Some(place) if place < named => it.name.as_str().into(),
                Some(_) => Value::unknown(),
                None => Value::Null,
            };
            (it.name.clone(), value)
        };
        Value::Object(schema.attributes.iter().map(member).collect())
    };
    let (context, _) = aws::watched().await;
    let cx = Call::new(context, Stop::default(), TIME, String::new());
    for (named, is_known) in [(given.len(), made_up.is_empty()), (given.len() - 1, false)] {
        let mut plan = plan(&schema, config(named), Value::Null, &config(named));
        // What else there is to say is for other tests: nobody answers.
        let adjust: Pin<Box<dyn Future<Output = _>>> =
            Box::pin(Managed::<M>::adjust(&cx, &mut plan));
        let _ = adjust.await;
        let has_id = schema.attributes.iter().any(|it| it.name == "id");
        let id = M::IDENTITY.join(&M::SEPARATOR.to_string());
        let expected = (has_id && is_known).then_some(id.as_str());
        assert_eq!(plan.planned.find("id").as_str(), expected);
    }
}

/// Every text and number that a user can give stands in the request, except those of `silent`.
async fn a_creation_says_everything<M: Kind<Client = Client>>(silent: &[(&str, &str)]) {
    let (context, requests) = aws::watched().await;
    let client = context.eks(None).await.unwrap();
    let attributes = M::Model::attributes();
    let full = models::full(&attributes, &mut 100_000);
    let model: M::Model = from_value(&full).unwrap();
    // The answer is 404; only the request counts.
    let _ = M::create(&client, &model, "token").await;
    let said = requests.lock().unwrap().join("\n");
    let said = said.replace("%20", " ").replace('+', " ");
    let full = to_value(&model).unwrap();
    let mut leaves = Vec::new();
    settable(&attributes, &full, "", &mut leaves);
    assert!(!leaves.is_empty());
    for (path, text) in leaves {
        let is_silent = silent.iter().any(|(silent, _)| *silent == path);
        assert_eq!(
            said.contains(&text),
            !is_silent,
            "{path} = {text} in:\n{said}"
        );
    }
}

/// An object is made anew when its cluster is, and only then.
async fn goes_with_a_cluster_that_is_replaced<M: Kind<Client = Client>>() {
    let context = aws::context().await;
    let resources = Eks::registry().resources;
    let resource = resources.iter().find(|it| it.name() == M::NAME).unwrap();
    let object = models::full(&resource.schema().attributes, &mut 100_000);
    let names = [("name", "cluster_name"), (Region::NAME, Region::NAME)];
    let cluster = resources.iter().find(|it| it.name() == "cluster").unwrap();
    let mut cluster = from_json(&cluster.schema().attributes, &json!({})).unwrap();
    for (name, of) in names {
        *cluster.at_path_mut(&Path::parse(name)).unwrap() = object.get(of).clone();
    }
    for (stage, before) in [
        (Stage::Planned, &cluster),
        (Stage::Planned, &Value::Null),
        (Stage::Replacement, &Value::Null),
    ] {
        let is_replaced = stage == Stage::Replacement;
        for (stage, before) in [(Stage::Actual, &cluster), (stage, before)] {
            let event = ObjectEvent {
                resource: "cluster",
                stage,
                before,
                now: &cluster,
            };
            Eks::observe(&context, &event);
        }
        let call = Call::new(context.clone(), Stop::default(), TIME, String::new());
        let mut plan = plan(&resource.schema(), object.clone(), object.clone(), &object);
        // What it may want to know besides, nobody answers here.
        let _ = Managed::<M>::adjust(&call, &mut plan).await;
        assert_eq!(plan.will_replace(), is_replaced);
    }
}

/// The texts and numbers in what the user can set, each with its path. `region` chooses the endpoint, and `tags` are in
/// `tags_all`.
fn settable(
    attributes: &[Attribute],
    object: &Value,
    prefix: &str,
    leaves: &mut Vec<(String, String)>,
) {
    let is_settable = |it: &&Attribute| match it.name.as_str() {
        "region" | "tags" => false,
        "tags_all" => true,
        _ => it.mode != Mode::Computed,
    };
    for attribute in attributes.iter().filter(is_settable) {
        let path = format!("{prefix}{}", attribute.name);
        let value = object.get(&attribute.name);
        match attribute.inner() {
            Some(inner) => value
                .elements()
                .for_each(|element| settable(inner, element, &format!("{path}."), leaves)),
            None => collect(value, &path, leaves),
        }
    }
}

fn collect(value: &Value, path: &str, leaves: &mut Vec<(String, String)>) {
    match value {
        Value::Map(entries) => entries.values().for_each(|it| collect(it, path, leaves)),
        Value::List(_) | Value::Set(_) => value.elements().for_each(|it| collect(it, path, leaves)),
        Value::Bool(_) | Value::Null => {}
        Value::Number(_) => leaves.push((path.to_owned(), value.as_i64().unwrap().to_string())),
        leaf => leaves.push((path.to_owned(), leaf.as_str().unwrap().to_owned())),
    }
}
