//! What the provider says it offers.

use tfplugin_rs::plugin::codec::type_from_json;
use tfplugin_rs::plugin::tfplugin6::schema::nested_block::NestingMode as BlockMode;
use tfplugin_rs::plugin::tfplugin6::schema::object::NestingMode;
use tfplugin_rs::plugin::tfplugin6::{
    get_functions, get_metadata, get_provider_schema, get_resource_identity_schemas, schema,
};
use tfplugin_rs::tf::Type;

use crate::core::{Core, Kind};

async fn provider_schema() -> get_provider_schema::Response {
    let request = get_provider_schema::Request {};
    let core = Core::start().await;
    core.rpc()
        .get_provider_schema(request)
        .await
        .unwrap()
        .into_inner()
}

/// The blocks of all schemas, with the blocks inside of them.
fn blocks(response: &get_provider_schema::Response) -> Vec<&schema::Block> {
    let schemas = (response.resource_schemas.values())
        .chain(response.data_source_schemas.values())
        .chain(response.ephemeral_resource_schemas.values())
        .chain(&response.provider)
        .chain(&response.provider_meta);
    // Without a block Terraform crashes.
    let mut blocks: Vec<_> = schemas
        .map(|schema| schema.block.as_ref().unwrap())
        .collect();
    let mut next = 0;
    while let Some(&block) = blocks.get(next) {
        blocks.extend(
            block
                .block_types
                .iter()
                .map(|nested| nested.block.as_ref().unwrap()),
        );
        next += 1;
    }
    blocks
}

fn attributes(attributes: &[schema::Attribute]) -> Vec<&schema::Attribute> {
    let inside = |attribute: &schema::Attribute| attribute.nested_type.is_some();
    let mut all: Vec<_> = attributes.iter().collect();
    let mut next = 0;
    while let Some(&attribute) = all.get(next) {
        if inside(attribute) {
            all.extend(
                attribute
                    .nested_type
                    .iter()
                    .flat_map(|nested| &nested.attributes),
            );
        }
        next += 1;
    }
    all
}

/// The type of the values that Terraform will send for a schema.
fn implied_type(block: &schema::Block) -> Type {
    let attributes = block
        .attributes
        .iter()
        .map(|a| (a.name.clone(), attribute_type(a)));
    let blocks = block.block_types.iter().map(|nested| {
        let object = implied_type(nested.block.as_ref().unwrap());
        let ty = match nested.nesting() {
            BlockMode::List => Type::list(object),
            BlockMode::Set => Type::set(object),
            BlockMode::Map => Type::map(object),
            BlockMode::Single | BlockMode::Group | BlockMode::Invalid => object,
        };
        (nested.type_name.clone(), ty)
    });
    Type::object(attributes.chain(blocks))
}

fn attribute_type(attribute: &schema::Attribute) -> Type {
    let Some(nested) = &attribute.nested_type else {
        return type_from_json(&attribute.r#type).unwrap();
    };
    let inner = nested
        .attributes
        .iter()
        .map(|a| (a.name.clone(), attribute_type(a)));
    let object = Type::object(inner);
    match nested.nesting() {
        NestingMode::List => Type::list(object),
        NestingMode::Set => Type::set(object),
        NestingMode::Map => Type::map(object),
        NestingMode::Single | NestingMode::Invalid => object,
    }
}

fn attribute<'a>(block: &'a schema::Block, name: &str) -> &'a schema::Attribute {
    block
        .attributes
        .iter()
        .find(|attribute| attribute.name == name)
        .unwrap()
}

fn nested<'a>(block: &'a schema::Block, name: &str) -> &'a schema::NestedBlock {
    block
        .block_types
        .iter()
        .find(|nested| nested.type_name == name)
        .unwrap()
}

