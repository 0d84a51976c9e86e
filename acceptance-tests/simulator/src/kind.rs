//! The kinds of objects that a cluster contains.
//!
//! One line in the table below makes faults, planned endings, the log, tags, `modify`, `remove` and
//! `state` know a kind. What objects of a kind are and do is the business of its module.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cluster::Cluster;
use crate::error::ApiError;
use crate::object::Object;
use crate::{
    access_entry, addon, capability, fargate_profile, identity_provider_config, insight,
    node_group, pod_identity_association,
};

/// What tells one kind from another where all are treated alike.
pub(crate) struct Traits {
    /// The member that answers have one object in, `nodegroup`.
    pub(crate) singular: &'static str,
    /// The member of `/_simulator/state` that has all of them, `nodegroups`.
    pub(crate) plural: &'static str,
    /// Where requests say which one is meant: a parameter of path or query, or a member of the
    /// body, dots leading into structures. The first is the parameter of the path, and the member
    /// of those exceptions that have one for the kind.
    pub(crate) named_by: &'static [&'static str],
    /// The member of the object that is its ARN.
    pub(crate) arn: &'static str,
    /// The refusal when there is none of that name: cluster, name.
    pub(crate) missing: fn(&str, &str) -> ApiError,
    /// The object as its Describe operation answers it.
    pub(crate) describe: fn(&Object, &Cluster) -> Value,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident: $traits:path,)*) => {
        /// A kind of object that a cluster contains.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            pub(crate) const ALL: &[Kind] = &[$(Kind::$kind),*];

            pub(crate) fn traits(self) -> &'static Traits {
                match self {
                    $(Kind::$kind => &$traits,)*
                }
            }
        }
    };
}

kinds! {
    /// A managed node group.
    NodeGroup: node_group::TRAITS,
    FargateProfile: fargate_profile::TRAITS,
    Addon: addon::TRAITS,
    /// A pod identity association; its name is its id.
    PodIdentityAssociation: pod_identity_association::TRAITS,
    /// An access entry with its access policies; its name is the ARN of the principal.
    AccessEntry: access_entry::TRAITS,
    /// An OIDC identity provider configuration.
    IdentityProviderConfig: identity_provider_config::TRAITS,
    Capability: capability::TRAITS,
    /// An insight; its name is its id.
    Insight: insight::TRAITS,
}

/// Which object of a cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) kind: Kind,
    pub(crate) name: String,
}

impl Key {
    pub(crate) fn new(kind: Kind, name: &str) -> Self {
        Key {
            kind,
            name: name.to_owned(),
        }
    }
}
