//! What AWS says is wrong with an object, as an attribute. Which issues there are is for AWS to know.

use std::time::SystemTime;

use aws_sdk_eks::types as sdk;
use tfplugin_rs::model;

use crate::api::{Issue, Observed};
use crate::aws::system_time;

model! {
    /// Something that AWS says is wrong.
    pub struct HealthIssue {
        /// AWS's name for it, such as `Ec2SubnetNotFound` or `NodeCreationFailure`.
        pub code: Option<String> => computed,
        /// What is wrong, in AWS's words.
        pub message: Option<String> => computed,
        /// The objects it is about, such as instances or subnets.
        pub resource_ids: Vec<String> => computed,
    }
}

impl From<Issue> for HealthIssue {
    fn from(issue: Issue) -> Self {
        let Issue {
            code,
            message,
            resource_ids,
            advice: _,
        } = issue;
        Self {
            code: Some(code),
            message: Some(message),
            resource_ids,
        }
    }
}

/// What waits need to know of kinds that describe themselves alike, for which the SDK has types of their own.
macro_rules! observed {
    ($object:ident, $token:expr) => {
        impl Observed for sdk::$object {
            fn status(&self) -> &str {
                self.status.as_ref().map_or("", |status| status.as_str())
            }

            fn created_at(&self) -> Option<SystemTime> {
                system_time(self.created_at.as_ref())
            }

            fn issues(&self) -> Vec<Issue> {
                let health = self.health.as_ref();
                let issues = health
                    .map(|health| health.issues())
                    .unwrap_or_default()
                    .iter();
                let issues =
                    issues.map(|it| Issue::new(it.code(), it.message(), it.resource_ids()));
                issues.map(advised).collect()
            }

            fn token(&self) -> Option<&str> {
                let token: fn(&Self) -> Option<&str> = $token;
                token(self)
            }
        }
    };
}

observed!(Addon, |_| None);
observed!(FargateProfile, |_| None);
observed!(Nodegroup, |_| None);
// The API has a place for the token of a cluster, but no captured answer has one. Where one is told, it leaves no doubt.
observed!(Cluster, |cluster| cluster.client_request_token());

/// The issue with what to do about it, where that is more than EKS's own words say.
pub(super) fn advised(issue: Issue) -> Issue {
    let advice = match issue.code.as_str() {
        "ConfigurationConflict" => Some(
            "The cluster has objects of the add-on that something else has installed or changed. To let EKS take them \
             over, set resolve_conflicts_on_create (for a new add-on) or resolve_conflicts_on_update = \"OVERWRITE\".",
        ),
        _ => None,
    };
    issue.with_advice(advice)
}

/// All that is wrong with an object.
pub(in crate::eks) fn of(object: &impl Observed) -> Vec<HealthIssue> {
    object.issues().into_iter().map(Into::into).collect()
}
