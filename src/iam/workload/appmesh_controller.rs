//! The AWS App Mesh controller: keeps meshes and their parts as the custom resources of a cluster say, and registers
//! pods in Cloud Map.

use super::{Parameters, Place, Policy, Workload, allow, service_linked_role};

pub(super) const WORKLOAD: Workload = Workload {
    name: "appmesh-controller",
    what: "Keeps App Mesh meshes and Cloud Map services as custom resources say.",
    source: "https://github.com/aws/aws-app-mesh-controller-for-k8s/blob/master/config/iam/controller-iam-policy.json",
    limits: "AWS discontinued App Mesh on 2026-09-30. `aws-gateway-controller` is for VPC Lattice, which AWS names as its successor.",
    parameters: &[],
    any_of: &[],
    service_accounts: &[("appmesh-system", "appmesh-controller")],
    policies,
};

/// Parts of a mesh; all have the same five actions.
const PARTS: [&str; 7] = [
    "GatewayRoute",
    "Mesh",
    "Route",
    "VirtualGateway",
    "VirtualNode",
    "VirtualRouter",
    "VirtualService",
];

fn policies(_: &Parameters, place: &Place) -> Vec<Policy> {
    let changes = ["Create", "Delete", "Describe", "Update"];
    let mesh: Vec<String> = changes
        .iter()
        .flat_map(|verb| PARTS.map(|part| format!("appmesh:{verb}{part}")))
        .collect();
    let lists: Vec<String> = PARTS
        .iter()
        .map(|part| match *part {
            "Mesh" => "appmesh:ListMeshes".to_owned(),
            part => format!("appmesh:List{part}s"),
        })
        .collect();
    let actions = |texts: &[String]| allow(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    vec![Policy::inline(vec![
        actions(&mesh).on([place.arn("appmesh", "mesh/*")]),
        actions(&lists).on_all(),
        service_linked_role::of(place, "appmesh.amazonaws.com"),
        allow(&[
            "acm-pca:DescribeCertificateAuthority",
            "acm-pca:ListCertificateAuthorities",
            "acm:DescribeCertificate",
            "acm:ListCertificates",
            "route53:GetHealthCheck",
            "servicediscovery:GetInstance",
            "servicediscovery:GetInstancesHealthStatus",
            "servicediscovery:GetOperation",
            "servicediscovery:GetService",
            "servicediscovery:ListInstances",
            "servicediscovery:ListNamespaces",
            "servicediscovery:ListServices",
        ])
        .on_all(),
        allow(&[
            "servicediscovery:CreateService",
            "servicediscovery:DeleteService",
            "servicediscovery:DeregisterInstance",
            "servicediscovery:RegisterInstance",
            "servicediscovery:UpdateInstanceCustomHealthStatus",
        ])
        .on([
            place.arn("servicediscovery", "namespace/*"),
            place.arn("servicediscovery", "service/*"),
        ]),
        // Cloud Map makes the records and health checks of its DNS namespaces with the rights of who registers.
        allow(&[
            "route53:ChangeResourceRecordSets",
            "route53:CreateHealthCheck",
            "route53:DeleteHealthCheck",
            "route53:UpdateHealthCheck",
        ])
        .on_all_because("a health check has no name before it is made, and zones are Cloud Map's"),
    ])]
}
