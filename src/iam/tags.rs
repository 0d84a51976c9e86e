//! Tags as IAM has them: each type of object has operations of its own.

use std::collections::BTreeMap;

use aws_sdk_iam::{Client, types as sdk};

use crate::api::Error;
use crate::aws::tags::{Difference, difference};
use crate::aws::{Call, TagsAll};
use crate::iam::errors::Answer;
use crate::kind::Tagging;

/// The tags, for requests that make something; `None` when there are none.
pub(super) fn for_create(all: &TagsAll) -> Option<Vec<sdk::Tag>> {
    Some(tags(all.for_create()?))
}

/// Tags as IAM takes them.
fn tags(tags: impl IntoIterator<Item = (String, String)>) -> Vec<sdk::Tag> {
    let tag = |(key, value)| {
        let tag = sdk::Tag::builder().key(key).value(value);
        // Fails without a key or a value only, and there are both.
        tag.build().ok()
    };
    tags.into_iter().filter_map(tag).collect()
}

/// The operations of a type of object: each has the same two, under names of its own.
macro_rules! tagging {
    ($(#[$doc:meta])* $of:ident by $key:ident: $tag:ident => $tagged:literal, $untag:ident => $untagged:literal) => {
        $(#[$doc])*
        pub struct $of;

        impl Tagging<Client> for $of {
            async fn update(
                cx: &Call,
                client: &Client,
                target: &str,
                prior: Option<&BTreeMap<String, String>>,
                planned: Option<&BTreeMap<String, String>>,
            ) -> Result<(), Error> {
                let Difference { set, remove } = difference(prior, planned, cx.ignored_tags());
                if !remove.is_empty() {
                    let request = client.$untag().$key(target).set_tag_keys(Some(remove));
                    request.send().await.to($untagged, target)?;
                }
                if !set.is_empty() {
                    let request = client.$tag().$key(target).set_tags(Some(tags(set)));
                    request.send().await.to($tagged, target)?;
                }
                Ok(())
            }
        }
    };
}

tagging! {
    /// Tags of a role, by its name.
    OfRole by role_name: tag_role => "TagRole", untag_role => "UntagRole"
}

tagging! {
    /// Tags of an OIDC provider, by its ARN.
    OfOidcProvider by open_id_connect_provider_arn:
        tag_open_id_connect_provider => "TagOpenIDConnectProvider",
        untag_open_id_connect_provider => "UntagOpenIDConnectProvider"
}
