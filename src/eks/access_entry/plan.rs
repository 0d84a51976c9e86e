//! What the names of an entry are planned to be when nobody gives any, and so what they go back to.
//!
//! AWS is not asked here.

use tfplugin_rs::tf::{Plan, Value};

use super::principal::default_user_name;
use super::{Model, STANDARD};
use crate::aws::Call;
use crate::eks::shared::lookup;

/// Plans groups and user name of an entry of the type `STANDARD`. What nodes get is for EKS to say.
pub(super) fn names(plan: &mut Plan) {
    if plan.planned.get("type").as_str() != Some(STANDARD) {
        return;
    }
    let planned = plan.planned.get("kubernetes_groups");
    let are_open = planned.is_null() && plan.is_create() || planned.elements().next().is_some();
    if plan.config.get("kubernetes_groups").is_null() && are_open {
        plan.set("kubernetes_groups", Value::set::<Value>([]));
    }
    let principal = plan.planned.get("principal_arn").as_str();
    let name = principal.and_then(default_user_name);
    if let Some(name) = name.filter(|_| plan.config.get("user_name").is_null()) {
        plan.set("user_name", name);
    }
}

/// Refuses an entry of a cluster that is planned in the same run and takes none. Of any other, AWS says so at apply.
pub(super) fn check_mode(cx: &Call, plan: &mut Plan) {
    let cluster = lookup::noted(cx, &plan.planned).filter(|_| plan.is_create());
    let mode = cluster.map(|cluster| cluster.authentication_mode);
    if mode.is_some_and(|mode| mode.as_str() == Some("CONFIG_MAP")) {
        let cluster = plan
            .planned
            .get("cluster_name")
            .as_str()
            .unwrap_or_default();
        let detail = format!(
            "The cluster {cluster:?} has the authentication mode CONFIG_MAP, in which only its aws-auth ConfigMap counts. Set \
             access_config {{ authentication_mode = \"API_AND_CONFIG_MAP\" }} for the cluster."
        );
        plan.diagnostics.error(
            "cluster_name",
            "The cluster takes no access entries",
            detail,
        );
    }
}

/// The user name, unless EKS gives the same: it recommends not to send one.
pub(super) fn own_user_name(planned: &Model) -> Option<String> {
    let default = default_user_name(&planned.principal_arn);
    let name = planned.user_name.clone();
    name.filter(|_| planned.user_name != default)
}
