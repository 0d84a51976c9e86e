//! What a change of a node group asks of AWS: at most one new version and one new configuration, with nothing in them
//! but what differs.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_eks::Client;
use aws_sdk_eks::operation::update_nodegroup_config::builders::UpdateNodegroupConfigInputBuilder;
use aws_sdk_eks::operation::update_nodegroup_version::builders::UpdateNodegroupVersionInputBuilder;
use aws_sdk_eks::types as sdk;

use super::blocks::{NodeRepairConfig, ScalingConfig, Taint, UpdateConfig, WarmPoolConfig};
use super::{Model, NodeGroup, convert};
use crate::api::Error;
use crate::aws::Call;
use crate::eks::shared::Answer;
use crate::eks::shared::update::{Of, run};
use crate::kind::{Kind, until_changed};

/// Asks for what differs and waits until it is so. The new version comes first, so that it finds the room that a
/// configuration may be about to take away.
///
/// # Errors
///
/// AWS refuses a change, or fails at it.
pub(super) async fn make(
    cx: &Call,
    client: &Client,
    (prior, planned): (&Model, &Model),
) -> Result<(), Error> {
    let key = NodeGroup::place(prior).key;
    let version = version_request(prior, planned);
    let config = config_request(prior, planned);
    if version.is_none() && config.is_none() {
        return Ok(());
    }
    // A node group that is still being made, or changed by somebody else, takes no change; one that failed never will.
    until_changed::<NodeGroup>(cx, client, prior).await?;
    let token = |what: &str| format!("{}-{what}", cx.idempotency_token());
    let place = (key.parent, Of::NodeGroup(key.name));
    if let Some(request) = version {
        let request = request
            .cluster_name(key.parent)
            .nodegroup_name(key.name)
            .client_request_token(token("version"));
        let ask = async || {
            let answer = request.clone().send_with(client).await;
            Ok(answer.to("UpdateNodegroupVersion", key)?.update)
        };
        run(cx, client, place, ask).await?;
    }
    if let Some(request) = config {
        let request = request
            .cluster_name(key.parent)
            .nodegroup_name(key.name)
            .client_request_token(token("config"));
        let ask = async || {
            let answer = request.clone().send_with(client).await;
            Ok(answer.to("UpdateNodegroupConfig", key)?.update)
        };
        run(cx, client, place, ask).await?;
    }
    Ok(())
}

/// The request for other software on the nodes, if there is to be any.
///
/// The template goes with it even if its version stays: AWS refuses to update a custom AMI without ("Launch template
/// details can't be null for Custom ami type node group").
fn version_request(prior: &Model, planned: &Model) -> Option<UpdateNodegroupVersionInputBuilder> {
    let template_version = |model: &Model| {
        model
            .launch_template
            .as_ref()
            .map(|template| template.version.clone())
    };
    let is_new_template = template_version(prior) != template_version(planned);
    let version = changed(&prior.version, &planned.version);
    let is_new_release = changed(&prior.release_version, &planned.release_version).is_some();
    if !is_new_template && version.is_none() && !is_new_release {
        return None;
    }
    // A release that stays although something else changes is pinned, and must be said again. That of a custom AMI is
    // the image, which only the template can name.
    let is_custom = planned.ami_type.as_deref() == Some("CUSTOM");
    let release = planned.release_version.clone().filter(|_| !is_custom);
    Some(
        UpdateNodegroupVersionInputBuilder::default()
            .set_version(version)
            .set_release_version(release)
            .set_launch_template(
                planned
                    .launch_template
                    .as_ref()
                    .map(convert::launch_template),
            )
            .set_force(planned.force_update_version.filter(|&force| force)),
    )
}

/// The value, if it is another one now. What is not known yet is left to AWS.
fn changed(prior: &Option<String>, planned: &Option<String>) -> Option<String> {
    planned.clone().filter(|_| planned != prior)
}

/// The request for another configuration, if there is to be any.
fn config_request(prior: &Model, planned: &Model) -> Option<UpdateNodegroupConfigInputBuilder> {
    let labels = labels(prior, planned);
    let taints = taints(&prior.taint, &planned.taint);
    let scaling = scaling(&prior.scaling_config, &planned.scaling_config);
    let update = update(prior.update_config.as_ref(), planned.update_config.as_ref());
    let repair = repair(
        prior.node_repair_config.as_ref(),
        planned.node_repair_config.as_ref(),
    );
    let warm_pool = warm_pool(
        prior.warm_pool_config.as_ref(),
        planned.warm_pool_config.as_ref(),
    );
    let is_something = labels.is_some()
        || taints.is_some()
        || scaling.is_some()
        || update.is_some()
        || repair.is_some()
        || warm_pool.is_some();
    is_something.then(|| {
        UpdateNodegroupConfigInputBuilder::default()
            .set_labels(labels)
            .set_taints(taints)
            .set_scaling_config(scaling)
            .set_update_config(update)
            .set_node_repair_config(repair)
            .set_warm_pool_config(warm_pool)
    })
}

