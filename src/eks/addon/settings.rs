//! The data source `eks_addon_configuration`: what can be configured in an add-on, and which permissions it needs.

use aws_sdk_eks::types as sdk;
use tfplugin_rs::model;
use tfplugin_rs::tf::checks::length;
use tfplugin_rs::tf::{self, DataSource};

use crate::aws::{self, Call};
use crate::eks::shared::Answer;
use crate::eks::shared::spelling::text;

model! {
    /// Tells what can be configured in a version of an add-on, and which IAM policies AWS recommends for its service accounts.
    pub struct Model {
        /// AWS's name of the add-on, such as `vpc-cni`.
        pub addon_name: String => check(length(1..=100)),
        /// Version of the add-on, such as `v1.20.5-eksbuild.1`.
        pub addon_version: String => check(length(1..=100)),
        /// Region to look in. Default is the region of the provider.
        pub region: aws::Region,
        /// JSON schema of `configuration_values`.
        pub configuration_schema: Option<String> => computed,
        /// The service accounts that can have roles by way of EKS Pod Identity.
        pub pod_identity_configuration: Vec<ServiceAccount> => computed,
    }
}

model! {
    /// A service account of the add-on.
    pub struct ServiceAccount {
        /// Its name.
        pub service_account: Option<String> => computed,
        /// ARNs of the managed IAM policies that AWS recommends for its role.
        pub recommended_managed_policies: Vec<String> => computed,
    }
}

pub struct AddonConfiguration;

impl DataSource for AddonConfiguration {
    type Context = aws::Context;
    type Model = Model;

    const NAME: &'static str = "addon_configuration";
    const TITLE: &'static str = "EKS add-on configuration";

    async fn read(cx: &Call, config: Model) -> tf::Result<Model> {
        let client = cx.eks(config.region.as_deref()).await?;
        let request = client.describe_addon_configuration();
        let request = request
            .addon_name(&config.addon_name)
            .addon_version(&config.addon_version);
        let answer = request.send().await;
        let answer = answer.to("DescribeAddonConfiguration", &config.addon_name)?;
        let accounts = answer.pod_identity_configuration.into_iter().flatten();
        Ok(Model {
            region: config.region.resolved(cx),
            configuration_schema: text(answer.configuration_schema),
            pod_identity_configuration: accounts.map(into_service_account).collect(),
            ..config
        })
    }
}

fn into_service_account(account: sdk::AddonPodIdentityConfiguration) -> ServiceAccount {
    ServiceAccount {
        service_account: account.service_account,
        recommended_managed_policies: account.recommended_managed_policies.unwrap_or_default(),
    }
}
