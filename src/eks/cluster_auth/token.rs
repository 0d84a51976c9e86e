//! Tokens as `aws eks get-token` makes them.
//!
//! A token is a presigned request that asks STS who signed it, with the cluster's name in a signed header. The API
//! server's authenticator sends it, and so learns who its caller is. Source: `pkg/token/token.go` of
//! aws-iam-authenticator, and `customizations/eks/get_token.py` of the AWS CLI.

use std::time::{Duration, SystemTime};

use aws_smithy_types::DateTime;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tfplugin_rs::tf;

use crate::aws::{Call, Region};
use crate::eks::shared::spelling::time;

const PREFIX: &str = "k8s-aws-v1.";

/// Keeps a token for one cluster from being used for another.
const CLUSTER_HEADER: &str = "x-k8s-aws-id";

/// How long before its end a token is given up, as the AWS CLI does.
const MARGIN: Duration = Duration::from_secs(60);

pub(super) struct Token {
    /// For the header `Authorization: Bearer …`.
    pub(super) text: String,
    /// When to stop using it.
    pub(super) expires_at: SystemTime,
}

impl Token {
    /// A new token. `cluster` is the name of the cluster, or the id of a local one on an Outpost.
    pub(super) async fn make(cx: &Call, region: &Region, cluster: &str) -> tf::Result<Self> {
        let header = (CLUSTER_HEADER, cluster);
        let presigned = cx.presigned_identity(region.as_deref(), header).await?;
        let text = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(&presigned.url));
        Ok(Self {
            text,
            expires_at: presigned.expires_at - MARGIN,
        })
    }

    /// When to stop using it, in RFC 3339 format. Whole seconds: signatures have no finer time.
    pub(super) fn expires_at(&self) -> Option<String> {
        let seconds = DateTime::from(self.expires_at).secs();
        time(Some(DateTime::from_secs(seconds)))
    }
}
