//! The data sources `eks_cluster` and `eks_clusters`.

use serde_json::json;
use tfplugin_rs::tf::ResourceDataSource;

use super::{DESCRIBE, cluster};
use crate::eks::cluster::{Cluster, Clusters};
use crate::kind::Managed;
use crate::testing::{Answer, Script, read};

#[tokio::test]
async fn reads_what_the_resource_reads() {
    let tagged = json!({"tags": {"team": "platform", "aws:x": "y"}, "health": {"issues": []}});
    let script = Script::default().on(DESCRIBE, [cluster(tagged)]);
    let (found, messages) =
        read::<ResourceDataSource<Managed<Cluster>>>(&script, &json!({"name": "demo"})).await;
    assert_eq!(messages, [] as [String; 0]);
    assert_eq!(found["id"], "demo");
    assert_eq!(found["region"], "eu-west-1");
    assert_eq!(found["certificate_authority"], json!([{"data": "Q0E="}]));
    assert_eq!(
        found["vpc_config"][0]["subnet_ids"],
        json!(["subnet-a", "subnet-b"])
    );
    assert_eq!(found["tags"], json!({"team": "platform"}));
    assert_eq!(script.requests(), [DESCRIBE]);
}

/// The resource passes over a block that nobody wrote, if there is nothing unusual in it.
#[tokio::test]
async fn tells_also_what_is_as_usual() {
    let script = Script::default().on(DESCRIBE, [cluster(json!({}))]);
    let (found, _) =
        read::<ResourceDataSource<Managed<Cluster>>>(&script, &json!({"name": "demo"})).await;
    let network = &found["kubernetes_network_config"][0];
    assert_eq!(network["service_ipv4_cidr"], "172.20.0.0/16");
    assert_eq!(network["elastic_load_balancing"][0]["enabled"], false);
}

#[tokio::test]
async fn a_cluster_that_is_not_there_is_an_error() {
    let (found, messages) =
        read::<ResourceDataSource<Managed<Cluster>>>(&Script::default(), &json!({"name": "demo"}))
            .await;
    assert_eq!(found, json!(null));
    let expected = "name: Unable to read EKS cluster: There is no EKS cluster \"demo\".";
    assert_eq!(messages, [expected]);
}

#[tokio::test]
async fn lists_every_page() {
    let pages = [
        json!({"clusters": ["b"], "nextToken": "more"}),
        json!({"clusters": ["a"]}),
    ];
    let script = Script::default().on("GET /clusters", pages.map(Answer::Body));
    let (found, messages) = read::<Clusters>(&script, &json!({"region": "us-east-1"})).await;
    assert_eq!(messages, [] as [String; 0]);
    assert_eq!(
        found,
        json!({"id": "us-east-1", "region": "us-east-1", "names": ["a", "b"]})
    );
    assert_eq!(script.requests().len(), 2);
}
