//! Plans of every resource under Terraform's rules, for configurations that nobody would think of.

use terraform_provider_eks::aws::Context;
use terraform_provider_eks::provider::Eks;
use tfplugin_rs::tf::core_rules::{FakeCore, Generator, Instance};
use tfplugin_rs::tf::{Attribute, Mode, Provider, Shape, Value, reconcile};

use super::aws;

/// Configurations per resource.
const SEEDS: u64 = 150;
/// How many of them have to get through, so that this is not a test of refusals.
const LEAST: usize = 40;
/// How many configurations are thrown away until one passes validation.
const PATIENCE: usize = 400;

/// What the tests of EKS's attributes let pass. What is needed often stands here often.
const WORDS: [&str; 29] = [
    "subnet-0a",
    "subnet-0b",
    "subnet-0a",
    "subnet-0b",
    "sg-0a",
    "sg-0b",
    "m5.large",
    "c7g.large",
    "AL2023_x86_64_STANDARD",
    "BOTTLEROCKET_ARM_64",
    "CUSTOM",
    "lt-0a",
    "template",
    "$Latest",
    "7",
    "eu-central-1",
    "1.34",
    "10s",
    "https://login.example.com",
    "https://login.example.com/other",
    "1.33.0-20250519",
    "1.34.0-20250519",
    "192.168.0.0/24",
    "172.16.0.0/16",
    "arn:aws:iam::123456789012:role/other",
    "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
    "STANDARD",
    "EC2_LINUX",
    "arn:aws:kms:us-east-1:123456789012:key/other",
];

#[tokio::test]
async fn plans_keep_terraforms_rules() {
    let context = aws::context().await;
    for resource in &Eks::registry().resources {
        let core = FakeCore::new(resource.as_ref(), context.clone()).of_provider::<Eks>();
        let (mut kept, mut broken) = (0, Vec::new());
        for seed in 0..SEEDS {
            match check(&core, seed).await {
                Ok(()) => kept += 1,
                Err(how) if is_broken(&how) => broken.push(format!("seed {seed}: {how}")),
                Err(_) => {}
            }
        }
        let name = resource.name();
        assert!(
            broken.is_empty(),
            "{name}, {} times:\n{}",
            broken.len(),
            broken.join("\n")
        );
        assert!(
            kept >= LEAST,
            "{name}: only {kept} configurations of {SEEDS} were not refused"
        );
    }
}

/// OpenTofu cannot store a plan whose identity has an unknown value, and Terraform cannot print it as JSON. The rule itself
/// is [`FakeCore`]'s; here every kind meets it, with each attribute of its identity unknown, and with all attributes.
#[tokio::test]
async fn planned_identities_are_whole_or_left_out() {
    let context = aws::context().await;
    for resource in &Eks::registry().resources {
        let core = FakeCore::new(resource.as_ref(), context.clone()).of_provider::<Eks>();
        let schema = resource.schema();
        let identity = resource.full_identity(Eks::IDENTITY);
        let mut plans = 0;
        for seed in 0..SEEDS {
            let mut generator = Generator::new(seed).with_words(WORDS);
            let Ok(config) = valid(&core, || generator.config(&schema)) else {
                continue;
            };
            let own = identity
                .members()
                .iter()
                .map(|member| member.name.to_owned());
            let each = own.map(|name| vec![name]);
            let all: Vec<_> = schema.attributes.iter().map(|it| it.name.clone()).collect();
            for names in each.chain([all]) {
                let blurred = blurred(&schema.attributes, &config, &names);
                match core.plan(&Instance::default(), &blurred).await {
                    Ok(plan) => {
                        assert_eq!(plan.identity, identity.of(&plan.planned));
                        plans += 1;
                    }
                    Err(how) => assert!(!is_broken(&how), "{}: {how}", resource.name()),
                }
            }
        }
        assert!(plans >= LEAST, "{}: only {plans} plans", resource.name());
    }
}

/// The configuration with these attributes unknown, as far as it has them.
fn blurred(attributes: &[Attribute], config: &Value, names: &[String]) -> Value {
    let member = |attribute: &Attribute| {
        let is_block = matches!(attribute.shape, Shape::Block { .. });
        let value = match config.get(&attribute.name) {
            Value::Null => Value::Null,
            _ if names.contains(&attribute.name) && !is_block => Value::unknown(),
            known => known.clone(),
        };
        (attribute.name.clone(), value)
    };
    Value::Object(attributes.iter().map(member).collect())
}

/// An error is either a broken rule or something that AWS would not do, such as a step back in versions.
fn is_broken(how: &str) -> bool {
    let signs = [
        "invalid plan",
        "inconsistent final plan",
        "the plan is to",
        "bug",
        "Unable to",
    ];
    signs.iter().any(|sign| how.contains(sign))
}

