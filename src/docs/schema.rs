//! The "Schema" section of a page, as tfplugindocs writes it: required, optional and read-only attributes, nested
//! schemas below with anchors. What the declaration says beyond the description (default, allowed values, what a
//! change does) becomes a sentence, so that it is said once.

use std::collections::BTreeMap;

use tfplugin_rs::tf::{Attribute, Mode, Nesting, Shape, Type, Value};

pub(super) fn render(attributes: &[Attribute]) -> String {
    let mut text = String::from("## Schema");
    lists(attributes, "", &mut text);
    nested(attributes, "", &mut text);
    text
}

fn lists(attributes: &[Attribute], path: &str, text: &mut String) {
    type Belongs = fn(&Attribute) -> bool;
    let groups: [(&str, Belongs); 3] = [
        ("Required", |a| a.mode == Mode::Required),
        ("Optional", |a| {
            matches!(a.mode, Mode::Optional | Mode::OptionalComputed)
        }),
        ("Read-Only", |a| a.mode == Mode::Computed),
    ];
    for (title, belongs) in groups {
        let mut members: Vec<_> = attributes.iter().filter(|a| belongs(a)).collect();
        members.sort_by(|left, right| left.name.cmp(&right.name));
        if members.is_empty() {
            continue;
        }
        let title = if path.is_empty() {
            format!("### {title}")
        } else {
            format!("{title}:")
        };
        text.push_str(&format!("\n\n{title}\n"));
        for attribute in members {
            text.push_str(&line(attribute, path));
        }
        trim_end(text);
    }
}

fn line(attribute: &Attribute, path: &str) -> String {
    let mut facts = vec![type_name(attribute)];
    facts.extend(attribute.sensitive.then(|| "Sensitive".to_owned()));
    facts.extend(attribute.write_only.then(|| "Write-only".to_owned()));
    facts.extend(attribute.deprecated.map(|_| "Deprecated".to_owned()));
    let mut sentences = vec![one_line(&attribute.description)];
    sentences.extend(
        attribute
            .deprecated
            .map(|reason| format!("Deprecated: {reason}")),
    );
    sentences.extend(behaviour(attribute));
    if attribute.inner().is_some() {
        let anchor = anchor(attribute, path);
        sentences.push(format!("(see [below for nested schema](#{anchor}))"));
    }
    format!(
        "\n- `{}` ({}) {}",
        attribute.name,
        facts.join(", "),
        sentences.join(" ")
    )
}

/// What the declaration says beyond the description. Descriptions are also read without this page, by editors and in
/// `terraform providers schema`, so some say a part of it themselves; here that part is left out.
fn behaviour(attribute: &Attribute) -> Vec<String> {
    let says = |words: &str| one_line(&attribute.description).contains(words);
    let mut sentences = Vec::new();
    if !attribute.allowed.is_empty() {
        let values: Vec<_> = attribute
            .allowed
            .iter()
            .map(|value| format!("`{value}`"))
            .collect();
        sentences.push(format!("Valid values: {}.", values.join(", ")));
    }
    if let Some(default) = attribute.default.as_ref().and_then(literal) {
        let is_said =
            says(&format!("Default `{default}`")) || says(&format!("`{default}`, the default"));
        sentences.extend((!is_said).then(|| format!("Defaults to `{default}`.")));
    }
    if let Some(value) = attribute.reverts_to.as_ref().and_then(literal) {
        sentences.push(format!("Removing it sets `{value}`."));
    }
    if attribute.write_once && !says("Counts at creation only") {
        sentences.push("Counts at creation only; a later change has no effect.".to_owned());
    }
    if attribute.replace {
        sentences.push("Changing this creates a new resource.".to_owned());
    }
    sentences
}

