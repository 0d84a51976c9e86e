//! What AWS says is wrong with an object, as an attribute. Which issues there are is for AWS to know.

use tfplugin_rs::model;

use crate::aws::{Issue, Observed};

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
        } = issue;
        Self {
            code: Some(code),
            message: Some(message),
            resource_ids,
        }
    }
}

/// All that is wrong with an object.
pub(super) fn of(object: &impl Observed) -> Vec<HealthIssue> {
    object.issues().into_iter().map(Into::into).collect()
}
