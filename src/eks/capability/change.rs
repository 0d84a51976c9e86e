//! What a change of a capability asks of AWS: one update, with nothing in it but what differs.

use std::collections::BTreeSet;

use aws_sdk_eks::operation::update_capability::builders::UpdateCapabilityInputBuilder;
use aws_sdk_eks::types as sdk;

use super::Model;
use super::blocks::{Ack, ArgoCd, Configuration, NetworkAccess, RoleMapping};
use super::convert::{network_access, role_mapping, strings};

/// The request for what differs, if anything does that AWS can change.
pub(super) fn request(prior: &Model, planned: &Model) -> Option<UpdateCapabilityInputBuilder> {
    let role = changed(&prior.role_arn, &planned.role_arn);
    let policy = changed(
        &prior.delete_propagation_policy,
        &planned.delete_propagation_policy,
    );
    let configuration = configuration(prior.configuration.as_ref(), planned.configuration.as_ref());
    if role.is_none() && policy.is_none() && configuration.is_none() {
        return None;
    }
    let request = UpdateCapabilityInputBuilder::default()
        .set_role_arn(role.cloned())
        .set_delete_propagation_policy(policy.map(|policy| policy.as_str().into()))
        .set_configuration(configuration);
    Some(request)
}

fn changed<'a, T: PartialEq>(prior: &T, planned: &'a T) -> Option<&'a T> {
    (prior != planned).then_some(planned)
}

fn configuration(
    prior: Option<&Configuration>,
    planned: Option<&Configuration>,
) -> Option<sdk::UpdateCapabilityConfiguration> {
    let settings = |it: Option<&Configuration>| match it {
        Some(Configuration { argo_cd, ack }) => (argo_cd.clone(), ack.clone()),
        None => (None, None),
    };
    let ((prior_argo_cd, prior_ack), (argo_cd, ack)) = (settings(prior), settings(planned));
    // One that comes or goes is another capability.
    let argo_cd = prior_argo_cd.zip(argo_cd);
    let argo_cd = argo_cd.and_then(|(prior, planned)| update_argo_cd(&prior, &planned));
    let ack = update_ack(
        &prior_ack.unwrap_or_else(Ack::usual),
        &ack.unwrap_or_else(Ack::usual),
    );
    (argo_cd.is_some() || ack.is_some()).then(|| {
        sdk::UpdateCapabilityConfiguration::builder()
            .set_argo_cd(argo_cd)
            .set_ack(ack)
            .build()
    })
}

fn update_argo_cd(prior: &ArgoCd, planned: &ArgoCd) -> Option<sdk::UpdateArgoCdConfig> {
    let mappings = update_mappings(&prior.rbac_role_mapping, &planned.rbac_role_mapping);
    let access = |argo_cd: &ArgoCd| argo_cd.network_access.clone().unwrap_or_default();
    let endpoints = |access: NetworkAccess| access.vpce_ids.unwrap_or_default();
    let is_same = endpoints(access(prior)) == endpoints(access(planned));
    let access = (!is_same).then(|| network_access(&access(planned)));
    (mappings.is_some() || access.is_some()).then(|| {
        sdk::UpdateArgoCdConfig::builder()
            .set_rbac_role_mappings(mappings)
            .set_network_access(access)
            .build()
    })
}

/// Says which users a role has from now on, and which it has no more.
///
/// "If a mapping for the specified role already exists, it will be updated with the new identities" (API reference of
/// UpdateRoleMappings) can mean that they take the place of the others, or that they join them. Both lists together come
/// to the same either way.
fn update_mappings(
    prior: &BTreeSet<RoleMapping>,
    planned: &BTreeSet<RoleMapping>,
) -> Option<sdk::UpdateRoleMappings> {
    let set: Vec<_> = planned.difference(prior).filter_map(role_mapping).collect();
    let gone = prior.iter().map(|mapping| without(mapping, planned));
    let gone = gone.filter(|mapping| !mapping.identity.is_empty());
    let gone: Vec<_> = gone.filter_map(|mapping| role_mapping(&mapping)).collect();
    (!set.is_empty() || !gone.is_empty()).then(|| {
        sdk::UpdateRoleMappings::builder()
            .set_add_or_update_role_mappings((!set.is_empty()).then_some(set))
            .set_remove_role_mappings((!gone.is_empty()).then_some(gone))
            .build()
    })
}

/// The mapping with those of its users that do not keep the role.
fn without(mapping: &RoleMapping, planned: &BTreeSet<RoleMapping>) -> RoleMapping {
    let same_role = planned
        .iter()
        .filter(|planned| planned.role == mapping.role);
    let kept: BTreeSet<_> = same_role.flat_map(|planned| &planned.identity).collect();
    let gone = mapping.identity.iter().filter(|it| !kept.contains(it));
    RoleMapping {
        role: mapping.role.clone(),
        identity: gone.cloned().collect(),
    }
}

/// What is left out stays as it is, and an empty list turns every service on again.
fn update_ack(prior: &Ack, planned: &Ack) -> Option<sdk::UpdateAckConfig> {
    let services = |ack: &Ack| ack.disabled_services.clone().unwrap_or_default();
    let (before, after) = (services(prior), services(planned));
    let services = changed(&before, &after).map(strings);
    let cross = changed(
        &prior.enable_cross_namespace,
        &planned.enable_cross_namespace,
    );
    (services.is_some() || cross.is_some()).then(|| {
        sdk::UpdateAckConfig::builder()
            .set_enable_cross_namespace(cross.copied().flatten())
            .set_disabled_services(services)
            .build()
    })
}
