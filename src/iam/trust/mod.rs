//! Trust policies: who may take a role. For service accounts by the cluster's OIDC provider (IRSA), and for EKS Pod
//! Identity.
//!
//! Must not know what the roles may do.

#[cfg(test)]
mod tests;

use std::fmt;

use serde_json::Value;

use super::document::{self, Document, allow};
use crate::aws::arn::Arn;

/// For whom the cluster makes the tokens: STS, by its global name in every partition.
///
/// Also in aws-cn, although STS answers at `sts.cn-north-1.amazonaws.com.cn` there: the audience is what the webhook of
/// EKS writes into the tokens, and `sts.amazonaws.com.cn` is answered with "Incorrect token audience"
/// (eksctl issue 1910, terraform-aws-eks issue 1704).
pub const AUDIENCE: &str = "sts.amazonaws.com";

/// The service that takes roles for pods with EKS Pod Identity, the same in every partition.
const POD_IDENTITY: &str = "pods.eks.amazonaws.com";

/// What a trust policy cannot be made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustError(String);

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An OIDC provider in IAM.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OidcProvider {
    arn: String,
    /// The issuer without `https://`, as condition keys and ARNs have it.
    issuer: String,
}

impl OidcProvider {
    /// The provider with this ARN.
    ///
    /// # Errors
    ///
    /// It is not the ARN of an OIDC provider.
    pub fn of_arn(text: &str) -> Result<Self, TrustError> {
        let found = text.parse::<Arn>().ok().filter(|arn| arn.service == "iam");
        let issuer = found.and_then(|arn| {
            let issuer = arn.resource.strip_prefix("oidc-provider/")?;
            (!issuer.is_empty()).then(|| issuer.to_owned())
        });
        match issuer {
            Some(issuer) => Ok(Self {
                arn: text.to_owned(),
                issuer,
            }),
            None => Err(TrustError(format!(
                "{text:?} is not the ARN of an OIDC provider, such as \
                 \"arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE\""
            ))),
        }
    }

    /// The provider that stands for an issuer in an account, whether it exists or not.
    pub fn of_issuer(partition: &str, account_id: &str, issuer: &str) -> Self {
        let issuer = issuer.strip_prefix("https://").unwrap_or(issuer);
        let issuer = issuer.trim_end_matches('/');
        Self {
            arn: format!("arn:{partition}:iam::{account_id}:oidc-provider/{issuer}"),
            issuer: issuer.to_owned(),
        }
    }

    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// Partition and account.
    pub fn home(&self) -> (String, String) {
        let arn = self.arn.parse::<Arn>();
        arn.map(|arn| (arn.partition, arn.account_id))
            .unwrap_or_default()
    }

    /// The issuer without `https://`.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }
}

/// A service account, or several by a pattern: `*` stands for any characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServiceAccount {
    namespace: String,
    name: String,
}

impl ServiceAccount {
    /// The service account `name` in `namespace`, either of them with `*` for any characters.
    ///
    /// # Errors
    ///
    /// Kubernetes takes no such name; the message begins with which of the two.
    pub fn new(namespace: &str, name: &str) -> Result<Self, TrustError> {
        check_namespace(namespace)?;
        check_name(name)?;
        Ok(Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        })
    }

    /// The one that tokens name like this.
    fn of_subject(subject: &str) -> Option<Self> {
        let account = subject.strip_prefix("system:serviceaccount:")?;
        let (namespace, name) = account.split_once(':')?;
        Self::new(namespace, name).ok()
    }

    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// As tokens name it.
    pub fn subject(&self) -> String {
        format!("system:serviceaccount:{}:{}", self.namespace, self.name)
    }

    fn is_pattern(&self) -> bool {
        self.namespace.contains('*') || self.name.contains('*')
    }
}

