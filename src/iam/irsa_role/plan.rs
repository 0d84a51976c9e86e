//! What is known of a role before it is made: nearly everything, so that others can refer to it and reviewers see the
//! trust policy and the permissions.

use std::collections::BTreeSet;

use tfplugin_rs::tf::{self, Plan, Value, from_value};

use super::change::{Given, Policies};
use super::choice::Choice;
use super::resolve::{INSTEAD, Permissions, permissions, providers, trust_policy};
use super::{Model, convert};
use crate::aws::{Call, arn::Arn, region::Partition};
use crate::iam::document::{MAX_INLINE, MAX_TRUST, same, size};
use crate::iam::issuer::{self, Planned};
use crate::iam::trust::OidcProvider;
use crate::iam::workload::{ParameterError, Place};

pub(super) async fn adjust(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
    if plan.is_destroy() {
        return Ok(());
    }
    if plan.is_create() && plan.config.get("name_prefix").is_null() {
        plan.set("name_prefix", Value::Null);
    }
    let providers = plan_providers(cx, plan).await?;
    plan_trust(plan, providers.as_deref())?;
    plan_workload(cx, plan, providers.as_deref()).await?;
    check_size(plan);
    warn_of_what_stays(cx, plan)?;
    plan_names(cx, plan, providers.as_deref()).await
}

/// Which OIDC providers the role trusts, and `None` while that is not known.
async fn plan_providers(cx: &Call, plan: &mut Plan) -> tf::Result<Option<Vec<OidcProvider>>> {
    if !plan.config.get("oidc_provider_arns").is_null() {
        let planned = plan.planned.get("oidc_provider_arns");
        let is_known = planned.is_wholly_known();
        let arns: BTreeSet<String> = texts(planned);
        return Ok(is_known.then(|| providers(&arns)));
    }
    let cluster = plan.planned.get("cluster_name").as_str();
    let planned = match cluster {
        Some(cluster) => {
            let region = plan.planned.get("region").as_str();
            issuer::planned_provider_of(cx, region, cluster, INSTEAD).await?
        }
        None => Planned::None,
    };
    match planned {
        Planned::Known(provider) => {
            plan.set("oidc_provider_arns", Value::set([provider.arn()]));
            return Ok(Some(vec![provider]));
        }
        Planned::Later => plan.set_unknown("oidc_provider_arns"),
        Planned::None => stay_or_open(plan, &["cluster_name"], "oidc_provider_arns"),
    }
    Ok(None)
}

/// A cluster that is not there leaves a role as it is: there is nothing better to trust yet. What depends on something
/// else that changes is known at apply.
fn stay_or_open(plan: &mut Plan, depends: &[&str], name: &str) {
    let prior = plan.prior.get(name).clone();
    match plan.is_update() && !depends.iter().any(|name| plan.changes(name)) {
        true => plan.set(name, prior),
        false => plan.set_unknown(name),
    }
}

fn texts(value: &Value) -> BTreeSet<String> {
    let texts = value.elements().filter_map(Value::as_str);
    texts.map(ToOwned::to_owned).collect()
}

/// The workload, when all of it is known.
fn choice(plan: &Plan) -> tf::Result<Option<Choice>> {
    let planned = plan.planned.get("workload");
    match planned.is_null() || !planned.is_wholly_known() {
        true => Ok(None),
        false => Ok(Some(from_value(planned)?)),
    }
}

fn plan_trust(plan: &mut Plan, providers: Option<&[OidcProvider]>) -> tf::Result<()> {
    let accounts = plan.planned.get("service_accounts");
    let name = plan.planned.get("workload").get("name");
    let by_workload = accounts.is_null();
    let is_known = match by_workload {
        true => !plan.planned.get("workload").is_unknown() && !name.is_unknown(),
        false => accounts.is_wholly_known(),
    };
    let Some(providers) = providers.filter(|_| is_known) else {
        let depends = [
            "cluster_name",
            "oidc_provider_arns",
            "service_accounts",
            "workload",
        ];
        stay_or_open(plan, &depends, "assume_role_policy");
        return Ok(());
    };
    let usual = name.as_str().filter(|_| by_workload).map(|name| Choice {
        name: name.to_owned(),
        ..Choice::default()
    });
    let planned: Model = from_value(&plan.planned.clone().with_unknown_as_null())?;
    match trust_policy(providers, planned.service_accounts.as_ref(), usual.as_ref()) {
        Ok(trust) => {
            warn_of_length(plan, &trust);
            set_policy(plan, "assume_role_policy", trust);
        }
        Err(error) => {
            let detail = format!("No trust policy can be made of this: {error}.");
            plan.diagnostics
                .error("service_accounts", "Invalid service_accounts", detail);
        }
    }
    Ok(())
}

