//! Plans: what is known, what is refused, what needs a new cluster.

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::engine::PlanAnswer;
use tfplugin_rs::tf::{Value, to_json};

use super::{DESCRIBE, KEY, ROLE, cluster, config, harness, state, with};
use crate::testing::{Script, texts};

pub(super) async fn plan(prior: &Json, config: &Json) -> PlanAnswer {
    let script = Script::default().on(DESCRIBE, [cluster(json!({}))]);
    harness(script).plan(prior, config).await
}

/// The plan of a cluster that AWS describes with `prior` and of the smallest configuration with `over` put over it.
pub(super) async fn update(prior: Json, over: Json) -> PlanAnswer {
    plan(&state(prior).await, &with(config(), over)).await
}

#[track_caller]
pub(super) fn refused(answer: PlanAnswer, expected: &str) {
    let found = texts(answer.diagnostics);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with(expected), "{}\n{expected}", found[0]);
}

/// Nothing but what `changed` names differs from the prior state, and nothing is refused or replaced.
#[track_caller]
pub(super) fn changes(prior: &Json, answer: PlanAnswer, changed: &[&str]) {
    assert_eq!(texts(answer.diagnostics), Vec::<String>::new());
    assert_eq!(answer.replace, Vec::new());
    let prior = harness(Script::default()).value(prior);
    let Value::Object(planned) = answer.planned else {
        panic!("no object is planned");
    };
    let differs = |(name, planned): (String, Value)| (prior.get(&name) != &planned).then_some(name);
    assert_eq!(
        planned.into_iter().filter_map(differs).collect::<Vec<_>>(),
        changed
    );
}

/// What is said besides the warning that comes with every new cluster in the place of another of that name.
#[track_caller]
fn without_warning(mut said: Vec<String>) -> Vec<String> {
    let warning = said.pop().unwrap_or_default();
    assert!(
        warning.starts_with("name: The cluster is made anew under the same name: "),
        "{warning}"
    );
    said
}

#[track_caller]
pub(super) fn replaces(answer: PlanAnswer, path: &str) {
    let said = texts(answer.diagnostics);
    let said = match path {
        "name" => said,
        _ => without_warning(said),
    };
    assert_eq!(said, Vec::<String>::new());
    let paths: Vec<_> = answer.replace.iter().map(ToString::to_string).collect();
    assert_eq!(paths, [path]);
}

#[tokio::test]
async fn a_new_cluster_is_known_as_far_as_it_can_be() {
    let answer = plan(&Json::Null, &config()).await;
    assert_eq!(texts(answer.diagnostics), Vec::<String>::new());
    let planned = answer.planned;
    assert_eq!(planned.get("id").as_str(), Some("demo"));
    assert_eq!(planned.get("region").as_str(), Some("eu-west-1"));
    assert_eq!(planned.get("deletion_protection").as_bool(), Some(false));
    assert_eq!(
        planned.at("compute_config[0].enabled").as_bool(),
        Some(false)
    );
    assert_eq!(
        planned
            .at("storage_config[0].block_storage[0].enabled")
            .as_bool(),
        Some(false)
    );
    assert_eq!(
        planned.at("zonal_shift_config[0].enabled").as_bool(),
        Some(false)
    );
    assert_eq!(
        planned.at("vpc_config[0].endpoint_public_access").as_bool(),
        Some(true)
    );
    for open in [
        "arn",
        "endpoint",
        "version",
        "platform_version",
        "health",
        "vpc_config[0].vpc_id",
    ] {
        assert!(planned.at(open).is_unknown(), "{open}");
    }
}

#[tokio::test]
async fn a_new_cluster_has_ipv4_addresses_unless_told_otherwise() {
    let block = |block: Json| with(config(), json!({"kubernetes_network_config": [block]}));
    let network = "kubernetes_network_config[0]";
    let usual = plan(&Json::Null, &block(json!({}))).await.planned;
    assert_eq!(usual.at(network).get("ip_family").as_str(), Some("ipv4"));
    assert!(usual.at(network).get("service_ipv6_cidr").is_null());
    assert!(usual.at(network).get("service_ipv4_cidr").is_unknown());
    let ipv6 = plan(&Json::Null, &block(json!({"ip_family": "ipv6"})))
        .await
        .planned;
    assert!(ipv6.at(network).get("service_ipv6_cidr").is_unknown());
}

