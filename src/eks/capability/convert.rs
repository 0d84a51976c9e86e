//! Between the model of a capability and the SDK's types. No request is sent from here and nothing is decided but what
//! AWS's spelling of nothing is.

use std::collections::BTreeSet;

use aws_sdk_eks::operation::create_capability::builders::CreateCapabilityInputBuilder;
use aws_sdk_eks::types as sdk;

use super::Model;
use super::blocks::{Ack, ArgoCd, AwsIdc, Configuration, Identity, NetworkAccess, RoleMapping};
use crate::aws::{Call, tags};
use crate::eks::shared::health;
use crate::eks::shared::spelling::{set, word};

/// The request for a new capability, still without its token.
pub(super) fn create_request(planned: &Model) -> CreateCapabilityInputBuilder {
    let Model {
        cluster_name,
        capability_name,
        r#type,
        role_arn,
        delete_propagation_policy,
        configuration: settings,
        // Chose the client.
        region: _,
        // Are in `tags_all`.
        tags: _,
        tags_all,
        // What AWS answers.
        arn: _,
        version: _,
        status: _,
        health: _,
    } = planned;
    CreateCapabilityInputBuilder::default()
        .cluster_name(cluster_name)
        .capability_name(capability_name)
        .r#type(r#type.as_str().into())
        .role_arn(role_arn)
        .delete_propagation_policy(delete_propagation_policy.as_str().into())
        .set_configuration(settings.as_ref().and_then(configuration))
        .set_tags(tags_all.for_create())
}

/// An empty block says nothing.
fn configuration(settings: &Configuration) -> Option<sdk::CapabilityConfigurationRequest> {
    let Configuration { argo_cd, ack } = settings;
    if argo_cd.is_none() && ack.is_none() {
        return None;
    }
    let ack = ack.as_ref().map(|ack| {
        sdk::AckConfigRequest::builder()
            .set_enable_cross_namespace(ack.enable_cross_namespace)
            .set_disabled_services(ack.disabled_services.as_ref().map(strings))
            .build()
    });
    let configuration = sdk::CapabilityConfigurationRequest::builder()
        .set_argo_cd(argo_cd.as_ref().map(argo_cd_request))
        .set_ack(ack);
    Some(configuration.build())
}

fn argo_cd_request(settings: &ArgoCd) -> sdk::ArgoCdConfigRequest {
    let ArgoCd {
        namespace,
        endpoint_prefix,
        aws_idc,
        network_access: access,
        rbac_role_mapping: mappings,
        // What AWS answers.
        server_url: _,
    } = settings;
    let AwsIdc {
        idc_instance_arn,
        idc_region,
        idc_managed_application_arn: _,
    } = aws_idc;
    let idc = sdk::ArgoCdAwsIdcConfigRequest::builder()
        .idc_instance_arn(idc_instance_arn)
        .set_idc_region(idc_region.clone());
    let mappings: Vec<_> = mappings.iter().filter_map(role_mapping).collect();
    sdk::ArgoCdConfigRequest::builder()
        .set_namespace(namespace.clone())
        .set_endpoint_prefix(endpoint_prefix.clone())
        // Fails for members that are missing, and none is.
        .set_aws_idc(idc.build().ok())
        .set_network_access(access.as_ref().map(network_access))
        .set_rbac_role_mappings((!mappings.is_empty()).then_some(mappings))
        .build()
}

/// Without VPC endpoints the server is open to the internet; AWS is told so with an empty list.
pub(super) fn network_access(access: &NetworkAccess) -> sdk::ArgoCdNetworkAccessConfigRequest {
    let NetworkAccess { vpce_ids } = access;
    let ids = vpce_ids.as_ref().map(strings).unwrap_or_default();
    sdk::ArgoCdNetworkAccessConfigRequest::builder()
        .set_vpce_ids(Some(ids))
        .build()
}