fn labels(prior: &Model, planned: &Model) -> Option<sdk::UpdateLabelsPayload> {
    let none = BTreeMap::new();
    let prior = prior.labels.as_ref().unwrap_or(&none);
    let planned = planned.labels.as_ref().unwrap_or(&none);
    if prior == planned {
        return None;
    }
    let differs = |(key, value): &(&String, &String)| prior.get(*key) != Some(value);
    let set = planned
        .iter()
        .filter(differs)
        .map(|(key, value)| (key.clone(), value.clone()));
    let gone: Vec<_> = prior
        .keys()
        .filter(|key| !planned.contains_key(*key))
        .cloned()
        .collect();
    Some(
        sdk::UpdateLabelsPayload::builder()
            .set_add_or_update_labels(some(set.collect(), std::collections::HashMap::is_empty))
            .set_remove_labels(some(gone, Vec::is_empty))
            .build(),
    )
}

/// A taint with another value is set, not removed: it is the same one to AWS.
fn taints(prior: &BTreeSet<Taint>, planned: &BTreeSet<Taint>) -> Option<sdk::UpdateTaintsPayload> {
    let is_as_before = |taint: &&Taint| prior.iter().any(|prior| prior.means(taint));
    let stays = |taint: &&Taint| {
        planned
            .iter()
            .any(|planned| planned.identity() == taint.identity())
    };
    let set: Vec<_> = planned
        .iter()
        .filter(|taint| !is_as_before(taint))
        .map(convert::taint)
        .collect();
    let gone: Vec<_> = prior
        .iter()
        .filter(|taint| !stays(taint))
        .map(convert::taint)
        .collect();
    (!set.is_empty() || !gone.is_empty()).then(|| {
        sdk::UpdateTaintsPayload::builder()
            .set_add_or_update_taints(some(set, Vec::is_empty))
            .set_remove_taints(some(gone, Vec::is_empty))
            .build()
    })
}

/// Only the sizes that differ: an autoscaler may have changed the others since they were read.
fn scaling(prior: &ScalingConfig, planned: &ScalingConfig) -> Option<sdk::NodegroupScalingConfig> {
    let differing = |prior: i32, planned: i32| (prior != planned).then_some(planned);
    (prior != planned).then(|| {
        sdk::NodegroupScalingConfig::builder()
            .set_min_size(differing(prior.min_size, planned.min_size))
            .set_max_size(differing(prior.max_size, planned.max_size))
            .set_desired_size(differing(prior.desired_size, planned.desired_size))
            .build()
    })
}

/// Without a configuration: one node at a time, AWS's default.
fn update(
    prior: Option<&UpdateConfig>,
    planned: Option<&UpdateConfig>,
) -> Option<sdk::NodegroupUpdateConfig> {
    let one_at_a_time = || UpdateConfig {
        max_unavailable: Some(1),
        max_unavailable_percentage: None,
        update_strategy: Some(sdk::NodegroupUpdateStrategies::Default.as_str().to_owned()),
    };
    (prior != planned).then(|| {
        let planned = planned.cloned().unwrap_or_else(one_at_a_time);
        convert::update_config(&planned)
    })
}

/// Without a configuration: no repair, AWS's default.
fn repair(
    prior: Option<&NodeRepairConfig>,
    planned: Option<&NodeRepairConfig>,
) -> Option<sdk::NodeRepairConfig> {
    let none = || NodeRepairConfig {
        enabled: Some(false),
        ..NodeRepairConfig::default()
    };
    (prior != planned).then(|| {
        let planned = planned.cloned().unwrap_or_else(none);
        convert::node_repair_config(&planned)
    })
}

/// Without a configuration: no pool. An absent member would leave the pool as it is.
fn warm_pool(
    prior: Option<&WarmPoolConfig>,
    planned: Option<&WarmPoolConfig>,
) -> Option<sdk::WarmPoolConfig> {
    match planned {
        _ if prior == planned => None,
        Some(planned) => Some(convert::warm_pool_config(planned)),
        None => Some(sdk::WarmPoolConfig::builder().enabled(false).build()),
    }
}

/// AWS takes no empty collections.
fn some<C>(collection: C, is_empty: fn(&C) -> bool) -> Option<C> {
    (!is_empty(&collection)).then_some(collection)
}
