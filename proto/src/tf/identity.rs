//! Resource identity: the attributes that together name an object, as Terraform 1.12 and OpenTofu 1.12 keep them next
//! to the state. It must not know the wire, nor how an object is read.
//!
//! An identity must never change as long as the object is the same one, and no host can store an unknown value. So an
//! identity is given only when all of it is known: a plan that cannot know it yet has none, and the apply gives it.

use super::{Attribute, Schema, Type, Value};

/// The attributes that the identity of a kind of object consists of.
#[derive(Debug)]
pub struct Identity {
    members: Vec<Member>,
}

/// One attribute of an identity.
#[derive(Debug)]
pub struct Member {
    /// Its name, which is that of an attribute of the object.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// What it is, in one sentence.
    pub description: String,
    /// Whether the provider adds it to all kinds that have it; an import may leave it out then.
    pub is_shared: bool,
}

impl Identity {
    /// The identity that consists of the kind's `own` attributes, and of those of the provider (`shared`) that the schema
    /// has. A kind without attributes of its own has no identity.
    pub fn new(
        own: &'static [&'static str],
        shared: &'static [&'static str],
        schema: &Schema,
    ) -> Self {
        let shared = shared
            .iter()
            .filter(|name| !own.is_empty() && schema.attribute(name).is_some());
        let names = own.iter().map(|name| (*name, false));
        let names = names.chain(shared.map(|name| (*name, true)));
        let member = |(name, is_shared)| {
            let attribute = schema.attribute(name);
            Member {
                name,
                ty: attribute.map_or(Type::String, Attribute::ty),
                description: attribute.map_or_else(String::new, first_sentence),
                is_shared,
            }
        };
        Self {
            members: names.map(member).collect(),
        }
    }

    /// Its attributes, in the order of an import id; the provider's come last.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The type of an identity.
    pub fn ty(&self) -> Type {
        let members = self.members.iter();
        Type::object(members.map(|member| (member.name, member.ty.clone())))
    }

    /// The identity of an object; null while there is no object, or while part of its identity is missing or unknown.
    ///
    /// OpenTofu fails to store a plan whose identity has unknown values, and Terraform fails to print one as JSON
    /// (OpenTofu 1.12.6, `internal/states/instance_object.go`; Terraform 1.15.5, `show -json`).
    pub fn of(&self, object: &Value) -> Value {
        let member = |member: &Member| (member.name, object.get(member.name).clone());
        let members: Vec<_> = self.members.iter().map(member).collect();
        let is_whole = |value: &Value| !value.is_null() && value.is_wholly_known();
        if members.is_empty() || !members.iter().all(|(_, value)| is_whole(value)) {
            return Value::Null;
        }
        Value::object(members)
    }
}

fn first_sentence(attribute: &Attribute) -> String {
    let text = attribute.description.replace('\n', " ");
    match text.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tf::Shape;

    fn identity() -> Identity {
        let text = |name| Attribute::required(name, Shape::Leaf(Type::String), "A text. And more.");
        let schema = Schema {
            attributes: vec![text("cluster"), text("name"), text("region")],
            ..Schema::default()
        };
        Identity::new(&["cluster", "name"], &["region", "zone"], &schema)
    }

    #[test]
    fn consists_of_own_attributes_and_of_shared_ones_that_exist() {
        let identity = identity();
        let members = identity.members().iter();
        let members: Vec<_> = members.map(|it| (it.name, it.is_shared)).collect();
        let expected = [("cluster", false), ("name", false), ("region", true)];
        assert_eq!(members, expected);
        assert_eq!(identity.members()[0].description, "A text.");
    }

    #[test]
    fn is_whole_or_nothing() {
        let whole = [("cluster", "c"), ("name", "n"), ("region", "r")];
        let whole = Value::object(whole.map(|(name, value)| (name, Value::from(value))));
        assert_eq!(identity().of(&whole), whole);
        assert_eq!(identity().of(&Value::Null), Value::Null);
        for name in ["cluster", "name", "region"] {
            for gap in [Value::Null, Value::unknown()] {
                let mut object = whole.clone();
                *object.at_path_mut(&crate::tf::Path::parse(name)).unwrap() = gap;
                assert_eq!(identity().of(&object), Value::Null, "{name}");
            }
        }
    }

    #[test]
    fn kinds_without_own_attributes_have_none() {
        let none = Identity::new(&[], &["region"], &Schema::default());
        assert!(none.members().is_empty());
        assert_eq!(none.of(&Value::object([("region", "r")])), Value::Null);
    }
}