fn nested(attributes: &[Attribute], path: &str, text: &mut String) {
    let mut members: Vec<_> = attributes.iter().collect();
    members.sort_by(|left, right| left.name.cmp(&right.name));
    for attribute in members {
        let Some(inner) = attribute.inner() else {
            continue;
        };
        let full = join(path, &attribute.name);
        let anchor = anchor(attribute, path);
        text.push_str(&format!(
            "\n\n<a id=\"{anchor}\"></a>\n### Nested Schema for `{full}`"
        ));
        lists(inner, &full, text);
        nested(inner, &full, text);
    }
}

fn anchor(attribute: &Attribute, path: &str) -> String {
    let kind = match attribute.shape {
        Shape::Block { .. } | Shape::ComputedBlock(_) => "nestedblock",
        _ => "nestedatt",
    };
    format!("{kind}--{}", join(path, &attribute.name).replace('.', "--"))
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

fn type_name(attribute: &Attribute) -> String {
    match &attribute.shape {
        Shape::Leaf(ty) => leaf_name(ty),
        Shape::Nested(Nesting::Single, _) => "Attributes".to_owned(),
        Shape::Nested(nesting, _) => format!("Attributes {}", nesting_name(*nesting)),
        Shape::Block {
            nesting: Nesting::Single,
            ..
        } => "Block".to_owned(),
        Shape::Block {
            nesting, single, ..
        } => {
            let limit = if *single { ", Max: 1" } else { "" };
            format!("Block {}{limit}", nesting_name(*nesting))
        }
        // What is only told is nobody's to write as a block.
        Shape::ComputedBlock(_) if attribute.mode == Mode::Computed => "Attributes List".to_owned(),
        Shape::ComputedBlock(_) => "Block List, Max: 1".to_owned(),
    }
}

fn nesting_name(nesting: Nesting) -> &'static str {
    match nesting {
        Nesting::Single => "Single",
        Nesting::List => "List",
        Nesting::Set => "Set",
        Nesting::Map => "Map",
    }
}

/// A type in words.
pub(super) fn leaf_name(ty: &Type) -> String {
    match ty {
        Type::String => "String".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::Bool => "Boolean".to_owned(),
        Type::Dynamic => "Dynamic".to_owned(),
        Type::List(element) => format!("List of {}", leaf_name(element)),
        Type::Set(element) => format!("Set of {}", leaf_name(element)),
        Type::Map(element) => format!("Map of {}", leaf_name(element)),
        Type::Object(_) => "Object".to_owned(),
        Type::Tuple(_) => "Tuple".to_owned(),
    }
}

fn literal(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::List(elements) => match elements.as_slice() {
            [Value::Object(members)] => Some(block(members)),
            _ => None,
        },
        _ => None,
    }
}

/// A block as HCL has it, without what says nothing.
fn block(members: &BTreeMap<String, Value>) -> String {
    let member = |(name, value): (&String, &Value)| match value {
        Value::String(text) => Some(format!("{name} = {text:?}")),
        Value::List(_) => Some(format!("{name} {}", literal(value)?)),
        value => Some(format!("{name} = {}", literal(value)?)),
    };
    let members: Vec<_> = members.iter().filter_map(member).collect();
    format!("{{ {} }}", members.join(", "))
}

/// A text without line breaks.
pub(super) fn one_line(text: &str) -> String {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn trim_end(text: &mut String) {
    text.truncate(text.trim_end().len());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behaviour_of(description: &str) -> String {
        let attribute = Attribute::required("it", Shape::Leaf(Type::String), description)
            .optional()
            .default("x")
            .write_once();
        behaviour(&attribute).join(" ")
    }

    #[test]
    fn what_the_text_says_is_not_said_again() {
        let all = "Defaults to `x`. Counts at creation only; a later change has no effect.";
        assert_eq!(behaviour_of("It. Default `y`."), all);
        assert_eq!(
            behaviour_of("It. Default `x`; or\nnot."),
            "Counts at creation only; a later change has no effect."
        );
        assert_eq!(
            behaviour_of("`x`, the default, is it. Counts\nat creation only."),
            ""
        );
    }
}
