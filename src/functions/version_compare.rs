//! `version_compare`: which of two versions of Kubernetes, of an add-on or of an AMI is newer.

use std::cmp::Ordering;

use semver::Prerelease;
use tfplugin_rs::tf::{Attribute, Field, Function, Type, Value};

use super::{Called, text};

pub struct VersionCompare;

impl Function for VersionCompare {
    const NAME: &'static str = "version_compare";
    const SUMMARY: &'static str = "Tells which of two versions is newer: `-1`, `0` or `1`.";
    const DESCRIPTION: &'static str = "The result is `-1` when the first version is older, `0` when both are the same, \
        and `1` when the first is newer. Numbers are compared as numbers: `1.9` is older than `1.10`.\n\n\
        Takes Kubernetes versions (`1.33`), versions of add-ons (`v1.18.3-eksbuild.2`), releases of AMIs \
        (`1.33.0-20250519`, of Windows `1.33-2025.05.16`, of Bottlerocket `1.26.2-360b7a38`) and other semantic versions, \
        with or without the `v`. What is missing at the end is 0. A build of EKS is newer than the version that it is a \
        build of, which is where this departs from semantic versioning; a commit does not count, neither Bottlerocket's \
        nor that in `v1.33.1-eks-1de2ab1`, as nodes report it.";

    fn parameters() -> Vec<Attribute> {
        vec![
            String::attribute("a", "A version, such as `1.33` or `v1.18.3-eksbuild.2`."),
            String::attribute("b", "The version to compare it with."),
        ]
    }

    fn returns() -> Type {
        Type::Number
    }

    fn call(arguments: &[Value]) -> Called {
        let version = |place: usize, name: &str| {
            let text = text(arguments, place);
            let wrong = || {
                let text = format!(
                    "{name} must be a version such as \"1.33\" or \"v1.18.3-eksbuild.2\", got {text:?}."
                );
                (text, i64::try_from(place).ok())
            };
            Version::parse(text).ok_or_else(wrong)
        };
        let order = version(0, "a")?.cmp(&version(1, "b")?);
        Ok(Value::from(match order {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1_i64,
        }))
    }
}

/// A semantic version, and after it the build of EKS, without which it is older.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    released: semver::Version,
    build: Option<Prerelease>,
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (numbers, suffix) = text.split_once('-').unwrap_or((text, ""));
        let missing = ".0".repeat(2_usize.saturating_sub(numbers.matches('.').count()));
        let mut released = semver::Version::parse(&format!("{numbers}{missing}")).ok()?;
        // Semantic versioning has builds after a plus, and in no order.
        let build = match suffix {
            _ if !released.build.is_empty() => return None,
            _ if !text.contains('-') || is_commit(suffix) => None,
            build if build.starts_with("eksbuild.") => Some(Prerelease::new(build).ok()?),
            date if is_date(date) => Some(Prerelease::new(&without_leading_zeros(date)).ok()?),
            "" => return None,
            prerelease => {
                released.pre = Prerelease::new(prerelease).ok()?;
                None
            }
        };
        Some(Self { released, build })
    }
}

/// `20250519` of Linux AMIs, `2025.05.16` of Windows AMIs.
fn is_date(suffix: &str) -> bool {
    suffix.starts_with(|first: char| first.is_ascii_digit())
        && suffix.bytes().all(|it| it.is_ascii_digit() || it == b'.')
}

/// Of a date, since the parts of a semantic version have none.
fn without_leading_zeros(date: &str) -> String {
    let parts = date
        .split('.')
        .map(|part| match part.trim_start_matches('0') {
            "" if !part.is_empty() => "0",
            digits => digits,
        });
    parts.collect::<Vec<_>>().join(".")
}

/// What something was built from, which says nothing of its age: `eks-1de2ab1` of nodes, `360b7a38` of Bottlerocket's
/// AMIs. One of digits only looks like a date.
fn is_commit(suffix: &str) -> bool {
    let is_hash = suffix.len() == 8 && suffix.bytes().all(|it| it.is_ascii_hexdigit());
    suffix.starts_with("eks-") || is_hash && !is_date(suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(a: &str, b: &str) -> i64 {
        let result = VersionCompare::call(&[a.into(), b.into()]).unwrap();
        result.as_i64().unwrap()
    }

    #[test]
    fn newer_is_greater() {
        // From old to new.
        let ordered = [
            "1.9",
            "1.10",
            "v1.18.3-rc.1",
            "v1.18.3",
            "v1.18.3-eksbuild.1",
            "v1.18.3-eksbuild.2",
            "v1.18.3-eksbuild.10",
            "v1.18.4-eksbuild.1",
            "1.33",
            "1.33.0-20250519",
            "1.33.0-20250601",
            "1.33.1",
            "1.34",
            "1.34-2024.10.08",
            "1.34-2024.10.10",
            "1.34-2024.11.12",
            "1.34-2025.01.15",
            "2",
        ];
        for (place, a) in ordered.iter().enumerate() {
            for (other, b) in ordered.iter().enumerate() {
                let expected = place.cmp(&other) as i64;
                assert_eq!(compare(a, b), expected, "{a} and {b}");
            }
        }
    }

    #[test]
    fn spelling_makes_no_difference() {
        for (a, b) in [
            ("1.33", "v1.33.0"),
            ("v1.18.3-eksbuild.2", "1.18.3-eksbuild.2"),
            ("v1.33.1-eks-1de2ab1", "v1.33.1-eks-99"),
            ("v1.33.1-eks-1de2ab1", "1.33.1"),
            ("1.26.2-360b7a38", "1.26.2-f18b0a1c"),
            ("1.26.2-360b7a38", "1.26.2"),
        ] {
            assert_eq!(compare(a, b), 0, "{a} and {b}");
        }
    }

    #[test]
    fn blames_the_argument_that_is_no_version() {
        for wrong in [
            "",
            "latest",
            "1.33.",
            "1.33.0.1",
            "1.33-",
            "1.33-2024.",
            "vv1",
            "1.33.0+build.1",
            "01.2",
        ] {
            for (arguments, place) in [([wrong, "1.33"], 0), (["1.33", wrong], 1)] {
                let arguments = arguments.map(Value::from);
                let (text, argument) = VersionCompare::call(&arguments).unwrap_err();
                assert_eq!(argument, Some(place), "{wrong}");
                assert!(text.contains(&format!("{wrong:?}")), "{text}");
            }
        }
    }
}
