//! Kubernetes versions as EKS writes them: `1.33`, a minor version without a patch; and which of them EKS tells of.

use std::fmt;
use std::str::FromStr;

use aws_sdk_eks::operation::describe_cluster_versions::builders::DescribeClusterVersionsFluentBuilder;
use aws_sdk_eks::types as sdk;
use tfplugin_rs::tf::Value;

use super::errors::Answer;
use crate::api;

/// A minor version of Kubernetes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    major: u32,
    minor: u32,
}

/// The text is no minor version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidVersion;

impl Version {
    /// The minor version that follows.
    #[must_use]
    pub fn next(self) -> Self {
        Self {
            minor: self.minor + 1,
            ..self
        }
    }

    /// The minor version before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self {
            minor: self.minor.saturating_sub(1),
            ..self
        }
    }

    /// The version of a value, when it is known and well-formed.
    pub fn of(value: &Value) -> Option<Self> {
        value.as_str()?.parse().ok()
    }
}

impl FromStr for Version {
    type Err = InvalidVersion;

    fn from_str(text: &str) -> Result<Self, InvalidVersion> {
        // `u32::from_str` would take a sign, too.
        let number = |text: &str| match text.bytes().all(|byte| byte.is_ascii_digit()) {
            true => text.parse().map_err(|_| InvalidVersion),
            false => Err(InvalidVersion),
        };
        let (major, minor) = text.split_once('.').ok_or(InvalidVersion)?;
        Ok(Self {
            major: number(major)?,
            minor: number(minor)?,
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// For `check(…)`: a minor version.
pub fn is_version(value: &Value) -> Result<(), String> {
    let expected = match value.as_str().map(str::parse::<Version>) {
        // EKS began with 1.10, so this has lost a zero.
        Some(Ok(Version { major: 1, minor })) if minor < 10 => {
            "must be a Kubernetes minor version in quotes, because 1.30 without them is the number 1.3"
        }
        None | Some(Ok(_)) => return Ok(()),
        Some(Err(InvalidVersion)) => {
            "must be a Kubernetes minor version such as \"1.33\", without a patch"
        }
    };
    Err(expected.to_owned())
}

/// The versions that a request is answered with, from all pages.
///
/// # Errors
///
/// AWS refuses.
pub async fn describe(
    request: DescribeClusterVersionsFluentBuilder,
) -> api::Result<Vec<sdk::ClusterVersionInformation>> {
    let mut pages = request.into_paginator().send();
    let mut versions = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.to("DescribeClusterVersions", "")?;
        versions.extend(page.cluster_versions.into_iter().flatten());
    }
    Ok(versions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_number() {
        let version = |text: &str| text.parse::<Version>().unwrap();
        assert!(version("1.9") < version("1.10"));
        assert_eq!(version("1.33").next(), version("1.34"));
        assert_eq!(version("1.33").next().to_string(), "1.34");
        assert_eq!(version("1.33").previous(), version("1.32"));
    }

    #[test]
    fn patches_and_prefixes_are_refused() {
        for text in ["1.33.2", "v1.33", "1", "1.", "latest", "1.+3", ""] {
            assert!(is_version(&text.into()).is_err(), "{text}");
        }
        assert!(is_version(&Value::unknown()).is_ok());
    }

    #[test]
    fn a_version_without_quotes_is_noticed() {
        let expected = "must be a Kubernetes minor version in quotes, because 1.30 without them is the number 1.3";
        assert_eq!(is_version(&"1.3".into()), Err(expected.to_owned()));
        assert_eq!(is_version(&"1.10".into()), Ok(()));
    }
}
