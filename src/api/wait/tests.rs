//! What ends a wait, and how.

use std::collections::VecDeque;
use std::time::Duration;

use super::*;
use crate::api::testing::{Nowhere, call_for};

#[derive(Clone, Debug, PartialEq)]
struct Thing(&'static str);

impl Observed for Thing {
    fn status(&self) -> &str {
        self.0
    }

    fn issues(&self) -> Vec<Issue> {
        vec![Issue {
            code: "Ec2SubnetNotFound".to_owned(),
            message: "gone".to_owned(),
            resource_ids: vec!["subnet-1".to_owned()],
            advice: None,
        }]
    }
}

type Look = Result<Option<Thing>, ErrorKind>;

const WAIT: Wait<'static> = Wait {
    what: "EKS cluster",
    identity: "demo",
    pending: &["CREATING"],
    target: &["ACTIVE"],
};

/// Gives the looks in order, the last one for ever.
fn looks(
    looks: impl IntoIterator<Item = Look>,
) -> impl FnMut() -> std::future::Ready<Result<Option<Thing>, Error>> {
    let mut looks: VecDeque<_> = looks.into_iter().collect();
    move || {
        let look = match looks.len() {
            1 => looks[0].clone(),
            _ => looks.pop_front().unwrap(),
        };
        std::future::ready(look.map_err(|kind| Error::new("DescribeCluster", "demo", kind, "…")))
    }
}

fn cx() -> Call<Nowhere> {
    call_for(Duration::from_secs(1))
}

async fn wait(found: impl IntoIterator<Item = Look>) -> Result<Thing, Error> {
    until(&cx(), WAIT, looks(found)).await
}

#[tokio::test]
async fn ends_in_a_target_state() {
    let found = wait([
        Ok(None),
        Ok(Some(Thing("CREATING"))),
        Ok(Some(Thing("ACTIVE"))),
    ])
    .await;
    assert_eq!(found.unwrap(), Thing("ACTIVE"));
}

#[tokio::test]
async fn outlasts_transient_failures_to_look() {
    use ErrorKind::{ConnectionLost, Throttled, Unavailable, Unreachable};
    let failures = [Throttled, Unavailable, ConnectionLost, Unreachable].map(Err);
    let found = wait(failures.into_iter().chain([Ok(Some(Thing("ACTIVE")))])).await;
    assert!(found.is_ok());
}

#[tokio::test]
async fn fails_with_issues_in_any_other_state() {
    let error = wait([Ok(Some(Thing("FAILED")))]).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Failed);
    let text = error.to_string();
    assert!(text.contains("it is FAILED and not ACTIVE"), "{text}");
    assert!(
        text.contains("Ec2SubnetNotFound: gone [subnet-1]"),
        "{text}"
    );
}

#[tokio::test]
async fn fails_when_looking_fails_for_good() {
    let error = wait([
        Ok(Some(Thing("CREATING"))),
        Err(ErrorKind::ExpiredCredentials),
    ])
    .await;
    assert_eq!(*error.unwrap_err().kind(), ErrorKind::ExpiredCredentials);
}

#[tokio::test]
async fn is_unfinished_unless_the_object_failed_or_is_gone() {
    let creating = || Ok(Some(Thing("CREATING")));
    for (last, expected) in [
        (Err(ErrorKind::ExpiredCredentials), true),
        (Err(ErrorKind::AccessDenied), true),
        (Err(ErrorKind::NoCredentials), true),
        (Err(ErrorKind::Throttled), true),
        (creating(), true),
        (Ok(Some(Thing("FAILED"))), false),
        (Ok(None), false),
    ] {
        let cx = call_for(Duration::from_millis(50));
        let story = format!("{last:?}");
        let result = until(&cx, WAIT, looks([creating(), last])).await;
        let error = tfplugin_rs::tf::Error::from(result.unwrap_err());
        assert_eq!(error.unfinished, expected, "{story}: {error:?}");
    }
}

#[tokio::test]
async fn gives_a_new_object_time_to_appear_but_not_for_ever() {
    let late = std::iter::repeat_n(Ok(None), NOT_FOUND_GRACE as usize);
    assert!(wait(late.chain([Ok(Some(Thing("ACTIVE")))])).await.is_ok());
    let error = wait([Ok(None)]).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::NotFound);
    assert!(error.message().contains("does not find it"), "{error}");
}

#[tokio::test]
async fn notices_when_the_object_goes() {
    let error = wait([Ok(Some(Thing("CREATING"))), Ok(None)])
        .await
        .unwrap_err();
    assert_eq!(error.message(), "it is gone");
}

#[tokio::test]
async fn says_the_last_status_when_time_is_over() {
    let cx = call_for(Duration::from_millis(20));
    let error = until(&cx, WAIT, looks([Ok(Some(Thing("CREATING")))]))
        .await
        .unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::TimedOut);
    let text = error.to_string();
    assert!(text.contains("last status: CREATING"), "{text}");
    assert!(text.contains("timeouts {"), "{text}");
}

#[tokio::test]
async fn gives_up_a_look_that_hangs() {
    let cx = call_for(Duration::from_millis(20));
    let hang = || std::future::pending::<Result<Option<Thing>, Error>>();
    let error = until(&cx, WAIT, hang).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::TimedOut);
}

#[tokio::test]
async fn stops_on_request() {
    let cx = cx();
    cx.stop().request();
    let error = until(&cx, WAIT, looks([Ok(Some(Thing("CREATING")))]))
        .await
        .unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Interrupted);
}

#[tokio::test]
async fn waits_until_gone() {
    let wait = Wait {
        pending: &["ACTIVE", "DELETING"],
        target: &[],
        ..WAIT
    };
    let cx = cx();
    let going = [
        Ok(Some(Thing("ACTIVE"))),
        Ok(Some(Thing("DELETING"))),
        Ok(None),
    ];
    assert!(until_gone(&cx, wait, looks(going)).await.is_ok());
    let error = until_gone(&cx, wait, looks([Ok(Some(Thing("DELETE_FAILED")))])).await;
    let text = error.unwrap_err().to_string();
    assert!(text.contains("it is DELETE_FAILED and not gone"), "{text}");
}
