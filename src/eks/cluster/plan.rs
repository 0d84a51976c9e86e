//! The rules of planning a cluster: what is known before AWS has said it, what needs a new cluster, and what is refused
//! because AWS would refuse it.
//!
//! Pure functions of the plan, but for two questions: the account id for the ARN, and the addresses of a cluster whose
//! state does not have them. Versions of Kubernetes are `version`'s.

use tfplugin_rs::tf::{self, Path, Plan, Value};

use super::{convert, version};
use crate::aws::{Call, arn::Arn};
use crate::eks::shared::lookup::{find_cluster, predecessor};

const NETWORK: &str = "kubernetes_network_config";
const FAMILY: &str = "kubernetes_network_config[0].ip_family";
const NODE_ROLE: &str = "compute_config[0].node_role_arn";
const AUTO_MODE: &str = "compute_config[0].enabled";
const AUTHENTICATION_MODE: &str = "access_config[0].authentication_mode";
const CIDRS: &str = "vpc_config[0].public_access_cidrs";
const PUBLIC: &str = "vpc_config[0].endpoint_public_access";
const EGRESS: &str = "vpc_config[0].control_plane_egress_mode";
const KEY: &str = "encryption_config[0].provider[0].key_arn";

pub(super) async fn adjust(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
    if plan.is_destroy() {
        refuse_to_destroy_protected(plan);
        return Ok(());
    }
    refuse_auto_mode_with_config_map(plan);
    if plan.is_create() {
        refuse_to_replace_protected(cx, plan);
        know_what_follows(cx, plan).await?;
        refuse_auto_mode_without_entries(plan);
        refuse_impossible_start(plan);
        version::check(cx, plan).await;
        return Ok(());
    }
    settle_public_access_cidrs(plan);
    compare_added_network(cx, plan).await?;
    replace_what_cannot_change(plan);
    if plan.will_replace() {
        refuse_to_destroy_protected(plan);
        warn_of_replacement(plan);
    } else {
        version::check(cx, plan).await;
        refuse_authentication_mode(plan);
        refuse_auto_mode_without_entries(plan);
        refuse_encryption(plan);
        refuse_network_removal(plan);
    }
    Ok(())
}

/// A replacement that was asked for, such as with `-replace`, is known as one only here, where Terraform plans the new
/// cluster. It shows no warnings of that plan.
fn refuse_to_replace_protected(cx: &Call, plan: &mut Plan) {
    let there = predecessor(cx, &plan.planned).filter(|_| plan.is_replacement());
    if there.is_some_and(|there| is_protected(&there)) {
        refuse_protected(plan, SWITCH_OFF.to_owned());
    }
}

/// That something has create_before_destroy, Terraform does not tell.
fn warn_of_replacement(plan: &mut Plan) {
    if plan.changes("name") || plan.changes("region") {
        return;
    }
    plan.diagnostics.warning(
        "name",
        "The cluster is made anew under the same name",
        "Everything in it goes with it: what refers to it here is deleted first and made again, and what others have put \
         into it is lost. Where something that refers to the cluster has create_before_destroy, Terraform wants to make \
         the new cluster before the old one is gone, which fails when parts of the old one are deleted already: take \
         create_before_destroy out first, or give the new cluster another name.",
    );
}

/// What a new cluster will be called and be set to, which AWS need not be asked for.
async fn know_what_follows(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
    if plan.config.get("deletion_protection").is_null() {
        plan.set("deletion_protection", false);
    }
    if plan.config.get("outpost_config").is_absent() {
        plan.set("cluster_id", Value::Null);
    }
    if !plan.config.get(NETWORK).is_absent() && plan.config.at(FAMILY).is_null() {
        plan.set(FAMILY, "ipv4");
    }
    if plan.planned.at(FAMILY).as_str() == Some("ipv4") {
        plan.set(
            "kubernetes_network_config[0].service_ipv6_cidr",
            Value::Null,
        );
    }
    let Some(name) = plan.planned.get("name").as_str().map(ToOwned::to_owned) else {
        return Ok(());
    };
    plan.set("id", name.as_str());
    let Some(region) = plan.planned.get("region").as_str().map(ToOwned::to_owned) else {
        return Ok(());
    };
    // Without the account the ARN is known after apply.
    if let Some(account) = cx.find_account_id().await.map_err(say_how_to_skip)? {
        let arn = Arn::eks(&region, &account, format!("cluster/{name}"));
        plan.set("arn", arn.to_string());
    }
    Ok(())
}

/// An ARN that was known at plan and is not at apply would be an error of Terraform, which says nothing about the cause.
fn say_how_to_skip(mut error: tf::Error) -> tf::Error {
    error.detail += "\n\nThe account id is asked for to know the ARN before apply. To do without it, set \
                     skip_requesting_account_id = true in the provider block.";
    error
}

