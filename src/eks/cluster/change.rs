//! What an update has to do: from two models to a list of requests, in the order they have to be made.
//!
//! EKS takes one type of change per request ("Only one type of update can be allowed.", says UpdateClusterConfig), and
//! one update at a time. What belongs to one type goes into one request; the types are those of `UpdateType` in the
//! service model: VpcConfigUpdate has both subnets and security groups, EndpointAccessUpdate both switches and the CIDR
//! blocks, AutoModeUpdate three blocks, ControlPlaneComponentConfigUpdate all three components.

use std::collections::BTreeSet;

use aws_sdk_eks::operation::update_cluster_config::builders::UpdateClusterConfigInputBuilder as Config;
use aws_sdk_eks::{Client, types as sdk};

use super::Model;
use super::blocks::KubeSchedulerConfig;
use super::convert::request as convert;
use crate::api::{Error, ErrorKind};
use crate::aws::Call;
use crate::eks::shared::Answer;
use crate::eks::shared::update::{self, Of};

#[derive(Clone, Debug)]
pub(super) enum Change {
    /// Another version of Kubernetes.
    Version { version: String, force: bool },
    /// Encryption with a key, for good.
    Encryption(sdk::EncryptionConfig),
    /// Anything else; the name tells the requests of one update apart.
    Config(&'static str, Box<Config>),
}

impl Change {
    /// Asks for the change and waits until it is made.
    pub(super) async fn make(self, cx: &Call, client: &Client, cluster: &str) -> Result<(), Error> {
        let token = format!("{}-{}", cx.idempotency_token(), self.name());
        let request = || self.request(client, cluster, &token);
        update::run(cx, client, (cluster, Of::Cluster), request).await
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Version { .. } => "version",
            Self::Encryption(_) => "encryption",
            Self::Config(name, _) => name,
        }
    }

    async fn request(
        &self,
        client: &Client,
        cluster: &str,
        token: &str,
    ) -> Result<Option<sdk::Update>, Error> {
        match self {
            Self::Version { version, force } => {
                let request = client
                    .update_cluster_version()
                    .name(cluster)
                    .version(version);
                let request = request.force(*force).client_request_token(token);
                let answer = request.send().await;
                Ok(answer.to("UpdateClusterVersion", cluster)?.update)
            }
            Self::Encryption(config) => {
                let request = client.associate_encryption_config().cluster_name(cluster);
                let request = request
                    .encryption_config(config.clone())
                    .client_request_token(token);
                let answer = request.send().await;
                Ok(answer.to("AssociateEncryptionConfig", cluster)?.update)
            }
            Self::Config(_, config) => {
                let request = Config::clone(config)
                    .name(cluster)
                    .client_request_token(token);
                let answer = request.send_with(client).await;
                Ok(answer.to("UpdateClusterConfig", cluster)?.update)
            }
        }
    }
}

/// All that differs, in the order of hashicorp/aws: the version first, because the rest may need it.
pub(super) fn changes(prior: &Model, planned: &Model) -> Result<Vec<Change>, Error> {
    let config = |name: &'static str, change: Option<Config>| {
        change.map(|config| Change::Config(name, Box::new(config)))
    };
    let all = [
        version(prior, planned),
        config("access", access(prior, planned)),
        config("auto-mode", auto_mode(prior, planned)),
        config("scaling", scaling(prior, planned)),
        config("deletion-protection", deletion_protection(prior, planned)),
        encryption(prior, planned)?,
        config("logging", logging(prior, planned)),
        config("remote-networks", remote_networks(prior, planned)),
        config("upgrade-policy", upgrade_policy(prior, planned)),
        config("endpoint", endpoint(prior, planned)),
        config("vpc", vpc(prior, planned)),
        config("zonal-shift", zonal_shift(prior, planned)),
        config("egress", egress(prior, planned)),
        config("components", components(prior, planned)),
    ];
    Ok(all.into_iter().flatten().collect())
}

/// The planned value, when it is set and another one than before.
fn changed<'a, T: PartialEq>(prior: Option<&T>, planned: Option<&'a T>) -> Option<&'a T> {
    planned.filter(|planned| prior != Some(planned))
}

