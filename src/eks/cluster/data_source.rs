//! The data source `eks_cluster`: a cluster that is managed elsewhere.

use tfplugin_rs::tf::HasDataSource;

use super::blocks::{ElasticLoadBalancing, KubernetesNetworkConfig};
use super::{Cluster, Model};
use crate::kind::Managed;

impl HasDataSource for Managed<Cluster> {
    const ABOUT: &'static str = "Reads an EKS cluster.";
    const MAY_BE_GIVEN: &'static [&'static str] = &["region"];
    const RENAMED: &'static [(&'static str, &'static str)] = &[("tags_all", "tags")];

    /// Blocks that the resource passes over when nobody wrote them and they are as usual.
    fn sought(config: Model) -> Model {
        let network = KubernetesNetworkConfig {
            elastic_load_balancing: Some(ElasticLoadBalancing::default()),
            ..KubernetesNetworkConfig::default()
        };
        Model {
            kubernetes_network_config: Some(network),
            ..config
        }
    }
}
