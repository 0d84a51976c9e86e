//! The data source `eks_pod_identity_associations`: which service accounts of a cluster get an IAM role.

use tfplugin_rs::model;
use tfplugin_rs::tf::{self, DataSource};

use crate::aws::{self, Call};
use crate::eks::shared::Answer;
use crate::eks::shared::checks::{cluster_name, namespace, service_account};

model! {
    /// Lists the Pod Identity associations of a cluster.
    pub struct Model {
        /// Name of the cluster.
        pub cluster_name: String => check(cluster_name),
        /// Kubernetes namespace: only associations in it.
        pub namespace: Option<String> => check(namespace),
        /// Kubernetes service account: only associations of it.
        pub service_account: Option<String> => check(service_account),
        /// Region of the cluster. Default is the region of the provider.
        pub region: aws::Region,
        /// Name of the cluster.
        pub id: Option<String> => computed,
        /// The associations. Their roles AWS tells one by one only.
        pub associations: Vec<Association> => computed,
    }
}

model! {
    /// A Pod Identity association.
    pub struct Association {
        /// Its id, such as `a-9njjin9gfghecgocd`.
        pub association_id: Option<String> => computed,
        /// Its ARN.
        pub association_arn: Option<String> => computed,
        /// Kubernetes namespace of the service account.
        pub namespace: Option<String> => computed,
        /// Name of the Kubernetes service account.
        pub service_account: Option<String> => computed,
        /// ARN of the add-on that made it, if one did.
        pub owner_arn: Option<String> => computed,
    }
}

pub struct PodIdentityAssociations;

impl DataSource for PodIdentityAssociations {
    type Context = aws::Context;
    type Model = Model;

    const NAME: &'static str = "pod_identity_associations";
    const TITLE: &'static str = "EKS Pod Identity associations";

    async fn read(cx: &Call, config: Model) -> tf::Result<Model> {
        let client = cx.eks(config.region.as_deref()).await?;
        let request = client
            .list_pod_identity_associations()
            .cluster_name(&config.cluster_name)
            .set_namespace(config.namespace.clone())
            .set_service_account(config.service_account.clone());
        let mut pages = request.into_paginator().send();
        let mut associations = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.to("ListPodIdentityAssociations", &config.cluster_name)?;
            let listed = page.associations.into_iter().flatten();
            associations.extend(listed.map(|it| Association {
                association_id: it.association_id,
                association_arn: it.association_arn,
                namespace: it.namespace,
                service_account: it.service_account,
                owner_arn: it.owner_arn,
            }));
        }
        Ok(Model {
            id: Some(config.cluster_name.clone()),
            region: config.region.resolved(cx),
            associations,
            ..config
        })
    }
}