/// Tests a namespace: an RFC 1123 label, or a pattern of one.
///
/// # Errors
///
/// It is none.
pub fn check_namespace(text: &str) -> Result<(), TrustError> {
    match (1..=63).contains(&text.len()) && is_label(text) {
        true => Ok(()),
        false => Err(TrustError(format!(
            "namespace must be 1 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or \
             digit; * stands for any of them, got {text:?}"
        ))),
    }
}

/// Tests the name of a service account: an RFC 1123 subdomain, or a pattern of one.
///
/// # Errors
///
/// It is none.
pub fn check_name(text: &str) -> Result<(), TrustError> {
    match (1..=253).contains(&text.len()) && text.split('.').all(is_label) {
        true => Ok(()),
        false => Err(TrustError(format!(
            "name must be 1 to 253 lower-case letters, digits, hyphens and dots, beginning and ending with a letter or \
             digit; * stands for any of them, got {text:?}"
        ))),
    }
}

fn is_label(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'*';
    !text.is_empty() && !text.starts_with('-') && !text.ends_with('-') && text.bytes().all(allowed)
}

/// The trust policy for service accounts of clusters: one statement for each OIDC provider, as
/// [EKS documents it](https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html).
///
/// # Errors
///
/// There is no provider or no service account: nobody could take the role.
pub fn irsa(
    providers: &[OidcProvider],
    service_accounts: &[ServiceAccount],
) -> Result<Document, TrustError> {
    if providers.is_empty() {
        return Err(TrustError(
            "at least one OIDC provider is needed".to_owned(),
        ));
    }
    if service_accounts.is_empty() {
        return Err(TrustError(
            "at least one service account is needed".to_owned(),
        ));
    }
    // Two operators over the same key must both hold, so one pattern makes patterns of all.
    let by_pattern = service_accounts.iter().any(ServiceAccount::is_pattern);
    let operator = match by_pattern {
        true => "StringLike",
        false => "StringEquals",
    };
    let statement = |provider: &OidcProvider| {
        let subjects = service_accounts.iter().map(ServiceAccount::subject);
        allow(&["sts:AssumeRoleWithWebIdentity"])
            .to("Federated", &provider.arn)
            .when(
                "StringEquals",
                format!("{}:aud", provider.issuer),
                [AUDIENCE],
            )
            .when(operator, format!("{}:sub", provider.issuer), subjects)
    };
    Ok(Document::new(providers.iter().map(statement).collect()))
}

/// What a trust policy was made of, if [`irsa`] makes the same of it: so an imported role fits its configuration.
pub(super) fn read(text: &str) -> Option<(Vec<OidcProvider>, Vec<ServiceAccount>)> {
    let document: Value = serde_json::from_str(text).ok()?;
    let statements = match document.get("Statement")? {
        Value::Array(statements) => statements.iter().collect(),
        one => vec![one],
    };
    let provider = |statement: &&Value| {
        let arn = statement.pointer("/Principal/Federated")?.as_str()?;
        OidcProvider::of_arn(arn).ok()
    };
    let providers: Vec<_> = statements.iter().map(provider).collect::<Option<_>>()?;
    let subject = format!("{}:sub", providers.first()?.issuer);
    let conditions = statements.first()?.get("Condition")?;
    let subjects = ["StringEquals", "StringLike"]
        .iter()
        .find_map(|operator| conditions.get(operator)?.get(&subject))?;
    let subjects = match subjects {
        Value::Array(subjects) => subjects.iter().collect(),
        one => vec![one],
    };
    let account = |subject: &&Value| ServiceAccount::of_subject(subject.as_str()?);
    let accounts: Vec<_> = subjects.iter().map(account).collect::<Option<_>>()?;
    let made = irsa(&providers, &accounts).ok()?;
    document::same(text, &made.json()).then_some((providers, accounts))
}

/// The trust policy for EKS Pod Identity, as
/// [EKS documents it](https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html).
///
/// Nothing narrows it down: any association in the account that names the role may take it.
pub fn pod_identity() -> Document {
    let actions = ["sts:AssumeRole", "sts:TagSession"];
    Document::new(vec![allow(&actions).to("Service", POD_IDENTITY)])
}
