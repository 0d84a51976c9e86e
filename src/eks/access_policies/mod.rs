//! The data source `eks_access_policies`: which access policies EKS has.

use tfplugin_rs::model;
use tfplugin_rs::tf::{self, DataSource};

use super::shared::access_policy;
use crate::aws::{self, Call};

model! {
    /// Lists the access policies that EKS has, which entries of clusters can be given.
    pub struct Model {
        /// Region to ask. Default is the region of the provider.
        pub region: aws::Region,
        /// The policies.
        pub access_policies: Vec<AccessPolicy> => computed,
    }
}

model! {
    /// An access policy.
    pub struct AccessPolicy {
        /// Its ARN.
        pub arn: Option<String> => computed,
        /// Its name, such as `AmazonEKSViewPolicy`.
        pub name: Option<String> => computed,
    }
}

pub struct AccessPolicies;

impl DataSource for AccessPolicies {
    type Context = aws::Context;
    type Model = Model;

    const NAME: &'static str = "access_policies";
    const TITLE: &'static str = "EKS access policies";

    async fn read(cx: &Call, config: Model) -> tf::Result<Model> {
        let client = cx.eks(config.region.as_deref()).await?;
        let policies = access_policy::list(&client).await?;
        let policies = policies.into_iter().map(|it| AccessPolicy {
            arn: it.arn,
            name: it.name,
        });
        Ok(Model {
            region: config.region.resolved(cx),
            access_policies: policies.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::AccessPolicies;
    use crate::testing::{Answer, Script, read};

    #[tokio::test]
    async fn tells_names_and_arns() {
        let policy = json!({
            "arn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
            "name": "AmazonEKSViewPolicy",
        });
        let answer = Answer::Body(json!({"accessPolicies": [policy]}));
        let script = Script::default().on("GET /access-policies", [answer]);
        let (found, said) = read::<AccessPolicies>(&script, &json!({})).await;
        assert_eq!(said, [""; 0]);
        assert_eq!(found["access_policies"], json!([policy]));
    }
}
