//! Operations and calls of them: where a route is found, what a handler gets to see, how lists are
//! paged.
//!
//! It knows nothing of sockets, signatures or faults.

use std::time::Duration;

use axum::http::Method;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::kind::{Key, Kind};
use crate::state::{Region, Scope, World};
use crate::target::Target;

/// What carries out an operation.
type Handler = fn(&mut Call) -> Result<Value, ApiError>;

/// An operation and where it is found. A segment in braces takes any one path segment, `{+…}` all
/// that follow.
pub(crate) struct Route {
    pub(crate) operation: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) handler: Handler,
}

pub(crate) const fn get(operation: &'static str, path: &'static str, handler: Handler) -> Route {
    Route {
        operation,
        method: Method::GET,
        path,
        handler,
    }
}

pub(crate) const fn post(operation: &'static str, path: &'static str, handler: Handler) -> Route {
    Route {
        operation,
        method: Method::POST,
        path,
        handler,
    }
}

pub(crate) const fn delete(operation: &'static str, path: &'static str, handler: Handler) -> Route {
    Route {
        operation,
        method: Method::DELETE,
        path,
        handler,
    }
}

impl Route {
    /// The path parameters, decoded, when the path is this route's.
    pub(crate) fn parameters(
        &self,
        method: &Method,
        path: &str,
    ) -> Option<Vec<(&'static str, String)>> {
        if self.method != *method {
            return None;
        }
        let mut segments = path.trim_matches('/').split('/');
        let mut parameters = Vec::new();
        for expected in self.path.trim_matches('/').split('/') {
            match expected
                .strip_prefix('{')
                .and_then(|name| name.strip_suffix('}'))
            {
                Some(name) if name.starts_with('+') => {
                    let rest: Vec<&str> = segments.by_ref().collect();
                    parameters.push((name.trim_start_matches('+'), decode(&rest.join("/"))));
                }
                Some(name) => parameters.push((name, decode(segments.next()?))),
                None if segments.next() == Some(expected) => {}
                None => return None,
            }
        }
        segments.next().is_none().then_some(parameters)
    }
}

fn decode(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

/// One request, as handlers see it.
pub(crate) struct Call<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) scope: Scope,
    /// The JSON body; an empty object when there was none.
    pub(crate) body: Value,
    pub(crate) path: Vec<(&'static str, String)>,
    pub(crate) query: Vec<(String, String)>,
}

impl Call<'_> {
    /// A path parameter; empty if the route has none of that name.
    pub(crate) fn path(&self, name: &str) -> String {
        let found = self.path.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// The first query parameter of that name.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        self.query_all(name).into_iter().next()
    }

    pub(crate) fn query_all(&self, name: &str) -> Vec<String> {
        let named = self.query.iter().filter(|(key, _)| key == name);
        named.map(|(_, value)| value.clone()).collect()
    }

    /// The caller's objects.
    pub(crate) fn region(&mut self) -> &mut Region {
        self.world.regions.entry(self.scope.clone()).or_default()
    }

    /// Has something happen to the caller's objects when that much simulated time has passed.
    pub(crate) fn after(&mut self, millis: u64, action: impl FnOnce(&mut Region) + Send + 'static) {
        let due = self.world.clock.now() + Duration::from_millis(millis);
        self.region().agenda.add(due, action);
    }

    /// The object of a kind that the path names.
    pub(crate) fn key(&self, kind: Kind) -> Key {
        let parameter = kind.traits().named_by.first();
        let name = parameter.map(|parameter| self.path(parameter));
        Key::new(kind, &name.unwrap_or_default())
    }

    /// The target that names a cluster of the caller's, or an object in it.
    pub(crate) fn target(&self, cluster: &str, object: Option<&Key>) -> Target {
        let target = match object {
            None => Target::cluster(cluster),
            Some(key) => Target::object(key.kind, cluster, &key.name),
        };
        target
            .in_account(&self.scope.account)
            .in_region(&self.scope.region)
    }
}

/// One page of a list answer. The token is the position of the next name; callers may not rely on
/// that.
pub(crate) fn page(call: &Call, member: &str, names: Vec<String>) -> Result<Value, ApiError> {
    let values = names.into_iter().map(Value::from).collect();
    page_of_values(call, member, values)
}

pub(crate) fn page_of_values(
    call: &Call,
    member: &str,
    values: Vec<Value>,
) -> Result<Value, ApiError> {
    let size = page_size(call)?;
    let start = match call.query("nextToken").filter(|token| !token.is_empty()) {
        Some(token) => token_position(&token)?,
        None => 0,
    };
    let next = (start + size < values.len()).then(|| format!("{TOKEN_PREFIX}{:08x}", start + size));
    let values: Vec<Value> = values.into_iter().skip(start).take(size).collect();
    Ok(json!({member: values, "nextToken": next}))
}

const TOKEN_PREFIX: &str = "page-";

fn token_position(token: &str) -> Result<usize, ApiError> {
    token
        .strip_prefix(TOKEN_PREFIX)
        .and_then(|position| usize::from_str_radix(position, 16).ok())
        .ok_or_else(|| ApiError::invalid_parameter("The nextToken is not valid"))
}

fn page_size(call: &Call) -> Result<usize, ApiError> {
    let Some(text) = call.query("maxResults") else {
        return Ok(100);
    };
    match text.parse() {
        Ok(size @ 1..=100) => Ok(size),
        _ => Err(ApiError::invalid_parameter(format!(
            "1 validation error detected: Value '{text}' at 'maxResults' failed to satisfy \
             constraint: Member must have value between 1 and 100"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_parameters_are_decoded() {
        let route = get("X", "/clusters/{name}/x/{+rest}", |_| Ok(Value::Null));
        let parameters = route.parameters(&Method::GET, "/clusters/a%2Fb/x/c%3Ad/e");
        assert_eq!(
            parameters,
            Some(vec![
                ("name", "a/b".to_owned()),
                ("rest", "c:d/e".to_owned())
            ])
        );
        assert_eq!(route.parameters(&Method::POST, "/clusters/a/x/b"), None);
        assert_eq!(route.parameters(&Method::GET, "/clusters/a/y/b"), None);
    }
}
