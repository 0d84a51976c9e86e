//! Clusters as others see them: what is there, and what is planned in this run. The only way to another kind of EKS.
//!
//! A cluster that is planned in the same run is what that plan says: its next version of Kubernetes, and an issuer that is not
//! known before apply when it is replaced. Of any other cluster, EKS is asked. What follows from it is for those that depend
//! on it to know.

use aws_sdk_eks::{Client, types as sdk};
use tfplugin_rs::tf::engine::{ObjectEvent, Stage};
use tfplugin_rs::tf::{self, Value};

use super::errors::Answer;
use crate::api::{Error, Found, Surroundings};
use crate::aws::{Call, Context};

/// The cluster as AWS describes it; `None` when there is none of that name.
pub async fn find_cluster(
    client: &Client,
    name: &str,
) -> Result<Option<Found<sdk::Cluster>>, Error> {
    let answer = client.describe_cluster().name(name).send().await;
    answer.found("DescribeCluster", name, |answer| answer.cluster)
}

/// A cluster as a plan may count with it. What is not known before apply is unknown.
#[derive(Debug)]
pub struct Outlook {
    pub version: Value,
    pub arn: Value,
    /// Its OIDC issuer; null when it has none yet.
    pub issuer: Value,
    /// How it lets principals in.
    pub authentication_mode: Value,
    /// Whether it is there, and will have another version of Kubernetes.
    pub is_upgraded: bool,
    /// Whether it is there, and will be made anew under the same name, with nothing of what it has now.
    pub is_replaced: bool,
}

impl From<&Value> for Outlook {
    fn from(cluster: &Value) -> Self {
        let inside = |block: &str, path: &str| match cluster.get(block) {
            block if block.is_unknown() => block.clone(),
            _ => cluster.at(path).clone(),
        };
        Self {
            version: cluster.get("version").clone(),
            arn: cluster.get("arn").clone(),
            issuer: inside("identity", "identity[0].oidc[0].issuer"),
            authentication_mode: inside("access_config", "access_config[0].authentication_mode"),
            is_upgraded: false,
            is_replaced: false,
        }
    }
}

/// Notes what has become known of a cluster. Other kinds are not looked at by anybody yet.
pub fn observe(cx: &Context, event: &ObjectEvent<'_>) {
    if event.resource != "cluster" {
        return;
    }
    let known = [event.now, event.before].into_iter().find_map(name);
    if let Some(name) = known {
        cx.outlooks().record(name, event);
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
    if let Some(known) = known(cx, region, name) {
        return Ok(Some(known));
    }
    // A request is a large future, and this one is handed on by value.
    let ask = Box::pin(async {
        let client = cx.eks(region).await?;
        let found = find_cluster(&client, name).await?;
        Ok(found.map_or(Value::Null, |found| seen(&found.object)))
    });
    let key = key(cx.region_or(region)?, name);
    let cluster = cx.outlooks().ask_once(&key, ask).await?;
    Ok((!cluster.is_null()).then(|| Outlook::from(&cluster)))
}

/// What counts of a cluster that is there, under the names that its attributes have.
fn seen(cluster: &sdk::Cluster) -> Value {
    let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
    let oidc = cluster.identity().and_then(sdk::Identity::oidc);
    let issuer = oidc.and_then(sdk::Oidc::issuer).map(|issuer| {
        let oidc = Value::block([("issuer", issuer)]);
        Value::block([("oidc", oidc)])
    });
    let access = cluster.access_config();
    let mode = access.and_then(sdk::AccessConfigResponse::authentication_mode);
    let mode = mode.map(|mode| Value::block([("authentication_mode", mode.as_str())]));
    Value::object([
        ("version", text(cluster.version())),
        ("arn", text(cluster.arn())),
        ("identity", issuer.unwrap_or_default()),
        ("access_config", mode.unwrap_or_default()),
    ])
}

/// The same of the cluster of such an object, if that has been planned in this run; for who can do without. Nobody is
/// asked.
pub fn noted(cx: &Call, member: &Value) -> Option<Outlook> {
    let text = |name: &str| member.get(name).as_str();
    known(cx, text("region"), text("cluster_name")?)
}

fn known(cx: &Call, region: Option<&str>, name: &str) -> Option<Outlook> {
    let known = cx.outlooks().get(&key(cx.region_or(region).ok()?, name))?;
    let outlook = Outlook::from(&known.object);
    let before = known.there.get("version");
    Some(Outlook {
        is_upgraded: !before.is_null() && *before != outlook.version,
        is_replaced: known.stage == Stage::Replacement,
        ..outlook
    })
}

/// The cluster whose place a planned one takes under the same name.
pub fn predecessor(cx: &Call, planned: &Value) -> Option<Value> {
    let outlook = cx.outlooks().get(&name(planned)?)?;
    Some(outlook.there.clone()).filter(|there| !there.is_null())
}
