//! `eks_identity_provider_config`: an OpenID Connect identity provider whose users a cluster lets in.
//!
//! What is written in the block and which values AWS takes is in `oidc`. What is sent when is not known here: see
//! [`crate::kind`].

mod oidc;
#[cfg(test)]
mod tests;

use aws_sdk_eks::{Client, types as sdk};
use tfplugin_rs::model;
use tfplugin_rs::tf::{self, Plan, Timeouts, Value};

use self::oidc::Oidc;
use super::shared::InCluster;
use super::shared::checks::cluster_name;
use super::shared::spelling::word;
use super::shared::tags::ByArn;
use crate::api::{self, Found, Observed};
use crate::aws::{self, Call, tags};
use crate::eks::shared::Answer;
use crate::kind::{Key, Kind, Place, States};

model! {
    /// Lets the users of an OpenID Connect identity provider into a cluster, beside the principals of IAM.
    ///
    /// A cluster has one at most. AWS needs 10 to 30 minutes to associate one or to take it away, during which it changes
    /// nothing else of the cluster. What the users may do is for Kubernetes roles to say.
    ///
    /// This is not the provider in IAM with which the pods of a cluster get roles.
    pub struct Model {
        /// Cluster that lets the users in. Another cluster is another association.
        pub cluster_name: String => replace check(cluster_name),
        /// The identity provider. Any change is another association: users cannot get in until it is made.
        pub oidc: Oidc => block replace,
        /// Region of the cluster. Default is the region of the provider. Another region is another association.
        pub region: aws::Region,
        /// Tags of the configuration; they go before `default_tags` of the provider with the same key.
        pub tags: aws::Tags,
        /// All tags of the configuration, with those of `default_tags`.
        pub tags_all: aws::TagsAll,
        /// Cluster and configuration as `cluster:config`.
        pub id: Option<String> => computed keep,
        /// Name of the configuration, as in `oidc`.
        pub identity_provider_config_name: Option<String> => computed keep,
        /// ARN of the configuration.
        pub arn: Option<String> => computed keep,
        /// Where the association stands, such as `ACTIVE`.
        pub status: Option<String> => computed usual("ACTIVE") unfinished(MAKING),
    }
}

pub struct IdentityProviderConfig;

/// A configuration as it shows: an answer to the request for one tells of the update that makes it and nothing else.
#[derive(Clone, Debug)]
pub enum Association {
    /// It has been asked for.
    Begun {
        /// The update that makes it.
        update_id: Option<String>,
    },
    /// As AWS describes it.
    Described(Box<sdk::OidcIdentityProviderConfig>),
}

/// While a configuration is on its way into being.
const MAKING: [&str; 1] = ["CREATING"];

/// The only type that there is.
const OIDC: &str = "oidc";

impl Kind for IdentityProviderConfig {
    type Client = Client;
    type Parent = InCluster;
    type Tagging = ByArn;
    type Model = Model;
    type Object = Association;

