//! Envelope encryption: what a configuration may be, and AssociateEncryptionConfig.

use serde_json::{Value, json};

use super::config::strings;
use super::{Change, check_updatable, replayed, shapes, start};
use crate::call::Call;
use crate::error::ApiError;
use crate::shape::check;

/// Checks a list of encryption configurations, which may be absent. The words are guesses.
pub(super) fn check_encryption(list: &Value) -> Result<(), ApiError> {
    for config in list.as_array().into_iter().flatten() {
        if strings(&config["resources"]) != ["secrets"] {
            let message = "The only supported resource in encryptionConfig is secrets";
            return Err(ApiError::invalid_parameter(message));
        }
        if config["provider"]["keyArn"]
            .as_str()
            .is_none_or(str::is_empty)
        {
            let message = "encryptionConfig must name the keyArn of its provider";
            return Err(ApiError::invalid_parameter(message));
        }
    }
    Ok(())
}

pub(super) fn associate(call: &mut Call) -> Result<Value, ApiError> {
    let name = call.path("name");
    check(shapes::ASSOCIATE_ENCRYPTION_CONFIG, &call.body)?;
    if let Some(answer) = replayed(call, "AssociateEncryptionConfig", &name)? {
        return Ok(answer);
    }
    let wanted = call.body["encryptionConfig"].clone();
    check_encryption(&wanted)?;
    let cluster = call.region().cluster(&name)?;
    check_updatable(cluster, "AssociateEncryptionConfig")?;
    if !cluster.document["encryptionConfig"].is_null() {
        // That it cannot be changed is documented, the exception and its words are guesses.
        let message = format!("Cluster {name} already has an encryption configuration");
        return Err(ApiError::invalid_request(message));
    }
    let change = Change {
        operation: "AssociateEncryptionConfig",
        kind: "AssociateEncryptionConfig",
        params: vec![("EncryptionConfig", wanted.to_string())],
        patch: json!({"encryptionConfig": wanted}),
    };
    start(call, &name, change)
}
