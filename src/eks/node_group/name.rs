//! The name of a node group: how long it may be, and the prefix that it was made from.

use super::Model;
use crate::api::name::{SUFFIX, prefix_of};

/// Longest name that EKS takes.
pub(super) const MAX_NAME: usize = 63;
/// Longest prefix that leaves room for the suffix.
pub(super) const MAX_PREFIX: usize = MAX_NAME - SUFFIX;

/// AWS does not tell whether a name was made up, but the name does. A state with an ARN has been through this before.
pub(super) fn known_prefix(known: &Model, name: Option<&str>) -> Option<String> {
    let is_import = known.arn.is_none() && known.node_role_arn.is_empty();
    let told = || name.and_then(prefix_of).map(ToOwned::to_owned);
    known
        .node_group_name_prefix
        .clone()
        .or_else(|| is_import.then(told).flatten())
}
