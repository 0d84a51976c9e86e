//! Rules for the configuration of a capability: what AWS would refuse, said before it is asked, on the attribute to mend.
//!
//! Unknown means "cannot say yet".

use std::collections::BTreeSet;

use tfplugin_rs::tf::{Diagnostics, Value};

const ARGO_CD: &str = "configuration[0].argo_cd";
const ACK: &str = "configuration[0].ack";

/// All rules over several attributes.
pub(super) fn check(config: &Value, found: &mut Diagnostics) {
    if let Some(kind) = config.get("type").as_str() {
        check_type(kind, config, found);
    }
    check_roles(config, found);
}

/// Each type has settings of its own, and Argo CD has some that nobody else can give: who its users are. Source: EKS user
/// guide, "Create an Argo CD capability", which has IAM Identity Center among the prerequisites.
fn check_type(kind: &str, config: &Value, found: &mut Diagnostics) {
    for (block, owner) in [(ARGO_CD, "ARGOCD"), (ACK, "ACK")] {
        if kind != owner && !config.at(block).is_empty() && config.at(block).is_collection() {
            let detail = format!(
                "These are settings of type \"{owner}\", and the type of this capability is \"{kind}\". Remove the \
                 block, or choose the other type."
            );
            found.error(block, "Settings of another type", detail);
        }
    }
    let argo_cd = config.at(ARGO_CD);
    if kind == "ARGOCD" && argo_cd.is_absent() {
        let detail = "Users of Argo CD sign in through IAM Identity Center. Say through which instance: configuration { \
                      argo_cd { aws_idc { idc_instance_arn = … } } }.";
        found.error("type", "Settings of Argo CD missing", detail);
    }
}

/// AWS keeps the users of a role together. Elements of a set have no path of their own, so the message says which one it
/// is about.
fn check_roles(config: &Value, found: &mut Diagnostics) {
    const MAPPINGS: &str = "configuration[0].argo_cd[0].rbac_role_mapping";
    let mut seen = BTreeSet::new();
    for mapping in config.at(MAPPINGS).elements() {
        if let Some(role) = mapping.get("role").as_str()
            && !seen.insert(role)
        {
            let detail = format!(
                "There are two mappings of role \"{role}\". Put all users and groups of the role into one."
            );
            found.error(MAPPINGS, "Role mapped twice", detail);
        }
    }
}
