//! Tags as EKS changes them: by ARN.

use std::collections::BTreeMap;

use aws_sdk_eks::Client;

use super::errors::Answer;
use crate::api::Error;
use crate::aws::Call;
use crate::aws::tags::{Difference, difference};
use crate::kind::Tagging;

/// Changed by ARN.
///
/// An empty ARN is refused by AWS: a state without one is a bug, and passing over the tags would hide it.
pub struct ByArn;

impl Tagging<Client> for ByArn {
    async fn update(
        cx: &Call,
        client: &Client,
        arn: &str,
        prior: Option<&BTreeMap<String, String>>,
        planned: Option<&BTreeMap<String, String>>,
    ) -> Result<(), Error> {
        let Difference { set, remove } = difference(prior, planned, cx.ignored_tags());
        if !remove.is_empty() {
            let request = client.untag_resource().resource_arn(arn);
            let answer = request.set_tag_keys(Some(remove)).send().await;
            answer.to("UntagResource", arn)?;
        }
        if !set.is_empty() {
            let request = client.tag_resource().resource_arn(arn);
            let request = request.set_tags(Some(set.into_iter().collect()));
            request.send().await.to("TagResource", arn)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::testing::{Answer, Replay};

    async fn changes(
        prior: &[(&str, &str)],
        planned: &[(&str, &str)],
        answers: usize,
    ) -> Vec<String> {
        let all = |tags: &[(&str, &str)]| {
            let tags = tags
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            tags.collect::<BTreeMap<_, _>>()
        };
        let replay = Replay::new(vec![Answer::Http(200, "", "{}".to_owned()); answers]);
        let cx = replay.call();
        let client = cx.eks(None).await.unwrap();
        let arn = "arn:aws:eks:eu-west-1:1:cluster/demo";
        let changed =
            ByArn::update(&cx, &client, arn, Some(&all(prior)), Some(&all(planned))).await;
        changed.unwrap();
        let strip = |request: String| request.split(" [").next().unwrap().to_owned();
        replay.requests().into_iter().map(strip).collect()
    }

    #[tokio::test]
    async fn sends_only_the_difference() {
        let prior = [("a", "1"), ("b", "1"), ("c", "1")];
        let planned = [("a", "1"), ("b", "2"), ("d", "1")];
        let requests = changes(&prior, &planned, 2).await;
        let base = "https://eks.eu-west-1.amazonaws.com/tags/arn%3Aaws%3Aeks%3Aeu-west-1%3A1%3Acluster%2Fdemo";
        assert_eq!(requests[0].trim_end(), format!("DELETE {base}?tagKeys=c"));
        let sets = &requests[1];
        assert!(sets.starts_with(&format!("POST {base} ")), "{sets}");
        assert!(
            sets.contains(r#""b":"2""#) && !sets.contains(r#""a""#),
            "{sets}"
        );
        assert!(changes(&prior, &prior, 0).await.is_empty());
    }
}
