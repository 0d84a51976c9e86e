//! Tags: `tags` is what the user manages on the object, `tags_all` what AWS has, less what is none of our business.
//!
//! The rules are those of hashicorp/aws: default tags are merged into `tags_all`, the object's own tags win; ignored
//! tags and those of AWS are neither shown nor touched.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tfplugin_rs::tf::{self, Attribute, Field, Plan, Shape, Type, Value};

use super::Call;

/// The tags the user manages on an object. In a `model!`: `tags: Tags`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tags(pub Option<BTreeMap<String, String>>);

/// All tags of an object that are our business. In a `model!`: `tags_all: TagsAll`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TagsAll(pub Option<BTreeMap<String, String>>);

impl Field for Tags {
    const OPTIONAL: bool = true;

    fn shape() -> Shape {
        Shape::Leaf(Type::map(Type::String))
    }

    fn attribute(name: &str, description: &str) -> Attribute {
        Attribute::required(name, Self::shape(), description)
            .optional()
            .check(check)
    }
}

impl Field for TagsAll {
    const OPTIONAL: bool = true;

    fn shape() -> Shape {
        Shape::Leaf(Type::map(Type::String))
    }

    fn attribute(name: &str, description: &str) -> Attribute {
        Attribute::required(name, Self::shape(), description)
            .computed()
            .keep()
    }
}

impl TagsAll {
    /// The tags; `None` while they are not known.
    pub fn as_ref(&self) -> Option<&BTreeMap<String, String>> {
        self.0.as_ref()
    }

    /// The tags, for requests; `None` when there are none.
    pub fn for_create(&self) -> Option<std::collections::HashMap<String, String>> {
        let tags = self.0.as_ref().filter(|tags| !tags.is_empty())?;
        Some(tags.clone().into_iter().collect())
    }
}

/// Tags of every object, from the provider block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DefaultTags {
    /// These.
    Known(BTreeMap<String, String>),
    /// Which ones depends on something that does not exist yet.
    Unknown,
    /// None.
    #[default]
    None,
}

/// Tags that are none of our business, from the provider block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IgnoredTags {
    /// Whole keys.
    pub keys: BTreeSet<String>,
    /// Beginnings of keys.
    pub key_prefixes: BTreeSet<String>,
}

impl IgnoredTags {
    /// Whether the tag is none of our business: ignored, or AWS's own.
    pub fn covers(&self, key: &str) -> bool {
        key.starts_with(RESERVED) || self.rule(key).is_some()
    }

    /// The rule by which a key is ignored, as it is written.
    fn rule(&self, key: &str) -> Option<String> {
        if self.keys.contains(key) {
            return Some(format!("keys = [{key:?}]"));
        }
        let mut prefixes = self.key_prefixes.iter();
        let prefix = prefixes.find(|prefix| key.starts_with(prefix.as_str()))?;
        Some(format!("key_prefixes = [{prefix:?}]"))
    }
}

/// Keys with this beginning belong to AWS; nobody else may write them.
const RESERVED: &str = "aws:";
/// Source: EKS API reference, TagResource; the limits of all AWS services.
const MOST_TAGS: usize = 50;
const LONGEST_KEY: usize = 128;
const LONGEST_VALUE: usize = 256;

/// Tests a map of tags against the limits of AWS.
pub fn check(value: &Value) -> Result<(), String> {
    let Value::Map(tags) = value else {
        return Ok(());
    };
    if tags.len() > MOST_TAGS {
        return Err(format!(
            "must have at most {MOST_TAGS} tags, got {}",
            tags.len()
        ));
    }
    for (key, value) in tags {
        if key.is_empty() || key.chars().count() > LONGEST_KEY {
            return Err(format!(
                "must have keys of 1 to {LONGEST_KEY} characters, got {key:?}"
            ));
        }
        if key.to_ascii_lowercase().starts_with(RESERVED) {
            return Err(format!(
                "must not have keys that begin with \"aws:\", which is AWS's own, got {key:?}"
            ));
        }
        if value.is_null() {
            return Err(format!("must not have null values, got null for {key:?}"));
        }
        let length = value.as_str().map_or(0, |text| text.chars().count());
        if length > LONGEST_VALUE {
            return Err(format!(
                "must have values of at most {LONGEST_VALUE} characters, got {length} for {key:?}"
            ));
        }
    }
    Ok(())
}

