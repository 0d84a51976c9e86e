//! Tags: `tags` is what the user manages on the object, `tags_all` what AWS has, less what is none of our business.
//!
//! The rules are those of hashicorp/aws: default tags are merged into `tags_all`, the object's own tags win; ignored
//! tags and those of AWS are neither shown nor touched.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tfplugin_rs::tf::{self, Attribute, Field, Plan, Shape, Type, Value};

use super::{Call, Error};

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
        key.starts_with(RESERVED)
            || self.keys.contains(key)
            || self
                .key_prefixes
                .iter()
                .any(|prefix| key.starts_with(prefix.as_str()))
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
struct Difference {
    set: BTreeMap<String, String>,
    remove: Vec<String>,
}

fn difference(prior: &TagsAll, planned: &TagsAll, ignored: &IgnoredTags) -> Difference {
    let none = BTreeMap::new();
    let prior = prior.0.as_ref().unwrap_or(&none);
    let planned = planned.0.as_ref().unwrap_or(&none);
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

/// Changes the tags of something of EKS: only what differs, and nothing when nothing does.
///
/// # Errors
///
/// AWS refuses.
pub async fn update_eks(
    cx: &Call,
    client: &aws_sdk_eks::Client,
    arn: &str,
    prior: &TagsAll,
    planned: &TagsAll,
) -> Result<(), Error> {
    let Difference { set, remove } = difference(prior, planned, cx.ignored_tags());
    if !remove.is_empty() {
        let request = client.untag_resource().resource_arn(arn);
        let answer = request.set_tag_keys(Some(remove)).send().await;
        answer.map_err(|error| Error::from_sdk("UntagResource", arn, error))?;
    }
    if !set.is_empty() {
        let request = client.tag_resource().resource_arn(arn);
        let answer = request
            .set_tags(Some(set.into_iter().collect()))
            .send()
            .await;
        answer.map_err(|error| Error::from_sdk("TagResource", arn, error))?;
    }
    Ok(())
}

/// Tests tags that come from the provider block, after merging: AWS counts them together.
pub(crate) fn check_merged(plan: &Plan) -> tf::Result<()> {
    check(plan.planned.get("tags_all"))
        .map_err(|expected| tf::Error::new(format!("tags_all {expected}.")).at("tags"))
}

#[cfg(test)]
mod tests {
    use tfplugin_rs::model;
    use tfplugin_rs::tf::{Model, Schema, to_value};

    use super::*;
    use crate::aws::testing::{Answer, Replay, call, settings};

    model! {
        /// Something with tags.
        struct Thing {
            /// Its tags.
            pub tags: Tags,
            /// All of them.
            pub tags_all: TagsAll,
        }
    }

    fn map<const N: usize>(tags: [(&str, &str); N]) -> BTreeMap<String, String> {
        tags.into_iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    }

    fn ignored(key: &str, prefix: &str) -> IgnoredTags {
        IgnoredTags {
            keys: [key.to_owned()].into(),
            key_prefixes: [prefix.to_owned()].into(),
        }
    }

    /// The planned `tags_all` for configured tags.
    fn planned(defaults: &DefaultTags, tags: Value) -> Value {
        let schema = Schema {
            attributes: Thing::attributes(),
            ..Schema::default()
        };
        let config = Value::object([("tags", tags), ("tags_all", Value::Null)]);
        let mut plan = tf::plan(&schema, config.clone(), Value::Null, &config);
        super::plan(defaults, &ignored("secret", "kubernetes.io/"), &mut plan);
        plan.finish(&schema);
        plan.planned.get("tags_all").clone()
    }

    #[test]
    fn merges_defaults_and_own_tags() {
        let defaults = DefaultTags::Known(map([("team", "a"), ("env", "dev")]));
        let own = Value::map([("team", "b"), ("secret", "x"), ("kubernetes.io/x", "y")]);
        assert_eq!(
            planned(&defaults, own),
            Value::map([("team", "b"), ("env", "dev")])
        );
        assert_eq!(
            planned(&defaults, Value::Null),
            Value::map([("team", "a"), ("env", "dev")])
        );
        assert_eq!(
            planned(&DefaultTags::None, Value::Null),
            Value::map::<&str, &str>([])
        );
    }

    #[test]
    fn knows_all_tags_as_soon_as_their_parts_are_known() {
        assert!(planned(&DefaultTags::Unknown, Value::Null).is_unknown());
        assert!(planned(&DefaultTags::None, Value::unknown()).is_unknown());
        let own = Value::map([("a", Value::unknown()), ("b", Value::from("x"))]);
        let all = planned(&DefaultTags::None, own);
        assert!(all.get("a").is_unknown());
        assert_eq!(all.get("b").as_str(), Some("x"));
    }

    /// `tags` and `tags_all` of an object with these tags in AWS.
    fn read(prior: Option<BTreeMap<String, String>>) -> (Tags, TagsAll) {
        let settings = crate::aws::Settings {
            default_tags: DefaultTags::Known(map([("team", "a")])),
            ignored_tags: ignored("secret", "kubernetes.io/"),
            ..settings()
        };
        let api = map([
            ("team", "a"),
            ("name", "x"),
            ("secret", "s"),
            ("kubernetes.io/cluster/demo", "owned"),
            ("aws:cloudformation:stack-name", "s"),
        ]);
        from_api(
            &call(Replay::default().context(settings)),
            &api,
            &Tags(prior),
        )
    }

    #[test]
    fn shows_what_the_user_manages() {
        let all = TagsAll(Some(map([("team", "a"), ("name", "x")])));
        let own = Tags(Some(map([("name", "x")])));
        assert_eq!(read(None), (own, all.clone()));
        let repeated = map([("team", "a"), ("name", "x")]);
        assert_eq!(read(Some(repeated.clone())), (Tags(Some(repeated)), all));
    }

    #[test]
    fn an_object_without_tags_of_its_own_keeps_the_users_spelling() {
        let cx = Replay::default().call();
        let none = BTreeMap::new();
        assert_eq!(from_api(&cx, &none, &Tags(None)).0, Tags(None));
        let empty = Tags(Some(BTreeMap::new()));
        assert_eq!(from_api(&cx, &none, &empty).0, empty);
    }

    async fn update(prior: TagsAll, planned: TagsAll, answers: usize) -> Vec<String> {
        let replay = Replay::new(vec![Answer::Http(200, "", "{}".to_owned()); answers]);
        let settings = crate::aws::Settings {
            ignored_tags: ignored("secret", "kubernetes.io/"),
            ..settings()
        };
        let cx = call(replay.context(settings));
        let client = cx.eks(None).await.unwrap();
        let arn = "arn:aws:eks:eu-west-1:1:cluster/demo";
        update_eks(&cx, &client, arn, &prior, &planned)
            .await
            .unwrap();
        let strip = |request: String| request.split(" [").next().unwrap().to_owned();
        replay.requests().into_iter().map(strip).collect()
    }

    #[tokio::test]
    async fn sends_only_the_difference() {
        let prior = map([
            ("a", "1"),
            ("b", "1"),
            ("c", "1"),
            ("secret", "s"),
            ("aws:x", "y"),
        ]);
        let planned = map([("a", "1"), ("b", "2"), ("d", "1")]);
        let base = "https://eks.eu-west-1.amazonaws.com/tags/arn%3Aaws%3Aeks%3Aeu-west-1%3A1%3Acluster%2Fdemo";
        let requests = update(TagsAll(Some(prior.clone())), TagsAll(Some(planned)), 2).await;
        assert_eq!(requests[0].trim_end(), format!("DELETE {base}?tagKeys=c"));
        assert!(
            requests[1].starts_with(&format!("POST {base} ")),
            "{requests:?}"
        );
        assert!(
            requests[1].contains(r#""b":"2""#) && !requests[1].contains(r#""a""#),
            "{requests:?}"
        );
        let same = TagsAll(Some(prior));
        assert!(update(same.clone(), same, 0).await.is_empty());
    }

    #[test]
    fn refuses_what_aws_refuses() {
        let refuse = |tags: Value| check(&tags).unwrap_err();
        let many = (0..51).map(|number| (number.to_string(), "x"));
        assert!(refuse(Value::map(many)).contains("at most 50"));
        assert!(refuse(Value::map([("aws:x", "y")])).contains("aws:"));
        assert!(refuse(Value::map([("", "y")])).contains("1 to 128"));
        assert!(refuse(Value::map([("k".repeat(129), "y")])).contains("1 to 128"));
        assert!(refuse(Value::map([("k", "v".repeat(257))])).contains("256"));
        assert!(refuse(Value::map([("k", Value::Null)])).contains("null"));
        assert!(check(&Value::map([("k", Value::unknown())])).is_ok());
    }

    #[test]
    fn models_with_tags_come_back_from_their_values() {
        let thing = Thing {
            tags: Tags(Some(map([("a", "1")]))),
            tags_all: TagsAll(None),
        };
        let value = to_value(&thing).unwrap();
        assert_eq!(value.get("tags"), &Value::map([("a", "1")]));
        assert_eq!(tf::from_value::<Thing>(&value).unwrap(), thing);
        assert_eq!(
            tf::from_value::<Thing>(&to_value(&Thing::default()).unwrap()).unwrap(),
            Thing::default()
        );
    }
}
