//! The RPCs of data sources, ephemeral resources and functions.

use super::{Inner, Outcome, object, unknown_type, wire};
use crate::plugin::tfplugin6 as pb;
use crate::tf::readers::{EphemeralHandler, ReaderHandler};
use crate::tf::{self, FunctionEntry, Value};

impl<P: tf::Provider> Inner<P> {
    fn data_source(&self, type_name: &str) -> Outcome<&dyn ReaderHandler<P::Context>> {
        let name = self.short_name(type_name);
        let found = self
            .registry()
            .data_sources
            .iter()
            .find(|source| source.name() == name);
        found
            .map(AsRef::as_ref)
            .ok_or_else(|| unknown_type("data source", type_name))
    }

    fn ephemeral(&self, type_name: &str) -> Outcome<&dyn EphemeralHandler<P::Context>> {
        let name = self.short_name(type_name);
        let found = self
            .registry()
            .ephemeral_resources
            .iter()
            .find(|e| e.name() == name);
        found
            .map(AsRef::as_ref)
            .ok_or_else(|| unknown_type("ephemeral resource", type_name))
    }

    pub(super) fn validate_data_source(
        &self,
        request: &pb::validate_data_resource_config::Request,
    ) -> Outcome<pb::validate_data_resource_config::Response> {
        let source = self.data_source(&request.type_name)?;
        let config = object(&source.schema(), request.config.as_ref())?;
        let diagnostics = wire::diagnostics(source.validate(&config));
        Ok(pb::validate_data_resource_config::Response { diagnostics })
    }

    pub(super) async fn read_data_source(
        &self,
        request: pb::read_data_source::Request,
    ) -> Outcome<pb::read_data_source::Response> {
        let source = self.data_source(&request.type_name)?;
        let schema = source.schema();
        let config = object(&schema, request.config.as_ref())?;
        let context = self.context(request.provider_meta)?;
        let answer = source.read(context, self.stop(), config).await;
        Ok(pb::read_data_source::Response {
            state: wire::encode(&schema.ty(), &answer.value),
            diagnostics: wire::diagnostics(answer.diagnostics),
            ..Default::default()
        })
    }

    pub(super) fn validate_ephemeral(
        &self,
        request: &pb::validate_ephemeral_resource_config::Request,
    ) -> Outcome<pb::validate_ephemeral_resource_config::Response> {
        let resource = self.ephemeral(&request.type_name)?;
        let config = object(&resource.schema(), request.config.as_ref())?;
        let diagnostics = wire::diagnostics(resource.validate(&config));
        Ok(pb::validate_ephemeral_resource_config::Response { diagnostics })
    }

    pub(super) async fn open_ephemeral(
        &self,
        request: pb::open_ephemeral_resource::Request,
    ) -> Outcome<pb::open_ephemeral_resource::Response> {
        let resource = self.ephemeral(&request.type_name)?;
        let schema = resource.schema();
        let config = object(&schema, request.config.as_ref())?;
        let answer = resource
            .open(self.context(None)?, self.stop(), config)
            .await;
        Ok(pb::open_ephemeral_resource::Response {
            result: wire::encode(&schema.ty(), &answer.value),
            renew_at: answer.renew_at.map(wire::timestamp),
            private: Some(answer.private),
            diagnostics: wire::diagnostics(answer.diagnostics),
            ..Default::default()
        })
    }

    pub(super) async fn renew_ephemeral(
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

    pub(super) async fn close_ephemeral(
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

    /// Functions run in processes that were never configured.
    pub(super) fn call_function(
        &self,
        request: &pb::call_function::Request,
    ) -> pb::call_function::Response {
        let result = self
            .function(&request.name)
            .and_then(|function| call(function, request));
        match result {
            Ok(result) => pb::call_function::Response {
                result,
                error: None,
            },
            Err(error) => pb::call_function::Response {
                result: None,
                error: Some(error),
            },
        }
    }

    fn function(&self, name: &str) -> Result<&FunctionEntry, pb::FunctionError> {
        let found = self
            .registry()
            .functions
            .iter()
            .find(|function| function.name == name);
        found.ok_or_else(|| wire::function_error(&unknown_type("function", name)))
    }
}

fn call(
    function: &FunctionEntry,
    request: &pb::call_function::Request,
) -> Result<Option<pb::DynamicValue>, pb::FunctionError> {
    let parameter = |place: usize| {
        function
            .parameters
            .get(place)
            .or(function.variadic.as_ref())
    };
    let mut arguments = Vec::<Value>::new();
    for (place, argument) in request.arguments.iter().enumerate() {
        let Some(parameter) = parameter(place) else {
            break;
        };
        let value = wire::decode(&parameter.ty(), Some(argument));
        arguments.push(value.map_err(|found| wire::function_error(&found))?);
    }
    let result = (function.call)(&arguments);
    let result = result.map_err(|(text, function_argument)| pb::FunctionError {
        text,
        function_argument,
    })?;
    Ok(wire::encode(&function.returns, &result))
}
