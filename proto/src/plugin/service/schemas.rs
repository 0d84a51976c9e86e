//! What the provider offers, as Terraform wants to read it.

use super::Outcome;
use super::inner::Inner;
use crate::plugin::codec::type_to_json;
use crate::plugin::tfplugin6::{self as pb, get_metadata, get_provider_schema, schema};
use crate::tf::{self, Attribute, Mode, Nesting, Schema, Shape};

impl<P: tf::Provider> Inner<P> {
    pub async fn metadata(
        &self,
        _request: get_metadata::Request,
    ) -> Outcome<get_metadata::Response> {
        let registry = self.registry();
        let full = |name: &str| self.type_name(name);
        Ok(get_metadata::Response {
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
        })
    }

    pub async fn provider_schema(
        &self,
        _request: get_provider_schema::Request,
    ) -> Outcome<get_provider_schema::Response> {
        let registry = self.registry();
        let full = |name: &str| self.type_name(name);
        Ok(get_provider_schema::Response {
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
            functions: self.described_functions(),
            ..Default::default()
        })
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
    let mode = match nesting {
        Nesting::Single => schema::nested_block::NestingMode::Single,
        Nesting::List => schema::nested_block::NestingMode::List,
        Nesting::Set => schema::nested_block::NestingMode::Set,
        Nesting::Map => schema::nested_block::NestingMode::Map,
    };
    let (min_items, max_items) = counts(*nesting, described.mode == Mode::Required, *single);
    Some(schema::NestedBlock {
        type_name: described.name.clone(),
        block: Some(schema::Block {
            description: described.description.clone(),
            deprecated: described.deprecated.is_some(),
            deprecation_message: described.deprecated.unwrap_or_default().to_owned(),
            ..block(attributes)
        }),
        nesting: mode.into(),
        min_items,
        max_items,
    })
}

/// How many blocks may be written, where 0 as a maximum means any number. Of a map Terraform takes no limits, and of a
/// single block only equal ones: it is required, or it is not.
fn counts(nesting: Nesting, is_required: bool, is_single: bool) -> (i64, i64) {
    let required = i64::from(is_required);
    match nesting {
        Nesting::Single => (required, required),
        Nesting::List | Nesting::Set => (required, i64::from(is_single)),
        Nesting::Map => (0, 0),
    }
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
        // A plain type has no place to say it of a part.
        sensitive: described.sensitive || (nested_type.is_none() && holds_sensitive(described)),
        nested_type,
        description: described.description.clone(),
        description_kind: pb::StringKind::Markdown.into(),
        required: described.mode == Mode::Required,
        optional: matches!(described.mode, Mode::Optional | Mode::OptionalComputed),
        computed: described.is_computed(),
        write_only: described.write_only,
        deprecated: described.deprecated.is_some(),
        deprecation_message: described.deprecated.unwrap_or_default().to_owned(),
    }
}

fn holds_sensitive(described: &Attribute) -> bool {
    let mut inner = described.inner().unwrap_or_default().iter();
    inner.any(|attribute| attribute.sensitive || holds_sensitive(attribute))
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
