//! Data sources derived from resources: the same object and the same declaration, computed instead of configured.
//!
//! They lack the planning rules, and the attributes that the API never returns.

use std::marker::PhantomData;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value as Json;

use super::decode::attributes_of;
use super::resource::identity_in_words;
use super::{
    Attribute, Call, DataSource, Error, Mode, Model, Nesting, Path, Resource, Result, Shape,
    to_value,
};

/// A resource that also has a data source, of the same name. Register it with `data_source::<ResourceDataSource<R>>()`.
///
/// The attributes of the identity are arguments, all others are computed. Each description keeps its first sentence only,
/// because the others are about managing the object.
pub trait HasDataSource: Resource {
    /// Description of the data source in Markdown.
    const ABOUT: &'static str;
    /// Attributes besides the identity that are optional arguments, such as the Region.
    const MAY_BE_GIVEN: &'static [&'static str] = &[];
    /// Attributes that the data source lacks, besides those that the API never returns.
    const LEFT_OUT: &'static [&'static str] = &[];
    /// Attributes with another name in the data source: name in the resource, and name here. An attribute of the resource
    /// that already has the name here is left out.
    const RENAMED: &'static [(&'static str, &'static str)] = &[];

    /// Prior state for `read`: the configuration, with what makes `read` return more.
    fn sought(config: Self::Model) -> Self::Model {
        config
    }
}

/// Data source of a [`HasDataSource`] resource.
pub struct ResourceDataSource<R>(PhantomData<fn() -> R>);

/// Model of the data source of a [`HasDataSource`] resource.
pub struct Seen<R: HasDataSource>(R::Model);

impl<R: HasDataSource> DataSource for ResourceDataSource<R> {
    type Context = R::Context;
    type Model = Seen<R>;

    const NAME: &'static str = R::NAME;
    const TITLE: &'static str = R::TITLE;

    async fn read(cx: &Call<R::Context>, config: Seen<R>) -> Result<Seen<R>> {
        let identity = identity_in_words(R::IDENTITY, &to_value(&config)?);
        let found = R::read(cx, R::sought(config.0)).await?;
        let missing = || {
            let last = R::IDENTITY.last().copied().unwrap_or_default();
            Error::new(format!("There is no {} {identity:?}.", R::TITLE)).at(Path::parse(last))
        };
        found.map(Seen).ok_or_else(missing)
    }
}

impl<R: HasDataSource> Model for Seen<R> {
    const DESCRIPTION: &'static str = R::ABOUT;

    fn attributes() -> Vec<Attribute> {
        let shown = |attribute: &Attribute| {
            let name = attribute.name.as_str();
            let is_taken = R::RENAMED.iter().any(|(_, here)| *here == name);
            !is_taken && !R::LEFT_OUT.contains(&name) && is_told(attribute)
        };
        let all = attributes_of::<R::Model>();
        let all = all.iter().filter(|it| shown(it)).cloned();
        all.map(seen::<R>).collect()
    }
}

fn seen<R: HasDataSource>(attribute: Attribute) -> Attribute {
    let name = attribute.name.as_str();
    let mode = if R::IDENTITY.contains(&name) {
        Mode::Required
    } else if R::MAY_BE_GIVEN.contains(&name) {
        Mode::OptionalComputed
    } else {
        return Attribute {
            name: here::<R>(name).to_owned(),
            ..told(&attribute)
        };
    };
    let given = Attribute::required(
        name,
        attribute.shape,
        first_sentence(&attribute.description),
    );
    Attribute {
        mode,
        checks: attribute.checks,
        ..given
    }
}

/// The attribute as one that is only told.
fn told(attribute: &Attribute) -> Attribute {
    let description = first_sentence(&attribute.description);
    let shape = match &attribute.shape {
        Shape::Block { single: true, .. } | Shape::ComputedBlock(_) => {
            Shape::ComputedBlock(told_inside(attribute))
        }
        // A list, so that elements can be taken out by their number.
        Shape::Block { .. } => Shape::Nested(Nesting::List, told_inside(attribute)),
        Shape::Nested(nesting, _) => Shape::Nested(*nesting, told_inside(attribute)),
        Shape::Leaf(ty) => Shape::Leaf(ty.clone()),
    };
    Attribute {
        sensitive: attribute.sensitive,
        ..Attribute::required(&attribute.name, shape, description).computed()
    }
}

