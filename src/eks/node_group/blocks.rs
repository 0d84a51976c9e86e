//! The blocks of a node group, as practitioners write them, and the lists that it reports.
//!
//! What AWS calls them and how they are sent is for `convert` to know.

use std::collections::BTreeSet;

use tfplugin_rs::model;
use tfplugin_rs::tf::Value;
use tfplugin_rs::tf::checks::{length, matches, within};

use super::check::{label_value, taint_key};

model! {
    /// How many nodes there are.
    pub struct ScalingConfig {
        /// Number of nodes to have now, at least `min_size` and at most `max_size`.
        ///
        /// A cluster autoscaler changes this number, and the next apply sets it back. Where one runs, leave it alone with
        /// `lifecycle { ignore_changes = [scaling_config[0].desired_size] }`. A smaller number ends nodes at once: pod disruption
        /// budgets do not hold it up.
        pub desired_size: i32 => check(within(0..=i64::from(i32::MAX))),
        /// Largest number of nodes, at least 1.
        pub max_size: i32 => check(within(1..=i64::from(i32::MAX))),
        /// Smallest number of nodes, at least 0.
        pub min_size: i32 => check(within(0..=i64::from(i32::MAX))),
    }
}

model! {
    /// The EC2 launch template that nodes are started from.
    pub struct LaunchTemplate {
        /// Id of the template, such as `lt-0123456789abcdef0`.
        ///
        /// Conflicts with `name`. AWS cannot change it: another template is another node group.
        pub id: Option<String> => optional_computed replace follows(["name"])
            check(matches("^lt-[0-9a-f]+$", "the id of a launch template, such as \"lt-0123456789abcdef0\"")),
        /// Name of the template.
        ///
        /// Conflicts with `id`. AWS cannot change it: another template is another node group.
        pub name: Option<String> => optional_computed replace follows(["id"])
            check(matches(
                "^[a-zA-Z0-9().\\-/_]{3,128}$",
                "3 to 128 letters, digits and characters of ( ) . - / _",
            )),
        /// Version of the template: a number, `$Latest` or `$Default`.
        ///
        /// A change replaces the nodes, a few at a time. An alias stays as it is written: that it means another version now
        /// is no change. To roll out each new version, use `aws_launch_template.example.latest_version`.
        pub version: String => check(length(1..=255))
            check(matches("^([0-9]+|\\$Latest|\\$Default)$", "a number, \"$Latest\" or \"$Default\"")),
    }
}

model! {
    /// Who may reach the nodes by SSH, or by RDP on Windows.
    pub struct RemoteAccess {
        /// Name of the EC2 key pair that opens the nodes.
        ///
        /// Without `source_security_group_ids` the port is open to the whole internet.
        pub ec2_ssh_key: Option<String> => check(length(1..=255)),
        /// Security groups from which the nodes may be reached.
        pub source_security_group_ids: Option<BTreeSet<String>> => each(matches(
            "^sg-[0-9a-f]+$",
            "the id of a security group, such as \"sg-0123456789abcdef0\"",
        )),
    }
}

model! {
    /// Keeps pods off the nodes that do not tolerate it.
    pub struct Taint {
        /// Key of the taint: 1 to 63 characters, as in Kubernetes.
        pub key: String => check(taint_key),
        /// Value of the taint: up to 63 characters.
        pub value: Option<String> => check(label_value),
        /// What happens to pods that do not tolerate it: `NO_SCHEDULE`, `NO_EXECUTE` or `PREFER_NO_SCHEDULE`.
        pub effect: String => one_of(["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"]),
    }
}

model! {
    /// How many nodes may be missing while versions change.
    pub struct UpdateConfig {
        /// Number of nodes that may be unavailable at once, 1 to 100.
        ///
        /// Exactly one of this and `max_unavailable_percentage` is given.
        pub max_unavailable: Option<i32> => check(within(1..=100)),
        /// Percentage of the nodes that may be unavailable at once, 1 to 100.
        pub max_unavailable_percentage: Option<i32> => check(within(1..=100)),
        /// `DEFAULT` starts new nodes before it ends old ones, `MINIMAL` the other way round, for scarce instances.
        ///
        /// When removed, `DEFAULT`.
        pub update_strategy: Option<String> => default("DEFAULT") one_of(["DEFAULT", "MINIMAL"]),
    }
}

