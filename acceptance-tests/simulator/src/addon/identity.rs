//! The pod identity associations that an add-on owns.
//!
//! They are associations like any other, made and removed through the add-on; what an association
//! is only its own module knows. They go when the add-on goes.

use serde_json::{Value, json};

use super::catalogue::{Addon, Version};
use crate::clock::timestamp;
use crate::cluster::Cluster;
use crate::error::ApiError;
use crate::kind::Kind;
use crate::object::Object;
use crate::pod_identity_association::new_association;
use crate::state::Scope;

fn owned<'a>(cluster: &'a Cluster, owner: &'a str) -> impl Iterator<Item = &'a Object> {
    cluster
        .objects_of(Kind::PodIdentityAssociation)
        .filter(move |association| association.document["ownerArn"] == owner)
}

/// The ARNs of the associations, in no known order.
pub(super) fn arns(cluster: &Cluster, owner: &str) -> Vec<String> {
    owned(cluster, owner)
        .map(|association| association.arn().to_owned())
        .collect()
}

/// Checks the associations of a request, which may be absent. Known texts.
pub(super) fn check(addon: &Addon, version: &Version, given: &Value) -> Result<(), ApiError> {
    for association in given.as_array().into_iter().flatten() {
        if addon.service_accounts.is_empty() {
            return Err(ApiError::invalid_parameter(format!(
                "Pod Identity feature is not supported for addon version: {}",
                version.version
            )));
        }
        let account = association["serviceAccount"].as_str().unwrap_or_default();
        if !addon
            .service_accounts
            .iter()
            .any(|known| known.name == account)
        {
            return Err(ApiError::invalid_parameter(format!(
                "Service account {account} in pod identity configuration is not supported for \
                 addon {}",
                addon.name
            )));
        }
    }
    Ok(())
}

/// Makes the associations of an add-on those of a request. One for the same service account is kept
/// and gets the new role; that, and that it happens at once, are guesses.
pub(super) fn set(
    cluster: &mut Cluster,
    scope: &Scope,
    owner: &str,
    namespace: &str,
    given: &Value,
) -> Result<(), ApiError> {
    let given = given.as_array().cloned().unwrap_or_default();
    check_free(cluster, owner, namespace, &given)?;
    let wanted = |object: &Object| {
        let account = &object.document["serviceAccount"];
        given
            .iter()
            .any(|given| given["serviceAccount"] == *account)
    };
    cluster
        .objects
        .retain(|_, object| object.document["ownerArn"] != owner || wanted(object));
    for association in &given {
        let mut associations = cluster.objects.values_mut();
        let known = associations.find(|object| {
            object.document["ownerArn"] == owner
                && object.document["serviceAccount"] == association["serviceAccount"]
        });
        match known {
            Some(known) if known.document["roleArn"] == association["roleArn"] => {}
            Some(known) => {
                known.document["roleArn"] = association["roleArn"].clone();
                known.document["modifiedAt"] = timestamp();
            }
            None => add(cluster, scope, owner, namespace, association),
        }
    }
    Ok(())
}

fn add(cluster: &mut Cluster, scope: &Scope, owner: &str, namespace: &str, given: &Value) {
    let body = json!({
        "namespace": namespace,
        "serviceAccount": given["serviceAccount"],
        "roleArn": given["roleArn"],
    });
    let association = new_association(scope, &cluster.name, &body, Some(owner));
    cluster.objects.insert(association.key.clone(), association);
}

/// A service account has one association only. The text is that of CreatePodIdentityAssociation;
/// that add-ons get it, too, is a guess.
fn check_free(
    cluster: &Cluster,
    owner: &str,
    namespace: &str,
    given: &[Value],
) -> Result<(), ApiError> {
    let is_in_the_way = |association: &&Object| {
        association.document["ownerArn"] != owner
            && association.document["namespace"] == namespace
            && given
                .iter()
                .any(|given| given["serviceAccount"] == association.document["serviceAccount"])
    };
    let mut associations = cluster.objects_of(Kind::PodIdentityAssociation);
    match associations.find(is_in_the_way) {
        Some(other) => {
            let id = &other.key.name;
            Err(ApiError::in_use(format!(
                "Association already exists: {id}"
            )))
        }
        None => Ok(()),
    }
}

/// Lets the associations live on without the add-on. DeleteAddon documents of `preserve` that "an
/// IAM account associated with the add-on isn't removed"; that this means associations is a guess.
pub(super) fn release(cluster: &mut Cluster, owner: &str) {
    for object in cluster.objects.values_mut() {
        if object.document["ownerArn"] == owner {
            object.document["ownerArn"] = Value::Null;
        }
    }
}
