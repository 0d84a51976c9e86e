//! The request shapes of capabilities, by the service model.

use crate::shape::Shape::{self, Flag, List, Object, OneOf, Pattern};
use crate::shape::{Member, TAGS, TEXT, TEXTS, optional, required};

const TYPES: Shape = OneOf(&["ACK", "KRO", "ARGOCD"]);

const PROPAGATION: Shape = OneOf(&["RETAIN"]);

const ROLE_MAPPINGS: Shape = List {
    of: &Object(&[
        required("role", OneOf(&["ADMIN", "EDITOR", "VIEWER"])),
        required(
            "identities",
            List {
                of: &Object(&[
                    required("id", TEXT),
                    required("type", OneOf(&["SSO_USER", "SSO_GROUP"])),
                ]),
                max: usize::MAX,
            },
        ),
    ]),
    max: usize::MAX,
};

const NETWORK_ACCESS: Shape = Object(&[optional("vpceIds", TEXTS)]);

const ACK: Shape = Object(&[
    optional("enableCrossNamespace", Flag),
    optional(
        "disabledServices",
        List {
            of: &Pattern {
                max: 63,
                pattern: "^[a-z][a-z0-9]*$",
                fits: is_service,
            },
            max: 200,
        },
    ),
]);

fn is_lower(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn is_service(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(is_lower)
}

fn is_prefix(text: &str) -> bool {
    !text.starts_with('-')
        && !text.ends_with('-')
        && text.bytes().all(|byte| byte == b'-' || is_lower(byte))
}

const ARGO_CD: Shape = Object(&[
    optional("namespace", TEXT),
    required(
        "awsIdc",
        Object(&[
            required("idcInstanceArn", TEXT),
            optional("idcRegion", TEXT),
        ]),
    ),
    optional("rbacRoleMappings", ROLE_MAPPINGS),
    optional("networkAccess", NETWORK_ACCESS),
    optional(
        "endpointPrefix",
        Pattern {
            max: 50,
            pattern: "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
            fits: is_prefix,
        },
    ),
]);

pub(super) const CREATE: &[Member] = &[
    // The characters are documented, the length is that of other names.
    required("capabilityName", Shape::Name { max: 100 }),
    optional("clientRequestToken", TEXT),
    required("type", TYPES),
    required("roleArn", TEXT),
    optional(
        "configuration",
        Object(&[optional("argoCd", ARGO_CD), optional("ack", ACK)]),
    ),
    optional("tags", TAGS),
    required("deletePropagationPolicy", PROPAGATION),
];

const ARGO_CD_UPDATE: Shape = Object(&[
    optional(
        "rbacRoleMappings",
        Object(&[
            optional("addOrUpdateRoleMappings", ROLE_MAPPINGS),
            optional("removeRoleMappings", ROLE_MAPPINGS),
        ]),
    ),
    optional("networkAccess", NETWORK_ACCESS),
]);

pub(super) const UPDATE: &[Member] = &[
    optional("roleArn", TEXT),
    optional(
        "configuration",
        Object(&[optional("argoCd", ARGO_CD_UPDATE), optional("ack", ACK)]),
    ),
    optional("clientRequestToken", TEXT),
    optional("deletePropagationPolicy", PROPAGATION),
];