/// The quota can be raised, so only AWS knows whether it is an error.
fn warn_of_length(plan: &mut Plan, trust: &str) {
    let length = size(trust);
    if length > MAX_TRUST {
        let detail = format!(
            "The trust policy has {length} characters. AWS takes {MAX_TRUST}, unless the quota \"Role trust policy \
             length\" of the account is raised. Name fewer service accounts (with *) or clusters, or ask for more."
        );
        plan.diagnostics
            .warning("service_accounts", "Long trust policy", detail);
    }
}

/// The policies of the workload. What is wrong with its parameters is told as soon as they are known, also when account
/// and partition are not.
async fn plan_workload(
    cx: &Call,
    plan: &mut Plan,
    providers: Option<&[OidcProvider]>,
) -> tf::Result<()> {
    let none = || Value::set::<Value>([]);
    if plan.planned.get("workload").is_null() {
        plan.set("workload_policy", Value::Null);
        plan.set("workload_policy_arns", none());
        return Ok(());
    }
    for name in ["workload_policy", "workload_policy_arns"] {
        stay_or_open(
            plan,
            &["cluster_name", "oidc_provider_arns", "workload"],
            name,
        );
    }
    let region = plan.planned.get("region").as_str();
    let region = cx.region_or(region).map(ToOwned::to_owned);
    let cluster = plan.planned.get("cluster_name");
    let is_open = cluster.is_unknown();
    let (Some(choice), Ok(region), false) = (choice(plan)?, region, is_open) else {
        return Ok(());
    };
    // Where nobody tells the account, what is the same in any two is known all the same.
    let (partition, accounts) = match home(cx, plan, providers).await? {
        Some((partition, account)) => (partition, [account.clone(), account]),
        None => {
            let partition = Partition::of(&region).id;
            (partition.to_owned(), ["0", "1"].map(ToOwned::to_owned))
        }
    };
    let [here, there] = accounts.map(|account_id| {
        let place = Place {
            partition: &partition,
            account_id: &account_id,
            region: &region,
        };
        permissions(&choice, cluster.as_str(), &place)
    });
    match (here, there) {
        (Ok(here), Ok(there)) => set_permissions(plan, here, &there),
        (Err(errors), _) | (_, Err(errors)) => refuse(plan, errors),
    }
    Ok(())
}

/// Plans what is the same in both.
fn set_permissions(plan: &mut Plan, here: Permissions, there: &Permissions) {
    if here.arns == there.arns {
        plan.set("workload_policy_arns", Value::set(here.arns));
    }
    match here.policy {
        policy if policy != there.policy => {}
        Some(policy) => set_policy(plan, "workload_policy", policy),
        None => plan.set("workload_policy", Value::Null),
    }
}

/// Terraform shows the line of an attribute, and of none inside of it.
fn refuse(plan: &mut Plan, errors: Vec<ParameterError>) {
    for error in errors {
        let summary = format!("Invalid {}", error.parameter);
        plan.diagnostics
            .error("workload", summary, format!("{error}."));
    }
}

/// A policy that says the same as before stays as it is written.
fn set_policy(plan: &mut Plan, name: &str, policy: String) {
    let prior = plan.prior.get(name).as_str();
    let kept = prior.filter(|prior| same(prior, &policy));
    let policy = kept.map_or(policy.clone(), ToOwned::to_owned);
    plan.set(name, policy);
}

fn check_size(plan: &mut Plan) {
    let workload = plan.planned.get("workload_policy").as_str().map_or(0, size);
    let own = plan.planned.get("inline_policies");
    let own: usize = own.elements().filter_map(Value::as_str).map(size).sum();
    // Without a workload the configuration was checked before.
    if workload > 0 && workload + own > MAX_INLINE {
        let detail = format!(
            "The policies inside of a role have at most {MAX_INLINE} characters in all, spaces not counted. These have \
             {own}, and that of the workload {workload}: use policies of their own and policy_arns."
        );
        plan.diagnostics
            .error("inline_policies", "Invalid inline_policies", detail);
    }
}

