//! Plans: which version of Kubernetes can follow which, and which a new cluster can have.

use serde_json::{Value as Json, json};

use super::planning::{refused, replaces, update};
use super::{DESCRIBE, cluster, config, harness, state, with};
use crate::testing::{Answer, Script, texts};

const VERSIONS: &str = "GET /cluster-versions";

/// An EKS that offers 1.32 to 1.34, and has offered 1.31.
fn eks() -> Script {
    let version = |name: &str, status: &str| {
        json!({
            "clusterVersion": name, "clusterType": "eks", "versionStatus": status,
            "endOfStandardSupportDate": 1_785_283_200, "endOfExtendedSupportDate": 1_816_819_200
        })
    };
    let versions = json!([
        version("1.34", "STANDARD_SUPPORT"),
        version("1.33", "STANDARD_SUPPORT"),
        version("1.32", "EXTENDED_SUPPORT"),
        version("1.31", "UNSUPPORTED"),
    ]);
    let answer = Answer::Body(json!({"clusterVersions": versions}));
    let script = Script::default().on(DESCRIBE, [cluster(json!({}))]);
    script.on(VERSIONS, [answer])
}

/// What a plan from `prior` to the smallest configuration with `over` put over it says, and how often it asks which
/// versions there are.
async fn plan(script: Script, prior: &Json, over: Json) -> (Vec<String>, usize) {
    let answer = harness(script.clone())
        .plan(prior, &with(config(), over))
        .await;
    (texts(answer.diagnostics), script.parameters(VERSIONS).len())
}

#[tokio::test]
async fn a_new_cluster_has_a_version_that_eks_offers() {
    for version in ["1.99", "1.31"] {
        let (found, asked) = plan(eks(), &Json::Null, json!({"version": version})).await;
        let expected = format!(
            "version: Unknown version: EKS does not offer Kubernetes {version} here. In standard support: 1.34, 1.33. \
             In extended support, for an extra fee: 1.32."
        );
        assert_eq!((found, asked), (vec![expected], 1));
    }
    let (found, asked) = plan(eks(), &Json::Null, json!({"version": "1.34"})).await;
    assert_eq!((found, asked), (vec![], 1));
}

#[tokio::test]
async fn a_new_cluster_in_extended_support_is_warned_of() {
    let old = json!({"version": "1.32"});
    let (found, _) = plan(eks(), &Json::Null, old.clone()).await;
    let expected = "version: Kubernetes in extended support: Standard support of Kubernetes 1.32 ended on 2026-07-29. \
                    For a cluster in extended support AWS charges an extra fee, until that ends on 2027-07-29 and AWS \
                    upgrades the cluster. In standard support: 1.34, 1.33.";
    assert_eq!(found, [expected]);
    let there = state(old.clone()).await;
    assert_eq!(plan(eks(), &there, old).await, (vec![], 0));
}

#[tokio::test]
async fn no_step_leads_to_a_version_that_does_not_exist() {
    let there = state(json!({})).await;
    let (found, _) = plan(eks(), &there, json!({"version": "1.99"})).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    let expected = "version: Unknown version: EKS does not offer Kubernetes 1.99";
    assert!(found[0].starts_with(expected), "{}", found[0]);
}

#[tokio::test]
async fn versions_are_asked_for_only_where_one_is_new() {
    let there = state(json!({})).await;
    for same in [json!({}), json!({"version": "1.33"})] {
        assert_eq!(plan(eks(), &there, same).await, (vec![], 0));
    }
    let next = plan(eks(), &there, json!({"version": "1.34"})).await;
    assert_eq!(next, (vec![], 1));
    assert_eq!(plan(eks(), &Json::Null, json!({})).await, (vec![], 0));
}

#[tokio::test]
async fn without_an_answer_the_plan_goes_on() {
    let message = "not authorized to perform: eks:DescribeClusterVersions".to_owned();
    let refusal = Answer::Error(403, "AccessDeniedException", message);
    let nothing = Answer::Body(json!({"clusterVersions": []}));
    for answer in [refusal, nothing] {
        let script = eks().on(VERSIONS, [answer]);
        let (found, asked) = plan(script, &Json::Null, json!({"version": "1.99"})).await;
        assert_eq!((found, asked), (vec![], 1));
    }
}

#[tokio::test]
async fn local_clusters_have_versions_of_their_own() {
    let outpost = json!([{
        "control_plane_instance_type": "m5.large",
        "outpost_arns": ["arn:aws:outposts:eu-west-1:123456789012:outpost/op-1"]
    }]);
    let local = json!({"version": "1.31", "outpost_config": outpost});
    let (found, asked) = plan(eks(), &Json::Null, local).await;
    assert_eq!((found, asked), (vec![], 0));
}

#[tokio::test]
async fn versions_go_up_one_at_a_time() {
    refused(
        update(json!({}), json!({"version": "1.35"})).await,
        "version: Too many versions at once: The cluster runs Kubernetes 1.33 and goes up one minor version at a time: \
         set version = \"1.34\"",
    );
    // A new cluster may have any.
    replaces(
        update(json!({}), json!({"version": "1.32", "name": "other"})).await,
        "name",
    );
}

#[tokio::test]
async fn the_last_upgrade_can_be_rolled_back() {
    let back = update(json!({}), json!({"version": "1.32"})).await;
    assert_eq!(back.planned.get("version").as_str(), Some("1.32"));
    let found = texts(back.diagnostics);
    assert_eq!(found.len(), 1, "{found:#?}");
    let expected = "version: Kubernetes goes back: The cluster goes back from Kubernetes 1.33 to 1.32. EKS takes an \
                    upgrade back for 7 days";
    assert!(found[0].starts_with(expected), "{}", found[0]);
    refused(
        update(json!({}), json!({"version": "1.31"})).await,
        "version: Too many versions back: The cluster runs Kubernetes 1.33 and cannot go to 1.31: EKS takes back the \
         last upgrade only, to 1.32.",
    );
}
