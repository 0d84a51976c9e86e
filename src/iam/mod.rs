//! What IAM is to pods on EKS: providers of identities and roles, who may take a role ([`trust`]), and what well-known
//! workloads need to do with it ([`workload`]).
//!
//! The documents are pure functions of what they are asked for: `trust`, `workload` and `document` must not know how Terraform
//! or AWS is talked to.

mod checks;
pub mod document;
mod errors;
pub mod irsa_role;
mod issuer;
pub mod oidc_provider;
mod tags;
pub mod trust;
pub mod workload;

pub use document::Document;
use tfplugin_rs::tf::Registry;

use self::irsa_role::IrsaRole;
use self::oidc_provider::OidcProvider;
use crate::aws::Context;
use crate::kind::Managed;

/// Adds what there is of IAM.
pub(crate) fn register(registry: Registry<Context>) -> Registry<Context> {
    registry
        .resource::<Managed<IrsaRole>>()
        .resource::<Managed<OidcProvider>>()
}
