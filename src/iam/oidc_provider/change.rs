//! The requests that change a provider. Each is sent only for what differs.

use std::collections::BTreeSet;

use aws_sdk_iam::Client;

use super::Model;
use crate::api::{Error, For, retry};
use crate::aws::Call;
use crate::iam::errors::Answer;

/// What IAM is asked again for.
const REASONS: [For; 3] = [For::NewlyMade, For::UpdateInProgress, For::LostAnswer];

/// A list as requests take it.
pub(super) fn list(texts: Option<&BTreeSet<String>>) -> Option<Vec<String>> {
    Some(texts?.iter().cloned().collect())
}

/// Changes client ids and thumbprints. What is added comes first: there must be a client at any time.
pub(super) async fn update(
    cx: &Call,
    client: &Client,
    (arn, prior, planned): (&str, &Model, &Model),
) -> Result<(), Error> {
    let none = BTreeSet::new();
    let had = prior.client_id_list.as_ref().unwrap_or(&none);
    let wanted = planned.client_id_list.as_ref().unwrap_or(had);
    for id in wanted.difference(had) {
        retry(cx, &REASONS, || add(client, arn, id)).await?;
    }
    for id in had.difference(wanted) {
        retry(cx, &REASONS, || remove(client, arn, id)).await?;
    }
    let wanted = planned.thumbprint_list.as_ref();
    if wanted.is_some() && wanted != prior.thumbprint_list.as_ref() {
        let request = || async {
            let request = client
                .update_open_id_connect_provider_thumbprint()
                .open_id_connect_provider_arn(arn)
                .set_thumbprint_list(list(wanted));
            let answer = request.send().await;
            answer.to("UpdateOpenIDConnectProviderThumbprint", arn)
        };
        retry(cx, &REASONS, request).await?;
    }
    Ok(())
}

async fn add(client: &Client, arn: &str, id: &str) -> Result<(), Error> {
    let request = client
        .add_client_id_to_open_id_connect_provider()
        .open_id_connect_provider_arn(arn)
        .client_id(id);
    let answer = request.send().await;
    answer
        .to("AddClientIDToOpenIDConnectProvider", arn)
        .map(drop)
}

async fn remove(client: &Client, arn: &str, id: &str) -> Result<(), Error> {
    let request = client
        .remove_client_id_from_open_id_connect_provider()
        .open_id_connect_provider_arn(arn)
        .client_id(id);
    let answer = request.send().await;
    answer
        .to("RemoveClientIDFromOpenIDConnectProvider", arn)
        .map(drop)
}
