//! The requests that make and change a provider. Each is sent only for what differs.

use std::collections::BTreeSet;

use aws_sdk_iam::Client;
use tfplugin_rs::tf::{self, Resource};

use super::{Model, OidcProvider};
use crate::aws::creation::{self, Attempts, Beginning, Existing, Made};
use crate::aws::lost::LostAnswers;
use crate::aws::{Answer, Call, Error, For, Found, retry};

/// What IAM is asked again for.
const REASONS: [For; 3] = [For::NewlyMade, For::UpdateInProgress, For::LostAnswer];

/// Makes the provider. Gives its ARN, and whether it is new: it may have been taken over.
pub(super) async fn create(
    cx: &Call,
    client: &Client,
    planned: &Model,
) -> tf::Result<(String, bool)> {
    let url = planned.url.as_deref().unwrap_or_default();
    let lost = LostAnswers::default();
    let watched = lost.watch_iam(client);
    let beginning = Beginning::now(lost);
    let request = || async {
        let request = watched
            .create_open_id_connect_provider()
            .url(url)
            .set_client_id_list(list(planned.client_id_list.as_ref()))
            .set_thumbprint_list(list(planned.thumbprint_list.as_ref()))
            .set_tags(planned.tags_all.for_iam());
        let answer = request.send().await;
        answer.object("CreateOpenIDConnectProvider", url, |it| {
            it.open_id_connect_provider_arn
        })
    };
    let reasons = [For::UpdateInProgress, For::LostAnswer];
    let error = match retry(cx, &reasons, request).await {
        Ok(arn) => return Ok((arn, true)),
        Err(error) => error,
    };
    let adopts = planned.adopt_existing == Some(true);
    let existing = Existing {
        look: || of_url(client, url),
        is_ours: |(_, found): &(String, super::Provider), attempts: Attempts| {
            attempts.may_have_made(found.create_date())
        },
        theirs: |found: Option<(String, super::Provider)>| match found {
            Some(found) if adopts => Ok(found),
            found => Err(not_ours(cx, planned, found.map(|(arn, _)| arn))),
        },
    };
    Ok(match beginning.settle(cx, error, existing).await? {
        Made::New((arn, _)) => (arn, true),
        Made::Found((arn, _)) => (arn, false),
    })
}

fn list(texts: Option<&BTreeSet<String>>) -> Option<Vec<String>> {
    Some(texts?.iter().cloned().collect())
}

/// The provider of an issuer. Its ARN ends with it, and begins with an account that need not be known.
async fn of_url(
    client: &Client,
    url: &str,
) -> Result<Option<Found<(String, super::Provider)>>, Error> {
    let issuer = url.strip_prefix("https://").unwrap_or(url);
    let end = format!(":oidc-provider/{issuer}");
    let answer = client.list_open_id_connect_providers().send().await;
    let listed = answer.to("ListOpenIDConnectProviders", url)?;
    let arns = listed.open_id_connect_provider_list().iter();
    let mut arns = arns.filter_map(|provider| provider.arn());
    let Some(arn) = arns.find(|arn| arn.ends_with(&end)) else {
        return Ok(None);
    };
    let found = super::find(client, arn).await?;
    Ok(found.map(|found| found.map(|provider| (arn.to_owned(), provider))))
}

fn not_ours(cx: &Call, planned: &Model, arn: Option<String>) -> tf::Error {
    let url = planned.url.as_deref().unwrap_or_default();
    let there_is = format!("There is already an IAM OIDC provider for {url}");
    let arn = arn.unwrap_or_else(|| "<ARN of the provider>".to_owned());
    let id = (OidcProvider::NAME, arn);
    let otherwise = "Set adopt_existing = true";
    creation::not_ours(cx, &planned.region, id, there_is, otherwise)
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