#[tokio::test]
async fn metadata_names_everything() {
    let core = Core::start().await;
    let metadata = core
        .rpc()
        .get_metadata(get_metadata::Request {})
        .await
        .unwrap()
        .into_inner();
    let resources: Vec<_> = metadata.resources.iter().map(|r| &r.type_name).collect();
    assert_eq!(resources, ["toy_thing", "toy_vault", "toy_lamp"]);
    assert_eq!(metadata.data_sources[0].type_name, "toy_thing");
    assert_eq!(metadata.ephemeral_resources[0].type_name, "toy_key");
    let functions: Vec<_> = metadata.functions.iter().map(|f| &f.name).collect();
    assert_eq!(functions, ["shout", "join"]);
    let schema = provider_schema().await;
    assert_eq!(metadata.server_capabilities, schema.server_capabilities);
    let capabilities = schema.server_capabilities.unwrap();
    assert!(capabilities.plan_destroy && capabilities.move_resource_state);
    assert!(capabilities.get_provider_schema_optional && !capabilities.generate_resource_config);
}

#[tokio::test]
async fn every_attribute_is_one_that_terraform_takes() {
    let response = provider_schema().await;
    assert!(response.diagnostics.is_empty());
    let blocks = blocks(&response);
    let all: Vec<_> = blocks
        .iter()
        .flat_map(|block| attributes(&block.attributes))
        .collect();
    assert!(all.len() > 30, "{}", all.len());
    for attribute in all {
        let schema::Attribute {
            name,
            required,
            optional,
            computed,
            ..
        } = attribute;
        let is_sound = if *required {
            !optional && !computed
        } else {
            *optional || *computed
        };
        assert!(
            is_sound,
            "{name} must be one of required, optional and computed"
        );
        assert_ne!(
            attribute.r#type.is_empty(),
            attribute.nested_type.is_none(),
            "{name}"
        );
        assert!(!attribute.write_only || !computed, "{name}");
        assert!(!attribute.description.is_empty(), "{name}");
    }
    for nested in blocks.iter().flat_map(|block| &block.block_types) {
        let (min, max) = (nested.min_items, nested.max_items);
        match nested.nesting() {
            BlockMode::Single => assert!(min == max && min <= 1, "{}", nested.type_name),
            BlockMode::List | BlockMode::Set => assert!(max == 0 || min <= max),
            other => assert_eq!((min, max), (0, 0), "{other:?}"),
        }
    }
}

/// Terraform allows block syntax for a list of objects only in a schema without any nested attribute.
#[tokio::test]
async fn computed_blocks_never_stand_beside_nested_attributes() {
    let response = provider_schema().await;
    let mut seen = (false, false);
    for (name, schema) in &response.resource_schemas {
        let all = attributes(&schema.block.as_ref().unwrap().attributes);
        let is_computed_block = |a: &schema::Attribute| {
            (a.optional || a.required) && a.r#type.starts_with(br#"["list",["object""#)
        };
        let has_computed_block = all.iter().any(|attribute| is_computed_block(attribute));
        let has_nested = all.iter().any(|attribute| attribute.nested_type.is_some());
        assert!(!(has_computed_block && has_nested), "{name} shows both");
        seen.0 |= has_computed_block;
        seen.1 |= has_nested;
    }
    assert_eq!(seen, (true, true), "something shows each of the two");
}

#[tokio::test]
async fn values_have_the_type_that_the_schema_implies() {
    let response = provider_schema().await;
    for name in ["thing", "vault"] {
        let kind = Kind::named(name);
        let schema = &response.resource_schemas[&kind.type_name];
        assert_eq!(
            implied_type(schema.block.as_ref().unwrap()),
            kind.schema.ty()
        );
    }
}

