//! How an add-on is planned, beyond what its declaration says: the version that a policy means, and what is refused
//! because AWS would refuse it.
//!
//! AWS is asked for the versions of the add-on, and for that of a cluster that is not planned in the same run, once each,
//! and only when the version may change.

use std::time::Duration;

use tfplugin_rs::tf::{self, Plan, Value};

use super::{configuration, offer};
use crate::aws::{Call, Error, Kind};
use crate::eks::cluster;

/// Long enough for an answer, short enough for a network where there is none.
const PATIENCE: Duration = Duration::from_secs(20);

const VERSION: &str = "addon_version";

/// Adjusts the plan of an add-on that is to be or to stay.
pub(super) async fn adjust(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
    if plan.is_destroy() {
        return Ok(());
    }
    plan_version(cx, plan).await?;
    configuration::check(cx, plan).await;
    leave_submitted(plan);
    Ok(())
}

/// Which version is wanted.
#[derive(Debug)]
enum Wanted {
    /// The one that is configured, which is another one now.
    Pinned(String),
    /// What a policy means.
    Policy(String),
    /// AWS's default for a new add-on.
    Default,
}

impl Wanted {
    /// `None` when the version stays as it is, or when it is not known yet what is wanted.
    fn of(plan: &Plan) -> Option<Self> {
        let text = |name: &str| plan.config.get(name).as_str().map(ToOwned::to_owned);
        let is_open =
            plan.config.get(VERSION).is_null() && plan.config.get("version_policy").is_null();
        match (text(VERSION), text("version_policy")) {
            (Some(version), _) => plan.changes(VERSION).then_some(Self::Pinned(version)),
            (None, Some(policy)) => Some(Self::Policy(policy)),
            (None, None) => (is_open && plan.is_create()).then_some(Self::Default),
        }
    }

    fn policy(&self) -> Option<&str> {
        match self {
            Self::Pinned(_) => None,
            Self::Policy(policy) => Some(policy),
            Self::Default => Some("default"),
        }
    }
}

async fn plan_version(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
    if is_open(plan) {
        plan.set_unknown(VERSION);
    }
    let Some(wanted) = Wanted::of(plan) else {
        return Ok(());
    };
    let facts = match tokio::time::timeout(PATIENCE, ask(cx, &plan.planned, &wanted)).await {
        Ok(facts) => facts,
        Err(_) => {
            let silence = "AWS does not answer";
            Err(Error::new("DescribeAddonVersions", "", Kind::Unreachable, silence).into())
        }
    };
    match (facts, &wanted) {
        (Ok(Asked::Facts(facts)), _) => settle(plan, &facts, &wanted),
        (Ok(Asked::Later), _) => plan.set_unknown(VERSION),
        // At apply, or, where a cluster has gone, never.
        (Ok(Asked::Nothing), _) => {}
        (Err(error), Wanted::Policy(_)) => return Err(error.at("version_policy")),
        // Nobody needs this to plan: EKS judges at apply.
        (Err(error), _) => tracing::info!(reason = %error.detail, "version not checked"),
    }
    Ok(())
}

/// Whether the version is left to a policy of which it is not known yet what it means.
fn is_open(plan: &Plan) -> bool {
    let policy = plan.config.get("version_policy");
    let depends = ["cluster_name", "addon_name", "region"];
    let is_open = policy.is_unknown()
        || depends
            .iter()
            .any(|name| plan.planned.get(name).is_unknown());
    plan.config.get(VERSION).is_null() && !policy.is_null() && is_open
}

/// What came of asking.
#[derive(Debug)]
enum Asked {
    Facts(Facts),
    /// The cluster gets the version of Kubernetes on which the answer depends in this very run, and it is not known.
    Later,
    /// There is nothing to ask for yet.
    Nothing,
}

/// What AWS says of an add-on.
#[derive(Debug)]
struct Facts {
    addon: String,
    /// Version of the cluster; `None` when there is no cluster yet.
    kubernetes: Option<String>,
    /// The versions that run on it, the latest first; an error when AWS does not know the add-on.
    offers: Result<Vec<offer::Offer>, Error>,
}

