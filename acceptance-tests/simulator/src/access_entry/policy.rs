//! EKS access policies: the catalogue, and their association with access entries.
//!
//! What a policy permits nobody asks here.

use serde_json::{Value, json};

use super::principal::EC2;
use super::{POLICIES, cluster, require_standard};
use crate::call::{Call, page_of_values};
use crate::clock::timestamp;
use crate::error::ApiError;
use crate::kind::Kind;
use crate::object::Object;
use crate::shape::Shape::{Object as Structure, OneOf};
use crate::shape::{Member, TEXT, TEXTS, check, optional, required};
use crate::state::Scope;

/// The policies that the user guide and other AWS guides name, as of November 2026. AWS adds some
/// without saying so.
const CATALOGUE: &[&str] = &[
    "AmazonAIOpsAssistantPolicy",
    "AmazonARCRegionSwitchScalingPolicy",
    "AmazonEKSAdminPolicy",
    "AmazonEKSAdminViewPolicy",
    "AmazonEKSAutoNodePolicy",
    "AmazonEKSBlockStorageClusterPolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterAdminPolicy",
    "AmazonEKSClusterInsightsPolicy",
    "AmazonEKSComputeClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSEditPolicy",
    "AmazonEKSHybridPolicy",
    "AmazonEKSLoadBalancingClusterPolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingClusterPolicy",
    "AmazonEKSNetworkingPolicy",
    "AmazonEKSSecretReaderPolicy",
    "AmazonEKSViewPolicy",
];

/// Those "designated for AWS service-linked roles only".
const OF_SERVICE_LINKED_ROLES: &[&str] = &[
    "AmazonEKSBlockStorageClusterPolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterInsightsPolicy",
    "AmazonEKSComputeClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSHybridPolicy",
];

const ASSOCIATE: &[Member] = &[
    required("policyArn", TEXT),
    required(
        "accessScope",
        Structure(&[
            optional("type", OneOf(&["cluster", "namespace"])),
            optional("namespaces", TEXTS),
        ]),
    ),
];

fn arn(scope: &Scope, name: &str) -> String {
    let partition = scope.partition();
    format!("arn:{partition}:eks::aws:cluster-access-policy/{name}")
}

pub(super) fn list(call: &mut Call) -> Result<Value, ApiError> {
    let policy = |name: &&str| json!({"name": name, "arn": arn(&call.scope, name)});
    let policies = CATALOGUE.iter().map(policy).collect();
    page_of_values(call, "accessPolicies", policies)
}

/// Associating a policy again changes its scope in place.
pub(super) fn associate(call: &mut Call) -> Result<Value, ApiError> {
    check(ASSOCIATE, &call.body)?;
    let (body, scope) = (call.body.clone(), call.scope.clone());
    let key = call.key(Kind::AccessEntry);
    let cluster = cluster(call)?;
    let cluster_name = cluster.name.clone();
    let entry = cluster.object(&key)?;
    if entry.document["type"] != EC2 {
        require_standard(entry)?;
    }
    let policy = body["policyArn"].as_str().unwrap_or_default();
    check_policy(&scope, policy)?;
    check_scope(&body["accessScope"])?;
    put(entry, policy, &body["accessScope"]);
    Ok(json!({
        "clusterName": cluster_name,
        "principalArn": key.name,
        "associatedAccessPolicy": entry.document[POLICIES][policy],
    }))
}

fn put(entry: &mut Object, policy: &str, scope: &Value) {
    let now = timestamp();
    let before = &entry.document[POLICIES][policy]["associatedAt"];
    let associated_at = match before {
        Value::Null => now.clone(),
        before => before.clone(),
    };
    entry.document[POLICIES][policy] = json!({
        "policyArn": policy,
        "accessScope": {
            "type": scope["type"],
            // An empty list for a whole cluster, as in the user guide.
            "namespaces": scope["namespaces"].as_array().cloned().unwrap_or_default(),
        },
        "associatedAt": associated_at,
        "modifiedAt": now,
    });
}

/// Makes the principal an administrator of the whole cluster.
pub(super) fn make_admin(scope: &Scope, entry: &mut Object) {
    let policy = arn(scope, "AmazonEKSClusterAdminPolicy");
    put(entry, &policy, &json!({"type": "cluster"}));
}

/// The words are guesses.
fn check_policy(scope: &Scope, policy: &str) -> Result<(), ApiError> {
    let named = |name: &&&str| arn(scope, name) == policy;
    let Some(name) = CATALOGUE.iter().find(named) else {
        let message = "The specified policyArn is invalid: invalid policy.";
        return Err(ApiError::invalid_parameter(message));
    };
    match OF_SERVICE_LINKED_ROLES.contains(name) {
        true => Err(ApiError::invalid_parameter(format!(
            "The policy {name} can only be associated with service-linked roles"
        ))),
        false => Ok(()),
    }
}

/// "A value is required if you specified namespace", says the API reference. The words are guesses,
/// and that namespaces are refused for a whole cluster.
fn check_scope(scope: &Value) -> Result<(), ApiError> {
    let named = scope["namespaces"].as_array().map_or(0, Vec::len);
    let message = match scope["type"].as_str() {
        Some("namespace") if named == 0 => "accessScope.namespaces is required for type namespace",
        Some("cluster") if named > 0 => "accessScope.namespaces must be empty for type cluster",
        None => "accessScope.type is required",
        _ => return Ok(()),
    };
    Err(ApiError::invalid_parameter(message))
}

/// By ARN; the order AWS uses is not documented.
pub(super) fn list_associated(call: &mut Call) -> Result<Value, ApiError> {
    let key = call.key(Kind::AccessEntry);
    let cluster = cluster(call)?;
    let cluster_name = cluster.name.clone();
    let associated = cluster.object(&key)?.document[POLICIES].as_object();
    let associated = associated.into_iter().flatten().map(|(_, it)| it.clone());
    let associated = associated.collect();
    let mut answer = page_of_values(call, "associatedAccessPolicies", associated)?;
    answer["clusterName"] = cluster_name.into();
    answer["principalArn"] = key.name.into();
    Ok(answer)
}

pub(super) fn disassociate(call: &mut Call) -> Result<Value, ApiError> {
    let (key, policy) = (call.key(Kind::AccessEntry), call.path("policyArn"));
    let entry = cluster(call)?.object(&key)?;
    let policies = entry.document[POLICIES].as_object_mut();
    match policies.and_then(|policies| policies.remove(&policy)) {
        Some(_) => Ok(json!({})),
        // The exception is in the model, the words are a guess.
        None => Err(ApiError::not_found(
            "The specified policyArn could not be found. You can view your associated access \
             policies with 'list-associated-access-policies'.",
        )),
    }
}
