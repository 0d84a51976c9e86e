//! An object as a finder returns it: with the id of the request that told, which AWS support asks for when the object
//! has failed.

use aws_types::request_id::RequestId;

use super::{Issue, Observed};

/// An object, and the request that told of it.
#[derive(Clone, Debug)]
pub struct Found<T> {
    /// The object.
    pub object: T,
    request_id: Option<String>,
}

impl<T> Found<T> {
    /// The object in an answer, if there is one.
    pub fn new(object: Option<T>, request_id: Option<String>) -> Option<Self> {
        object.map(|object| Self { object, request_id })
    }
}

/// The id AWS gave the request that got this answer. To be taken before the answer is taken apart.
pub fn request_id(answer: &impl RequestId) -> Option<String> {
    answer.request_id().map(ToOwned::to_owned)
}

impl<T: Observed> Observed for Found<T> {
    fn status(&self) -> &str {
        self.object.status()
    }

    fn issues(&self) -> Vec<Issue> {
        self.object.issues()
    }

    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }
}
