//! The AWS CLI calls every operation of the simulator, and every answer is as in AWS's own service model.

use std::collections::BTreeSet;
use std::time::Duration;

use acceptance_tests::{AwsCli, SimulatedAws, tested};
use eks_simulator::Target;
use serde_json::{Value, json};

/// Longer than any transition takes.
const LONG: Duration = Duration::from_secs(60);

/// What every call of an object of the cluster says.
const CLUSTER: &str = "--cluster-name example";

const READER: &str = "arn:aws:iam::123456789012:role/reader";
const ISSUER: &str = "https://login.example.com";
const POLICY: &str = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";

/// The AWS CLI on a simulator whose clock stands still.
struct Peer {
    aws: SimulatedAws,
    cli: AwsCli,
}

impl Peer {
    fn start() -> Self {
        let aws = SimulatedAws::new().unwrap();
        aws.simulator().unwrap().freeze();
        let cli = AwsCli::start(&aws).unwrap();
        Self { aws, cli }
    }

    /// Calls an operation, and gives back the member of the answer that it is about.
    #[track_caller]
    fn eks(&self, words: &str, member: &str) -> Value {
        match self.cli.eks(words) {
            Ok(answer) => answer.get(member).cloned().unwrap_or_default(),
            Err(error) => panic!("{error:#}"),
        }
    }

    #[track_caller]
    fn is_refused(&self, words: &str, exception: &str) {
        let error = self.cli.refused(words).unwrap();
        assert!(error.contains(&format!("({exception})")), "{error}");
    }

    /// All that has begun ends.
    fn wait(&self) {
        self.aws.simulator().unwrap().advance(LONG);
    }

    fn update_of_cluster(&self, words: &str, kind: &str) {
        let words = format!("{words} --name example");
        let update = self.eks(&words, "update");
        assert_eq!(update["type"], kind);
        self.wait();
        self.ends_well(&update, "--name example");
    }

    fn ends_well(&self, update: &Value, of: &str) {
        let id = update["id"].as_str().unwrap();
        let update = self.eks(&format!("describe-update --update-id {id} {of}"), "update");
        assert_eq!(update["status"], "Successful", "{update}");
    }
}

#[test]
fn the_aws_cli_calls_every_operation() {
    let peer = Peer::start();
    clusters(&peer);
    tags(&peer);
    node_groups_and_versions(&peer);
    updates_of_clusters(&peer);
    fargate_profiles(&peer);
    addons(&peer);
    access_entries(&peer);
    pod_identity_associations(&peer);
    identity_provider_configs(&peer);
    capabilities(&peer);
    insights(&peer);
    peer.eks("delete-cluster --name example", "cluster");
    peer.wait();
    peer.is_refused(
        "describe-cluster --name example",
        "ResourceNotFoundException",
    );
    let called: BTreeSet<_> = peer
        .aws
        .simulator()
        .unwrap()
        .operations()
        .into_iter()
        .collect();
    let left_out = eks_simulator::operations().filter(|operation| !called.contains(*operation));
    assert_eq!(left_out.collect::<Vec<_>>(), [""; 0]);
    tested::record("AWS CLI", &called).unwrap();
}

#[test]
fn an_answer_that_the_service_model_does_not_have_is_noticed() {
    let peer = Peer::start();
    clusters(&peer);
    let cluster = Target::cluster("example");
    let cases = [
        (
            json!({ "upgradePolicy": { "colour": "red" } }),
            "DescribeCluster.cluster.upgradePolicy.colour is not in the service model",
        ),
        (
            json!({ "upgradePolicy": { "colour": null, "supportType": "LAZY" } }),
            "DescribeCluster.cluster.upgradePolicy.supportType is no string of the service model: 'LAZY'",
        ),
    ];
    for (patch, deviation) in cases {
        assert!(peer.aws.simulator().unwrap().modify(&cluster, &patch));
        let answer = peer.cli.eks("describe-cluster --name example");
        let error = answer.unwrap_err().to_string();
        assert!(error.contains(deviation), "{error}");
    }
}

