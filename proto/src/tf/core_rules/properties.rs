//! The planner under Terraform's rules: any schema, any configuration, any prior state.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use proptest::prelude::*;

use super::*;
use crate::tf::engine::{
    ApplyRequest, BoxFuture, Circumstances, ManagedResource, PlanAnswer, PlanRequest, StateAnswer,
};
use crate::tf::plan::plan;
use crate::tf::{Diagnostics, Equality, Identity, Mode, MoveSource, Schema, Timeouts, Type};

/// A resource of any schema, whose API gives some value to everything that is unknown.
struct Anything(Schema);

impl Anything {
    fn identity_of(&self, object: &Value) -> Value {
        Identity::new(ManagedResource::<u64>::identity(self), &[], &self.0).of(object)
    }
}

impl ManagedResource<u64> for Anything {
    fn name(&self) -> &'static str {
        "anything"
    }
    fn title(&self) -> &'static str {
        "anything"
    }
    fn schema(&self) -> Schema {
        self.0.clone()
    }
    fn identity(&self) -> &'static [&'static str] {
        &["name"]
    }
    fn timeouts(&self) -> Timeouts {
        Timeouts::NONE
    }
    fn validate(&self, _: &Value, _: bool) -> Diagnostics {
        Diagnostics::new()
    }
    fn plan(&self, _: Circumstances<u64>, request: PlanRequest) -> BoxFuture<'_, PlanAnswer> {
        let mut plan = plan(&self.0, request.config, request.prior, &request.proposed);
        plan.finish();
        let answer = PlanAnswer {
            identity: self.identity_of(&plan.planned),
            replace: plan.replaced().cloned().collect(),
            planned: plan.planned,
            ..PlanAnswer::default()
        };
        Box::pin(async move { answer })
    }
    fn apply(&self, by: Circumstances<u64>, request: ApplyRequest) -> BoxFuture<'_, StateAnswer> {
        let state = Generator::new(*by.context).filled(&self.0, &request.planned);
        let answer = StateAnswer {
            identity: self.identity_of(&state),
            state,
            ..StateAnswer::default()
        };
        Box::pin(async move { answer })
    }
    fn read(
        &self,
        _: Circumstances<u64>,
        state: Value,
        private: Vec<u8>,
    ) -> BoxFuture<'_, StateAnswer> {
        let answer = StateAnswer {
            identity: self.identity_of(&state),
            state,
            private,
            ..StateAnswer::default()
        };
        Box::pin(async move { answer })
    }
    fn import_by_id(&self, _: &str) -> Result<Value, Diagnostics> {
        Ok(Value::Null)
    }
    fn import_by_identity(&self, _: &Value) -> Result<Value, Diagnostics> {
        Ok(Value::Null)
    }
    fn upgrade(&self, _: i64, _: &serde_json::Value) -> Result<Value, Diagnostics> {
        Ok(Value::Null)
    }
    fn move_from(&self, _: &MoveSource) -> Result<Value, Diagnostics> {
        Ok(Value::Null)
    }
    fn through_model(&self, object: &Value) -> Result<Value, crate::tf::DecodeError> {
        Ok(object.clone())
    }
}

fn any_schema(generator: &mut Generator) -> Schema {
    let allowed = Allowed {
        blocks: true,
        computed_blocks: true,
        json: true,
    };
    let mut attributes = any_attributes(generator, 2, allowed);
    for attribute in &mut attributes {
        let is_leaf = matches!(attribute.shape, Shape::Leaf(_));
        let can_accompany = is_leaf && attribute.mode != Mode::Computed && !attribute.replace;
        attribute.companion = can_accompany && generator.once_in(4);
    }
    let mut status = Attribute::required("status", Shape::Leaf(Type::String), "A status.");
    status = status.computed().unfinished(["a"]).failed(["b"]);
    if generator.once_in(2) {
        status = status.usual("c-3");
    }
    attributes.push(status);
    let name = Attribute::required("name", Shape::Leaf(Type::String), "What names it.");
    attributes.push(match generator.below(3) {
        0 => name.computed().keep(),
        _ => name.replace(),
    });
    Schema {
        attributes,
        ..Schema::default()
    }
}

/// What is allowed where an attribute stands.
#[derive(Clone, Copy)]
struct Allowed {
    blocks: bool,
    computed_blocks: bool,
    json: bool,
}

