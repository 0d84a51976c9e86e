//! What tests can make happen, the request log, tags and versions.

use std::time::{Duration, Instant};

use eks_simulator::{Effect, Fault, IamSymptom, Kind, Options, Simulator, Target, Timings};
use serde_json::{Value, json};

use crate::client::{Client, cluster_request};

#[test]
fn faults_strike_the_calls_they_are_meant_for() {
    let client = Client::frozen();
    client.active_cluster("demo", json!({}));
    let fault = |effect: Effect| {
        client
            .simulator
            .inject(Fault::next("DescribeCluster", effect).on(Target::cluster("demo")));
        client.get("/clusters/other").refusal();
        let refusal = client.get("/clusters/demo").refusal();
        client.get("/clusters/demo").ok();
        refusal
    };
    assert_eq!(
        fault(Effect::Throttle),
        "429 TooManyRequestsException: Too Many Requests"
    );
    assert!(fault(Effect::ServerError).starts_with("500 ServerException"));
    assert!(fault(Effect::Unavailable).starts_with("503 ServiceUnavailableException"));
    let error = Effect::Error {
        code: "AccessDeniedException".into(),
        message: "no".into(),
        status: None,
    };
    assert_eq!(fault(error), "403 AccessDeniedException: no");
    let lag = Effect::IamLag {
        symptom: IamSymptom::TrustMissing,
    };
    assert!(fault(lag).contains("the trusted entity is not correct"));
}

#[test]
fn a_reset_before_processing_leaves_no_trace() {
    let client = Client::frozen();
    client
        .simulator
        .inject(Fault::next("CreateCluster", Effect::ResetBefore));
    let request = cluster_request("demo", json!({}));
    assert!(client.try_post("/clusters", &request).is_err());
    assert_eq!(client.get("/clusters").ok()["clusters"], json!([]));
    let entry = client.simulator.log().remove(0);
    assert!(entry.reset);
    assert_eq!(entry.operation, "CreateCluster");
}

#[test]
fn an_answer_can_be_late() {
    let client = Client::frozen();
    client
        .simulator
        .inject(Fault::next("ListClusters", Effect::Delay { millis: 80 }));
    let before = Instant::now();
    client.get("/clusters").ok();
    assert!(before.elapsed() >= Duration::from_millis(80));
}

#[test]
fn the_log_tells_operations_in_order() {
    let client = Client::frozen();
    client.active_cluster("demo", json!({}));
    client.get("/clusters/none").refusal();
    client.get("/clusters?maxResults=5").ok();
    assert_eq!(
        client.simulator.operations(),
        [
            "CreateCluster",
            "DescribeCluster",
            "DescribeCluster",
            "ListClusters"
        ]
    );
    let log = client.simulator.log();
    assert_eq!(log[0].body["name"], "demo");
    assert_eq!(log[0].cluster.as_deref(), Some("demo"));
    assert_eq!(
        (log[0].account.as_str(), log[0].region.as_str()),
        ("111122223333", "eu-west-1")
    );
    assert_eq!(log[2].status, 404);
    assert_eq!(log[2].error.as_deref(), Some("ResourceNotFoundException"));
    assert_eq!(log[3].path, "/clusters?maxResults=5");
    client.simulator.clear_log();
    assert!(client.simulator.log().is_empty());
}

#[test]
fn objects_change_and_disappear_behind_the_callers_back() {
    let client = Client::frozen();
    client.active_cluster("demo", json!({"tags": {"a": "1", "b": "2"}}));
    client.active_node_group("demo", "web", json!({}));
    let patch = json!({
        "deletionProtection": true, "tags": {"a": null, "c": "3"},
        "health": {"issues": [{"code": "VpcNotFound", "message": "gone"}]},
    });
    assert!(client.simulator.modify(&Target::cluster("demo"), &patch));
    let cluster = client.cluster("demo");
    assert_eq!(cluster["deletionProtection"], true);
    assert_eq!(cluster["tags"], json!({"b": "2", "c": "3"}));
    assert_eq!(cluster["health"]["issues"][0]["code"], "VpcNotFound");

    let web = Target::node_group("demo", "web");
    let patch = json!({"status": "DEGRADED", "scalingConfig": {"desiredSize": 1}});
    assert!(client.simulator.modify(&web, &patch));
    let node_group = client.node_group("demo", "web");
    assert_eq!(node_group["status"], "DEGRADED");
    assert_eq!(
        node_group["scalingConfig"],
        json!({"minSize": 1, "maxSize": 2, "desiredSize": 1})
    );

    assert!(client.simulator.remove(&web));
    assert_eq!(
        client.get("/clusters/demo/node-groups").ok()["nodegroups"],
        json!([])
    );
    assert!(client.simulator.remove(&Target::cluster("demo")));
    assert!(!client.simulator.remove(&Target::cluster("demo")));
    client.get("/clusters/demo").refusal();
}

