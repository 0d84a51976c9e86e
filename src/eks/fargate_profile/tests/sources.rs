//! The data sources `eks_fargate_profile` and `eks_fargate_profiles`.

use serde_json::json;
use tfplugin_rs::tf::ResourceDataSource;

use super::{ARN, DESCRIBE, FargateProfile, NONE, described};
use crate::eks::shared::list::Names;
use crate::kind::Managed;
use crate::testing::{Answer, Script, read};

#[tokio::test]
async fn reads_what_the_resource_reads() {
    let more = json!({
        "selectors": [{"namespace": "batch", "labels": {"compute": "fargate"}}],
        "tags": {"team": "a"},
    });
    let script = Script::default().on(DESCRIBE, [described(more)]);
    let config = json!({"cluster_name": "production", "fargate_profile_name": "batch"});
    let (found, messages) =
        read::<ResourceDataSource<Managed<FargateProfile>>>(&script, &config).await;
    assert_eq!(messages, NONE);
    assert_eq!(found["id"], "production:batch");
    assert_eq!(found["arn"], ARN);
    assert_eq!(
        found["selectors"],
        json!([{"namespace": "batch", "labels": {"compute": "fargate"}}])
    );
    assert_eq!(found["subnet_ids"], json!(["subnet-0a", "subnet-0b"]));
    assert_eq!(found["tags"], json!({"team": "a"}));
    assert_eq!(script.requests(), [DESCRIBE]);
}

#[tokio::test]
async fn one_that_is_not_there_is_an_error() {
    let config = json!({"cluster_name": "production", "fargate_profile_name": "batch"});
    let script = Script::default();
    let (_, messages) = read::<ResourceDataSource<Managed<FargateProfile>>>(&script, &config).await;
    let expected = "fargate_profile_name: Unable to read EKS Fargate profile: There is no EKS Fargate profile \
                    \"production/batch\".";
    assert_eq!(messages, [expected]);
}

#[tokio::test]
async fn lists_every_page() {
    let pages = [
        json!({"fargateProfileNames": ["batch"], "nextToken": "more"}),
        json!({"fargateProfileNames": ["app"]}),
    ];
    let list = "GET /clusters/production/fargate-profiles";
    let script = Script::default().on(list, pages.map(Answer::Body));
    let config = json!({"cluster_name": "production"});
    let (found, messages) = read::<Names<FargateProfile>>(&script, &config).await;
    assert_eq!(messages, NONE);
    assert_eq!(found["names"], json!(["app", "batch"]));
    assert_eq!(found["id"], "production");
    assert_eq!(script.requests().len(), 2);
}
