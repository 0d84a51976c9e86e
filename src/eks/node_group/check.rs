//! Rules for the configuration of a node group: what AWS would refuse, said before it is asked, on the attribute to mend.
//!
//! Unknown means "cannot say yet". Nothing is asked of AWS here; what needs its answers is in `template`.

use tfplugin_rs::tf::checks::matches;
use tfplugin_rs::tf::{Diagnostics, Value};

use super::name::{MAX_NAME, MAX_PREFIX};

type Outcome = Result<(), String>;

/// Longest key and value of labels and taints, whatever Kubernetes itself would take. Source: EKS service model.
const MAX_LABEL: usize = 63;
/// Kubernetes: an optional DNS name with a slash, and a word.
const LABEL_KEY: &str =
    "^([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$";
const LABEL_VALUE: &str = "^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$";

/// All rules over several attributes that hold for the configuration as it is written. Terraform has it checked before
/// `ignore_changes` puts the values of the state in; a rule over what is commonly ignored is in `plan`.
pub(super) fn check(config: &Value, found: &mut Diagnostics) {
    check_name(config, found);
    check_scaling(config, found);
    check_image(config, found);
    check_launch_template(config, found);
    check_remote_access(config, found);
    check_taints(config, found);
    check_update_config(config, found);
    check_repair(config, found);
    check_warm_pool(config, found);
}

fn check_name(config: &Value, found: &mut Diagnostics) {
    if config.get("node_group_name").is_set() && config.get("node_group_name_prefix").is_set() {
        found.error(
            "node_group_name_prefix",
            "Conflicting name",
            "node_group_name and node_group_name_prefix exclude each other: keep the one, remove the other.",
        );
    }
}

fn check_scaling(config: &Value, found: &mut Diagnostics) {
    let size = |name: &str| config.at(&format!("scaling_config[0].{name}")).as_i64();
    if let (Some(min), Some(max)) = (size("min_size"), size("max_size"))
        && min > max
    {
        let detail = format!("max_size must be at least min_size, which is {min}, got {max}.");
        found.error("scaling_config[0].max_size", "Invalid max_size", detail);
    }
}

/// `CUSTOM` and capacity blocks live on a launch template, and a custom image has no version that EKS could know.
fn check_image(config: &Value, found: &mut Diagnostics) {
    let is_custom = config.get("ami_type").as_str() == Some("CUSTOM");
    let may_have_template =
        config.get("launch_template").is_unknown() || block(config, "launch_template").is_some();
    if is_custom && !may_have_template {
        let detail = "ami_type \"CUSTOM\" means the image of a launch template. Add a launch_template block, or choose \
                      another ami_type.";
        found.error("ami_type", "Launch template missing", detail);
    }
    if config.get("capacity_type").as_str() == Some("CAPACITY_BLOCK") && !may_have_template {
        let detail = "A capacity block is named by a launch template. Add a launch_template block, or choose another \
                      capacity_type.";
        found.error("capacity_type", "Launch template missing", detail);
    }
    for name in ["version", "release_version"]
        .into_iter()
        .filter(|_| is_custom)
    {
        if config.get(name).is_set() {
            let detail = format!(
                "{name} conflicts with ami_type \"CUSTOM\": the image in the launch template decides. Remove {name}."
            );
            found.error(name, format!("Conflicting {name}"), detail);
        }
    }
}

fn check_launch_template(config: &Value, found: &mut Diagnostics) {
    let Some(template) = block(config, "launch_template") else {
        return;
    };
    match (template.get("id").is_set(), template.get("name").is_set()) {
        (true, true) => found.error(
            "launch_template[0].name",
            "Conflicting name",
            "id and name of the launch template exclude each other: keep the one, remove the other.",
        ),
        (false, false) if !template.get("id").is_unknown() && !template.get("name").is_unknown() => found.error(
            "launch_template",
            "Launch template not named",
            "launch_template needs the id or the name of the template.",
        ),
        _ => {}
    }
    if config.get("disk_size").is_set() {
        let detail = "disk_size conflicts with launch_template: remove it and set the size in the block_device_mappings \
                      of the template.";
        found.error("disk_size", "Conflicting disk_size", detail);
    }
    if block(config, "remote_access").is_some() {
        let detail = "remote_access conflicts with launch_template: remove it and set key_name and \
                      vpc_security_group_ids in the template.";
        found.error("remote_access", "Conflicting remote_access", detail);
    }
}

fn check_remote_access(config: &Value, found: &mut Diagnostics) {
    let Some(access) = block(config, "remote_access") else {
        return;
    };
    let (key, groups) = (
        access.get("ec2_ssh_key"),
        access.get("source_security_group_ids"),
    );
    if key.is_null() && groups.is_absent() {
        let detail = "remote_access names neither a key nor security groups. Set ec2_ssh_key, or remove the block.";
        found.error("remote_access", "Empty remote_access", detail);
    }
    if key.is_set() && groups.is_absent() {
        let detail = "Without source_security_group_ids EKS opens the SSH port of every node (RDP on Windows) to the \
                      whole internet, 0.0.0.0/0. Name the security groups from which the nodes may be reached.";
        found.warning(
            "remote_access[0].ec2_ssh_key",
            "Nodes reachable from everywhere",
            detail,
        );
    }
}

/// Elements of a set have no path of their own, so the message says which one it is about.
fn check_taints(config: &Value, found: &mut Diagnostics) {
    let mut seen = std::collections::BTreeSet::new();
    for taint in config.get("taint").elements() {
        if let (Some(key), Some(effect)) = (taint.get("key").as_str(), taint.get("effect").as_str())
            && !seen.insert((key, effect))
        {
            let detail = format!(
                "There are two taints with key {key:?} and effect {effect:?}. They would be one: remove one of them."
            );
            found.error("taint", "Taint given twice", detail);
        }
    }
}

