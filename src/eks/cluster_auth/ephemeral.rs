//! The ephemeral resource: a token, and where to go with it.

use std::time::SystemTime;

use aws_sdk_eks::types as sdk;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tfplugin_rs::model;
use tfplugin_rs::tf::{self, EphemeralResource, Opened};

use super::token::Token;
use crate::api::ErrorKind;
use crate::aws::{self, Call};
use crate::eks::shared::checks::cluster_name;
use crate::eks::shared::lookup::find_cluster;

model! {
    /// A token for the Kubernetes API of a cluster, as `aws eks get-token` makes it, and what else a client needs. Stored
    /// neither in the state nor in plans.
    ///
    /// The token is valid for 15 minutes and cannot be prolonged. For applies that take longer, let the Kubernetes
    /// provider run `aws eks get-token` itself, with its `exec` block.
    ///
    /// Terraform makes a token in every plan and every apply, as soon as `name` is known. Together with the cluster in one
    /// configuration write `name = eks_cluster.example.id`, which is known when the cluster exists.
    pub struct Model {
        /// Name of the cluster.
        pub name: String => check(cluster_name),
        /// Region of the cluster. Default is the region of the provider.
        pub region: aws::Region,
        /// The token.
        pub token: Option<String> => computed sensitive,
        /// When to stop using the token, in RFC 3339 format: after 14 minutes, or earlier when the credentials that made
        /// it run out.
        pub expires_at: Option<String> => computed,
        /// URL of the Kubernetes API server. Null, with a warning, as long as the cluster does not exist or has none yet,
        /// as while EKS creates it, and without leave for `eks:DescribeCluster`.
        pub endpoint: Option<String> => computed,
        /// Certificate of the authority that signed the API server's, in PEM. Null in the same cases.
        pub cluster_ca_certificate: Option<String> => computed,
    }
}

pub struct ClusterAuth;

impl EphemeralResource for ClusterAuth {
    type Context = aws::Context;
    type Model = Model;

    const NAME: &'static str = "cluster_auth";
    const TITLE: &'static str = "EKS cluster token";

    async fn open(cx: &Call, config: Model) -> tf::Result<Opened<Model>> {
        let Model { name, region, .. } = config;
        let cluster = describe(cx, &region, &name).await?;
        let token = Token::make(cx, &region, identifier(&name, cluster.as_ref())).await?;
        let result = Model {
            region: region.resolved(cx),
            token: Some(token.text.clone()),
            expires_at: token.expires_at(),
            endpoint: cluster.as_ref().and_then(|it| it.endpoint.clone()),
            cluster_ca_certificate: certificate(cluster.as_ref())?,
            name: name.clone(),
        };
        Ok(Opened {
            result,
            renew_at: Some(token.expires_at),
            private: name.into_bytes(),
        })
    }

    /// A token cannot be prolonged. Terraform asks only while somebody still uses it, and so that somebody learns why
    /// they are refused.
    async fn renew(cx: &Call, private: &[u8]) -> tf::Result<Option<SystemTime>> {
        let name = String::from_utf8_lossy(private);
        cx.warn(
            "The token of the EKS cluster has run out",
            format!(
                "The token for {name:?} is used for longer than it is valid. Whatever uses it is refused from now on. Let \
                 the Kubernetes provider run `aws eks get-token` itself, with its exec block, or run Terraform again."
            ),
        );
        Ok(None)
    }
}

/// The cluster, where there is one and we may look. A token needs neither.
async fn describe(cx: &Call, region: &aws::Region, name: &str) -> tf::Result<Option<sdk::Cluster>> {
    let client = cx.eks(region.as_deref()).await?;
    let (cluster, why) = match find_cluster(&client, name).await {
        Ok(Some(found)) => {
            let why = not_ready(name, &found.object);
            (Some(found.object), why)
        }
        Ok(None) => (None, Some(missing(name))),
        Err(error) if *error.kind() == ErrorKind::AccessDenied => (None, Some(error.to_string())),
        Err(error) => return Err(error.into()),
    };
    if let Some(why) = why {
        cx.warn(
            "The EKS cluster's endpoint and certificate authority are not known",
            why,
        );
    }
    Ok(cluster)
}

fn missing(name: &str) -> String {
    format!(
        "There is no cluster named {name:?} in this account and region. If this configuration makes it, write \
         name = eks_cluster.example.id, so that it is waited for."
    )
}

/// A cluster has neither before it is made. Clients without an endpoint ask localhost, and say nothing of the cluster.
fn not_ready(name: &str, cluster: &sdk::Cluster) -> Option<String> {
    let authority = cluster.certificate_authority();
    let is_ready = cluster.endpoint().is_some() && authority.is_some_and(|it| it.data().is_some());
    let status = cluster.status().map_or("unknown", |status| status.as_str());
    (!is_ready).then(|| {
        format!(
            "The cluster {name:?} has none: its status is {status}. Whatever uses this cannot reach the cluster. Run \
             Terraform again when it is ACTIVE."
        )
    })
}

/// What the token is for: the name, but the id for a local cluster on an Outpost (API reference of Cluster, `id`).
fn identifier<'a>(name: &'a str, cluster: Option<&'a sdk::Cluster>) -> &'a str {
    cluster.and_then(|cluster| cluster.id()).unwrap_or(name)
}

fn certificate(cluster: Option<&sdk::Cluster>) -> tf::Result<Option<String>> {
    let authority = cluster.and_then(|cluster| cluster.certificate_authority());
    let Some(data) = authority.and_then(|authority| authority.data()) else {
        return Ok(None);
    };
    let decoded = STANDARD.decode(data).ok();
    let pem = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    let wrong =
        || tf::Error::new("The certificate authority that AWS answered is not PEM in base64.");
    pem.map(Some).ok_or_else(wrong)
}
