//! What is planned and refused before EKS is asked, and what EC2 is asked for.

use serde_json::{Value as Json, json};

use super::{Answer, NONE, Script, config, state, texts, with};
use crate::testing::merged;

/// The configuration, with this in it, is refused on that attribute in these words.
fn refuses(more: Json, path: &str, words: &str) {
    let said = with(&Script::default()).validate(&config(more.clone()));
    let [said] = said.as_slice() else {
        panic!("{more}: {said:?}");
    };
    assert!(
        said.starts_with(&format!("{path}: ")) && said.contains(words),
        "{more}: {said}"
    );
}

fn selector(labels: Json) -> Json {
    json!({"selector": [{"namespace": "batch", "labels": labels}]})
}

#[test]
fn bad_input_is_refused_on_the_attribute() {
    let harness = with(&Script::default());
    assert_eq!(harness.schema_violations(), NONE);
    assert_eq!(harness.validate(&config(json!({}))), NONE);
    refuses(json!({"cluster_name": "-"}), "cluster_name", "1 to 100");
    refuses(
        json!({"fargate_profile_name": ""}),
        "fargate_profile_name",
        "must not be empty",
    );
    refuses(
        json!({"fargate_profile_name": "eks-a"}),
        "fargate_profile_name",
        "\"eks-\"",
    );
    refuses(
        json!({"pod_execution_role_arn": "pods"}),
        "pod_execution_role_arn",
        "ARN",
    );
    refuses(json!({"subnet_ids": []}), "subnet_ids", "at least 1");
    refuses(
        json!({"subnet_ids": ["vpc-0a"]}),
        "subnet_ids",
        "id of a subnet",
    );
}

#[test]
fn a_profile_has_one_to_five_selectors() {
    let selectors = |count: usize| {
        let all: Vec<_> = (0..count)
            .map(|i| json!({"namespace": format!("team-{i}")}))
            .collect();
        json!({"selector": all})
    };
    let harness = with(&Script::default());
    assert_eq!(harness.validate(&config(selectors(5))), NONE);
    refuses(selectors(6), "selector", "1 to 5 elements");
    let none = harness.validate(&config(selectors(0)));
    assert!(
        !none.is_empty() && none[0].starts_with("selector: "),
        "{none:?}"
    );
}

