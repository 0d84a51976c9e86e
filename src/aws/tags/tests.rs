//! What is planned, shown and sent of tags.

use tfplugin_rs::model;
use tfplugin_rs::tf::{Model, Schema, to_value};

use super::*;
use crate::aws::testing::{Replay, call, settings};

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
fn refuses_a_tag_that_is_ignored() {
    let refuse = |tags: Value| {
        let config = Value::object([("tags", tags), ("tags_all", Value::Null)]);
        let schema = Schema {
            attributes: Thing::attributes(),
            ..Schema::default()
        };
        let plan = tf::plan(&schema, config.clone(), Value::Null, &config);
        check_merged(&ignored("secret", "kubernetes.io/"), &plan)
    };
    for (key, rule) in [
        ("secret", "keys = [\"secret\"]"),
        ("kubernetes.io/x", "key_prefixes = [\"kubernetes.io/\"]"),
    ] {
        let error = refuse(Value::map([("team", "a"), (key, "x")])).unwrap_err();
        let expected = format!(
            "The tag {key:?} is ignored by ignore_tags of the provider, which says {rule}: it would be neither set nor \
             read. Remove the tag here, or the rule there."
        );
        assert_eq!(error.detail, expected);
        assert_eq!(error.path.unwrap().to_string(), "tags");
    }
    assert!(refuse(Value::map([("team", "a")])).is_ok());
    assert!(refuse(Value::Null).is_ok());
    assert!(refuse(Value::unknown()).is_ok());
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

#[test]
fn changes_only_what_differs_and_is_not_ignored() {
    let prior = [
        ("a", "1"),
        ("b", "1"),
        ("c", "1"),
        ("secret", "s"),
        ("aws:x", "y"),
    ];
    let planned = [("a", "1"), ("b", "2"), ("d", "1")];
    let (prior, planned) = (map(prior), map(planned));
    let found = difference(
        Some(&prior),
        Some(&planned),
        &ignored("secret", "kubernetes.io/"),
    );
    let expected = Difference {
        set: map([("b", "2"), ("d", "1")]),
        remove: vec!["c".to_owned()],
    };
    assert_eq!(found, expected);
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