/// When the configuration gives no mode, it is the one that AWS takes or has.
fn refuse_auto_mode_without_entries(plan: &mut Plan) {
    let access = plan.config.get("access_config");
    let is_switched_on =
        plan.config.at(AUTO_MODE).as_bool() == Some(true) && plan.changes(AUTO_MODE);
    let is_left_open = plan.config.at(AUTHENTICATION_MODE).is_null() && !access.is_unknown();
    let has_entries = match plan.prior.at(AUTHENTICATION_MODE) {
        _ if plan.is_create() => false,
        mode => mode.as_str() != Some("CONFIG_MAP"),
    };
    if is_switched_on && is_left_open && !has_entries {
        let place = match access.is_absent() {
            true => "compute_config",
            false => "access_config",
        };
        plan.diagnostics.error(
            place,
            "EKS Auto Mode needs access entries",
            "The nodes of EKS Auto Mode get in by an access entry, and the cluster takes none unless \
             access_config.authentication_mode is API or API_AND_CONFIG_MAP. Set it.",
        );
    }
}

/// What AWS refuses of a new cluster only; an existing one may be so.
fn refuse_impossible_start(plan: &mut Plan) {
    let config = plan.config.clone();
    let mode = config.at(AUTHENTICATION_MODE);
    let is_config_map = mode.is_null() || mode.as_str() == Some("CONFIG_MAP");
    if config.at(AUTO_MODE).as_bool() == Some(true) {
        let bootstrap = config.get("bootstrap_self_managed_addons");
        if bootstrap.is_null() || bootstrap.as_bool() == Some(true) {
            plan.diagnostics.error(
                "bootstrap_self_managed_addons",
                "EKS Auto Mode brings its own add-ons",
                "A new cluster with EKS Auto Mode must not get the self-managed add-ons: set \
                 bootstrap_self_managed_addons = false.",
            );
        }
    }
    let creator = "access_config[0].bootstrap_cluster_creator_admin_permissions";
    if is_config_map && config.at(creator).as_bool() == Some(false) {
        plan.diagnostics.error(
            creator,
            "Nobody could enter the cluster",
            "With authentication_mode CONFIG_MAP, the default, the creator is the only one who can let others in, so \
             this must be true. Set it to true, or authentication_mode to API or API_AND_CONFIG_MAP.",
        );
    }
}

/// Not before there is a plan: with `ignore_changes` for the mode, the configuration has that of the state only here.
fn refuse_auto_mode_with_config_map(plan: &mut Plan) {
    let is_on = plan.config.at(AUTO_MODE).as_bool() == Some(true);
    if is_on && plan.config.at(AUTHENTICATION_MODE).as_str() == Some("CONFIG_MAP") {
        plan.diagnostics.error(
            AUTHENTICATION_MODE,
            "EKS Auto Mode needs access entries",
            "The nodes of EKS Auto Mode get in by an access entry, so authentication_mode must be API or \
             API_AND_CONFIG_MAP, got \"CONFIG_MAP\".",
        );
    }
}

/// CIDR blocks of a public endpoint that is off have no effect: AWS is told when it is switched on.
fn settle_public_access_cidrs(plan: &mut Plan) {
    let before = plan.prior.at(CIDRS).clone();
    match plan.planned.at(PUBLIC).as_bool() {
        Some(false) if !before.is_null() => plan.set(CIDRS, before),
        Some(true)
            if before.is_absent() && plan.config.at(CIDRS).is_null() && plan.changes(PUBLIC) =>
        {
            plan.set_unknown(CIDRS);
        }
        _ => {}
    }
}

/// A cluster with AWS's default addresses has no `kubernetes_network_config` in its state when the configuration has
/// none. When the block is added, the cluster itself is asked, so that naming what it has is no reason for a new one.
async fn compare_added_network(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
    let is_added = plan.prior.get(NETWORK).is_absent() && !plan.config.get(NETWORK).is_absent();
    let Some(name) = plan.prior.get("name").as_str().filter(|_| is_added) else {
        return Ok(());
    };
    let client = cx.eks(plan.prior.get("region").as_str()).await?;
    let Some(actual) = find_cluster(&client, name)
        .await?
        .and_then(|found| found.object.kubernetes_network_config)
    else {
        return Ok(());
    };
    let actual = tf::to_value(&convert::into_network(actual, None));
    let actual = actual
        .map_err(|error| tf::Error::new(format!("This is a bug of the provider: {error}")))?;
    for leaf in ["ip_family", "service_ipv4_cidr", "service_ipv6_cidr"] {
        let path = format!("{NETWORK}[0].{leaf}");
        if plan.config.at(&path).is_null() {
            plan.set(&path, actual.get(leaf).clone());
        }
    }
    if let Some(place) = plan.prior.at_path_mut(&Path::parse(NETWORK)) {
        *place = Value::list([actual]);
    }
    Ok(())
}

