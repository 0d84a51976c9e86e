//! What a change of an add-on asks of AWS: one update with what differs, and with what an absent member would take away.

use aws_sdk_eks::operation::update_addon::builders::UpdateAddonInputBuilder;
use aws_sdk_eks::{Client, types as sdk};

use super::{Addon, Model, convert};
use crate::api::{self, Error, ErrorKind, Found, Wait, until};
use crate::aws::Call;
use crate::eks::shared::Answer;
use crate::eks::shared::update::{Of, run};
use crate::kind::{Kind, is_as_planned};

/// How many looks an add-on may take to recover from an update that is said to have failed: two to three minutes.
const RECOVERY: u32 = 20;

/// Asks for what differs and waits until it is so.
///
/// # Errors
///
/// AWS refuses the change, or fails at it.
pub(super) async fn make(
    cx: &Call,
    client: &Client,
    (prior, planned): (&Model, &Model),
) -> api::Result<()> {
    let key = Addon::place(prior).key;
    let Some(request) = request(prior, planned) else {
        return Ok(());
    };
    let request = request
        .cluster_name(key.parent)
        .addon_name(key.name)
        .client_request_token(cx.idempotency_token());
    let update = async || {
        let answer = request.clone().send_with(client).await;
        answer.to("UpdateAddon", key).map(|answer| answer.update)
    };
    match run(cx, client, (key.parent, Of::Addon(key.name)), update).await {
        Err(error) if *error.kind() == ErrorKind::Failed => {
            let landed = has_landed(cx, client, (prior, planned)).await;
            landed.then_some(()).ok_or(error)
        }
        other => other,
    }
}

/// The request, if there is to be any: `preserve`, for example, counts here only.
///
/// A role that stays is said again: "If you don't specify an existing IAM role, then the add-on uses the permissions
/// assigned to the node IAM role" (API reference of UpdateAddon). Any other absent member leaves what it is about as it is.
fn request(prior: &Model, planned: &Model) -> Option<UpdateAddonInputBuilder> {
    let changed = |prior: &Option<String>, planned: &Option<String>| {
        planned.clone().filter(|_| prior != planned)
    };
    let version = changed(&prior.addon_version, &planned.addon_version);
    let values = changed(&prior.configuration_values, &planned.configuration_values);
    let associations = (prior.pod_identity_association != planned.pod_identity_association)
        .then(|| convert::requested(&planned.pod_identity_association));
    let is_other_role = prior.service_account_role_arn != planned.service_account_role_arn;
    if version.is_none() && values.is_none() && associations.is_none() && !is_other_role {
        return None;
    }
    let resolve = planned.resolve_conflicts_on_update.as_deref();
    let request = UpdateAddonInputBuilder::default()
        .set_addon_version(version)
        .set_configuration_values(values)
        .set_service_account_role_arn(planned.service_account_role_arn.clone())
        .set_pod_identity_associations(associations)
        .set_resolve_conflicts(resolve.map(Into::into));
    Some(request)
}

/// Whether an add-on is as planned although AWS says that its update has failed: AWS gives up on pods that take long to
/// start, and they start all the same (hashicorp/terraform-provider-aws#49104).
async fn has_landed(cx: &Call, client: &Client, (prior, planned): (&Model, &Model)) -> bool {
    let key = Addon::place(prior).key;
    // As ill as it was before is no failure of the change.
    let target: &[_] = match prior.status.as_deref() {
        Some("DEGRADED") => &["ACTIVE", "DEGRADED"],
        _ => &["ACTIVE"],
    };
    let wait = Wait {
        what: Addon::TITLE,
        identity: &key.to_string(),
        pending: &["UPDATING", "DEGRADED"],
        target,
    };
    let mut looks = 0;
    let look = || {
        looks += 1;
        look(client, prior, looks)
    };
    let Ok(found) = until(cx, wait, look).await else {
        return false;
    };
    let found = Addon::read_full(cx, client, found.object, planned).await;
    found.is_ok_and(|found| is_as_planned(&found, planned))
}

async fn look(
    client: &Client,
    prior: &Model,
    looks: u32,
) -> api::Result<Option<Found<sdk::Addon>>> {
    match looks > RECOVERY {
        true => Err(Error::new(
            "Waiting",
            Addon::place(prior).key,
            ErrorKind::Failed,
            "it does not recover",
        )),
        false => Addon::find(client, prior).await,
    }
}
