//! Others that work on simulated AWS: a simulator that only our own provider has ever talked to proves nothing.
//!
//! Each test runs where its peer is installed, and says so where it is not.

use std::env;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use acceptance_tests::{Action, Cli, Provider, Scenario, SimulatedAws, stack};
use serde_json::{Value, json};

const POLL_INTERVAL: Duration = Duration::from_millis(20);
const LIMIT: Duration = Duration::from_secs(30);

#[test]
fn hashicorp_aws_manages_a_cluster_and_a_node_group() {
    let Some(provider) = Provider::hashicorp_aws() else {
        return println!("TF_EKS_COMPARE_MIRROR is not set, so hashicorp/aws is left out.");
    };
    for cli in Cli::installed().unwrap() {
        let aws = SimulatedAws::new().unwrap();
        let ground = aws.set_up().unwrap();
        let scenario = Scenario::new(&cli, &provider, aws).unwrap();
        let hcl = |cluster: &str, desired| {
            let scaling = stack::scaling(1, desired, 3);
            stack::cluster("aws_eks", &ground, cluster)
                + &stack::node_group("aws_eks", &ground, "workers", &scaling)
        };
        scenario.apply(&hcl("", 1));
        let logging = "  enabled_cluster_log_types = [\"api\", \"audit\"]\n";
        let cluster = hcl(logging, 1);
        scenario.apply_expecting(Action::Update, "aws_eks_cluster.this", &cluster);
        let scaled = hcl(logging, 2);
        scenario.apply_expecting(Action::Update, "aws_eks_node_group.workers", &scaled);
        scenario.destroy();
    }
}

#[test]
fn takes_over_what_hashicorp_aws_made_without_a_change() {
    let Some(theirs) = Provider::hashicorp_aws() else {
        return println!("TF_EKS_COMPARE_MIRROR is not set, so nothing is taken over.");
    };
    let ours = Provider::ours().unwrap();
    for cli in Cli::installed().unwrap() {
        let aws = SimulatedAws::new().unwrap();
        let ground = aws.set_up().unwrap();
        let scenario = Scenario::new(&cli, &theirs, aws).unwrap();
        let taint = "  taint {\n    key    = \"dedicated\"\n    effect = \"NO_SCHEDULE\"\n  }\n";
        let hcl = |prefix| {
            let group = stack::scaling(1, 1, 3) + taint;
            stack::cluster(prefix, &ground, "")
                + &stack::node_group(prefix, &ground, "workers", &group)
        };
        scenario.apply(&hcl("aws_eks"));
        scenario.refresh();
        let scenario = scenario.handed_over_to(&ours);
        let moved = hcl("eks") + &moved("cluster.this") + &moved("node_group.workers");
        let plan = scenario.plan(&moved);
        assert_eq!(plan.changes().count(), 0, "{plan}");
        scenario.apply(&moved);
        let state = scenario.state();
        let addresses = ["eks_cluster.this", "eks_node_group.workers"];
        assert_eq!(state.addresses(), addresses);
        scenario.destroy();
    }
}

fn moved(name: &str) -> String {
    format!("\nmoved {{\n  from = aws_eks_{name}\n  to   = eks_{name}\n}}\n")
}