    const NAME: &'static str = "identity_provider_config";
    const TITLE: &'static str = "EKS identity provider config";
    const TIMEOUTS: Timeouts = Timeouts {
        create: tf::minutes(40),
        read: None,
        update: None,
        delete: tf::minutes(40),
    };
    const IDENTITY: &'static [&'static str] = &["cluster_name", NAME];
    const CONFLICT_ATTRIBUTE: Option<&'static str> = Some("oidc");
    const MOVES_FROM: &'static [(&'static str, &'static str)] =
        &[("hashicorp/aws", "aws_eks_identity_provider_config")];
    const STATES: States = States {
        making: &MAKING,
        made: &["ACTIVE"],
        changing: &[],
        ill: &[],
        leaving: &["DELETING"],
    };

    async fn adjust(_: &Call, plan: &mut Plan) -> tf::Result<()> {
        if plan.is_create() {
            let name = plan.planned.at("oidc[0].identity_provider_config_name");
            if let Some(name) = name.as_str().map(Value::from) {
                plan.set(NAME, name);
            }
        }
        Ok(())
    }

    fn place(model: &Model) -> Place<'_> {
        let planned = &model.oidc.identity_provider_config_name;
        let name = model.identity_provider_config_name.as_ref();
        let key = Key::new(&model.cluster_name, name.unwrap_or(planned));
        Place::new(model.region.as_deref(), key)
            .with_status(model.status.as_deref())
            .with_tags(model.arn.as_deref(), model.tags_all.as_ref())
    }

    async fn create(client: &Client, planned: &Model, token: &str) -> api::Result<Self::Object> {
        let request = client
            .associate_identity_provider_config()
            .client_request_token(token)
            .cluster_name(&planned.cluster_name)
            .set_oidc(planned.oidc.request())
            .set_tags(planned.tags_all.for_create());
        let (answer, key) = (request.send().await, Self::place(planned).key);
        let answer = answer.to("AssociateIdentityProviderConfig", key)?;
        Ok(Association::Begun {
            update_id: answer.update.and_then(|update| update.id),
        })
    }

    async fn find(client: &Client, known: &Model) -> api::Result<Option<Found<Self::Object>>> {
        describe(client, Self::place(known).key).await
    }

    /// A cluster has one at most, whatever its name.
    async fn find_existing(
        client: &Client,
        planned: &Model,
    ) -> api::Result<Option<Found<Self::Object>>> {
        let cluster = planned.cluster_name.as_str();
        let request = client.list_identity_provider_configs();
        let answer = request.cluster_name(cluster).send().await;
        let listed = answer.to("ListIdentityProviderConfigs", cluster)?;
        let mut listed = listed.identity_provider_configs.into_iter().flatten();
        match listed.next() {
            Some(config) => describe(client, Key::new(cluster, &config.name)).await,
            None => Ok(None),
        }
    }

    async fn delete(_: &Call, client: &Client, prior: &Model) -> api::Result<()> {
        let key = Self::place(prior).key;
        let request = client
            .disassociate_identity_provider_config()
            .cluster_name(key.parent)
            .set_identity_provider_config(named(key));
        let answer = request.send().await;
        answer
            .to("DisassociateIdentityProviderConfig", key)
            .map(drop)
    }

    fn into_model(cx: &Call, association: Association, known: &Model) -> Model {
        match association {
            Association::Described(config) => described(cx, *config, known),
            begun => Model {
                status: Some(begun.status().to_owned()),
                ..known.clone()
            },
        }
    }
}

async fn describe(client: &Client, key: Key<'_>) -> api::Result<Option<Found<Association>>> {
    let request = client
        .describe_identity_provider_config()
        .cluster_name(key.parent)
        .set_identity_provider_config(named(key));
    let answer = request.send().await;
    answer.found("DescribeIdentityProviderConfig", key, |answer| {
        let config = answer.identity_provider_config?;
        config.oidc.map(Box::new).map(Association::Described)
    })
}

fn described(cx: &Call, it: sdk::OidcIdentityProviderConfig, known: &Model) -> Model {
    let (tags, tags_all) = tags::from_api(cx, it.tags.iter().flatten(), &known.tags);
    let cluster = known.cluster_name.clone();
    let name = it.identity_provider_config_name.clone().unwrap_or_default();
    Model {
        id: Some(Key::new(&cluster, &name).to_string()),
        cluster_name: cluster,
        identity_provider_config_name: Some(name),
        region: known.region.resolved(cx),
        tags,
        tags_all,
        arn: it.identity_provider_config_arn.clone(),
        status: word(it.status.as_ref()),
        oidc: it.into(),
    }
}

/// The attribute with the name of the configuration.
const NAME: &str = "identity_provider_config_name";

/// Both members are given, so that there is always one.
fn named(key: Key<'_>) -> Option<sdk::IdentityProviderConfig> {
    let config = sdk::IdentityProviderConfig::builder();
    config.r#type(OIDC).name(key.name).build().ok()
}

impl Observed for Association {
    fn status(&self) -> &str {
        match self {
            Self::Begun { .. } => MAKING[0],
            Self::Described(config) => config.status().map_or("", sdk::ConfigStatus::as_str),
        }
    }

    fn update_id(&self) -> Option<&str> {
        match self {
            Self::Begun { update_id } => update_id.as_deref(),
            Self::Described(_) => None,
        }
    }
}
