//! `eks_irsa_role`: a role for service accounts of clusters, with its trust and its permissions.
//!
//! The declaration and the lifecycle stand here. What is known at plan is in `plan`, rules over the configuration in
//! `check`, permissions of well-known workloads in `choice`, what AWS has in `look`, what is sent in `change` and `removal`,
//! the translation from the SDK in `convert`.

mod change;
mod check;
mod choice;
mod convert;
mod look;
mod plan;
mod removal;
mod resolve;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::Client;
use tfplugin_rs::model;
use tfplugin_rs::tf::checks::{count, length, within};
use tfplugin_rs::tf::{self, Diagnostics, Plan, Value};

use self::change::{Given, Policies};
use self::choice::Choice;
use self::look::Role;
use super::checks::{
    namespace, oidc_provider_arn, path, policy_arn, role_name, role_name_prefix, service_account,
};
use crate::api::{self, For, Found};
use crate::aws::{self, Call};
use crate::eks::shared::checks::cluster_name;
use crate::iam::document;
use crate::iam::tags::OfRole;
use crate::kind::{Free, Key, Kind, Place};

model! {
    /// A Kubernetes service account, or several by a pattern.
    pub struct ServiceAccount {
        /// Namespace; `*` stands for any characters.
        pub namespace: String => check(namespace),
        /// Name of the service account; `*` stands for any characters.
        pub name: String => check(service_account),
    }
}

model! {
    /// An IAM role that the pods of Kubernetes service accounts get, with the policies that say what they may do (IRSA).
    ///
    /// The service account needs the annotations of `service_account_annotations`, and the cluster an OIDC provider in IAM,
    /// such as `eks_oidc_provider`. For EKS Pod Identity see `eks_pod_identity_association`.
    pub struct Model {
        /// Cluster of the service accounts. Every plan looks for the issuer of the cluster, so that one that was made anew is
        /// noticed; of one that is referred to (`eks_cluster.example.name`), one that is going to be.
        ///
        /// Exactly one of `cluster_name` and `oidc_provider_arns` must be set.
        pub cluster_name: Option<String> => check(cluster_name),
        /// OIDC providers of the clusters of the service accounts; several for one role on several clusters.
        ///
        /// With `cluster_name`, the one of that cluster, whether it exists in IAM already or not.
        pub oidc_provider_arns: Option<BTreeSet<String>> => optional_computed check(count(1..=usize::MAX)) each(oidc_provider_arn),
        /// Service accounts whose pods get the role.
        ///
        /// When absent, those that the `workload` usually runs as.
        pub service_accounts: Option<BTreeSet<ServiceAccount>> => check(count(1..=usize::MAX)),
        /// Name of the role: 1 to 64 characters. Another name is another role.
        ///
        /// When absent, a name is made up. Conflicts with `name_prefix`.
        pub name: Option<String> => optional_computed replace check(role_name),
        /// Beginning of a name that is made up, at most 38 characters. Conflicts with `name`. Removing it leaves the name as it is.
        pub name_prefix: Option<String> => optional_computed keep replace check(role_name_prefix),
        /// Path of the role, such as `/eks/`. Another path is another role.
        pub path: Option<String> => default("/") replace check(path) check(length(1..=512)),
        /// What the role is for, at most 1,000 characters.
        pub description: Option<String> => check(length(0..=1000)),
        /// How long pods may use a session, in seconds from 3,600 to 43,200.
        pub max_session_duration: Option<i32> => default(3600) check(within(3600..=43200)),
        /// ARN of the policy that limits what the role can be allowed.
        pub permissions_boundary: Option<String> => check(policy_arn),
        /// What is needed by a workload that this provider knows: least-privilege policies without writing them.
        ///
        /// They become a policy inside of the role, called as the workload, and attachments of AWS's own policies.
        pub workload: Option<Choice>,
        /// ARNs of policies to attach. Those that were attached by others are left alone, unless `exclusive`.
        ///
        /// Only what this configuration attached is detached when it is removed. Nobody knows what that was until the first
        /// change that is applied after an import: a policy that the configuration lacks in that change stays attached, and
        /// the plan warns of it and says how to detach it.
        pub policy_arns: Option<BTreeSet<String>> => each(policy_arn),
        /// Policies inside of the role: JSON by name. All of them, with that of the workload, have at most 10,240 characters.
        ///
        /// Those that were added by others are left alone, unless `exclusive`; so are those of an imported role that the
        /// configuration lacks in the first change after the import, as with `policy_arns`.
        pub inline_policies: Option<BTreeMap<String, String>> => json check(check::inline_policies),
        /// Whether policies that are not in this configuration are taken away from the role. When it becomes `false`, those of
        /// others that are there by then stay.
        pub exclusive: Option<bool> => default(false),
        /// Whether the role is deleted with whatever others gave it: policies, and places in instance profiles.
        pub force_detach_policies: Option<bool> => default(false),
        /// Region of the cluster and of what the workload uses. Defaults to the region of the provider. The role itself is
        /// global, so changing the region changes its trust and permissions policies in place.
        pub region: aws::Region,
        /// Tags of the role; they go before `default_tags` of the provider with the same key.
        pub tags: aws::Tags,
        /// All tags of the role, with those of `default_tags`.
        pub tags_all: aws::TagsAll,
        /// Name of the role.
        pub id: Option<String> => computed keep,
        /// ARN of the role; known at plan when its name is, so that others can refer to it. Without `cluster_name` that takes
        /// asking STS for the account, so with `skip_requesting_account_id` it is known after the apply.
        pub arn: Option<String> => computed keep,
        /// Id of the role, such as `AROADBQP57FF2AEXAMPLE`; a role of the same name that is made later has another one.
        pub unique_id: Option<String> => computed keep,
        /// The trust policy, in JSON.
        pub assume_role_policy: Option<String> => computed json,
        /// What the service accounts need as annotations: the ARN of the role under `eks.amazonaws.com/role-arn`.
        pub service_account_annotations: Option<BTreeMap<String, String>> => computed keep,
        /// The policy of the workload, in JSON.
        pub workload_policy: Option<String> => computed json,
        /// ARNs of AWS's policies that are attached for the workload.
        pub workload_policy_arns: Option<BTreeSet<String>> => computed,
    }
}