fn clusters(peer: &Peer) {
    let create = format!(
        "create-cluster --name example --role-arn {READER} --kubernetes-version 1.34 \
         --resources-vpc-config subnetIds=subnet-1,subnet-2,endpointPrivateAccess=true \
         --access-config authenticationMode=API --tags team=shop"
    );
    assert_eq!(peer.eks(&create, "cluster")["status"], "CREATING");
    peer.is_refused(&create, "ResourceInUseException");
    peer.wait();
    let cluster = peer.eks("describe-cluster --name example", "cluster");
    assert_eq!(cluster["status"], "ACTIVE");
    assert_eq!(cluster["accessConfig"]["authenticationMode"], "API");
    assert_eq!(peer.eks("list-clusters", "clusters"), json!(["example"]));
    let versions = peer.eks("describe-cluster-versions --include-all", "clusterVersions");
    assert!(versions.as_array().unwrap().len() > 3, "{versions}");
}

fn updates_of_clusters(peer: &Peer) {
    let logging = r#"'{"clusterLogging":[{"types":["audit"],"enabled":true}]}'"#;
    let change = format!("update-cluster-config --logging {logging}");
    peer.update_of_cluster(&change, "LoggingUpdate");
    let encrypt = "associate-encryption-config --encryption-config \
                   resources=secrets,provider={keyArn=arn:aws:kms:us-east-1:123456789012:key/k}";
    let encrypt = format!("{encrypt} {CLUSTER}");
    let update = peer.eks(&encrypt, "update");
    assert_eq!(update["type"], "AssociateEncryptionConfig");
    peer.wait();
    peer.ends_well(&update, "--name example");
    let back = "update-cluster-version --kubernetes-version 1.34 --rollback-config timeoutMinutes=200 --name example";
    let update = peer.eks(back, "update");
    let id = update["id"].as_str().unwrap();
    let cancel = format!("cancel-update --name example --update-id {id}");
    peer.eks(&cancel, "update");
    peer.wait();
    let ids = peer.eks("list-updates --name example", "updateIds");
    assert_eq!(ids.as_array().unwrap().len(), 4, "{ids}");
    let cluster = peer.eks("describe-cluster --name example", "cluster");
    assert_eq!(cluster["version"], "1.35");
    assert_eq!(
        cluster["logging"]["clusterLogging"][0]["types"],
        json!(["audit"])
    );
}

fn tags(peer: &Peer) {
    let cluster = peer.eks("describe-cluster --name example", "cluster");
    let arn = format!("--resource-arn {}", cluster["arn"].as_str().unwrap());
    peer.eks(&format!("tag-resource {arn} --tags cost=42"), "");
    peer.eks(&format!("untag-resource {arn} --tag-keys team"), "");
    let tags = peer.eks(&format!("list-tags-for-resource {arn}"), "tags");
    assert_eq!(tags, json!({ "cost": "42" }));
}

fn node_groups_and_versions(peer: &Peer) {
    let group = format!("{CLUSTER} --nodegroup-name workers");
    let create = format!(
        "create-nodegroup {group} --node-role {READER} --subnets subnet-1 subnet-2 \
         --kubernetes-version 1.34 --taints key=dedicated,effect=NO_SCHEDULE --labels tier=web"
    );
    let created = peer.eks(&create, "nodegroup");
    assert_eq!(created["scalingConfig"]["desiredSize"], 2);
    peer.wait();
    let upgrade = "update-cluster-version --kubernetes-version 1.35";
    peer.update_of_cluster(upgrade, "VersionUpdate");
    let changes = [
        (
            "update-nodegroup-config --scaling-config minSize=1,maxSize=5,desiredSize=4",
            "ConfigUpdate",
        ),
        (
            "update-nodegroup-version --kubernetes-version 1.35",
            "VersionUpdate",
        ),
    ];
    for (change, kind) in changes {
        let update = peer.eks(&format!("{change} {group}"), "update");
        assert_eq!(update["type"], kind);
        peer.wait();
        peer.ends_well(&update, "--name example --nodegroup-name workers");
    }
    let described = peer.eks(&format!("describe-nodegroup {group}"), "nodegroup");
    assert_eq!(described["scalingConfig"]["maxSize"], 5);
    assert_eq!(described["version"], "1.35");
    let names = peer.eks(&format!("list-nodegroups {CLUSTER}"), "nodegroups");
    assert_eq!(names, json!(["workers"]));
    peer.is_refused("delete-cluster --name example", "ResourceInUseException");
    peer.eks(&format!("delete-nodegroup {group}"), "nodegroup");
    peer.wait();
}

