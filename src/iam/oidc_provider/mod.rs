//! `eks_oidc_provider`: makes IAM trust the tokens that a cluster gives its pods.

mod change;
mod plan;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::Client;
use aws_sdk_iam::operation::get_open_id_connect_provider::GetOpenIdConnectProviderOutput;
use tfplugin_rs::model;
use tfplugin_rs::tf::checks::{count, length, matches};
use tfplugin_rs::tf::{self, Diagnostics, Plan, Resource, Value};

use super::checks::oidc_provider_arn;
use super::trust;
use crate::aws::tags::{self, OfIam};
use crate::aws::{self, Answer, Call, Error, For, Found, retry};
use crate::eks::checks::cluster_name;

model! {
    /// Makes IAM trust the tokens that a cluster gives its pods, so that service accounts can have roles (IRSA).
    ///
    /// One for each cluster. AWS finds the certificates of the issuer by itself: no thumbprints are needed.
    pub struct Model {
        /// Cluster whose tokens are trusted. Every plan looks for its issuer; a cluster that was made anew, or is going to be and
        /// is referred to (`eks_cluster.example.name`), has another, and needs another provider.
        ///
        /// Exactly one of `cluster_name` and `url` must be set.
        pub cluster_name: Option<String> => check(cluster_name),
        /// URL of the issuer, such as `eks_cluster.example.identity[0].oidc[0].issuer`. Another URL is another provider.
        pub url: Option<String> => optional_computed replace check(matches(
            "^https://[^/]+(/.*[^/])?$",
            "a URL that begins with \"https://\" and does not end with a slash",
        )) check(length(1..=255)),
        /// For whom the tokens are made. Default `["sts.amazonaws.com"]`, which is right for EKS in every partition; removing
        /// them goes back to it.
        pub client_id_list: Option<BTreeSet<String>> => default(Value::set([trust::AUDIENCE])) check(count(1..=100)) each(length(1..=255)),
        /// SHA-1 fingerprints of certificates of the issuer, 40 hexadecimal digits each, at most 5.
        ///
        /// When absent, AWS finds one, and does not rely on it: it trusts its own certificate authorities. Removing them leaves
        /// them as they are.
        pub thumbprint_list: Option<BTreeSet<String>> => optional_computed keep check(count(0..=5)) each(matches(
            "^[0-9a-fA-F]{40}$",
            "40 hexadecimal digits",
        )),
        /// Whether to take over, and change, a provider that is there already for the issuer. Counts at creation only.
        pub adopt_existing: Option<bool> => default(false) write_once,
        /// Region of the cluster. Default is the region of the provider. Providers of IAM are global; another region is another
        /// provider all the same.
        pub region: aws::Region,
        /// Tags of the provider; they go before `default_tags` of the provider block with the same key.
        pub tags: aws::Tags,
        /// All tags of the provider, with those of `default_tags`.
        pub tags_all: aws::TagsAll,
        /// ARN of the provider.
        pub id: Option<String> => computed keep,
        /// ARN of the provider; known at plan when the cluster exists.
        pub arn: Option<String> => computed keep,
        /// The issuer without `https://`, as conditions of trust policies have it.
        pub issuer: Option<String> => computed keep,
    }
}

/// The resource.
pub struct OidcProvider;

impl Resource for OidcProvider {
    type Context = aws::Context;
    type Model = Model;

