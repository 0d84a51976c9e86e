//! The External Secrets Operator: reads secrets of Secrets Manager and parameters of Systems Manager, and writes them
//! where `PushSecret` is used.
//!
//! It deletes only what carries its own tag.

use super::parameter::{KEYS, SECRETS, STORED_PARAMETERS, WRITES};
use super::{Optional, Parameters, Place, Policy, Statement, Workload, allow};

pub(super) const WORKLOAD: Workload = Workload {
    name: "external-secrets",
    what: "Reads secrets of Secrets Manager and parameters of the Parameter Store.",
    source: "https://external-secrets.io/latest/provider/aws-secrets-manager/#iam-policy",
    limits: "Deletes only what has the tag `managed-by = external-secrets`, which it sets on all it makes. `allow_write` includes the resource policies and replicas of secrets.",
    parameters: &[
        (&SECRETS, Optional("no secrets")),
        (&STORED_PARAMETERS, Optional("no parameters")),
        (&KEYS, Optional("those encrypted with AWS's keys only")),
        (&WRITES, Optional("they are only read")),
    ],
    any_of: &[&SECRETS, &STORED_PARAMETERS],
    service_accounts: &[("external-secrets", "external-secrets")],
    policies,
};

fn policies(given: &Parameters, _: &Place) -> Vec<Policy> {
    let writes = given.has(&WRITES);
    let mut statements = Vec::new();
    statements.extend(secrets(given.all(&SECRETS), writes));
    statements.extend(parameters(given.all(&STORED_PARAMETERS), writes));
    let keys = given.all(&KEYS);
    if !keys.is_empty() {
        // Standard parameters are encrypted by Encrypt, advanced ones and secrets with a data key:
        // https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
        let actions: &[&str] = match writes {
            true => &["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
            false => &["kms:Decrypt"],
        };
        statements.push(allow(actions).on(keys));
    }
    vec![Policy::inline(statements)]
}

fn secrets(arns: &[String], writes: bool) -> Vec<Statement> {
    if arns.is_empty() {
        return Vec::new();
    }
    let mut statements = vec![
        // Neither takes a resource; what is got is checked by GetSecretValue.
        allow(&[
            "secretsmanager:BatchGetSecretValue",
            "secretsmanager:ListSecrets",
        ])
        .on_all(),
        allow(&[
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetResourcePolicy",
            "secretsmanager:GetSecretValue",
            "secretsmanager:ListSecretVersionIds",
        ])
        .on(arns),
    ];
    if writes {
        // Since version 0.20.4 every push to a secret that is there begins with DeleteResourcePolicy, also where there is
        // no policy and none is wanted (external-secrets issue 6806).
        statements.push(
            allow(&[
                "secretsmanager:CreateSecret",
                "secretsmanager:DeleteResourcePolicy",
                "secretsmanager:PutResourcePolicy",
                "secretsmanager:PutSecretValue",
                "secretsmanager:RemoveRegionsFromReplication",
                "secretsmanager:ReplicateSecretToRegions",
                "secretsmanager:TagResource",
                "secretsmanager:UntagResource",
            ])
            .on(arns),
        );
        statements.push(allow(&["secretsmanager:DeleteSecret"]).on(arns).when(
            "StringEquals",
            "secretsmanager:ResourceTag/managed-by",
            ["external-secrets"],
        ));
    }
    statements
}

fn parameters(arns: &[String], writes: bool) -> Vec<Statement> {
    if arns.is_empty() {
        return Vec::new();
    }
    let mut statements = vec![
        allow(&["ssm:DescribeParameters"]).on_all(),
        allow(&[
            "ssm:GetParameter",
            "ssm:GetParameters",
            "ssm:GetParametersByPath",
            "ssm:ListTagsForResource",
        ])
        .on(arns),
    ];
    if writes {
        statements.push(
            allow(&[
                "ssm:AddTagsToResource",
                "ssm:PutParameter",
                "ssm:RemoveTagsFromResource",
            ])
            .on(arns),
        );
        statements.push(allow(&["ssm:DeleteParameter"]).on(arns).when(
            "StringEquals",
            "aws:ResourceTag/managed-by",
            ["external-secrets"],
        ));
    }
    statements
}
