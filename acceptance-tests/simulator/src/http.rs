//! The EKS REST-JSON protocol: finding the operation, SigV4 scope, faults, error answers and the
//! request log.
//!
//! It knows nothing of what operations mean.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::account;
use crate::call::{Call, Route};
use crate::error::ApiError;
use crate::fault::Effect;
use crate::log::Entry;
use crate::server::Reset;
use crate::state::{Scope, World};
use crate::target::Target;
use crate::{
    access_entry, addon, capability, cluster, fargate_profile, identity_provider_config, insight,
    node_group, pod_identity_association, tag, update, version,
};

/// The state, as all requests and the control functions share it.
pub(crate) type Shared = Arc<Mutex<World>>;

/// The state, with every due transition made. A panic elsewhere does not make it unusable.
pub(crate) fn lock(shared: &Shared) -> MutexGuard<'_, World> {
    let mut world = shared.lock().unwrap_or_else(PoisonError::into_inner);
    world.settle();
    world
}

/// Every operation; a new kind of resource adds its module's table here.
const ROUTES: &[&[Route]] = &[
    cluster::ROUTES,
    node_group::ROUTES,
    fargate_profile::ROUTES,
    addon::ROUTES,
    pod_identity_association::ROUTES,
    access_entry::ROUTES,
    identity_provider_config::ROUTES,
    capability::ROUTES,
    insight::ROUTES,
    update::ROUTES,
    tag::ROUTES,
    version::ROUTES,
];

/// The names of all operations there are.
pub fn operations() -> impl Iterator<Item = &'static str> {
    ROUTES
        .iter()
        .flat_map(|routes| routes.iter())
        .map(|route| route.operation)
}

/// The operation that is called by such a request, the query apart.
pub fn operation_at(method: &str, path: &str) -> Option<&'static str> {
    let method: Method = method.parse().ok()?;
    let mut routes = ROUTES.iter().flat_map(|routes| routes.iter());
    let found = routes.find(|route| route.parameters(&method, path).is_some())?;
    Some(found.operation)
}

/// The largest request body read; the largest that a Terraform provider sends is a few kilobytes.
const MAX_BODY_BYTES: usize = 4 << 20;

/// A request that has been read, but not yet understood.
struct Received {
    method: Method,
    uri: Uri,
    scope: Option<Scope>,
    user_agent: String,
    body: Bytes,
    at: Instant,
    request_id: String,
}

/// An answer on its way out.
struct Answer {
    result: Result<Value, ApiError>,
    reset: bool,
}

/// Answers any request that is not one to the control API.
pub(crate) async fn serve(State(shared): State<Shared>, request: Request) -> Response {
    let at = Instant::now();
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let request_id = Uuid::new_v4().to_string();
    let scope = scope(&parts.headers);
    let user_agent = parts.headers.get(header::USER_AGENT);
    let user_agent = user_agent.and_then(|value| value.to_str().ok());
    let received = Received {
        method: parts.method,
        uri: parts.uri,
        scope,
        user_agent: user_agent.unwrap_or_default().to_owned(),
        body,
        at,
        request_id,
    };
    respond(&shared, &received).await
}

async fn respond(shared: &Shared, received: &Received) -> Response {
    let body = match received.body.is_empty() {
        true => Ok(Value::Null),
        false => serde_json::from_slice(&received.body),
    };
    let logged = body.as_ref().cloned().unwrap_or_default();
    let (operation, target, answer) = match understand(received, body) {
        Err((operation, error)) => (operation, Target::any(), refused(error)),
        Ok(mut request) => {
            if let Some(arn) = request.parameter("resourceArn") {
                request.target = tag::target(&lock(shared), &request.scope, arn);
            }
            let (operation, target) = (request.route.operation, request.target.clone());
            (operation, target, perform(shared, request).await)
        }
    };
    record(shared, received, operation, target, logged, &answer);
    encode(answer, &received.request_id)
}

