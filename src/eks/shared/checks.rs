//! Tests of single values that several EKS resources share, for `check(…)` in declarations.
//!
//! Limits are those of the EKS service model; where a test is stricter than AWS, it says why.

use ipnet::{IpNet, Ipv4Net};
use tfplugin_rs::tf::{Value, checks};

use crate::aws::arn::Arn;

type Outcome = Result<(), String>;

/// Private IPv4 ranges of RFC 1918, which EKS demands for Kubernetes services and remote networks.
const PRIVATE: [Ipv4Net; 3] = [
    Ipv4Net::new_assert(std::net::Ipv4Addr::new(10, 0, 0, 0), 8),
    Ipv4Net::new_assert(std::net::Ipv4Addr::new(172, 16, 0, 0), 12),
    Ipv4Net::new_assert(std::net::Ipv4Addr::new(192, 168, 0, 0), 16),
];

/// A cluster name: 1 to 100 characters.
pub fn cluster_name(value: &Value) -> Outcome {
    checks::matches(
        "^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$",
        "1 to 100 letters, digits, hyphens and underscores, beginning with a letter or digit",
    )(value)
}

/// A Kubernetes namespace: a DNS label. Source: Kubernetes, "Object Names and IDs".
pub fn namespace(value: &Value) -> Outcome {
    checks::matches(
        "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
        "the name of a Kubernetes namespace: 1 to 63 lower-case letters, digits and hyphens, with a letter or digit at \
         both ends",
    )(value)
}

/// The name of a Kubernetes service account: a DNS subdomain.
pub fn service_account(value: &Value) -> Outcome {
    checks::length(1..=253)(value)?;
    checks::matches(
        "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$",
        "the name of a Kubernetes service account: lower-case letters, digits, hyphens and dots, with a letter or digit \
         at both ends",
    )(value)
}

/// An ARN of an IAM role, of any partition and with any path.
pub fn role_arn(value: &Value) -> Outcome {
    checks::matches(
        "^arn:aws[a-z0-9-]*:iam::[0-9]{12}:role/.+$",
        "the ARN of an IAM role, such as \"arn:aws:iam::123456789012:role/name\"",
    )(value)
}

/// The id of a subnet.
pub fn subnet_id(value: &Value) -> Outcome {
    checks::matches(
        "^subnet-[0-9a-f]+$",
        "the id of a subnet, such as \"subnet-0123456789abcdef0\"",
    )(value)
}

/// An ARN of an IAM role or user, or of the root user of an account: who can have an access entry.
pub fn principal_arn(value: &Value) -> Outcome {
    let Some(text) = value.as_str() else {
        return Ok(());
    };
    let expected =
        "must be the ARN of an IAM role or user, such as \"arn:aws:iam::123456789012:role/name\"";
    let arn: Arn = text.parse().map_err(|_| expected)?;
    let session = arn.resource.strip_prefix("assumed-role/");
    match session.filter(|_| arn.service == "sts") {
        Some(session) => {
            let role = session.split('/').next().unwrap_or_default();
            let Arn {
                partition,
                account_id,
                ..
            } = &arn;
            Err(format!(
                "must be the ARN of the role and not of a session of it: \"arn:{partition}:iam::{account_id}:role/{role}\", \
                 with the path of the role if it has one (issuer_arn of the data source aws_iam_session_context)"
            ))
        }
        None if arn.service != "iam" => Err(expected.to_owned()),
        None => principal(&arn).then_some(()).ok_or(expected.to_owned()),
    }
}

fn principal(arn: &Arn) -> bool {
    let named = ["role/", "user/"].map(|kind| arn.resource.strip_prefix(kind));
    let mut names = named.into_iter().flatten();
    names.any(|name| !name.is_empty()) || arn.resource == "root"
}

/// An ARN of any service.
pub fn arn(value: &Value) -> Outcome {
    checks::matches(
        "^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:([0-9]{12}|aws)?:.+$",
        "an ARN, such as \"arn:aws:service:region:123456789012:resource\"",
    )(value)
}

/// An IPv4 or IPv6 block whose address has no bits behind the prefix: AWS would answer another text than was given,
/// which Terraform would show as a difference for ever.
pub fn cidr(value: &Value) -> Outcome {
    let Some(text) = value.as_str() else {
        return Ok(());
    };
    match text.parse::<IpNet>() {
        Ok(net) if net.trunc() == net => Ok(()),
        Ok(net) => Err(format!(
            "must begin at the first address of its block, which is \"{}\"",
            net.trunc()
        )),
        Err(_) => Err("must be a CIDR block such as \"203.0.113.0/24\"".to_owned()),
    }
}