#[tokio::test]
async fn blocks_and_flags_of_the_thing() {
    let response = provider_schema().await;
    let schema = &response.resource_schemas["toy_thing"];
    let block = schema.block.as_ref().unwrap();
    assert_eq!(
        (schema.version, block.description.as_str()),
        (2, "A thing.")
    );
    let access = attribute(block, "access");
    let ty = br#"["list",["object",{"bootstrap":"bool","mode":"string"}]]"#;
    assert_eq!(access.r#type, ty);
    assert!(access.optional && access.computed);
    let place = nested(block, "place");
    assert_eq!(
        (place.nesting(), place.min_items, place.max_items),
        (BlockMode::List, 0, 1)
    );
    let inside = place.block.as_ref().unwrap();
    assert!(attribute(inside, "room").required && attribute(inside, "number").computed);
    let rule = nested(block, "rule");
    assert_eq!(
        (rule.nesting(), rule.min_items, rule.max_items),
        (BlockMode::Set, 0, 0)
    );
    assert_eq!(nested(block, "timeouts").nesting(), BlockMode::Single);
    let color = attribute(block, "color");
    assert!(color.deprecated && color.deprecation_message == "Things are black.");
    let size = attribute(block, "size");
    assert!(size.optional && size.computed && !size.required);
}

/// A computed list goes out as a plain type, which cannot say that a part is sensitive.
#[tokio::test]
async fn a_computed_list_with_a_secret_is_secret() {
    let response = provider_schema().await;
    let block = response.resource_schemas["toy_thing"]
        .block
        .as_ref()
        .unwrap();
    let made = attribute(block, "made");
    assert!(made.sensitive && made.computed && made.nested_type.is_none());
    assert!(!attribute(block, "access").sensitive);
}

#[tokio::test]
async fn nested_attributes_of_the_vault() {
    let response = provider_schema().await;
    let block = response.resource_schemas["toy_vault"]
        .block
        .as_ref()
        .unwrap();
    assert!(attribute(block, "password").write_only);
    assert!(attribute(block, "strength").sensitive);
    let lock = attribute(block, "lock").nested_type.as_ref().unwrap();
    assert_eq!(lock.nesting(), NestingMode::Single);
    let holders = attribute(block, "holders");
    let inside = holders.nested_type.as_ref().unwrap();
    assert_eq!(inside.nesting(), NestingMode::Map);
    let word = inside.attributes.iter().find(|a| a.name == "word").unwrap();
    assert!(
        word.sensitive && !holders.sensitive,
        "a nested attribute says it of the part"
    );
}

#[tokio::test]
async fn identities_have_the_types_of_their_attributes() {
    let core = Core::start().await;
    let request = get_resource_identity_schemas::Request {};
    let response = core
        .rpc()
        .get_resource_identity_schemas(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(response.identity_schemas.len(), 3);
    let describe = |name: &str| -> Vec<_> {
        let attributes = &response.identity_schemas[name].identity_attributes;
        let text = |ty: &[u8]| String::from_utf8(ty.to_vec()).unwrap();
        attributes
            .iter()
            .map(|a| {
                (
                    a.name.clone(),
                    text(&a.r#type),
                    (a.required_for_import, a.optional_for_import),
                    a.description.clone(),
                )
            })
            .collect()
    };
    let required = (true, false);
    let member =
        |name: &str, ty: &str, about: &str| (name.into(), ty.into(), required, about.into());
    assert_eq!(
        describe("toy_thing"),
        [member("name", r#""string""#, "Its name.")]
    );
    assert_eq!(
        describe("toy_vault"),
        [
            member("shelf", r#""number""#, "The shelf it stands on."),
            member("name", r#""string""#, "Its name on the shelf."),
        ]
    );
    let (text, optional) = (r#""string""#, (false, true));
    let wing = (
        "wing".into(),
        text.into(),
        optional,
        "Wing of the house.".into(),
    );
    let name = member("name", text, "Its name in the wing.");
    assert_eq!(describe("toy_lamp"), [name, wing]);
}

#[tokio::test]
async fn functions_are_described() {
    let core = Core::start().await;
    let asked = core
        .rpc()
        .get_functions(get_functions::Request {})
        .await
        .unwrap()
        .into_inner();
    assert_eq!(asked.functions, provider_schema().await.functions);
    let shout = &asked.functions["shout"];
    assert_eq!(shout.summary, "Says it louder.");
    assert_eq!(shout.r#return.as_ref().unwrap().r#type, br#""string""#);
    let [text, marks] = &shout.parameters[..] else {
        panic!("{:?}", shout.parameters)
    };
    assert!(!text.allow_null_value && marks.allow_null_value && !text.allow_unknown_values);
    let join = &asked.functions["join"];
    assert_eq!(
        join.variadic_parameter.as_ref().unwrap().r#type,
        br#""number""#
    );
}
