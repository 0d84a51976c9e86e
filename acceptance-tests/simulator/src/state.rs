//! Everything the simulator remembers: one region per account and AWS region, and what tests have
//! asked for.
//!
//! It moves objects along when their transition is due; what a transition means is the business of
//! the module of the resource.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::{Agenda, Clock, Timings};
use crate::cluster::Cluster;
use crate::error::ApiError;
use crate::fault::Faults;
use crate::log::Log;

/// The account of a caller whose access key names none.
pub const DEFAULT_ACCOUNT: &str = "123456789012";

/// Whose objects a request is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Scope {
    pub account: String,
    pub region: String,
}

impl Scope {
    /// The ARN of an EKS object, `resource` being what follows the account.
    pub(crate) fn arn(&self, resource: &str) -> String {
        format!(
            "arn:{}:eks:{}:{}:{resource}",
            self.partition(),
            self.region,
            self.account
        )
    }

    pub(crate) fn partition(&self) -> &'static str {
        match self.region.as_str() {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            region if region.starts_with("us-iso-") => "aws-iso",
            region if region.starts_with("us-isob-") => "aws-iso-b",
            region if region.starts_with("eusc-") => "aws-eusc",
            _ => "aws",
        }
    }

    /// The domain that endpoints and OIDC issuers of the partition end in.
    pub(crate) fn domain(&self) -> &'static str {
        match self.partition() {
            "aws-cn" => "amazonaws.com.cn",
            "aws-iso" => "c2s.ic.gov",
            "aws-iso-b" => "sc2s.sgov.gov",
            "aws-eusc" => "amazonaws.eu",
            _ => "amazonaws.com",
        }
    }
}

/// The objects of one account in one AWS region.
#[derive(Default)]
pub(crate) struct Region {
    pub(crate) clusters: BTreeMap<String, Cluster>,
    pub(crate) agenda: Agenda<Region>,
}

impl Region {
    /// The cluster, or EKS's answer that there is none.
    pub(crate) fn cluster(&mut self, name: &str) -> Result<&mut Cluster, ApiError> {
        self.clusters.get_mut(name).ok_or_else(|| no_cluster(name))
    }

    fn settle(&mut self, now: Duration) {
        while let Some(action) = self.agenda.take_due(now) {
            action(self);
        }
    }
}

/// Known text: hashicorp/aws looks for "No cluster found for name:".
fn no_cluster(name: &str) -> ApiError {
    ApiError::not_found(format!("No cluster found for name: {name}.")).about(Some(name), None)
}

/// A launch template that node groups may name. EC2 is not simulated here, so tests say which ones
/// exist when the defaults (one version, name and id derived from each other) are not enough.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaunchTemplate {
    pub id: String,
    pub name: String,
    #[serde(default = "first_version")]
    pub default_version: u64,
    #[serde(default = "first_version")]
    pub latest_version: u64,
    /// The AMI the template brings, which makes its node groups `CUSTOM`.
    #[serde(default)]
    pub image_id: Option<String>,
    /// The instance type the template brings.
    #[serde(default)]
    pub instance_type: Option<String>,
}

fn first_version() -> u64 {
    1
}

/// The whole state of one simulator.
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) timings: Timings,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
    pub(crate) launch_templates: Vec<LaunchTemplate>,
    pub(crate) regions: BTreeMap<Scope, Region>,
    initial_timings: Timings,
}

impl World {
    pub(crate) fn new(timings: Timings) -> Self {
        World {
            clock: Clock::new(),
            timings,
            faults: Faults::default(),
            log: Log::default(),
            launch_templates: Vec::new(),
            regions: BTreeMap::new(),
            initial_timings: timings,
        }
    }

    /// Forgets everything, as if just started.
    pub(crate) fn reset(&mut self) {
        *self = World::new(self.initial_timings);
    }

    /// Lets every transition happen that is due by now.
    pub(crate) fn settle(&mut self) {
        let now = self.clock.now();
        self.regions
            .values_mut()
            .for_each(|region| region.settle(now));
    }

    /// Every object there is, as its Describe operation would answer.
    pub(crate) fn describe(&self) -> Value {
        let regions = self.regions.iter().map(|(scope, region)| {
            let clusters: Vec<Value> = region
                .clusters
                .values()
                .map(Cluster::describe_all)
                .collect();
            json!({"account": scope.account, "region": scope.region, "clusters": clusters})
        });
        json!({"regions": regions.collect::<Vec<_>>()})
    }
}

/// Applies an RFC 7396 merge patch: objects are merged, null removes, anything else replaces.
pub(crate) fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Some(target) = target.as_object_mut() else {
        return;
    };
    for (key, value) in patch {
        match value {
            Value::Null => drop(target.remove(key)),
            value => merge(target.entry(key.as_str()).or_insert(Value::Null), value),
        }
    }
}

/// A create or update request whose answer can be given again.
struct Replay {
    operation: &'static str,
    body: Value,
    answer: Value,
}

/// The requests that carried an idempotency token, with the answers they got.
#[derive(Default)]
pub(crate) struct Replays(Vec<Replay>);

impl Replays {
    /// The answer given before to the same request with the same token.
    pub(crate) fn find(&self, operation: &str, body: &Value) -> Option<Value> {
        body.get("clientRequestToken")?.as_str()?;
        let same = |replay: &&Replay| replay.operation == operation && replay.body == *body;
        Some(self.0.iter().find(same)?.answer.clone())
    }

    pub(crate) fn keep(&mut self, operation: &'static str, body: &Value, answer: &Value) {
        self.0.push(Replay {
            operation,
            body: body.clone(),
            answer: answer.clone(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_follow_the_partition() {
        let arn = |region: &str| {
            Scope {
                account: "111122223333".into(),
                region: region.into(),
            }
            .arn("cluster/x")
        };
        assert_eq!(
            arn("eu-west-1"),
            "arn:aws:eks:eu-west-1:111122223333:cluster/x"
        );
        assert_eq!(
            arn("cn-north-1"),
            "arn:aws-cn:eks:cn-north-1:111122223333:cluster/x"
        );
        assert_eq!(
            arn("us-gov-west-1"),
            "arn:aws-us-gov:eks:us-gov-west-1:111122223333:cluster/x"
        );
    }

    #[test]
    fn merging_replaces_lists_and_removes_nulls() {
        let mut target = json!({"a": {"x": 1, "y": 2}, "list": [1, 2], "gone": true});
        merge(
            &mut target,
            &json!({"a": {"y": 3}, "list": [9], "gone": null, "new": {"deep": 1}}),
        );
        assert_eq!(
            target,
            json!({"a": {"x": 1, "y": 3}, "list": [9], "new": {"deep": 1}})
        );
    }

    #[test]
    fn only_the_same_request_is_replayed() {
        let mut replays = Replays::default();
        let body = json!({"name": "x", "clientRequestToken": "t"});
        replays.keep("CreateCluster", &body, &json!("answer"));
        assert_eq!(replays.find("CreateCluster", &body), Some(json!("answer")));
        assert_eq!(replays.find("UpdateClusterConfig", &body), None);
        assert_eq!(
            replays.find(
                "CreateCluster",
                &json!({"name": "y", "clientRequestToken": "t"})
            ),
            None
        );
    }
}