#[test]
fn a_replaced_cluster_is_not_hit_by_transitions_of_the_old_one() {
    let client = Client::frozen();
    client.active_cluster("demo", json!({}));
    client.delete("/clusters/demo").ok();
    client.simulator.remove(&Target::cluster("demo"));
    client.active_cluster("demo", json!({}));
    client.settle();
    assert_eq!(client.cluster("demo")["status"], "ACTIVE");
}

#[test]
fn somebody_elses_update_is_in_the_way_until_it_is_done() {
    let client = Client::frozen();
    client.active_cluster("demo", json!({}));
    let target = Target::cluster("demo");
    let id = client
        .simulator
        .start_update(&target, json!({"version": "1.36"}))
        .expect("an update");
    let change = json!({"deletionProtection": true});
    let refusal = client
        .post("/clusters/demo/update-config", change.clone())
        .refusal();
    assert!(refusal.contains(&id), "{refusal}");
    client.settle();
    assert_eq!(client.cluster("demo")["version"], "1.36");
    client.post("/clusters/demo/update-config", change).ok();
}

#[test]
fn timings_can_be_chosen_at_the_start_and_later() {
    let timings = Timings::default().faster(100.0);
    let simulator = Simulator::start(Options { port: 0, timings }).expect("a simulator");
    assert_eq!(simulator.timings().cluster_create, 3);
    let client = Client::frozen();
    client.simulator.set_timings(Timings {
        cluster_create: 5000,
        ..timings
    });
    client
        .post("/clusters", cluster_request("demo", json!({})))
        .ok();
    client.simulator.advance(Duration::from_millis(4999));
    assert_eq!(client.cluster("demo")["status"], "CREATING");
    client.simulator.advance(Duration::from_millis(1));
    assert_eq!(client.cluster("demo")["status"], "ACTIVE");
}

#[test]
fn time_runs_by_itself_unless_frozen() {
    let client = Client::frozen();
    client
        .post("/clusters", cluster_request("demo", json!({})))
        .ok();
    client.simulator.thaw();
    let deadline = Instant::now() + Duration::from_secs(5);
    while client.cluster("demo")["status"] == "CREATING" && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(client.cluster("demo")["status"], "ACTIVE");
}

#[test]
fn the_same_can_be_done_over_http() {
    let client = Client::frozen();
    let control = |path: &str, body: Value| client.post(&format!("/_simulator{path}"), body).status;
    let fault = json!({"operation": "*", "times": 2, "effect": {"kind": "throttle"}});
    assert_eq!(control("/faults", fault), 204);
    assert_eq!(client.get("/clusters").status, 429);
    assert_eq!(client.delete("/_simulator/faults").status, 204);
    let request = cluster_request("demo", json!({}));
    let ending = json!({
        "target": {"cluster": "demo"}, "transition": "create",
        "issues": [{"code": "Other", "message": "m"}],
    });
    assert_eq!(control("/endings", ending), 204);
    client.post("/clusters", request).ok();
    assert_eq!(control("/advance", json!({"millis": 1000})), 204);
    assert_eq!(client.cluster("demo")["status"], "FAILED");
    let patch = json!({"target": {"cluster": "demo"}, "patch": {"status": "ACTIVE"}});
    assert_eq!(control("/modify", patch), 204);
    assert_eq!(client.cluster("demo")["status"], "ACTIVE");
    let update = json!({"target": {"cluster": "demo"}, "patch": {}});
    let started = client.post("/_simulator/start-update", update).ok();
    assert!(started["id"].is_string());
    let state = client.get("/_simulator/state").ok();
    assert_eq!(
        state["regions"][0]["clusters"][0]["cluster"]["status"],
        "UPDATING"
    );
    assert_eq!(
        client.get("/_simulator/log").ok()[0]["error"],
        "TooManyRequestsException"
    );
    assert_eq!(
        control("/remove", json!({"target": {"cluster": "none"}})),
        404
    );
    assert_eq!(control("/reset", json!({})), 204);
    assert_eq!(client.get("/clusters").ok()["clusters"], json!([]));
}