/// Plans `tags_all`: default tags and the object's own, known as soon as both are.
pub(crate) fn plan(defaults: &DefaultTags, ignored: &IgnoredTags, plan: &mut Plan) {
    let tags = plan.planned.get("tags").clone();
    let all = match defaults {
        DefaultTags::Unknown => None,
        _ if tags.is_unknown() => None,
        DefaultTags::None => Some(merge(&BTreeMap::new(), &tags, ignored)),
        DefaultTags::Known(defaults) => Some(merge(defaults, &tags, ignored)),
    };
    match all {
        Some(all) => plan.set("tags_all", all),
        None => plan.set_unknown("tags_all"),
    }
}

/// Default tags with the object's own over them. A value may still be unknown.
fn merge(defaults: &BTreeMap<String, String>, tags: &Value, ignored: &IgnoredTags) -> Value {
    let mut all: BTreeMap<String, Value> = defaults
        .iter()
        .map(|(key, value)| (key.clone(), value.as_str().into()))
        .collect();
    if let Value::Map(tags) = tags {
        let set = tags.iter().filter(|(_, value)| !value.is_null());
        all.extend(set.map(|(key, value)| (key.clone(), value.clone())));
    }
    all.retain(|key, _| !ignored.covers(key));
    Value::Map(all)
}

/// What AWS has, as `tags` and `tags_all`.
///
/// A tag that equals a default tag counts as the object's own only if it was so before: that is how an object without
/// tags of its own shows no difference, and one that repeats a default keeps it.
pub fn from_api<'a>(
    cx: &Call,
    api: impl IntoIterator<Item = (&'a String, &'a String)>,
    prior: &Tags,
) -> (Tags, TagsAll) {
    let known: BTreeMap<String, String> = api
        .into_iter()
        .filter(|(key, _)| !cx.ignored_tags().covers(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let was_own = |key: &str| {
        prior
            .0
            .as_ref()
            .is_some_and(|prior| prior.contains_key(key))
    };
    let is_default = |key: &str, value: &str| match cx.default_tags() {
        DefaultTags::Known(defaults) => defaults.get(key).is_some_and(|default| default == value),
        DefaultTags::Unknown | DefaultTags::None => false,
    };
    let own: BTreeMap<String, String> = known
        .iter()
        .filter(|(key, value)| was_own(key) || !is_default(key, value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    // An absent map and an empty one mean the same to AWS; the user's spelling stays.
    let own = match &prior.0 {
        None if own.is_empty() => None,
        _ => Some(own),
    };
    (Tags(own), TagsAll(Some(known)))
}

/// What to change to get from one set of tags to another.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    /// What is new or has another value.
    pub set: BTreeMap<String, String>,
    /// The keys of what goes.
    pub remove: Vec<String>,
}

/// What to change to get from one set of tags to another: only what differs.
pub fn difference(
    prior: Option<&BTreeMap<String, String>>,
    planned: Option<&BTreeMap<String, String>>,
    ignored: &IgnoredTags,
) -> Difference {
    let none = BTreeMap::new();
    let (prior, planned) = (prior.unwrap_or(&none), planned.unwrap_or(&none));
    let ours = |key: &&String| !ignored.covers(key);
    let is_gone = |key: &&String| !planned.contains_key(*key);
    Difference {
        set: planned
            .iter()
            .filter(|(key, value)| ours(key) && prior.get(*key) != Some(value))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
        remove: prior.keys().filter(ours).filter(is_gone).cloned().collect(),
    }
}

/// Tests tags together with what the provider block says of them: AWS counts its default tags, too, and what it ignores
/// is never read back, so that a tag set on the object would be a difference for ever.
pub(crate) fn check_merged(ignored: &IgnoredTags, plan: &Plan) -> tf::Result<()> {
    if let Value::Map(tags) = plan.planned.get("tags")
        && let Some((key, rule)) = tags.keys().find_map(|key| Some((key, ignored.rule(key)?)))
    {
        return Err(tf::Error::new(format!(
            "The tag {key:?} is ignored by ignore_tags of the provider, which says {rule}: it would be neither set nor \
             read. Remove the tag here, or the rule there."
        ))
        .at("tags"));
    }
    check(plan.planned.get("tags_all"))
        .map_err(|expected| tf::Error::new(format!("tags_all {expected}.")).at("tags"))
}