fn version(prior: &Model, planned: &Model) -> Option<Change> {
    let version = changed(prior.version.as_ref(), planned.version.as_ref())?;
    Some(Change::Version {
        version: version.clone(),
        force: planned.force_update_version == Some(true),
    })
}

fn access(prior: &Model, planned: &Model) -> Option<Config> {
    let mode = |model: &Model| {
        model
            .access_config
            .clone()
            .and_then(|config| config.authentication_mode)
    };
    let (prior, planned) = (mode(prior), mode(planned));
    let mode = changed(prior.as_ref(), planned.as_ref())?;
    let request =
        sdk::UpdateAccessConfigRequest::builder().authentication_mode(mode.as_str().into());
    Some(Config::default().access_config(request.build()))
}

/// All three switches are sent whatever differs: with fewer AWS says "The type for cluster update was not provided."
fn auto_mode(prior: &Model, planned: &Model) -> Option<Config> {
    let (prior, planned) = (convert::auto_mode(prior), convert::auto_mode(planned));
    if prior == planned {
        return None;
    }
    let balancing = planned.balancing(prior.manages_gateway_api || planned.manages_gateway_api);
    let network = sdk::KubernetesNetworkConfigRequest::builder().elastic_load_balancing(balancing);
    let request = Config::default()
        .compute_config(planned.compute)
        .storage_config(planned.storage)
        .kubernetes_network_config(network.build());
    Some(request)
}

fn scaling(prior: &Model, planned: &Model) -> Option<Config> {
    let prior = prior.control_plane_scaling_config.as_ref();
    let config = changed(prior, planned.control_plane_scaling_config.as_ref())?;
    config.tier.as_ref()?;
    Some(Config::default().control_plane_scaling_config(convert::scaling(config)))
}

fn deletion_protection(prior: &Model, planned: &Model) -> Option<Config> {
    let on = changed(
        prior.deletion_protection.as_ref(),
        planned.deletion_protection.as_ref(),
    )?;
    Some(Config::default().deletion_protection(*on))
}

/// A key that was not known while planning can turn out to be another one than the cluster has.
fn encryption(prior: &Model, planned: &Model) -> Result<Option<Change>, Error> {
    match (&prior.encryption_config, &planned.encryption_config) {
        (None, Some(config)) => Ok(Some(Change::Encryption(convert::encryption(config)))),
        (Some(had), Some(config)) if had != config => {
            let message = format!(
                "The cluster is encrypted with {} and cannot change to {}: EKS does not exchange keys. Give the key that \
                 the cluster has, or make a new cluster",
                had.provider.key_arn, config.provider.key_arn
            );
            let error = Error::new("", "", ErrorKind::InvalidParameter, message);
            Err(error.at("encryption_config[0].provider[0].key_arn"))
        }
        // Removal is refused while planning.
        _ => Ok(None),
    }
}

fn logging(prior: &Model, planned: &Model) -> Option<Config> {
    let none = BTreeSet::new();
    let types = planned.enabled_cluster_log_types.as_ref().unwrap_or(&none);
    if prior.enabled_cluster_log_types.as_ref().unwrap_or(&none) == types {
        return None;
    }
    Some(Config::default().logging(convert::logging(types)))
}

fn remote_networks(prior: &Model, planned: &Model) -> Option<Config> {
    let request = |model: &Model| {
        convert::remote_networks(&model.remote_network_config.clone().unwrap_or_default())
    };
    let (prior, planned) = (request(prior), request(planned));
    (prior != planned).then(|| Config::default().remote_network_config(planned))
}

fn upgrade_policy(prior: &Model, planned: &Model) -> Option<Config> {
    let policy = changed(
        prior.upgrade_policy.as_ref(),
        planned.upgrade_policy.as_ref(),
    )?;
    policy.support_type.as_ref()?;
    Some(Config::default().upgrade_policy(convert::upgrade(policy)))
}

