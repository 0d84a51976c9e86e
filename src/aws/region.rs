//! Regions: the one of the provider, and the `region` attribute that every object has.

use std::fmt;

use aws_config::profile::ProfileFileRegionProvider;
use aws_runtime::env_config::file::EnvConfigFiles;
use serde::{Deserialize, Serialize};
use tfplugin_rs::tf::{self, Attribute, Field, Plan, Shape, Type, Value};

use super::Context;

/// The `region` attribute of an object. Empty in a model means: not resolved yet.
///
/// Declared once: `region: Region` in a `model!` is optional and computed. Whether a change replaces the object is its kind's to say.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Region(Option<String>);

impl Region {
    pub const NAME: &'static str = "region";

    /// The region, when the object has one.
    pub fn as_deref(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The region where the object is. An object that was imported, or moved from a provider without this attribute,
    /// has none of its own yet: it was found in the provider's.
    #[must_use]
    pub fn resolved(&self, cx: &Context) -> Self {
        let found = cx.region_or(self.as_deref());
        found.map_or_else(|_| self.clone(), Self::from)
    }
}

impl From<&str> for Region {
    fn from(name: &str) -> Self {
        Self(Some(name.to_owned()))
    }
}

impl Field for Region {
    const OPTIONAL: bool = true;

    fn shape() -> Shape {
        Shape::Leaf(Type::String)
    }

    fn attribute(name: &str, description: &str) -> Attribute {
        Attribute::required(name, Self::shape(), description)
            .optional_computed()
            .keep()
            .check(check)
    }
}

/// Plans the region: as configured, else as it was, else the provider's.
///
/// # Errors
///
/// Nobody has said a region, which the apply would find out.
pub(crate) fn plan(provider: &ProviderRegion, plan: &mut Plan) -> tf::Result<()> {
    let is_placed = plan.prior.get(Region::NAME).as_str().is_some();
    let is_set = !plan.config.get(Region::NAME).is_null();
    if is_set || is_placed {
        return Ok(());
    }
    match provider {
        ProviderRegion::Unknown => plan.set_unknown(Region::NAME),
        known_or_absent => plan.set(Region::NAME, known_or_absent.require()?),
    }
    Ok(())
}

/// An import id, and the region that may follow it after `@`, as hashicorp/aws 6 has it (terraform-provider-aws#42771).
///
/// An id that ends like one by itself, such as that of an IAM user, is told apart by giving the region, too.
pub(super) fn split_import_id(id: &str) -> (&str, Option<&str>) {
    match id.rsplit_once('@') {
        Some((id, region)) if is_region(region) => (id, Some(region)),
        _ => (id, None),
    }
}

/// What is known about the provider's region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ProviderRegion {
    /// It is this.
    Known(String),
    /// It depends on something that does not exist yet.
    Unknown,
    /// Nobody has said.
    #[default]
    Absent,
}

impl ProviderRegion {
    /// The region.
    ///
    /// # Errors
    ///
    /// There is none, or not yet; the message says what to do.
    pub fn require(&self) -> tf::Result<&str> {
        match self {
            Self::Known(region) => Ok(region),
            Self::Unknown => Err(tf::Error::new(
                "The provider's region is not known yet: it depends on something that has not been applied. Apply \
                 that first (terraform apply -target=…), or give the region as a literal.",
            )),
            Self::Absent => Err(tf::Error::new(
                "No AWS region is configured. Set region in the provider block or on the resource, the environment \
                 variable AWS_REGION, or region in the profile of ~/.aws/config.",
            )),
        }
    }
}

/// The region that the environment gives.
pub(crate) fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION"))
}

/// The region that the profile gives, without asking the network.
pub(crate) async fn from_profile(
    profile: Option<&str>,
    files: Option<EnvConfigFiles>,
) -> Option<String> {
    let mut builder = ProfileFileRegionProvider::builder();
    if let Some(profile) = profile {
        builder = builder.profile_name(profile);
    }
    if let Some(files) = files {
        builder = builder.profile_files(files);
    }
    let provider = builder.build();
    let region = aws_config::meta::region::ProvideRegion::region(&provider).await?;
    Some(region.to_string())
}

/// AWS's partitions: separate clouds, each with its own ARNs and DNS suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    /// As in ARNs: `aws`, `aws-cn`.
    pub id: &'static str,
    /// As in host names: `amazonaws.com`.
    pub dns_suffix: &'static str,
    prefixes: &'static [&'static str],
}

/// From the partitions file of the AWS SDKs. The last one takes every region that is new to us.
const PARTITIONS: &[Partition] = &[
    Partition::new("aws-cn", "amazonaws.com.cn", &["cn-"]),
    Partition::new("aws-us-gov", "amazonaws.com", &["us-gov-"]),
    Partition::new("aws-iso-b", "sc2s.sgov.gov", &["us-isob-"]),
    Partition::new("aws-iso-e", "cloud.adc-e.uk", &["eu-isoe-"]),
    Partition::new("aws-iso-f", "csp.hci.ic.gov", &["us-isof-"]),
    Partition::new("aws-iso", "c2s.ic.gov", &["us-iso-"]),
    Partition::new("aws-eusc", "amazonaws.eu", &["eusc-"]),
    COMMERCIAL,
];