/// Asks AWS, unless it is not known yet for what, or the cluster is not there that the answer depends on.
async fn ask(cx: &Call, planned: &Value, wanted: &Wanted) -> tf::Result<Asked> {
    let region = planned.get("region");
    let Some(addon) = planned.get("addon_name").as_str() else {
        return Ok(Asked::Nothing);
    };
    if region.is_unknown() {
        return Ok(Asked::Nothing);
    }
    let client = cx.eks(region.as_str()).await?;
    let version = kubernetes(cx, planned).await?;
    let kubernetes = version.as_str().map(ToOwned::to_owned);
    if kubernetes.is_none() && wanted.policy().is_some() {
        return Ok(match version.is_unknown() {
            true => Asked::Later,
            false => Asked::Nothing,
        });
    }
    let offers = match offer::find(&client, addon, kubernetes.as_deref()).await {
        Err(error) if !is_unknown_addon(&error) => return Err(error.into()),
        offers => offers,
    };
    Ok(Asked::Facts(Facts {
        addon: addon.to_owned(),
        kubernetes,
        offers,
    }))
}

/// How AWS answers a name that it does not know is not documented; the other parameters are its own words.
fn is_unknown_addon(error: &Error) -> bool {
    matches!(error.kind(), Kind::NotFound | Kind::InvalidParameter)
}

/// The version of Kubernetes that the cluster will have, null when there is no cluster.
async fn kubernetes(cx: &Call, planned: &Value) -> tf::Result<Value> {
    let Some(cluster) = planned.get("cluster_name").as_str() else {
        return Ok(Value::Null);
    };
    let outlook = cluster::outlook(cx, planned.get("region").as_str(), cluster).await?;
    Ok(outlook.map_or(Value::Null, |outlook| outlook.version))
}

/// Plans the version that is wanted, or says why there is none.
fn settle(plan: &mut Plan, facts: &Facts, wanted: &Wanted) {
    let Facts {
        addon,
        kubernetes,
        offers,
    } = facts;
    let on = kubernetes
        .as_ref()
        .map(|version| format!(" for Kubernetes {version}"));
    let on = on.unwrap_or_default();
    let offers = match offers {
        Ok(offers) if !offers.is_empty() => offers,
        Ok(_) => return refuse_addon(plan, &format!("AWS has no add-on {addon:?}{on}.")),
        Err(error) => {
            return refuse_addon(
                plan,
                &format!("AWS has no add-on {addon:?}{on}.\n\n{error}"),
            );
        }
    };
    match wanted {
        Wanted::Pinned(version) if offers.iter().all(|offer| offer.version != *version) => {
            let versions: Vec<_> = offers.iter().map(|offer| offer.version.as_str()).collect();
            let detail = format!(
                "The add-on {addon:?} has no version {version:?}{on}. It has: {}.",
                versions.join(", ")
            );
            plan.diagnostics
                .error(VERSION, "Invalid addon_version", detail);
        }
        Wanted::Pinned(_) => {}
        Wanted::Policy(policy) => match offer::choose(offers, policy) {
            Some(offer) => plan.set(VERSION, offer.version.as_str()),
            None => {
                let kubernetes = kubernetes.as_deref().unwrap_or_default();
                let detail = format!("{}.", offer::nothing(policy, addon, kubernetes));
                plan.diagnostics
                    .error("version_policy", "Invalid version_policy", detail);
            }
        },
        Wanted::Default => {
            if let Some(offer) = offer::choose(offers, "default") {
                plan.set(VERSION, offer.version.as_str());
            }
        }
    }
}

fn refuse_addon(plan: &mut Plan, reason: &str) {
    let detail = format!(
        "{reason}\n\nTo see which there are: aws eks describe-addon-versions --query \"addons[].addonName\". An add-on can \
         come later to a new version of Kubernetes."
    );
    plan.diagnostics
        .error("addon_name", "Invalid addon_name", detail);
}

/// An add-on for which nobody waits may still be on its way: that is no difference.
fn leave_submitted(plan: &mut Plan) {
    let is_submitted = plan.planned.get("wait_for").as_str() == Some("submitted");
    if is_submitted && plan.is_update() && plan.planned == plan.prior {
        let status = plan.prior.get("status").clone();
        plan.set("status", status);
    }
}