/// Blocks of a public endpoint that is off mean nothing and are not sent.
fn endpoint(prior: &Model, planned: &Model) -> Option<Config> {
    let (prior, planned) = (&prior.vpc_config, &planned.vpc_config);
    let switches = (
        planned.endpoint_private_access,
        planned.endpoint_public_access,
    );
    let is_switched = (prior.endpoint_private_access, prior.endpoint_public_access) != switches;
    let cidrs = planned.public_access_cidrs.as_ref();
    let cidrs =
        cidrs.filter(|cidrs| planned.endpoint_public_access != Some(false) && !cidrs.is_empty());
    if !is_switched && changed(prior.public_access_cidrs.as_ref(), cidrs).is_none() {
        return None;
    }
    let request = sdk::VpcConfigRequest::builder()
        .set_endpoint_private_access(switches.0)
        .set_endpoint_public_access(switches.1)
        .set_public_access_cidrs(cidrs.map(|cidrs| cidrs.iter().cloned().collect()));
    Some(Config::default().resources_vpc_config(request.build()))
}

fn vpc(prior: &Model, planned: &Model) -> Option<Config> {
    let (prior, planned) = (&prior.vpc_config, &planned.vpc_config);
    let none = BTreeSet::new();
    let groups = planned.security_group_ids.as_ref().unwrap_or(&none);
    let groups = changed(
        Some(prior.security_group_ids.as_ref().unwrap_or(&none)),
        Some(groups),
    );
    let subnets = changed(Some(&prior.subnet_ids), Some(&planned.subnet_ids));
    if groups.is_none() && subnets.is_none() {
        return None;
    }
    let list = |set: &BTreeSet<String>| set.iter().cloned().collect();
    let request = sdk::VpcConfigRequest::builder()
        .set_subnet_ids(subnets.map(list))
        .set_security_group_ids(groups.map(list));
    Some(Config::default().resources_vpc_config(request.build()))
}

fn zonal_shift(prior: &Model, planned: &Model) -> Option<Config> {
    let request =
        |model: &Model| convert::zonal_shift(&model.zonal_shift_config.clone().unwrap_or_default());
    let (prior, planned) = (request(prior), request(planned));
    (prior != planned).then(|| Config::default().zonal_shift_config(planned))
}

fn egress(prior: &Model, planned: &Model) -> Option<Config> {
    let prior = prior.vpc_config.control_plane_egress_mode.as_ref();
    let mode = changed(prior, planned.vpc_config.control_plane_egress_mode.as_ref())?;
    let request = sdk::VpcConfigRequest::builder().control_plane_egress_mode(mode.as_str().into());
    Some(Config::default().resources_vpc_config(request.build()))
}

fn components(prior: &Model, planned: &Model) -> Option<Config> {
    let api_server = changed(
        prior.kube_api_server_config.as_ref(),
        planned.kube_api_server_config.as_ref(),
    )
    .map(convert::api_server)
    .filter(|request| *request != sdk::KubeApiServerConfigRequest::builder().build());
    let manager = changed(
        prior.kube_controller_manager_config.as_ref(),
        planned.kube_controller_manager_config.as_ref(),
    )
    .map(convert::controller_manager)
    .filter(|request| *request != sdk::KubeControllerManagerConfigRequest::builder().build());
    let scheduler = with_weights(prior, planned);
    let scheduler = changed(prior.kube_scheduler_config.as_ref(), scheduler.as_ref())
        .map(convert::scheduler)
        .filter(|request| *request != sdk::KubeSchedulerConfigRequest::builder().build());
    if api_server.is_none() && manager.is_none() && scheduler.is_none() {
        return None;
    }
    let request = Config::default()
        .set_kube_api_server_config(api_server)
        .set_kube_controller_manager_config(manager)
        .set_kube_scheduler_config(scheduler);
    Some(request)
}

/// The planned scheduler configuration; weights that it leaves out are those that the cluster has.
fn with_weights(prior: &Model, planned: &Model) -> Option<KubeSchedulerConfig> {
    let strategy =
        |config: &KubeSchedulerConfig| config.node_resources_fit.clone()?.scoring_strategy;
    let before = prior.kube_scheduler_config.as_ref().and_then(strategy);
    let mut planned = planned.kube_scheduler_config.clone()?;
    let fit = planned.node_resources_fit.as_mut();
    if let Some(strategy) = fit.and_then(|fit| fit.scoring_strategy.as_mut())
        && strategy.resource.as_ref().is_none_or(Vec::is_empty)
    {
        strategy.resource = before.and_then(|before| before.resource);
    }
    Some(planned)
}
