//! CreateCapability: checks, and what EKS fills in.

use serde_json::{Value, json};
use uuid::Uuid;

use super::shapes;
use crate::call::Call;
use crate::clock::timestamp;
use crate::cluster::Cluster;
use crate::error::ApiError;
use crate::kind::{Key, Kind};
use crate::object::{Id, Object, end_creation};
use crate::shape::check;
use crate::state::Scope;
use crate::tag;

pub(super) fn create(call: &mut Call) -> Result<Value, ApiError> {
    check(shapes::CREATE, &call.body)?;
    let (cluster, body, scope) = (call.path("name"), call.body.clone(), call.scope.clone());
    let name = body["capabilityName"].as_str().unwrap_or_default();
    let key = Key::new(Kind::Capability, name);
    let found = call.region().cluster(&cluster)?;
    // The words are a guess.
    let exists = format!("Capability already exists with name {name} in cluster {cluster}");
    if let Some(answer) = found.made_before(&key, "CreateCapability", &body, exists)? {
        return Ok(answer);
    }
    found.require_active()?;
    check_alone(found, &body)?;
    check_configuration(body["type"].as_str().unwrap_or_default(), &body)?;
    tag::check_tags(&body["tags"]).map_err(ApiError::invalid_parameter)?;
    let capability = new_capability(&scope, &cluster, name, &body);
    let id = Id::new(found, &capability);
    let answer = found.insert(capability, "CreateCapability", &body)?;
    let millis = call.world.timings.object_create;
    end_creation(call, id, millis);
    Ok(answer)
}

/// "You can only create one Capability of each type", says the API reference; exception and words
/// are guesses.
fn check_alone(cluster: &Cluster, body: &Value) -> Result<(), ApiError> {
    let same = |other: &&Object| other.document["type"] == body["type"];
    match cluster.objects_of(Kind::Capability).find(same) {
        Some(other) => Err(ApiError::in_use(format!(
            "Cluster {} already has a capability of type {}: {}",
            cluster.name,
            body["type"].as_str().unwrap_or_default(),
            other.key.name
        ))),
        None => Ok(()),
    }
}

/// That each type has its own configuration is documented, and that Argo CD needs IAM Identity
/// Center; the words are guesses.
pub(super) fn check_configuration(kind: &str, body: &Value) -> Result<(), ApiError> {
    let configuration = &body["configuration"];
    for (member, owner) in [("argoCd", "ARGOCD"), ("ack", "ACK")] {
        if configuration[member].is_object() && kind != owner {
            return Err(ApiError::invalid_parameter(format!(
                "configuration.{member} can only be specified for capabilities of type {owner}"
            )));
        }
    }
    let is_create = body["type"].is_string();
    match is_create && kind == "ARGOCD" && !configuration["argoCd"].is_object() {
        true => Err(ApiError::invalid_parameter(
            "configuration.argoCd is required for capabilities of type ARGOCD",
        )),
        false => Ok(()),
    }
}

fn new_capability(scope: &Scope, cluster: &str, name: &str, body: &Value) -> Object {
    let uid = Uuid::new_v4();
    let now = timestamp();
    let kind = body["type"].as_str().unwrap_or_default();
    // The form of the ARN is that of identity provider configurations, which have a type, too.
    let tail = format!("capability/{cluster}/{}/{name}/{uid}", kind.to_lowercase());
    let given = &body["configuration"];
    let configuration = match kind {
        "ARGOCD" => json!({"argoCd": argo_cd(scope, uid, &given["argoCd"])}),
        "ACK" => json!({"ack": ack(&given["ack"])}),
        _ => Value::Null,
    };
    let document = json!({
        "capabilityName": name,
        "arn": scope.arn(&tail),
        "type": kind,
        "roleArn": body["roleArn"],
        "version": VERSION,
        "configuration": configuration,
        "createdAt": now,
        "modifiedAt": now,
        "deletePropagationPolicy": body["deletePropagationPolicy"],
    });
    Object {
        tags: tag::from_body(body),
        ..Object::new(Kind::Capability, name, uid, document)
    }
}

/// A guess: what versions of capabilities look like is not documented.
const VERSION: &str = "1.0.0";

/// Known: the form of the server's URL, from the user guide, and of Identity Center's application
/// ARNs, but not which one this is. The default namespace is the one the user guide goes by; the
/// default region is a guess, and how the prefix becomes part of the host.
fn argo_cd(scope: &Scope, uid: Uuid, given: &Value) -> Value {
    let id = &uid.simple().to_string()[..16];
    let host = match given["endpointPrefix"].as_str() {
        Some(prefix) => format!("{prefix}-{id}"),
        None => id.to_owned(),
    };
    let (region, domain) = (&scope.region, scope.domain());
    let idc = &given["awsIdc"];
    let instance = idc["idcInstanceArn"].as_str().unwrap_or_default();
    let instance = instance.rsplit('/').next().unwrap_or_default();
    let (partition, account) = (scope.partition(), &scope.account);
    json!({
        "namespace": given["namespace"].as_str().unwrap_or("argocd"),
        "awsIdc": {
            "idcInstanceArn": idc["idcInstanceArn"],
            "idcRegion": idc["idcRegion"].as_str().unwrap_or(region),
            "idcManagedApplicationArn":
                format!("arn:{partition}:sso::{account}:application/{instance}/apl-{id}"),
        },
        "rbacRoleMappings": given["rbacRoleMappings"].as_array().cloned().unwrap_or_default(),
        "networkAccess": given["networkAccess"],
        "serverUrl": format!("https://{host}.eks-capabilities.{region}.{domain}"),
        "endpointPrefix": given["endpointPrefix"],
    })
}

/// "False if you never specified a value"; services are answered "exactly as you supplied" them.
fn ack(given: &Value) -> Value {
    json!({
        "enableCrossNamespace": given["enableCrossNamespace"].as_bool().unwrap_or(false),
        "disabledServices": given["disabledServices"].as_array().cloned().unwrap_or_default(),
    })
}