const COMMERCIAL: Partition = Partition::new(
    "aws",
    "amazonaws.com",
    &[
        "af-", "ap-", "ca-", "eu-", "il-", "me-", "mx-", "sa-", "us-",
    ],
);

impl Partition {
    const fn new(
        id: &'static str,
        dns_suffix: &'static str,
        prefixes: &'static [&'static str],
    ) -> Self {
        Self {
            id,
            dns_suffix,
            prefixes,
        }
    }

    /// The partition of a region.
    pub fn of(region: &str) -> Self {
        Self::find(region).unwrap_or(COMMERCIAL)
    }

    fn find(region: &str) -> Option<Self> {
        let has = |partition: &&Self| partition.prefixes.iter().any(|p| region.starts_with(p));
        PARTITIONS.iter().find(has).copied()
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

/// Tests that a value looks like a region: `eu-west-1`, `us-gov-west-1`.
///
/// A form and not a list, so that a region that opens tomorrow works today.
pub fn check(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else {
        return Ok(());
    };
    match is_region(text) {
        true => Ok(()),
        false => Err("must be an AWS region such as \"eu-west-1\"".to_owned()),
    }
}

fn is_region(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let is_word = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match parts.as_slice() {
        [words @ .., number] => {
            (2..=3).contains(&words.len())
                && words.iter().all(is_word)
                && is_number(number)
                && Partition::find(text).is_some()
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use tfplugin_rs::model;
    use tfplugin_rs::tf::{Model, Schema};

    use super::*;

    model! {
        /// Something somewhere.
        struct Thing {
            /// Where it is.
            pub region: Region,
        }
    }

    /// The region planned for a new object, or why there is none.
    fn planned(provider: &ProviderRegion, configured: Value) -> Result<Value, String> {
        let schema = Schema {
            attributes: Thing::attributes(),
            ..Schema::default()
        };
        let config = Value::object([(Region::NAME, configured)]);
        let mut plan = tf::plan(&schema, config.clone(), Value::Null, &config);
        super::plan(provider, &mut plan).map_err(|error| error.detail)?;
        Ok(plan.planned.get(Region::NAME).clone())
    }

    #[test]
    fn a_new_object_needs_a_region_that_is_or_will_be_known() {
        let known = ProviderRegion::Known("eu-west-1".to_owned());
        assert_eq!(planned(&known, Value::Null), Ok("eu-west-1".into()));
        let later = planned(&ProviderRegion::Unknown, Value::Null);
        assert!(later.unwrap().is_unknown());
        let never = planned(&ProviderRegion::Absent, Value::Null).unwrap_err();
        assert!(never.starts_with("No AWS region is configured."), "{never}");
        for configured in ["us-east-1".into(), Value::unknown()] {
            let own = planned(&ProviderRegion::Absent, configured);
            assert!(own.is_ok(), "{own:?}");
        }
    }

    #[test]
    fn knows_a_region_by_its_form() {
        for good in [
            "eu-west-1",
            "us-gov-west-1",
            "us-isob-east-1",
            "cn-north-1",
            "mx-central-1",
            "eusc-de-east-1",
        ] {
            assert!(is_region(good), "{good}");
        }
        for bad in [
            "",
            "eu-west",
            "eu-west-1a",
            "europe",
            "EU-WEST-1",
            "eu_west_1",
            "xx-west-1",
            "eu--1",
        ] {
            assert!(!is_region(bad), "{bad}");
        }
    }

    #[test]
    fn a_region_may_follow_an_import_id() {
        for (id, expected) in [
            ("demo", ("demo", None)),
            ("demo@eu-west-1", ("demo", Some("eu-west-1"))),
            (
                "demo:system@us-gov-west-1",
                ("demo:system", Some("us-gov-west-1")),
            ),
            // No region: what it is, the resource will say.
            ("demo@west", ("demo@west", None)),
            ("user/me@example.com", ("user/me@example.com", None)),
            (
                "user/me@eu-west-1@us-east-1",
                ("user/me@eu-west-1", Some("us-east-1")),
            ),
        ] {
            assert_eq!(split_import_id(id), expected);
        }
    }

    #[test]
    fn tells_partitions_apart() {
        for (region, partition) in [
            ("eu-west-1", "aws"),
            ("cn-north-1", "aws-cn"),
            ("us-gov-east-1", "aws-us-gov"),
            ("us-iso-east-1", "aws-iso"),
            ("us-isob-east-1", "aws-iso-b"),
            ("eusc-de-east-1", "aws-eusc"),
            ("zz-new-1", "aws"),
        ] {
            assert_eq!(Partition::of(region).id, partition, "{region}");
        }
    }
}
