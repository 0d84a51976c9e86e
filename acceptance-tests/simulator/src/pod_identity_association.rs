//! Pod identity associations: which IAM role the pods of a Kubernetes service account get.
//!
//! An association has no states and makes no update: it is there when the answer is. IAM is not
//! simulated, so every role is believed in; tests that need a role which does not exist yet inject
//! AWS's answer ("Role provided in the request does not exist.").

use serde_json::{Value, json};
use uuid::Uuid;

use crate::call::{Call, Route, delete, get, page_of_values, post};
use crate::clock::timestamp;
use crate::cluster::{self, Cluster};
use crate::error::ApiError;
use crate::kind::{Kind, Traits};
use crate::object::{self, Object, Phase};
use crate::shape::{Member, Shape, TAGS, TEXT, check, optional, required};
use crate::state::Scope;
use crate::tag;

pub(crate) const ROUTES: &[Route] = &[
    post(
        "CreatePodIdentityAssociation",
        "/clusters/{name}/pod-identity-associations",
        create,
    ),
    get(
        "ListPodIdentityAssociations",
        "/clusters/{name}/pod-identity-associations",
        list,
    ),
    get(
        "DescribePodIdentityAssociation",
        "/clusters/{name}/pod-identity-associations/{associationId}",
        describe,
    ),
    post(
        "UpdatePodIdentityAssociation",
        "/clusters/{name}/pod-identity-associations/{associationId}",
        update,
    ),
    delete(
        "DeletePodIdentityAssociation",
        "/clusters/{name}/pod-identity-associations/{associationId}",
        delete_association,
    ),
];

const CREATE: &[Member] = &[
    required("namespace", TEXT),
    required("serviceAccount", TEXT),
    required("roleArn", TEXT),
    optional("clientRequestToken", TEXT),
    optional("tags", TAGS),
    optional("disableSessionTags", Shape::Flag),
    optional("targetRoleArn", TEXT),
    optional("policy", TEXT),
];

const UPDATE: &[Member] = &[
    optional("roleArn", TEXT),
    optional("clientRequestToken", TEXT),
    optional("disableSessionTags", Shape::Flag),
    optional("targetRoleArn", TEXT),
    optional("policy", TEXT),
];

/// What an update may change.
const CHANGEABLE: [&str; 4] = ["roleArn", "disableSessionTags", "targetRoleArn", "policy"];

pub(crate) const TRAITS: Traits = Traits {
    singular: "association",
    plural: "podIdentityAssociations",
    named_by: &["associationId"],
    arn: "associationArn",
    // The words are a guess.
    missing: |_, id| ApiError::not_found(format!("No association found for ID: {id}")),
    describe: |association, _| {
        let mut described = association.document.clone();
        described["tags"] = json!(association.tags);
        described
    },
};

/// An association as CreatePodIdentityAssociation's body asks for it. `owner` is the ARN of the
/// add-on that it belongs to.
pub(crate) fn new_association(
    scope: &Scope,
    cluster: &str,
    body: &Value,
    owner: Option<&str>,
) -> Object {
    let id = new_id();
    let now = timestamp();
    let mut document = json!({
        "clusterName": cluster,
        "namespace": body["namespace"],
        "serviceAccount": body["serviceAccount"],
        "associationArn": scope.arn(&format!("podidentityassociation/{cluster}/{id}")),
        "associationId": id,
        "createdAt": now,
        "modifiedAt": now,
        "ownerArn": owner,
        "disableSessionTags": false,
        "targetRoleArn": null,
        "externalId": null,
        "policy": null,
    });
    set(&mut document, body);
    Object {
        phase: Phase::Active,
        tags: tag::from_body(body),
        ..Object::new(Kind::PodIdentityAssociation, &id, Uuid::new_v4(), document)
    }
}

/// `a-` and 17 letters and digits, as in "a-kyevsbqhrnchy79jw".
fn new_id() -> String {
    const LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut rest = Uuid::new_v4().as_u128();
    let letter = |_| {
        let letter = LETTERS[(rest % 36) as usize];
        rest /= 36;
        char::from(letter)
    };
    format!("a-{}", (0..17).map(letter).collect::<String>())
}

/// Sets what a request gives. An empty target role or policy takes it away: for the target role
/// that is what clients send to AWS to remove it, for the policy it is a guess.
fn set(document: &mut Value, body: &Value) {
    for member in CHANGEABLE {
        match &body[member] {
            Value::Null => {}
            Value::String(text) if text.is_empty() => document[member] = Value::Null,
            given => document[member] = given.clone(),
        }
    }
    if document["targetRoleArn"].is_null() {
        document["externalId"] = Value::Null;
    } else if document["externalId"].is_null() {
        // That it goes with the target role is documented; what it looks like is a guess.
        document["externalId"] = Uuid::new_v4().to_string().into();
    }
}

