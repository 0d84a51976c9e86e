//! Fargate profiles: what one is, how it comes and goes, and the operations on it.
//!
//! EKS takes one creation or deletion at a time per cluster; a profile cannot be changed.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::call::{Call, Route, delete, get, post};
use crate::clock::timestamp;
use crate::cluster::Cluster;
use crate::error::ApiError;
use crate::kind::{Key, Kind, Traits};
use crate::object::{self, Id, Object, Phase, end_creation};
use crate::shape::Shape::{self, List, Map, Object as Structure};
use crate::shape::{Member, TAGS, TEXT, TEXTS, check, optional, required};
use crate::state::Scope;
use crate::tag;

pub(crate) const ROUTES: &[Route] = &[
    post(
        "CreateFargateProfile",
        "/clusters/{name}/fargate-profiles",
        create,
    ),
    get(
        "ListFargateProfiles",
        "/clusters/{name}/fargate-profiles",
        list,
    ),
    get(
        "DescribeFargateProfile",
        "/clusters/{name}/fargate-profiles/{fargateProfileName}",
        describe,
    ),
    delete(
        "DeleteFargateProfile",
        "/clusters/{name}/fargate-profiles/{fargateProfileName}",
        delete_profile,
    ),
];

pub(crate) const TRAITS: Traits = Traits {
    singular: "fargateProfile",
    plural: "fargateProfiles",
    named_by: &["fargateProfileName"],
    arn: "fargateProfileArn",
    // A guess.
    missing: |_, name| ApiError::not_found(format!("No Fargate Profile found with name: {name}.")),
    describe: describe_profile,
};

/// Five selectors with five labels each are the limits in the user guide; the model has none.
const MAX_SELECTORS: usize = 5;
const LABELS: Shape = Map {
    key_max: usize::MAX,
    value: &TEXT,
    max: 5,
};

const CREATE: &[Member] = &[
    required("fargateProfileName", Shape::Name { max: 100 }),
    required("podExecutionRoleArn", TEXT),
    optional("subnets", TEXTS),
    optional(
        "selectors",
        List {
            of: &Structure(&[optional("namespace", TEXT), optional("labels", LABELS)]),
            max: MAX_SELECTORS,
        },
    ),
    optional("clientRequestToken", TEXT),
    optional("tags", TAGS),
];

fn create(call: &mut Call) -> Result<Value, ApiError> {
    check(CREATE, &call.body)?;
    let (cluster, body, scope) = (call.path("name"), call.body.clone(), call.scope.clone());
    let name = body["fargateProfileName"].as_str().unwrap_or_default();
    let key = Key::new(Kind::FargateProfile, name);
    let found = call.region().cluster(&cluster)?;
    // Known text.
    let exists = "A Fargate Profile already exists with this name in this cluster.";
    if let Some(answer) = found.made_before(&key, "CreateFargateProfile", &body, exists)? {
        return Ok(answer);
    }
    check_rules(name, &body)?;
    check_alone(found, "create", name)?;
    found.require_active()?;
    let profile = new_profile(&scope, found, name, &body);
    let id = Id::new(found, &profile);
    let answer = found.insert(profile, "CreateFargateProfile", &body)?;
    let millis = call.world.timings.object_create;
    end_creation(call, id, millis);
    Ok(answer)
}

fn check_rules(name: &str, body: &Value) -> Result<(), ApiError> {
    if name.starts_with("eks-") {
        // Known text.
        return Err(ApiError::invalid_parameter(
            "The fargate profile name starts with the reserved prefix: 'eks-'.",
        ));
    }
    let selectors = body["selectors"].as_array().cloned().unwrap_or_default();
    if selectors.is_empty() {
        // That there has to be one is documented, the words are a guess.
        let message = "Fargate profile must have at least one selector";
        return Err(ApiError::invalid_parameter(message));
    }
    let unnamed = |selector: &Value| selector["namespace"].as_str().is_none_or(str::is_empty);
    if selectors.iter().any(unnamed) {
        // The same holds here.
        let message = "Fargate profile selectors must have a namespace";
        return Err(ApiError::invalid_parameter(message));
    }
    tag::check_tags(&body["tags"]).map_err(ApiError::invalid_parameter)
}

/// Known texts, of which that for a creation during an update is a guess by analogy.
fn check_alone(cluster: &Cluster, verb: &str, name: &str) -> Result<(), ApiError> {
    let subject = format!(
        "Cannot {verb} Fargate Profile {name} because cluster {} currently has",
        cluster.name
    );
    let passing = |profile: &&Object| matches!(profile.phase, Phase::Creating | Phase::Deleting);
    if let Some(other) = cluster.objects_of(Kind::FargateProfile).find(passing) {
        return Err(ApiError::in_use(format!(
            "{subject} Fargate profile {} in status {}",
            other.key.name,
            other.status(cluster)
        )));
    }
    match cluster.update_in_progress() {
        Some(_) => Err(ApiError::in_use(format!("{subject} an update in progress"))),
        None => Ok(()),
    }
}

/// Without subnets AWS takes the cluster's private ones; which those are only EC2 could say, so
/// here it takes all.
fn new_profile(scope: &Scope, cluster: &Cluster, name: &str, body: &Value) -> Object {
    let uid = Uuid::new_v4();
    let given = body["subnets"]
        .as_array()
        .filter(|subnets| !subnets.is_empty());
    let subnets = match given {
        Some(given) => Value::from(given.clone()),
        None => cluster.document["resourcesVpcConfig"]["subnetIds"].clone(),
    };
    let document = json!({
        "fargateProfileArn": scope.arn(&format!("fargateprofile/{}/{name}/{uid}", cluster.name)),
        "createdAt": timestamp(),
        "podExecutionRoleArn": body["podExecutionRoleArn"],
        "subnets": subnets,
        "selectors": body["selectors"],
    });
    Object {
        tags: tag::from_body(body),
        ..Object::new(Kind::FargateProfile, name, uid, document)
    }
}

fn describe_profile(object: &Object, cluster: &Cluster) -> Value {
    let mut profile = object.document.clone();
    profile["fargateProfileName"] = object.key.name.clone().into();
    profile["clusterName"] = cluster.name.clone().into();
    profile["status"] = object.status(cluster).into();
    profile["tags"] = json!(object.tags);
    profile["health"] = json!({"issues": object.issues});
    profile
}

fn describe(call: &mut Call) -> Result<Value, ApiError> {
    object::describe(call, Kind::FargateProfile)
}

fn list(call: &mut Call) -> Result<Value, ApiError> {
    object::list(call, Kind::FargateProfile, "fargateProfileNames")
}

/// Known text, with its capital: "Cannot Delete Fargate Profile b because …". That the profile
/// which is being deleted is in its own way, too, is a guess.
fn delete_profile(call: &mut Call) -> Result<Value, ApiError> {
    let (cluster, key) = (call.path("name"), call.key(Kind::FargateProfile));
    let found = call.region().cluster(&cluster)?;
    found.object(&key)?;
    check_alone(found, "Delete", &key.name)?;
    let millis = call.world.timings.object_delete;
    object::delete(call, Kind::FargateProfile, millis)
}
