//! The data source `eks_capability`: a capability that is managed elsewhere.

use tfplugin_rs::tf::HasDataSource;

use super::blocks::{Ack, Configuration};
use super::{Capability, Model};
use crate::kind::Managed;

impl HasDataSource for Managed<Capability> {
    const ABOUT: &'static str = "Reads a capability: Argo CD, ACK or kro.";
    const MAY_BE_GIVEN: &'static [&'static str] = &["region"];
    const RENAMED: &'static [(&'static str, &'static str)] = &[("tags_all", "tags")];

    /// A reader wants to know of settings that are at their default, too.
    fn sought(config: Model) -> Model {
        let configuration = Configuration {
            argo_cd: None,
            ack: Some(Ack::usual()),
        };
        Model {
            configuration: Some(configuration),
            ..config
        }
    }
}
