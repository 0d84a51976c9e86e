//! What EKS is: one folder per kind, and in `shared` the little that several of them have in common.
//!
//! Nothing in here knows how Terraform is spoken to; it sees models, [`crate::aws`], [`crate::kind`] and SDK types.

pub mod access_entry;
pub mod access_policies;
pub mod access_policy_association;
pub mod addon;
pub mod capability;
pub mod cluster;
pub mod cluster_auth;
pub mod cluster_versions;
pub mod fargate_profile;
pub mod identity_provider_config;
pub mod insights;
pub mod node_group;
pub mod pod_identity_association;
pub mod shared;
pub mod updates;

use tfplugin_rs::tf::{Registry, ResourceDataSource};

use self::access_entry::{AccessEntries, AccessEntry};
use self::access_policies::AccessPolicies;
use self::access_policy_association::AccessPolicyAssociation;
use self::addon::{Addon, AddonConfiguration, AddonVersion};
use self::capability::{Capabilities, Capability};
use self::cluster::{Cluster, Clusters};
use self::cluster_auth::{ClusterAuth, ClusterAuthSource};
use self::cluster_versions::ClusterVersions;
use self::fargate_profile::FargateProfile;
use self::identity_provider_config::IdentityProviderConfig;
use self::insights::Insights;
use self::node_group::NodeGroup;
use self::pod_identity_association::{PodIdentityAssociation, PodIdentityAssociations};
use self::shared::list::Names;
use self::updates::Updates;
use crate::aws::Context;
use crate::kind::Managed;

/// Adds what there is of EKS. A kind that is not named here does not exist.
pub(crate) fn register(registry: Registry<Context>) -> Registry<Context> {
    registry
        .resource::<Managed<AccessEntry>>()
        .resource::<Managed<AccessPolicyAssociation>>()
        .resource::<Managed<Addon>>()
        .resource::<Managed<Cluster>>()
        .resource::<Managed<Capability>>()
        .resource::<Managed<FargateProfile>>()
        .resource::<Managed<IdentityProviderConfig>>()
        .resource::<Managed<NodeGroup>>()
        .resource::<Managed<PodIdentityAssociation>>()
        .data_source::<AccessEntries>()
        .data_source::<ResourceDataSource<Managed<AccessEntry>>>()
        .data_source::<AccessPolicies>()
        .data_source::<PodIdentityAssociations>()
        .data_source::<ResourceDataSource<Managed<Addon>>>()
        .data_source::<AddonConfiguration>()
        .data_source::<AddonVersion>()
        .data_source::<Names<Addon>>()
        .data_source::<Capabilities>()
        .data_source::<ResourceDataSource<Managed<Capability>>>()
        .data_source::<ResourceDataSource<Managed<Cluster>>>()
        .data_source::<ClusterAuthSource>()
        .data_source::<ClusterVersions>()
        .data_source::<Clusters>()
        .data_source::<ResourceDataSource<Managed<FargateProfile>>>()
        .data_source::<Names<FargateProfile>>()
        .data_source::<Insights>()
        .data_source::<ResourceDataSource<Managed<NodeGroup>>>()
        .data_source::<Names<NodeGroup>>()
        .data_source::<Updates>()
        .ephemeral_resource::<ClusterAuth>()
}
