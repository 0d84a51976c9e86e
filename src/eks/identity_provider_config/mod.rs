//! `eks_identity_provider_config`: an OpenID Connect identity provider whose users a cluster lets in.
//!
//! What is written in the block and which values AWS takes is in `oidc`. What is sent when is not known here: see
//! [`super::member`].

mod oidc;
#[cfg(test)]
mod tests;

use aws_sdk_eks::{Client, types as sdk};
use tfplugin_rs::model;
use tfplugin_rs::tf::{self, Plan, Timeouts, Value};

use self::oidc::Oidc;
use super::checks::cluster_name;
use super::key::Key;
use super::member::{Member, Place, States};
use super::spelling::word;
use super::update::{self, Of};
use crate::aws::{self, Answer, Call, Error, Found, Kind, Observed, tags};

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

/// The kind.
pub struct IdentityProviderConfig;

/// A configuration as it shows: an answer to the request for one tells of the update that makes it and nothing else.
#[derive(Clone, Debug)]
pub enum Association {
    /// It has been asked for.
    Begun {
        /// In which cluster.
        cluster: String,
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

impl Member for IdentityProviderConfig {
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
    const CLAIMS: &'static str = "oidc";
    const MIRRORS: &'static str = "aws_eks_identity_provider_config";
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
        Place::new(
            &model.region,
            &model.cluster_name,
            Some(name.unwrap_or(planned)),
        )
        .with_status(model.status.as_deref())
        .with_tags(model.arn.as_deref(), &model.tags_all)
    }

    async fn create(client: &Client, planned: &Model, token: &str) -> aws::Result<Self::Object> {
        let request = client
            .associate_identity_provider_config()
            .client_request_token(token)
            .cluster_name(&planned.cluster_name)
            .set_oidc(planned.oidc.request())
            .set_tags(planned.tags_all.for_create());
        let (answer, key) = (request.send().await, Self::place(planned).key);
        let answer = answer.to("AssociateIdentityProviderConfig", key)?;
        Ok(Association::Begun {
            cluster: planned.cluster_name.clone(),
            update_id: answer.update.and_then(|update| update.id),
        })
    }

    async fn until_updated(cx: &Call, client: &Client, made: &Association) -> aws::Result<()> {
        let Association::Begun {
            cluster,
            update_id: Some(id),
        } = made
        else {
            return Ok(());
        };
        let ended = update::wait_for(cx, client, (cluster, Of::Cluster), id).await;
        match ended.as_ref().map_err(Error::kind) {
            Ok(()) | Err(Kind::Failed | Kind::TimedOut | Kind::Interrupted) => ended,
            // Who may not look at updates can still wait for the configuration, and learns less if it fails.
            Err(kind) => {
                tracing::info!(?kind, update_id = id, "not waiting for the update");
                Ok(())
            }
        }
    }

    async fn find(client: &Client, key: Key<'_>) -> aws::Result<Option<Found<Self::Object>>> {
        let request = client
            .describe_identity_provider_config()
            .cluster_name(key.cluster)
            .set_identity_provider_config(named(key));
        let answer = request.send().await;
        answer.found("DescribeIdentityProviderConfig", key, |answer| {
            let config = answer.identity_provider_config?;
            config.oidc.map(Box::new).map(Association::Described)
        })
    }

    /// A cluster has one at most, whatever its name.
    async fn find_name(client: &Client, planned: &Model) -> aws::Result<Option<String>> {
        let request = client.list_identity_provider_configs();
        let answer = request.cluster_name(&planned.cluster_name).send().await;
        let listed = answer.to("ListIdentityProviderConfigs", &planned.cluster_name)?;
        let mut listed = listed.identity_provider_configs.into_iter().flatten();
        Ok(listed.next().map(|config| config.name))
    }

    async fn delete(client: &Client, prior: &Model) -> aws::Result<()> {
        let key = Self::place(prior).key;
        let request = client
            .disassociate_identity_provider_config()
            .cluster_name(key.cluster)
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
}
