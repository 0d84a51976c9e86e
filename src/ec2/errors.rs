//! What EC2's error codes mean. The only place that reads them.

use crate::api::ErrorKind;
use crate::aws::error::{Meaning, Refusal};

crate::aws::answers! {
    /// Answers of EC2.
    aws_sdk_ec2, classify
}

fn classify(refusal: &Refusal<'_>) -> Option<Meaning> {
    let kind = match refusal.code {
        "DependencyViolation" => ErrorKind::InUse,
        "InsufficientInstanceCapacity" | "InsufficientFreeAddressesInSubnet" => {
            ErrorKind::NoFreeCapacity
        }
        _ => return None,
    };
    Some(kind.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_codes() {
        for (code, expected) in [
            ("DependencyViolation", ErrorKind::InUse),
            (
                "InsufficientFreeAddressesInSubnet",
                ErrorKind::NoFreeCapacity,
            ),
        ] {
            let refusal = Refusal {
                operation: "DeleteVpc",
                code,
                message: "…",
            };
            assert_eq!(classify(&refusal), Some(expected.into()), "{code}");
        }
    }
}
