//! The requests that make and change a role. Each is sent only for what differs. Its end is in `removal`.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::Client;
use serde::{Deserialize, Serialize};

use super::Model;
use super::look::{self, Role};
use crate::api::{Error, For, retry};
use crate::aws::Call;
use crate::iam::errors::Answer;
use crate::iam::{document, tags};

/// What IAM is asked again for. Nothing that is sent here does harm when it is repeated.
const REASONS: [For; 4] = [
    For::NewlyMade,
    For::Propagation,
    For::UpdateInProgress,
    For::LostAnswer,
];

/// What IAM is asked again for when something is taken away. What is not found is gone, so `NewlyMade` is no reason.
pub(super) const TAKE_REASONS: [For; 2] = [For::UpdateInProgress, For::LostAnswer];

/// The policies of a role that count.
#[derive(Clone, Debug, Default)]
pub(super) struct Policies {
    /// ARNs of those that are attached.
    pub attached: BTreeSet<String>,
    /// Texts by name of those inside of it.
    pub inline: BTreeMap<String, String>,
}

impl Policies {
    /// Those of a configuration or state: the user's own and those of the workload.
    pub(super) fn of(model: &Model) -> Self {
        let attached = [&model.policy_arns, &model.workload_policy_arns];
        let mut inline = model.inline_policies.clone().unwrap_or_default();
        if let (Some(choice), Some(policy)) = (&model.workload, &model.workload_policy) {
            inline.insert(choice.name.clone(), policy.clone());
        }
        Self {
            attached: attached.into_iter().flatten().flatten().cloned().collect(),
            inline,
        }
    }
}

/// The policies that configurations gave the role, which no state tells: with `exclusive` it holds what others gave, too,
/// and so does that of an import.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct Given {
    /// ARNs.
    pub attached: BTreeSet<String>,
    /// Names.
    pub inline: BTreeSet<String>,
}

impl Given {
    pub(super) fn of(policies: &Policies) -> Self {
        Self {
            attached: policies.attached.clone(),
            inline: policies.inline.keys().cloned().collect(),
        }
    }

    /// What of these policies was given.
    pub(super) fn among(&self, policies: Policies) -> Policies {
        let inline = policies.inline.into_iter();
        Policies {
            attached: &policies.attached & &self.attached,
            inline: inline
                .filter(|(name, _)| self.inline.contains(name))
                .collect(),
        }
    }

    /// What was given before or after.
    pub(super) fn or(&self, other: &Self) -> Self {
        Self {
            attached: &self.attached | &other.attached,
            inline: &self.inline | &other.inline,
        }
    }

