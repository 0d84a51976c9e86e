//! Error answers: which status and which body members each EKS exception has.
//!
//! The members are those of the service model; AWS sends all of them, null when it has nothing to
//! say. (Captured:
//! `{"clusterName":"…","nodegroupName":null,"fargateProfileName":null,"addonName":null,"subscriptionId":null,
//! "message":"unsupported Kubernetes version"}` with `x-amzn-errortype:
//! InvalidParameterException`.)

use serde_json::{Map, Value};

use crate::kind::Key;

/// An error answer.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) cluster: Option<String>,
    /// In a box, as errors are handed up through many results.
    pub(crate) object: Option<Box<Key>>,
}

/// Name, HTTP status and body members (apart from `message`) of one exception of the service model.
struct Exception {
    code: &'static str,
    status: u16,
    members: &'static [&'static str],
}

const EXCEPTIONS: &[Exception] = &[
    Exception {
        code: "AccessDeniedException",
        status: 403,
        members: &[],
    },
    Exception {
        code: "BadRequestException",
        status: 400,
        members: &[],
    },
    Exception {
        code: "ClientException",
        status: 400,
        members: &[
            "clusterName",
            "nodegroupName",
            "addonName",
            "subscriptionId",
        ],
    },
    Exception {
        code: "InvalidParameterException",
        status: 400,
        members: &[
            "clusterName",
            "nodegroupName",
            "fargateProfileName",
            "addonName",
            "subscriptionId",
        ],
    },
    Exception {
        code: "InvalidRequestException",
        status: 400,
        members: &[
            "clusterName",
            "nodegroupName",
            "addonName",
            "subscriptionId",
        ],
    },
    Exception {
        code: "InvalidStateException",
        status: 400,
        members: &["clusterName"],
    },
    Exception {
        code: "NotFoundException",
        status: 404,
        members: &[],
    },
    Exception {
        code: "ResourceInUseException",
        status: 409,
        members: &["clusterName", "nodegroupName", "addonName"],
    },
    Exception {
        code: "ResourceLimitExceededException",
        status: 400,
        members: &["clusterName", "nodegroupName", "subscriptionId"],
    },
    Exception {
        code: "ResourceNotFoundException",
        status: 404,
        members: &[
            "clusterName",
            "nodegroupName",
            "fargateProfileName",
            "addonName",
            "subscriptionId",
        ],
    },
    Exception {
        code: "ResourcePropagationDelayException",
        status: 428,
        members: &[],
    },
    Exception {
        code: "ServerException",
        status: 500,
        members: &[
            "clusterName",
            "nodegroupName",
            "addonName",
            "subscriptionId",
        ],
    },
    Exception {
        code: "ServiceUnavailableException",
        status: 503,
        members: &[],
    },
    Exception {
        code: "ThrottlingException",
        status: 429,
        members: &["clusterName"],
    },
    // Not in the model, but what throttled callers of EKS report.
    Exception {
        code: "TooManyRequestsException",
        status: 429,
        members: &[],
    },
    Exception {
        code: "UnsupportedAvailabilityZoneException",
        status: 400,
        members: &["clusterName", "nodegroupName", "validZones"],
    },
];

impl ApiError {
    /// An error whose status follows from its code; a code EKS does not have gets 400.
    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        let status = exception(code).map_or(400, |exception| exception.status);
        ApiError {
            status,
            code: code.to_owned(),
            message: message.into(),
            cluster: None,
            object: None,
        }
    }

    pub(crate) fn invalid_parameter(message: impl Into<String>) -> Self {
        ApiError::new("InvalidParameterException", message)
    }

    pub(crate) fn invalid_request(message: impl Into<String>) -> Self {
        ApiError::new("InvalidRequestException", message)
    }

    pub(crate) fn in_use(message: impl Into<String>) -> Self {
        ApiError::new("ResourceInUseException", message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        ApiError::new("ResourceNotFoundException", message)
    }

    /// Names the object in the body's members, unless the error already does.
    pub(crate) fn about(mut self, cluster: Option<&str>, object: Option<&Key>) -> Self {
        self.cluster = self.cluster.or_else(|| cluster.map(str::to_owned));
        self.object = self.object.or_else(|| object.cloned().map(Box::new));
        self
    }

    pub(crate) fn body(&self) -> Value {
        let mut body = Map::new();
        for member in exception(&self.code).map_or(&[] as &[&str], |exception| exception.members) {
            let value = match *member {
                "clusterName" => self.cluster.clone(),
                member => self.named(member),
            };
            body.insert((*member).to_owned(), value.into());
        }
        body.insert("message".to_owned(), self.message.clone().into());
        Value::Object(body)
    }

    /// The name of the object, if the member is the one for its kind.
    fn named(&self, member: &str) -> Option<String> {
        let key = self.object.as_ref()?;
        let is_its = key.kind.traits().named_by.first() == Some(&member);
        is_its.then(|| key.name.clone())
    }
}

fn exception(code: &str) -> Option<&'static Exception> {
    EXCEPTIONS.iter().find(|exception| exception.code == code)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_body_has_every_member_of_the_exception() {
        let error = ApiError::not_found("No cluster found for name: x.").about(Some("x"), None);
        assert_eq!(error.status, 404);
        assert_eq!(
            error.body(),
            json!({
                "clusterName": "x", "nodegroupName": null, "fargateProfileName": null,
                "addonName": null,
                "subscriptionId": null, "message": "No cluster found for name: x."
            })
        );
    }
}