    const NAME: &'static str = "oidc_provider";
    const TITLE: &'static str = "IAM OIDC provider";
    const IDENTITY: &'static [&'static str] = &["arn"];
    const MOVES_FROM: &'static [(&'static str, &'static str)] =
        &[("hashicorp/aws", "aws_iam_openid_connect_provider")];

    fn check(config: &Value, found: &mut Diagnostics) {
        let (cluster, url) = (config.get("cluster_name"), config.get("url"));
        if cluster.is_set() && url.is_set() {
            let detail = "cluster_name and url exclude each other: keep the one, remove the other.";
            found.error("url", "Conflicting url", detail);
        }
        if cluster.is_null() && url.is_null() {
            let detail = "Set cluster_name; or url, to the issuer of the cluster.";
            found.error("cluster_name", "Cluster missing", detail);
        }
    }

    async fn adjust(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
        plan::adjust(cx, plan).await
    }

    async fn create(cx: &Call, planned: Model) -> tf::Result<Model> {
        let client = cx.iam(planned.region.as_deref()).await?;
        let planned = plan::resolve(cx, planned).await?;
        let (arn, is_new) = change::create(cx, &client, &planned).await?;
        let made = Model {
            arn: Some(arn.clone()),
            id: Some(arn.clone()),
            ..planned.clone()
        };
        cx.exists(&made);
        let found = read_back(cx, &client, &arn).await?;
        let found = into_model(cx, &arn, found, &planned);
        match is_new {
            true => Ok(found),
            // What was taken over may differ from the plan in anything.
            false => Self::update(cx, found, made).await,
        }
    }

    async fn read(cx: &Call, prior: Model) -> tf::Result<Option<Model>> {
        let client = cx.iam(prior.region.as_deref()).await?;
        let arn = prior.arn.as_deref().unwrap_or_default();
        let found = find(&client, arn).await?;
        Ok(found.map(|found| into_model(cx, arn, found.object, &prior)))
    }

    async fn update(cx: &Call, prior: Model, planned: Model) -> tf::Result<Model> {
        let client = cx.iam(planned.region.as_deref()).await?;
        let arn = prior.arn.as_deref().unwrap_or_default();
        change::update(cx, &client, (arn, &prior, &planned)).await?;
        let provider = OfIam::OidcProvider(arn);
        tags::update_iam(cx, &client, provider, &prior.tags_all, &planned.tags_all).await?;
        let found = read_back(cx, &client, arn).await?;
        Ok(into_model(cx, arn, found, &planned))
    }

    async fn delete(cx: &Call, prior: Model) -> tf::Result<()> {
        let client = cx.iam(prior.region.as_deref()).await?;
        let arn = prior.arn.as_deref().unwrap_or_default();
        let request = || async {
            let request = client
                .delete_open_id_connect_provider()
                .open_id_connect_provider_arn(arn);
            request.send().await.to("DeleteOpenIDConnectProvider", arn)
        };
        match retry(cx, &[For::UpdateInProgress, For::LostAnswer], request).await {
            Err(error) if !error.is_not_found() => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn import(id: &str) -> tf::Result<Model> {
        oidc_provider_arn(&id.into()).map_err(|expected| {
            tf::Error::new(format!(
                "The id is the ARN of the provider; it {expected}, got {id:?}."
            ))
        })?;
        Ok(Model {
            arn: Some(id.to_owned()),
            ..Model::default()
        })
    }
}

type Provider = GetOpenIdConnectProviderOutput;

/// The provider as IAM has it; `None` when there is none of that ARN.
async fn find(client: &Client, arn: &str) -> Result<Option<Found<Provider>>, Error> {
    let request = client
        .get_open_id_connect_provider()
        .open_id_connect_provider_arn(arn);
    let answer = request.send().await;
    answer.found("GetOpenIDConnectProvider", arn, Some)
}

/// The provider after a change, which the parts of IAM that answer reads may learn of a moment later.
async fn read_back(cx: &Call, client: &Client, arn: &str) -> Result<Provider, Error> {
    let request = || async {
        let request = client
            .get_open_id_connect_provider()
            .open_id_connect_provider_arn(arn);
        request.send().await.to("GetOpenIDConnectProvider", arn)
    };
    retry(cx, &[For::NewlyMade], request).await
}

fn into_model(cx: &Call, arn: &str, found: Provider, known: &Model) -> Model {
    let tags: BTreeMap<String, String> = found
        .tags()
        .iter()
        .map(|tag| (tag.key.clone(), tag.value.clone()))
        .collect();
    let (tags, tags_all) = tags::from_api(cx, &tags, &known.tags);
    // IAM leaves the scheme out, whatever it was given.
    let url = found.url.unwrap_or_default();
    let issuer = url.strip_prefix("https://").unwrap_or(&url);
    Model {
        cluster_name: known.cluster_name.clone(),
        url: Some(format!("https://{issuer}")),
        client_id_list: Some(
            found
                .client_id_list
                .unwrap_or_default()
                .into_iter()
                .collect(),
        ),
        thumbprint_list: Some(
            found
                .thumbprint_list
                .unwrap_or_default()
                .into_iter()
                .collect(),
        ),
        adopt_existing: known.adopt_existing,
        region: known.region.resolved(cx),
        tags,
        tags_all,
        id: Some(arn.to_owned()),
        arn: Some(arn.to_owned()),
        issuer: Some(issuer.to_owned()),
    }
}
