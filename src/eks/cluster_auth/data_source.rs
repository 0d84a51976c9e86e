//! The data source: the token only, which makes it work without any request.

use tfplugin_rs::model;
use tfplugin_rs::tf::{self, DataSource};

use super::token::Token;
use crate::aws::{self, Call};
use crate::eks::shared::checks::cluster_name;

model! {
    /// A token for the Kubernetes API of a cluster, as `aws eks get-token` makes it.
    ///
    /// Made without asking EKS. The token is stored in the state and in plans, and is worthless 15 minutes later: where
    /// your Terraform or OpenTofu has ephemeral resources (Terraform 1.10, OpenTofu 1.11), use the ephemeral
    /// `eks_cluster_auth` instead, which is stored nowhere.
    pub struct Model {
        /// Name of the cluster, or the id of a local cluster on an Outpost. That it exists is not checked.
        pub name: String => check(cluster_name),
        /// Region of the cluster. Default is the region of the provider.
        pub region: aws::Region,
        /// Name of the cluster.
        pub id: Option<String> => computed,
        /// The token. It is valid for 15 minutes, and no longer than the credentials that made it.
        pub token: Option<String> => computed sensitive,
    }
}

pub struct ClusterAuth;

impl DataSource for ClusterAuth {
    type Context = aws::Context;
    type Model = Model;

    const NAME: &'static str = "cluster_auth";
    const TITLE: &'static str = "EKS cluster token";

    async fn read(cx: &Call, config: Model) -> tf::Result<Model> {
        let Model {
            name,
            region,
            id: _,
            token: _,
        } = config;
        let token = Token::make(cx, &region, &name).await?;
        Ok(Model {
            id: Some(name.clone()),
            region: region.resolved(cx),
            name,
            token: Some(token.text),
        })
    }
}
