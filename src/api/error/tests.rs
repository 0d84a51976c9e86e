//! What errors say, and what was cut short.

use super::*;

#[test]
fn lists_issues_with_their_resources() {
    let issue = Issue {
        advice: None,
        code: "NodeCreationFailure".to_owned(),
        message: "Instances failed to join the kubernetes cluster".to_owned(),
        resource_ids: vec!["i-0a".to_owned(), "i-0b".to_owned()],
    };
    let error = Error::new(
        "Waiting",
        "EKS node group demo/workers",
        ErrorKind::Failed,
        "it is CREATE_FAILED and not ACTIVE",
    )
    .with_issues(vec![issue])
    .with_request_id(Some("r-1".to_owned()));
    assert_eq!(
        error.to_string(),
        "Waiting for EKS node group demo/workers: it is CREATE_FAILED and not ACTIVE (request id r-1).\n  \
         - NodeCreationFailure: Instances failed to join the kubernetes cluster [i-0a, i-0b]"
    );
}

#[test]
fn what_was_cut_short_is_unfinished() {
    let error = |kind| Error::new("CreateCluster", "x", kind, "…");
    let refused = error(ErrorKind::NotActive);
    assert!(!tf::Error::from(refused.clone()).unfinished);
    assert!(tf::Error::from(refused.clone().interrupted()).unfinished);
    assert!(tf::Error::from(refused.out_of_time(Duration::from_secs(1))).unfinished);
}

/// Advice about the cause does not fit what became of it.
#[test]
fn what_was_cut_short_has_advice_of_its_own() {
    let error = Error::new("CreateCluster", "x", ErrorKind::NotPropagated, "no role");
    let error = error.with_advice(Some("Make the role.".into()));
    assert!(error.to_string().contains("Make the role."));
    for error in [
        error.clone().interrupted(),
        error.out_of_time(Duration::from_secs(60)),
    ] {
        assert!(!error.to_string().contains("Make the role."), "{error}");
    }
}

#[test]
fn an_issue_or_a_service_may_have_better_advice_than_the_kind() {
    let error = |kind| Error::new("CreateAddon", "demo", kind, "refused");
    let issue = Issue::default().with_advice(Some("Mend it."));
    let failed = error(ErrorKind::Failed)
        .with_issues(vec![issue])
        .to_string();
    assert!(failed.ends_with("\n\nMend it."), "{failed}");
    let refused = error(ErrorKind::InUse)
        .with_advice(Some("Wait.".into()))
        .to_string();
    assert!(refused.ends_with("\n\nWait."), "{refused}");
}
