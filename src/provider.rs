//! The provider as Terraform sees it: its block, its context, its resources. How AWS is talked to is [`crate::aws`]'s.

mod block;
mod check;
mod region;
mod settings;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use tfplugin_rs::tf::engine::News;
use tfplugin_rs::tf::{
    self, Attribute, Configuration, Diagnostic, Diagnostics, Plan, Reading, Registry, Schema, Value,
};

use crate::aws::{Call, Context, Region, objects};
use crate::eks::access_entry::{AccessEntries, AccessEntry};
use crate::eks::access_policies::AccessPolicies;
use crate::eks::access_policy_association::AccessPolicyAssociation;
use crate::eks::addon::{Addon, AddonConfiguration, AddonVersion};
use crate::eks::capability::{Capabilities, Capability};
use crate::eks::cluster::{Cluster, Clusters};
use crate::eks::cluster_auth::{ClusterAuth, ClusterAuthSource};
use crate::eks::cluster_versions::ClusterVersions;
use crate::eks::fargate_profile::FargateProfile;
use crate::eks::identity_provider_config::IdentityProviderConfig;
use crate::eks::insights::Insights;
use crate::eks::names::Names;
use crate::eks::node_group::NodeGroup;
use crate::eks::pod_identity_association::{PodIdentityAssociation, PodIdentityAssociations};
use crate::eks::shared::lookup;
use crate::eks::updates::Updates;
use crate::functions;
use crate::iam::irsa_role::IrsaRole;
use crate::iam::oidc_provider::OidcProvider;
use crate::kind::{Kind, Managed};
use block::{Block, Meta};

/// The provider for Amazon EKS.
pub struct Eks;

impl tf::Provider for Eks {
    type Context = Context;

    const NAME: &'static str = "eks";

    fn schema() -> Schema {
        schema_of::<Block>()
    }

    fn meta() -> Option<Schema> {
        Some(schema_of::<Meta>())
    }

    fn check(config: &Value, found: &mut Diagnostics) {
        check::block(config, found);
    }

    async fn configure(configuration: Configuration) -> Result<Context, Diagnostics> {
        let environment = settings::Environment::of_process();
        let settings = settings::read(&configuration, &environment).await?;
        Context::new(settings).map_err(|reason| {
            Diagnostic::error(
                "Invalid proxy",
                format!("http_proxy or https_proxy: {reason}."),
            )
            .into()
        })
    }

    fn with_meta(context: &Arc<Context>, meta: &Value) -> Arc<Context> {
        let products = settings::products(meta.get("user_agent"));
        match products.as_slice() {
            [] => context.clone(),
            _ => Arc::new(context.for_module(products)),
        }
    }

    fn adjust(cx: &Call, attributes: &[Attribute], plan: &mut Plan) -> tf::Result<()> {
        objects::plan(cx, attributes, plan)
    }

    fn note(cx: &Context, news: &News<'_>) {
        if news.resource == Cluster::NAME {
            lookup::note(cx, news);
        }
    }

    const IDENTITY: &'static [&'static str] = &[Region::NAME];

    fn start_import<'i>(
        cx: &Context,
        attributes: &[Attribute],
        id: &'i str,
    ) -> (&'i str, Vec<(&'static str, Value)>) {
        objects::start_import(cx, attributes, id)
    }

    fn registry() -> Registry<Context> {
        Registry::new()
            .resource::<Managed<AccessEntry>>()
            .resource::<Managed<AccessPolicyAssociation>>()
            .resource::<Managed<Addon>>()
            .resource::<Managed<Cluster>>()
            .resource::<Managed<Capability>>()
            .resource::<Managed<FargateProfile>>()
            .resource::<Managed<IdentityProviderConfig>>()
            .resource::<Managed<NodeGroup>>()
            .resource::<Managed<PodIdentityAssociation>>()
            .resource::<Managed<IrsaRole>>()
            .resource::<Managed<OidcProvider>>()
            .data_source::<AccessEntries>()
            .data_source::<Reading<Managed<AccessEntry>>>()
            .data_source::<AccessPolicies>()
            .data_source::<PodIdentityAssociations>()
            .data_source::<Reading<Managed<Addon>>>()
            .data_source::<AddonConfiguration>()
            .data_source::<AddonVersion>()
            .data_source::<Names<Addon>>()
            .data_source::<Capabilities>()
            .data_source::<Reading<Managed<Capability>>>()
            .data_source::<Reading<Managed<Cluster>>>()
            .data_source::<ClusterAuthSource>()
            .data_source::<ClusterVersions>()
            .data_source::<Clusters>()
            .data_source::<Reading<Managed<FargateProfile>>>()
            .data_source::<Names<FargateProfile>>()
            .data_source::<Insights>()
            .data_source::<Reading<Managed<NodeGroup>>>()
            .data_source::<Names<NodeGroup>>()
            .data_source::<Updates>()
            .ephemeral_resource::<ClusterAuth>()
            .function::<functions::IrsaTrustPolicy>()
            .function::<functions::Kubeconfig>()
            .function::<functions::PodIdentityTrustPolicy>()
            .function::<functions::ServiceAccountAnnotations>()
            .function::<functions::VersionCompare>()
    }
}

fn schema_of<M: tf::Model>() -> Schema {
    Schema {
        version: 0,
        description: tf::checks::prose(M::DESCRIPTION),
        deprecated: None,
        attributes: M::attributes(),
    }
}
