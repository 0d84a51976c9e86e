//! Policy documents: statements that allow something, and their text.
//!
//! There is no `Deny` here, because nothing we write needs one. The text is the same for the same input: members in
//! the order of the IAM documentation, condition keys in alphabetical order.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::Value;

/// Most characters of all inline policies of a role together, white space not counted.
///
/// [IAM quotas](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html), not adjustable.
pub const MAX_INLINE: usize = 10_240;

/// Most characters of the trust policy of a role, unless the account's quota is raised (at most to 4,096). Same source.
pub const MAX_TRUST: usize = 2_048;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Document {
    version: &'static str,
    statement: Vec<Statement>,
}

impl Document {
    /// A document of these statements.
    pub(super) fn new(statement: Vec<Statement>) -> Self {
        Self {
            version: "2012-10-17",
            statement,
        }
    }

    /// Its text, without white space.
    pub fn json(&self) -> String {
        // Cannot fail: there are only strings in it, and the keys of its maps are strings.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Its length as IAM counts it: characters, white space left out.
    pub fn size(&self) -> usize {
        size(&self.json())
    }

    #[cfg(test)]
    pub(super) fn statements(&self) -> &[Statement] {
        &self.statement
    }
}

/// The length of a policy's text as IAM counts it: characters, white space left out.
pub fn size(json: &str) -> usize {
    json.chars().filter(|c| !c.is_whitespace()).count()
}

/// The text of a policy as IAM answers it: percent-encoded.
pub(super) fn decode(encoded: &str) -> String {
    percent_encoding::percent_decode_str(encoded)
        .decode_utf8_lossy()
        .into_owned()
}

/// Whether two policies say the same: spaces, the order of members, and brackets around one text do not count.
pub(super) fn same(left: &str, right: &str) -> bool {
    let read = |text| serde_json::from_str(text).ok().map(without_brackets);
    left == right || read(left).is_some_and(|left| Some(left) == read(right))
}

fn without_brackets(value: Value) -> Value {
    match value {
        Value::Array(mut elements) if elements.len() == 1 => {
            without_brackets(elements.swap_remove(0))
        }
        Value::Array(elements) => elements.into_iter().map(without_brackets).collect(),
        Value::Object(members) => {
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(name, value)| (name, without_brackets(value)))
                    .collect(),
            )
        }
        other => other,
    }
}

/// Allows something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Statement {
    effect: &'static str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    principal: BTreeMap<&'static str, Texts>,
    action: Texts,
    #[serde(skip_serializing_if = "Texts::is_empty")]
    resource: Texts,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    condition: BTreeMap<&'static str, BTreeMap<String, Texts>>,
    /// Why it may change things on all resources without a condition, where it does.
    #[serde(skip)]
    reason: Option<&'static str>,
}

/// Allows these actions, to be continued with what on and when.
pub(super) fn allow(actions: &[&str]) -> Statement {
    Statement {
        effect: "Allow",
        principal: BTreeMap::new(),
        action: actions.iter().copied().collect(),
        resource: Texts::default(),
        condition: BTreeMap::new(),
        reason: None,
    }
}

impl Statement {
    /// Who it is for, in a trust policy.
    pub(super) fn to(mut self, kind: &'static str, principal: &str) -> Self {
        self.principal
            .insert(kind, [principal].into_iter().collect());
        self
    }

    /// On these resources.
    pub(super) fn on<T: Into<String>>(mut self, resources: impl IntoIterator<Item = T>) -> Self {
        self.resource = resources.into_iter().collect();
        self
    }

    /// On all resources: for actions that only look, or that have a condition.
    pub(super) fn on_all(self) -> Self {
        self.on(["*"])
    }

    /// On all resources although the actions change something, and why it has to be so.
    pub(super) fn on_all_because(mut self, reason: &'static str) -> Self {
        self.reason = Some(reason);
        self.on_all()
    }

    /// Only when the value of `key` is one of these, compared by `operator`. Several conditions must all hold.
    pub(super) fn when<T: Into<String>>(
        mut self,
        operator: &'static str,
        key: impl Into<String>,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        self.condition
            .entry(operator)
            .or_default()
            .insert(key.into(), values.into_iter().collect());
        self
    }

    #[cfg(test)]
    pub(super) fn is_explained(&self) -> bool {
        self.reason.is_some()
    }
}

/// One text or several; IAM takes one without brackets, as its documentation writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Texts(Vec<String>);

impl Texts {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Into<String>> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        Self(texts.into_iter().map(Into::into).collect())
    }
}

impl Serialize for Texts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_in_the_order_of_the_documentation() {
        let statement = allow(&["s3:GetObject"])
            .on(["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"])
            .when("StringEquals", "b", ["1"])
            .when("StringEquals", "a", ["2", "3"]);
        let document = Document::new(vec![statement]);
        let expected = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject",
            "Resource":["arn:aws:s3:::a/*","arn:aws:s3:::b/*"],
            "Condition":{"StringEquals":{"a":["2","3"],"b":"1"}}}]}"#;
        let expected: String = expected.split_whitespace().collect();
        assert_eq!(document.json(), expected);
        assert_eq!(document.size(), expected.len());
    }

    #[test]
    fn one_text_means_the_same_with_brackets() {
        assert!(same(r#"{"a":["x"],"b":1}"#, r#"{ "b": 1, "a": "x" }"#));
        assert!(!same(r#"{"a":["x","y"]}"#, r#"{"a":"x"}"#));
        assert!(!same("{", "}") && same("{", "{"));
        assert_eq!(decode("%7B%22a%22%3A%20%22x%2By%22%7D"), r#"{"a": "x+y"}"#);
    }

    #[test]
    fn white_space_does_not_count() {
        assert_eq!(size("{ \"ä\":\n1 }"), 7);
    }
}
