//! What AWS says is wrong with an object, as an attribute. Which issues there are is for AWS to know.

use aws_sdk_eks::primitives::DateTime;
use aws_sdk_eks::types as sdk;
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

/// What waits need to know of kinds that describe themselves alike, for which the SDK has types of their own.
macro_rules! observed {
    ($($object:ident),*) => {$(
        impl Observed for sdk::$object {
            fn status(&self) -> &str {
                self.status.as_ref().map_or("", |status| status.as_str())
            }

            fn created_at(&self) -> Option<&DateTime> {
                self.created_at.as_ref()
            }

            fn issues(&self) -> Vec<Issue> {
                let health = self.health.as_ref();
                let issues = health.map(|health| health.issues()).unwrap_or_default().iter();
                issues.map(|it| Issue::new(it.code(), it.message(), it.resource_ids())).collect()
            }
        }
    )*};
}

observed!(Addon, Cluster, FargateProfile, Nodegroup);

/// All that is wrong with an object.
pub(super) fn of(object: &impl Observed) -> Vec<HealthIssue> {
    object.issues().into_iter().map(Into::into).collect()
}
