//! The configuration against its launch template, as EC2 tells it.

use serde_json::{Value as Json, json};

use super::{Answer, Harness, NodeGroup, Script, config, state, texts};

const EC2: &str = "POST /";

fn template(data: &str) -> Answer {
    Answer::Xml(format!(
        "<DescribeLaunchTemplateVersionsResponse><launchTemplateVersionSet><item>\
         <launchTemplateId>lt-0a</launchTemplateId><versionNumber>1</versionNumber>\
         <launchTemplateData>{data}</launchTemplateData>\
         </item></launchTemplateVersionSet></DescribeLaunchTemplateVersionsResponse>"
    ))
}

/// The messages for a new node group with this template, and the questions EC2 was asked.
async fn plan(answer: Answer, more: Json) -> (Vec<String>, Vec<String>) {
    let mut wanted = config(json!({"launch_template": [{"id": "lt-0a", "version": "$Latest"}]}));
    wanted
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let script = Script::default().on(EC2, [answer]);
    let plan = Harness::of::<NodeGroup>(script.clone())
        .plan(&json!(null), &wanted)
        .await;
    (texts(plan.diagnostics), script.requests())
}

#[tokio::test]
async fn instance_types_are_named_in_one_place() {
    let (said, asked) = plan(
        template("<instanceType>m5.large</instanceType>"),
        json!({"instance_types": ["m5.xlarge"]}),
    )
    .await;
    assert_eq!(
        said,
        [
            "instance_types: Conflicting instance_types: The launch template names the instance type m5.large, so that \
          instance_types must not name any. Remove it there or here."
        ]
    );
    assert_eq!(asked.len(), 1);
    assert!(
        asked[0].contains("Action=DescribeLaunchTemplateVersions"),
        "{asked:?}"
    );
    assert!(
        asked[0].contains("LaunchTemplateId=lt-0a&LaunchTemplateVersion.1=%24Latest"),
        "{asked:?}"
    );
}

#[tokio::test]
async fn an_image_decides_alone() {
    let (said, _) = plan(
        template("<imageId>ami-1</imageId>"),
        json!({"ami_type": "AL2023_x86_64_STANDARD", "version": "1.33", "warm_pool_config": [{}]}),
    )
    .await;
    assert_eq!(
        said,
        [
            "ami_type: Conflicting ami_type: The launch template names the image ami-1, so that ami_type must be \
             \"CUSTOM\" or absent, got \"AL2023_x86_64_STANDARD\".",
            "version: Conflicting version: The launch template names the image ami-1, which decides. Remove version.",
            "warm_pool_config: Warm pool not supported: The launch template names the image ami-1, and warm pools are for \
             AMIs of EKS only.",
        ]
    );
}

#[tokio::test]
async fn a_custom_image_is_there() {
    let wanted = json!({"ami_type": "CUSTOM"});
    assert_eq!(
        plan(template("<imageId>ami-1</imageId>"), wanted.clone())
            .await
            .0,
        [] as [&str; 0]
    );
    let (said, _) = plan(template("<keyName>k</keyName>"), wanted).await;
    assert_eq!(
        said,
        [
            "ami_type: Conflicting ami_type: ami_type \"CUSTOM\" means the image of the launch template, which names none. \
          Name one there, or choose another ami_type."
        ]
    );
}

#[tokio::test]
async fn a_template_without_either_fits() {
    let wanted = json!({"instance_types": ["m5.large"], "ami_type": "AL2023_x86_64_STANDARD"});
    let (said, asked) = plan(template("<keyName>k</keyName>"), wanted).await;
    assert_eq!((said.len(), asked.len()), (0, 1));
}

#[tokio::test]
async fn a_plan_does_not_need_ec2() {
    let denied = Answer::Error(403, "UnauthorizedOperation", "no".into());
    for answer in [denied, Answer::Lost] {
        let (said, asked) = plan(answer, json!({"instance_types": ["m5.large"]})).await;
        assert_eq!((said.len(), asked.len()), (0, 1));
    }
}

#[tokio::test]
async fn ec2_is_not_asked_without_need() {
    let (_, asked) = plan(Answer::Lost, json!({})).await;
    assert_eq!(asked, [] as [&str; 0]);
    // Nothing new, nothing to ask.
    let template = json!([{"id": "lt-0a", "name": "nodes", "version": "1"}]);
    let script = Script::default();
    let prior = state(json!({"launch_template": template}));
    let wanted = config(json!({"launch_template": template, "instance_types": ["t3.medium"]}));
    Harness::of::<NodeGroup>(script.clone())
        .plan(&prior, &wanted)
        .await;
    assert_eq!(script.requests(), [] as [&str; 0]);
}

#[tokio::test]
async fn groups_that_share_a_numbered_version_ask_once() {
    for (template, times) in [
        (json!({"id": "lt-0a", "version": "1"}), 1),
        // Another by the next question.
        (json!({"id": "lt-0a", "version": "$Latest"}), 2),
        (json!({"name": "nodes", "version": "1"}), 2),
    ] {
        let script = Script::default().on(EC2, [self::template("")]);
        let harness = Harness::of::<NodeGroup>(script.clone()).in_one_process();
        let more = json!({"launch_template": [template], "instance_types": ["m5.large"]});
        for _ in 0..2 {
            let plan = harness.plan(&json!(null), &config(more.clone())).await;
            assert_eq!(texts(plan.diagnostics), [""; 0]);
        }
        assert_eq!(script.requests().len(), times, "{more}");
    }
}