model! {
    /// How unhealthy nodes are repaired.
    pub struct NodeRepairConfig {
        /// Whether unhealthy nodes are repaired. When absent, `false`.
        pub enabled: Option<bool> => default(false),
        /// Number of nodes that are repaired at once.
        ///
        /// Conflicts with `max_parallel_nodes_repaired_percentage`.
        pub max_parallel_nodes_repaired_count: Option<i32> => check(within(1..=i64::from(i32::MAX))),
        /// Percentage of the unhealthy nodes that are repaired at once, 1 to 100.
        pub max_parallel_nodes_repaired_percentage: Option<i32> => check(within(1..=100)),
        /// Number of unhealthy nodes above which nothing is repaired.
        ///
        /// Conflicts with `max_unhealthy_node_threshold_percentage`.
        pub max_unhealthy_node_threshold_count: Option<i32> => check(within(1..=i64::from(i32::MAX))),
        /// Percentage of unhealthy nodes above which nothing is repaired, 1 to 100.
        pub max_unhealthy_node_threshold_percentage: Option<i32> => check(within(1..=100)),
        /// What to do about a certain trouble, instead of what AWS would.
        ///
        /// Each gives all four values.
        pub node_repair_config_overrides: Vec<RepairOverride> => block optional,
    }
}

model! {
    /// What to do about a certain trouble.
    pub struct RepairOverride {
        /// How long the trouble lasts before the node is repaired, in minutes, at least 1.
        pub min_repair_wait_time_mins: i32 => check(within(1..=i64::from(i32::MAX))),
        /// Condition that the node monitoring agent reports, such as `NetworkingReady`.
        pub node_monitoring_condition: String => check(length(1..=usize::MAX)),
        /// Reason that the node monitoring agent reports, such as `InterfaceNotUp`.
        pub node_unhealthy_reason: String => check(length(1..=usize::MAX)),
        /// What to do: `Replace`, `Reboot` or `NoAction`.
        pub repair_action: String => one_of(["Replace", "Reboot", "NoAction"]),
    }
}

model! {
    /// Instances kept ready, so that nodes join sooner. The pool exists while the block does.
    pub struct WarmPoolConfig {
        /// Largest number of instances in the pool and the node group together.
        ///
        /// `-1`, the default, is no limit of its own: as many as `scaling_config` allows.
        pub max_group_prepared_capacity: Option<i32> => default(-1_i64) check(prepared_capacity),
        /// Smallest number of instances in the pool.
        pub min_size: Option<i32> => default(0_i64) check(within(0..=i64::from(i32::MAX))),
        /// What instances in the pool do: `STOPPED`, `RUNNING` or `HIBERNATED`. Bottlerocket cannot hibernate.
        pub pool_state: Option<String> => default("STOPPED") one_of(["STOPPED", "RUNNING", "HIBERNATED"]),
        /// Whether nodes go back to the pool when the node group shrinks. Bottlerocket cannot.
        pub reuse_on_scale_in: Option<bool> => default(false),
    }
}

model! {
    /// What AWS made for a node group.
    pub struct Resources {
        /// Auto Scaling groups that start the nodes.
        pub autoscaling_groups: Vec<AutoscalingGroup> => computed,
        /// Security group that opens the nodes for `remote_access`.
        pub remote_access_security_group_id: Option<String> => computed,
    }
}

model! {
    /// An Auto Scaling group.
    pub struct AutoscalingGroup {
        /// Name of the Auto Scaling group.
        pub name: Option<String> => computed,
    }
}

impl Taint {
    /// To AWS a taint is another one when key or effect differ; the value can change.
    pub fn identity(&self) -> (&str, &str) {
        (&self.key, &self.effect)
    }

    /// Whether both say the same: no value and an empty one do.
    pub fn means(&self, other: &Self) -> bool {
        let value = |taint: &Self| taint.value.clone().unwrap_or_default();
        self.identity() == other.identity() && value(self) == value(other)
    }
}

fn prepared_capacity(value: &Value) -> Result<(), String> {
    match value.as_i64() {
        Some(0 | ..=-2) => Err("must be at least 1, or -1 for no limit".to_owned()),
        _ => Ok(()),
    }
}
