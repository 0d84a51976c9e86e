//! Tags, of whatever kind of object an ARN names.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::call::{Call, Route, delete, get, post};
use crate::error::ApiError;
use crate::kind::Key;
use crate::state::{Region, Scope, World};
use crate::target::Target;

pub(crate) const ROUTES: &[Route] = &[
    get("ListTagsForResource", "/tags/{+resourceArn}", list),
    post("TagResource", "/tags/{+resourceArn}", add),
    delete("UntagResource", "/tags/{+resourceArn}", remove),
];

const MAX_TAGS: usize = 50;

pub(crate) type Tags = BTreeMap<String, String>;

/// The tags of a request body; anything but text has been refused before.
pub(crate) fn from_body(body: &Value) -> Tags {
    let pairs = body["tags"].as_object().into_iter().flatten();
    pairs
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

/// Checks tags, which may be absent. The rule is that of all AWS services, the words are a guess.
pub(crate) fn check_tags(tags: &Value) -> Result<(), String> {
    let reserved = |key: &&String| key.to_ascii_lowercase().starts_with("aws:");
    let keys = tags
        .as_object()
        .map(|tags| tags.keys())
        .into_iter()
        .flatten();
    match keys.into_iter().find(reserved) {
        Some(key) => Err(format!(
            "Tag key {key} is invalid: keys cannot start with aws:"
        )),
        None => Ok(()),
    }
}

/// What has the ARN: a cluster, or an object in it.
fn find(region: &Region, arn: &str) -> Option<(String, Option<Key>)> {
    region.clusters.values().find_map(|cluster| {
        let mut objects = cluster.objects.values();
        let object = objects.find(|object| object.arn() == arn);
        match object {
            Some(object) => Some((cluster.name.clone(), Some(object.key.clone()))),
            None => (cluster.document["arn"] == arn).then(|| (cluster.name.clone(), None)),
        }
    })
}

/// What has the ARN, as faults and the log see it. All that is known of an ARN nothing has is that
/// the cluster's name comes second in it.
pub(crate) fn target(world: &World, scope: &Scope, arn: &str) -> Target {
    let region = world.regions.get(scope);
    let target = match region.and_then(|region| find(region, arn)) {
        Some((cluster, Some(key))) => Target::object(key.kind, &cluster, &key.name),
        Some((cluster, None)) => Target::cluster(&cluster),
        None => Target {
            cluster: arn.split('/').nth(1).map(str::to_owned),
            ..Target::any()
        },
    };
    target.in_account(&scope.account).in_region(&scope.region)
}

/// The tags of the object whose ARN the path carries. The words of the refusals are guesses.
fn tags_of<'a>(call: &'a mut Call) -> Result<&'a mut Tags, ApiError> {
    let arn = call.path("resourceArn");
    if !arn.starts_with("arn:") {
        return Err(ApiError::new(
            "BadRequestException",
            format!("Invalid ARN: {arn}"),
        ));
    }
    let missing = || {
        ApiError::new(
            "NotFoundException",
            format!("No resource found for ARN {arn}"),
        )
    };
    let region = call.region();
    let (cluster, key) = find(region, &arn).ok_or_else(missing)?;
    let cluster = region.cluster(&cluster)?;
    match key {
        None => Ok(&mut cluster.tags),
        Some(key) => Ok(&mut cluster.object(&key)?.tags),
    }
}

fn list(call: &mut Call) -> Result<Value, ApiError> {
    Ok(json!({"tags": tags_of(call)?}))
}

fn add(call: &mut Call) -> Result<Value, ApiError> {
    let bad_request = |message: String| ApiError::new("BadRequestException", message);
    let members = [crate::shape::required("tags", crate::shape::TAGS)];
    crate::shape::check(&members, &call.body).map_err(|error| bad_request(error.message))?;
    check_tags(&call.body["tags"]).map_err(bad_request)?;
    let new = from_body(&call.body);
    let tags = tags_of(call)?;
    let mut after = tags.clone();
    after.extend(new);
    if after.len() > MAX_TAGS {
        return Err(bad_request(format!(
            "A resource can have at most {MAX_TAGS} tags"
        )));
    }
    *tags = after;
    Ok(json!({}))
}

fn remove(call: &mut Call) -> Result<Value, ApiError> {
    let keys = call.query_all("tagKeys");
    if keys.is_empty() {
        return Err(ApiError::new(
            "BadRequestException",
            "tagKeys must not be empty",
        ));
    }
    let tags = tags_of(call)?;
    keys.iter().for_each(|key| drop(tags.remove(key)));
    Ok(json!({}))
}
