//! UpdateNodegroupVersion: Kubernetes version, AMI release and launch template version.

use serde_json::{Value, json};

use super::change::Params;
use super::create::release;
use super::launch_template;
use crate::error::ApiError;
use crate::object::{Change, Object};
use crate::state::LaunchTemplate;
use crate::version::{self, minor};

pub(super) fn plan(
    cluster_version: &str,
    node_group: &Object,
    body: &Value,
    templates: &[LaunchTemplate],
) -> Result<Change, ApiError> {
    let (mut params, mut patch) = (Vec::new(), json!({}));
    let brings_image = plan_template(node_group, body, templates, &mut params, &mut patch)?;
    let custom = brings_image || node_group.document["amiType"] == "CUSTOM";
    if !custom {
        plan_release(cluster_version, node_group, body, &mut params, &mut patch)?;
    } else if !body["version"].is_null() {
        // Known text.
        return Err(ApiError::invalid_parameter(
            "You cannot specify the field kubernetesVersion when using custom AMIs.",
        ));
    }
    Ok(Change::merging(
        "UpdateNodegroupVersion",
        "VersionUpdate",
        params,
        patch,
    ))
}

/// Says whether the launch template brings an AMI of its own.
fn plan_template(
    node_group: &Object,
    body: &Value,
    templates: &[LaunchTemplate],
    params: &mut Params,
    patch: &mut Value,
) -> Result<bool, ApiError> {
    if body["launchTemplate"].is_null() {
        return match node_group.document["amiType"] == "CUSTOM" {
            // Known text.
            true => Err(ApiError::invalid_parameter(
                "Launch template details can't be null for Custom ami type node group",
            )),
            false => Ok(false),
        };
    }
    let chosen = launch_template::choose(templates, &body["launchTemplate"])?;
    let document = chosen.document();
    check_same_template(&node_group.document["launchTemplate"], &document)?;
    for (member, param) in [
        ("name", "LaunchTemplateName"),
        ("version", "LaunchTemplateVersion"),
    ] {
        params.push((
            param,
            document[member].as_str().unwrap_or_default().to_owned(),
        ));
    }
    patch["launchTemplate"] = document;
    if let Some(image) = &chosen.template.image_id {
        patch["releaseVersion"] = image.clone().into();
    }
    Ok(chosen.template.image_id.is_some())
}

/// That a template cannot be added or exchanged is documented, the words are guesses.
fn check_same_template(current: &Value, wanted: &Value) -> Result<(), ApiError> {
    if current.is_null() {
        return Err(ApiError::invalid_parameter(
            "A launch template cannot be specified for a nodegroup that was created without one",
        ));
    }
    match current["id"] == wanted["id"] {
        true => Ok(()),
        false => Err(ApiError::invalid_parameter(
            "You cannot specify a different launch template than the one used to create the \
             nodegroup",
        )),
    }
}

/// A version goes up to the cluster's, and to the previous one before a rollback of the cluster, says
/// AWS's user guide. That it goes back one minor version and no further, and that the cluster need
/// not have been upgraded for it, are guesses, as are the words.
fn plan_release(
    cluster_version: &str,
    node_group: &Object,
    body: &Value,
    params: &mut Params,
    patch: &mut Value,
) -> Result<(), ApiError> {
    let current = node_group.version().unwrap_or_default();
    let wanted = body["version"].as_str().unwrap_or(current);
    if minor(wanted).map(|wanted| wanted + 1) < minor(current) {
        return Err(ApiError::invalid_parameter(format!(
            "Requested version {wanted} is more than one minor version lower than the nodegroup \
             version {current}"
        )));
    }
    if wanted != current && minor(wanted) > minor(cluster_version) {
        return Err(ApiError::invalid_parameter(format!(
            "Nodegroup version {wanted} cannot be higher than the cluster version {cluster_version}"
        )));
    }
    version::find(wanted)?;
    let ami_type = node_group.document["amiType"].as_str().unwrap_or_default();
    let release = release(wanted, ami_type, body["releaseVersion"].as_str())?;
    params.push(("Version", wanted.to_owned()));
    params.push(("ReleaseVersion", release.clone()));
    patch["version"] = wanted.into();
    patch["releaseVersion"] = release.into();
    Ok(())
}
