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
        let actions: &[&str] = match writes {
            true => &["kms:Decrypt", "kms:GenerateDataKey"],
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
        statements.push(
            allow(&[
                "secretsmanager:CreateSecret",
                "secretsmanager:PutSecretValue",
                "secretsmanager:TagResource",
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
        statements.push(allow(&["ssm:AddTagsToResource", "ssm:PutParameter"]).on(arns));
        statements.push(allow(&["ssm:DeleteParameter"]).on(arns).when(
            "StringEquals",
            "aws:ResourceTag/managed-by",
            ["external-secrets"],
        ));
    }
    statements
}
