//! Rules for the configuration of a role: what IAM would refuse, said before it is asked, on the attribute to mend.
//!
//! Unknown means "cannot say yet". Nothing is asked of AWS here.

use tfplugin_rs::tf::checks::{json, matches};
use tfplugin_rs::tf::{Diagnostics, Value};

use crate::iam::document::{MAX_INLINE, size};
use crate::iam::workload;

/// All rules over several attributes.
pub(super) fn check(config: &Value, found: &mut Diagnostics) {
    check_name(config, found);
    check_cluster(config, found);
    check_service_accounts(config, found);
    check_workload(config, found);
}

fn check_name(config: &Value, found: &mut Diagnostics) {
    if config.get("name").is_set() && config.get("name_prefix").is_set() {
        let detail = "name and name_prefix exclude each other: keep the one, remove the other.";
        found.error("name_prefix", "Conflicting name", detail);
    }
}

fn check_cluster(config: &Value, found: &mut Diagnostics) {
    let (cluster, providers) = (config.get("cluster_name"), config.get("oidc_provider_arns"));
    if cluster.is_set() && providers.is_set() {
        let detail = "cluster_name and oidc_provider_arns exclude each other: the provider of the cluster is found by \
                      its name. For a role on several clusters, name their OIDC providers only.";
        found.error(
            "oidc_provider_arns",
            "Conflicting oidc_provider_arns",
            detail,
        );
    }
    if cluster.is_null() && providers.is_null() {
        let detail = "Set cluster_name; or oidc_provider_arns, for one role on several clusters.";
        found.error("cluster_name", "Cluster missing", detail);
    }
}

fn check_service_accounts(config: &Value, found: &mut Diagnostics) {
    let name = config.get("workload").get("name");
    let usual = name.as_str().and_then(workload::find);
    // A name that nobody knows is an error by itself.
    let is_misspelt = name.is_set() && usual.is_none();
    let is_open = config.get("workload").is_unknown() || name.is_unknown() || is_misspelt;
    let has_usual = usual.is_some_and(|workload| !workload.service_accounts.is_empty());
    if config.get("service_accounts").is_null() && !is_open && !has_usual {
        let detail =
            "Set service_accounts to the namespaces and names of those whose pods get the role.";
        found.error("service_accounts", "Service accounts missing", detail);
    }
}

/// The policy of the workload has the workload's name inside of the role.
fn check_workload(config: &Value, found: &mut Diagnostics) {
    let Some(name) = config.get("workload").get("name").as_str() else {
        return;
    };
    if config.get("inline_policies").get(name).is_set() {
        let detail = format!(
            "The policy of the workload {name} is called {name:?} inside of the role. Give yours another name."
        );
        found.error("inline_policies", "Conflicting name", detail);
    }
}

/// Names and length of policies inside of a role. Those that are not known yet are left out.
pub(super) fn inline_policies(value: &Value) -> Result<(), String> {
    let Value::Map(policies) = value else {
        return Ok(());
    };
    for (name, policy) in policies {
        let is_name = matches("^[\\w+=,.@-]{1,128}$", "");
        if is_name(&name.as_str().into()).is_err() {
            return Err(format!(
                "must have names of 1 to 128 letters, digits and characters of _ + = , . @ -, got {name:?}"
            ));
        }
        json(policy).map_err(|expected| format!("{expected} (in {name:?})"))?;
        if policy.as_str().is_some_and(|text| !is_object(text)) {
            return Err(format!(
                "must have JSON objects, got another value for {name:?}"
            ));
        }
    }
    let total: usize = policies.values().filter_map(Value::as_str).map(size).sum();
    match total > MAX_INLINE {
        true => Err(format!(
            "must have at most {MAX_INLINE} characters in all, spaces not counted, got {total}: use policies of their \
             own and policy_arns"
        )),
        false => Ok(()),
    }
}

fn is_object(text: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(text).is_ok_and(|value| value.is_object())
}
