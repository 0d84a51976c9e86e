//! `kubeconfig`: what `aws eks update-kubeconfig` writes, as text.

use serde::Serialize;
use tfplugin_rs::tf::{Attribute, Function, Shape, Type, Value};

use super::Called;
use crate::aws::arn::Arn;

pub struct Kubeconfig;

impl Function for Kubeconfig {
    const NAME: &'static str = "kubeconfig";
    const SUMMARY: &'static str = "A kubeconfig for a cluster, in YAML.";
    const DESCRIPTION: &'static str = "The kubeconfig says where the cluster is, and lets kubectl get tokens with \
        `aws eks get-token`, as `aws eks update-kubeconfig` does. It contains no secret; who uses it needs the AWS CLI, \
        credentials of AWS, and to be let in by the cluster. Cluster, user and context are named after the ARN, so that \
        kubeconfigs of several clusters can be used together.\n\n\
        Not for local clusters on Outposts, whose tokens are for an id instead of a name.";

    /// An object type and no `dynamic`: of a whole resource that is given here Terraform takes these members only, so
    /// that what else is unknown in it does not matter.
    fn parameters() -> Vec<Attribute> {
        let authority = Type::list(Type::object([("data", Type::String)]));
        let cluster = Type::object([
            ("arn", Type::String),
            ("certificate_authority", authority),
            ("endpoint", Type::String),
            ("name", Type::String),
        ]);
        vec![Attribute::required(
            "cluster",
            Shape::Leaf(cluster),
            "The cluster: a resource or data source `eks_cluster`, or an object with `name`, `arn`, `endpoint` and \
             `certificate_authority = [{ data = … }]`.",
        )]
    }

    fn returns() -> Type {
        Type::String
    }

    fn call(arguments: &[Value]) -> Called {
        let cluster = arguments.first().unwrap_or(&Value::Null);
        let of_cluster = |path: &str| {
            let found = cluster.at(path).as_str().filter(|text| !text.is_empty());
            found.ok_or_else(|| {
                blame(format!(
                    "cluster.{path} is null: is the cluster being made?"
                ))
            })
        };
        let (name, arn) = (of_cluster("name")?, of_cluster("arn")?);
        let region = match arn.parse::<Arn>() {
            Ok(arn) if arn.service == "eks" && !arn.region.is_empty() => arn.region,
            _ => {
                return Err(blame(format!(
                    "cluster.arn must be the ARN of a cluster, got {arn:?}."
                )));
            }
        };
        let endpoint = of_cluster("endpoint")?;
        let authority = of_cluster("certificate_authority[0].data")?;
        let yaml =
            yaml_serde::to_string(&Config::new(arn, endpoint, authority, exec(name, &region)));
        let yaml = yaml.map_err(|error| (error.to_string(), None))?;
        Ok(yaml.into())
    }
}

fn blame(text: String) -> (String, Option<i64>) {
    (text, Some(0))
}

/// A kubeconfig. Members are in the order in which they are written; the names are those of Kubernetes.
/// Source: Kubernetes reference, "kubeconfig (v1)".
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config<'a> {
    api_version: &'static str,
    kind: &'static str,
    clusters: [Named<'a>; 1],
    users: [Named<'a>; 1],
    contexts: [Named<'a>; 1],
    #[serde(rename = "current-context")]
    current_context: &'a str,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    #[serde(flatten)]
    what: What<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum What<'a> {
    #[serde(rename_all = "kebab-case")]
    Cluster {
        server: &'a str,
        certificate_authority_data: &'a str,
    },
    User {
        exec: Exec<'a>,
    },
    Context {
        cluster: &'a str,
        user: &'a str,
    },
}

/// Source: Kubernetes documentation, "client-go credential plugins".
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Exec<'a> {
    api_version: &'static str,
    command: &'static str,
    args: [&'a str; 8],
}

impl<'a> Config<'a> {
    fn new(name: &'a str, server: &'a str, authority: &'a str, exec: Exec<'a>) -> Self {
        let named = |what| [Named { name, what }];
        Self {
            api_version: "v1",
            kind: "Config",
            clusters: named(What::Cluster {
                server,
                certificate_authority_data: authority,
            }),
            users: named(What::User { exec }),
            contexts: named(What::Context {
                cluster: name,
                user: name,
            }),
            current_context: name,
        }
    }
}

/// As the AWS CLI writes it. `--output` is for those who have another format in their settings.
fn exec<'a>(cluster: &'a str, region: &'a str) -> Exec<'a> {
    let args = [
        "--region",
        region,
        "eks",
        "get-token",
        "--cluster-name",
        cluster,
        "--output",
        "json",
    ];
    Exec {
        api_version: "client.authentication.k8s.io/v1beta1",
        command: "aws",
        args,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws-cn:eks:cn-north-1:123456789012:cluster/demo";

    fn cluster(arn: &str, endpoint: Option<&str>) -> Value {
        let authority = Value::object([("data", "Q0E=")]);
        Value::object([
            ("name", Value::from("demo")),
            ("arn", Value::from(arn)),
            ("endpoint", Value::from(endpoint)),
            ("certificate_authority", Value::list([authority])),
        ])
    }

    #[test]
    fn says_where_the_cluster_is_and_how_to_get_in() {
        let cluster = cluster(ARN, Some("https://A.cn-north-1.eks.amazonaws.com.cn"));
        let yaml = Kubeconfig::call(&[cluster]).unwrap();
        let expected = "\
apiVersion: v1
kind: Config
clusters:
- name: arn:aws-cn:eks:cn-north-1:123456789012:cluster/demo
  cluster:
    server: https://A.cn-north-1.eks.amazonaws.com.cn
    certificate-authority-data: Q0E=
users:
- name: arn:aws-cn:eks:cn-north-1:123456789012:cluster/demo
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: aws
      args:
      - --region
      - cn-north-1
      - eks
      - get-token
      - --cluster-name
      - demo
      - --output
      - json
contexts:
- name: arn:aws-cn:eks:cn-north-1:123456789012:cluster/demo
  context:
    cluster: arn:aws-cn:eks:cn-north-1:123456789012:cluster/demo
    user: arn:aws-cn:eks:cn-north-1:123456789012:cluster/demo
current-context: arn:aws-cn:eks:cn-north-1:123456789012:cluster/demo
";
        assert_eq!(yaml.as_str(), Some(expected));
    }

    /// A name such as `1e3` is a number to YAML, unless it is in quotes.
    #[test]
    fn names_stay_texts() {
        let Value::Object(mut members) = cluster(ARN, Some("https://a")) else {
            panic!("an object");
        };
        members.insert("name".to_owned(), "1e3".into());
        let yaml = Kubeconfig::call(&[Value::Object(members)]).unwrap();
        assert!(yaml.as_str().unwrap().contains("- '1e3'\n"), "{yaml:?}");
    }

    #[test]
    fn blames_a_cluster_that_lacks_something() {
        for (cluster, text) in [
            (cluster(ARN, None), "cluster.endpoint is null"),
            (cluster("demo", Some("https://a")), "got \"demo\""),
            (
                cluster("arn:aws:iam::123456789012:role/a", Some("https://a")),
                "ARN of a cluster",
            ),
            (Value::Null, "cluster.name is null"),
        ] {
            let (found, argument) = Kubeconfig::call(&[cluster]).unwrap_err();
            assert!(found.contains(text), "{found}");
            assert_eq!(argument, Some(0));
        }
    }
}
