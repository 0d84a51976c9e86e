//! Access entries: which IAM principals may enter a cluster, as whom.
//!
//! An entry has no states: it is there when the answer is. Who a principal is and what it is called
//! in Kubernetes is in `principal`, access policies are in `policy`.

mod policy;
mod principal;

use serde_json::{Value, json};
use uuid::Uuid;

use self::principal::{Principal, STANDARD};
use crate::call::{Call, Route, delete, get, page, post};
use crate::clock::timestamp;
use crate::cluster::Cluster;
use crate::error::ApiError;
use crate::kind::{Key, Kind, Traits};
use crate::object::{self, Object, Phase};
use crate::shape::{Member, TAGS, TEXT, TEXTS, check, optional, required};
use crate::state::Scope;
use crate::tag;

pub(crate) const ROUTES: &[Route] = &[
    post(
        "CreateAccessEntry",
        "/clusters/{name}/access-entries",
        create,
    ),
    get("ListAccessEntries", "/clusters/{name}/access-entries", list),
    get(
        "DescribeAccessEntry",
        "/clusters/{name}/access-entries/{principalArn}",
        describe,
    ),
    post(
        "UpdateAccessEntry",
        "/clusters/{name}/access-entries/{principalArn}",
        update,
    ),
    delete(
        "DeleteAccessEntry",
        "/clusters/{name}/access-entries/{principalArn}",
        delete_entry,
    ),
    post(
        "AssociateAccessPolicy",
        "/clusters/{name}/access-entries/{principalArn}/access-policies",
        policy::associate,
    ),
    get(
        "ListAssociatedAccessPolicies",
        "/clusters/{name}/access-entries/{principalArn}/access-policies",
        policy::list_associated,
    ),
    delete(
        "DisassociateAccessPolicy",
        "/clusters/{name}/access-entries/{principalArn}/access-policies/{policyArn}",
        policy::disassociate,
    ),
    get("ListAccessPolicies", "/access-policies", policy::list),
];

pub(crate) const TRAITS: Traits = Traits {
    singular: "accessEntry",
    plural: "accessEntries",
    named_by: &["principalArn"],
    arn: "accessEntryArn",
    // Known text, from AssociateAccessPolicy.
    missing: |_, _| {
        ApiError::not_found(
            "The specified principalArn could not be found. You can view your available access \
             entries with 'list-access-entries'.",
        )
    },
    describe: describe_entry,
};

const CREATE: &[Member] = &[
    required("principalArn", TEXT),
    optional("kubernetesGroups", TEXTS),
    optional("tags", TAGS),
    optional("clientRequestToken", TEXT),
    optional("username", TEXT),
    optional("type", TEXT),
];

const UPDATE: &[Member] = &[
    optional("kubernetesGroups", TEXTS),
    optional("clientRequestToken", TEXT),
    optional("username", TEXT),
];

/// The member of the document that has the associated policies by ARN. DescribeAccessEntry does not
/// answer it, but tests can `modify` it.
const POLICIES: &str = "associatedAccessPolicies";

/// Known text and exception for CreateAccessEntry; that reading is refused, too, is a guess.
fn check_mode(cluster: &Cluster) -> Result<(), ApiError> {
    match cluster.document["accessConfig"]["authenticationMode"].as_str() {
        Some("API" | "API_AND_CONFIG_MAP") => Ok(()),
        _ => Err(ApiError::invalid_request(
            "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to \
             perform this operation.",
        )),
    }
}

/// The cluster that the path names, if it has access entries.
fn cluster<'a>(call: &'a mut Call) -> Result<&'a mut Cluster, ApiError> {
    let name = call.path("name");
    let cluster = call.region().cluster(&name)?;
    check_mode(cluster)?;
    Ok(cluster)
}

fn create(call: &mut Call) -> Result<Value, ApiError> {
    check(CREATE, &call.body)?;
    let (body, scope) = (call.body.clone(), call.scope.clone());
    let arn = body["principalArn"].as_str().unwrap_or_default();
    let key = Key::new(Kind::AccessEntry, arn);
    let cluster = cluster(call)?;
    // Known text.
    let exists = "The specified access entry resource is already in use on this cluster.";
    if let Some(answer) = cluster.made_before(&key, "CreateAccessEntry", &body, exists)? {
        return Ok(answer);
    }
    let kind = body["type"].as_str().unwrap_or(STANDARD);
    let principal = Principal::parse(arn)?;
    principal.check_kind(kind, &scope)?;
    check_names(kind, &body)?;
    tag::check_tags(&body["tags"]).map_err(ApiError::invalid_parameter)?;
    let entry = new_entry(&scope, &cluster.name, &principal, kind, &body);
    cluster.insert(entry, "CreateAccessEntry", &body)
}