pub struct IrsaRole;

impl Kind for IrsaRole {
    type Client = Client;
    type Parent = Free;
    type Tagging = OfRole;
    type Model = Model;
    type Object = Role;

    const NAME: &'static str = "irsa_role";
    const TITLE: &'static str = "IAM role for service accounts";
    const IDENTITY: &'static [&'static str] = &["name"];
    const IS_GLOBAL: bool = true;
    const LOOKS_LAG: bool = true;
    // Which policies were given is remembered from any change on.
    const COMPARES: bool = true;
    // Each request is repeated by itself, and so is each step of a deletion.
    const CHANGED_AFTER: &'static [For] = &[];
    const DELETED_AFTER: &'static [For] = &[];

    fn check(config: &Value, found: &mut Diagnostics) {
        check::check(config, found);
    }

    async fn adjust(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
        plan::adjust(cx, plan).await
    }

    fn place(model: &Model) -> Place<'_> {
        let name = model.name.as_deref();
        Place::new(model.region.as_deref(), Key::free(name.unwrap_or_default()))
            .with_tags(name, model.tags_all.as_ref())
    }

    async fn resolve(cx: &Call, planned: Model) -> tf::Result<Model> {
        let planned = resolve::resolve(cx, planned).await?;
        match planned.arn.clone() {
            Some(arn) => resolve::permitted(cx, planned, &arn),
            None => Ok(planned),
        }
    }

    async fn create(client: &Client, planned: &Model, _: &str) -> api::Result<Role> {
        change::create(client, planned).await
    }

    async fn find(client: &Client, known: &Model) -> api::Result<Option<Found<Role>>> {
        look::find(client, known).await
    }

    /// The role without its policies: those say nothing about who has made it.
    async fn find_existing(client: &Client, planned: &Model) -> api::Result<Option<Found<Role>>> {
        look::bare(client, planned.name.as_deref().unwrap_or_default()).await
    }

    fn is_what_was_asked(_: &Call, found: &Role, planned: &Model) -> bool {
        let trust = found.role.assume_role_policy_document.as_deref();
        let trust = trust.map(document::decode).unwrap_or_default();
        let wanted = planned.assume_role_policy.as_deref().unwrap_or_default();
        document::same(&trust, wanted)
    }

    async fn furnish(
        cx: &Call,
        client: &Client,
        object: &Role,
        planned: Model,
    ) -> tf::Result<Model> {
        let planned = resolve::permitted(cx, planned, &object.role.arn)?;
        let wanted = Policies::of(&planned);
        // With the policies that it is about to get: a look finds out which it got, and looks for those that are known.
        let made = Role::with(object.role.clone(), &wanted);
        cx.save_partial(&convert::into_model(cx, made, &planned));
        cx.remember(&Given::of(&wanted));
        let name = planned.name.as_deref().unwrap_or_default();
        change::give(cx, client, name, (&Policies::default(), &wanted)).await?;
        resolve::warn_without_provider(cx, client, &planned).await;
        Ok(planned)
    }

    async fn change(cx: &Call, client: &Client, prior: &Model, planned: &Model) -> api::Result<()> {
        cx.save_partial(&change::underway(prior, planned));
        change::update(cx, client, prior, planned).await?;
        if prior.oidc_provider_arns != planned.oidc_provider_arns {
            resolve::warn_without_provider(cx, client, planned).await;
        }
        Ok(())
    }

    fn is_as_planned(cx: &Call, object: &Role, planned: &Model) -> bool {
        look::is_as(cx, object, planned)
    }

    async fn delete(cx: &Call, client: &Client, prior: &Model) -> api::Result<()> {
        removal::delete(cx, client, prior).await
    }

    fn import(id: &str) -> tf::Result<Model> {
        let (cluster, name) = match id.split_once(':') {
            Some((cluster, name)) => (Some(cluster), name),
            None => (None, id),
        };
        let is_cluster = cluster.is_none_or(|cluster| cluster_name(&cluster.into()).is_ok());
        if !is_cluster || role_name(&name.into()).is_err() {
            return Err(tf::Error::new(format!(
                "The id is the name of the role, without its path; for a configuration with cluster_name the name of the \
                 cluster, a colon and the name of the role. Got {id:?}."
            )));
        }
        Ok(Model {
            cluster_name: cluster.map(ToOwned::to_owned),
            name: Some(name.to_owned()),
            ..Model::default()
        })
    }

    /// With the cluster where the configuration has one: the provider of a cluster is planned, so that the cluster alone tells
    /// how the role is configured.
    fn import_id(model: &Model) -> String {
        let name = model.name.as_deref().unwrap_or_default();
        match &model.cluster_name {
            Some(cluster) => format!("{cluster}:{name}"),
            None => name.to_owned(),
        }
    }

    /// One that is in the way may be for anything.
    fn description(model: &Model) -> String {
        format!(
            "an IAM role {:?}",
            model.name.as_deref().unwrap_or_default()
        )
    }

    fn into_model(cx: &Call, role: Role, known: &Model) -> Model {
        convert::into_model(cx, role, known)
    }
}
