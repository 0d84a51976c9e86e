//! The Envoy proxy of AWS App Mesh, next to the containers of an application: reads its configuration and certificates.
//!
//! It runs as the service account of the application.

use super::parameter::AUTHORITIES;
use super::{Optional, Parameters, Place, Policy, Workload, allow};

pub(super) const WORKLOAD: Workload = Workload {
    name: "appmesh-envoy",
    what: "Reads the configuration of an App Mesh proxy, and its certificates.",
    source: "https://github.com/aws/aws-app-mesh-controller-for-k8s/blob/master/config/iam/envoy-iam-policy.json",
    limits: "AWS discontinued App Mesh on 2026-09-30.",
    parameters: &[(
        &AUTHORITIES,
        Optional("the certificates of all private authorities can be read"),
    )],
    any_of: &[],
    service_accounts: &[],
    policies,
};

fn policies(given: &Parameters, place: &Place) -> Vec<Policy> {
    let authorities = match given.all(&AUTHORITIES) {
        [] => vec![place.arn("acm-pca", "certificate-authority/*")],
        given => given.to_vec(),
    };
    vec![Policy::inline(vec![
        allow(&["appmesh:StreamAggregatedResources"]).on([place.arn("appmesh", "mesh/*")]),
        allow(&["acm:ExportCertificate"]).on([place.arn("acm", "certificate/*")]),
        allow(&["acm-pca:GetCertificateAuthorityCertificate"]).on(authorities),
    ])]
}
