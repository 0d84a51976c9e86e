//! What Terraform accepts as a schema. One broken rule in one resource blocks every command of every user.

use std::collections::BTreeSet;

use crate::tf::{Attribute, Equality, Mode, Nesting, Path, Schema, Shape, Type};

/// Names that mean something to Terraform itself at the root of a resource.
const RESERVED: [&str; 7] = [
    "connection",
    "count",
    "depends_on",
    "for_each",
    "lifecycle",
    "provider",
    "provisioner",
];

/// What is wrong with a schema, in sentences; nothing when Terraform will take it.
pub fn schema_is_valid(schema: &Schema) -> Vec<String> {
    let mut wrong = Vec::new();
    if schema.version < 0 {
        wrong.push("The version of a schema must not be negative.".to_owned());
    }
    for attribute in &schema.attributes {
        if RESERVED.contains(&attribute.name.as_str()) {
            wrong.push(format!(
                "{} is a name reserved by Terraform.",
                attribute.name
            ));
        }
    }
    object(&schema.attributes, &Path::root(), Place::Block, &mut wrong);
    wrong
}

/// What an object stands in, which decides what it may hold.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Block,
    Nested,
    ComputedBlock,
}

fn object(attributes: &[Attribute], path: &Path, place: Place, wrong: &mut Vec<String>) {
    let mut names = BTreeSet::new();
    for attribute in attributes {
        let path = path.attribute(&attribute.name);
        if !names.insert(&attribute.name) {
            wrong.push(format!("{path} is declared twice."));
        }
        if !is_name(&attribute.name) {
            wrong.push(format!(
                "{path} may hold only lower-case letters, digits and underscores."
            ));
        }
        let mut refuse = |reason: &str| wrong.push(format!("{path} {reason}"));
        flags(attribute, place, &mut refuse);
        fallback(attribute, &mut refuse);
        shape(attribute, place, &mut refuse);
        if let Some(inner) = attribute.inner() {
            let inside = match attribute.shape {
                _ if place == Place::ComputedBlock => Place::ComputedBlock,
                Shape::ComputedBlock(_) => Place::ComputedBlock,
                Shape::Nested(..) => Place::Nested,
                _ => Place::Block,
            };
            object(inner, &path, inside, wrong);
        }
    }
}

fn flags(attribute: &Attribute, place: Place, refuse: &mut dyn FnMut(&str)) {
    if attribute.write_only && attribute.is_computed() {
        refuse("is write-only and so cannot be computed.");
    }
    if attribute.write_only && place == Place::ComputedBlock {
        refuse("is inside a computed block, whose parts cannot be write-only.");
    }
    if attribute.write_only && attribute.replace {
        refuse("is write-only: no change is ever seen that could ask for replacement.");
    }
    if attribute.keep && !attribute.is_computed() {
        refuse("is not computed: there is nothing to keep.");
    }
    if !attribute.follows.is_empty() && !attribute.is_computed() {
        refuse("is not computed: it cannot follow anything.");
    }
    let tells = !attribute.unfinished.is_empty() || !attribute.failed.is_empty();
    if (attribute.usual.is_some() || tells) && !attribute.is_computed() {
        refuse("is not computed: no value of it is usual, unfinished or failed.");
    }
}

/// What it is without the user's word.
fn fallback(attribute: &Attribute, refuse: &mut dyn FnMut(&str)) {
    if attribute.when_absent().is_some() && attribute.mode != Mode::OptionalComputed {
        refuse(
            "is the user's or the provider's alone: nothing takes the place of what is not given.",
        );
    }
    if attribute.default.is_some() && attribute.reverts_to.is_some() {
        refuse("has a default, which it always goes back to.");
    }
}

fn shape(attribute: &Attribute, place: Place, refuse: &mut dyn FnMut(&str)) {
    match &attribute.shape {
        Shape::Block { .. } if attribute.is_computed() => {
            refuse("is a block of several, which cannot be computed; use a nested attribute.");
        }
        Shape::Block { .. } if attribute.sensitive || attribute.write_only => {
            refuse("is a block, which cannot be sensitive or write-only itself.");
        }
        // Nobody writes it as a block, so it is an attribute like any other.
        Shape::ComputedBlock(_) if attribute.mode == Mode::Computed => {}
        Shape::Block { .. } | Shape::ComputedBlock(_) if place == Place::Nested => {
            refuse("is a block inside a nested attribute, which holds attributes only.");
        }
        _ => {}
    }
    if attribute.shape.nesting() == Some(Nesting::Set) {
        in_set(attribute, refuse);
    }
    if !is_plain(&attribute.ty(), false) {
        refuse("holds a dynamic value inside a collection, whose elements must have one type.");
    }
}

/// Elements of a set have no identity: which prior element one stands for may look different as soon as another one
/// becomes known. What depends on the prior value would then be planned differently at apply, which Terraform refuses.
fn in_set(attribute: &Attribute, refuse: &mut dyn FnMut(&str)) {
    let holds = |is_such: fn(&Attribute) -> bool| any_inside(attribute, is_such);
    if holds(|inner| inner.write_only) {
        refuse("is a set, which cannot hold write-only attributes.");
    }
    if holds(|inner| matches!(inner.shape, Shape::ComputedBlock(_))) {
        refuse("is a set, whose elements cannot hold computed blocks.");
    }
    if holds(|inner| inner.write_once || inner.equality != Equality::Exact) {
        refuse("is a set, whose elements are compared as they are written.");
    }
}

fn any_inside(attribute: &Attribute, is_such: fn(&Attribute) -> bool) -> bool {
    let mut inner = attribute.inner().unwrap_or_default().iter();
    inner.any(|attribute| is_such(attribute) || any_inside(attribute, is_such))
}

fn is_plain(ty: &Type, is_in_collection: bool) -> bool {
    match ty {
        Type::Dynamic => !is_in_collection,
        Type::List(ty) | Type::Set(ty) | Type::Map(ty) => is_plain(ty, true),
        Type::Object(types) => types.values().all(|ty| is_plain(ty, is_in_collection)),
        Type::Tuple(types) => types.iter().all(|ty| is_plain(ty, is_in_collection)),
        _ => true,
    }
}

fn is_name(name: &str) -> bool {
    let is_ok = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_') && name.chars().all(is_ok)
}
