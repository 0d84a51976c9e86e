//! Kubernetes versions as EKS offers them, and DescribeClusterVersions.
//!
//! A snapshot of late 2026. The ends of support up to 1.35 are those of AWS's calendar; which version
//! is the default, release dates, platform, patch and AMI versions, and all of 1.36 are plausible
//! rather than true.

use serde_json::{Value, json};

use crate::call::{Call, Route, get, page_of_values};
use crate::error::ApiError;

pub(crate) const ROUTES: &[Route] = &[get(
    "DescribeClusterVersions",
    "/cluster-versions",
    describe_versions,
)];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Support {
    Unsupported,
    Extended,
    Standard,
}

/// One minor version of Kubernetes.
pub(crate) struct Version {
    pub(crate) version: &'static str,
    pub(crate) platform_version: &'static str,
    /// The patch release that control planes and AMIs of this version run.
    pub(crate) patch: &'static str,
    support: Support,
    /// Release, end of standard support, end of extended support; seconds since the epoch.
    dates: [u64; 3],
}

const DEFAULT: &str = "1.35";

/// The date in the release version of the newest AMIs, and of the ones before.
const AMI_DATE: &str = "20261105";

const VERSIONS: &[Version] = &[
    version(
        "1.36",
        "eks.5",
        "1.36.2",
        Support::Standard,
        [1781049600, 1817769600, 1849305600],
    ),
    version(
        "1.35",
        "eks.11",
        "1.35.4",
        Support::Standard,
        [1769558400, 1806105600, 1837728000],
    ),
    version(
        "1.34",
        "eks.18",
        "1.34.7",
        Support::Standard,
        [1759363200, 1796169600, 1827705600],
    ),
    version(
        "1.33",
        "eks.25",
        "1.33.11",
        Support::Extended,
        [1748476800, 1785283200, 1816819200],
    ),
    version(
        "1.32",
        "eks.32",
        "1.32.13",
        Support::Extended,
        [1737590400, 1774224000, 1805760000],
    ),
    version(
        "1.31",
        "eks.46",
        "1.31.14",
        Support::Extended,
        [1727308800, 1764115200, 1795651200],
    ),
    version(
        "1.30",
        "eks.57",
        "1.30.14",
        Support::Unsupported,
        [1716422400, 1753228800, 1784764800],
    ),
    version(
        "1.29",
        "eks.60",
        "1.29.15",
        Support::Unsupported,
        [1705968000, 1742688000, 1774224000],
    ),
];

const fn version(
    version: &'static str,
    platform_version: &'static str,
    patch: &'static str,
    support: Support,
    dates: [u64; 3],
) -> Version {
    Version {
        version,
        platform_version,
        patch,
        support,
        dates,
    }
}

/// The version a new cluster gets when it asks for none.
pub(crate) fn default() -> &'static Version {
    VERSIONS
        .iter()
        .find(|version| version.version == DEFAULT)
        .unwrap_or(&VERSIONS[0])
}

/// A version that clusters can have. Known text.
pub(crate) fn find(wanted: &str) -> Result<&'static Version, ApiError> {
    VERSIONS
        .iter()
        .find(|version| version.version == wanted && version.support != Support::Unsupported)
        .ok_or_else(|| ApiError::invalid_parameter("unsupported Kubernetes version"))
}

/// The minor number of a version such as 1.34.
pub(crate) fn minor(version: &str) -> Option<u32> {
    version.split('.').nth(1)?.parse().ok()
}

/// The newest AMI release for a version.
pub(crate) fn newest_release(version: &str) -> String {
    let found = VERSIONS.iter().find(|known| known.version == version);
    let patch = found.map_or(version, |known| known.patch);
    format!("{patch}-{AMI_DATE}")
}

impl Support {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Support::Unsupported => ("unsupported", "UNSUPPORTED"),
            Support::Extended => ("extended-support", "EXTENDED_SUPPORT"),
            Support::Standard => ("standard-support", "STANDARD_SUPPORT"),
        }
    }
}

impl Version {
    pub(crate) fn is_in_extended_support(&self) -> bool {
        self.support == Support::Extended
    }

    fn describe(&self) -> Value {
        let [release, standard_end, extended_end] = self.dates;
        let (status, version_status) = self.support.names();
        json!({
            "clusterVersion": self.version,
            "clusterType": "eks",
            "defaultPlatformVersion": self.platform_version,
            "defaultVersion": self.version == DEFAULT,
            "releaseDate": release,
            "endOfStandardSupportDate": standard_end,
            "endOfExtendedSupportDate": extended_end,
            "status": status,
            "versionStatus": version_status,
            "kubernetesPatchVersion": self.patch,
        })
    }
}

fn describe_versions(call: &mut Call) -> Result<Value, ApiError> {
    let flag = |name: &str| call.query(name).as_deref() == Some("true");
    let (default_only, all) = (flag("defaultOnly"), flag("includeAll"));
    let named = call.query_all("clusterVersions");
    let (old, new) = (call.query("status"), call.query("versionStatus"));
    let wanted = |version: &&Version| {
        let (status, version_status) = version.support.names();
        let asked = named.iter().any(|name| name == version.version);
        let filtered = old.is_some() || new.is_some();
        (named.is_empty() || asked)
            && (!default_only || version.version == DEFAULT)
            && old.as_deref().is_none_or(|wanted| wanted == status)
            && new.as_deref().is_none_or(|wanted| wanted == version_status)
            && (all || asked || filtered || version.support != Support::Unsupported)
    };
    let versions = VERSIONS
        .iter()
        .filter(wanted)
        .map(Version::describe)
        .collect();
    page_of_values(call, "clusterVersions", versions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_supported_versions_are_found() {
        assert_eq!(default().version, DEFAULT);
        assert!(find("1.33").is_ok());
        assert!(find("1.30").is_err() && find("1.99").is_err() && find("").is_err());
    }

    #[test]
    fn releases_start_with_the_patch_version() {
        assert_eq!(newest_release("1.34"), "1.34.7-20261105");
        assert_eq!(minor("1.34"), Some(34));
    }
}
