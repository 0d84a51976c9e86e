//! CreateAddon: checks, defaults, and the ways it ends.

use serde_json::{Value, json};
use uuid::Uuid;

use super::catalogue::{self, Addon, Version};
use super::{identity, schema, unsupported_addon, unsupported_version};
use crate::call::Call;
use crate::clock::timestamp;
use crate::cluster::{Cluster, Phase};
use crate::error::ApiError;
use crate::kind::{Key, Kind};
use crate::object::{Id, Object, end_creation};
use crate::shape::Shape::{List, Object as Structure, OneOf, Text};
use crate::shape::{Member, Shape, TAGS, TEXT, check, optional, required};
use crate::state::Scope;
use crate::{tag, version};

pub(super) const ROLE: Shape = Text { min: 1, max: 255 };

pub(super) const RESOLVE_CONFLICTS: Shape = OneOf(&["OVERWRITE", "NONE", "PRESERVE"]);

pub(super) const ASSOCIATIONS: Shape = List {
    of: &Structure(&[required("serviceAccount", TEXT), required("roleArn", TEXT)]),
    max: usize::MAX,
};

const CREATE: &[Member] = &[
    required("addonName", TEXT),
    optional("addonVersion", TEXT),
    optional("serviceAccountRoleArn", ROLE),
    optional("resolveConflicts", RESOLVE_CONFLICTS),
    optional("clientRequestToken", TEXT),
    optional("tags", TAGS),
    optional("configurationValues", TEXT),
    optional("podIdentityAssociations", ASSOCIATIONS),
    optional(
        "namespaceConfig",
        Structure(&[optional("namespace", Text { min: 1, max: 63 })]),
    ),
];

pub(super) fn create(call: &mut Call) -> Result<Value, ApiError> {
    check(CREATE, &call.body)?;
    let (cluster, body, scope) = (call.path("name"), call.body.clone(), call.scope.clone());
    let name = body["addonName"].as_str().unwrap_or_default();
    let key = Key::new(Kind::Addon, name);
    let found = call.region().cluster(&cluster)?;
    // Known text.
    let exists = "Addon already exists.";
    if let Some(answer) = found.made_before(&key, "CreateAddon", &body, exists)? {
        return Ok(answer);
    }
    check_cluster(found)?;
    let addon = catalogue::find(name).ok_or_else(unsupported_addon)?;
    let version = choose_version(addon, found.version(), &body["addonVersion"])?;
    check_rules(addon, version, &body)?;
    let object = new_addon(&scope, found, version, &body);
    let namespace = body["namespaceConfig"]["namespace"].as_str();
    let namespace = namespace.unwrap_or(addon.namespace);
    let associations = &body["podIdentityAssociations"];
    identity::set(found, &scope, object.arn(), namespace, associations)?;
    let id = Id::new(found, &object);
    let answer = found.insert(object, "CreateAddon", &body)?;
    if body["resolveConflicts"] == "OVERWRITE" {
        let target = call.target(&cluster, Some(&key));
        call.world.faults.resolve_conflicts(&target);
    }
    let millis = call.world.timings.object_create;
    end_creation(call, id, millis);
    Ok(answer)
}

/// A cluster that is updating takes add-ons. All of this is a guess; the text is CreateNodegroup's.
fn check_cluster(cluster: &Cluster) -> Result<(), ApiError> {
    match cluster.phase {
        Phase::Active => Ok(()),
        _ => cluster.require_active(),
    }
}

/// The version that a request means: without one, the default for the cluster's version of
/// Kubernetes.
pub(super) fn choose_version(
    addon: &Addon,
    kubernetes: &str,
    wanted: &Value,
) -> Result<&'static Version, ApiError> {
    let minor = version::minor(kubernetes).unwrap_or_default();
    let version = match wanted.as_str() {
        Some(wanted) => addon.version(wanted),
        None => addon.default_version(minor),
    };
    let version = version.filter(|version| version.runs_on(minor));
    version.ok_or_else(unsupported_version)
}

fn check_rules(addon: &Addon, version: &Version, body: &Value) -> Result<(), ApiError> {
    if body["resolveConflicts"] == "PRESERVE" {
        // Known text.
        let message =
            "Resolve conflicts option preserve is not supported for operation CreateAddon";
        return Err(ApiError::invalid_parameter(message));
    }
    check_values(version, &body["configurationValues"])?;
    identity::check(addon, version, &body["podIdentityAssociations"])?;
    check_namespace(&body["namespaceConfig"]["namespace"])?;
    tag::check_tags(&body["tags"]).map_err(ApiError::invalid_parameter)
}

/// Checks configuration values, which may be absent. Known text; the words for what is no JSON are
/// a guess. AWS takes YAML, too.
pub(super) fn check_values(version: &Version, given: &Value) -> Result<(), ApiError> {
    let Some(given) = given.as_str().filter(|given| !given.is_empty()) else {
        return Ok(());
    };
    let refused = |reason: String| {
        ApiError::invalid_parameter(format!(
            "ConfigurationValue provided in request is not supported: {reason}"
        ))
    };
    let values: Value = serde_json::from_str(given).map_err(|_| refused("Invalid JSON".into()))?;
    let schema: Value = serde_json::from_str(version.schema).unwrap_or_default();
    let errors = schema::errors(&schema, &values);
    match errors.is_empty() {
        true => Ok(()),
        false => Err(refused(format!(
            "Json schema validation failed with error: [{}]",
            errors.join(", ")
        ))),
    }
}

/// That it has to be a name as Kubernetes takes it is documented, the words are a guess.
fn check_namespace(given: &Value) -> Result<(), ApiError> {
    let Some(namespace) = given.as_str() else {
        return Ok(());
    };
    let allowed = |character: char| {
        character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-'
    };
    match namespace.chars().all(allowed) && !namespace.starts_with('-') && !namespace.ends_with('-')
    {
        true => Ok(()),
        false => Err(ApiError::invalid_parameter(format!(
            "Namespace {namespace} is not a valid RFC 1123 label"
        ))),
    }
}

/// The namespace is answered only when it was given, which is a guess.
fn new_addon(scope: &Scope, cluster: &Cluster, version: &Version, body: &Value) -> Object {
    let uid = Uuid::new_v4();
    let name = body["addonName"].as_str().unwrap_or_default();
    let now = timestamp();
    let document = json!({
        "addonArn": scope.arn(&format!("addon/{}/{name}/{uid}", cluster.name)),
        "addonVersion": version.version,
        "createdAt": now,
        "modifiedAt": now,
        "serviceAccountRoleArn": body["serviceAccountRoleArn"],
        "configurationValues": values_document(&body["configurationValues"]),
        "namespaceConfig": body["namespaceConfig"],
    });
    Object {
        tags: tag::from_body(body),
        ..Object::new(Kind::Addon, name, uid, document)
    }
}

/// The values as they were sent. That empty text means none is a guess.
pub(super) fn values_document(given: &Value) -> Value {
    match given.as_str() {
        None | Some("") => Value::Null,
        Some(_) => given.clone(),
    }
}
