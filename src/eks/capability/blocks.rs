//! The blocks of a capability, as practitioners write them.
//!
//! Names and nesting are those of `aws_eks_capability` of hashicorp/aws 6.x, so that a configuration can be taken over.
//! What AWS calls them is for `convert` to know.

use std::collections::BTreeSet;

use tfplugin_rs::model;
use tfplugin_rs::tf::checks::{count, length, matches};

use crate::aws::region;
use crate::eks::shared::checks::{arn, namespace};

model! {
    /// Settings of a capability, in the block of its type. kro has none.
    pub struct Configuration {
        /// Settings of Argo CD: for a capability of type `ARGOCD`, which needs them, and for no other.
        pub argo_cd: Option<ArgoCd> => block,
        /// Settings of ACK, the AWS Controllers for Kubernetes: for a capability of type `ACK` and no other.
        ///
        /// When removed, they go back to AWS's defaults.
        pub ack: Option<Ack> => block,
    }
}

model! {
    /// Settings of Argo CD.
    pub struct ArgoCd {
        /// Kubernetes namespace of Argo CD's resources. Another namespace is another capability.
        ///
        /// AWS takes `argocd` when it is absent. Removing it leaves the namespace as it is.
        pub namespace: Option<String> => optional_computed replace check(namespace),
        /// Beginning of the server's host name: 1 to 50 lower-case letters, digits and hyphens, with a letter or digit at
        /// both ends. Another prefix is another capability.
        ///
        /// AWS makes up the whole name when it is absent. Removing it leaves the name as it is.
        pub endpoint_prefix: Option<String> => optional_computed replace check(endpoint_prefix),
        /// The instance of IAM Identity Center through which users sign in.
        pub aws_idc: AwsIdc => block,
        /// From where the server can be reached. When absent or removed, from the internet.
        pub network_access: Option<NetworkAccess> => block,
        /// Which users and groups have a role in Argo CD: one block for each role. Removing one takes the role away from
        /// all of its users and groups.
        pub rbac_role_mapping: BTreeSet<RoleMapping> => block optional,
        /// URL of the server: its web interface and API.
        pub server_url: Option<String> => computed keep,
    }
}

model! {
    /// The instance of IAM Identity Center through which users sign in.
    pub struct AwsIdc {
        /// ARN of the instance, such as `arn:aws:sso:::instance/ssoins-1234567890abcdef`. Another instance is another
        /// capability.
        pub idc_instance_arn: String => replace check(arn),
        /// Region of the instance. Another region is another capability.
        ///
        /// AWS takes the region of the cluster when it is absent. Removing it leaves the region as it is.
        pub idc_region: Option<String> => optional_computed replace check(region::check),
        /// ARN of the application that EKS makes in the instance.
        pub idc_managed_application_arn: Option<String> => computed keep,
    }
}

model! {
    /// From where Argo CD's server can be reached.
    pub struct NetworkAccess {
        /// VPC endpoints through which it is reached, and then not from the internet any more.
        pub vpce_ids: Option<BTreeSet<String>> => each(matches(
            "^vpce-[0-9a-f]+$",
            "the id of a VPC endpoint, such as \"vpce-0123456789abcdef0\"",
        )),
    }
}

model! {
    /// Users and groups that have a role in Argo CD.
    pub struct RoleMapping {
        /// Their role: `ADMIN`, `EDITOR` or `VIEWER`.
        pub role: String => one_of(["ADMIN", "EDITOR", "VIEWER"]),
        /// The users and groups, at least one.
        pub identity: BTreeSet<Identity> => block check(count(1..=usize::MAX)),
    }
}

model! {
    /// A user or group of IAM Identity Center.
    pub struct Identity {
        /// Id of the user or group in the identity store.
        pub id: String => check(length(1..=usize::MAX)),
        /// Which of them it is: `SSO_USER` or `SSO_GROUP`.
        pub r#type: String => one_of(["SSO_USER", "SSO_GROUP"]),
    }
}

model! {
    /// Settings of ACK.
    pub struct Ack {
        /// Whether references between ACK's objects may lead to other Kubernetes namespaces. Default `false`.
        ///
        /// AWS left it on for capabilities that are older than the setting: say `true` to keep them so.
        pub enable_cross_namespace: Option<bool> => default(false),
        /// AWS services whose controllers are off, such as `s3`; at most 200. When absent or removed, none are.
        ///
        /// AWS takes any word, and a service that it does not know turns nothing off.
        pub disabled_services: Option<BTreeSet<String>> => check(count(0..=200)) each(service),
    }
}

impl Ack {
    /// What AWS does when nobody says anything.
    pub fn usual() -> Self {
        Self {
            enable_cross_namespace: Some(false),
            disabled_services: None,
        }
    }
}

fn endpoint_prefix(value: &tfplugin_rs::tf::Value) -> Result<(), String> {
    length(1..=50)(value)?;
    matches(
        "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
        "lower-case letters, digits and hyphens, with a letter or digit at both ends",
    )(value)
}

fn service(value: &tfplugin_rs::tf::Value) -> Result<(), String> {
    matches(
        "^[a-z][a-z0-9]{0,62}$",
        "the short name of an AWS service, such as \"s3\": at most 63 lower-case letters and digits, beginning with a \
         letter",
    )(value)
}
