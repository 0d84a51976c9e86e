//! What every registered type owes Terraform: a schema that it takes, models that hold what the schema says, and plans
//! that keep its rules.
//!
//! Nothing is applied here, and AWS is a stranger that knows nothing of anything.

mod aws;

mod members;

mod models;

mod plans;

use std::collections::BTreeSet;

use terraform_provider_eks::provider::Eks;
use tfplugin_rs::plugin::Service;
use tfplugin_rs::plugin::tfplugin6::provider_server::Provider as _;
use tfplugin_rs::plugin::tfplugin6::{
    RawState, get_provider_schema, get_resource_identity_schemas, upgrade_resource_identity,
};
use tfplugin_rs::tf::core_rules::schema_is_valid;
use tfplugin_rs::tf::{Provider, Schema};

/// Every schema of the provider, with a name for messages.
fn schemas() -> Vec<(String, Schema)> {
    let registry = Eks::registry();
    let resources = registry
        .resources
        .iter()
        .map(|r| (format!("resource {}", r.name()), r.schema()));
    let sources = registry
        .data_sources
        .iter()
        .map(|d| (format!("data source {}", d.name()), d.schema()));
    let values = (registry.ephemeral_resources.iter())
        .map(|e| (format!("ephemeral resource {}", e.name()), e.schema()));
    let blocks = [
        ("provider".to_owned(), Some(Eks::schema())),
        ("provider_meta".to_owned(), Eks::meta()),
    ];
    let blocks = blocks
        .into_iter()
        .filter_map(|(name, schema)| Some((name, schema?)));
    resources
        .chain(sources)
        .chain(values)
        .chain(blocks)
        .collect()
}

#[test]
fn terraform_takes_every_schema() {
    let wrong = schemas().into_iter().flat_map(|(name, schema)| {
        schema_is_valid(&schema)
            .into_iter()
            .map(move |wrong| format!("{name}: {wrong}"))
    });
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A data source takes the first sentence of a resource's description; that has to say it, too.
#[test]
fn what_may_be_given_as_region_says_what_it_is_otherwise() {
    let mut count = 0;
    for (name, schema) in schemas() {
        let Some(region) = schema.attribute("region").filter(|it| it.is_computed()) else {
            continue;
        };
        let said = &region.description;
        assert!(said.contains("of the provider"), "{name}: {said}");
        count += 1;
    }
    assert!(count > 20, "{count}");
}

#[test]
fn identities_are_made_of_attributes() {
    for resource in Eks::registry().resources {
        let schema = resource.schema();
        assert!(
            !resource.identity().is_empty(),
            "{} has no identity",
            resource.name()
        );
        for name in resource.identity() {
            assert!(
                schema.attribute(name).is_some(),
                "{}: {name}",
                resource.name()
            );
        }
    }
}

/// Two types of one name would hide each other.
#[test]
fn names_are_given_once() {
    let names: Vec<_> = schemas().into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names.len(),
        names.iter().collect::<BTreeSet<_>>().len(),
        "{names:?}"
    );
}

#[tokio::test]
async fn the_service_offers_what_is_registered() {
    let request = tonic::Request::new(get_provider_schema::Request {});
    let answer = Service::<Eks>::new()
        .get_provider_schema(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(answer.diagnostics, []);
    let offered: BTreeSet<_> = answer.resource_schemas.into_keys().collect();
    let registered = Eks::registry().resources;
    let registered: BTreeSet<_> = registered
        .iter()
        .map(|r| format!("eks_{}", r.name()))
        .collect();
    assert_eq!(offered, registered);
    assert!(answer.provider.is_some_and(|schema| schema.block.is_some()));
}

/// States that were written when identities of global objects had a region are read on every host.
#[tokio::test]
async fn identities_of_global_objects_lose_their_region() {
    let service = Service::<Eks>::new();
    let request = tonic::Request::new(get_resource_identity_schemas::Request {});
    let schemas = service
        .get_resource_identity_schemas(request)
        .await
        .unwrap();
    let schemas = schemas.into_inner().identity_schemas;
    assert_eq!(schemas["eks_irsa_role"].version, 1);
    assert_eq!(schemas["eks_cluster"].version, 0);
    let request = upgrade_resource_identity::Request {
        type_name: "eks_irsa_role".to_owned(),
        version: 0,
        raw_identity: Some(RawState {
            json: br#"{"name": "cart", "region": "eu-west-1"}"#.to_vec(),
            ..RawState::default()
        }),
    };
    let request = tonic::Request::new(request);
    let answer = service.upgrade_resource_identity(request).await.unwrap();
    let identity = answer.into_inner().upgraded_identity.unwrap();
    // An object of one member: its name, and the text.
    let expected = b"\x81\xa4name\xa4cart";
    assert_eq!(identity.identity_data.unwrap().msgpack, expected);
}
