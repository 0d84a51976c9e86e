//! Who an IAM principal is in Kubernetes when nobody says otherwise.
//!
//! It does not know which principals exist.

use crate::aws::arn::Arn;

/// The user name that EKS gives to the principal of an entry of the type `STANDARD`; `None` where that is not documented.
///
/// Source: EKS user guide, "Set a custom username for EKS access entries". AWS takes the name when it is sent, too:
/// hashicorp/aws sends it back with every change of groups.
pub(super) fn default_user_name(principal_arn: &str) -> Option<String> {
    let arn: Arn = principal_arn.parse().ok()?;
    if arn.resource.starts_with("user/") {
        return Some(principal_arn.to_owned());
    }
    let path = arn.resource.strip_prefix("role/")?;
    let name = path.rsplit('/').next()?;
    let (partition, account) = (&arn.partition, &arn.account_id);
    Some(format!(
        "arn:{partition}:sts::{account}:assumed-role/{name}/{{{{SessionName}}}}"
    ))
}

#[cfg(test)]
mod tests {
    use super::default_user_name;

    #[test]
    fn roles_are_named_by_their_sessions_and_users_by_their_arn() {
        let name = |arn: &str| default_user_name(arn).unwrap_or_default();
        assert_eq!(
            name("arn:aws:iam::123456789012:role/admin"),
            "arn:aws:sts::123456789012:assumed-role/admin/{{SessionName}}"
        );
        assert_eq!(
            name("arn:aws-cn:iam::123456789012:role/aws-reserved/sso.amazonaws.com/admin"),
            "arn:aws-cn:sts::123456789012:assumed-role/admin/{{SessionName}}"
        );
        let user = "arn:aws:iam::123456789012:user/team/ann";
        assert_eq!(name(user), user);
        assert_eq!(default_user_name("arn:aws:iam::123456789012:root"), None);
    }
}
