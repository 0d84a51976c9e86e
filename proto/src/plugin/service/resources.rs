//! The RPCs of managed resources.

use super::{Inner, Outcome, object, unknown_type, wire};
use crate::plugin::tfplugin6 as pb;
use crate::tf::engine::{ApplyRequest, Circumstances, ManagedResource, PlanRequest};
use crate::tf::{self, Diagnostic, Diagnostics, MoveSource, Value};

impl<P: tf::Provider> Inner<P> {
    fn managed(&self, type_name: &str) -> Outcome<&dyn ManagedResource<P::Context>> {
        let name = self.short_name(type_name);
        let found = self
            .registry()
            .resources
            .iter()
            .find(|resource| resource.name() == name);
        found
            .map(AsRef::as_ref)
            .ok_or_else(|| unknown_type("resource type", type_name))
    }

    fn circumstances(&self, meta: Option<pb::DynamicValue>) -> Outcome<Circumstances<P::Context>> {
        Ok(Circumstances {
            context: self.context(meta)?,
            stop: self.stop(),
            adjust: P::adjust,
        })
    }

    pub(super) fn validate_resource(
        &self,
        request: &pb::validate_resource_config::Request,
    ) -> Outcome<pb::validate_resource_config::Response> {
        let resource = self.managed(&request.type_name)?;
        let config = object(&resource.schema(), request.config.as_ref())?;
        let client = request.client_capabilities.unwrap_or_default();
        let found = resource.validate(&config, client.write_only_attributes_allowed);
        Ok(pb::validate_resource_config::Response {
            diagnostics: wire::diagnostics(found),
        })
    }

    pub(super) fn upgrade_state(
        &self,
        request: &pb::upgrade_resource_state::Request,
    ) -> Outcome<pb::upgrade_resource_state::Response> {
        let resource = self.managed(&request.type_name)?;
        let state = json(request.raw_state.as_ref())?;
        let upgraded = resource.upgrade(request.version, &state)?;
        let upgraded_state = wire::encode(&resource.schema().ty(), &upgraded);
        Ok(pb::upgrade_resource_state::Response {
            upgraded_state,
            ..Default::default()
        })
    }

    pub(super) fn upgrade_identity(
        &self,
        request: &pb::upgrade_resource_identity::Request,
    ) -> Outcome<pb::upgrade_resource_identity::Response> {
        let resource = self.managed(&request.type_name)?;
        let identity = json(request.raw_identity.as_ref())?;
        let text = |name: &str| {
            identity
                .get(name)
                .and_then(|v| v.as_str())
                .map(ToOwned::to_owned)
        };
        let names = resource.identity();
        let value = Value::object(names.iter().map(|name| (*name, Value::from(text(name)))));
        let upgraded_identity = wire::identity(names, &value);
        Ok(pb::upgrade_resource_identity::Response {
            upgraded_identity,
            ..Default::default()
        })
    }

    pub(super) async fn read_resource(
        &self,
        request: pb::read_resource::Request,
    ) -> Outcome<pb::read_resource::Response> {
        let resource = self.managed(&request.type_name)?;
        let schema = resource.schema();
        let prior = object(&schema, request.current_state.as_ref())?;
        let by = self.circumstances(request.provider_meta)?;
        let answer = resource.read(by, prior, request.private).await;
        Ok(pb::read_resource::Response {
            new_state: wire::encode(&schema.ty(), &answer.state),
            new_identity: wire::identity(resource.identity(), &answer.state),
            private: answer.private,
            diagnostics: wire::diagnostics(answer.diagnostics),
            ..Default::default()
        })
    }

