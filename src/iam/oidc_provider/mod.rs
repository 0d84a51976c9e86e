//! `eks_oidc_provider`: makes IAM trust the tokens that a cluster gives its pods.

mod change;
mod plan;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use aws_sdk_iam::Client;
use aws_sdk_iam::operation::get_open_id_connect_provider::GetOpenIdConnectProviderOutput;
use tfplugin_rs::model;
use tfplugin_rs::tf::checks::{count, length, matches};
use tfplugin_rs::tf::{self, Diagnostics, Plan, Value};

use super::checks::oidc_provider_arn;
use super::tags::{self, OfOidcProvider};
use super::trust;
use crate::api::{self, For, Observed};
use crate::aws::tags::from_api;
use crate::aws::{self, Call, system_time};
use crate::eks::shared::checks::cluster_name;
use crate::iam::errors::Answer;
use crate::kind::{Free, Key, Kind, Place};

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
        /// Region of the cluster. Defaults to the region of the provider. The OIDC provider itself is global, so changing the
        /// region alone does not replace it.
        pub region: aws::Region,
        /// Tags of the provider; they go before `default_tags` of the provider block with the same key.
        pub tags: aws::Tags,
        /// All tags of the provider, with those of `default_tags`.
        pub tags_all: aws::TagsAll,
        /// ARN of the provider.
        pub id: Option<String> => computed keep,
        /// ARN of the provider; known at plan when the cluster exists.
        pub arn: Option<String> => computed keep check(oidc_provider_arn),
        /// The issuer without `https://`, as conditions of trust policies have it.
        pub issuer: Option<String> => computed keep,
    }
}

pub struct OidcProvider;

/// A provider. IAM tells its ARN once it is made, and everything but the ARN when it is asked.
#[derive(Clone)]
pub struct Found {
    arn: String,
    described: Option<GetOpenIdConnectProviderOutput>,
}

impl Kind for OidcProvider {
    type Client = Client;
    type Parent = Free;
    type Tagging = OfOidcProvider;
    type Model = Model;
    type Object = Found;

    const NAME: &'static str = "oidc_provider";
    const TITLE: &'static str = "IAM OIDC provider";
    const IDENTITY: &'static [&'static str] = &["arn"];
    const MOVES_FROM: &'static [(&'static str, &'static str)] =
        &[("hashicorp/aws", "aws_iam_openid_connect_provider")];
    // There is one for each issuer, which the cluster has.
    const CONFLICT_ATTRIBUTE: Option<&'static str> = None;
    const IS_GLOBAL: bool = true;
    const LOOKS_LAG: bool = true;
    // Each request is repeated by itself.
    const CHANGED_AFTER: &'static [For] = &[];
    const DELETED_AFTER: &'static [For] = &[For::UpdateInProgress, For::LostAnswer];

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

    fn place(model: &Model) -> Place<'_> {
        let arn = model.arn.as_deref();
        Place::new(model.region.as_deref(), Key::free(arn.unwrap_or_default()))
            .with_tags(arn, model.tags_all.as_ref())
    }

    async fn resolve(cx: &Call, planned: Model) -> tf::Result<Model> {
        plan::resolve(cx, planned).await
    }

    async fn create(client: &Client, planned: &Model, _: &str) -> api::Result<Found> {
        let url = planned.url.as_deref().unwrap_or_default();
        let request = client
            .create_open_id_connect_provider()
            .url(url)
            .set_client_id_list(change::list(planned.client_id_list.as_ref()))
            .set_thumbprint_list(change::list(planned.thumbprint_list.as_ref()))
            .set_tags(tags::for_create(&planned.tags_all));
        let answer = request.send().await;
        answer.object("CreateOpenIDConnectProvider", url, |it| {
            let arn = it.open_id_connect_provider_arn?;
            let described = None;
            Some(Found { arn, described })
        })
    }

    async fn find(client: &Client, known: &Model) -> api::Result<Option<api::Found<Found>>> {
        describe(client, known.arn.as_deref().unwrap_or_default()).await
    }

    /// The provider of an issuer. Its ARN ends with it, and begins with an account that need not be known.
    async fn find_existing(
        client: &Client,
        planned: &Model,
    ) -> api::Result<Option<api::Found<Found>>> {
        let url = planned.url.as_deref().unwrap_or_default();
        let issuer = url.strip_prefix("https://").unwrap_or(url);
        let end = format!(":oidc-provider/{issuer}");
        let answer = client.list_open_id_connect_providers().send().await;
        let listed = answer.to("ListOpenIDConnectProviders", url)?;
        let arns = listed.open_id_connect_provider_list().iter();
        let mut arns = arns.filter_map(|provider| provider.arn());
        match arns.find(|arn| arn.ends_with(&end)) {
            Some(arn) => describe(client, arn).await,
            None => Ok(None),
        }
    }

    async fn change(cx: &Call, client: &Client, prior: &Model, planned: &Model) -> api::Result<()> {
        let arn = prior.arn.as_deref().unwrap_or_default();
        change::update(cx, client, (arn, prior, planned)).await
    }

    /// IAM may show thumbprints in another case than they were given.
    fn is_as_planned(cx: &Call, object: &Found, planned: &Model) -> bool {
        let lower = |list: Option<&BTreeSet<String>>| -> Option<BTreeSet<String>> {
            Some(list?.iter().map(|text| text.to_ascii_lowercase()).collect())
        };
        let found = Self::into_model(cx, object.clone(), planned);
        let thumbprints = lower(planned.thumbprint_list.as_ref());
        let has_thumbprints =
            thumbprints.is_none() || thumbprints == lower(found.thumbprint_list.as_ref());
        has_thumbprints
            && found.client_id_list == planned.client_id_list
            && found.tags_all == planned.tags_all
    }

    async fn delete(_: &Call, client: &Client, prior: &Model) -> api::Result<()> {
        let arn = prior.arn.as_deref().unwrap_or_default();
        let request = client.delete_open_id_connect_provider();
        let answer = request.open_id_connect_provider_arn(arn).send().await;
        answer.to("DeleteOpenIDConnectProvider", arn).map(drop)
    }

    fn description(model: &Model) -> String {
        let url = model.url.as_deref().unwrap_or_default();
        format!("an IAM OIDC provider for {url}")
    }

    fn into_model(cx: &Call, found: Found, known: &Model) -> Model {
        let Found { arn, described } = found;
        match described {
            Some(described) => into_model(cx, &arn, described, known),
            None => Model {
                id: Some(arn.clone()),
                arn: Some(arn),
                ..known.clone()
            },
        }
    }
}

impl Observed for Found {
    fn created_at(&self) -> Option<SystemTime> {
        system_time(self.described.as_ref()?.create_date())
    }
}

/// The provider as IAM has it; `None` when there is none of that ARN.
async fn describe(client: &Client, arn: &str) -> api::Result<Option<api::Found<Found>>> {
    let request = client.get_open_id_connect_provider();
    let answer = request.open_id_connect_provider_arn(arn).send().await;
    answer.found("GetOpenIDConnectProvider", arn, |described| {
        Some(Found {
            arn: arn.to_owned(),
            described: Some(described),
        })
    })
}

fn into_model(cx: &Call, arn: &str, found: GetOpenIdConnectProviderOutput, known: &Model) -> Model {
    let tags: BTreeMap<String, String> = found
        .tags()
        .iter()
        .map(|tag| (tag.key.clone(), tag.value.clone()))
        .collect();
    let (tags, tags_all) = from_api(cx, &tags, &known.tags);
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