fn any_attributes(generator: &mut Generator, depth: usize, allowed: Allowed) -> Vec<Attribute> {
    const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];
    let count = 1 + generator.below(NAMES.len());
    let attribute = |name: &&str| any_attribute(generator, name, depth, allowed);
    NAMES[..count].iter().map(attribute).collect()
}

fn any_attribute(
    generator: &mut Generator,
    name: &str,
    depth: usize,
    allowed: Allowed,
) -> Attribute {
    let leaf = [
        Type::String,
        Type::Number,
        Type::Bool,
        Type::list(Type::String),
        Type::set(Type::String),
        Type::map(Type::Number),
    ];
    let nesting = [Nesting::Single, Nesting::List, Nesting::Set, Nesting::Map][generator.below(4)];
    let within_set = nesting == Nesting::Set;
    let inside = Allowed {
        blocks: allowed.blocks,
        computed_blocks: allowed.computed_blocks && !within_set,
        json: allowed.json && !within_set,
    };
    let in_nested = Allowed {
        blocks: false,
        computed_blocks: false,
        ..inside
    };
    let shape = match generator.below(if depth == 0 { 3 } else { 6 }) {
        3 => Shape::Nested(nesting, any_attributes(generator, depth - 1, in_nested)),
        4 if allowed.blocks => Shape::Block {
            nesting,
            single: nesting == Nesting::List && generator.once_in(2),
            attributes: any_attributes(generator, depth - 1, inside),
        },
        5 if allowed.computed_blocks => Shape::ComputedBlock(any_attributes(generator, 0, allowed)),
        _ => Shape::Leaf(leaf[generator.below(leaf.len())].clone()),
    };
    let attribute = Attribute::required(name, shape, "An attribute.");
    any_mode(generator, attribute, allowed.json)
}

fn any_mode(generator: &mut Generator, attribute: Attribute, json: bool) -> Attribute {
    let is_text = attribute.ty() == Type::String;
    let mut attribute = match (&attribute.shape, generator.below(8)) {
        (Shape::Block { .. }, _) => attribute.optional(),
        (Shape::ComputedBlock(inner), case) => {
            let object = Schema {
                attributes: inner.clone(),
                ..Schema::default()
            };
            let fallback = Value::list([generator.config(&object)]);
            match case {
                0 | 1 => attribute.default(fallback),
                2 | 3 => attribute.reverts_to(fallback),
                _ => attribute.optional_computed(),
            }
        }
        (_, 7) if is_text => attribute.reverts_to("c-3"),
        (_, 0) => attribute,
        (_, 1 | 2) => attribute.optional(),
        (_, 3) => attribute.computed(),
        (_, 4) => attribute.computed().keep(),
        (_, 5) => attribute.optional_computed().follows(["a"]),
        (_, 6) if is_text => attribute.default("c-3"),
        _ => attribute.optional_computed(),
    };
    attribute.replace = generator.once_in(6);
    if json && is_text && generator.once_in(4) {
        attribute.equality = Equality::Json;
    }
    attribute
}

/// Runs a future that has nothing to wait for.
fn run<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("a plan has nothing to wait for"),
    }
}

/// Two configurations without elements of sets that defaults make equal: validation refuses those.
fn any_configs(generator: &mut Generator, schema: &Schema) -> (Value, Value) {
    let config = generator.config(schema);
    let next = generator.changed(schema, &config);
    (config, next)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn plans_of_any_schema_keep_terraforms_rules(seed: u64) {
        let mut generator = Generator::new(seed);
        let schema = any_schema(&mut generator);
        prop_assert_eq!(schema_is_valid(&schema), Vec::<String>::new());
        let (config, next) = any_configs(&mut generator, &schema);
        let resource = Anything(schema);
        let core = FakeCore::new(&resource, Arc::new(seed));
        let outcome = run(core.check_plans(&mut generator, &config, &next));
        prop_assert!(outcome.is_ok(), "{}\nconfig {config:?}\nnext {next:?}", outcome.unwrap_err());
    }

    #[test]
    fn applies_of_any_schema_settle(seed: u64) {
        let mut generator = Generator::new(seed);
        let schema = any_schema(&mut generator);
        let (config, next) = any_configs(&mut generator, &schema);
        let resource = Anything(schema);
        let core = FakeCore::new(&resource, Arc::new(seed));
        let mut instance = Instance::default();
        for config in [&config, &next] {
            let blurred = generator.blurred(core.schema(), config);
            let outcome = run(core.apply_and_settle(&mut instance, &blurred, config));
            prop_assert!(outcome.is_ok(), "{}\nconfig {config:?}", outcome.unwrap_err());
        }
    }
}
