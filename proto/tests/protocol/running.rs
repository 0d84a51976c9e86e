//! What happens while requests run: Ctrl-C, a lost connection, many at once, and large ones.

use std::time::Duration;

use serde_json::{Value as Json, json};
use tfplugin_rs::plugin::tfplugin6::stop_provider;
use tokio::time::timeout;

use crate::core::{Applied, Core, Kind};

/// Long enough for a busy machine, short enough for a test that is going to fail.
const PATIENCE: Duration = Duration::from_secs(20);

fn waiting(name: &str) -> Json {
    json!({"name": name, "mishap": "waits"})
}

/// Begins creating a thing that waits until the world lets it go.
async fn begin(core: &Core, name: &str) -> tokio::task::JoinHandle<Applied> {
    let kind = Kind::named("thing");
    let request = core.apply_request(&kind, &Json::Null, &waiting(name)).await;
    let mut rpc = core.rpc();
    let answer = async move {
        rpc.apply_resource_change(request)
            .await
            .unwrap()
            .into_inner()
    };
    let apply = tokio::spawn(async move { Applied::of(&kind, answer.await) });
    timeout(PATIENCE, core.world.until_waiting(1))
        .await
        .expect("the create begins");
    apply
}

#[tokio::test]
async fn stop_ends_waits_and_saves_the_state() {
    let core = Core::configured().await;
    let apply = begin(&core, "a").await;
    let stopped = core
        .rpc()
        .stop_provider(stop_provider::Request {})
        .await
        .unwrap();
    assert_eq!(stopped.into_inner().error, "");
    let applied = timeout(PATIENCE, apply)
        .await
        .expect("the wait ends")
        .unwrap();
    assert_eq!(applied.state["revision"], 1);
    // An error would make Terraform replace the object next time.
    let message = "warning: Creation of thing (a) is not finished: The paint is still wet.";
    assert!(
        applied.diagnostics[0].starts_with(message),
        "{:?}",
        applied.diagnostics
    );
    assert_eq!(core.world.events(), ["create a for 60"]);
}

#[tokio::test]
async fn stop_does_not_reach_later_requests() {
    let core = Core::configured().await;
    core.rpc()
        .stop_provider(stop_provider::Request {})
        .await
        .unwrap();
    let apply = begin(&core, "a").await;
    core.world.release.add_permits(1);
    let applied = timeout(PATIENCE, apply).await.unwrap().unwrap();
    assert_eq!(applied.diagnostics, [""; 0]);
    assert_eq!(core.world.events(), ["create a for 60", "waited for a"]);
}

/// tonic drops the handler of a request whose connection is lost. The work in it must go on: half a create is a leak.
#[tokio::test]
async fn lost_connection_does_not_cut_work_short() {
    let core = Core::configured().await;
    let kind = Kind::named("thing");
    let request = core.apply_request(&kind, &Json::Null, &waiting("a")).await;
    let mut connection = core.another_connection().await;
    let apply = tokio::spawn(async move { connection.apply_resource_change(request).await });
    timeout(PATIENCE, core.world.until_waiting(1))
        .await
        .unwrap();
    apply.abort();
    assert!(apply.await.unwrap_err().is_cancelled());
    core.world.release.add_permits(1);
    let finished = async {
        while !core.world.events().contains(&"waited for a".to_owned()) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, finished)
        .await
        .expect("the create is finished");
    // A stop is no part of it: the process serves its other connections.
    assert_eq!(
        core.read(&kind, &json!({"name": "a"})).await.state["revision"],
        1
    );
}

/// Terraform's default of ten requests at once; none waits for another.
#[tokio::test]
async fn ten_requests_run_at_once() {
    let core = Core::configured().await;
    let kind = Kind::named("thing");
    let mut running = tokio::task::JoinSet::new();
    for number in 0..10 {
        let config = waiting(&format!("thing {number}"));
        let request = core.apply_request(&kind, &Json::Null, &config).await;
        let mut rpc = core.rpc();
        running.spawn(async move {
            rpc.apply_resource_change(request)
                .await
                .unwrap()
                .into_inner()
        });
    }
    timeout(PATIENCE, core.world.until_waiting(10))
        .await
        .expect("all ten have begun");
    core.world.release.add_permits(10);
    let answers = timeout(PATIENCE, running.join_all()).await.unwrap();
    let mut names: Vec<_> = answers
        .into_iter()
        .map(|answer| Applied::of(&kind, answer).state["name"].to_string())
        .collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 10);
}

/// gRPC's usual limit is 4 MiB in each direction.
#[tokio::test]
async fn large_objects_pass() {
    let core = Core::configured().await;
    let vault = Kind::named("vault");
    let note = "x".repeat(9 << 20);
    let config = json!({"shelf": 1, "name": "v", "note": note});
    let applied = core.apply(&vault, &Json::Null, &config).await;
    assert_eq!(applied.diagnostics, [""; 0]);
    assert!(applied.state["note"] == config["note"]);
}
