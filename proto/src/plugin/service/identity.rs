//! The RPCs of resource identity, and identities as they travel. What an identity is, and when there is one, is
//! [`tf::Identity`]'s.

use super::inner::Inner;
use super::{Outcome, resources, wire};
use crate::plugin::codec::type_to_json;
use crate::plugin::tfplugin6 as pb;
use crate::tf::engine::ManagedResource;
use crate::tf::{self, Diagnostic, Diagnostics, Identity, Path, Value, leaf_from_json};

impl<P: tf::Provider> Inner<P> {
    pub async fn identity_schemas(
        &self,
        _request: pb::get_resource_identity_schemas::Request,
    ) -> Outcome<pb::get_resource_identity_schemas::Response> {
        let resources = self.registry().resources.iter();
        let described = resources.filter_map(|resource| {
            let described = described(
                resource.identity_version(),
                &resource.full_identity(P::IDENTITY),
            )?;
            Some((self.type_name(resource.name()), described))
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
        let ty = resource.full_identity(P::IDENTITY).ty();
        let identity = leaf_from_json(&ty, &json, &Path::root()).map_err(|error| {
            let summary = format!("Unable to read the stored identity of {}", resource.title());
            Diagnostics::from(Diagnostic::error(summary, format!("{error}.")))
        })?;
        Ok(pb::upgrade_resource_identity::Response {
            upgraded_identity: encoded::<P>(resource, &identity),
            ..Default::default()
        })
    }
}

/// An identity of the resource on the wire, where null is none.
pub(super) fn encoded<P: tf::Provider>(
    resource: &dyn ManagedResource<P::Context>,
    identity: &Value,
) -> Option<pb::ResourceIdentityData> {
    let ty = resource.full_identity(P::IDENTITY).ty();
    (!identity.is_null()).then(|| pb::ResourceIdentityData {
        identity_data: Some(wire::encode(&ty, identity)),
    })
}

fn described(version: i64, identity: &Identity) -> Option<pb::ResourceIdentitySchema> {
    let attributes = identity.members().iter();
    let attributes = attributes.map(|member| pb::resource_identity_schema::IdentityAttribute {
        name: member.name.to_owned(),
        r#type: type_to_json(&member.ty),
        required_for_import: !member.is_shared,
        optional_for_import: member.is_shared,
        description: member.description.clone(),
    });
    (!identity.members().is_empty()).then(|| pb::ResourceIdentitySchema {
        version,
        identity_attributes: attributes.collect(),
    })
}