fn fargate_profiles(peer: &Peer) {
    let profile = format!("{CLUSTER} --fargate-profile-name tasks");
    let create = format!(
        "create-fargate-profile {profile} --pod-execution-role-arn {READER} --subnets subnet-1 \
         --selectors namespace=tasks,labels={{compute=fargate}}"
    );
    assert_eq!(peer.eks(&create, "fargateProfile")["status"], "CREATING");
    peer.wait();
    let described = peer.eks(
        &format!("describe-fargate-profile {profile}"),
        "fargateProfile",
    );
    assert_eq!(
        described["selectors"][0]["labels"],
        json!({ "compute": "fargate" })
    );
    let names = peer.eks(
        &format!("list-fargate-profiles {CLUSTER}"),
        "fargateProfileNames",
    );
    assert_eq!(names, json!(["tasks"]));
    peer.eks(
        &format!("delete-fargate-profile {profile}"),
        "fargateProfile",
    );
    peer.wait();
}

fn addons(peer: &Peer) {
    let addon = format!("{CLUSTER} --addon-name vpc-cni");
    let versions = "describe-addon-versions --addon-name vpc-cni --kubernetes-version 1.35";
    let versions = peer.eks(versions, "addons");
    let version = versions[0]["addonVersions"][0]["addonVersion"]
        .as_str()
        .unwrap();
    let schema =
        format!("describe-addon-configuration --addon-name vpc-cni --addon-version {version}");
    let schema = peer.eks(&schema, "configurationSchema");
    assert!(
        serde_json::from_str::<Value>(schema.as_str().unwrap())
            .unwrap()
            .is_object()
    );
    let create = format!(
        "create-addon {addon} --addon-version {version} --resolve-conflicts OVERWRITE \
         --pod-identity-associations serviceAccount=aws-node,roleArn={READER}"
    );
    assert_eq!(peer.eks(&create, "addon")["status"], "CREATING");
    peer.wait();
    let values = r#"--configuration-values '{"env":{"WARM_IP_TARGET":"5"}}'"#;
    let update = peer.eks(&format!("update-addon {addon} {values}"), "update");
    peer.wait();
    peer.ends_well(&update, "--name example --addon-name vpc-cni");
    let described = peer.eks(&format!("describe-addon {addon}"), "addon");
    assert_eq!(
        described["configurationValues"],
        r#"{"env":{"WARM_IP_TARGET":"5"}}"#
    );
    assert_eq!(
        peer.eks(&format!("list-addons {CLUSTER}"), "addons"),
        json!(["vpc-cni"])
    );
    peer.eks(&format!("delete-addon {addon}"), "addon");
    peer.wait();
}

fn access_entries(peer: &Peer) {
    let entry = format!("{CLUSTER} --principal-arn {READER}");
    let policies = peer.eks("list-access-policies", "accessPolicies");
    assert!(policies.to_string().contains(POLICY), "{policies}");
    peer.eks(
        &format!("create-access-entry {entry} --kubernetes-groups viewers"),
        "accessEntry",
    );
    let change = format!("update-access-entry {entry} --kubernetes-groups editors --username jane");
    peer.eks(&change, "accessEntry");
    let described = peer.eks(&format!("describe-access-entry {entry}"), "accessEntry");
    assert_eq!(described["kubernetesGroups"], json!(["editors"]));
    let entries = peer.eks(&format!("list-access-entries {CLUSTER}"), "accessEntries");
    assert!(entries.to_string().contains(READER), "{entries}");
    let policy = format!("{entry} --policy-arn {POLICY}");
    let scope = "--access-scope type=namespace,namespaces=shop";
    peer.eks(
        &format!("associate-access-policy {policy} {scope}"),
        "associatedAccessPolicy",
    );
    let list = format!("list-associated-access-policies {entry}");
    let associated = peer.eks(&list, "associatedAccessPolicies");
    assert_eq!(associated[0]["accessScope"]["namespaces"], json!(["shop"]));
    peer.eks(&format!("disassociate-access-policy {policy}"), "");
    peer.eks(&format!("delete-access-entry {entry}"), "");
    peer.is_refused(
        &format!("describe-access-entry {entry}"),
        "ResourceNotFoundException",
    );
}

