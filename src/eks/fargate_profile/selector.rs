//! Selectors: which pods a profile takes, by namespace and labels.
//!
//! What AWS would refuse is said before it is asked. Source: EKS user guide, "Define which Pods use AWS Fargate when
//! launched": five labels, and `*` and `?` in namespaces, label keys and label values.

use std::collections::BTreeMap;

use aws_sdk_eks::types as sdk;
use tfplugin_rs::model;
use tfplugin_rs::tf::Value;
use tfplugin_rs::tf::checks::{count, matches};

use crate::eks::shared::spelling::map;

type Outcome = Result<(), String>;

model! {
    /// Pods of a namespace, or those among them that have certain labels.
    pub struct Selector {
        /// Kubernetes namespace of the pods. `*` stands for any number of characters and `?` for one, as in `team-*`.
        pub namespace: String => check(namespace),
        /// Labels that the pods have, all of them; at most 5. Keys and values may have `*` and `?`, too.
        ///
        /// When absent, all pods of the namespace.
        pub labels: Option<BTreeMap<String, String>> => check(count(0..=5)) check(labels),
    }
}

/// Longest parts of labels, wildcards counted like any other character. Source: Kubernetes, "Labels and Selectors".
const MAX_PREFIX: usize = 253;
const MAX_WORD: usize = 63;

fn namespace(value: &Value) -> Outcome {
    matches(
        "^[a-z0-9*?]([a-z0-9*?-]{0,61}[a-z0-9*?])?$",
        "the name of a Kubernetes namespace, in which * and ? may stand for other characters",
    )(value)
}

fn labels(value: &Value) -> Outcome {
    let Value::Map(labels) = value else {
        return Ok(());
    };
    for (key, value) in labels {
        if !is_key(key) {
            return Err(format!(
                "must have keys as in Kubernetes, in which * and ? may stand for other characters, got {key:?}"
            ));
        }
        if value.is_null() || value.as_str().is_some_and(|text| !is_value(text)) {
            return Err(format!(
                "must have values as in Kubernetes, in which * and ? may stand for other characters, for {key:?}"
            ));
        }
    }
    Ok(())
}

/// A word, before which there may be a DNS name and a slash.
fn is_key(key: &str) -> bool {
    let (prefix, word) = key.split_once('/').unwrap_or(("*", key));
    let is_dns = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    is_word(prefix, MAX_PREFIX, |letter| {
        is_dns(letter) || "-.".contains(letter)
    }) && is_word(word, MAX_WORD, is_middle)
}

fn is_value(value: &str) -> bool {
    value.is_empty() || is_word(value, MAX_WORD, is_middle)
}

fn is_middle(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-_.".contains(letter)
}

/// Not empty, and with a letter, a digit or a wildcard at both ends.
fn is_word(word: &str, longest: usize, is_middle: impl Fn(char) -> bool) -> bool {
    let is_wildcard = |letter: char| "*?".contains(letter);
    let is_end = |letter: char| letter.is_ascii_alphanumeric() || is_wildcard(letter);
    word.len() <= longest
        && word
            .chars()
            .all(|letter| is_middle(letter) || is_wildcard(letter))
        && word.starts_with(is_end)
        && word.ends_with(is_end)
}

impl From<&Selector> for sdk::FargateProfileSelector {
    fn from(selector: &Selector) -> Self {
        let Selector { namespace, labels } = selector;
        let labels = labels.clone().filter(|labels| !labels.is_empty());
        Self::builder()
            .namespace(namespace)
            .set_labels(labels.map(|labels| labels.into_iter().collect()))
            .build()
    }
}

impl From<sdk::FargateProfileSelector> for Selector {
    fn from(selector: sdk::FargateProfileSelector) -> Self {
        Self {
            namespace: selector.namespace.unwrap_or_default(),
            labels: map(selector.labels),
        }
    }
}
