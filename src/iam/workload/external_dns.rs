//! ExternalDNS with Route 53: keeps the records of hosted zones as services and ingresses say.

use super::parameter::ZONES;
use super::{Parameters, Place, Policy, Required, Workload, allow};

pub(super) const WORKLOAD: Workload = Workload {
    name: "external-dns",
    what: "Keeps the records of Route 53 hosted zones as services and ingresses say.",
    source: "https://github.com/kubernetes-sigs/external-dns/blob/master/docs/tutorials/aws.md#iam-policy",
    parameters: &[(&ZONES, Required)],
    any_of: &[],
    service_accounts: &[("external-dns", "external-dns")],
    policies,
};

fn policies(given: &Parameters, _: &Place) -> Vec<Policy> {
    vec![Policy::inline(vec![
        allow(&["route53:ListHostedZones"]).on_all(),
        allow(&[
            "route53:ChangeResourceRecordSets",
            "route53:ListResourceRecordSets",
            "route53:ListTagsForResources",
        ])
        .on(given.all(&ZONES)),
    ])]
}