async fn check(core: &FakeCore<'_, Context>, seed: u64) -> Result<(), String> {
    let mut generator = Generator::new(seed).with_words(WORDS);
    let config = valid(core, || {
        let config = generator.config(core.schema());
        emptied(&mut generator, &core.schema().attributes, &config)
    })?;
    expect_additions_ignored(core, &mut generator, &config).await?;
    let next = valid(core, || generator.changed(core.schema(), &config))?;
    core.check_plans(&mut generator, &config, &next).await
}

fn valid(core: &FakeCore<'_, Context>, mut make: impl FnMut() -> Value) -> Result<Value, String> {
    let mut found = (0..PATIENCE)
        .map(|_| make())
        .filter(|config| !core.validate(config).has_errors() && sizes_fit(config))
        .filter(is_waited_for);
    found
        .next()
        .ok_or_else(|| "nothing passes validation".to_owned())
}

/// Whether a node group's sizes go together. That is refused at plan and not by validation, which must not judge what
/// users ignore; sizes made up at random would hardly ever pass.
fn sizes_fit(config: &Value) -> bool {
    let size = |name: &str| config.find("scaling_config").index(0).find(name).as_i64();
    match (size("min_size"), size("desired_size"), size("max_size")) {
        (Some(min), Some(desired), Some(max)) => (min..=max).contains(&desired),
        _ => true,
    }
}

/// Whether somebody waits for a new add-on. For `submitted` nobody does, so that one which is still being made is no
/// difference: the only such exception.
fn is_waited_for(config: &Value) -> bool {
    config.find("wait_for").as_str() != Some("submitted")
}

/// What AWS adds where the configuration leaves it open is no change: neither when it is in the state from the start,
/// nor when a refresh puts it there.
async fn expect_additions_ignored(
    core: &FakeCore<'_, Context>,
    generator: &mut Generator,
    config: &Value,
) -> Result<(), String> {
    let schema = core.schema();
    let planned = core.plan(&Instance::default(), config).await?.planned;
    let made = generator.filled(schema, &planned);
    let told = generator.filled(schema, &opened(&schema.attributes, &made, false));
    let refreshed = reconcile(&schema.attributes, &made, told.clone());
    for (state, when) in [(told, "with additions"), (refreshed, "after a refresh")] {
        let instance = Instance {
            state,
            ..Instance::default()
        };
        core.expect_no_change(&instance, config, when).await?;
    }
    Ok(())
}

/// The object with everything unknown that the provider may set and has not. Inside of computed blocks, AWS also tells
/// of blocks that are not there: that everything is at its default.
fn opened(attributes: &[Attribute], object: &Value, is_in_computed_block: bool) -> Value {
    let members = attributes.iter().map(|attribute| {
        let value = object.get(&attribute.name);
        let is_open = attribute.mode == Mode::OptionalComputed && !attribute.write_once;
        let is_computed_block = matches!(attribute.shape, Shape::ComputedBlock(_));
        let value = match (&attribute.default, attribute.inner(), value) {
            (Some(default), _, Value::Null) if is_open => default.clone(),
            (_, _, Value::Null) if is_open => Value::unknown(),
            (_, Some(inner), Value::Null) if is_in_computed_block && attribute.is_block() => {
                defaults(inner).unwrap_or_default()
            }
            (_, Some(_), empty) if is_computed_block && empty.is_empty() => Value::unknown(),
            (_, Some(inner), Value::List(elements)) => {
                let is_inside = is_in_computed_block || is_computed_block;
                let each = |element| opened(inner, element, is_inside);
                Value::list(elements.iter().map(each))
            }
            (_, _, other) => other.clone(),
        };
        (attribute.name.clone(), value)
    });
    Value::object(members.collect::<Vec<_>>())
}

/// A block of nothing but defaults, where all it holds has one.
fn defaults(attributes: &[Attribute]) -> Option<Value> {
    let member = |attribute: &Attribute| Some((attribute.name.clone(), attribute.default.clone()?));
    let members: Option<Vec<_>> = attributes.iter().map(member).collect();
    Some(Value::list([Value::object(members?)]))
}

/// The configuration with `= []` for some of the computed blocks that are left out: HCL allows it.
fn emptied(generator: &mut Generator, attributes: &[Attribute], config: &Value) -> Value {
    let members = attributes.iter().map(|attribute| {
        let value = config.get(&attribute.name);
        let value = match (&attribute.shape, value) {
            (Shape::ComputedBlock(_), Value::Null) if generator.once_in(3) => {
                Value::list::<Value>([])
            }
            (Shape::ComputedBlock(inner), Value::List(elements)) => {
                let each = |element| emptied(generator, inner, element);
                Value::List(elements.iter().map(each).collect())
            }
            (_, other) => other.clone(),
        };
        (attribute.name.clone(), value)
    });
    Value::object(members.collect::<Vec<_>>())
}
