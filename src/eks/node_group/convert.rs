//! Between the model of a node group and the SDK's types. No request is sent from here and nothing is decided but
//! what AWS's spelling of nothing is.

use aws_sdk_eks::operation::create_nodegroup::builders::CreateNodegroupInputBuilder;
use aws_sdk_eks::types as sdk;

use super::blocks::{
    AutoscalingGroup, LaunchTemplate, NodeRepairConfig, RemoteAccess, RepairOverride, Resources,
    ScalingConfig, Taint, UpdateConfig, WarmPoolConfig,
};
use super::{Model, name};
use crate::aws::{Call, tags};
use crate::eks::shared::health;
use crate::eks::shared::spelling::{map, set, text, word};

/// No limit of its own, in AWS's words: what the Auto Scaling group may have.
const NO_LIMIT: i32 = -1;

/// The request for a new node group, still without its token.
pub(super) fn create_request(planned: &Model) -> CreateNodegroupInputBuilder {
    let Model {
        cluster_name,
        node_group_name,
        // Went into the name.
        node_group_name_prefix: _,
        node_role_arn,
        subnet_ids,
        scaling_config: scaling,
        instance_types,
        ami_type,
        capacity_type,
        disk_size,
        version,
        release_version,
        // Counts for updates.
        force_update_version: _,
        labels,
        taint: taints,
        launch_template: template,
        remote_access: access,
        update_config: update,
        node_repair_config: repair,
        warm_pool_config: pool,
        // Chose the client.
        region: _,
        // Are in `tags_all`.
        tags: _,
        tags_all,
        // What AWS answers.
        id: _,
        arn: _,
        status: _,
        resources: _,
        health: _,
    } = planned;
    let labels = labels.clone().filter(|labels| !labels.is_empty());
    let taints: Vec<_> = taints.iter().map(taint).collect();
    CreateNodegroupInputBuilder::default()
        .cluster_name(cluster_name)
        .set_nodegroup_name(node_group_name.clone())
        .node_role(node_role_arn)
        .set_subnets(Some(subnet_ids.iter().cloned().collect()))
        .scaling_config(scaling_config(scaling))
        .set_instance_types(instance_types.clone())
        .set_ami_type(ami_type.as_deref().map(Into::into))
        .set_capacity_type(capacity_type.as_deref().map(Into::into))
        .set_disk_size(*disk_size)
        .set_version(version.clone())
        .set_release_version(release_version.clone())
        .set_labels(labels.map(|labels| labels.into_iter().collect()))
        .set_taints((!taints.is_empty()).then_some(taints))
        .set_launch_template(template.as_ref().map(launch_template))
        .set_remote_access(access.as_ref().map(remote_access))
        .set_update_config(update.as_ref().map(update_config))
        .set_node_repair_config(repair.as_ref().map(node_repair_config))
        .set_warm_pool_config(pool.as_ref().map(new_warm_pool))
        .set_tags(tags_all.for_create())
}

pub(super) fn scaling_config(config: &ScalingConfig) -> sdk::NodegroupScalingConfig {
    let ScalingConfig {
        desired_size,
        max_size,
        min_size,
    } = *config;
    sdk::NodegroupScalingConfig::builder()
        .desired_size(desired_size)
        .max_size(max_size)
        .min_size(min_size)
        .build()
}

pub(super) fn taint(taint: &Taint) -> sdk::Taint {
    let Taint { key, value, effect } = taint;
    sdk::Taint::builder()
        .key(key)
        .set_value(value.clone())
        .effect(effect.as_str().into())
        .build()
}

/// AWS takes the id or the name, not both; it answers both, and the model has what it answered.
pub(super) fn launch_template(template: &LaunchTemplate) -> sdk::LaunchTemplateSpecification {
    let LaunchTemplate { id, name, version } = template;
    let name = name.clone().filter(|_| id.is_none());
    sdk::LaunchTemplateSpecification::builder()
        .set_id(id.clone())
        .set_name(name)
        .version(version)
        .build()
}

fn remote_access(access: &RemoteAccess) -> sdk::RemoteAccessConfig {
    let RemoteAccess {
        ec2_ssh_key,
        source_security_group_ids,
    } = access;
    let groups = source_security_group_ids.clone();
    sdk::RemoteAccessConfig::builder()
        .set_ec2_ssh_key(ec2_ssh_key.clone())
        .set_source_security_groups(groups.map(|groups| groups.into_iter().collect()))
        .build()
}

