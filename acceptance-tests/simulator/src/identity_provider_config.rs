//! OIDC identity provider configurations: which other issuer's tokens a cluster takes.
//!
//! Associating one and taking it away are updates of the cluster, one at a time like all of them;
//! the configuration has a status besides. Whether the issuer can be reached nobody checks here.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::call::{Call, Route, get, page_of_values, post};
use crate::cluster::{self, Cluster};
use crate::error::ApiError;
use crate::kind::{Key, Kind, Traits};
use crate::object::{Object, Phase};
use crate::shape::Shape::{Map, Object as Structure, Text};
use crate::shape::{Member, TAGS, TEXT, check, optional, required};
use crate::state::Scope;
use crate::tag;

pub(crate) const ROUTES: &[Route] = &[
    post(
        "AssociateIdentityProviderConfig",
        "/clusters/{name}/identity-provider-configs/associate",
        associate,
    ),
    post(
        "DescribeIdentityProviderConfig",
        "/clusters/{name}/identity-provider-configs/describe",
        describe,
    ),
    get(
        "ListIdentityProviderConfigs",
        "/clusters/{name}/identity-provider-configs",
        list,
    ),
    post(
        "DisassociateIdentityProviderConfig",
        "/clusters/{name}/identity-provider-configs/disassociate",
        disassociate,
    ),
];

pub(crate) const TRAITS: Traits = Traits {
    singular: "identityProviderConfig",
    plural: "identityProviderConfigs",
    named_by: &[
        "identityProviderConfig.name",
        "oidc.identityProviderConfigName",
    ],
    arn: "identityProviderConfigArn",
    // Known text.
    missing: |cluster, name| {
        ApiError::not_found(format!(
            "No config found for cluster: {cluster}, config type: oidc, config name: {name}"
        ))
    },
    describe: describe_config,
};

const ASSOCIATE: &[Member] = &[
    required(
        "oidc",
        Structure(&[
            required("identityProviderConfigName", TEXT),
            required("issuerUrl", TEXT),
            required("clientId", TEXT),
            optional("usernameClaim", TEXT),
            optional("usernamePrefix", TEXT),
            optional("groupsClaim", TEXT),
            optional("groupsPrefix", TEXT),
            optional(
                "requiredClaims",
                Map {
                    key_max: 63,
                    value: &Text { min: 1, max: 253 },
                    max: usize::MAX,
                },
            ),
        ]),
    ),
    optional("tags", TAGS),
    optional("clientRequestToken", TEXT),
];

/// Of DescribeIdentityProviderConfig and DisassociateIdentityProviderConfig.
const NAMED: &[Member] = &[
    required(
        "identityProviderConfig",
        Structure(&[required("type", TEXT), required("name", TEXT)]),
    ),
    optional("clientRequestToken", TEXT),
];

fn associate(call: &mut Call) -> Result<Value, ApiError> {
    const OPERATION: &str = "AssociateIdentityProviderConfig";
    check(ASSOCIATE, &call.body)?;
    let (cluster, body, scope) = (call.path("name"), call.body.clone(), call.scope.clone());
    let tags = json!(tag::from_body(&body));
    let answer = match cluster::replayed(call, OPERATION, &cluster)? {
        Some(answer) => answer,
        None => {
            check_rules(&body)?;
            let found = call.region().cluster(&cluster)?;
            cluster::check_updatable(found, OPERATION)?;
            check_associable(found, &body["oidc"])?;
            let config = new_config(&scope, &cluster, &body);
            let key = config.key.clone();
            found.objects.insert(key.clone(), config);
            start(call, &cluster, OPERATION, key)?
        }
    };
    Ok(json!({"update": answer["update"], "tags": tags}))
}

/// The rules are those of the API reference, but for empty names, which are a guess; so are all words.
fn check_rules(body: &Value) -> Result<(), ApiError> {
    let oidc = &body["oidc"];
    let issuer = oidc["issuerUrl"].as_str().unwrap_or_default();
    if !issuer.starts_with("https://") || issuer.contains('?') {
        return Err(ApiError::invalid_parameter(
            "issuerUrl must begin with https:// and have no query parameters",
        ));
    }
    for member in ["identityProviderConfigName", "clientId"] {
        if oidc[member] == "" {
            let message = format!("{member} must not be empty");
            return Err(ApiError::invalid_parameter(message));
        }
    }
    for member in ["usernamePrefix", "groupsPrefix"] {
        let prefix = oidc[member].as_str().unwrap_or_default();
        if prefix.contains("system:") {
            let message = format!("{member} must not contain system:");
            return Err(ApiError::invalid_parameter(message));
        }
    }
    tag::check_tags(&body["tags"]).map_err(ApiError::invalid_parameter)
}

