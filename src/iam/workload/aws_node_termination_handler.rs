//! The AWS Node Termination Handler in queue mode: drains nodes that are about to go, and tells Auto Scaling.
//!
//! Reading the instance metadata instead of a queue, it needs no role.

use super::parameter::QUEUES;
use super::{Parameters, Place, Policy, Required, Workload, allow};

pub(super) const WORKLOAD: Workload = Workload {
    name: "aws-node-termination-handler",
    what: "Drains nodes when a queue says that their instances are about to go.",
    source: "https://github.com/aws/aws-node-termination-handler#5-create-an-iam-role-for-the-pods",
    parameters: &[(&QUEUES, Required)],
    any_of: &[],
    service_accounts: &[("kube-system", "aws-node-termination-handler")],
    policies,
};

fn policies(given: &Parameters, place: &Place) -> Vec<Policy> {
    vec![Policy::inline(vec![
        allow(&[
            "autoscaling:DescribeAutoScalingInstances",
            "autoscaling:DescribeTags",
            "ec2:DescribeInstances",
        ])
        .on_all(),
        allow(&["autoscaling:CompleteLifecycleAction"])
            .on([place.arn("autoscaling", "autoScalingGroup:*")]),
        allow(&["sqs:DeleteMessage", "sqs:ReceiveMessage"]).on(given.all(&QUEUES)),
    ])]
}