/// What AWS cannot change, where that depends on more than the attribute itself.
fn replace_what_cannot_change(plan: &mut Plan) {
    for leaf in ["ip_family", "service_ipv4_cidr"] {
        let path = format!("{NETWORK}[0].{leaf}");
        let is_given = !plan.config.at(&path).is_null();
        if is_given && !plan.prior.at(&path).is_null() && plan.changes(&path) {
            plan.require_replace(&path);
        }
    }
    let is_on = |object: &Value| object.at(AUTO_MODE).as_bool() == Some(true);
    let roles = (
        plan.prior.at(NODE_ROLE).as_str(),
        plan.planned.at(NODE_ROLE).as_str(),
    );
    if let (Some(before), Some(after)) = roles
        && before != after
        && is_on(&plan.prior)
        && is_on(&plan.planned)
    {
        plan.require_replace(NODE_ROLE);
    }
    let goes_back = plan.planned.at(EGRESS).as_str() == Some("AWS_MANAGED");
    if goes_back && !plan.prior.at(EGRESS).is_null() && plan.changes(EGRESS) {
        plan.require_replace(EGRESS);
    }
}

const SWITCH_OFF: &str = "Set deletion_protection = false and apply that first.";

fn refuse_to_destroy_protected(plan: &mut Plan) {
    if !is_protected(&plan.prior) {
        return;
    }
    // Whatever the configuration says now, a failed cluster is replaced and not changed.
    let remedy = match plan.failed() {
        None => SWITCH_OFF.to_owned(),
        Some(_) => format!(
            "Switch it off first: aws eks update-cluster-config --name {} --no-deletion-protection",
            plan.prior.get("name").as_str().unwrap_or_default()
        ),
    };
    refuse_protected(plan, remedy);
}

fn is_protected(cluster: &Value) -> bool {
    cluster.get("deletion_protection").as_bool() == Some(true)
}

fn refuse_protected(plan: &mut Plan, remedy: String) {
    plan.diagnostics.error(
        "deletion_protection",
        "The cluster is protected",
        format!("deletion_protection is on, so AWS would refuse to delete the cluster. {remedy}"),
    );
}

/// Every step is one way: what a step back would take away is still in use.
fn refuse_authentication_mode(plan: &mut Plan) {
    const STEPS: [&str; 3] = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"];
    let step = |value: &Value| STEPS.iter().position(|step| value.as_str() == Some(step));
    let steps = (
        step(plan.prior.at(AUTHENTICATION_MODE)),
        step(plan.planned.at(AUTHENTICATION_MODE)),
    );
    let (Some(before), Some(after)) = steps else {
        return;
    };
    let (from, to) = (STEPS[before], STEPS[after]);
    if after < before {
        plan.diagnostics.error(
            AUTHENTICATION_MODE,
            "authentication_mode only moves forward",
            format!("The cluster has {from}, and there is no way back to {to}. Set \"{from}\"."),
        );
    } else if after > before + 1 {
        plan.diagnostics.error(
            AUTHENTICATION_MODE,
            "authentication_mode moves one step at a time",
            format!(
                "The cluster has {from}. Go to \"API_AND_CONFIG_MAP\" first, make access entries for those that the \
                 aws-auth ConfigMap lets in, and then go to \"{to}\"."
            ),
        );
    }
}

/// The incumbents rebuild the cluster or do nothing at all here.
fn refuse_encryption(plan: &mut Plan) {
    let before = plan.prior.at(KEY).as_str().map(ToOwned::to_owned);
    let Some(before) = before else {
        return;
    };
    if plan.planned.get("encryption_config").is_absent() {
        plan.diagnostics.error(
            "encryption_config",
            "Encryption cannot be removed",
            format!(
                "The cluster is encrypted with {before}, and EKS cannot undo that. Keep encryption_config with this \
                 key; to be rid of it, make a new cluster under another name."
            ),
        );
    } else if plan
        .planned
        .at(KEY)
        .as_str()
        .is_some_and(|after| after != before)
    {
        plan.diagnostics.error(
            KEY,
            "The encryption key cannot be changed",
            format!(
                "The cluster is encrypted with {before}, and EKS does not exchange keys. Give this key again; KMS can \
                 rotate its material. For another key, make a new cluster under another name."
            ),
        );
    }
}

/// Without the block a new cluster would have AWS's default addresses; this one has others, and keeps them.
fn refuse_network_removal(plan: &mut Plan) {
    if plan.prior.get(NETWORK).is_absent() || !plan.config.get(NETWORK).is_absent() {
        return;
    }
    let network = plan.prior.at("kubernetes_network_config[0]");
    let has_own = |leaf: &str, usual: &[&str]| {
        network
            .get(leaf)
            .as_str()
            .filter(|value| !usual.contains(value))
            .map(|value| format!("{leaf} = {value:?}"))
    };
    let own = has_own("ip_family", &["ipv4"])
        .or_else(|| has_own("service_ipv4_cidr", &convert::DEFAULT_SERVICE_CIDRS));
    if let Some(own) = own {
        plan.diagnostics.error(
            NETWORK,
            "The addresses of a cluster cannot be changed",
            format!(
                "The cluster has {own}. Keep kubernetes_network_config with this, or make a new cluster with AWS's \
                 default addresses under another name."
            ),
        );
    }
}
