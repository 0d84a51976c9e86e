//! Values in few characters, for tests: `name: a, size: 3, net: [{ids: [x, y]}], arn: ?`.
//!
//! The schema says what a word means. What is left out is absent, `?` is unknown, `-` is null, and text with other
//! characters than those of words stands in single quotes.

use std::iter::Peekable;
use std::str::Chars;

use super::schema::absent;
use super::{Attribute, Type, Value};

/// Reads an object with these attributes; `-` alone is null.
pub(crate) fn read(attributes: &[Attribute], text: &str) -> Value {
    if text.trim() == "-" {
        return Value::Null;
    }
    let text = format!("{{{text}}}");
    let mut characters = text.chars().peekable();
    let value = object(attributes, &node(&mut characters));
    assert_eq!(characters.next(), None, "too much text: {text}");
    value
}

/// Writes an object as [`read`] reads it.
pub(crate) fn write(attributes: &[Attribute], object: &Value) -> String {
    match object {
        Value::Object(_) => {
            let text = write_object(attributes, object);
            text[1..text.len() - 1].to_owned()
        }
        other => write_plain(other),
    }
}

#[derive(Debug)]
enum Node {
    Word(String),
    Quoted(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

type Text<'a> = Peekable<Chars<'a>>;

fn skip(text: &mut Text, unwanted: &[char]) {
    while text
        .next_if(|c| c.is_whitespace() || unwanted.contains(c))
        .is_some()
    {}
}

fn word(text: &mut Text) -> String {
    skip(text, &[]);
    let mut word = String::new();
    while let Some(c) = text.next_if(|c| !c.is_whitespace() && !"{}[]:,'".contains(*c)) {
        word.push(c);
    }
    word
}

fn node(text: &mut Text) -> Node {
    skip(text, &[]);
    match text.peek() {
        Some('[') => Node::List(items(text, ']', node)),
        Some('{') => Node::Object(items(text, '}', |text| {
            let name = word(text);
            skip(text, &[':']);
            (name, node(text))
        })),
        Some('\'') => {
            text.next();
            let quoted: String = text.by_ref().take_while(|c| *c != '\'').collect();
            Node::Quoted(quoted)
        }
        _ => Node::Word(word(text)),
    }
}

fn items<T>(text: &mut Text, end: char, item: impl Fn(&mut Text) -> T) -> Vec<T> {
    let mut items = Vec::new();
    text.next();
    loop {
        skip(text, &[',']);
        match text.peek() {
            None => panic!("{end} is missing"),
            Some(c) if *c == end => break,
            Some(_) => items.push(item(text)),
        }
    }
    text.next();
    items
}

fn object(attributes: &[Attribute], node: &Node) -> Value {
    let members = match node {
        Node::Word(word) if word == "?" => return Value::unknown(),
        Node::Object(members) => members,
        other => panic!("not an object: {other:?}"),
    };
    for (name, _) in members {
        assert!(
            attributes.iter().any(|a| a.name == *name),
            "there is no attribute {name}"
        );
    }
    Value::object(attributes.iter().map(|attribute| {
        let given = members.iter().find(|(name, _)| *name == attribute.name);
        let value = given.map_or_else(|| absent(attribute), |(_, node)| member(attribute, node));
        (attribute.name.clone(), value)
    }))
}

fn member(attribute: &Attribute, node: &Node) -> Value {
    match attribute.inner() {
        Some(inner) => typed(&attribute.ty(), node, &|_, node| object(inner, node)),
        None => typed(&attribute.ty(), node, &|ty, node| {
            panic!("{node:?} is no {ty:?}")
        }),
    }
}

fn typed(ty: &Type, node: &Node, object: &dyn Fn(&Type, &Node) -> Value) -> Value {
    match (ty, node) {
        (_, Node::Word(word)) if word == "?" => Value::unknown(),
        (_, Node::Word(word)) if word == "-" => Value::Null,
        (Type::String, Node::Word(text) | Node::Quoted(text)) => Value::from(text.as_str()),
        (Type::Bool, Node::Word(text)) => Value::from(text.parse::<bool>().unwrap()),
        (Type::Number, Node::Word(text)) => Value::Number(text.parse().unwrap()),
        (Type::List(ty), Node::List(nodes)) => {
            Value::List(nodes.iter().map(|node| typed(ty, node, object)).collect())
        }
        (Type::Set(ty), Node::List(nodes)) => {
            Value::set(nodes.iter().map(|node| typed(ty, node, object)))
        }
        (Type::Map(ty), Node::Object(entries)) => Value::map(
            entries
                .iter()
                .map(|(key, node)| (key.as_str(), typed(ty, node, object))),
        ),
        (ty, node) => object(ty, node),
    }
}

fn write_object(attributes: &[Attribute], object: &Value) -> String {
    if !matches!(object, Value::Object(_)) {
        return write_plain(object);
    }
    let given = attributes
        .iter()
        .filter(|a| *object.get(&a.name) != absent(a));
    let members = given.map(|attribute| {
        let value = object.get(&attribute.name);
        let text = match attribute.inner() {
            Some(inner) => write_inside(value, &|element| write_object(inner, element)),
            None => write_plain(value),
        };
        format!("{}: {text}", attribute.name)
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
}

fn write_inside(value: &Value, write: &dyn Fn(&Value) -> String) -> String {
    match value {
        Value::List(_) | Value::Set(_) => {
            let mut elements: Vec<_> = value.elements().map(write).collect();
            if matches!(value, Value::Set(_)) {
                elements.sort();
            }
            format!("[{}]", elements.join(", "))
        }
        Value::Map(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|(k, v)| format!("{k}: {}", write(v)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        other => write(other),
    }
}

fn write_plain(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Unknown(_) => "?".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => {
            let is_word = |c: char| c.is_alphanumeric() || "-_./$".contains(c);
            let is_plain = !text.is_empty() && text != "-" && text.chars().all(is_word);
            if is_plain {
                text.clone()
            } else {
                format!("'{text}'")
            }
        }
        other => write_inside(other, &write_plain),
    }
}
