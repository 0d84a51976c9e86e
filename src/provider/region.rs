//! Which region the provider works in. Reads files, never the network.

use tfplugin_rs::tf::Value;

use super::block::Block;
use super::settings::{Environment, set};
use crate::aws::{
    region::{self, ProviderRegion},
    settings::Credentials,
};

/// The attributes that say which profile it is, which may have a region.
const PROFILE: [&str; 3] = ["profile", "shared_config_files", "shared_credentials_files"];

/// The region of the block, else that of the environment, else that of the profile. Where one of them is not known yet,
/// those after it do not count.
pub(super) async fn find(
    config: &Value,
    block: &Block,
    credentials: &Credentials,
    environment: &Environment,
) -> ProviderRegion {
    if config.get("region").is_unknown() {
        return ProviderRegion::Unknown;
    }
    if let Some(region) = set(&block.region) {
        return ProviderRegion::Known(region);
    }
    if let Some(region) = region::from_environment(|name| environment.get(name)) {
        return ProviderRegion::Known(region);
    }
    let is_open = |name: &&str| !config.get(name).is_wholly_known();
    if PROFILE.iter().any(is_open) {
        return ProviderRegion::Unknown;
    }
    let profile = credentials.profile.as_deref();
    let found = region::from_profile(profile, credentials.profile_files()).await;
    found.map_or(ProviderRegion::Absent, ProviderRegion::Known)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::aws::Settings;
    use crate::provider::tests::{block as given, settings, value};

    #[tokio::test]
    async fn takes_the_region_from_the_block_and_then_the_environment() {
        let region = |settings: Settings| settings.region;
        let known = |name: &str| ProviderRegion::Known(name.to_owned());
        let both = [
            ("AWS_REGION", "us-east-1"),
            ("AWS_DEFAULT_REGION", "us-east-2"),
        ];
        let block = value(&json!({"region": "eu-west-1"}));
        assert_eq!(region(settings(block, both).await), known("eu-west-1"));
        assert_eq!(
            region(settings(value(&json!({})), both).await),
            known("us-east-1")
        );
        let default = [("AWS_DEFAULT_REGION", "us-east-2")];
        assert_eq!(
            region(settings(value(&json!({})), default).await),
            known("us-east-2")
        );
        let block = given([("region", Value::unknown())]);
        assert_eq!(region(settings(block, both).await), ProviderRegion::Unknown);
    }

    #[tokio::test]
    async fn takes_the_region_from_the_profile() {
        let directory = std::env::temp_dir().join(format!("eks-profile-{}", std::process::id()));
        std::fs::write(&directory, "[profile work]\nregion = ap-south-1\n").unwrap();
        let block =
            json!({"profile": "work", "shared_config_files": [directory.to_str().unwrap()]});
        let region = settings(value(&block), []).await.region;
        std::fs::remove_file(&directory).unwrap();
        assert_eq!(region, ProviderRegion::Known("ap-south-1".to_owned()));
    }

    #[tokio::test]
    async fn a_region_is_absent_only_where_nothing_can_give_one() {
        let none = "/dev/null";
        let block = |more: Value| {
            let files = Value::list([none]);
            given([("shared_config_files", files), ("profile", more)])
        };
        let found = |block: Value| async { settings(block, []).await.region };
        assert_eq!(found(block(Value::Null)).await, ProviderRegion::Absent);
        assert_eq!(
            found(block(Value::unknown())).await,
            ProviderRegion::Unknown
        );
        let files = given([("shared_config_files", Value::list([Value::unknown()]))]);
        assert_eq!(found(files).await, ProviderRegion::Unknown);
        let known = [("AWS_REGION", "us-east-1")];
        let region = settings(block(Value::unknown()), known).await.region;
        assert_eq!(region, ProviderRegion::Known("us-east-1".to_owned()));
    }
}
