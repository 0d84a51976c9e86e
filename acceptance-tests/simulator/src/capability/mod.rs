//! Capabilities: Argo CD, ACK and kro, which AWS runs beside a cluster.
//!
//! What one is and how it comes and goes; requests are in `shapes`, creation is in `create`, updates
//! in `change`. Neither IAM Identity Center nor any controller is simulated.

mod change;
mod create;
mod shapes;

use serde_json::{Value, json};

use crate::call::{Call, Route, delete, get, page_of_values, post};
use crate::cluster::Cluster;
use crate::error::ApiError;
use crate::fault::Issue;
use crate::kind::{Kind, Traits};
use crate::object::{self, Object, Phase};

pub(crate) const ROUTES: &[Route] = &[
    post(
        "CreateCapability",
        "/clusters/{name}/capabilities",
        create::create,
    ),
    get("ListCapabilities", "/clusters/{name}/capabilities", list),
    get(
        "DescribeCapability",
        "/clusters/{name}/capabilities/{capabilityName}",
        describe,
    ),
    post(
        "UpdateCapability",
        "/clusters/{name}/capabilities/{capabilityName}",
        change::update,
    ),
    delete(
        "DeleteCapability",
        "/clusters/{name}/capabilities/{capabilityName}",
        delete_capability,
    ),
];

pub(crate) const TRAITS: Traits = Traits {
    singular: "capability",
    plural: "capabilities",
    named_by: &["capabilityName"],
    arn: "arn",
    // The words are a guess.
    missing: |_, name| ApiError::not_found(format!("No capability found for name: {name}.")),
    describe: describe_capability,
};

/// The members that EKS makes for Argo CD.
const MADE: [&str; 2] = [
    "/configuration/argoCd/serverUrl",
    "/configuration/argoCd/awsIdc/idcManagedApplicationArn",
];

/// The capability as DescribeCapability answers it. What EKS makes for Argo CD is there once the
/// capability is, which is a guess.
fn describe_capability(capability: &Object, cluster: &Cluster) -> Value {
    let mut described = capability.document.clone();
    if matches!(capability.phase, Phase::Creating | Phase::CreateFailed) {
        for made in MADE {
            if let Some(member) = described.pointer_mut(made) {
                *member = Value::Null;
            }
        }
    }
    described["clusterName"] = cluster.name.clone().into();
    described["status"] = capability.status(cluster).into();
    described["tags"] = json!(capability.tags);
    // Unlike other issues, these have no resource ids.
    let issues = capability.issues.iter();
    let issue = |it: &Issue| json!({"code": it.code, "message": it.message});
    described["health"] = json!({"issues": issues.map(issue).collect::<Vec<_>>()});
    described
}

fn describe(call: &mut Call) -> Result<Value, ApiError> {
    object::describe(call, Kind::Capability)
}

fn list(call: &mut Call) -> Result<Value, ApiError> {
    let cluster = call.path("name");
    let cluster = &*call.region().cluster(&cluster)?;
    let capabilities = cluster.objects_of(Kind::Capability);
    let summaries = capabilities.map(|capability| summary(&capability.describe(cluster)));
    let summaries = summaries.collect();
    page_of_values(call, "capabilities", summaries)
}

fn summary(described: &Value) -> Value {
    const MEMBERS: [&str; 7] = [
        "capabilityName",
        "arn",
        "type",
        "status",
        "version",
        "createdAt",
        "modifiedAt",
    ];
    let member = |name: &str| (name.to_owned(), described[name].clone());
    Value::Object(MEMBERS.into_iter().map(member).collect())
}

/// That the request is taken in any state is a guess.
fn delete_capability(call: &mut Call) -> Result<Value, ApiError> {
    let millis = call.world.timings.object_delete;
    object::delete(call, Kind::Capability, millis)
}