/// A request for an operation there is.
struct Understood {
    route: &'static Route,
    scope: Scope,
    target: Target,
    path: Vec<(&'static str, String)>,
    query: Vec<(String, String)>,
    body: Value,
}

impl Understood {
    /// A parameter of the path.
    fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.path.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Finds the operation. An error comes with the operation's name, empty when there is none.
fn understand(
    received: &Received,
    body: serde_json::Result<Value>,
) -> Result<Understood, (&'static str, ApiError)> {
    let scope = received
        .scope
        .clone()
        .ok_or_else(|| ("", missing_token()))?;
    let parameters = |route: &'static Route| {
        Some((
            route,
            route.parameters(&received.method, received.uri.path())?,
        ))
    };
    let matched = ROUTES
        .iter()
        .flat_map(|routes| routes.iter())
        .find_map(parameters);
    let (route, path) = matched.ok_or_else(|| ("", unknown_operation(received)))?;
    let body = body.map_err(|error| {
        (
            route.operation,
            ApiError::new("SerializationException", error.to_string()),
        )
    })?;
    let query = received.uri.query().unwrap_or_default();
    let query: Vec<_> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let target = Target::of_request(&scope, &path, &query, &body);
    Ok(Understood {
        route,
        scope,
        target,
        path,
        query,
        body,
    })
}

fn refused(error: ApiError) -> Answer {
    Answer {
        result: Err(error),
        reset: false,
    }
}

/// API Gateway's usual answer to an unsigned request; not captured from EKS.
fn missing_token() -> ApiError {
    let mut error = ApiError::new(
        "MissingAuthenticationTokenException",
        "Missing Authentication Token",
    );
    error.status = 403;
    error
}

/// Not AWS's answer: it tells whoever runs a test that the simulator lacks the operation.
fn unknown_operation(received: &Received) -> ApiError {
    let message = format!(
        "eks-simulator has no {} {}",
        received.method,
        received.uri.path()
    );
    let mut error = ApiError::new("UnknownOperationException", message);
    error.status = 404;
    error
}

/// Carries out the operation, unless a fault says otherwise.
async fn perform(shared: &Shared, request: Understood) -> Answer {
    let Understood {
        route,
        scope,
        target,
        path,
        query,
        body,
    } = request;
    let effect = lock(shared).faults.strike(route.operation, &target);
    if let Some(Effect::Delay { millis }) = effect {
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
    let about = |error: ApiError| error.about(target.cluster.as_deref(), target.key().as_ref());
    if let Some(error) = effect.as_ref().and_then(Effect::error) {
        return refused(about(error));
    }
    if effect == Some(Effect::ResetBefore) {
        // Seen in the log only.
        let error = ApiError::new(
            "ConnectionReset",
            "The connection was reset before processing",
        );
        return Answer {
            result: Err(error),
            reset: true,
        };
    }
    let mut world = lock(shared);
    let body = if body.is_null() { json!({}) } else { body };
    let mut call = Call {
        world: &mut world,
        scope,
        body,
        path,
        query,
    };
    let result = (route.handler)(&mut call).map_err(about);
    Answer {
        result,
        reset: effect == Some(Effect::ResetAfter),
    }
}

/// Account and region as the signature's credential scope has them. The signature itself is not
/// checked.
fn scope(headers: &HeaderMap) -> Option<Scope> {
    let authorization = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let credential = authorization
        .split("Credential=")
        .nth(1)?
        .split(',')
        .next()?;
    let mut parts = credential.trim().split('/');
    let (key, region) = (parts.next()?, parts.nth(1)?);
    Some(Scope {
        account: account::of_key(key),
        region: region.to_owned(),
    })
}

fn record(
    shared: &Shared,
    received: &Received,
    operation: &str,
    target: Target,
    body: Value,
    answer: &Answer,
) {
    let scope = received.scope.as_ref();
    let error = answer.result.as_ref().err();
    let entry = Entry {
        method: received.method.to_string(),
        path: received.uri.to_string(),
        operation: operation.to_owned(),
        user_agent: received.user_agent.clone(),
        account: scope.map(|scope| scope.account.clone()).unwrap_or_default(),
        region: scope.map(|scope| scope.region.clone()).unwrap_or_default(),
        cluster: target.cluster,
        kind: target.kind,
        name: target.name,
        body,
        status: error.map_or(200, |error| error.status),
        error: error.map(|error| error.code.clone()),
        reset: answer.reset,
        request_id: received.request_id.clone(),
        millis: received.at.elapsed().as_secs_f64() * 1000.0,
    };
    lock(shared).log.0.push(entry);
}

fn encode(answer: Answer, request_id: &str) -> Response {
    let (status, code, body) = match &answer.result {
        Ok(body) => (200, None, body.clone()),
        Err(error) => (error.status, Some(error.code.as_str()), error.body()),
    };
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    let named = [
        ("x-amzn-requestid", Some(request_id)),
        ("x-amzn-errortype", code),
    ];
    for (name, value) in named {
        if let Some(Ok(value)) = value.map(HeaderValue::from_str) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    if answer.reset {
        response.extensions_mut().insert(Reset);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope_of(authorization: &str) -> Option<Scope> {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::AUTHORIZATION,
            authorization.parse().expect("a header value"),
        );
        scope(&headers)
    }

    #[test]
    fn the_credential_scope_gives_account_and_region() {
        let signed = |key: &str| {
            scope_of(&format!(
                "AWS4-HMAC-SHA256 Credential={key}/20261121/eu-west-1/eks/aws4_request, \
                 SignedHeaders=host"
            ))
            .expect("a scope")
        };
        assert_eq!(signed("111122223333").account, "111122223333");
        assert_eq!(signed("AKIAEXAMPLE").account, crate::DEFAULT_ACCOUNT);
        assert_eq!(signed("AKIAEXAMPLE").region, "eu-west-1");
        assert_eq!(scope_of("Bearer x"), None);
    }

    #[test]
    fn no_two_operations_share_a_path() {
        let routes: Vec<&Route> = ROUTES.iter().flat_map(|routes| routes.iter()).collect();
        for (index, route) in routes.iter().enumerate() {
            let clash = |other: &&&Route| route.parameters(&other.method, other.path).is_some();
            let clashes = routes.iter().skip(index + 1).filter(clash).count();
            assert_eq!(clashes, 0, "{}", route.operation);
        }
    }
}
