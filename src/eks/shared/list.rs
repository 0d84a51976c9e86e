//! Data sources that list by name what a cluster has of one kind.
//!
//! How a kind is listed is for it to say: [`Listed`].

use std::collections::BTreeSet;
use std::marker::PhantomData;

use aws_sdk_eks::Client;
use serde::{Deserialize, Serialize};
use tfplugin_rs::model;
use tfplugin_rs::tf::{self, Attribute, DataSource, Model};

use super::checks::cluster_name;
use crate::api;
use crate::aws::{self, Call};

/// A kind of which a cluster can have several, each with a name.
pub trait Listed: Send + Sync + 'static {
    /// As [`tf::DataSource::NAME`].
    const NAMES: &'static str;
    /// As [`tf::DataSource::TITLE`].
    const TITLES: &'static str;
    /// What the data source is, in Markdown.
    const ABOUT: &'static str;
    /// What the names are.
    const NAMED: &'static str;

    /// All names, of all pages.
    fn list(
        client: &Client,
        cluster: &str,
    ) -> impl Future<Output = api::Result<BTreeSet<String>>> + Send;
}

/// The data source of a kind.
pub struct Names<L>(PhantomData<fn() -> L>);

model! {
    /// What the data source of any kind asks for and tells.
    pub struct Fields {
        /// Name of the cluster.
        pub cluster_name: String => check(cluster_name),
        /// Region of the cluster. Default is the region of the provider.
        pub region: aws::Region,
        /// Name of the cluster.
        pub id: Option<String> => computed,
        /// Names of what there is.
        pub names: BTreeSet<String> => computed,
    }
}

/// The same, of one kind.
#[derive(Serialize, Deserialize)]
#[serde(transparent, bound = "")]
pub struct Listing<L> {
    fields: Fields,
    #[serde(skip)]
    kind: PhantomData<fn() -> L>,
}

impl<L> From<Fields> for Listing<L> {
    fn from(fields: Fields) -> Self {
        Self {
            fields,
            kind: PhantomData,
        }
    }
}

impl<L> Clone for Listing<L> {
    fn clone(&self) -> Self {
        self.fields.clone().into()
    }
}

impl<L> Default for Listing<L> {
    fn default() -> Self {
        Fields::default().into()
    }
}

impl<L: Listed> Model for Listing<L> {
    const DESCRIPTION: &'static str = L::ABOUT;

    fn attributes() -> Vec<Attribute> {
        let mut attributes = Fields::attributes();
        for attribute in attributes.iter_mut().filter(|it| it.name == "names") {
            attribute.description = L::NAMED.to_owned();
        }
        attributes
    }
}

impl<L: Listed> DataSource for Names<L> {
    type Context = aws::Context;
    type Model = Listing<L>;

    const NAME: &'static str = L::NAMES;
    const TITLE: &'static str = L::TITLES;

    async fn read(cx: &Call, config: Listing<L>) -> tf::Result<Listing<L>> {
        let Fields {
            cluster_name,
            region,
            ..
        } = config.fields;
        let client = cx.eks(region.as_deref()).await?;
        let names = L::list(&client, &cluster_name).await?;
        let fields = Fields {
            id: Some(cluster_name.clone()),
            region: region.resolved(cx),
            cluster_name,
            names,
        };
        Ok(fields.into())
    }
}