/// An IPv4 block inside one of the private ranges of RFC 1918.
pub fn private_ipv4_cidr(value: &Value) -> Outcome {
    let Some(text) = value.as_str() else {
        return Ok(());
    };
    cidr(value)?;
    let private = |net: Ipv4Net| PRIVATE.iter().any(|range| range.contains(&net));
    match text.parse::<Ipv4Net>() {
        Ok(net) if private(net) => Ok(()),
        _ => Err(
            "must be an IPv4 CIDR block within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"
                .to_owned(),
        ),
    }
}

/// The addresses of Kubernetes services: private, and between /12 and /24.
pub fn service_ipv4_cidr(value: &Value) -> Outcome {
    private_ipv4_cidr(value)?;
    let prefix = value
        .as_str()
        .and_then(|text| text.parse::<Ipv4Net>().ok())
        .map(|net| net.prefix_len());
    match prefix.is_none_or(|length| (12..=24).contains(&length)) {
        true => Ok(()),
        false => Err("must have a prefix from /12 to /24".to_owned()),
    }
}

/// One of the values of an enum of AWS that grows: those that the SDK of this version knows.
pub fn one_of(known: &'static [&'static str]) -> impl Fn(&Value) -> Outcome + Send + Sync {
    move |value| match value.as_str().is_none_or(|text| known.contains(&text)) {
        true => Ok(()),
        false => Err(format!("must be one of {}", known.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(check: fn(&Value) -> Outcome, text: &str) -> bool {
        check(&text.into()).is_ok()
    }

    #[test]
    fn names_are_as_long_as_aws_allows() {
        assert!(ok(cluster_name, &"a".repeat(100)));
        assert!(ok(cluster_name, "0_a-B"));
        for name in ["", "-a", "_a", "a b", "a.b", &"a".repeat(101)] {
            assert!(!ok(cluster_name, name), "{name}");
        }
    }

    #[test]
    fn role_arns_are_of_any_partition() {
        assert!(ok(role_arn, "arn:aws:iam::123456789012:role/eks"));
        assert!(ok(
            role_arn,
            "arn:aws-us-gov:iam::123456789012:role/a/b/eks"
        ));
        for arn in [
            "eks",
            "arn:aws:iam::1:role/eks",
            "arn:aws:iam::123456789012:user/eks",
        ] {
            assert!(!ok(role_arn, arn), "{arn}");
        }
    }

    #[test]
    fn principals_are_roles_and_users() {
        for arn in [
            "arn:aws:iam::123456789012:role/team/admin",
            "arn:aws-cn:iam::123456789012:user/ann",
            "arn:aws:iam::123456789012:root",
        ] {
            assert!(ok(principal_arn, arn), "{arn}");
        }
        for arn in [
            "admin",
            "arn:aws:iam::123456789012:group/a",
            "arn:aws:iam::1:role/",
            "arn:aws:s3:::role/a",
        ] {
            assert!(!ok(principal_arn, arn), "{arn}");
        }
        let session = "arn:aws:sts::123456789012:assumed-role/admin/ann";
        let said = principal_arn(&session.into()).unwrap_err();
        assert!(
            said.contains("\"arn:aws:iam::123456789012:role/admin\""),
            "{said}"
        );
    }

    #[test]
    fn blocks_begin_where_they_begin() {
        assert!(ok(cidr, "0.0.0.0/0") && ok(cidr, "2001:db8::/32"));
        assert!(!ok(cidr, "10.0.0.0") && !ok(cidr, "10.0.0.0/33"));
        let said = cidr(&"10.1.2.3/8".into()).unwrap_err();
        assert!(said.ends_with("\"10.0.0.0/8\""), "{said}");
    }

    #[test]
    fn services_live_in_private_ranges() {
        assert!(ok(service_ipv4_cidr, "10.100.0.0/16"));
        assert!(ok(service_ipv4_cidr, "172.16.0.0/12"));
        for cidr in ["10.0.0.0/8", "10.0.0.0/25", "8.8.0.0/16", "fd00::/16"] {
            assert!(!ok(service_ipv4_cidr, cidr), "{cidr}");
        }
        assert!(ok(private_ipv4_cidr, "10.0.0.0/8") && ok(private_ipv4_cidr, "10.1.2.3/32"));
        assert!(service_ipv4_cidr(&Value::unknown()).is_ok());
    }
}