#[test]
fn the_aws_cli_manages_a_cluster_and_a_node_group() {
    if Command::new("aws").arg("--version").output().is_err() {
        return println!("The AWS CLI is not installed.");
    }
    let aws = SimulatedAws::new().unwrap();
    let ground = aws.set_up().unwrap();
    let subnets = ground.network.subnet_ids.join(",");
    let vpc = format!("subnetIds={subnets}");
    let cluster = ["--name", "example"];
    let create = [
        "--role-arn",
        &ground.cluster_role_arn,
        "--resources-vpc-config",
        &vpc,
    ];
    let answer = aws_eks(&aws, "create-cluster", &[&cluster[..], &create].concat());
    assert_eq!(answer["cluster"]["status"], "CREATING");
    wait_until_active(&aws, "/clusters/example", "/cluster/status");

    let logging = r#"{"clusterLogging":[{"types":["audit"],"enabled":true}]}"#;
    let change = ["--logging", logging];
    let update = aws_eks(
        &aws,
        "update-cluster-config",
        &[&cluster[..], &change].concat(),
    );
    assert_eq!(update["update"]["type"], "LoggingUpdate");
    wait_until_active(&aws, "/clusters/example", "/cluster/status");
    let answer = aws_eks(&aws, "describe-cluster", &cluster);
    let logged = &answer["cluster"]["logging"]["clusterLogging"][0];
    assert_eq!(*logged, json!({ "types": ["audit"], "enabled": true }));

    let group = ["--cluster-name", "example", "--nodegroup-name", "workers"];
    let mut create = vec!["--node-role", &ground.node_role_arn, "--subnets"];
    create.extend(ground.network.subnet_ids.iter().map(String::as_str));
    let answer = aws_eks(&aws, "create-nodegroup", &[&group[..], &create].concat());
    assert_eq!(answer["nodegroup"]["scalingConfig"]["desiredSize"], 2);
    wait_until_active(
        &aws,
        "/clusters/example/node-groups/workers",
        "/nodegroup/status",
    );

    let scaling = ["--scaling-config", "minSize=1,maxSize=5,desiredSize=4"];
    let update = aws_eks(
        &aws,
        "update-nodegroup-config",
        &[&group[..], &scaling].concat(),
    );
    assert_eq!(update["update"]["type"], "ConfigUpdate");
    wait_until_active(
        &aws,
        "/clusters/example/node-groups/workers",
        "/nodegroup/status",
    );
    let answer = aws_eks(&aws, "describe-nodegroup", &group);
    let scaling = json!({ "minSize": 1, "maxSize": 5, "desiredSize": 4 });
    assert_eq!(answer["nodegroup"]["scalingConfig"], scaling);

    aws_eks(&aws, "delete-nodegroup", &group);
    wait_until_gone(&aws, "/clusters/example/node-groups/workers");
    aws_eks(&aws, "delete-cluster", &cluster);
    wait_until_gone(&aws, "/clusters/example");
}

/// Calls an operation and gives back its answer. The AWS CLI reads it by AWS's own service model, and drops what that
/// does not know.
#[track_caller]
fn aws_eks(aws: &SimulatedAws, operation: &str, arguments: &[&str]) -> Value {
    let mut command = Command::new("aws");
    for (name, _) in env::vars().filter(|(name, _)| name.starts_with("AWS_")) {
        command.env_remove(name);
    }
    let endpoint = aws.endpoints().eks;
    let output = command
        .args([
            "--endpoint-url",
            &endpoint,
            "--region",
            &aws.account.region,
            "--output",
            "json",
        ])
        .args(["eks", operation])
        .args(arguments)
        .env("AWS_ACCESS_KEY_ID", &aws.account.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &aws.account.secret_access_key)
        .env("AWS_SESSION_TOKEN", &aws.account.session_token)
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{operation}: {error}");
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

// The AWS CLI's own waiters ask every 30 seconds, whatever they are told.
#[track_caller]
fn wait_until_active(aws: &SimulatedAws, path: &str, status: &str) {
    let describe = || aws.eks("GET", path, &Value::Null).unwrap();
    wait_until(|| describe().pointer(status) == Some(&json!("ACTIVE")));
}

#[track_caller]
fn wait_until_gone(aws: &SimulatedAws, path: &str) {
    wait_until(|| aws.eks("GET", path, &Value::Null).is_err());
}

#[track_caller]
fn wait_until(mut happened: impl FnMut() -> bool) {
    let deadline = Instant::now() + LIMIT;
    while !happened() {
        assert!(
            Instant::now() < deadline,
            "nothing happened within {LIMIT:?}"
        );
        sleep(POLL_INTERVAL);
    }
}