fn check_update_config(config: &Value, found: &mut Diagnostics) {
    let Some(update) = block(config, "update_config") else {
        return;
    };
    let (count, percentage) = (
        update.get("max_unavailable"),
        update.get("max_unavailable_percentage"),
    );
    if count.is_null() && percentage.is_null() {
        let detail = "update_config needs max_unavailable or max_unavailable_percentage.";
        found.error("update_config", "Incomplete update_config", detail);
    }
    exclude(
        config,
        "update_config[0]",
        ["max_unavailable", "max_unavailable_percentage"],
        found,
    );
}

fn check_repair(config: &Value, found: &mut Diagnostics) {
    for pair in [
        [
            "max_parallel_nodes_repaired_count",
            "max_parallel_nodes_repaired_percentage",
        ],
        [
            "max_unhealthy_node_threshold_count",
            "max_unhealthy_node_threshold_percentage",
        ],
    ] {
        exclude(config, "node_repair_config[0]", pair, found);
    }
}

fn check_warm_pool(config: &Value, found: &mut Diagnostics) {
    let Some(pool) = block(config, "warm_pool_config") else {
        return;
    };
    let ami_type = config.get("ami_type").as_str().unwrap_or_default();
    if ami_type == "CUSTOM" {
        let detail = "Warm pools are for AMIs of EKS, not for custom ones. Remove warm_pool_config, or the image from the \
                      launch template together with ami_type.";
        found.error("warm_pool_config", "Warm pool not supported", detail);
    }
    if !ami_type.starts_with("BOTTLEROCKET") {
        return;
    }
    if pool.get("pool_state").as_str() == Some("HIBERNATED") {
        let detail = "Bottlerocket cannot hibernate. Choose \"STOPPED\" or \"RUNNING\".";
        found.error(
            "warm_pool_config[0].pool_state",
            "Invalid pool_state",
            detail,
        );
    }
    if pool.get("reuse_on_scale_in").as_bool() == Some(true) {
        let detail = "Bottlerocket nodes cannot go back to a warm pool. Set reuse_on_scale_in to false, or remove it.";
        found.error(
            "warm_pool_config[0].reuse_on_scale_in",
            "Invalid reuse_on_scale_in",
            detail,
        );
    }
}

/// At most one of two.
fn exclude(config: &Value, block: &str, [one, other]: [&str; 2], found: &mut Diagnostics) {
    let inside = config.at(block);
    if inside.get(one).is_set() && inside.get(other).is_set() {
        let detail =
            format!("{one} and {other} exclude each other: keep the one, remove the other.");
        found.error(
            format!("{block}.{other}").as_str(),
            format!("Conflicting {other}"),
            detail,
        );
    }
}

/// The inside of a block that is there at most once.
pub(super) fn block<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    let inside = object.get(name).index(0);
    matches!(inside, Value::Object(_)).then_some(inside)
}

/// A name of a node group.
pub(super) fn name(value: &Value) -> Outcome {
    named(value, MAX_NAME)
}

/// The beginning of one.
pub(super) fn name_prefix(value: &Value) -> Outcome {
    named(value, MAX_PREFIX)
}

fn named(value: &Value, most: usize) -> Outcome {
    let pattern = format!("^[0-9A-Za-z][0-9A-Za-z_-]{{0,{}}}$", most - 1);
    let expected = format!(
        "1 to {most} letters, digits, hyphens and underscores, beginning with a letter or digit"
    );
    matches(&pattern, &expected)(value)
}

/// A map of labels.
pub(super) fn labels(value: &Value) -> Outcome {
    let Value::Map(labels) = value else {
        return Ok(());
    };
    for (key, value) in labels {
        if label_key(&key.as_str().into()).is_err() {
            return Err(format!("must have keys of {}, got {key:?}", key_form()));
        }
        if value.as_str().is_some_and(str::is_empty) {
            return Err(format!(
                "must have values of 1 to {MAX_LABEL} characters, which EKS demands, got \"\" for {key:?}"
            ));
        }
        if label_value(value).is_err() {
            let got = value.as_str().unwrap_or_default();
            return Err(format!(
                "must have values of {}, got {got:?} for {key:?}",
                value_form()
            ));
        }
    }
    Ok(())
}

/// A key of a taint.
pub(super) fn taint_key(value: &Value) -> Outcome {
    label_key(value)
}

fn label_key(value: &Value) -> Outcome {
    let is_short = value
        .as_str()
        .is_none_or(|text| (1..=MAX_LABEL).contains(&text.len()));
    match is_short {
        true => matches(LABEL_KEY, &key_form())(value),
        false => Err(format!("must be {}", key_form())),
    }
}

fn key_form() -> String {
    format!(
        "1 to {MAX_LABEL} characters as in Kubernetes: letters, digits, hyphens, underscores and dots between letters or \
         digits, with an optional DNS name and a slash before them"
    )
}

/// A value of a label or a taint; empty means none.
pub(super) fn label_value(value: &Value) -> Outcome {
    let Some(text) = value.as_str().filter(|text| !text.is_empty()) else {
        return Ok(());
    };
    match text.len() <= MAX_LABEL {
        true => matches(LABEL_VALUE, &value_form())(value),
        false => Err(format!("must be {}", value_form())),
    }
}

fn value_form() -> String {
    format!(
        "up to {MAX_LABEL} letters, digits, hyphens, underscores and dots, beginning and ending with a letter or digit"
    )
}