#[test]
fn a_selector_has_five_labels_at_most() {
    let labels = |count: usize| -> Json {
        (0..count)
            .map(|i| (format!("key-{i}"), json!("value")))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let harness = with(&Script::default());
    assert_eq!(harness.validate(&config(selector(labels(5)))), NONE);
    refuses(selector(labels(6)), "selector", "0 to 5 elements");
}

#[test]
fn wildcards_stand_for_characters() {
    let harness = with(&Script::default());
    for namespace in ["*", "team-*", "?", "*-dev", "a", &"n".repeat(63)] {
        let more = json!({"selector": [{"namespace": namespace}]});
        assert_eq!(harness.validate(&config(more)), NONE, "{namespace}");
    }
    for namespace in ["", "Team", "team-", "team-[ab]", "a.b", &"n".repeat(64)] {
        refuses(
            json!({"selector": [{"namespace": namespace}]}),
            "selector",
            "Kubernetes namespace",
        );
    }
    for (key, value) in [
        ("compute", "fargate"),
        ("example.com/*", "*"),
        ("*.com/a?", ""),
        ("a", "B_1.c"),
    ] {
        assert_eq!(
            harness.validate(&config(selector(json!({key: value})))),
            NONE,
            "{key}"
        );
    }
    for key in [
        "",
        "/a",
        "a/",
        "-a",
        "a b",
        "Example.com/a",
        &"k".repeat(64),
    ] {
        refuses(
            selector(json!({key: "a"})),
            "selector",
            "must have keys as in Kubernetes",
        );
    }
    for value in ["-a", "a b", "a/b", &"v".repeat(64)] {
        refuses(
            selector(json!({"a": value})),
            "selector",
            "must have values as in Kubernetes",
        );
    }
}

#[tokio::test]
async fn everything_but_tags_is_another_profile() {
    for (more, path) in [
        (json!({"cluster_name": "staging"}), "cluster_name"),
        (
            json!({"fargate_profile_name": "other"}),
            "fargate_profile_name",
        ),
        (
            json!({"pod_execution_role_arn": "arn:aws:iam::123456789012:role/b"}),
            "pod_execution_role_arn",
        ),
        (json!({"selector": [{"namespace": "other"}]}), "selector"),
        (selector(json!({"a": "b"})), "selector"),
        (json!({"subnet_ids": ["subnet-0a"]}), "subnet_ids"),
    ] {
        let plan = with(&Script::default())
            .plan(&state(json!({})), &config(more))
            .await;
        assert_eq!(texts(plan.diagnostics), NONE);
        let paths: Vec<_> = plan.replace.iter().map(ToString::to_string).collect();
        assert_eq!(paths, [path]);
    }
    let tags = json!({"tags": {"a": "b"}, "subnet_ids": ["subnet-0b", "subnet-0a"]});
    let plan = with(&Script::default())
        .plan(&state(json!({})), &config(tags))
        .await;
    assert_eq!(plan.replace, []);
}

#[tokio::test]
async fn the_id_is_known_at_plan_and_the_subnets_of_aws_are_not() {
    let plan = with(&Script::default())
        .plan(&Json::Null, &config(json!({})))
        .await;
    assert_eq!(plan.planned.get("id").as_str(), Some("production:batch"));
    assert!(plan.planned.get("subnet_ids").is_unknown());
}

const EC2: &str = "POST /";

/// Two subnets of a VPC: `subnet-0a` has a route table of its own, `subnet-0b` has the main one.
fn subnets() -> Answer {
    let subnet = |id: &str| format!("<item><subnetId>{id}</subnetId><vpcId>vpc-0a</vpcId></item>");
    let set = subnet("subnet-0a") + &subnet("subnet-0b");
    Answer::Xml(format!(
        "<DescribeSubnetsResponse><subnetSet>{set}</subnetSet></DescribeSubnetsResponse>"
    ))
}

fn route_tables(own: &str, main: &str) -> Answer {
    let table = |association: &str, routes: &str| {
        format!(
            "<item><vpcId>vpc-0a</vpcId><routeSet>{routes}</routeSet>\
             <associationSet><item>{association}</item></associationSet></item>"
        )
    };
    let set = table("<main>false</main><subnetId>subnet-0a</subnetId>", own)
        + &table("<main>true</main>", main);
    Answer::Xml(format!(
        "<DescribeRouteTablesResponse><routeTableSet>{set}</routeTableSet></DescribeRouteTablesResponse>"
    ))
}

fn route(gateway: &str, state: &str) -> String {
    format!(
        "<item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><gatewayId>{gateway}</gatewayId>\
         <state>{state}</state></item>"
    )
}

/// What is said of a new profile in both subnets, when EC2 answers this.
async fn said(answers: impl IntoIterator<Item = Answer>, more: Json) -> (Vec<String>, Vec<String>) {
    let script = Script::default().on(EC2, answers);
    let wanted = config(merged(
        json!({"subnet_ids": ["subnet-0a", "subnet-0b"]}),
        more,
    ));
    let plan = with(&script).plan(&Json::Null, &wanted).await;
    (texts(plan.diagnostics), script.requests())
}

#[tokio::test]
async fn public_subnets_are_warned_of() {
    let internet = route("igw-0a", "active");
    let nat = "<item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><natGatewayId>nat-0a</natGatewayId>\
               <state>active</state></item>";
    let (warnings, asked) = said([subnets(), route_tables(&internet, nat)], json!({})).await;
    let expected = "subnet_ids: Subnets are not private: Fargate takes private subnets only, so AWS will refuse those with \
                    a route to an internet gateway. Choose subnets whose way out is a NAT gateway, or none:\n  - \
                    subnet-0a: igw-0a";
    assert_eq!(warnings, [expected]);
    assert!(asked[0].contains("Action=DescribeSubnets"), "{asked:?}");
    assert!(
        asked[1].contains("Action=DescribeRouteTables") && asked[1].contains("vpc-0a"),
        "{asked:?}"
    );
    let (warnings, _) = said([subnets(), route_tables(nat, &internet)], json!({})).await;
    assert!(
        warnings.concat().ends_with("\n  - subnet-0b: igw-0a"),
        "{warnings:?}"
    );
    let (warnings, _) = said([subnets(), route_tables(nat, nat)], json!({})).await;
    assert_eq!(warnings, NONE);
    let dead = route("igw-0a", "blackhole");
    let (warnings, _) = said([subnets(), route_tables(&dead, nat)], json!({})).await;
    assert_eq!(warnings, NONE);
}

#[tokio::test]
async fn nobody_needs_ec2_to_plan() {
    let denied = Answer::Error(403, "UnauthorizedOperation", "no".to_owned());
    let (warnings, asked) = said([denied], json!({})).await;
    assert_eq!((warnings.len(), asked.len()), (0, 1));
    let (warnings, asked) = said([subnets()], json!({"subnet_ids": null})).await;
    assert_eq!((warnings.len(), asked.len()), (0, 0));
    let script = Script::default().on(EC2, [subnets()]);
    let tagged = config(json!({"tags": {"a": "b"}, "subnet_ids": ["subnet-0a", "subnet-0b"]}));
    with(&script).plan(&state(json!({})), &tagged).await;
    assert_eq!(script.requests(), NONE);
}
