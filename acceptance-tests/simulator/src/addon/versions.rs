//! DescribeAddonVersions and DescribeAddonConfiguration: what the catalogue has.

use serde_json::{Value, json};

use super::catalogue::{ADDONS, Addon, ServiceAccount, Version, find};
use super::{unsupported_addon, unsupported_version};
use crate::call::{Call, page_of_values};
use crate::error::ApiError;
use crate::state::Scope;
use crate::version::minor;

/// An unknown name is refused, which is a guess; that a version of Kubernetes for which an add-on
/// does not exist gives an empty list is known from users' reports.
pub(super) fn describe_versions(call: &mut Call) -> Result<Value, ApiError> {
    let name = call.query("addonName");
    if name.as_deref().is_some_and(|name| find(name).is_none()) {
        return Err(unsupported_addon());
    }
    let kubernetes = call.query("kubernetesVersion");
    let [types, publishers, owners] =
        ["types", "publishers", "owners"].map(|filter| call.query_all(filter));
    let allows = |filter: &[String], value: &str| {
        filter.is_empty() || filter.iter().any(|allowed| allowed == value)
    };
    let wanted = |addon: &&Addon| {
        name.as_deref().is_none_or(|name| name == addon.name)
            && allows(&types, addon.kind)
            && allows(&publishers, addon.publisher)
            && allows(&owners, addon.owner)
    };
    let found = ADDONS.iter().filter(wanted);
    let addons = found.filter_map(|addon| describe(addon, kubernetes.as_deref()));
    page_of_values(call, "addons", addons.collect())
}

/// The add-on with the versions that run on the given version of Kubernetes, if there are any.
fn describe(addon: &Addon, kubernetes: Option<&str>) -> Option<Value> {
    let wanted = kubernetes.map(|version| minor(version).unwrap_or_default());
    let versions: Vec<Value> = addon
        .versions
        .iter()
        .filter(|version| wanted.is_none_or(|minor| version.runs_on(minor)))
        .map(|version| describe_version(addon, version, wanted))
        .collect();
    (!versions.is_empty()).then(|| {
        json!({
            "addonName": addon.name,
            "type": addon.kind,
            "addonVersions": versions,
            "publisher": addon.publisher,
            "owner": addon.owner,
            "marketplaceInformation": null,
            "defaultNamespace": addon.namespace,
        })
    })
}

/// That the compatibilities are narrowed to the version of Kubernetes asked for is a guess.
fn describe_version(addon: &Addon, version: &Version, wanted: Option<u32>) -> Value {
    let compatibilities: Vec<Value> = (version.oldest..=version.newest)
        .rev()
        .filter(|minor| wanted.is_none_or(|wanted| wanted == *minor))
        .map(|minor| {
            json!({
                "clusterVersion": format!("1.{minor}"),
                "platformVersions": ["*"],
                "defaultVersion": version.default_for.contains(&minor),
            })
        })
        .collect();
    json!({
        "addonVersion": version.version,
        "architecture": ["amd64", "arm64"],
        "computeTypes": addon.compute_types,
        "compatibilities": compatibilities,
        "requiresConfiguration": false,
        "requiresIamPermissions": addon.needs_iam,
    })
}

/// The texts are those of CreateAddon; whether this operation uses them, too, is not known.
pub(super) fn describe_configuration(call: &mut Call) -> Result<Value, ApiError> {
    let name = call.query("addonName").unwrap_or_default();
    let addon = find(&name).ok_or_else(unsupported_addon)?;
    let version = call.query("addonVersion").unwrap_or_default();
    let version = addon.version(&version).ok_or_else(unsupported_version)?;
    let accounts = addon.service_accounts.iter();
    let accounts: Vec<Value> = accounts
        .map(|account| describe_account(&call.scope, account))
        .collect();
    // AWS sends the schema on one line.
    let schema: Value = serde_json::from_str(version.schema).unwrap_or_default();
    Ok(json!({
        "addonName": addon.name,
        "addonVersion": version.version,
        "configurationSchema": schema.to_string(),
        "podIdentityConfiguration": if accounts.is_empty() { Value::Null } else { accounts.into() },
    }))
}

fn describe_account(scope: &Scope, account: &ServiceAccount) -> Value {
    let arn = |policy: &&str| format!("arn:{}:iam::aws:policy/{policy}", scope.partition());
    let policies: Vec<String> = account.policies.iter().map(arn).collect();
    json!({"serviceAccount": account.name, "recommendedManagedPolicies": policies})
}
