//! What the provider offers, as Terraform wants to read it.

use std::collections::HashMap;

use super::Inner;
use crate::plugin::codec::type_to_json;
use crate::plugin::tfplugin6::{self as pb, get_metadata, schema};
use crate::tf::{self, Attribute, Mode, Nesting, Schema, Shape, Type};

impl<P: tf::Provider> Inner<P> {
    pub(super) fn metadata(&self) -> get_metadata::Response {
        let registry = self.registry();
        let full = |name: &str| self.type_name(name);
        get_metadata::Response {
            server_capabilities: Some(capabilities()),
            resources: (registry.resources.iter())
                .map(|r| get_metadata::ResourceMetadata {
                    type_name: full(r.name()),
                })
                .collect(),
            data_sources: (registry.data_sources.iter())
                .map(|d| get_metadata::DataSourceMetadata {
                    type_name: full(d.name()),
                })
                .collect(),
            ephemeral_resources: (registry.ephemeral_resources.iter())
                .map(|e| get_metadata::EphemeralMetadata {
                    type_name: full(e.name()),
                })
                .collect(),
            functions: (registry.functions.iter())
                .map(|f| get_metadata::FunctionMetadata {
                    name: f.name.to_owned(),
                })
                .collect(),
            ..Default::default()
        }
    }

    pub(super) fn schemas(&self) -> pb::get_provider_schema::Response {
        let registry = self.registry();
        let full = |name: &str| self.type_name(name);
        pb::get_provider_schema::Response {
            provider: Some(schema(&P::schema())),
            provider_meta: P::meta().as_ref().map(schema),
            server_capabilities: Some(capabilities()),
            resource_schemas: (registry.resources.iter())
                .map(|r| (full(r.name()), schema(&r.schema())))
                .collect(),
            data_source_schemas: (registry.data_sources.iter())
                .map(|d| (full(d.name()), schema(&d.schema())))
                .collect(),
            ephemeral_resource_schemas: (registry.ephemeral_resources.iter())
                .map(|e| (full(e.name()), schema(&e.schema())))
                .collect(),
            functions: self.functions(),
            ..Default::default()
        }
    }

    pub(super) fn identity_schemas(&self) -> pb::get_resource_identity_schemas::Response {
        let describe = |resource: &Box<dyn tf::engine::ManagedResource<P::Context>>| {
            let schema = resource.schema();
            let attribute = |name: &&str| pb::resource_identity_schema::IdentityAttribute {
                name: (*name).to_owned(),
                r#type: type_to_json(&Type::String),
                required_for_import: true,
                description: schema
                    .attribute(name)
                    .map_or_else(String::new, first_sentence),
                ..Default::default()
            };
            let identity_attributes = resource.identity().iter().map(attribute).collect();
            let identity = pb::ResourceIdentitySchema {
                version: 0,
                identity_attributes,
            };
            (self.type_name(resource.name()), identity)
        };
        pb::get_resource_identity_schemas::Response {
            identity_schemas: self.registry().resources.iter().map(describe).collect(),
            ..Default::default()
        }
    }

    pub(super) fn functions(&self) -> HashMap<String, pb::Function> {
        let describe = |function: &tf::FunctionEntry| {
            let described = pb::Function {
                parameters: function.parameters.iter().map(parameter).collect(),
                variadic_parameter: function.variadic.as_ref().map(parameter),
                r#return: Some(pb::function::Return {
                    r#type: type_to_json(&function.returns),
                }),
                summary: function.summary.to_owned(),
                description: function.description.to_owned(),
                description_kind: pb::StringKind::Markdown.into(),
                ..Default::default()
            };
            (function.name.to_owned(), described)
        };
        self.registry().functions.iter().map(describe).collect()
    }
}

fn capabilities() -> pb::ServerCapabilities {
    pb::ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: true,
        generate_resource_config: false,
    }
}

fn schema(described: &Schema) -> pb::Schema {
    let block = schema::Block {
        description: described.description.clone(),
        deprecated: described.deprecated.is_some(),
        deprecation_message: described.deprecated.unwrap_or_default().to_owned(),
        ..block(&described.attributes)
    };
    pb::Schema {
        version: described.version,
        block: Some(block),
    }
}

fn block(attributes: &[Attribute]) -> schema::Block {
    let (blocks, plain): (Vec<_>, Vec<_>) = attributes.iter().partition(|a| a.is_block());
    schema::Block {
        attributes: plain.into_iter().map(attribute).collect(),
        block_types: blocks.into_iter().filter_map(nested_block).collect(),
        description_kind: pb::StringKind::Markdown.into(),
        ..Default::default()
    }
}

fn nested_block(described: &Attribute) -> Option<schema::NestedBlock> {
    let Shape::Block {
        nesting,
        single,
        attributes,
    } = &described.shape
    else {
        return None;
    };
    let is_required = described.mode == Mode::Required;
    let mode = match nesting {
        Nesting::Single => schema::nested_block::NestingMode::Single,
        Nesting::List => schema::nested_block::NestingMode::List,
        Nesting::Set => schema::nested_block::NestingMode::Set,
        Nesting::Map => schema::nested_block::NestingMode::Map,
    };
    Some(schema::NestedBlock {
        type_name: described.name.clone(),
        block: Some(schema::Block {
            description: described.description.clone(),
            deprecated: described.deprecated.is_some(),
            deprecation_message: described.deprecated.unwrap_or_default().to_owned(),
            ..block(attributes)
        }),
        nesting: mode.into(),
        min_items: i64::from(is_required && *nesting != Nesting::Single),
        max_items: i64::from(*single),
    })
}

fn attribute(described: &Attribute) -> schema::Attribute {
    // Nobody writes a computed list in HCL, so it needs no nested attributes; and one nested attribute anywhere in a
    // schema makes Terraform refuse block syntax for computed blocks (`skipFixup` in its `blocktoattr`).
    let nested_type = match &described.shape {
        Shape::Nested(nesting, attributes) if described.mode != Mode::Computed => {
            Some(nested_object(*nesting, attributes))
        }
        _ => None,
    };
    schema::Attribute {
        name: described.name.clone(),
        r#type: match nested_type {
            Some(_) => Vec::new(),
            None => type_to_json(&described.ty()),
        },
        nested_type,
        description: described.description.clone(),
        description_kind: pb::StringKind::Markdown.into(),
        required: described.mode == Mode::Required,
        optional: matches!(described.mode, Mode::Optional | Mode::OptionalComputed),
        computed: described.is_computed(),
        sensitive: described.sensitive,
        write_only: described.write_only,
        deprecated: described.deprecated.is_some(),
        deprecation_message: described.deprecated.unwrap_or_default().to_owned(),
    }
}

fn nested_object(nesting: Nesting, attributes: &[Attribute]) -> schema::Object {
    use schema::object::NestingMode;
    let mode = match nesting {
        Nesting::Single => NestingMode::Single,
        Nesting::List => NestingMode::List,
        Nesting::Set => NestingMode::Set,
        Nesting::Map => NestingMode::Map,
    };
    schema::Object {
        attributes: attributes.iter().map(attribute).collect(),
        nesting: mode.into(),
        ..Default::default()
    }
}

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

fn first_sentence(attribute: &Attribute) -> String {
    let text = attribute.description.replace('\n', " ");
    text.split_once(". ")
        .map_or(text.clone(), |(first, _)| format!("{first}."))
}
