//! What a cluster is going to be, for plans of what depends on it.
//!
//! A cluster that is planned in the same run is what that plan says: its next version of Kubernetes, and an issuer that
//! nobody knows yet when it is made anew. Of any other cluster, EKS is asked. What follows from it is for those that
//! depend on it to know.

use tfplugin_rs::tf::engine::{News, Stage};
use tfplugin_rs::tf::{self, Value};

use super::{Model, convert, find};
use crate::aws::{Call, Context};

/// A cluster as a plan may count with it. What is not known before apply is unknown.
#[derive(Debug)]
pub struct Outlook {
    /// Its version of Kubernetes.
    pub version: Value,
    /// Its ARN.
    pub arn: Value,
    /// Its OIDC issuer; null when it has none yet.
    pub issuer: Value,
}

impl From<&Value> for Outlook {
    fn from(cluster: &Value) -> Self {
        let identity = cluster.get("identity");
        let issuer = match identity.is_unknown() {
            true => identity,
            false => cluster.at("identity[0].oidc[0].issuer"),
        };
        Self {
            version: cluster.get("version").clone(),
            arn: cluster.get("arn").clone(),
            issuer: issuer.clone(),
        }
    }
}

/// Notes what has become known of a cluster.
pub fn note(cx: &Context, news: &News<'_>) {
    let known = [news.now, news.before].into_iter().find_map(name);
    if let Some(name) = known {
        cx.outlooks().note(name, news);
    }
}

fn name(cluster: &Value) -> Option<String> {
    let text = |name: &str| cluster.get(name).as_str();
    Some(key(text("region")?, text("name")?))
}

fn key(region: &str, name: &str) -> String {
    format!("cluster {name} in {region}")
}

/// What is known of a cluster, `None` when there is none and none is to be.
///
/// # Errors
///
/// It is not planned in this run, and EKS cannot be asked, or refuses to tell.
pub async fn outlook(cx: &Call, region: Option<&str>, name: &str) -> tf::Result<Option<Outlook>> {
    let key = key(cx.region_or(region)?, name);
    // A request is a large future, and this one is handed on by value.
    let ask = Box::pin(async {
        let client = cx.eks(region).await?;
        let Some(found) = find(&client, name).await? else {
            return Ok(Value::Null);
        };
        let model = convert::into_model(cx, found.object, &Model::default());
        Ok::<_, tf::Error>(tf::to_value(&model)?)
    });
    let cluster = cx.outlooks().get_or_ask(&key, ask).await?;
    Ok((!cluster.is_null()).then(|| Outlook::from(&cluster)))
}

/// Whether the cluster is there and will be made anew under the same name, with nothing of what it has now.
pub fn is_replaced(cx: &Call, region: Option<&str>, name: &str) -> bool {
    let key = cx.region_or(region).map(|region| key(region, name));
    let outlook = key.ok().and_then(|key| cx.outlooks().get(&key));
    outlook.is_some_and(|outlook| outlook.stage == Stage::Replacement)
}

/// The cluster whose place a planned one takes under the same name.
pub(super) fn predecessor(cx: &Call, planned: &Value) -> Option<Value> {
    let outlook = cx.outlooks().get(&name(planned)?)?;
    Some(outlook.there).filter(|there| !there.is_null())
}