#[tokio::test]
async fn an_imported_cluster_shows_no_difference() {
    let prior = state(json!({})).await;
    changes(&prior, plan(&prior, &config()).await, &[]);
    // What counted at creation only is silent, whatever the configuration says.
    let bootstrap = json!({
        "bootstrap_self_managed_addons": false,
        "access_config": [{"bootstrap_cluster_creator_admin_permissions": false}]
    });
    changes(&prior, plan(&prior, &with(config(), bootstrap)).await, &[]);
}

#[tokio::test]
async fn an_update_leaves_known_what_it_does_not_touch() {
    let prior = state(json!({})).await;
    let logs = with(config(), json!({"enabled_cluster_log_types": ["api"]}));
    changes(
        &prior,
        plan(&prior, &logs).await,
        &["enabled_cluster_log_types"],
    );
    let version = with(config(), json!({"version": "1.34"}));
    changes(
        &prior,
        plan(&prior, &version).await,
        &["platform_version", "version"],
    );
    let forced = with(version, json!({"force_update_version": true}));
    changes(
        &prior,
        plan(&prior, &forced).await,
        &["force_update_version", "platform_version", "version"],
    );
}

#[tokio::test]
async fn authentication_moves_forward_one_step_at_a_time() {
    let to = |mode: &str| json!({"access_config": [{"authentication_mode": mode}]});
    let from = |mode: &str| json!({"accessConfig": {"authenticationMode": mode}});
    let prior = state(json!({})).await;
    let next = plan(&prior, &with(config(), to("API_AND_CONFIG_MAP"))).await;
    changes(&prior, next, &["access_config"]);
    refused(
        update(from("API"), to("CONFIG_MAP")).await,
        "access_config[0].authentication_mode: authentication_mode only moves forward",
    );
    refused(
        update(json!({}), to("API")).await,
        "access_config[0].authentication_mode: authentication_mode moves one step at a time",
    );
}

#[tokio::test]
async fn encryption_is_for_good() {
    let with_key = |key: &str| json!({"encryption_config": [{"resources": ["secrets"], "provider": [{"key_arn": key}]}]});
    let encrypted =
        json!({"encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": KEY}}]});
    let plain = state(json!({})).await;
    changes(
        &plain,
        plan(&plain, &with(config(), with_key(KEY))).await,
        &["encryption_config"],
    );
    refused(
        update(encrypted.clone(), json!({})).await,
        "encryption_config: Encryption cannot be removed",
    );
    refused(
        update(encrypted, with_key(&format!("{KEY}2"))).await,
        "encryption_config[0].provider[0].key_arn: The encryption key cannot be changed",
    );
}

#[tokio::test]
async fn a_protected_cluster_is_not_destroyed() {
    let protected = state(json!({"deletionProtection": true})).await;
    refused(
        plan(&protected, &Json::Null).await,
        "deletion_protection: The cluster is protected",
    );
    let renamed = with(config(), json!({"name": "other"}));
    refused(
        plan(&protected, &renamed).await,
        "deletion_protection: The cluster is protected",
    );
    // Leaving the argument out does not lift it.
    changes(&protected, plan(&protected, &config()).await, &[]);
    let unprotected = state(json!({})).await;
    assert!(plan(&unprotected, &Json::Null).await.diagnostics.is_empty());
}

/// A cluster that failed when no apply was waiting for it.
#[tokio::test]
async fn a_failed_cluster_is_replaced_unless_it_is_protected() {
    let issue =
        json!({"code": "SubnetNotFound", "message": "No such subnet", "resourceIds": ["subnet-1"]});
    let failed = json!({"status": "FAILED", "health": {"issues": [issue]}});
    let prior = state(failed.clone()).await;
    let answer = plan(&prior, &config()).await;
    let paths: Vec<_> = answer.replace.iter().map(ToString::to_string).collect();
    assert_eq!(paths, ["status"]);
    let warning = "status: Creation has failed: Its status is FAILED, which it never leaves. It is deleted and made \
                   anew; see to the cause before you apply, or it fails again.\n  - SubnetNotFound: No such subnet \
                   [subnet-1]";
    assert_eq!(without_warning(texts(answer.diagnostics)), [warning]);
    let prior = state(with(failed, json!({"deletionProtection": true}))).await;
    let off = with(config(), json!({"deletion_protection": false}));
    let refusal = "deletion_protection: The cluster is protected: deletion_protection is on, so AWS would refuse to \
                   delete the cluster. Switch it off first: aws eks update-cluster-config --name demo \
                   --no-deletion-protection";
    let found = texts(plan(&prior, &off).await.diagnostics);
    assert_eq!(without_warning(found), [warning, refusal]);
    assert_eq!(
        texts(plan(&prior, &Json::Null).await.diagnostics),
        [refusal]
    );
}

