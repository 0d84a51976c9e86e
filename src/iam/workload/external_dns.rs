//! ExternalDNS with Route 53: keeps the records of hosted zones as services and ingresses say.

use super::parameter::ZONES;
use super::{Parameters, Place, Policy, Required, Workload, allow};

pub(super) const WORKLOAD: Workload = Workload {
    name: "external-dns",
    what: "Keeps the records of Route 53 hosted zones as services and ingresses say.",
    source: "https://github.com/kubernetes-sigs/external-dns/blob/master/docs/tutorials/aws.md#iam-policy",
    limits: "Reads the records of all zones, as it stops when there is one that it may not read. It still tries to change all zones that its filters (`--zone-id-filter`, `--domain-filter`) let through.",
    parameters: &[(&ZONES, Required)],
    any_of: &[],
    service_accounts: &[("external-dns", "external-dns")],
    policies,
};

fn policies(given: &Parameters, _: &Place) -> Vec<Policy> {
    vec![Policy::inline(vec![
        // It reads all zones of the account that its filters let through, and gives up when it may not read one of them
        // (`Records` and `tagsForZone` in provider/aws/aws.go). So only changes can be narrowed down.
        allow(&[
            "route53:ListHostedZones",
            "route53:ListResourceRecordSets",
            "route53:ListTagsForResources",
        ])
        .on_all(),
        allow(&["route53:ChangeResourceRecordSets"]).on(given.all(&ZONES)),
    ])]
}
