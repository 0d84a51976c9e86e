//! What tests make go wrong: answers of the next calls, and ends of the next transitions.
//!
//! Rules are matched here and carried out by `http` (answers) and the resource modules (ends).

use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::kind::Kind;
use crate::target::Target;

/// What a caller gets instead of, or after, the real answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// 429 TooManyRequestsException, as API Gateway answers it.
    Throttle,
    /// 500 ServerException.
    ServerError,
    /// 503 ServiceUnavailableException.
    Unavailable,
    /// The connection is reset; the request was never seen.
    ResetBefore,
    /// The request is carried out, then the connection is reset: a lost answer.
    ResetAfter,
    /// IAM has not caught up with a new role.
    IamLag { symptom: IamSymptom },
    /// Any error.
    Error {
        code: String,
        message: String,
        status: Option<u16>,
    },
    /// The real answer, late.
    Delay { millis: u64 },
}

/// The ways in which CreateCluster is known to complain of a role that is too new.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IamSymptom {
    RoleMissing,
    ErrorInRoleParams,
    TrustMissing,
    PolicyMissing,
    ActionMissing,
}

impl IamSymptom {
    /// The phrases that hashicorp/aws waits for; the words around them are guesses.
    fn message(self) -> &'static str {
        match self {
            IamSymptom::RoleMissing => {
                "roleArn, arn:aws:iam::123456789012:role/new, does not exist"
            }
            IamSymptom::ErrorInRoleParams => "Error in role params",
            IamSymptom::TrustMissing => {
                "Role could not be assumed because the trusted entity is not correct"
            }
            IamSymptom::PolicyMissing => {
                "The provided role doesn't have the Amazon EKS Managed Policies associated \
                 with it. Please ensure the following policies \
                 [arn:aws:iam::aws:policy/AmazonEKSClusterPolicy] are attached"
            }
            IamSymptom::ActionMissing => {
                "IAM role's policy must include the `ec2:DescribeSubnets` action"
            }
        }
    }
}

impl Effect {
    /// The error this effect answers with, if it answers with one.
    pub(crate) fn error(&self) -> Option<ApiError> {
        let error = match self {
            Effect::Throttle => ApiError::new("TooManyRequestsException", "Too Many Requests"),
            Effect::ServerError => ApiError::new("ServerException", "Internal server error"),
            Effect::Unavailable => {
                ApiError::new("ServiceUnavailableException", "Service is unavailable")
            }
            Effect::IamLag { symptom } => ApiError::invalid_parameter(symptom.message()),
            Effect::Error {
                code,
                message,
                status,
            } => {
                let mut error = ApiError::new(code, message.clone());
                error.status = status.unwrap_or(error.status);
                error
            }
            Effect::ResetBefore | Effect::ResetAfter | Effect::Delay { .. } => return None,
        };
        Some(error)
    }
}

/// An effect on the next calls of an operation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// Operation name as in the service model, or `*`.
    pub operation: String,
    #[serde(default)]
    pub target: Target,
    /// How many calls it hits.
    #[serde(default = "once")]
    pub times: u32,
    pub effect: Effect,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// Hits the next call of an operation, whatever it is about.
    pub fn next(operation: &str, effect: Effect) -> Self {
        Fault {
            operation: operation.to_owned(),
            target: Target::any(),
            times: 1,
            effect,
        }
    }

    pub fn times(self, times: u32) -> Self {
        Fault { times, ..self }
    }

    pub fn on(self, target: Target) -> Self {
        Fault { target, ..self }
    }
}

/// A health issue, as clusters and the objects in them carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Issue {
    pub code: String,
    pub message: String,
    #[serde(default)]
    pub resource_ids: Vec<String>,
}

/// An error of an update that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateError {
    pub error_code: String,
    pub error_message: String,
    #[serde(default)]
    pub resource_ids: Vec<String>,
}

/// How the next transition of an object ends instead of well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "transition", rename_all = "snake_case")]
pub enum Ending {
    /// A cluster ends FAILED, anything else CREATE_FAILED, or DEGRADED if so said.
    Create {
        #[serde(default)]
        degraded: bool,
        issues: Vec<Issue>,
    },
    /// The update ends Failed and changes nothing.
    Update { errors: Vec<UpdateError> },
    /// The update of an add-on ends Failed, and yet it is made: the add-on is DEGRADED as long again
    /// as the update took, then ACTIVE. Reported in hashicorp/terraform-provider-aws#49104.
    LateUpdate { errors: Vec<UpdateError> },
    /// The object stays: a cluster goes back to ACTIVE, anything else to DELETE_FAILED.
    Delete { issues: Vec<Issue> },
}

impl Ending {
    /// Whether it is about nothing but conflicts with what runs in the cluster already.
    fn is_conflict(&self) -> bool {
        let codes: Vec<&str> = match self {
            Ending::Create { issues, .. } | Ending::Delete { issues } => {
                issues.iter().map(|issue| issue.code.as_str()).collect()
            }
            Ending::Update { errors } | Ending::LateUpdate { errors } => errors
                .iter()
                .map(|error| error.error_code.as_str())
                .collect(),
        };
        !codes.is_empty() && codes.iter().all(|code| *code == "ConfigurationConflict")
    }
}

