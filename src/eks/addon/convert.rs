//! Between the model of an add-on and the SDK's types. Nothing is decided here but what AWS's spelling of nothing is.

use std::collections::BTreeSet;

use aws_sdk_eks::operation::create_addon::builders::CreateAddonInputBuilder;
use aws_sdk_eks::{Client, types as sdk};

use super::{Model, NamespaceConfig, PodIdentityAssociation};
use crate::api::{self, Observed};
use crate::aws::{Call, tags};
use crate::eks::shared::Answer;
use crate::eks::shared::health;
use crate::eks::shared::spelling::{text, time};

/// The request for a new add-on, still without its version and token.
pub(super) fn create_request(planned: &Model) -> CreateAddonInputBuilder {
    let Model {
        cluster_name,
        addon_name,
        addon_version,
        // Has chosen the version.
        version_policy: _,
        configuration_values,
        service_account_role_arn,
        pod_identity_association: associations,
        namespace_config,
        resolve_conflicts_on_create: resolve,
        // Count later.
        resolve_conflicts_on_update: _,
        preserve: _,
        wait_for: _,
        // Chose the client.
        region: _,
        // Are in `tags_all`.
        tags: _,
        tags_all,
        // What AWS answers.
        id: _,
        arn: _,
        created_at: _,
        modified_at: _,
        status: _,
        health: _,
    } = planned;
    let associations = (!associations.is_empty()).then(|| requested(associations));
    CreateAddonInputBuilder::default()
        .set_addon_version(addon_version.clone())
        .cluster_name(cluster_name)
        .addon_name(addon_name)
        .set_configuration_values(configuration_values.clone())
        .set_service_account_role_arn(service_account_role_arn.clone())
        .set_pod_identity_associations(associations)
        .set_namespace_config(namespace_config.as_ref().map(namespace))
        .set_resolve_conflicts(resolve.as_deref().map(Into::into))
        .set_tags(tags_all.for_create())
}

/// Associations as requests have them.
pub(super) fn requested(
    associations: &BTreeSet<PodIdentityAssociation>,
) -> Vec<sdk::AddonPodIdentityAssociations> {
    let request = |association: &PodIdentityAssociation| {
        let PodIdentityAssociation {
            role_arn,
            service_account,
        } = association;
        let request = sdk::AddonPodIdentityAssociations::builder().role_arn(role_arn);
        // Building fails without one of the two only.
        request.service_account(service_account).build().ok()
    };
    associations.iter().filter_map(request).collect()
}

fn namespace(config: &NamespaceConfig) -> sdk::AddonNamespaceConfigRequest {
    let NamespaceConfig { namespace } = config;
    let request = sdk::AddonNamespaceConfigRequest::builder();
    request.set_namespace(namespace.clone()).build()
}

/// What the Pod Identity associations of an add-on are. One request for each: ListPodIdentityAssociations tells no roles.
pub(super) async fn associations(
    client: &Client,
    addon: &sdk::Addon,
) -> api::Result<BTreeSet<PodIdentityAssociation>> {
    let cluster = addon.cluster_name().unwrap_or_default();
    let describe = async |arn: String| {
        let (_, id) = arn.rsplit_once('/').unwrap_or_default();
        let request = client.describe_pod_identity_association();
        let request = request.cluster_name(cluster).association_id(id);
        let answer = request.send().await;
        let found = answer.found("DescribePodIdentityAssociation", &arn, |it| it.association)?;
        Ok(found.map(|found| PodIdentityAssociation {
            role_arn: found.object.role_arn.unwrap_or_default(),
            service_account: found.object.service_account.unwrap_or_default(),
        }))
    };
    let arns = addon.pod_identity_associations().to_vec();
    let associations = api::ask_each(arns, describe).await?;
    Ok(associations.into_iter().collect())
}

/// The model of what AWS describes. `known` has what AWS does not tell, and the Pod Identity associations, of which AWS
/// tells the ARNs only; see [`associations`].
pub(super) fn into_model(cx: &Call, addon: sdk::Addon, known: &Model) -> Model {
    let health = health::of(&addon);
    let status = Observed::status(&addon).to_owned();
    let cluster_name = addon.cluster_name.unwrap_or_default();
    let addon_name = addon.addon_name.unwrap_or_default();
    let (tags, tags_all) = tags::from_api(cx, addon.tags.iter().flatten(), &known.tags);
    let or = |known: &Option<String>, default: &str| known.clone().or(Some(default.to_owned()));
    Model {
        id: Some(format!("{cluster_name}:{addon_name}")),
        cluster_name,
        addon_name,
        addon_version: addon.addon_version,
        version_policy: known.version_policy.clone(),
        configuration_values: text(addon.configuration_values),
        service_account_role_arn: text(addon.service_account_role_arn),
        pod_identity_association: known.pod_identity_association.clone(),
        namespace_config: namespace_config(addon.namespace_config),
        resolve_conflicts_on_create: or(&known.resolve_conflicts_on_create, "NONE"),
        resolve_conflicts_on_update: or(&known.resolve_conflicts_on_update, "NONE"),
        preserve: known.preserve.or(Some(false)),
        wait_for: or(&known.wait_for, "active"),
        region: known.region.resolved(cx),
        tags,
        tags_all,
        arn: addon.addon_arn,
        created_at: time(addon.created_at),
        modified_at: time(addon.modified_at),
        status: Some(status),
        health,
    }
}

fn namespace_config(config: Option<sdk::AddonNamespaceConfigResponse>) -> Option<NamespaceConfig> {
    let namespace = text(config?.namespace);
    namespace.is_some().then_some(NamespaceConfig { namespace })
}