    /// What there is and is not among these.
    pub(super) fn others(&self, policies: &Policies) -> Self {
        let there = Self::of(policies);
        Self {
            attached: &there.attached - &self.attached,
            inline: &there.inline - &self.inline,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.attached.is_empty() && self.inline.is_empty()
    }

    /// ARNs, and names of those inside of the role.
    pub(super) fn names(&self) -> Vec<String> {
        self.attached.iter().chain(&self.inline).cloned().collect()
    }
}

/// Asks for the role, without its policies.
pub(super) async fn create(client: &Client, planned: &Model) -> Result<Role, Error> {
    let name = planned.name.as_deref().unwrap_or_default();
    let request = client
        .create_role()
        .role_name(name)
        .set_path(planned.path.clone())
        .set_description(planned.description.clone())
        .set_max_session_duration(planned.max_session_duration)
        .set_permissions_boundary(planned.permissions_boundary.clone())
        .set_assume_role_policy_document(planned.assume_role_policy.clone())
        .set_tags(tags::for_create(&planned.tags_all));
    let answer = request.send().await;
    let role = answer.object("CreateRole", name, |answer| answer.role)?;
    Ok(Role::with(role, &Policies::default()))
}

/// The role while it changes: with the policies of before and after. Should the change fail half way, they are looked
/// for, so that none is forgotten.
pub(super) fn underway(prior: &Model, planned: &Model) -> Model {
    let both = |of: fn(&Model) -> &Option<BTreeSet<String>>| {
        let arns = [of(prior), of(planned)].into_iter().flatten().flatten();
        Some(arns.cloned().collect())
    };
    let (mut inline, had) = (Policies::of(planned).inline, prior.inline_policies.clone());
    inline.extend(had.unwrap_or_default());
    Model {
        policy_arns: both(|model| &model.policy_arns),
        workload_policy_arns: both(|model| &model.workload_policy_arns),
        inline_policies: Some(inline),
        ..prior.clone()
    }
}

/// Changes what differs.
pub(super) async fn update(
    cx: &Call,
    client: &Client,
    prior: &Model,
    planned: &Model,
) -> Result<(), Error> {
    let name = prior.name.as_deref().unwrap_or_default();
    let text = |policy: &Option<String>| policy.clone().unwrap_or_default();
    let (trusted, wanted) = (
        text(&prior.assume_role_policy),
        text(&planned.assume_role_policy),
    );
    if !document::same(&trusted, &wanted) {
        retry(cx, &REASONS, || trust(client, name, &wanted)).await?;
    }
    if prior.description != planned.description
        || prior.max_session_duration != planned.max_session_duration
    {
        retry(cx, &REASONS, || describe(client, name, planned)).await?;
    }
    if prior.permissions_boundary != planned.permissions_boundary {
        let boundary = planned.permissions_boundary.as_deref();
        retry(cx, &REASONS, || limit(client, name, boundary)).await?;
    }
    let (prior_policies, wanted) = (Policies::of(prior), Policies::of(planned));
    let before: Given = cx.remembered().unwrap_or_default();
    let either = before.or(&Given::of(&wanted));
    cx.remember(&either);
    let had = match planned.exclusive {
        // Those of others are in no state that was not exclusive before.
        Some(true) if prior.exclusive != Some(true) => all(client, name).await?,
        Some(true) => prior_policies,
        _ => either.among(prior_policies),
    };
    give(cx, client, name, (&had, &wanted)).await?;
    cx.remember(&Given::of(&wanted));
    Ok(())
}

async fn trust(client: &Client, name: &str, policy: &str) -> Result<(), Error> {
    let request = client.update_assume_role_policy().role_name(name);
    let answer = request.policy_document(policy).send().await;
    answer.to("UpdateAssumeRolePolicy", name).map(drop)
}

/// What is left out goes back to IAM's default, so both go together.
async fn describe(client: &Client, name: &str, planned: &Model) -> Result<(), Error> {
    let request = client
        .update_role()
        .role_name(name)
        .description(planned.description.clone().unwrap_or_default())
        .set_max_session_duration(planned.max_session_duration);
    request.send().await.to("UpdateRole", name).map(drop)
}

async fn limit(client: &Client, name: &str, boundary: Option<&str>) -> Result<(), Error> {
    match boundary {
        Some(arn) => {
            let request = client.put_role_permissions_boundary().role_name(name);
            let answer = request.permissions_boundary(arn).send().await;
            answer.to("PutRolePermissionsBoundary", name).map(drop)
        }
        None => {
            let request = client.delete_role_permissions_boundary().role_name(name);
            let answer = request.send().await;
            gone(answer.to("DeleteRolePermissionsBoundary", name))
        }
    }
}

/// All policies of a role, with no regard to whose they are. Texts are not asked for: they differ from any.
pub(super) async fn all(client: &Client, name: &str) -> Result<Policies, Error> {
    let names = look::inline_names(client, name).await?;
    Ok(Policies {
        attached: look::attached(client, name).await?,
        inline: names
            .into_iter()
            .map(|name| (name, String::new()))
            .collect(),
    })
}

/// Gives the role the policies that it lacks, and takes away those it is not to have any more.
///
/// First comes what is added, so that pods are never without a permission that they have before and after.
pub(super) async fn give(
    cx: &Call,
    client: &Client,
    name: &str,
    (had, wanted): (&Policies, &Policies),
) -> Result<(), Error> {
    for arn in wanted.attached.difference(&had.attached) {
        retry(cx, &REASONS, || attach(client, name, arn)).await?;
    }
    let has = |policy: &str, text: &str| {
        let had = had.inline.get(policy);
        had.is_some_and(|had| document::same(had, text))
    };
    for (policy, text) in &wanted.inline {
        if !has(policy, text) {
            retry(cx, &REASONS, || put(client, name, policy, text)).await?;
        }
    }
    let inline = had.inline.keys();
    let removed = Policies {
        attached: &had.attached - &wanted.attached,
        inline: inline
            .filter(|policy| !wanted.inline.contains_key(*policy))
            .map(|policy| (policy.clone(), String::new()))
            .collect(),
    };
    take(cx, client, name, &removed).await
}

async fn attach(client: &Client, name: &str, arn: &str) -> Result<(), Error> {
    let request = client.attach_role_policy().role_name(name);
    let answer = request.policy_arn(arn).send().await;
    answer.to("AttachRolePolicy", arn).map(drop)
}

async fn put(client: &Client, name: &str, policy: &str, text: &str) -> Result<(), Error> {
    let request = client.put_role_policy().role_name(name).policy_name(policy);
    let answer = request.policy_document(text).send().await;
    answer.to("PutRolePolicy", policy).map(drop)
}

/// Takes policies away from the role. What is gone already is fine.
pub(super) async fn take(
    cx: &Call,
    client: &Client,
    name: &str,
    policies: &Policies,
) -> Result<(), Error> {
    for arn in &policies.attached {
        let request = || async {
            let request = client.detach_role_policy().role_name(name).policy_arn(arn);
            gone(request.send().await.to("DetachRolePolicy", arn))
        };
        retry(cx, &TAKE_REASONS, request).await?;
    }
    for policy in policies.inline.keys() {
        let request = || async {
            let request = client.delete_role_policy().role_name(name);
            let answer = request.policy_name(policy).send().await;
            gone(answer.to("DeleteRolePolicy", policy))
        };
        retry(cx, &TAKE_REASONS, request).await?;
    }
    Ok(())
}

/// What does not exist need not be removed.
pub(super) fn gone<T>(answer: Result<T, Error>) -> Result<(), Error> {
    match answer {
        Err(error) if !error.is_not_found() => Err(error),
        _ => Ok(()),
    }
}