fn new_entry(
    scope: &Scope,
    cluster: &str,
    principal: &Principal,
    kind: &str,
    body: &Value,
) -> Object {
    let uid = Uuid::new_v4();
    let now = timestamp();
    let groups = match &body["kubernetesGroups"] {
        Value::Null => json!(principal::groups(kind)),
        given => given.clone(),
    };
    let username = match body["username"].as_str() {
        Some(given) => given.to_owned(),
        None => principal.username(kind),
    };
    let document = json!({
        "clusterName": cluster,
        "principalArn": principal.arn,
        "kubernetesGroups": groups,
        "accessEntryArn": scope.arn(&format!("access-entry/{cluster}/{}/{uid}", principal.tail())),
        "createdAt": now,
        "modifiedAt": now,
        "username": username,
        "type": kind,
        POLICIES: {},
    });
    Object {
        phase: Phase::Active,
        tags: tag::from_body(body),
        ..Object::new(Kind::AccessEntry, &principal.arn, uid, document)
    }
}

/// Only the texts about `system:` and about types are known. Group and user names of nodes are EKS's
/// own business: that they are refused is documented for groups, and a guess for user names.
fn check_names(kind: &str, body: &Value) -> Result<(), ApiError> {
    if let Some(username) = body["username"].as_str() {
        principal::check_username(username)?;
    }
    let groups = body["kubernetesGroups"].as_array();
    let mut groups = groups.into_iter().flatten().filter_map(Value::as_str);
    if kind != STANDARD && (body["username"].is_string() || groups.clone().next().is_some()) {
        return Err(ApiError::invalid_parameter(
            "Kubernetes groups and username can only be specified for access entries with a type \
             of \"STANDARD\".",
        ));
    }
    match groups.find(|group| group.starts_with("system:")) {
        Some(group) => Err(ApiError::invalid_parameter(format!(
            "The kubernetes group name {group} is invalid, it cannot start with system:"
        ))),
        None => Ok(()),
    }
}

/// The access entry as DescribeAccessEntry answers it.
fn describe_entry(entry: &Object, _: &Cluster) -> Value {
    let mut described = entry.document.clone();
    if let Some(members) = described.as_object_mut() {
        members.remove(POLICIES);
    }
    described["tags"] = json!(entry.tags);
    described
}

fn describe(call: &mut Call) -> Result<Value, ApiError> {
    cluster(call)?;
    object::describe(call, Kind::AccessEntry)
}

fn list(call: &mut Call) -> Result<Value, ApiError> {
    let policy = call.query("associatedPolicyArn");
    let has_policy = |entry: &&Object| {
        let policy = policy.as_deref();
        policy.is_none_or(|policy| entry.document[POLICIES][policy].is_object())
    };
    let entries = cluster(call)?.objects_of(Kind::AccessEntry);
    let names = entries
        .filter(has_policy)
        .map(|entry| entry.key.name.clone())
        .collect();
    page(call, "accessEntries", names)
}

/// Groups replace the ones there were. Known texts, and the order of the checks: users of an
/// EC2_LINUX entry who sent its user name back got the refusal of the name, without a name that of
/// the type.
fn update(call: &mut Call) -> Result<Value, ApiError> {
    check(UPDATE, &call.body)?;
    let (body, key) = (call.body.clone(), call.key(Kind::AccessEntry));
    let cluster = cluster(call)?;
    let entry = cluster.object(&key)?;
    if let Some(answer) = entry.replays.find("UpdateAccessEntry", &body) {
        return Ok(answer);
    }
    if let Some(username) = body["username"].as_str() {
        principal::check_username(username)?;
    }
    require_standard(entry)?;
    check_names(STANDARD, &body)?;
    for member in ["kubernetesGroups", "username"] {
        if !body[member].is_null() {
            entry.document[member] = body[member].clone();
        }
    }
    entry.document["modifiedAt"] = timestamp();
    let answer = cluster.answer(&key)?;
    let replays = &mut cluster.object(&key)?.replays;
    replays.keep("UpdateAccessEntry", &body, &answer);
    Ok(answer)
}

/// Known text.
fn require_standard(entry: &Object) -> Result<(), ApiError> {
    match entry.document["type"] == STANDARD {
        true => Ok(()),
        false => Err(ApiError::invalid_parameter(
            "This operation can only be performed on Access Entries with a type of \"STANDARD\".",
        )),
    }
}

fn delete_entry(call: &mut Call) -> Result<Value, ApiError> {
    let key = call.key(Kind::AccessEntry);
    let cluster = cluster(call)?;
    cluster.object(&key)?;
    cluster.forget(&key);
    Ok(json!({}))
}

/// The entry that makes the creator of a cluster its administrator. Who called only IAM could say,
/// so it is a made-up user of the account. While the authentication mode is CONFIG_MAP nobody can
/// see the entry, which fits AWS's making it when the mode changes.
pub(crate) fn of_creator(scope: &Scope, cluster: &str) -> Object {
    let principal = Principal::creator(scope);
    let mut entry = new_entry(scope, cluster, &principal, STANDARD, &Value::Null);
    policy::make_admin(scope, &mut entry);
    entry
}
