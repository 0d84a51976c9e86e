//! Resource identity: the attributes that together name an object, as Terraform 1.12 and OpenTofu 1.12 keep them next
//! to the state. It must not know how an object is read.

use super::inner::Inner;
use super::{Outcome, resources, wire};
use crate::plugin::codec::type_to_json;
use crate::plugin::tfplugin6 as pb;
use crate::tf::{
    self, Attribute, Diagnostic, Diagnostics, Path, Schema, Type, Value, leaf_from_json,
};

impl<P: tf::Provider> Inner<P> {
    pub async fn identity_schemas(
        &self,
        _request: pb::get_resource_identity_schemas::Request,
    ) -> Outcome<pb::get_resource_identity_schemas::Response> {
        let named = self
            .registry()
            .resources
            .iter()
            .filter(|r| !r.identity().is_empty());
        let described = named.map(|resource| {
            let identity = described(resource.identity(), &resource.schema());
            (self.type_name(resource.name()), identity)
        });
        Ok(pb::get_resource_identity_schemas::Response {
            identity_schemas: described.collect(),
            ..Default::default()
        })
    }

    pub async fn upgrade_identity(
        &self,
        request: pb::upgrade_resource_identity::Request,
    ) -> Outcome<pb::upgrade_resource_identity::Response> {
        let resource = self.managed(&request.type_name)?;
        let json = resources::json(request.raw_identity.as_ref())?;
        let (names, schema) = (resource.identity(), resource.schema());
        let identity = leaf_from_json(&ty(names, &schema), &json, &Path::root());
        let identity = identity.map_err(|error| {
            let summary = format!("Unable to read the stored identity of {}", resource.title());
            Diagnostics::from(Diagnostic::error(summary, format!("{error}.")))
        })?;
        Ok(pb::upgrade_resource_identity::Response {
            upgraded_identity: of(names, &schema, &identity),
            ..Default::default()
        })
    }
}

/// The identity that an object's attributes make up; none while there is no object.
pub(super) fn of(
    names: &[&str],
    schema: &Schema,
    object: &Value,
) -> Option<pb::ResourceIdentityData> {
    if object.is_null() || names.is_empty() {
        return None;
    }
    let identity = Value::object(names.iter().map(|name| (*name, object.get(name).clone())));
    let identity_data = Some(wire::encode(&ty(names, schema), &identity));
    Some(pb::ResourceIdentityData { identity_data })
}

/// The type of an identity.
pub(super) fn ty(names: &[&str], schema: &Schema) -> Type {
    Type::object(names.iter().map(|name| (*name, member_type(name, schema))))
}

fn member_type(name: &str, schema: &Schema) -> Type {
    schema.attribute(name).map_or(Type::String, Attribute::ty)
}

fn described(names: &[&str], schema: &Schema) -> pb::ResourceIdentitySchema {
    let attribute = |name: &&str| pb::resource_identity_schema::IdentityAttribute {
        name: (*name).to_owned(),
        r#type: type_to_json(&member_type(name, schema)),
        required_for_import: true,
        description: schema
            .attribute(name)
            .map_or_else(String::new, first_sentence),
        ..Default::default()
    };
    pb::ResourceIdentitySchema {
        version: 0,
        identity_attributes: names.iter().map(attribute).collect(),
    }
}

fn first_sentence(attribute: &Attribute) -> String {
    let text = attribute.description.replace('\n', " ");
    match text.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => text,
    }
}