fn pod_identity_associations(peer: &Peer) {
    let create = format!(
        "create-pod-identity-association {CLUSTER} --namespace shop --service-account cart \
         --role-arn {READER} --target-role-arn {READER}"
    );
    let created = peer.eks(&create, "association");
    let id = created["associationId"].as_str().unwrap();
    let association = format!("{CLUSTER} --association-id {id}");
    let list = format!("list-pod-identity-associations {CLUSTER} --namespace shop");
    assert_eq!(peer.eks(&list, "associations")[0]["associationId"], id);
    let update = format!("update-pod-identity-association {association} --disable-session-tags");
    peer.eks(&update, "association");
    let describe = format!("describe-pod-identity-association {association}");
    assert_eq!(
        peer.eks(&describe, "association")["disableSessionTags"],
        true
    );
    peer.eks(
        &format!("delete-pod-identity-association {association}"),
        "association",
    );
}

fn identity_provider_configs(peer: &Peer) {
    let associate = format!(
        "associate-identity-provider-config {CLUSTER} --oidc \
         identityProviderConfigName=login,issuerUrl={ISSUER},clientId=kubernetes,groupsClaim=groups"
    );
    let update = peer.eks(&associate, "update");
    peer.wait();
    peer.ends_well(&update, "--name example");
    let config = format!("{CLUSTER} --identity-provider-config type=oidc,name=login");
    let describe = format!("describe-identity-provider-config {config}");
    let described = peer.eks(&describe, "identityProviderConfig");
    assert_eq!(described["oidc"]["issuerUrl"], ISSUER);
    let list = format!("list-identity-provider-configs {CLUSTER}");
    let listed = peer.eks(&list, "identityProviderConfigs");
    assert_eq!(listed, json!([{ "type": "oidc", "name": "login" }]));
    peer.eks(
        &format!("disassociate-identity-provider-config {config}"),
        "update",
    );
    peer.wait();
    assert_eq!(peer.eks(&list, "identityProviderConfigs"), json!([]));
}

fn capabilities(peer: &Peer) {
    let capability = format!("{CLUSTER} --capability-name controllers");
    let create = format!(
        "create-capability {capability} --type ACK --role-arn {READER} \
         --delete-propagation-policy RETAIN"
    );
    assert_eq!(peer.eks(&create, "capability")["status"], "CREATING");
    peer.wait();
    let update = format!("update-capability {capability} --role-arn {READER}");
    peer.eks(&update, "update");
    peer.wait();
    let described = peer.eks(&format!("describe-capability {capability}"), "capability");
    assert_eq!(described["type"], "ACK");
    let listed = peer.eks(&format!("list-capabilities {CLUSTER}"), "capabilities");
    assert_eq!(listed[0]["capabilityName"], "controllers");
    peer.eks(&format!("delete-capability {capability}"), "capability");
    peer.wait();
}

fn insights(peer: &Peer) {
    peer.eks(&format!("start-insights-refresh {CLUSTER}"), "status");
    peer.wait();
    let refresh = peer.eks(&format!("describe-insights-refresh {CLUSTER}"), "status");
    assert_eq!(refresh, "COMPLETED");
    let listed = peer.eks(&format!("list-insights {CLUSTER}"), "insights");
    let id = listed[0]["id"].as_str().unwrap();
    let described = peer.eks(&format!("describe-insight {CLUSTER} --id {id}"), "insight");
    assert_eq!(described["id"], id);
}
