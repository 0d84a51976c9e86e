//! Resource identity: the attributes that together name an object, as Terraform 1.12 and OpenTofu 1.12 keep them next
//! to the state. It must not know how an object is read.
//!
//! An identity must never change as long as the object is the same one, so one that is not complete yet is none.

use super::inner::Inner;
use super::{Outcome, resources, wire};
use crate::plugin::codec::type_to_json;
use crate::plugin::tfplugin6 as pb;
use crate::tf::engine::ManagedResource;
use crate::tf::{
    self, Attribute, Diagnostic, Diagnostics, Path, Schema, Type, Value, leaf_from_json,
};

impl<P: tf::Provider> Inner<P> {
    pub async fn identity_schemas(
        &self,
        _request: pb::get_resource_identity_schemas::Request,
    ) -> Outcome<pb::get_resource_identity_schemas::Response> {
        let resources = self.registry().resources.iter();
        let described = resources.filter_map(|resource| {
            let identity = Identity::new::<P>(resource.as_ref(), &resource.schema()).described()?;
            Some((self.type_name(resource.name()), identity))
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
        let ty = Identity::new::<P>(resource, &resource.schema()).ty();
        let identity = leaf_from_json(&ty, &json, &Path::root()).map_err(|error| {
            let summary = format!("Unable to read the stored identity of {}", resource.title());
            Diagnostics::from(Diagnostic::error(summary, format!("{error}.")))
        })?;
        Ok(pb::upgrade_resource_identity::Response {
            upgraded_identity: Some(encoded(&ty, &identity)),
            ..Default::default()
        })
    }
}

/// What the identity of a kind of object consists of.
pub(super) struct Identity {
    members: Vec<Member>,
}

struct Member {
    name: &'static str,
    ty: Type,
    description: String,
    /// Whether it is the provider's, which imports may leave out.
    is_shared: bool,
}

impl Identity {
    pub fn new<P: tf::Provider>(
        resource: &dyn ManagedResource<P::Context>,
        schema: &Schema,
    ) -> Self {
        let own = resource.identity().iter().map(|name| (*name, false));
        let is_there = |name: &&&str| schema.attribute(name).is_some() && own.len() > 0;
        let shared = P::IDENTITY
            .iter()
            .filter(is_there)
            .map(|name| (*name, true));
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
            members: own.clone().chain(shared).map(member).collect(),
        }
    }

    /// The identity that an object's attributes make up; none while there is no object, or not all is there.
    pub fn of(&self, object: &Value) -> Option<pb::ResourceIdentityData> {
        let member = |member: &Member| (member.name, object.get(member.name).clone());
        let members: Vec<_> = self.members.iter().map(member).collect();
        let is_complete = !members.is_empty() && members.iter().all(|(_, value)| !value.is_null());
        is_complete.then(|| encoded(&self.ty(), &Value::object(members)))
    }

    /// The type of an identity.
    pub fn ty(&self) -> Type {
        let members = self.members.iter();
        Type::object(members.map(|member| (member.name, member.ty.clone())))
    }

    fn described(&self) -> Option<pb::ResourceIdentitySchema> {
        let attribute = |member: &Member| pb::resource_identity_schema::IdentityAttribute {
            name: member.name.to_owned(),
            r#type: type_to_json(&member.ty),
            required_for_import: !member.is_shared,
            optional_for_import: member.is_shared,
            description: member.description.clone(),
        };
        (!self.members.is_empty()).then(|| pb::ResourceIdentitySchema {
            version: 0,
            identity_attributes: self.members.iter().map(attribute).collect(),
        })
    }
}

fn encoded(ty: &Type, identity: &Value) -> pb::ResourceIdentityData {
    pb::ResourceIdentityData {
        identity_data: Some(wire::encode(ty, identity)),
    }
}

fn first_sentence(attribute: &Attribute) -> String {
    let text = attribute.description.replace('\n', " ");
    match text.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => text,
    }
}
