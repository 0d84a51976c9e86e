//! A signed-looking HTTP client for the simulator, and shorthands for what most tests need.

use std::time::Duration;

use eks_simulator::{Options, Simulator, Timings};
use serde_json::{Value, json};

pub const REGION: &str = "eu-west-1";
pub const ACCOUNT: &str = "111122223333";

/// An answer: status, exception and body.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub error: Option<String>,
    pub request_id: Option<String>,
    pub body: Value,
}

impl Answer {
    /// The body of a successful answer.
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{:?} {}", self.error, self.body);
        self.body
    }

    /// Exception and message of a refusal, as one line.
    pub fn refusal(self) -> String {
        let error = self.error.expect("a refusal");
        format!(
            "{} {error}: {}",
            self.status,
            self.body["message"].as_str().expect("a message")
        )
    }
}

pub struct Client {
    pub simulator: Simulator,
    agent: ureq::Agent,
    account: String,
}

impl Client {
    /// A simulator whose clock stands still, so that tests say when transitions happen.
    pub fn frozen() -> Self {
        let simulator = Simulator::start(Options {
            port: 0,
            timings: Timings::default(),
        });
        let simulator = simulator.expect("a simulator");
        simulator.freeze();
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        let agent = config
            .timeout_global(Some(Duration::from_secs(10)))
            .build()
            .into();
        Client {
            simulator,
            agent,
            account: ACCOUNT.to_owned(),
        }
    }

    /// The same with a cluster called `demo` that is ACTIVE.
    pub fn with_cluster() -> Self {
        Self::with_cluster_having(json!({}))
    }

    /// The same, the cluster being of a version, such as `1.34`.
    pub fn with_cluster_of(version: &str) -> Self {
        Self::with_cluster_having(json!({ "version": version }))
    }

    /// The same, the cluster having these members on top of the required ones.
    pub fn with_cluster_having(members: Value) -> Self {
        let client = Self::frozen();
        client.active_cluster("demo", members);
        client
    }

    pub fn as_account(&mut self, account: &str) {
        self.account = account.to_owned();
    }

    /// Lets every transition that has been started end.
    pub fn settle(&self) {
        self.simulator.advance(Duration::from_secs(1));
    }

    fn authorization(&self) -> String {
        let account = &self.account;
        format!(
            "AWS4-HMAC-SHA256 Credential={account}/20261121/{REGION}/eks/aws4_request, \
             SignedHeaders=host"
        )
    }

    pub fn try_get(&self, path: &str) -> Result<Answer, ureq::Error> {
        let url = format!("{}{path}", self.simulator.endpoint());
        self.agent
            .get(url)
            .header("authorization", self.authorization())
            .call()
            .map(answer)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.try_get(path).expect("an answer")
    }

    pub fn try_post(&self, path: &str, body: &Value) -> Result<Answer, ureq::Error> {
        let url = format!("{}{path}", self.simulator.endpoint());
        let request = self
            .agent
            .post(url)
            .header("authorization", self.authorization());
        request.send_json(body).map(answer)
    }

    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.try_post(path, &body).expect("an answer")
    }

    pub fn delete(&self, path: &str) -> Answer {
        let url = format!("{}{path}", self.simulator.endpoint());
        let request = self
            .agent
            .delete(url)
            .header("authorization", self.authorization());
        answer(request.call().expect("an answer"))
    }

    pub fn cluster(&self, name: &str) -> Value {
        self.get(&format!("/clusters/{name}")).ok()["cluster"].clone()
    }

    pub fn node_group(&self, cluster: &str, name: &str) -> Value {
        self.get(&format!("/clusters/{cluster}/node-groups/{name}"))
            .ok()["nodegroup"]
            .clone()
    }

    /// Creates a cluster with these members on top of the required ones, and waits until it is
    /// there.
    pub fn active_cluster(&self, name: &str, members: Value) -> Value {
        self.post("/clusters", cluster_request(name, members)).ok();
        self.settle();
        self.cluster(name)
    }

    /// Creates a node group with these members on top of the required ones, and waits until it is
    /// there.
    pub fn active_node_group(&self, cluster: &str, name: &str, members: Value) -> Value {
        let path = format!("/clusters/{cluster}/node-groups");
        self.post(&path, node_group_request(name, members)).ok();
        self.settle();
        self.node_group(cluster, name)
    }

    pub fn addon(&self, cluster: &str, name: &str) -> Value {
        self.get(&format!("/clusters/{cluster}/addons/{name}")).ok()["addon"].clone()
    }

    /// Creates an add-on, and waits until that is over.
    pub fn created_addon(&self, cluster: &str, name: &str, members: Value) -> Value {
        let path = format!("/clusters/{cluster}/addons");
        self.post(&path, addon_request(name, members)).ok();
        self.settle();
        self.addon(cluster, name)
    }

    /// Sends an update of an add-on, waits until it is over, and gives it.
    pub fn updated_addon(&self, cluster: &str, name: &str, change: Value) -> Value {
        let path = format!("/clusters/{cluster}/addons/{name}/update");
        let update = self.post(&path, change).ok();
        self.settle();
        let id = update["update"]["id"].as_str().expect("an id");
        let path = format!("/clusters/{cluster}/updates/{id}?addonName={name}");
        self.get(&path).ok()["update"].clone()
    }

    /// The pod identity associations of a cluster, as they are listed.
    pub fn associations(&self, cluster: &str) -> Vec<Value> {
        let path = format!("/clusters/{cluster}/pod-identity-associations");
        let list = self.get(&path).ok()["associations"].clone();
        list.as_array().expect("a list").clone()
    }

    /// Sends a change of configuration, and waits until it is made.
    pub fn update_cluster(&self, name: &str, change: Value) -> Value {
        let update = self
            .post(&format!("/clusters/{name}/update-config"), change)
            .ok();
        self.settle();
        update["update"].clone()
    }
}

fn answer(mut response: ureq::http::Response<ureq::Body>) -> Answer {
    let header = |name: &str| {
        response
            .headers()
            .get(name)
            .map(|value| value.to_str().expect("text").to_owned())
    };
    Answer {
        status: response.status().as_u16(),
        error: header("x-amzn-errortype"),
        request_id: header("x-amzn-requestid"),
        body: response.body_mut().read_json().unwrap_or(Value::Null),
    }
}

pub fn cluster_request(name: &str, members: Value) -> Value {
    let request = json!({
        "name": name,
        "roleArn": "arn:aws:iam::111122223333:role/cluster",
        "resourcesVpcConfig": {"subnetIds": ["subnet-1", "subnet-2"]},
    });
    merged(request, members)
}

pub fn node_group_request(name: &str, members: Value) -> Value {
    let request = json!({
        "nodegroupName": name,
        "nodeRole": "arn:aws:iam::111122223333:role/node",
        "subnets": ["subnet-1"],
    });
    merged(request, members)
}

pub fn addon_request(name: &str, members: Value) -> Value {
    merged(json!({"addonName": name}), members)
}

/// A request with more members.
pub fn merged(mut request: Value, members: Value) -> Value {
    for (key, value) in members.as_object().expect("an object") {
        request[key] = value.clone();
    }
    request
}