/// How an update fails.
pub(crate) struct Failure {
    pub(crate) errors: Vec<UpdateError>,
    /// Whether its change is made all the same.
    pub(crate) late: bool,
}

/// A bad ending waiting for its object.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlannedEnding {
    #[serde(default)]
    pub target: Target,
    #[serde(flatten)]
    pub ending: Ending,
}

impl PlannedEnding {
    /// A cluster's ending is not meant for what the cluster contains, so the kind has to agree
    /// exactly.
    fn is_meant_for(&self, target: &Target) -> bool {
        let any = self.target.cluster.is_none();
        self.target.covers(target) && (any || self.target.kind == target.kind)
    }
}

/// Every fault that has not struck yet.
#[derive(Default)]
pub(crate) struct Faults {
    pub(crate) calls: Vec<Fault>,
    pub(crate) endings: Vec<PlannedEnding>,
}

impl Faults {
    /// The effect on this call, counted down; the fault injected first goes first.
    pub(crate) fn strike(&mut self, operation: &str, target: &Target) -> Option<Effect> {
        let fault = self.calls.iter_mut().find(|fault| {
            fault.times > 0
                && (fault.operation == "*" || fault.operation == operation)
                && fault.target.covers(target)
        })?;
        fault.times -= 1;
        let effect = fault.effect.clone();
        self.calls.retain(|fault| fault.times > 0);
        Some(effect)
    }

    /// The health issues a creation ends with, and whether the object is merely degraded.
    pub(crate) fn creation(&mut self, target: &Target) -> Option<(bool, Vec<Issue>)> {
        match self.take(target, |ending| matches!(ending, Ending::Create { .. }))? {
            Ending::Create { degraded, issues } => Some((degraded, issues)),
            _ => None,
        }
    }

    /// How an update fails.
    pub(crate) fn update(&mut self, target: &Target) -> Option<Failure> {
        let addon = target.kind == Some(Kind::Addon);
        let wanted: fn(&Ending) -> bool = match addon {
            true => |ending| matches!(ending, Ending::Update { .. } | Ending::LateUpdate { .. }),
            false => |ending| matches!(ending, Ending::Update { .. }),
        };
        let (errors, late) = match self.take(target, wanted)? {
            Ending::Update { errors } => (errors, false),
            Ending::LateUpdate { errors } => (errors, true),
            _ => return None,
        };
        Some(Failure { errors, late })
    }

    /// The health issues a deletion ends with.
    pub(crate) fn deletion(&mut self, target: &Target) -> Option<Vec<Issue>> {
        match self.take(target, |ending| matches!(ending, Ending::Delete { .. }))? {
            Ending::Delete { issues } => Some(issues),
            _ => None,
        }
    }

    /// Drops the conflicts planned for an object, because a request resolves them.
    pub(crate) fn resolve_conflicts(&mut self, target: &Target) {
        self.endings
            .retain(|planned| !(planned.is_meant_for(target) && planned.ending.is_conflict()));
    }

    fn take(&mut self, target: &Target, wanted: fn(&Ending) -> bool) -> Option<Ending> {
        let index = self
            .endings
            .iter()
            .position(|planned| wanted(&planned.ending) && planned.is_meant_for(target))?;
        Some(self.endings.remove(index).ending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_as_often_as_it_was_asked_to() {
        let mut faults = Faults::default();
        faults
            .calls
            .push(Fault::next("CreateCluster", Effect::Throttle).times(2));
        assert_eq!(faults.strike("DescribeCluster", &Target::any()), None);
        assert_eq!(
            faults.strike("CreateCluster", &Target::any()),
            Some(Effect::Throttle)
        );
        assert_eq!(
            faults.strike("CreateCluster", &Target::any()),
            Some(Effect::Throttle)
        );
        assert_eq!(faults.strike("CreateCluster", &Target::any()), None);
    }

    #[test]
    fn a_fault_on_a_cluster_spares_others() {
        let mut faults = Faults::default();
        faults
            .calls
            .push(Fault::next("*", Effect::Unavailable).on(Target::cluster("a")));
        assert_eq!(faults.strike("DeleteCluster", &Target::cluster("b")), None);
        assert!(
            faults
                .strike("DeleteCluster", &Target::cluster("a"))
                .is_some()
        );
    }

    #[test]
    fn an_ending_for_a_cluster_is_not_taken_by_its_node_group() {
        let mut faults = Faults::default();
        let ending = Ending::Create {
            degraded: false,
            issues: vec![],
        };
        faults.endings.push(PlannedEnding {
            target: Target::cluster("a"),
            ending,
        });
        assert!(faults.creation(&Target::node_group("a", "n")).is_none());
        assert!(faults.creation(&Target::cluster("a")).is_some());
    }
}