fn auto_mode(role: &str, pools: &[&str]) -> (Json, Json) {
    let described = json!({
        "computeConfig": {"enabled": true, "nodePools": pools, "nodeRoleArn": role},
        "storageConfig": {"blockStorage": {"enabled": true}},
        "kubernetesNetworkConfig": {"elasticLoadBalancing": {"enabled": true}},
        "accessConfig": {"authenticationMode": "API"}
    });
    let configured = json!({
        "compute_config": [{"enabled": true, "node_pools": pools, "node_role_arn": role}],
        "storage_config": [{"block_storage": [{"enabled": true}]}],
        "kubernetes_network_config": [{"elastic_load_balancing": [{"enabled": true}]}]
    });
    (described, configured)
}

#[tokio::test]
async fn auto_mode_is_switched_off_by_leaving_it_out() {
    let (described, configured) = auto_mode(ROLE, &["system"]);
    let prior = state(described).await;
    changes(
        &prior,
        plan(&prior, &with(config(), configured.clone())).await,
        &[],
    );
    let off = plan(&prior, &config()).await;
    changes(
        &prior,
        off,
        &[
            "compute_config",
            "kubernetes_network_config",
            "storage_config",
        ],
    );
    let without_pools = json!({"compute_config": [{"enabled": true, "node_role_arn": ROLE}]});
    let fewer = plan(&prior, &with(config(), with(configured, without_pools))).await;
    assert!(fewer.planned.at("compute_config[0].node_pools").is_null());
    changes(&prior, fewer, &["compute_config"]);
}

#[tokio::test]
async fn another_node_role_needs_a_new_cluster() {
    let (described, configured) = auto_mode(ROLE, &["system"]);
    let other = format!("{ROLE}-2");
    let with_other = json!({"compute_config": [{"enabled": true, "node_pools": ["system"], "node_role_arn": other}]});
    let prior = state(described).await;
    let answer = plan(&prior, &with(config(), with(configured, with_other))).await;
    replaces(answer, "compute_config[0].node_role_arn");
}

#[tokio::test]
async fn auto_mode_needs_access_entries() {
    let (_, configured) = auto_mode(ROLE, &["system"]);
    let in_config_map = with(
        configured,
        json!({
            "access_config": [{"authentication_mode": "CONFIG_MAP"}], "bootstrap_self_managed_addons": false
        }),
    );
    let expected =
        "access_config[0].authentication_mode: EKS Auto Mode needs access entries: The nodes of";
    refused(
        plan(&Json::Null, &with(config(), in_config_map.clone())).await,
        expected,
    );
    refused(update(json!({}), in_config_map).await, expected);
}

#[tokio::test]
async fn auto_mode_of_a_new_cluster_needs_its_companions() {
    let (_, configured) = auto_mode(ROLE, &["system"]);
    let configured = with(config(), configured);
    let missing = json!({"bootstrap_self_managed_addons": false});
    refused(
        plan(&Json::Null, &with(configured.clone(), missing)).await,
        "compute_config: EKS Auto Mode needs access entries",
    );
    let access = json!({"access_config": [{"authentication_mode": "API"}]});
    refused(
        plan(&Json::Null, &with(configured, access)).await,
        "bootstrap_self_managed_addons: EKS Auto Mode brings its own add-ons",
    );
    let locked_out =
        json!({"access_config": [{"bootstrap_cluster_creator_admin_permissions": false}]});
    refused(
        plan(&Json::Null, &with(config(), locked_out)).await,
        "access_config[0].bootstrap_cluster_creator_admin_permissions: Nobody could enter the cluster",
    );
}

#[tokio::test]
async fn auto_mode_of_an_existing_cluster_needs_access_entries() {
    let (_, configured) = auto_mode(ROLE, &["system"]);
    refused(
        update(json!({}), configured.clone()).await,
        "compute_config: EKS Auto Mode needs access entries",
    );
    let access = json!({"access_config": [{"authentication_mode": "API_AND_CONFIG_MAP"}]});
    let answer = update(json!({}), with(configured.clone(), access)).await;
    assert_eq!(texts(answer.diagnostics), Vec::<String>::new());
    let has_entries = json!({"accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"}});
    let answer = update(has_entries, configured).await;
    assert_eq!(texts(answer.diagnostics), Vec::<String>::new());
}

