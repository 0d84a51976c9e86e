//! The AWS Node Termination Handler in queue mode: drains nodes that are about to go, and tells Auto Scaling.

use super::parameter::QUEUES;
use super::{Parameters, Place, Policy, Required, Workload, allow};

pub(super) const WORKLOAD: Workload = Workload {
    name: "aws-node-termination-handler",
    what: "Drains nodes when a queue says that their instances are about to go.",
    source: "https://github.com/aws/aws-node-termination-handler#5-create-an-iam-role-for-the-pods",
    limits: "Queue mode only. Where it reads the metadata of instances (IMDS) it needs no role.",
    parameters: &[(&QUEUES, Required)],
    any_of: &[],
    service_accounts: &[("kube-system", "aws-node-termination-handler")],
    policies,
};

fn policies(given: &Parameters, place: &Place) -> Vec<Policy> {
    vec![Policy::inline(vec![
        allow(&[
            "autoscaling:DescribeAutoScalingInstances",
            "autoscaling:DescribeLifecycleHooks",
            "autoscaling:DescribeTags",
            "ec2:DescribeInstances",
        ])
        .on_all(),
        // Heartbeats, and a look at the hook that they are for, with `heartbeatInterval` only; the README has neither, but
        // pkg/monitor/sqsevent/asg-lifecycle-event.go does.
        allow(&[
            "autoscaling:CompleteLifecycleAction",
            "autoscaling:RecordLifecycleActionHeartbeat",
        ])
        .on([place.arn("autoscaling", "autoScalingGroup:*")]),
        allow(&["sqs:DeleteMessage", "sqs:ReceiveMessage"]).on(given.all(&QUEUES)),
    ])]
}