/// What the state has and the configuration lacks looks as if it were taken away. Where somebody else may have given it,
/// it is not.
fn warn_of_what_stays(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
    let is_exclusive = plan.planned.get("exclusive").as_bool() != Some(false);
    if !plan.is_update() || is_exclusive || plan.will_replace() {
        return Ok(());
    }
    let parts = [
        "policy_arns",
        "inline_policies",
        "workload",
        "workload_policy",
        "workload_policy_arns",
    ];
    let is_known = |name: &&str| plan.planned.get(name).is_wholly_known();
    if !parts.iter().all(is_known) {
        return Ok(());
    }
    let [prior, planned] = [&plan.prior, &plan.planned]
        .map(|it| from_value::<Model>(&it.clone().with_unknown_as_null()));
    let given = Given::of(&Policies::of(&planned?));
    let given = given.or(&cx.remembered().unwrap_or_default());
    let prior = prior?;
    let stays = given.others(&Policies::of(&prior));
    if !stays.is_empty() {
        plan.diagnostics.warning(
            "policy_arns",
            "Policies stay with the role",
            how_to_take(&prior, &stays),
        );
    }
    Ok(())
}

/// The ways out. Terraform leaves lines that begin with a space as they are, so commands can be copied.
fn how_to_take(role: &Model, stays: &Given) -> String {
    let name = role.name.as_deref().unwrap_or_default();
    let detach =
        |arn| format!("\n  aws iam detach-role-policy --role-name {name} --policy-arn {arn}");
    let delete = |policy| {
        format!("\n  aws iam delete-role-policy --role-name {name} --policy-name {policy}")
    };
    let attached = stays.attached.iter().map(detach);
    let commands: String = attached.chain(stays.inline.iter().map(delete)).collect();
    format!(
        "It is not known that this configuration gave the role {}, so they stay, and are in the state no more. Which it \
         gave is known from the first change on that is applied after an import. To take them away, set exclusive = true, \
         which takes away whatever the configuration lacks; or use the AWS CLI:\n{commands}",
        stays.names().join(", ")
    )
}

/// The ARN follows from the name and the account.
async fn plan_names(
    cx: &Call,
    plan: &mut Plan,
    providers: Option<&[OidcProvider]>,
) -> tf::Result<()> {
    let text = |name: &str| plan.planned.get(name).as_str().map(ToOwned::to_owned);
    let (Some(name), Some(path)) = (text("name"), text("path")) else {
        return Ok(());
    };
    if !plan.is_create() && !plan.will_replace() {
        return Ok(());
    }
    plan.set("id", name.as_str());
    if let Some((partition, account)) = home(cx, plan, providers).await? {
        let arn = format!("arn:{partition}:iam::{account}:role{path}{name}");
        let annotations = convert::annotations(&arn);
        plan.set("service_account_annotations", Value::map(annotations));
        plan.set("arn", arn);
    }
    Ok(())
}

/// Partition and account of the role, as far as they are certain: those of the caller. EKS shows nobody the clusters of
/// another account, so they are those of the provider of a cluster that was found by its name. A provider that is given
/// by its ARN may be another account's.
async fn home(
    cx: &Call,
    plan: &Plan,
    providers: Option<&[OidcProvider]>,
) -> tf::Result<Option<(String, String)>> {
    let is_found = plan.config.get("oidc_provider_arns").is_null();
    let found = providers.and_then(<[_]>::first).filter(|_| is_found);
    if let Some(provider) = found {
        return Ok(Some(provider.home()));
    }
    let prior = plan.prior.get("arn").as_str();
    if let Some(arn) = prior.and_then(|arn| arn.parse::<Arn>().ok()) {
        return Ok(Some((arn.partition, arn.account_id)));
    }
    let region = plan.planned.get("region").as_str();
    let Ok(region) = cx.region_or(region) else {
        return Ok(None);
    };
    let account = cx.find_account_id().await?;
    Ok(account.map(|account| (Partition::of(region).id.to_owned(), account)))
}
