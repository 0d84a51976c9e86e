//! How an add-on is planned, beyond what its declaration says: the version that a policy means, and what is refused
//! because AWS would refuse it.
//!
//! AWS is asked for the versions of the add-on, and for that of a cluster that is not planned in the same run, once for
//! all add-ons that need the same answer, and only when the version may change.

use std::sync::Arc;
use std::time::Duration;

use tfplugin_rs::tf::{self, Plan, Value};

use super::{configuration, offer};
use crate::api::{Error, ErrorKind};
use crate::aws::Call;
use crate::eks::shared::lookup;

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
    /// The one that it has, on a cluster that will have another version of Kubernetes.
    Kept(String),
    /// What a policy means.
    Policy(String),
    /// AWS's default for a new add-on.
    Default,
}

impl Wanted {
    /// `None` when the version stays as it is, or when it is not known yet what is wanted.
    fn of(plan: &Plan, is_upgraded: bool) -> Option<Self> {
        let kept = || plan.prior.get(VERSION).as_str().filter(|_| is_upgraded);
        let kept = || kept().map(|version| Self::Kept(version.to_owned()));
        let text = |name: &str| plan.config.get(name).as_str().map(ToOwned::to_owned);
        let is_open =
            plan.config.get(VERSION).is_null() && plan.config.get("version_policy").is_null();
        match (text(VERSION), text("version_policy")) {
            (Some(version), _) if plan.changes(VERSION) => Some(Self::Pinned(version)),
            (None, Some(policy)) => Some(Self::Policy(policy)),
            (None, None) if is_open && plan.is_create() => Some(Self::Default),
            _ => kept(),
        }
    }

    fn policy(&self) -> Option<&str> {
        match self {
            Self::Pinned(_) | Self::Kept(_) => None,
            Self::Policy(policy) => Some(policy),
            Self::Default => Some("default"),
        }
    }
}

