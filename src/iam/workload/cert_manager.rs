//! cert-manager with the ACME solver for Route 53: proves that a domain is ours by a TXT record.

use super::parameter::ZONES;
use super::{Parameters, Place, Policy, Required, Workload, allow};

pub(super) const WORKLOAD: Workload = Workload {
    name: "cert-manager",
    what: "Proves to certificate authorities by TXT records in Route 53 that domains are yours.",
    source: "https://cert-manager.io/docs/configuration/acme/dns01/route53/#set-up-an-iam-policy",
    limits: "",
    parameters: &[(&ZONES, Required)],
    any_of: &[],
    service_accounts: &[("cert-manager", "cert-manager")],
    policies,
};

fn policies(given: &Parameters, place: &Place) -> Vec<Policy> {
    vec![Policy::inline(vec![
        allow(&["route53:ListHostedZonesByName"]).on_all(),
        allow(&["route53:GetChange"]).on([place.global_arn("route53", "", "change/*")]),
        allow(&["route53:ListResourceRecordSets"]).on(given.all(&ZONES)),
        allow(&["route53:ChangeResourceRecordSets"])
            .on(given.all(&ZONES))
            .when(
                "ForAllValues:StringEquals",
                "route53:ChangeResourceRecordSetsRecordTypes",
                ["TXT"],
            ),
    ])]
}
