//! The RPCs of data sources and ephemeral resources.

use super::inner::Inner;
use super::{Outcome, unknown_type, wire};
use crate::plugin::tfplugin6 as pb;
use crate::tf;
use crate::tf::readers::{EphemeralHandler, ReaderHandler};

impl<P: tf::Provider> Inner<P> {
    fn data_source(&self, type_name: &str) -> Outcome<&dyn ReaderHandler<P::Context>> {
        let sources = &self.registry().data_sources;
        let found = self.find(sources, type_name, |source| source.name());
        found
            .map(AsRef::as_ref)
            .ok_or_else(|| unknown_type("data source", type_name))
    }

    fn ephemeral(&self, type_name: &str) -> Outcome<&dyn EphemeralHandler<P::Context>> {
        let resources = &self.registry().ephemeral_resources;
        let found = self.find(resources, type_name, |resource| resource.name());
        found
            .map(AsRef::as_ref)
            .ok_or_else(|| unknown_type("ephemeral resource", type_name))
    }

    pub async fn validate_data_source(
        &self,
        request: pb::validate_data_resource_config::Request,
    ) -> Outcome<pb::validate_data_resource_config::Response> {
        let source = self.data_source(&request.type_name)?;
        let config = wire::object(&source.schema(), request.config.as_ref())?;
        let diagnostics = wire::diagnostics(source.validate(&config));
        Ok(pb::validate_data_resource_config::Response { diagnostics })
    }

    pub async fn read_data_source(
        &self,
        request: pb::read_data_source::Request,
    ) -> Outcome<pb::read_data_source::Response> {
        let source = self.data_source(&request.type_name)?;
        let schema = source.schema();
        let config = wire::object(&schema, request.config.as_ref())?;
        let context = self.context(request.provider_meta.as_ref())?;
        let answer = source.read(context, self.stop(), config).await;
        Ok(pb::read_data_source::Response {
            state: Some(wire::encode(&schema.ty(), &answer.value)),
            diagnostics: wire::diagnostics(answer.diagnostics),
            ..Default::default()
        })
    }

    pub async fn validate_ephemeral(
        &self,
        request: pb::validate_ephemeral_resource_config::Request,
    ) -> Outcome<pb::validate_ephemeral_resource_config::Response> {
        let resource = self.ephemeral(&request.type_name)?;
        let config = wire::object(&resource.schema(), request.config.as_ref())?;
        let diagnostics = wire::diagnostics(resource.validate(&config));
        Ok(pb::validate_ephemeral_resource_config::Response { diagnostics })
    }

    pub async fn open_ephemeral(
        &self,
        request: pb::open_ephemeral_resource::Request,
    ) -> Outcome<pb::open_ephemeral_resource::Response> {
        let resource = self.ephemeral(&request.type_name)?;
        let schema = resource.schema();
        let config = wire::object(&schema, request.config.as_ref())?;
        let answer = resource
            .open(self.context(None)?, self.stop(), config)
            .await;
        Ok(pb::open_ephemeral_resource::Response {
            result: Some(wire::encode(&schema.ty(), &answer.value)),
            renew_at: answer.renew_at.map(wire::timestamp),
            private: Some(answer.private),
            diagnostics: wire::diagnostics(answer.diagnostics),
            ..Default::default()
        })
    }

    pub async fn renew_ephemeral(
        &self,
        request: pb::renew_ephemeral_resource::Request,
    ) -> Outcome<pb::renew_ephemeral_resource::Response> {
        let resource = self.ephemeral(&request.type_name)?;
        let private = request.private.unwrap_or_default();
        let answer = resource
            .renew(self.context(None)?, self.stop(), private)
            .await;
        Ok(pb::renew_ephemeral_resource::Response {
            renew_at: answer.renew_at.map(wire::timestamp),
            private: Some(answer.private),
            diagnostics: wire::diagnostics(answer.diagnostics),
        })
    }

    pub async fn close_ephemeral(
        &self,
        request: pb::close_ephemeral_resource::Request,
    ) -> Outcome<pb::close_ephemeral_resource::Response> {
        let resource = self.ephemeral(&request.type_name)?;
        let private = request.private.unwrap_or_default();
        let found = resource
            .close(self.context(None)?, self.stop(), private)
            .await;
        Ok(pb::close_ephemeral_resource::Response {
            diagnostics: wire::diagnostics(found),
        })
    }
}
