//! `eks_addon`: software that EKS installs in a cluster and keeps as it is configured.
//!
//! The declaration and the lifecycle stand here. The translation to and from the SDK is in `convert`, what a change asks
//! for in `change`, which versions there are in `offer`, what a plan is held against in `plan` and `configuration`, and
//! when there is no use in waiting in `nodes`. Data sources are `data_source`, `settings` and `version`.

mod change;
mod configuration;
mod convert;
mod data_source;
mod nodes;
mod offer;
mod plan;
mod settings;
#[cfg(test)]
mod tests;
mod version;

use std::collections::BTreeSet;

use aws_sdk_eks::{Client, types as sdk};
use serde_json::{Map, Value as Json};
use tfplugin_rs::model;
use tfplugin_rs::tf::checks::{length, matches};
use tfplugin_rs::tf::{self, Diagnostics, Plan, Timeouts, Value};

use super::shared::InCluster;
use super::shared::checks::{cluster_name, namespace, role_arn, service_account};
use super::shared::health::HealthIssue;
use super::shared::tags::ByArn;
use crate::api::{self, For, Found, Observed, Progress, retry};
use crate::aws::{self, Call};
use crate::eks::shared::Answer;
use crate::kind::{Key, Kind, Place, States};

pub use settings::{AddonConfiguration, Model as SettingsModel};
pub use version::{AddonVersion, Model as VersionModel};

model! {
    /// An add-on of a cluster: software such as CoreDNS that EKS installs and keeps as it is configured.
    ///
    /// Versions and `configuration_values` are held against what AWS publishes while planning. An add-on whose pods need nodes
    /// becomes `ACTIVE` only when there are some: either make nodes first (`depends_on`), or see `wait_for`.
    pub struct Model {
        /// Cluster of the add-on. Another cluster is another add-on.
        pub cluster_name: String => replace check(cluster_name),
        /// AWS's name of the add-on, such as `vpc-cni`. Another name is another add-on.
        ///
        /// `aws eks describe-addon-versions` lists them.
        pub addon_name: String => replace check(length(1..=100)),
        /// Version, such as `v1.12.4-eksbuild.10`.
        ///
        /// One that does not exist, or does not run on the cluster's version of Kubernetes, is refused while planning. When
        /// absent, AWS's default at creation, unless `version_policy` says otherwise. Removing it leaves the add-on as it is.
        /// Conflicts with `version_policy`.
        pub addon_version: Option<String> => optional_computed
            check(matches("^v[0-9]+\\.[0-9]+\\.[0-9]+", "a version of an add-on, such as \"v1.12.4-eksbuild.10\"")),
        /// Which version to have, of those that run on the cluster's version of Kubernetes at the time of the plan: `default` is
        /// AWS's default, `latest` the highest one.
        ///
        /// When that becomes another version, the next plan shows it. Of a cluster that is referred to, such as by
        /// `cluster_name = eks_cluster.example.name`, the planned version of Kubernetes counts, so that one apply upgrades both.
        /// Any other cluster counts as it is, also one of another provider or of another `provider` block: upgrade it in an
        /// apply of its own. When removed, the version stays. Conflicts with `addon_version`.
        pub version_policy: Option<String> => one_of(["default", "latest"]),
        /// Configuration of the add-on in JSON, compared by value; see `jsonencode`.
        ///
        /// It is held against the schema that AWS publishes for the version (`aws eks describe-addon-configuration`) while
        /// planning. YAML, which AWS takes, too, is refused: write `jsonencode(yamldecode(…))`. Removing it leaves the add-on as
        /// it is; `"{}"` sets it back to its defaults.
        pub configuration_values: Option<String> => optional_computed json,
        /// IAM role of the add-on's service account, by way of the cluster's OIDC provider. When removed, the add-on has the role
        /// of the nodes.
        pub service_account_role_arn: Option<String> => check(role_arn),
        /// IAM role of a service account of the add-on, by way of EKS Pod Identity. Those that are removed are taken away.
        pub pod_identity_association: BTreeSet<PodIdentityAssociation> => block optional,
        /// Where the add-on is installed. Another namespace is another add-on. When absent, AWS's choice.
        pub namespace_config: Option<NamespaceConfig> => block optional_computed replace,
        /// What to do at creation where something else has set what the add-on sets, such as one that was installed by hand: `NONE`
        /// fails, `OVERWRITE` takes over. Default `NONE`. Counts at creation only.
        pub resolve_conflicts_on_create: Option<String> => default("NONE") write_once one_of(["NONE", "OVERWRITE"]),
        /// The same for changes, where `PRESERVE` keeps what was set by others. Default `NONE`.
        ///
        /// Counts for the changes that come with it or after it. A plan that changes nothing else asks AWS to do nothing.
        pub resolve_conflicts_on_update: Option<String> => default("NONE")
            one_of(["NONE", "OVERWRITE", "PRESERVE"]),
        /// Whether to leave the software in the cluster when this is destroyed; EKS then no longer manages it. Default `false`.
        ///
        /// A plan that changes nothing else asks AWS to do nothing: the value is put into the state, where a later destroy
        /// finds it.
        pub preserve: Option<bool> => default(false),
        /// How far a new add-on has to get: `active`, or `active_or_degraded` (installed, but without nodes for its pods, for
        /// example), or `submitted` (AWS has taken the request). Default `active`.
        ///
        /// Without any nodes, `active` fails after two to three minutes. Counts at creation only.
        pub wait_for: Option<String> => default("active") write_once one_of(["active", "active_or_degraded", "submitted"]),
        /// Region of the cluster, by default that of the provider. Another region is another add-on.
        pub region: aws::Region,
        /// Tags of the add-on; they go before `default_tags` of the provider with the same key.
        pub tags: aws::Tags,
        /// All tags of the add-on, with those of `default_tags`.
        pub tags_all: aws::TagsAll,
        /// Cluster and add-on as `cluster:add-on`.
        pub id: Option<String> => computed keep,
        /// ARN of the add-on.
        pub arn: Option<String> => computed keep,
        /// When it was created, in RFC 3339 format.
        pub created_at: Option<String> => computed keep,
        /// When it was changed last, in RFC 3339 format.
        pub modified_at: Option<String> => computed,
        /// Where the add-on stands, such as `ACTIVE` or `DEGRADED`.
        pub status: Option<String> => computed usual("ACTIVE") unfinished(MAKING) failed(["CREATE_FAILED"]),
        /// What AWS says is wrong with the add-on; empty when nothing is.
        pub health: Vec<HealthIssue> => computed usual(Value::List(Vec::new())) follows(["status"]),
    }
}