    pub(super) async fn plan(
        &self,
        request: pb::plan_resource_change::Request,
    ) -> Outcome<pb::plan_resource_change::Response> {
        let resource = self.managed(&request.type_name)?;
        let schema = resource.schema();
        let by = self.circumstances(request.provider_meta)?;
        let question = PlanRequest {
            config: object(&schema, request.config.as_ref())?,
            prior: object(&schema, request.prior_state.as_ref())?,
            proposed: object(&schema, request.proposed_new_state.as_ref())?,
            private: request.prior_private,
        };
        let answer = resource.plan(by, question).await;
        Ok(pb::plan_resource_change::Response {
            planned_state: wire::encode(&schema.ty(), &answer.planned),
            planned_identity: wire::identity(resource.identity(), &answer.planned),
            requires_replace: answer.replace.iter().map(wire::attribute_path).collect(),
            planned_private: answer.private,
            diagnostics: wire::diagnostics(answer.diagnostics),
            ..Default::default()
        })
    }

    pub(super) async fn apply(
        &self,
        request: pb::apply_resource_change::Request,
    ) -> Outcome<pb::apply_resource_change::Response> {
        let resource = self.managed(&request.type_name)?;
        let schema = resource.schema();
        let by = self.circumstances(request.provider_meta)?;
        let question = ApplyRequest {
            config: object(&schema, request.config.as_ref())?,
            prior: object(&schema, request.prior_state.as_ref())?,
            planned: object(&schema, request.planned_state.as_ref())?,
            private: request.planned_private,
        };
        let answer = resource.apply(by, question).await;
        Ok(pb::apply_resource_change::Response {
            new_state: wire::encode(&schema.ty(), &answer.state),
            new_identity: wire::identity(resource.identity(), &answer.state),
            private: answer.private,
            diagnostics: wire::diagnostics(answer.diagnostics),
            ..Default::default()
        })
    }

    pub(super) fn import(
        &self,
        request: &pb::import_resource_state::Request,
    ) -> Outcome<pb::import_resource_state::Response> {
        let resource = self.managed(&request.type_name)?;
        let identity = request
            .identity
            .as_ref()
            .and_then(|i| i.identity_data.as_ref());
        let state = match identity {
            Some(data) if request.id.is_empty() => {
                let ty = wire::identity_type(resource.identity());
                resource.import_by_identity(&wire::decode(&ty, Some(data))?)?
            }
            _ => resource.import_by_id(&request.id)?,
        };
        let imported = pb::import_resource_state::ImportedResource {
            type_name: request.type_name.clone(),
            state: wire::encode(&resource.schema().ty(), &state),
            private: Vec::new(),
            identity: wire::identity(resource.identity(), &state),
        };
        let imported_resources = vec![imported];
        Ok(pb::import_resource_state::Response {
            imported_resources,
            ..Default::default()
        })
    }

    pub(super) fn move_state(
        &self,
        request: &pb::move_resource_state::Request,
    ) -> Outcome<pb::move_resource_state::Response> {
        let resource = self.managed(&request.target_type_name)?;
        let state = resource.move_from(&MoveSource {
            provider: request.source_provider_address.clone(),
            type_name: request.source_type_name.clone(),
            version: request.source_schema_version,
            state: json(request.source_state.as_ref())?,
        })?;
        Ok(pb::move_resource_state::Response {
            target_state: wire::encode(&resource.schema().ty(), &state),
            target_identity: wire::identity(resource.identity(), &state),
            ..Default::default()
        })
    }
}

/// Stored state. Flat maps are what Terraform wrote before 0.12, and no provider of protocol 6 existed then.
fn json(state: Option<&pb::RawState>) -> Outcome<serde_json::Value> {
    let Some(state) = state.filter(|state| !state.json.is_empty()) else {
        let detail =
            "The state was written by a Terraform before 0.12. Upgrade it with 0.12 first.";
        return Err(Diagnostic::error("Unable to read the stored state", detail).into());
    };
    serde_json::from_slice(&state.json).map_err(|error| {
        let detail = format!("The stored state is not valid JSON: {error}.");
        Diagnostics::from(Diagnostic::error("Unable to read the stored state", detail))
    })
}
