//! The AWS Private CA issuer of cert-manager: has certificates signed by private authorities.

use super::parameter::AUTHORITIES;
use super::{Parameters, Place, Policy, Required, Workload, allow};

pub(super) const WORKLOAD: Workload = Workload {
    name: "aws-privateca-issuer",
    what: "Has the certificates of cert-manager signed by private certificate authorities.",
    source: "https://github.com/cert-manager/aws-privateca-issuer#configuration",
    limits: "",
    parameters: &[(&AUTHORITIES, Required)],
    any_of: &[],
    service_accounts: &[("aws-privateca-issuer", "aws-privateca-issuer")],
    policies,
};

fn policies(given: &Parameters, _: &Place) -> Vec<Policy> {
    let actions = [
        "acm-pca:DescribeCertificateAuthority",
        "acm-pca:GetCertificate",
        "acm-pca:IssueCertificate",
    ];
    vec![Policy::inline(vec![
        allow(&actions).on(given.all(&AUTHORITIES)),
    ])]
}