model! {
    /// IAM role of a service account of the add-on, by way of EKS Pod Identity.
    pub struct PodIdentityAssociation {
        /// IAM role, which has to trust `pods.eks.amazonaws.com`.
        pub role_arn: String => check(role_arn),
        /// Kubernetes service account of the add-on, such as `ebs-csi-controller-sa`.
        pub service_account: String => check(service_account),
    }
}

model! {
    /// Where the add-on is installed.
    pub struct NamespaceConfig {
        /// Kubernetes namespace.
        pub namespace: Option<String> => check(namespace),
    }
}

pub struct Addon;

/// While an add-on is on its way into being.
const MAKING: [&str; 1] = ["CREATING"];

impl Kind for Addon {
    type Client = Client;
    type Parent = InCluster;
    type Tagging = ByArn;
    type Model = Model;
    type Object = sdk::Addon;

    const NAME: &'static str = "addon";
    const TITLE: &'static str = "EKS add-on";
    const TIMEOUTS: Timeouts = Timeouts {
        create: tf::minutes(20),
        read: None,
        update: tf::minutes(20),
        delete: tf::minutes(40),
    };
    const IDENTITY: &'static [&'static str] = &["cluster_name", "addon_name"];
    const MOVES_FROM: &'static [(&'static str, &'static str)] =
        &[("hashicorp/aws", "aws_eks_addon")];
    const STATES: States = States {
        making: &MAKING,
        made: &["ACTIVE"],
        changing: &["UPDATING"],
        // It can be changed, and mended by that.
        ill: &["DEGRADED", "UPDATE_FAILED"],
        leaving: &["DELETING", "CREATE_FAILED"],
    };
    // "In use" is a guess: DeleteAddon has no ResourceInUseException in its documentation, UpdateAddon has.
    const DELETED_AFTER: &'static [For] = &[For::InUse, For::UpdateInProgress, For::NotActive];

    /// `resolve_conflicts` was both, until version 6 of hashicorp/aws; a creation knows no PRESERVE.
    fn carry_over(state: &mut Map<String, Json>) {
        let Some(Json::String(both)) = state.remove("resolve_conflicts") else {
            return;
        };
        for name in ["resolve_conflicts_on_create", "resolve_conflicts_on_update"] {
            let is_set = state.get(name).is_some_and(|value| !value.is_null());
            let is_known = both != "PRESERVE" || name == "resolve_conflicts_on_update";
            if !is_set && is_known {
                state.insert(name.to_owned(), both.clone().into());
            }
        }
    }

    fn check(config: &Value, found: &mut Diagnostics) {
        if config.get("addon_version").is_set() && config.get("version_policy").is_set() {
            let detail = "version_policy chooses the version that addon_version pins. Remove one of the two.";
            found.error("version_policy", "Conflicting version_policy", detail);
        }
    }

    async fn adjust(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
        plan::adjust(cx, plan).await
    }

    fn place(model: &Model) -> Place<'_> {
        let key = Key::new(&model.cluster_name, &model.addon_name);
        Place::new(model.region.as_deref(), key)
            .with_status(model.status.as_deref())
            .with_tags(model.arn.as_deref(), model.tags_all.as_ref())
    }

    async fn progress(
        client: &Client,
        planned: &Model,
        addon: &sdk::Addon,
        looks: u32,
    ) -> api::Result<Progress> {
        let done: &[_] = match planned.wait_for.as_deref() {
            Some("submitted") => &["CREATING", "DEGRADED", "ACTIVE"],
            Some("active_or_degraded") => &["DEGRADED", "ACTIVE"],
            // What is new is degraded until its pods run.
            _ => &["ACTIVE"],
        };
        match Observed::status(addon) {
            status if done.contains(&status) => Ok(Progress::Done),
            "CREATING" | "UPDATING" | "DEGRADED" => {
                nodes::judge(client, Self::place(planned).key, addon, looks).await?;
                Ok(Progress::Going)
            }
            _ => Ok(Progress::Failed),
        }
    }

    /// With the version that a policy means, where the plan could not know it because there was no cluster yet.
    async fn resolve(cx: &Call, planned: Model) -> tf::Result<Model> {
        let (None, Some(policy)) = (&planned.addon_version, &planned.version_policy) else {
            return Ok(planned);
        };
        let client = cx.eks(planned.region.as_deref()).await?;
        let ask = || offer::resolve(cx, &client, &planned, policy);
        let version = retry(cx, &[For::LostAnswer], ask).await?;
        Ok(Model {
            addon_version: Some(version),
            ..planned
        })
    }

    async fn create(client: &Client, planned: &Model, token: &str) -> api::Result<sdk::Addon> {
        let request = convert::create_request(planned).client_request_token(token);
        let answer = request.send_with(client).await;
        answer.object("CreateAddon", Self::place(planned).key, |it| it.addon)
    }

    async fn find(client: &Client, known: &Model) -> api::Result<Option<Found<sdk::Addon>>> {
        let key = Self::place(known).key;
        let request = client.describe_addon();
        let request = request.cluster_name(key.parent).addon_name(key.name);
        let answer = request.send().await;
        answer.found("DescribeAddon", key, |it| it.addon)
    }

    async fn change(cx: &Call, client: &Client, prior: &Model, planned: &Model) -> api::Result<()> {
        change::make(cx, client, (prior, planned)).await
    }

    async fn delete(_: &Call, client: &Client, prior: &Model) -> api::Result<()> {
        let key = Self::place(prior).key;
        let preserve = prior.preserve.filter(|&preserve| preserve);
        let request = client.delete_addon().set_preserve(preserve);
        let request = request.cluster_name(key.parent).addon_name(key.name);
        request.send().await.to("DeleteAddon", key).map(drop)
    }

    fn into_model(cx: &Call, object: sdk::Addon, known: &Model) -> Model {
        convert::into_model(cx, object, known)
    }

    async fn read_full(
        cx: &Call,
        client: &Client,
        object: sdk::Addon,
        known: &Model,
    ) -> api::Result<Model> {
        let pod_identity_association = convert::associations(client, &object).await?;
        Ok(Model {
            pod_identity_association,
            ..Self::into_model(cx, object, known)
        })
    }
}