pub(super) fn update_config(config: &UpdateConfig) -> sdk::NodegroupUpdateConfig {
    let UpdateConfig {
        max_unavailable,
        max_unavailable_percentage,
        update_strategy,
    } = config;
    sdk::NodegroupUpdateConfig::builder()
        .set_max_unavailable(*max_unavailable)
        .set_max_unavailable_percentage(*max_unavailable_percentage)
        .set_update_strategy(update_strategy.as_deref().map(Into::into))
        .build()
}

pub(super) fn node_repair_config(config: &NodeRepairConfig) -> sdk::NodeRepairConfig {
    let NodeRepairConfig {
        enabled,
        max_parallel_nodes_repaired_count,
        max_parallel_nodes_repaired_percentage,
        max_unhealthy_node_threshold_count,
        max_unhealthy_node_threshold_percentage,
        node_repair_config_overrides,
    } = config;
    let overrides: Vec<_> = node_repair_config_overrides
        .iter()
        .map(repair_override)
        .collect();
    sdk::NodeRepairConfig::builder()
        .set_enabled(*enabled)
        .set_max_parallel_nodes_repaired_count(*max_parallel_nodes_repaired_count)
        .set_max_parallel_nodes_repaired_percentage(*max_parallel_nodes_repaired_percentage)
        .set_max_unhealthy_node_threshold_count(*max_unhealthy_node_threshold_count)
        .set_max_unhealthy_node_threshold_percentage(*max_unhealthy_node_threshold_percentage)
        .set_node_repair_config_overrides((!overrides.is_empty()).then_some(overrides))
        .build()
}

fn repair_override(one: &RepairOverride) -> sdk::NodeRepairConfigOverrides {
    let RepairOverride {
        min_repair_wait_time_mins,
        node_monitoring_condition,
        node_unhealthy_reason,
        repair_action,
    } = one;
    sdk::NodeRepairConfigOverrides::builder()
        .min_repair_wait_time_mins(*min_repair_wait_time_mins)
        .node_monitoring_condition(node_monitoring_condition)
        .node_unhealthy_reason(node_unhealthy_reason)
        .repair_action(repair_action.as_str().into())
        .build()
}

/// A pool that has no limit yet has none to take away.
fn new_warm_pool(config: &WarmPoolConfig) -> sdk::WarmPoolConfig {
    let mut pool = warm_pool_config(config);
    pool.max_group_prepared_capacity = pool
        .max_group_prepared_capacity
        .filter(|&limit| limit != NO_LIMIT);
    pool
}

/// The pool of a block that is there.
pub(super) fn warm_pool_config(config: &WarmPoolConfig) -> sdk::WarmPoolConfig {
    let WarmPoolConfig {
        max_group_prepared_capacity,
        min_size,
        pool_state,
        reuse_on_scale_in,
    } = config;
    sdk::WarmPoolConfig::builder()
        .enabled(true)
        .set_max_group_prepared_capacity(*max_group_prepared_capacity)
        .set_min_size(*min_size)
        .set_pool_state(pool_state.as_deref().map(Into::into))
        .set_reuse_on_scale_in(*reuse_on_scale_in)
        .build()
}

/// The model of what AWS answers. `known` is the plan or the prior state: it has what AWS does not tell, and the
/// spelling to keep.
pub(super) fn into_model(cx: &Call, answer: sdk::Nodegroup, known: &Model) -> Model {
    let health = health::of(&answer);
    let (own_tags, tags_all) = tags::from_api(cx, answer.tags.iter().flatten(), &known.tags);
    let cluster_name = answer
        .cluster_name
        .unwrap_or_else(|| known.cluster_name.clone());
    let name = answer
        .nodegroup_name
        .or_else(|| known.node_group_name.clone());
    Model {
        id: name.as_ref().map(|name| format!("{cluster_name}:{name}")),
        node_group_name_prefix: name::known_prefix(known, name.as_deref()),
        cluster_name,
        node_group_name: name,
        node_role_arn: answer
            .node_role
            .unwrap_or_else(|| known.node_role_arn.clone()),
        subnet_ids: answer.subnets.into_iter().flatten().collect(),
        scaling_config: answer
            .scaling_config
            .map(from_scaling_config)
            .unwrap_or_default(),
        instance_types: answer.instance_types.filter(|types| !types.is_empty()),
        ami_type: word(answer.ami_type),
        capacity_type: word(answer.capacity_type),
        disk_size: answer.disk_size,
        version: answer.version,
        release_version: answer.release_version,
        force_update_version: Some(known.force_update_version.unwrap_or(false)),
        labels: map(answer.labels),
        taint: answer
            .taints
            .into_iter()
            .flatten()
            .map(from_taint)
            .collect(),
        launch_template: answer
            .launch_template
            .map(|template| from_launch_template(template, known.launch_template.as_ref())),
        remote_access: answer.remote_access.map(from_remote_access),
        update_config: answer.update_config.map(from_update_config),
        node_repair_config: answer.node_repair_config.map(from_node_repair_config),
        warm_pool_config: answer.warm_pool_config.and_then(from_warm_pool_config),
        region: known.region.resolved(cx),
        tags: own_tags,
        tags_all,
        arn: answer.nodegroup_arn,
        status: word(answer.status),
        resources: answer.resources.map(from_resources).into_iter().collect(),
        health,
    }
}