#[tokio::test]
async fn addresses_are_compared_with_those_of_the_cluster() {
    let prior = state(json!({})).await;
    assert_eq!(prior["kubernetes_network_config"], json!([]));
    let block = |block: Json| with(config(), json!({"kubernetes_network_config": [block]}));
    // Naming what the cluster has is no reason for a new one.
    let named = plan(&prior, &block(json!({"ip_family": "ipv4"}))).await;
    let network = to_json(named.planned.at("kubernetes_network_config[0]"));
    assert_eq!(network["service_ipv4_cidr"], "172.20.0.0/16");
    changes(&prior, named, &["kubernetes_network_config"]);
    let other = plan(
        &prior,
        &block(json!({"service_ipv4_cidr": "10.100.0.0/16"})),
    )
    .await;
    replaces(other, "kubernetes_network_config[0].service_ipv4_cidr");
}

#[tokio::test]
async fn own_addresses_are_not_forgotten() {
    let own = json!({"kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.1.0.0/16"}});
    refused(
        update(own, json!({})).await,
        "kubernetes_network_config: The addresses of a cluster cannot be changed: The cluster has service_ipv4_cidr = \
         \"10.1.0.0/16\".",
    );
}

#[tokio::test]
async fn egress_does_not_go_back() {
    let vpc = |mode: &str| {
        json!({"vpc_config": [{
            "subnet_ids": ["subnet-a", "subnet-b"], "control_plane_egress_mode": mode
        }]})
    };
    let prior = state(json!({})).await;
    let there = plan(&prior, &with(config(), vpc("CUSTOMER_ROUTED"))).await;
    changes(&prior, there, &["vpc_config"]);
    let routed = json!({"resourcesVpcConfig": {"controlPlaneEgressMode": "CUSTOMER_ROUTED"}});
    let back = update(routed, vpc("AWS_MANAGED")).await;
    replaces(back, "vpc_config[0].control_plane_egress_mode");
}

#[tokio::test]
async fn public_blocks_wait_for_the_public_endpoint() {
    let vpc = |over: Json| {
        let vpc = json!({"subnet_ids": ["subnet-a", "subnet-b"], "endpoint_private_access": true});
        with(config(), json!({"vpc_config": [with(vpc, over)]}))
    };
    let private = json!({"resourcesVpcConfig": {
        "endpointPublicAccess": false, "endpointPrivateAccess": true, "publicAccessCidrs": []
    }});
    let prior = state(private).await;
    let silent =
        vpc(json!({"endpoint_public_access": false, "public_access_cidrs": ["192.0.2.0/24"]}));
    changes(&prior, plan(&prior, &silent).await, &[]);
    let opened = plan(&prior, &vpc(json!({}))).await;
    assert!(
        opened
            .planned
            .at("vpc_config[0].public_access_cidrs")
            .is_unknown()
    );
    changes(&prior, opened, &["vpc_config"]);
}

#[tokio::test]
async fn a_cluster_that_is_still_being_made_is_waited_for() {
    let young = json!({
        "status": "CREATING", "endpoint": null, "certificateAuthority": null, "identity": null, "platformVersion": null
    });
    let prior = state(young).await;
    let open = [
        "certificate_authority",
        "cluster_id",
        "endpoint",
        "health",
        "identity",
        "platform_version",
        "status",
    ];
    let answer = plan(&prior, &config()).await;
    let kept = ["arn", "id", "vpc_config", "created_at"];
    let planned = answer.planned.clone();
    let before = harness(Script::default()).value(&prior);
    assert!(
        open.iter().all(|name| planned.get(name).is_unknown()),
        "{planned:?}"
    );
    assert!(
        kept.iter()
            .all(|name| planned.get(name) == before.get(name)),
        "{planned:?}"
    );
    assert_eq!(answer.replace, Vec::new());
}

#[tokio::test]
async fn somebody_elses_update_is_no_difference_and_promises_no_status() {
    let prior = state(json!({"status": "UPDATING"})).await;
    changes(&prior, plan(&prior, &config()).await, &[]);
    let tagged = with(config(), json!({"tags": {"a": "b"}}));
    let changed = ["health", "status", "tags", "tags_all"];
    changes(&prior, plan(&prior, &tagged).await, &changed);
}
