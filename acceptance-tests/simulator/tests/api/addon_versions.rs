//! The catalogue of add-ons, through HTTP.

use serde_json::{Value, json};

use crate::client::Client;

#[test]
fn the_catalogue_is_filtered_and_keeps_its_own_order() {
    let client = Client::frozen();
    let get = |query: &str| {
        let path = format!("/addons/supported-versions?{query}");
        client.get(&path).ok()["addons"].clone()
    };
    let names = |query: &str| {
        let addons = get(query);
        let names = addons.as_array().expect("a list").iter();
        let names: Vec<String> = names
            .map(|addon| addon["addonName"].as_str().expect("a name").to_owned())
            .collect();
        names
    };
    assert_eq!(names("").len(), 10);
    assert_eq!(names("types=security"), ["eks-pod-identity-agent"]);
    assert_eq!(names("types=security&types=storage").len(), 5);
    assert_eq!(names("publishers=kubernetes-sigs"), ["metrics-server"]);
    assert_eq!(names("owners=community"), ["metrics-server"]);
    assert_eq!(
        names("addonName=adot&kubernetesVersion=1.36"),
        Vec::<String>::new()
    );

    let coredns = get("addonName=coredns&kubernetesVersion=1.32");
    assert_eq!(coredns[0]["type"], "networking");
    assert_eq!(coredns[0]["defaultNamespace"], "kube-system");
    let versions = coredns[0]["addonVersions"].as_array().expect("a list");
    let listed: Vec<&str> = versions
        .iter()
        .map(|version| version["addonVersion"].as_str().expect("a version"))
        .collect();
    assert_eq!(
        listed,
        [
            "v1.11.4-eksbuild.28",
            "v1.9.3-eksbuild.40",
            "v1.10.1-eksbuild.38"
        ]
    );
    let compatibility = json!([
        {"clusterVersion": "1.32", "platformVersions": ["*"], "defaultVersion": true},
    ]);
    assert_eq!(versions[0]["compatibilities"], compatibility);
    assert_eq!(versions[1]["compatibilities"][0]["defaultVersion"], false);

    let unknown = client.get("/addons/supported-versions?addonName=weave");
    assert!(
        unknown
            .refusal()
            .contains("Addon specified is not supported")
    );
}

#[test]
fn the_catalogue_is_paged() {
    let client = Client::frozen();
    let path = "/addons/supported-versions?maxResults=4";
    let (mut names, mut token) = (Vec::new(), Some(String::new()));
    let mut pages = 0;
    while let Some(after) = token {
        let page = client.get(&format!("{path}&nextToken={after}")).ok();
        let addons = page["addons"].as_array().expect("a list");
        names.extend(addons.iter().map(|addon| addon["addonName"].clone()));
        token = page["nextToken"].as_str().map(str::to_owned);
        pages += 1;
    }
    assert_eq!((pages, names.len()), (3, 10));
}

#[test]
fn a_version_tells_how_it_is_configured() {
    let client = Client::frozen();
    let get = |name: &str, version: &str| {
        let query = format!("addonName={name}&addonVersion={version}");
        client.get(&format!("/addons/configuration-schemas?{query}"))
    };
    let vpc_cni = get("vpc-cni", "v1.20.4-eksbuild.2").ok();
    let schema = vpc_cni["configurationSchema"].as_str().expect("text");
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    assert_eq!(schema["$ref"], "#/definitions/VpcCni");
    assert_eq!(
        vpc_cni["podIdentityConfiguration"],
        json!([{
            "serviceAccount": "aws-node",
            "recommendedManagedPolicies": ["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"],
        }])
    );
    // Options come with versions.
    let knows_autoscaling = |version: &str| {
        let answer = get("coredns", version).ok();
        let schema = answer["configurationSchema"].as_str().expect("text");
        schema.contains("autoScaling")
    };
    assert!(knows_autoscaling("v1.11.4-eksbuild.28"));
    assert!(!knows_autoscaling("v1.10.1-eksbuild.38"));
    let unknown = get("coredns", "v0.0.0-eksbuild.1").refusal();
    assert!(
        unknown.contains("Addon version specified is not supported"),
        "{unknown}"
    );
}