#[test]
fn unsigned_and_unknown_requests_are_refused() {
    let client = Client::frozen();
    assert!(
        client
            .get("/no-such-thing")
            .refusal()
            .starts_with("404 UnknownOperationException")
    );
    let url = format!("{}/clusters", client.simulator.endpoint());
    let unsigned = ureq::get(url)
        .config()
        .http_status_as_error(false)
        .build()
        .call();
    assert_eq!(unsigned.expect("an answer").status().as_u16(), 403);
}

#[test]
fn tags_are_kept_by_arn() {
    let client = Client::frozen();
    let cluster = client.active_cluster("demo", json!({"tags": {"a": "1"}}));
    let node_group = client.active_node_group("demo", "web", json!({}));
    for arn in [&cluster["arn"], &node_group["nodegroupArn"]] {
        let arn = arn
            .as_str()
            .expect("an ARN")
            .replace(':', "%3A")
            .replace('/', "%2F");
        let path = format!("/tags/{arn}");
        client
            .post(&path, json!({"tags": {"b": "2", "c": "3"}}))
            .ok();
        client.delete(&format!("{path}?tagKeys=a&tagKeys=c")).ok();
        assert_eq!(client.get(&path).ok()["tags"], json!({"b": "2"}));
        let reserved = client
            .post(&path, json!({"tags": {"aws:x": "1"}}))
            .refusal();
        assert!(
            reserved.starts_with("400 BadRequestException"),
            "{reserved}"
        );
    }
    assert_eq!(client.cluster("demo")["tags"], json!({"b": "2"}));
    let missing = client
        .get("/tags/arn:aws:eks:eu-west-1:111122223333:cluster/none")
        .refusal();
    assert!(missing.starts_with("404 NotFoundException"), "{missing}");
}

#[test]
fn versions_can_be_filtered() {
    let client = Client::frozen();
    let versions = |query: &str| {
        let answer = client.get(&format!("/cluster-versions{query}")).ok();
        let versions = answer["clusterVersions"]
            .as_array()
            .expect("a list")
            .clone();
        versions
            .iter()
            .map(|it| it["clusterVersion"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    let default: Vec<String> = versions("?defaultOnly=true");
    assert_eq!(default, ["1.35"]);
    let extended: Vec<String> = versions("?versionStatus=EXTENDED_SUPPORT");
    assert_eq!(extended, ["1.33", "1.32", "1.31"]);
    let named: Vec<String> = versions("?clusterVersions=1.30&clusterVersions=1.34");
    assert_eq!(named, ["1.34", "1.30"]);
    let (all, supported): (Vec<String>, Vec<String>) = (versions("?includeAll=true"), versions(""));
    assert!(all.contains(&"1.29".to_owned()) && !supported.contains(&"1.29".to_owned()));
}

#[test]
fn targets_in_json_name_an_object_by_kind_and_name() {
    let client = Client::frozen();
    client.active_cluster("demo", json!({}));
    client.active_node_group("demo", "web", json!({}));
    client.active_node_group("demo", "db", json!({}));
    let target = json!({"cluster": "demo", "kind": "node_group", "name": "web"});
    let fault = json!({
        "operation": "*", "target": target, "times": 9, "effect": {"kind": "unavailable"},
    });
    assert_eq!(client.post("/_simulator/faults", fault).status, 204);
    assert_eq!(client.get("/clusters/demo/node-groups/web").status, 503);
    assert_eq!(client.get("/clusters/demo/node-groups/db").status, 200);
    assert_eq!(client.get("/clusters/demo").status, 200);
    let entry = client.simulator.log().pop().expect("an entry");
    assert_eq!((entry.kind, entry.name), (None, None));

    // By its ARN it is the same object.
    let state = client.simulator.state();
    let node_groups = &state["regions"][0]["clusters"][0]["nodegroups"];
    let arn = node_groups[1]["nodegroupArn"].as_str().expect("an ARN");
    assert_eq!(client.get(&format!("/tags/{arn}")).status, 503);
    let entry = client.simulator.log().pop().expect("an entry");
    let expected = (Some(Kind::NodeGroup), Some("web".to_owned()));
    assert_eq!((entry.kind, entry.name), expected);

    let remove = json!({"target": target});
    assert_eq!(
        client.post("/_simulator/remove", remove.clone()).status,
        204
    );
    assert_eq!(client.post("/_simulator/remove", remove).status, 404);
    let misspelt = json!({"target": {"cluster": "demo", "nodegroup": "db"}});
    assert_eq!(client.post("/_simulator/remove", misspelt).status, 422);
}
