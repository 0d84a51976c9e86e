//! What IAM has of a role, with as few questions as can be.
//!
//! `GetRole` tells nearly everything. `ListAttachedRolePolicies` is asked only if there may be attachments that count:
//! ours, or any with `exclusive` or on import. Policies inside of the role are asked for by name, which takes no list
//! (`ListRolePolicies`) unless all of them count.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use aws_sdk_iam::{Client, types as sdk};

use super::change::Policies;
use super::{Model, convert};
use crate::api::{Error, Found, Observed};
use crate::aws::{Call, system_time};
use crate::iam::document;
use crate::iam::errors::Answer;

/// A role, and the policies of it that count.
#[derive(Clone)]
pub struct Role {
    pub(super) role: sdk::Role,
    pub(super) attached: BTreeSet<String>,
    /// Text by name.
    pub(super) inline: BTreeMap<String, String>,
}

impl Role {
    /// A role that has these policies.
    pub(super) fn with(role: sdk::Role, policies: &Policies) -> Self {
        Self {
            role,
            attached: policies.attached.clone(),
            inline: policies.inline.clone(),
        }
    }
}

/// The role as IAM has it; `None` when there is none of that name.
pub(super) async fn find(client: &Client, known: &Model) -> Result<Option<Found<Role>>, Error> {
    let name = known.name.as_deref().unwrap_or_default();
    let Some(found) = bare(client, name).await? else {
        return Ok(None);
    };
    let ours = Policies::of(known);
    let all_count = known.exclusive == Some(true) || convert::is_import(known);
    let attached = match all_count {
        true => attached(client, name).await?,
        false if ours.attached.is_empty() => BTreeSet::new(),
        false => &attached(client, name).await? & &ours.attached,
    };
    let names = match all_count {
        true => inline_names(client, name).await?,
        false => ours.inline.into_keys().collect(),
    };
    let mut inline = BTreeMap::new();
    for policy in names {
        if let Some(text) = inline_policy(client, name, &policy).await? {
            inline.insert(policy, text);
        }
    }
    Ok(Some(found.map(|bare| Role {
        attached,
        inline,
        ..bare
    })))
}

/// The role without its policies; `None` when there is none of that name.
pub(super) async fn bare(client: &Client, name: &str) -> Result<Option<Found<Role>>, Error> {
    let answer = client.get_role().role_name(name).send().await;
    let found = answer.found("GetRole", name, |answer| answer.role)?;
    Ok(found.map(|found| found.map(|role| Role::with(role, &Policies::default()))))
}

/// All policies that are attached to the role.
pub(super) async fn attached(client: &Client, name: &str) -> Result<BTreeSet<String>, Error> {
    let request = client.list_attached_role_policies().role_name(name);
    let mut pages = request.into_paginator().items().send();
    let mut arns = BTreeSet::new();
    while let Some(policy) = pages.next().await {
        let policy = policy.to("ListAttachedRolePolicies", name)?;
        arns.extend(policy.policy_arn);
    }
    Ok(arns)
}

/// The names of all policies inside of the role.
pub(super) async fn inline_names(client: &Client, name: &str) -> Result<BTreeSet<String>, Error> {
    let request = client.list_role_policies().role_name(name);
    let mut pages = request.into_paginator().items().send();
    let mut names = BTreeSet::new();
    while let Some(policy) = pages.next().await {
        names.insert(policy.to("ListRolePolicies", name)?);
    }
    Ok(names)
}

/// The names of the instance profiles that the role is in.
pub(super) async fn instance_profiles(
    client: &Client,
    name: &str,
) -> Result<BTreeSet<String>, Error> {
    let request = client.list_instance_profiles_for_role().role_name(name);
    let mut pages = request.into_paginator().items().send();
    let mut names = BTreeSet::new();
    while let Some(profile) = pages.next().await {
        let profile = profile.to("ListInstanceProfilesForRole", name)?;
        names.insert(profile.instance_profile_name);
    }
    Ok(names)
}

async fn inline_policy(client: &Client, role: &str, name: &str) -> Result<Option<String>, Error> {
    let request = client.get_role_policy().role_name(role).policy_name(name);
    match request.send().await.to("GetRolePolicy", role) {
        Ok(answer) => Ok(Some(document::decode(&answer.policy_document))),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

impl Observed for Role {
    fn created_at(&self) -> Option<SystemTime> {
        system_time(Some(&self.role.create_date))
    }
}

/// Whether a role is as planned, with the policies that count.
pub(super) fn is_as(cx: &Call, found: &Role, planned: &Model) -> bool {
    let wanted = Policies::of(planned);
    let same = |(name, text): (&String, &String)| {
        let found = found.inline.get(name);
        found.is_some_and(|found| document::same(found, text))
    };
    let has_policies = wanted.attached == found.attached
        && wanted.inline.len() == found.inline.len()
        && wanted.inline.iter().all(same);
    has_policies && has_settings(&convert::into_model(cx, found.clone(), planned), planned)
}

/// Whether everything of a role but its policies is as planned.
fn has_settings(found: &Model, planned: &Model) -> bool {
    let trust = |model: &Model| model.assume_role_policy.clone().unwrap_or_default();
    let description = |model: &Model| model.description.clone().unwrap_or_default();
    document::same(&trust(found), &trust(planned))
        && description(found) == description(planned)
        && found.max_session_duration == planned.max_session_duration
        && found.permissions_boundary == planned.permissions_boundary
        && found.tags_all == planned.tags_all
}
