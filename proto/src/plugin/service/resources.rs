//! The RPCs of managed resources.

use super::inner::Inner;
use super::{Outcome, identity, unknown_type, wire};
use crate::plugin::tfplugin6 as pb;
use crate::tf::engine::{ApplyRequest, Circumstances, ManagedResource, PlanRequest};
use crate::tf::{self, Diagnostic, Diagnostics, MoveSource, Path};

impl<P: tf::Provider> Inner<P> {
    pub fn managed(&self, type_name: &str) -> Outcome<&dyn ManagedResource<P::Context>> {
        let resources = &self.registry().resources;
        let found = self.find(resources, type_name, |resource| resource.name());
        found
            .map(AsRef::as_ref)
            .ok_or_else(|| unknown_type("resource type", type_name))
    }

    fn circumstances(&self, meta: Option<&pb::DynamicValue>) -> Outcome<Circumstances<P::Context>> {
        Ok(Circumstances {
            context: self.context(meta)?,
            stop: self.stop(),
            adjust: P::adjust,
            observe: P::observe,
            identity: P::IDENTITY,
        })
    }

    pub async fn validate_resource(
        &self,
        request: pb::validate_resource_config::Request,
    ) -> Outcome<pb::validate_resource_config::Response> {
        let resource = self.managed(&request.type_name)?;
        let config = wire::object(&resource.schema(), request.config.as_ref())?;
        let client = request.client_capabilities.unwrap_or_default();
        let found = resource.validate(&config, client.write_only_attributes_allowed);
        let diagnostics = wire::diagnostics(found);
        Ok(pb::validate_resource_config::Response { diagnostics })
    }

    pub async fn upgrade_state(
        &self,
        request: pb::upgrade_resource_state::Request,
    ) -> Outcome<pb::upgrade_resource_state::Response> {
        let resource = self.managed(&request.type_name)?;
        let state = json(request.raw_state.as_ref())?;
        let upgraded = resource.upgrade(request.version, &state)?;
        Ok(pb::upgrade_resource_state::Response {
            upgraded_state: Some(wire::encode(&resource.schema().ty(), &upgraded)),
            ..Default::default()
        })
    }

    pub async fn read_resource(
        &self,
        request: pb::read_resource::Request,
    ) -> Outcome<pb::read_resource::Response> {
        let resource = self.managed(&request.type_name)?;
        let schema = resource.schema();
        let prior = wire::object(&schema, request.current_state.as_ref())?;
        let by = self.circumstances(request.provider_meta.as_ref())?;
        let answer = resource.read(by, prior, request.private).await;
        Ok(pb::read_resource::Response {
            new_state: Some(wire::encode(&schema.ty(), &answer.state)),
            new_identity: identity::encoded::<P>(resource, &answer.identity),
            private: answer.private,
            diagnostics: wire::diagnostics(answer.diagnostics),
            ..Default::default()
        })
    }

    pub async fn plan(
        &self,
        request: pb::plan_resource_change::Request,
    ) -> Outcome<pb::plan_resource_change::Response> {
        let resource = self.managed(&request.type_name)?;
        let schema = resource.schema();
        let by = self.circumstances(request.provider_meta.as_ref())?;
        let question = PlanRequest {
            config: wire::object(&schema, request.config.as_ref())?,
            prior: wire::object(&schema, request.prior_state.as_ref())?,
            proposed: wire::object(&schema, request.proposed_new_state.as_ref())?,
            private: request.prior_private,
        };
        let answer = resource.plan(by, question).await;
        Ok(pb::plan_resource_change::Response {
            planned_state: Some(wire::encode(&schema.ty(), &answer.planned)),
            planned_identity: identity::encoded::<P>(resource, &answer.identity),
            requires_replace: answer.replace.iter().map(wire::attribute_path).collect(),
            planned_private: answer.private,
            diagnostics: wire::diagnostics(answer.diagnostics),
            ..Default::default()
        })
    }

    pub async fn apply(
        &self,
        request: pb::apply_resource_change::Request,
    ) -> Outcome<pb::apply_resource_change::Response> {
        let resource = self.managed(&request.type_name)?;
        let schema = resource.schema();
        let by = self.circumstances(request.provider_meta.as_ref())?;
        let question = ApplyRequest {
            config: wire::object(&schema, request.config.as_ref())?,
            prior: wire::object(&schema, request.prior_state.as_ref())?,
            planned: wire::object(&schema, request.planned_state.as_ref())?,
            private: request.planned_private,
        };
        let answer = resource.apply(by, question).await;
        Ok(pb::apply_resource_change::Response {
            new_state: Some(wire::encode(&schema.ty(), &answer.state)),
            new_identity: identity::encoded::<P>(resource, &answer.identity),
            private: answer.private,
            diagnostics: wire::diagnostics(answer.diagnostics),
            ..Default::default()
        })
    }

    pub async fn import(
        &self,
        request: pb::import_resource_state::Request,
    ) -> Outcome<pb::import_resource_state::Response> {
        let resource = self.managed(&request.type_name)?;
        let schema = resource.schema();
        let identity = resource.full_identity(P::IDENTITY);
        let context = self.context(None)?;
        let (id, known) = P::start_import(&context, &schema.attributes, &request.id);
        let mut state = match request.identity.filter(|_| request.id.is_empty()) {
            Some(given) => {
                let given = wire::decode(&identity.ty(), given.identity_data.as_ref())?;
                resource.import_by_identity(&given)?
            }
            None => resource.import_by_id(id)?,
        };
        for (name, value) in known {
            match state.at_path_mut(&Path::root().attribute(name)) {
                Some(place) if place.is_null() => *place = value,
                _ => {}
            }
        }
        let imported = pb::import_resource_state::ImportedResource {
            type_name: request.type_name,
            state: Some(wire::encode(&schema.ty(), &state)),
            private: Vec::new(),
            identity: identity::encoded::<P>(resource, &identity.of(&state)),
        };
        Ok(pb::import_resource_state::Response {
            imported_resources: vec![imported],
            ..Default::default()
        })
    }

    /// Private data is not taken over: it means something only to the provider that wrote it.
    pub async fn move_state(
        &self,
        request: pb::move_resource_state::Request,
    ) -> Outcome<pb::move_resource_state::Response> {
        let resource = self.managed(&request.target_type_name)?;
        let schema = resource.schema();
        let state = resource.move_from(&MoveSource {
            state: json(request.source_state.as_ref())?,
            provider: request.source_provider_address,
            type_name: request.source_type_name,
            version: request.source_schema_version,
        })?;
        let moved = resource.full_identity(P::IDENTITY).of(&state);
        Ok(pb::move_resource_state::Response {
            target_state: Some(wire::encode(&schema.ty(), &state)),
            target_identity: identity::encoded::<P>(resource, &moved),
            ..Default::default()
        })
    }
}

/// Stored state. Flat maps are what Terraform wrote before 0.12, and no provider of protocol 6 existed then.
pub(super) fn json(state: Option<&pb::RawState>) -> Outcome<serde_json::Value> {
    let unable = |detail: String| {
        Diagnostics::from(Diagnostic::error("Unable to read the stored state", detail))
    };
    let Some(state) = state.filter(|state| !state.json.is_empty()) else {
        let detail =
            "The state was written by a Terraform before 0.12. Upgrade it with 0.12 first.";
        return Err(unable(detail.to_owned()));
    };
    serde_json::from_slice(&state.json)
        .map_err(|error| unable(format!("The stored state is not valid JSON: {error}.")))
}