fn told_inside(attribute: &Attribute) -> Vec<Attribute> {
    let inner = attribute.inner().unwrap_or_default().iter();
    inner.filter(|inner| is_told(inner)).map(told).collect()
}

/// Whether the API tells it: some attributes are sent only, or are about how something is done.
fn is_told(attribute: &Attribute) -> bool {
    !attribute.write_only && !attribute.write_once && !attribute.companion
}

fn first_sentence(text: &str) -> String {
    let text = text.split("\n\n").next().unwrap_or_default();
    let ends = [". ", ".\n"].map(|end| text.find(end));
    let end = ends.into_iter().flatten().min();
    end.map_or(text, |end| &text[..=end]).to_owned()
}

fn here<R: HasDataSource>(name: &str) -> &str {
    let renamed = R::RENAMED.iter().find(|(there, _)| *there == name);
    renamed.map_or(name, |(_, here)| *here)
}

impl<R: HasDataSource> Clone for Seen<R> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<R: HasDataSource<Model: Default>> Default for Seen<R> {
    fn default() -> Self {
        Self(R::Model::default())
    }
}

impl<R: HasDataSource> Serialize for Seen<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serde_json::to_value(&self.0).map_err(serde::ser::Error::custom)?;
        rename(&mut json, R::RENAMED.iter().copied());
        json.serialize(serializer)
    }
}

impl<'de, R: HasDataSource> Deserialize<'de> for Seen<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut json = Json::deserialize(deserializer)?;
        rename(
            &mut json,
            R::RENAMED.iter().map(|&(there, here)| (here, there)),
        );
        let model = serde_json::from_value(json).map_err(D::Error::custom)?;
        Ok(Self(model))
    }
}

