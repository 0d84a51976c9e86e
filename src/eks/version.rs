//! Kubernetes versions as EKS writes them: `1.33`, a minor version without a patch.

use std::fmt;
use std::str::FromStr;

use tfplugin_rs::tf::Value;

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
    let ok = value
        .as_str()
        .is_none_or(|text| text.parse::<Version>().is_ok());
    match ok {
        true => Ok(()),
        false => {
            Err("must be a Kubernetes minor version such as \"1.33\", without a patch".to_owned())
        }
    }
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
    }

    #[test]
    fn patches_and_prefixes_are_refused() {
        for text in ["1.33.2", "v1.33", "1", "1.", "latest", "1.+3", ""] {
            assert!(is_version(&text.into()).is_err(), "{text}");
        }
        assert!(is_version(&Value::unknown()).is_ok());
    }
}