pub(super) fn role_mapping(mapping: &RoleMapping) -> Option<sdk::ArgoCdRoleMapping> {
    let RoleMapping { role, identity } = mapping;
    // Both fail for members that are missing, and none is.
    let sso_identity = |Identity { id, r#type }: &Identity| {
        let identity = sdk::SsoIdentity::builder().id(id);
        identity.r#type(r#type.as_str().into()).build().ok()
    };
    sdk::ArgoCdRoleMapping::builder()
        .role(role.as_str().into())
        .set_identities(Some(identity.iter().filter_map(sso_identity).collect()))
        .build()
        .ok()
}

pub(super) fn strings(set: &BTreeSet<String>) -> Vec<String> {
    set.iter().cloned().collect()
}

/// The model of what AWS answers. `known` is the plan or the prior state: it has what AWS does not tell.
pub(super) fn into_model(cx: &Call, answer: sdk::Capability, known: &Model) -> Model {
    let health = health::of(&answer);
    let (own_tags, tags_all) = tags::from_api(cx, answer.tags.iter().flatten(), &known.tags);
    Model {
        cluster_name: answer.cluster_name.unwrap_or_default(),
        capability_name: answer.capability_name.unwrap_or_default(),
        r#type: word(answer.r#type).unwrap_or_default(),
        role_arn: answer.role_arn.unwrap_or_default(),
        delete_propagation_policy: word(answer.delete_propagation_policy).unwrap_or_default(),
        configuration: from_configuration(answer.configuration, known.configuration.as_ref()),
        region: known.region.resolved(cx),
        tags: own_tags,
        tags_all,
        arn: answer.arn,
        version: answer.version,
        status: word(answer.status),
        health,
    }
}

/// The settings that somebody made. AWS answers its defaults, too, for which nobody needs to write a block; a block that
/// is there stays, whatever it says.
fn from_configuration(
    answer: Option<sdk::CapabilityConfigurationResponse>,
    known: Option<&Configuration>,
) -> Option<Configuration> {
    let (argo_cd, ack) = answer.map_or((None, None), |it| (it.argo_cd, it.ack));
    let known_argo_cd = known.and_then(|known| known.argo_cd.as_ref());
    let argo_cd = argo_cd.map(|argo_cd| from_argo_cd(argo_cd, known_argo_cd));
    let has_ack = known.is_some_and(|known| known.ack.is_some());
    let ack = ack
        .map(from_ack)
        .filter(|ack| has_ack || *ack != Ack::usual());
    let is_something = known.is_some() || argo_cd.is_some() || ack.is_some();
    is_something.then_some(Configuration { argo_cd, ack })
}

fn from_argo_cd(answer: sdk::ArgoCdConfigResponse, known: Option<&ArgoCd>) -> ArgoCd {
    let idc = answer.aws_idc.map(from_aws_idc);
    let mappings = answer.rbac_role_mappings.into_iter().flatten();
    let has_access = known.is_some_and(|known| known.network_access.is_some());
    let vpce_ids = set(answer.network_access.and_then(|it| it.vpce_ids));
    let is_access = has_access || vpce_ids.is_some();
    ArgoCd {
        namespace: answer.namespace,
        endpoint_prefix: answer.endpoint_prefix,
        aws_idc: idc.unwrap_or_default(),
        network_access: is_access.then_some(NetworkAccess { vpce_ids }),
        rbac_role_mapping: mappings.map(from_role_mapping).collect(),
        server_url: answer.server_url,
    }
}

fn from_aws_idc(answer: sdk::ArgoCdAwsIdcConfigResponse) -> AwsIdc {
    AwsIdc {
        idc_instance_arn: answer.idc_instance_arn.unwrap_or_default(),
        idc_region: answer.idc_region,
        idc_managed_application_arn: answer.idc_managed_application_arn,
    }
}

fn from_role_mapping(answer: sdk::ArgoCdRoleMapping) -> RoleMapping {
    let identity = |identity: sdk::SsoIdentity| Identity {
        id: identity.id,
        r#type: identity.r#type.as_str().to_owned(),
    };
    RoleMapping {
        role: answer.role.as_str().to_owned(),
        identity: answer.identities.into_iter().map(identity).collect(),
    }
}

fn from_ack(answer: sdk::AckConfigResponse) -> Ack {
    Ack {
        enable_cross_namespace: Some(answer.enable_cross_namespace.unwrap_or(false)),
        disabled_services: set(answer.disabled_services),
    }
}