fn rename<'a>(json: &mut Json, names: impl Iterator<Item = (&'a str, &'a str)>) {
    let Json::Object(members) = json else { return };
    for (from, to) in names {
        if let Some(member) = members.remove(from) {
            members.insert(to.to_owned(), member);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::Arc;

    use super::*;
    use crate::model;
    use crate::tf::readers::ReadAnswer;
    use crate::tf::{Registry, Stop, Value, from_json, to_json};
    use serde_json::json;

    model! {
        /// A color.
        pub struct Color {
            /// Its name. Another name needs another color.
            pub name: String => check(crate::tf::checks::length(1..=5)),
            /// How it was mixed. Counts at creation only.
            pub recipe: Option<String> => write_once,
            /// What else it is called.
            pub synonyms: Option<BTreeSet<String>>,
        }
    }

    model! {
        /// A house.
        pub struct House {
            /// Its address. Another address is another house.
            pub address: String => replace check(crate::tf::checks::length(3..=9)),
            /// The town. Default is that of the provider.
            pub town: Option<String> => optional_computed keep replace,
            /// Whether to hurry. Default `false`.
            pub hurry: Option<bool> => default(false) companion,
            /// Names given to it.
            pub labels: Option<BTreeSet<String>>,
            /// All names.
            pub labels_all: Option<BTreeSet<String>> => computed,
            /// Its front. Removing the block leaves it
            /// as it is.
            pub front: Option<Color> => block,
            /// Its garden.
            pub garden: Option<Color> => block,
            /// Its walls.
            pub wall: BTreeSet<Color> => block optional,
            /// How many stand in which room.
            pub chairs: Option<BTreeMap<String, i64>>,
            /// What was built first.
            pub history: Option<Vec<String>>,
            /// Who lives there.
            pub owner: Option<String>,
            /// What opens it.
            pub key: Option<String> => computed sensitive,
        }
    }

    struct Houses;

    impl Resource for Houses {
        type Context = ();
        type Model = House;

        const NAME: &'static str = "house";
        const TITLE: &'static str = "house";
        const IDENTITY: &'static [&'static str] = &["address"];

        async fn create(_: &Call<()>, planned: House) -> Result<House> {
            Ok(planned)
        }

        async fn read(_: &Call<()>, prior: House) -> Result<Option<House>> {
            let color = |name: &str| Color {
                name: name.to_owned(),
                recipe: Some("never told".to_owned()),
                synonyms: None,
            };
            let is_there = prior.address != "nowhere";
            Ok(is_there.then(|| House {
                town: Some(prior.town.unwrap_or("here".to_owned())),
                hurry: Some(false),
                labels_all: Some(["a".to_owned()].into()),
                front: Some(color("red")),
                wall: [color("blue"), color("green")].into(),
                key: Some("secret".to_owned()),
                ..prior
            }))
        }

        async fn update(_: &Call<()>, _: House, planned: House) -> Result<House> {
            Ok(planned)
        }

        async fn delete(_: &Call<()>, _: House) -> Result<()> {
            Ok(())
        }

        fn import(_: &str) -> Result<House> {
            Ok(House::default())
        }
    }

    impl HasDataSource for Houses {
        const ABOUT: &'static str = "Reads a house.";
        const MAY_BE_GIVEN: &'static [&'static str] = &["town"];
        const LEFT_OUT: &'static [&'static str] = &["key"];
        const RENAMED: &'static [(&'static str, &'static str)] =
            &[("labels_all", "labels"), ("wall", "walls")];
    }

    #[test]
    fn asks_for_the_identity_and_tells_the_rest() {
        let attributes = Seen::<Houses>::attributes();
        let modes: Vec<_> = attributes
            .iter()
            .map(|it| (it.name.as_str(), it.mode))
            .collect();
        let expected = [
            ("address", Mode::Required),
            ("town", Mode::OptionalComputed),
            ("labels", Mode::Computed),
            ("front", Mode::Computed),
            ("garden", Mode::Computed),
            ("walls", Mode::Computed),
            ("chairs", Mode::Computed),
            ("history", Mode::Computed),
            ("owner", Mode::Computed),
        ];
        assert_eq!(modes, expected);
        assert!(attributes.iter().all(|it| !it.replace && !it.keep));
        assert_eq!(attributes[3].inner().unwrap().len(), 2);
        let descriptions: Vec<_> = attributes
            .iter()
            .map(|it| it.description.as_str())
            .collect();
        let first = [
            "Its address.",
            "The town.",
            "All names.",
            "Its front.",
            "Its garden.",
            "Its walls.",
            "How many stand in which room.",
            "What was built first.",
            "Who lives there.",
        ];
        assert_eq!(descriptions, first);
    }

    async fn read(config: Json) -> ReadAnswer {
        let registry = Registry::<()>::new().data_source::<ResourceDataSource<Houses>>();
        let source = &registry.data_sources[0];
        let config = from_json(&source.schema().attributes, &config).unwrap();
        source.read(Arc::new(()), Stop::default(), config).await
    }

    #[tokio::test]
    async fn reads_as_the_resource_does() {
        let answer = read(json!({"address": "Main 1"})).await;
        let color = |name: &str| json!({"name": name, "synonyms": []});
        let expected = json!({
            "address": "Main 1", "town": "here", "labels": ["a"],
            "front": [color("red")], "garden": [], "walls": [color("blue"), color("green")],
            "chairs": {}, "history": [], "owner": null,
        });
        assert_eq!(to_json(&answer.value), expected);
        let typed = from_json(&Seen::<Houses>::attributes(), &expected).unwrap();
        assert_eq!(answer.value, typed);
        let answer = read(json!({"address": "Main 1", "town": "there"})).await;
        assert_eq!(answer.value.get("town").as_str(), Some("there"));
    }

    #[tokio::test]
    async fn what_is_not_there_is_an_error() {
        let answer = read(json!({"address": "nowhere"})).await;
        assert_eq!(answer.value, Value::Null);
        let error = answer.diagnostics.into_iter().next().unwrap();
        assert_eq!(error.detail, "There is no house \"nowhere\".");
        assert_eq!(error.path.unwrap().to_string(), "address");
    }

    #[test]
    fn tests_what_is_given() {
        let registry = Registry::<()>::new().data_source::<ResourceDataSource<Houses>>();
        let source = &registry.data_sources[0];
        let config = json!({"address": "M"});
        let config = from_json(&source.schema().attributes, &config).unwrap();
        assert!(source.validate(&config).has_errors());
    }
}
