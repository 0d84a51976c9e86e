//! The provider's functions, `provider::eks::<name>(…)`: one file each.
//!
//! They are pure: Terraform calls them while it validates, long before anybody knows of a region or of credentials, and
//! remembers results per arguments. So nothing here may look at the provider's configuration, the clock or AWS.

mod irsa_trust_policy;
mod kubeconfig;
mod pod_identity_trust_policy;
mod service_account_annotations;
mod version_compare;

pub use irsa_trust_policy::IrsaTrustPolicy;
pub use kubeconfig::Kubeconfig;
pub use pod_identity_trust_policy::PodIdentityTrustPolicy;
pub use service_account_annotations::ServiceAccountAnnotations;
pub use version_compare::VersionCompare;

use tfplugin_rs::tf::Value;

/// What calling a function gives: the result, or the text for the user and the argument to blame, counted from 0.
type Called = Result<Value, (String, Option<i64>)>;

/// The text of an argument that Terraform has tested to be one.
fn text(arguments: &[Value], place: usize) -> &str {
    let argument = arguments.get(place).and_then(Value::as_str);
    argument.unwrap_or_default()
}