fn check_associable(cluster: &Cluster, oidc: &Value) -> Result<(), ApiError> {
    if cluster.describe()["identity"]["oidc"]["issuer"] == oidc["issuerUrl"] {
        // Known text.
        return Err(ApiError::invalid_parameter(
            "Incorrect Identity Provider URL configuration. The Identity Provider URL cannot be \
             same as OpenID Connect (OIDC) issuer URL",
        ));
    }
    match cluster
        .objects_of(Kind::IdentityProviderConfig)
        .next()
        .is_some()
    {
        // That there can be one is documented; exception and words are a guess, after those of
        // disassociating what is not there.
        true => Err(ApiError::invalid_request(format!(
            "Identity provider config is already associated with cluster {}",
            cluster.name
        ))),
        false => Ok(()),
    }
}

/// What was not given stays absent, as hashicorp/aws relies on.
fn new_config(scope: &Scope, cluster: &str, body: &Value) -> Object {
    let uid = Uuid::new_v4();
    let mut document = body["oidc"].clone();
    let name = document["identityProviderConfigName"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let arn = scope.arn(&format!(
        "identityproviderconfig/{cluster}/oidc/{name}/{uid}"
    ));
    document["identityProviderConfigArn"] = arn.into();
    document["clusterName"] = cluster.into();
    Object {
        tags: tag::from_body(body),
        ..Object::new(Kind::IdentityProviderConfig, &name, uid, document)
    }
}

/// Starts the update of the cluster. If it fails, the configuration is as it was before, which is a
/// guess.
fn start(
    call: &mut Call,
    cluster: &str,
    operation: &'static str,
    key: Key,
) -> Result<Value, ApiError> {
    // As in the examples of the AWS CLI.
    let named = json!([{"type": "oidc", "name": key.name}]);
    let change = cluster::Change {
        operation,
        kind: operation,
        params: vec![("IdentityProviderConfig", named.to_string())],
        patch: json!({}),
    };
    let stays = operation == "AssociateIdentityProviderConfig";
    cluster::start_then(call, cluster, change, move |cluster, successful| {
        if stays == successful {
            if let Some(config) = cluster.objects.get_mut(&key) {
                config.phase = Phase::Active;
            }
        } else {
            cluster.forget(&key);
        }
    })
}

/// The configuration as DescribeIdentityProviderConfig answers it.
fn describe_config(config: &Object, cluster: &Cluster) -> Value {
    let mut oidc = config.over(json!({
        "usernameClaim": null, "usernamePrefix": null, "groupsClaim": null, "groupsPrefix": null,
        "requiredClaims": null,
    }));
    oidc["tags"] = json!(config.tags);
    oidc["status"] = config.status(cluster).into();
    json!({"oidc": oidc})
}

/// The key in a body that names a configuration.
fn named(body: &Value) -> Result<Key, ApiError> {
    check(NAMED, body)?;
    let named = &body["identityProviderConfig"];
    if named["type"] != "oidc" {
        // A guess; "the only type available is oidc", says the API reference.
        return Err(ApiError::invalid_parameter(
            "The identity provider config type must be oidc",
        ));
    }
    let name = named["name"].as_str().unwrap_or_default();
    Ok(Key::new(Kind::IdentityProviderConfig, name))
}

fn describe(call: &mut Call) -> Result<Value, ApiError> {
    let (key, cluster) = (named(&call.body)?, call.path("name"));
    call.region().cluster(&cluster)?.answer(&key)
}

fn list(call: &mut Call) -> Result<Value, ApiError> {
    let cluster = call.path("name");
    let cluster = call.region().cluster(&cluster)?;
    let configs = cluster.objects_of(Kind::IdentityProviderConfig);
    let named = |config: &Object| json!({"type": "oidc", "name": config.key.name});
    let configs = configs.map(named).collect();
    page_of_values(call, "identityProviderConfigs", configs)
}

fn disassociate(call: &mut Call) -> Result<Value, ApiError> {
    const OPERATION: &str = "DisassociateIdentityProviderConfig";
    let (key, cluster) = (named(&call.body)?, call.path("name"));
    if let Some(answer) = cluster::replayed(call, OPERATION, &cluster)? {
        return Ok(answer);
    }
    let found = call.region().cluster(&cluster)?;
    if !found.objects.contains_key(&key) {
        // Known text and exception.
        return Err(ApiError::invalid_request(format!(
            "Identity provider config is not associated with cluster {cluster}"
        )));
    }
    cluster::check_updatable(found, OPERATION)?;
    found.object(&key)?.phase = Phase::Deleting;
    start(call, &cluster, OPERATION, key)
}
