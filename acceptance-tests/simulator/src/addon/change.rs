//! UpdateAddon: what is given changes, and how that ends.

use serde_json::{Value, json};

use super::catalogue;
use super::create::{
    ASSOCIATIONS, RESOLVE_CONFLICTS, ROLE, check_values, choose_version, values_document,
};
use super::{identity, unsupported_addon};
use crate::call::Call;
use crate::clock::timestamp;
use crate::cluster::Cluster;
use crate::error::ApiError;
use crate::fault::{Failure, Issue, UpdateError};
use crate::kind::{Key, Kind};
use crate::object::{Change, Finish, Object, Phase, start_update};
use crate::shape::{Member, TEXT, check, optional};
use crate::state::{Scope, merge};

const UPDATE: &[Member] = &[
    optional("addonVersion", TEXT),
    optional("serviceAccountRoleArn", ROLE),
    optional("resolveConflicts", RESOLVE_CONFLICTS),
    optional("clientRequestToken", TEXT),
    optional("configurationValues", TEXT),
    optional("podIdentityAssociations", ASSOCIATIONS),
];

/// An update that changes nothing is taken, which is a guess.
pub(super) fn update(call: &mut Call) -> Result<Value, ApiError> {
    check(UPDATE, &call.body)?;
    let (cluster, key, body) = (call.path("name"), call.key(Kind::Addon), call.body.clone());
    let scope = call.scope.clone();
    let found = call.region().cluster(&cluster)?;
    if let Some(answer) = found.object(&key)?.replays.find("UpdateAddon", &body) {
        return Ok(answer);
    }
    check_updatable(found, &found.objects[&key])?;
    let version = check_change(found, &key, &body)?;
    set_associations(found, &scope, &key, &body)?;
    let change = Change {
        operation: "UpdateAddon",
        kind: "AddonUpdate",
        params: params(&body),
        finish: finish(patch(version, &body)),
    };
    if ["OVERWRITE", "PRESERVE"]
        .iter()
        .any(|mode| body["resolveConflicts"] == *mode)
    {
        let target = call.target(&cluster, Some(&key));
        call.world.faults.resolve_conflicts(&target);
    }
    let millis = call.world.timings.object_update;
    start_update(call, &cluster, &key, change, millis)
}

/// Known text. That one whose creation or update failed can be updated is known from clients that
/// mend it so (aws-controllers-k8s/eks-controller#166).
fn check_updatable(cluster: &Cluster, addon: &Object) -> Result<(), ApiError> {
    let mendable = [
        Phase::Active,
        Phase::Degraded,
        Phase::CreateFailed,
        Phase::UpdateFailed,
    ];
    match mendable.contains(&addon.phase) && !addon.is_updating(cluster) {
        true => Ok(()),
        false => Err(ApiError::in_use(format!(
            "Addon {} cannot be updated as it is currently in {} state",
            addon.key.name,
            addon.status(cluster)
        ))),
    }
}

/// Checks what a request gives, and says which version the add-on is to have. That values which
/// stay are not checked against the schema of a new version is a guess.
fn check_change(cluster: &mut Cluster, key: &Key, body: &Value) -> Result<&'static str, ApiError> {
    let addon = catalogue::find(&key.name).ok_or_else(unsupported_addon)?;
    let kubernetes = cluster.version().to_owned();
    let current = &cluster.object(key)?.document["addonVersion"];
    let version = match &body["addonVersion"] {
        // It may have been made for an older version of Kubernetes.
        Value::Null => addon.version(current.as_str().unwrap_or_default()),
        wanted => Some(choose_version(addon, &kubernetes, wanted)?),
    };
    let version = version.ok_or_else(super::unsupported_version)?;
    check_values(version, &body["configurationValues"])?;
    identity::check(addon, version, &body["podIdentityAssociations"])?;
    Ok(version.version)
}

/// "If this value is left blank, no change. If an empty array is provided, existing associations
/// owned by the add-on are deleted", says the API reference.
fn set_associations(
    cluster: &mut Cluster,
    scope: &Scope,
    key: &Key,
    body: &Value,
) -> Result<(), ApiError> {
    let given = &body["podIdentityAssociations"];
    if given.is_null() {
        return Ok(());
    }
    let addon = cluster.object(key)?;
    let namespace = addon.document["namespaceConfig"]["namespace"].as_str();
    let default = catalogue::find(&key.name).map(|addon| addon.namespace);
    let namespace = namespace.or(default).unwrap_or_default().to_owned();
    let arn = addon.arn().to_owned();
    identity::set(cluster, scope, &arn, &namespace, given)
}

fn params(body: &Value) -> Vec<(&'static str, String)> {
    let given = |member: &str| match &body[member] {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    [
        ("AddonVersion", "addonVersion"),
        ("ServiceAccountRoleArn", "serviceAccountRoleArn"),
        ("ResolveConflicts", "resolveConflicts"),
        ("ConfigurationValues", "configurationValues"),
        ("PodIdentityAssociations", "podIdentityAssociations"),
    ]
    .into_iter()
    .filter_map(|(param, member)| Some((param, given(member)?)))
    .collect()
}

/// A role that is not given is taken away: "If you don't specify an existing IAM role, then the
/// add-on uses the permissions assigned to the node IAM role", says the API reference. Values that
/// are not given stay, which is how clients use it.
fn patch(version: &str, body: &Value) -> Value {
    let mut patch = json!({
        "addonVersion": version,
        "serviceAccountRoleArn": body["serviceAccountRoleArn"],
    });
    if body["configurationValues"].is_string() {
        patch["configurationValues"] = values_document(&body["configurationValues"]);
    }
    patch
}

/// An update that fails leaves the add-on as it was, and its errors as health issues; a late one is
/// made all the same.
fn finish(patch: Value) -> Finish {
    Box::new(move |addon: &mut Object, failure: Option<&Failure>| {
        let late = failure.is_some_and(|failure| failure.late);
        if failure.is_none() || late {
            merge(&mut addon.document, &patch);
            addon.document["modifiedAt"] = timestamp();
        }
        addon.issues = failure.map(issues).unwrap_or_default();
        addon.phase = match failure {
            None => Phase::Active,
            Some(_) if late => Phase::Degraded,
            Some(_) => Phase::UpdateFailed,
        };
    })
}

fn issues(failure: &Failure) -> Vec<Issue> {
    let issue = |error: &UpdateError| Issue {
        code: error.error_code.clone(),
        message: error.error_message.clone(),
        resource_ids: error.resource_ids.clone(),
    };
    failure.errors.iter().map(issue).collect()
}
