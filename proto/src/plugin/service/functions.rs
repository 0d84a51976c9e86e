//! The RPCs of functions. They are answered also by processes that were never configured.

use std::collections::HashMap;

use super::inner::Inner;
use super::{Outcome, unknown_type, wire};
use crate::plugin::codec::type_to_json;
use crate::plugin::tfplugin6 as pb;
use crate::tf::{self, Attribute, FunctionEntry, Mode, Value};

/// The result, or why there is none.
pub(super) type Called = Result<pb::DynamicValue, pb::FunctionError>;

pub(super) fn response(called: Called) -> pb::call_function::Response {
    let (result, error) = match called {
        Ok(result) => (Some(result), None),
        Err(error) => (None, Some(error)),
    };
    pb::call_function::Response { result, error }
}

impl<P: tf::Provider> Inner<P> {
    pub async fn functions(
        &self,
        _request: pb::get_functions::Request,
    ) -> Outcome<pb::get_functions::Response> {
        Ok(pb::get_functions::Response {
            functions: self.described_functions(),
            ..Default::default()
        })
    }

    pub fn described_functions(&self) -> HashMap<String, pb::Function> {
        let describe = |function: &FunctionEntry| (function.name.to_owned(), described(function));
        self.registry().functions.iter().map(describe).collect()
    }

    pub fn call_function(&self, request: &pb::call_function::Request) -> Called {
        let functions = &self.registry().functions;
        let function = functions
            .iter()
            .find(|function| function.name == request.name);
        let unknown = || wire::function_error(&unknown_type("function", &request.name));
        let function = function.ok_or_else(unknown)?;
        let arguments = arguments(function, &request.arguments)?;
        let result = (function.call)(&arguments);
        let result = result.map_err(|(text, function_argument)| pb::FunctionError {
            text,
            function_argument,
        })?;
        Ok(wire::encode(&function.returns, &result))
    }
}

/// Arguments beyond the fixed ones belong to the variadic parameter.
fn arguments(
    function: &FunctionEntry,
    sent: &[pb::DynamicValue],
) -> Result<Vec<Value>, pb::FunctionError> {
    let fixed = function.parameters.len();
    let is_count_right = match function.variadic {
        Some(_) => sent.len() >= fixed,
        None => sent.len() == fixed,
    };
    if !is_count_right {
        return Err(wrong_count(function, sent.len()));
    }
    let parameters = function
        .parameters
        .iter()
        .chain(function.variadic.iter().cycle());
    let decode = |(place, (parameter, argument)): (i64, (&Attribute, &pb::DynamicValue))| {
        let value = wire::decode(&parameter.ty(), Some(argument));
        value.map_err(|found| pb::FunctionError {
            function_argument: Some(place),
            ..wire::function_error(&found)
        })
    };
    (0..).zip(parameters.zip(sent)).map(decode).collect()
}

/// Terraform counts before it calls.
fn wrong_count(function: &FunctionEntry, sent: usize) -> pb::FunctionError {
    let at_least = if function.variadic.is_some() {
        "at least "
    } else {
        ""
    };
    let (name, fixed) = (function.name, function.parameters.len());
    let plural = if fixed == 1 { "" } else { "s" };
    pb::FunctionError {
        text: format!("{name} takes {at_least}{fixed} argument{plural}, got {sent}."),
        function_argument: None,
    }
}

fn described(function: &FunctionEntry) -> pb::Function {
    pb::Function {
        parameters: function.parameters.iter().map(parameter).collect(),
        variadic_parameter: function.variadic.as_ref().map(parameter),
        r#return: Some(pb::function::Return {
            r#type: type_to_json(&function.returns),
        }),
        summary: function.summary.to_owned(),
        description: function.description.to_owned(),
        description_kind: pb::StringKind::Markdown.into(),
        ..Default::default()
    }
}

/// Unknown arguments never arrive: Terraform answers unknown for the function then.
fn parameter(described: &Attribute) -> pb::function::Parameter {
    pb::function::Parameter {
        name: described.name.clone(),
        r#type: type_to_json(&described.ty()),
        allow_null_value: described.mode != Mode::Required,
        allow_unknown_values: false,
        description: described.description.clone(),
        description_kind: pb::StringKind::Markdown.into(),
    }
}
