//! The data sources `eks_node_group` and `eks_node_groups`.

use serde_json::json;
use tfplugin_rs::tf::ResourceDataSource;

use super::{ARN, DESCRIBE, NodeGroup, described};
use crate::eks::shared::list::Names;
use crate::kind::Managed;
use crate::testing::{Answer, Script, read};

#[tokio::test]
async fn reads_what_the_resource_reads() {
    let taints = json!({
        "taints": [{"key": "dedicated", "value": "system", "effect": "NO_SCHEDULE"}],
        "tags": {"team": "platform"},
    });
    let script = Script::default().on(DESCRIBE, [described(taints)]);
    let config = json!({"cluster_name": "production", "node_group_name": "system"});
    let (found, messages) = read::<ResourceDataSource<Managed<NodeGroup>>>(&script, &config).await;
    assert_eq!(messages, [] as [String; 0]);
    assert_eq!(found["id"], "production:system");
    assert_eq!(found["arn"], ARN);
    assert_eq!(found["scaling_config"][0]["min_size"], 2);
    assert_eq!(found["taints"][0]["value"], "system");
    assert_eq!(found["tags"], json!({"team": "platform"}));
    assert_eq!(script.requests(), [DESCRIBE]);
}

#[tokio::test]
async fn one_that_is_not_there_is_an_error() {
    let config = json!({"cluster_name": "production", "node_group_name": "system"});
    let (_, messages) =
        read::<ResourceDataSource<Managed<NodeGroup>>>(&Script::default(), &config).await;
    let expected = "node_group_name: Unable to read EKS node group: There is no EKS node group \"production/system\".";
    assert_eq!(messages, [expected]);
}

#[tokio::test]
async fn lists_every_page() {
    let pages = [
        json!({"nodegroups": ["system"], "nextToken": "more"}),
        json!({"nodegroups": ["application"]}),
    ];
    let list = "GET /clusters/production/node-groups";
    let script = Script::default().on(list, pages.map(Answer::Body));
    let config = json!({"cluster_name": "production"});
    let (found, messages) = read::<Names<NodeGroup>>(&script, &config).await;
    assert_eq!(messages, [] as [String; 0]);
    assert_eq!(found["names"], json!(["application", "system"]));
    assert_eq!(found["id"], "production");
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test]
async fn the_cluster_has_to_be_there() {
    let config = json!({"cluster_name": "production"});
    let (_, messages) = read::<Names<NodeGroup>>(&Script::default(), &config).await;
    assert!(
        messages[0].contains("ListNodegroups for production"),
        "{messages:?}"
    );
}
