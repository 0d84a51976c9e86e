//! Fargate profiles, through HTTP.

use eks_simulator::{Ending, Issue, Kind, Target};
use serde_json::{Value, json};

use crate::client::{Client, cluster_request, merged};

const PROFILES: &str = "/clusters/demo/fargate-profiles";
const WEB: &str = "/clusters/demo/fargate-profiles/web";

fn request(name: &str, members: Value) -> Value {
    let request = json!({
        "fargateProfileName": name,
        "podExecutionRoleArn": "arn:aws:iam::111122223333:role/pods",
        "subnets": ["subnet-1"],
        "selectors": [{"namespace": "default", "labels": {"tier": "web"}}],
    });
    merged(request, members)
}

fn profile(client: &Client, path: &str) -> Value {
    client.get(path).ok()["fargateProfile"].clone()
}

#[test]
fn is_created_described_and_deleted_with_the_states_between() {
    let client = Client::with_cluster();
    let created = client.post(PROFILES, request("web", json!({"tags": {"a": "1"}})));
    assert_eq!(created.ok()["fargateProfile"]["status"], "CREATING");
    client.settle();
    let active = profile(&client, WEB);
    assert_eq!(active["status"], "ACTIVE");
    assert_eq!(active["clusterName"], "demo");
    assert_eq!(active["tags"], json!({"a": "1"}));
    assert_eq!(active["health"], json!({"issues": []}));
    assert_eq!(active["selectors"][0]["labels"], json!({"tier": "web"}));
    let arn = active["fargateProfileArn"].as_str().expect("an ARN");
    assert!(
        arn.starts_with("arn:aws:eks:eu-west-1:111122223333:fargateprofile/demo/web/"),
        "{arn}"
    );
    assert_eq!(
        client.get(PROFILES).ok()["fargateProfileNames"],
        json!(["web"])
    );

    let expected =
        "409 ResourceInUseException: Cluster has Fargate Profiles in ACTIVE/CREATING state";
    assert_eq!(client.delete("/clusters/demo").refusal(), expected);
    assert_eq!(
        client.delete(WEB).ok()["fargateProfile"]["status"],
        "DELETING"
    );
    client.settle();
    let gone = client.get(WEB);
    assert_eq!(gone.body["fargateProfileName"], "web");
    assert_eq!(gone.status, 404);
    client.delete("/clusters/demo").ok();
}

#[test]
fn takes_one_creation_or_deletion_at_a_time() {
    let client = Client::with_cluster();
    client.post(PROFILES, request("web", json!({}))).ok();
    let second = || client.post(PROFILES, request("db", json!({})));
    assert_eq!(
        second().refusal(),
        "409 ResourceInUseException: Cannot create Fargate Profile db because cluster demo \
         currently has Fargate profile web in status CREATING"
    );
    client.settle();
    second().ok();
    client.settle();
    client.delete(WEB).ok();
    assert_eq!(
        client
            .delete("/clusters/demo/fargate-profiles/db")
            .refusal(),
        "409 ResourceInUseException: Cannot Delete Fargate Profile db because cluster demo \
         currently has Fargate profile web in status DELETING"
    );
    client.settle();
    let change = json!({"deletionProtection": true});
    client.post("/clusters/demo/update-config", change).ok();
    assert_eq!(
        client
            .delete("/clusters/demo/fargate-profiles/db")
            .refusal(),
        "409 ResourceInUseException: Cannot Delete Fargate Profile db because cluster demo \
         currently has an update in progress"
    );
    client.settle();
    client.delete("/clusters/demo/fargate-profiles/db").ok();
}

#[test]
fn the_same_request_is_answered_again_and_another_one_refused() {
    let client = Client::with_cluster();
    let token = json!({"clientRequestToken": "t"});
    let first = client.post(PROFILES, request("web", token.clone())).ok();
    client.settle();
    assert_eq!(client.post(PROFILES, request("web", token)).ok(), first);
    assert_eq!(
        client.post(PROFILES, request("web", json!({}))).refusal(),
        "409 ResourceInUseException: A Fargate Profile already exists with this name in this \
         cluster."
    );
}

#[test]
fn without_subnets_it_gets_those_of_the_cluster() {
    let client = Client::with_cluster();
    client
        .post(PROFILES, request("web", json!({"subnets": null})))
        .ok();
    assert_eq!(
        profile(&client, WEB)["subnets"],
        json!(["subnet-1", "subnet-2"])
    );
}

#[test]
fn refuses_what_the_service_refuses() {
    let client = Client::with_cluster();
    let selector = json!({"namespace": "default"});
    let labels = json!({"a": "1", "b": "1", "c": "1", "d": "1", "e": "1", "f": "1"});
    let cases = [
        (
            json!({"podExecutionRoleArn": null}),
            "Value at 'podExecutionRoleArn'",
        ),
        (
            json!({"fargateProfileName": "eks-web"}),
            "reserved prefix: 'eks-'",
        ),
        (json!({"selectors": []}), "at least one selector"),
        (
            json!({"selectors": [{"labels": {}}]}),
            "must have a namespace",
        ),
        (
            json!({"selectors": vec![selector; 6]}),
            "less than or equal to 5",
        ),
        (
            json!({"selectors": [{"namespace": "default", "labels": labels}]}),
            "less than or equal to 5",
        ),
        (json!({"tags": {"aws:a": "1"}}), "cannot start with aws:"),
    ];
    for (members, expected) in cases {
        let refusal = client.post(PROFILES, request("web", members)).refusal();
        assert!(refusal.contains(expected), "{refusal}");
    }
    let missing = client.post("/clusters/none/fargate-profiles", request("web", json!({})));
    assert!(
        missing
            .refusal()
            .contains("No cluster found for name: none.")
    );
    client
        .post("/clusters", cluster_request("new", json!({})))
        .ok();
    let early = client.post("/clusters/new/fargate-profiles", request("web", json!({})));
    assert!(early.refusal().contains("not in ACTIVE status"));
}

#[test]
fn ends_as_planned() {
    let client = Client::with_cluster();
    let web = Target::object(Kind::FargateProfile, "demo", "web");
    let issue = Issue {
        code: "PodExecutionRoleAlreadyInUse".to_owned(),
        message: "The role is in use".to_owned(),
        resource_ids: vec!["arn:aws:iam::111122223333:role/pods".to_owned()],
    };
    let issues = vec![issue];
    let ending = Ending::Create {
        degraded: false,
        issues: issues.clone(),
    };
    client.simulator.plan_ending(web.clone(), ending);
    client.post(PROFILES, request("web", json!({}))).ok();
    client.settle();
    let failed = profile(&client, WEB);
    assert_eq!(failed["status"], "CREATE_FAILED");
    assert_eq!(failed["health"]["issues"], json!(issues));

    client.simulator.plan_ending(web, Ending::Delete { issues });
    client.delete(WEB).ok();
    client.settle();
    assert_eq!(profile(&client, WEB)["status"], "DELETE_FAILED");
    client.delete(WEB).ok();
    client.settle();
    assert_eq!(client.get(PROFILES).ok()["fargateProfileNames"], json!([]));
}
