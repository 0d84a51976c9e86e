//! The provider's functions, `provider::eks::<name>(…)`: one file each.
//!
//! They are pure: Terraform calls them while it validates, long before anybody knows of a region or of credentials, and
//! remembers results per arguments. So nothing here may look at the provider's configuration, the clock or AWS.

mod irsa_trust_policy;
mod kubeconfig;
mod pod_identity_trust_policy;
mod service_account_annotations;
mod version_compare;

use self::irsa_trust_policy::IrsaTrustPolicy;
use self::kubeconfig::Kubeconfig;
use self::pod_identity_trust_policy::PodIdentityTrustPolicy;
use self::service_account_annotations::ServiceAccountAnnotations;
use self::version_compare::VersionCompare;

use tfplugin_rs::tf::{Registry, Value};

use crate::aws::Context;

pub(crate) fn register(registry: Registry<Context>) -> Registry<Context> {
    registry
        .function::<IrsaTrustPolicy>()
        .function::<Kubeconfig>()
        .function::<PodIdentityTrustPolicy>()
        .function::<ServiceAccountAnnotations>()
        .function::<VersionCompare>()
}

/// What calling a function gives: the result, or the text for the user and the argument to blame, counted from 0.
type Called = Result<Value, (String, Option<i64>)>;

/// The text of an argument that Terraform has tested to be one.
fn text(arguments: &[Value], place: usize) -> &str {
    let argument = arguments.get(place).and_then(Value::as_str);
    argument.unwrap_or_default()
}
