//! The end of a role: what is taken away from it first, and what is in the way.

use std::collections::BTreeSet;

use aws_sdk_iam::Client;

use super::Model;
use super::change::{Given, Policies, TAKE_REASONS, all, gone, take};
use super::look;
use crate::api::{Error, ErrorKind, For, retry};
use crate::aws::Call;
use crate::iam::errors::Answer;

/// Removes the role with the policies it has from here; with all, where that is asked for.
pub(super) async fn delete(cx: &Call, client: &Client, prior: &Model) -> Result<(), Error> {
    let name = prior.name.as_deref().unwrap_or_default();
    let ours = match prior.force_detach_policies {
        Some(true) => match held(client, name).await {
            Err(error) if error.is_not_found() => return Ok(()),
            held => held?,
        },
        _ => Held {
            policies: Policies::of(prior),
            profiles: BTreeSet::new(),
        },
    };
    leave(cx, client, name, &ours.profiles).await?;
    take(cx, client, name, &ours.policies).await?;
    let request = || async {
        let answer = client.delete_role().role_name(name).send().await;
        match gone(answer.to("DeleteRole", name)) {
            Err(error) if *error.kind() == ErrorKind::InUse => {
                Err(in_use(client, name, &ours, error).await)
            }
            other => other,
        }
    };
    let reasons = [For::Lingering, For::UpdateInProgress, For::LostAnswer];
    retry(cx, &reasons, request).await
}

/// What keeps IAM from deleting a role.
struct Held {
    policies: Policies,
    /// Names of the instance profiles that the role is in.
    profiles: BTreeSet<String>,
}

/// Roles of pods are rarely in a profile, so who may not look for those deletes the role all the same. Of one that is in
/// some, the answer to DeleteRole says so.
async fn held(client: &Client, name: &str) -> Result<Held, Error> {
    let policies = all(client, name).await?;
    let profiles = match look::instance_profiles(client, name).await {
        Err(error) if *error.kind() == ErrorKind::AccessDenied => BTreeSet::new(),
        profiles => profiles?,
    };
    Ok(Held { policies, profiles })
}

/// IAM may not know everywhere yet that what was `taken` is gone; what others gave the role does not go by itself.
async fn in_use(client: &Client, name: &str, taken: &Held, error: Error) -> Error {
    // Who may not look is not told.
    let policies = all(client, name).await.unwrap_or_default();
    let profiles = look::instance_profiles(client, name).await;
    let profiles = &profiles.unwrap_or_default() - &taken.profiles;
    let reasons = [
        (
            "policies",
            Given::of(&taken.policies).others(&policies).names(),
        ),
        ("instance profiles", profiles.into_iter().collect()),
    ];
    let reasons = reasons.into_iter().filter(|(_, names)| !names.is_empty());
    let reasons: Vec<_> = reasons
        .map(|(what, names)| format!("{what} ({})", names.join(", ")))
        .collect();
    if reasons.is_empty() {
        return error;
    }
    let message = format!(
        "the role has {} that it was not given here. Take them away, or apply with force_detach_policies = true first",
        reasons.join(" and ")
    );
    Error::new("DeleteRole", name, ErrorKind::Failed, message)
}

/// Takes the role out of instance profiles. What is gone already is fine.
async fn leave(
    cx: &Call,
    client: &Client,
    name: &str,
    profiles: &BTreeSet<String>,
) -> Result<(), Error> {
    for profile in profiles {
        let request = || async {
            let request = client.remove_role_from_instance_profile().role_name(name);
            let answer = request.instance_profile_name(profile).send().await;
            gone(answer.to("RemoveRoleFromInstanceProfile", profile))
        };
        retry(cx, &TAKE_REASONS, request).await?;
    }
    Ok(())
}
