//! An object as a finder returns it: with the id of the request that told, which AWS support asks for when the object
//! has failed.

use std::time::SystemTime;

use super::{Issue, Observed};

/// An object, and the request that told of it.
#[derive(Clone, Debug)]
pub struct Found<T> {
    pub object: T,
    request_id: Option<String>,
}

impl<T> Found<T> {
    /// An object, and the id that AWS gave the request.
    pub fn new(object: T, request_id: Option<String>) -> Self {
        Self { object, request_id }
    }

    /// The same with something made of the object.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Found<U> {
        Found::new(make(self.object), self.request_id)
    }
}

impl<T: Observed> Observed for Found<T> {
    fn status(&self) -> &str {
        self.object.status()
    }

    fn created_at(&self) -> Option<SystemTime> {
        self.object.created_at()
    }

    fn token(&self) -> Option<&str> {
        self.object.token()
    }

    fn update_id(&self) -> Option<&str> {
        self.object.update_id()
    }

    fn issues(&self) -> Vec<Issue> {
        self.object.issues()
    }

    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }
}
