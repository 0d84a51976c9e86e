//! The data source `eks_addon_version`: which version of an add-on to have on a version of Kubernetes.

use tfplugin_rs::model;
use tfplugin_rs::tf::checks::length;
use tfplugin_rs::tf::{self, DataSource};

use super::offer;
use crate::aws::{self, Call};
use crate::eks::shared::version::is_version;

model! {
    /// Finds the version of an add-on that AWS installs by default, or the latest one. To have it in an add-on,
    /// `version_policy` of `eks_addon` does without this.
    pub struct Model {
        /// AWS's name of the add-on, such as `vpc-cni`.
        pub addon_name: String => check(length(1..=100)),
        /// Version of Kubernetes that it has to run on, such as `1.33`.
        pub kubernetes_version: String => check(is_version),
        /// Whether to find the latest version instead of AWS's default. The latest is the highest, which need not be the one that
        /// was published last.
        pub most_recent: Option<bool>,
        /// Region to look in. Default is the region of the provider.
        pub region: aws::Region,
        /// AWS's name of the add-on.
        pub id: Option<String> => computed,
        /// The version, such as `v1.20.5-eksbuild.1`.
        pub version: Option<String> => computed,
        /// All versions of the add-on that run on that version of Kubernetes, the latest first.
        pub versions: Vec<String> => computed,
    }
}

pub struct AddonVersion;

impl DataSource for AddonVersion {
    type Context = aws::Context;
    type Model = Model;

    const NAME: &'static str = "addon_version";
    const TITLE: &'static str = "EKS add-on version";

    async fn read(cx: &Call, config: Model) -> tf::Result<Model> {
        let client = cx.eks(config.region.as_deref()).await?;
        let (addon, kubernetes) = (&config.addon_name, &config.kubernetes_version);
        let question = offer::Question {
            region: config.region.as_deref(),
            addon,
            kubernetes: Some(kubernetes),
        };
        let offers = offer::find(cx, &client, question).await?;
        let policy = match config.most_recent {
            Some(true) => "latest",
            _ => "default",
        };
        let Some(chosen) = offer::choose(&offers, policy) else {
            let nothing = format!("{}.", offer::nothing(policy, addon, kubernetes));
            return Err(tf::Error::new(nothing).at("addon_name"));
        };
        Ok(Model {
            id: Some(addon.clone()),
            version: Some(chosen.version.clone()),
            versions: offers.iter().map(|offer| offer.version.clone()).collect(),
            region: config.region.resolved(cx),
            ..config
        })
    }
}