fn create(call: &mut Call) -> Result<Value, ApiError> {
    check(CREATE, &call.body)?;
    let (name, body, scope) = (call.path("name"), call.body.clone(), call.scope.clone());
    let cluster = call.region().cluster(&name)?;
    let is_taken = |association: &&Object| {
        ["namespace", "serviceAccount"]
            .iter()
            .all(|member| association.document[*member] == body[*member])
    };
    let existing = cluster
        .objects_of(Kind::PodIdentityAssociation)
        .find(is_taken);
    if let Some(existing) = existing {
        // Known text.
        let exists = || {
            let id = &existing.key.name;
            ApiError::in_use(format!("Association already exists: {id}"))
        };
        let replay = existing.replays.find("CreatePodIdentityAssociation", &body);
        return replay.ok_or_else(exists);
    }
    check_cluster(cluster)?;
    tag::check_tags(&body["tags"]).map_err(ApiError::invalid_parameter)?;
    let association = new_association(&scope, &name, &body, None);
    check_document(&body, &association.document)?;
    cluster.insert(association, "CreatePodIdentityAssociation", &body)
}

/// The exception is documented for "the state of the cluster"; which states and the words are a
/// guess. A cluster that is updating has associations made, which is one, too.
fn check_cluster(cluster: &Cluster) -> Result<(), ApiError> {
    match cluster.phase {
        cluster::Phase::Active => Ok(()),
        _ => Err(ApiError::invalid_request(format!(
            "Cluster '{}' is not in ACTIVE status",
            cluster.name
        ))),
    }
}

/// Checks the association that a request would make or leave behind.
fn check_document(body: &Value, document: &Value) -> Result<(), ApiError> {
    if body["roleArn"] == "" {
        // Known text, from an eksctl that sent an empty role; the exception is a guess.
        return Err(ApiError::new(
            "AccessDeniedException",
            "Cross-account pass role is not allowed",
        ));
    }
    for member in ["roleArn", "targetRoleArn"] {
        if let Some(arn) = document[member].as_str().filter(|arn| !is_role(arn)) {
            // The words are a guess.
            let message = format!("{member} {arn} is not the ARN of an IAM role");
            return Err(ApiError::invalid_parameter(message));
        }
    }
    check_policy(document)
}

fn is_role(arn: &str) -> bool {
    let mut parts = arn.splitn(6, ':');
    parts.next() == Some("arn")
        && parts.nth(1) == Some("iam")
        && parts.nth(2).is_some_and(|it| it.starts_with("role/"))
}

/// The first rule is documented, the second is that of IAM; the words of both are guesses.
fn check_policy(document: &Value) -> Result<(), ApiError> {
    let Some(policy) = document["policy"].as_str() else {
        return Ok(());
    };
    if document["disableSessionTags"] != true {
        return Err(ApiError::invalid_parameter(
            "disableSessionTags must be true when a policy is specified",
        ));
    }
    match serde_json::from_str(policy) {
        Ok(Value::Object(_)) => Ok(()),
        _ => Err(ApiError::invalid_parameter("The policy is not valid JSON")),
    }
}

fn describe(call: &mut Call) -> Result<Value, ApiError> {
    object::describe(call, Kind::PodIdentityAssociation)
}

/// In the order of the ids; the order AWS uses is not documented.
fn list(call: &mut Call) -> Result<Value, ApiError> {
    let name = call.path("name");
    let filters = ["namespace", "serviceAccount"].map(|member| (member, call.query(member)));
    let wanted = |association: &&Object| {
        filters.iter().all(|(member, value)| {
            let value = value.as_deref();
            value.is_none_or(|value| association.document[*member] == value)
        })
    };
    let cluster = call.region().cluster(&name)?;
    let associations = cluster.objects_of(Kind::PodIdentityAssociation);
    let summaries = associations.filter(wanted).map(summary).collect();
    page_of_values(call, "associations", summaries)
}

fn summary(association: &Object) -> Value {
    const MEMBERS: [&str; 6] = [
        "clusterName",
        "namespace",
        "serviceAccount",
        "associationArn",
        "associationId",
        "ownerArn",
    ];
    let member = |name: &str| (name.to_owned(), association.document[name].clone());
    Value::Object(MEMBERS.into_iter().map(member).collect())
}

/// That one of an add-on can be changed and deleted like any other is a guess.
fn update(call: &mut Call) -> Result<Value, ApiError> {
    check(UPDATE, &call.body)?;
    let (cluster, body) = (call.path("name"), call.body.clone());
    let key = call.key(Kind::PodIdentityAssociation);
    let cluster = call.region().cluster(&cluster)?;
    let association = cluster.object(&key)?;
    let operation = "UpdatePodIdentityAssociation";
    if let Some(answer) = association.replays.find(operation, &body) {
        return Ok(answer);
    }
    if CHANGEABLE.iter().all(|member| body[*member].is_null()) {
        // "You must change at least one of these in an update", says the API reference. Whether
        // giving the same again is refused, too, is not known.
        let message = "At least one of roleArn, targetRoleArn, disableSessionTags and policy \
                       must be specified";
        return Err(ApiError::invalid_parameter(message));
    }
    let mut document = association.document.clone();
    set(&mut document, &body);
    check_document(&body, &document)?;
    document["modifiedAt"] = timestamp();
    association.document = document;
    let answer = cluster.answer(&key)?;
    cluster
        .object(&key)?
        .replays
        .keep(operation, &body, &answer);
    Ok(answer)
}

fn delete_association(call: &mut Call) -> Result<Value, ApiError> {
    let cluster = call.path("name");
    let key = call.key(Kind::PodIdentityAssociation);
    let cluster = call.region().cluster(&cluster)?;
    let answer = cluster.answer(&key)?;
    cluster.forget(&key);
    Ok(answer)
}
