//! Which object is meant: by a request, for faults and the log, or by a test.
//!
//! It knows where the names of objects stand in requests, and nothing of what requests do.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::kind::{Key, Kind};
use crate::state::Scope;

/// A cluster or an object in one, or all that the given parts fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Target {
    pub account: Option<String>,
    pub region: Option<String>,
    pub cluster: Option<String>,
    /// A kind of object in a cluster, instead of the cluster itself.
    pub kind: Option<Kind>,
    /// The name of that object; none means all of the kind.
    pub name: Option<String>,
}

impl Target {
    /// Any object.
    pub fn any() -> Self {
        Target::default()
    }

    pub fn cluster(name: &str) -> Self {
        Target {
            cluster: Some(name.to_owned()),
            ..Target::default()
        }
    }

    pub fn object(kind: Kind, cluster: &str, name: &str) -> Self {
        Target {
            kind: Some(kind),
            name: Some(name.to_owned()),
            ..Target::cluster(cluster)
        }
    }

    pub fn node_group(cluster: &str, name: &str) -> Self {
        Target::object(Kind::NodeGroup, cluster, name)
    }

    pub fn in_account(self, account: &str) -> Self {
        Target {
            account: Some(account.to_owned()),
            ..self
        }
    }

    pub fn in_region(self, region: &str) -> Self {
        Target {
            region: Some(region.to_owned()),
            ..self
        }
    }

    /// Whether everything this target names is so named by the other.
    pub(crate) fn covers(&self, other: &Target) -> bool {
        let fits =
            |mine: &Option<String>, theirs: &Option<String>| mine.is_none() || mine == theirs;
        fits(&self.account, &other.account)
            && fits(&self.region, &other.region)
            && fits(&self.cluster, &other.cluster)
            && fits(&self.name, &other.name)
            && (self.kind.is_none() || self.kind == other.kind)
    }

    /// The object in the cluster, when one is named.
    pub(crate) fn key(&self) -> Option<Key> {
        Some(Key::new(self.kind?, self.name.as_deref()?))
    }

    /// What a request is about. The ARNs of tag requests are read in `tag`.
    pub(crate) fn of_request(
        scope: &Scope,
        path: &[(&'static str, String)],
        query: &[(String, String)],
        body: &Value,
    ) -> Target {
        let in_path = |name: &str| {
            let found = path.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| value.clone())
        };
        let in_query = |name: &str| {
            let found = query.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.clone())
        };
        let in_body = |name: &str| {
            let pointer = format!("/{}", name.replace('.', "/"));
            body.pointer(&pointer)?.as_str().map(str::to_owned)
        };
        let named = |kind: &Kind| {
            let mut names = kind.traits().named_by.iter();
            let name = names.find_map(|name| {
                in_path(name)
                    .or_else(|| in_query(name))
                    .or_else(|| in_body(name))
            })?;
            Some((*kind, name))
        };
        let (kind, name) = Kind::ALL.iter().find_map(named).unzip();
        Target {
            account: Some(scope.account.clone()),
            region: Some(scope.region.clone()),
            cluster: in_path("name").or_else(|| in_body("name")),
            kind,
            name,
        }
    }
}
