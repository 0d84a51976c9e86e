//! The services of AWS that there are clients of: one line each. Endpoint, cache, client and the argument in the provider
//! block follow from it.

use std::collections::BTreeMap;

use aws_config::SdkConfig;
use aws_smithy_runtime::client::retries::RetryPartition;
use tfplugin_rs::tf;

use super::cache::Cache;
use super::context::Context;
use super::lost::Watch;
use crate::api::{Client, LostAnswers};

/// URLs of services that are not where AWS has them, by the name of the service.
pub type Endpoints = BTreeMap<&'static str, String>;

/// A client of one service, as it is made and kept.
pub(super) trait Service: Clone {
    /// The name of the service.
    const NAME: &'static str;

    /// Where its clients are kept.
    fn cache(clients: &Clients) -> &Cache<Self>;

    /// A client with these settings.
    fn with(config: &SdkConfig, endpoint: Option<String>, retries: Option<RetryPartition>) -> Self;
}

macro_rules! services {
    ($($(#[$doc:meta])* $name:ident: $sdk:ident, $title:literal;)*) => {
        /// The name of each service in the provider block, and what people call it.
        pub const SERVICES: &[(&str, &str)] = &[$((stringify!($name), $title)),*];

        /// The clients that have been made.
        #[derive(Default)]
        pub(super) struct Clients {
            $($name: Cache<$sdk::Client>,)*
        }

        $(
            impl Service for $sdk::Client {
                const NAME: &'static str = stringify!($name);

                fn cache(clients: &Clients) -> &Cache<Self> {
                    &clients.$name
                }

                fn with(
                    config: &SdkConfig,
                    endpoint: Option<String>,
                    retries: Option<RetryPartition>,
                ) -> Self {
                    let mut builder = $sdk::config::Builder::from(config);
                    if endpoint.is_some() {
                        builder.set_endpoint_url(endpoint);
                    }
                    builder.set_retry_partition(retries);
                    Self::from_conf(builder.build())
                }
            }

            impl Client for $sdk::Client {
                type Context = Context;

                async fn of(context: &Context, region: Option<&str>) -> tf::Result<Self> {
                    context.client(region).await
                }

                fn watched(&self, lost: &LostAnswers) -> Self {
                    let watch = Watch(lost.clone());
                    let config = self.config().to_builder().interceptor(watch);
                    Self::from_conf(config.build())
                }
            }
        )*

        impl Context {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                ///
                /// The provider block is not wholly known yet, no region is configured, or the account may not be used.
                pub async fn $name(&self, region: Option<&str>) -> tf::Result<$sdk::Client> {
                    self.client(region).await
                }
            )*
        }
    };
}

services! {
    /// A client of EKS in a region, by default the provider's.
    eks: aws_sdk_eks, "EKS";
    /// A client of EC2 in a region, by default the provider's.
    ec2: aws_sdk_ec2, "EC2";
    /// A client of IAM. The region only chooses the partition.
    iam: aws_sdk_iam, "IAM";
    /// A client of STS in a region, by default the provider's.
    sts: aws_sdk_sts, "STS";
}