fn from_scaling_config(config: sdk::NodegroupScalingConfig) -> ScalingConfig {
    ScalingConfig {
        desired_size: config.desired_size.unwrap_or_default(),
        max_size: config.max_size.unwrap_or_default(),
        min_size: config.min_size.unwrap_or_default(),
    }
}

fn from_taint(taint: sdk::Taint) -> Taint {
    Taint {
        key: taint.key.unwrap_or_default(),
        value: text(taint.value),
        effect: word(taint.effect).unwrap_or_default(),
    }
}

/// AWS answers a number. An alias stays as it was written, or each new version of the template would be a difference.
fn from_launch_template(
    template: sdk::LaunchTemplateSpecification,
    known: Option<&LaunchTemplate>,
) -> LaunchTemplate {
    let alias = known
        .map(|known| &known.version)
        .filter(|version| version.starts_with('$'));
    LaunchTemplate {
        id: template.id,
        name: template.name,
        version: alias.cloned().or(template.version).unwrap_or_default(),
    }
}

fn from_remote_access(access: sdk::RemoteAccessConfig) -> RemoteAccess {
    RemoteAccess {
        ec2_ssh_key: access.ec2_ssh_key,
        source_security_group_ids: set(access.source_security_groups),
    }
}

fn from_update_config(config: sdk::NodegroupUpdateConfig) -> UpdateConfig {
    let strategy = config.update_strategy;
    UpdateConfig {
        max_unavailable: config.max_unavailable,
        max_unavailable_percentage: config.max_unavailable_percentage,
        update_strategy: word(strategy),
    }
}

fn from_node_repair_config(config: sdk::NodeRepairConfig) -> NodeRepairConfig {
    let overrides = config.node_repair_config_overrides.into_iter().flatten();
    NodeRepairConfig {
        enabled: config.enabled,
        max_parallel_nodes_repaired_count: config.max_parallel_nodes_repaired_count,
        max_parallel_nodes_repaired_percentage: config.max_parallel_nodes_repaired_percentage,
        max_unhealthy_node_threshold_count: config.max_unhealthy_node_threshold_count,
        max_unhealthy_node_threshold_percentage: config.max_unhealthy_node_threshold_percentage,
        node_repair_config_overrides: overrides.map(from_repair_override).collect(),
    }
}

fn from_repair_override(one: sdk::NodeRepairConfigOverrides) -> RepairOverride {
    let action = one.repair_action;
    RepairOverride {
        min_repair_wait_time_mins: one.min_repair_wait_time_mins.unwrap_or_default(),
        node_monitoring_condition: one.node_monitoring_condition.unwrap_or_default(),
        node_unhealthy_reason: one.node_unhealthy_reason.unwrap_or_default(),
        repair_action: word(action).unwrap_or_default(),
    }
}

/// A pool that is not enabled is none.
fn from_warm_pool_config(config: sdk::WarmPoolConfig) -> Option<WarmPoolConfig> {
    if config.enabled == Some(false) {
        return None;
    }
    // The service model says STOPPED, the user guide Stopped.
    let state = config
        .pool_state
        .map(|state| state.as_str().to_ascii_uppercase());
    Some(WarmPoolConfig {
        max_group_prepared_capacity: Some(config.max_group_prepared_capacity.unwrap_or(NO_LIMIT)),
        min_size: Some(config.min_size.unwrap_or_default()),
        pool_state: Some(state.unwrap_or_else(|| "STOPPED".to_owned())),
        reuse_on_scale_in: Some(config.reuse_on_scale_in.unwrap_or_default()),
    })
}

fn from_resources(resources: sdk::NodegroupResources) -> Resources {
    let groups = resources.auto_scaling_groups.into_iter().flatten();
    Resources {
        autoscaling_groups: groups
            .map(|group| AutoscalingGroup { name: group.name })
            .collect(),
        remote_access_security_group_id: resources.remote_access_security_group,
    }
}