async fn plan_version(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
    if is_open(plan) {
        plan.set_unknown(VERSION);
    }
    let Some(wanted) = Wanted::of(plan, is_on_upgrade(cx, plan)) else {
        return Ok(());
    };
    let facts = match tokio::time::timeout(PATIENCE, ask(cx, &plan.planned, &wanted)).await {
        Ok(facts) => facts,
        Err(_) => {
            let silence = "AWS does not answer";
            Err(Error::new("DescribeAddonVersions", "", ErrorKind::Unreachable, silence).into())
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

/// Whether the cluster is planned to have another version of Kubernetes than it has.
fn is_on_upgrade(cx: &Call, plan: &Plan) -> bool {
    let cluster = lookup::noted(cx, &plan.planned).filter(|_| plan.is_update());
    cluster.is_some_and(|cluster| cluster.is_upgraded)
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
    offers: Result<Arc<Vec<offer::Offer>>, Error>,
    /// The names of others, where there is nothing of this one and AWS tells them.
    others: Vec<String>,
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
    let question = offer::Question {
        region: region.as_str(),
        addon,
        kubernetes: kubernetes.as_deref(),
    };
    let offers = match offer::find(cx, &client, question).await {
        Err(error) if !is_unknown_addon(&error) => return Err(error.into()),
        offers => offers,
    };
    let others = match (&offers, wanted) {
        (_, Wanted::Kept(_)) => Vec::new(),
        (Ok(offers), _) if !offers.is_empty() => Vec::new(),
        // They only help to find the mistake.
        _ => offer::addons(&client, kubernetes.as_deref())
            .await
            .unwrap_or_default(),
    };
    Ok(Asked::Facts(Facts {
        addon: addon.to_owned(),
        kubernetes,
        offers,
        others,
    }))
}

/// How AWS answers a name that it does not know is not documented; the other parameters are its own words.
fn is_unknown_addon(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NotFound | ErrorKind::InvalidParameter
    )
}

/// The version of Kubernetes that the cluster will have, null when there is no cluster.
async fn kubernetes(cx: &Call, planned: &Value) -> tf::Result<Value> {
    let Some(cluster) = planned.get("cluster_name").as_str() else {
        return Ok(Value::Null);
    };
    let outlook = lookup::outlook(cx, planned.get("region").as_str(), cluster).await?;
    Ok(outlook.map_or(Value::Null, |outlook| outlook.version))
}

impl Facts {
    /// For which Kubernetes, in messages.
    fn on(&self) -> String {
        let on = |version| format!(" for Kubernetes {version}");
        self.kubernetes.as_ref().map(on).unwrap_or_default()
    }
}

fn is_offered(version: &str, offers: &[offer::Offer]) -> bool {
    offers.iter().any(|offer| offer.version == version)
}

fn list(offers: &[offer::Offer]) -> String {
    let versions: Vec<_> = offers.iter().map(|offer| offer.version.as_str()).collect();
    versions.join(", ")
}

/// Plans the version that is wanted, or says why there is none.
fn settle(plan: &mut Plan, facts: &Facts, wanted: &Wanted) {
    let (addon, on) = (&facts.addon, facts.on());
    match (&facts.offers, wanted) {
        (Ok(offers), Wanted::Kept(version)) => warn_behind(plan, facts, (version, offers)),
        (Err(error), Wanted::Kept(_)) => tracing::info!(%error, "version not checked"),
        (Ok(offers), _) if offers.is_empty() => refuse_addon(plan, facts, None),
        (Err(error), _) => refuse_addon(plan, facts, Some(error)),
        (Ok(offers), Wanted::Pinned(version)) if !is_offered(version, offers) => {
            let all = list(offers);
            let detail =
                format!("The add-on {addon:?} has no version {version:?}{on}. It has: {all}.");
            plan.diagnostics
                .error(VERSION, "Invalid addon_version", detail);
        }
        (Ok(_), Wanted::Pinned(_)) => {}
        (Ok(offers), Wanted::Policy(policy)) => follow_policy(plan, facts, (policy, offers)),
        (Ok(offers), Wanted::Default) => {
            if let Some(offer) = offer::choose(offers, "default") {
                plan.set(VERSION, offer.version.as_str());
            }
        }
    }
}

fn follow_policy(plan: &mut Plan, facts: &Facts, (policy, offers): (&str, &[offer::Offer])) {
    match offer::choose(offers, policy) {
        Some(offer) => plan.set(VERSION, offer.version.as_str()),
        None => {
            let kubernetes = facts.kubernetes.as_deref().unwrap_or_default();
            let detail = format!("{}.", offer::nothing(policy, &facts.addon, kubernetes));
            plan.diagnostics
                .error("version_policy", "Invalid version_policy", detail);
        }
    }
}

/// AWS upgrades a cluster whatever its add-ons are.
fn warn_behind(plan: &mut Plan, facts: &Facts, (version, offers): (&str, &[offer::Offer])) {
    if is_offered(version, offers) {
        return;
    }
    let (addon, on) = (&facts.addon, facts.on());
    let remedy = match offers {
        [] => "It offers none yet.".to_owned(),
        offers => format!(
            "It offers: {}. Set addon_version to one of them, or a version_policy, to upgrade the add-on in the same apply.",
            list(offers)
        ),
    };
    let detail = format!(
        "The add-on {addon:?} has the version {version:?}, which AWS does not offer{on}, the version that the cluster is \
         planned to have. {remedy}"
    );
    plan.diagnostics
        .warning(VERSION, "The add-on stays behind", detail);
}

fn refuse_addon(plan: &mut Plan, facts: &Facts, why: Option<&Error>) {
    let (addon, on) = (&facts.addon, facts.on());
    let why = why.map(|error| format!("\n\n{error}")).unwrap_or_default();
    let others = match facts.others.as_slice() {
        [] => "To see which there are".to_owned(),
        names => format!(
            "AWS and the community have{on}: {}. To see those of the Marketplace, too",
            names.join(", ")
        ),
    };
    let detail = format!(
        "AWS has no add-on {addon:?}{on}.{why}\n\n{others}: aws eks describe-addon-versions --query \"addons[].addonName\". An add-on can \
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
