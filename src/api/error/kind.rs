//! What an error means for what to do next: a closed list.

/// What an error means for what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is no such object.
    NotFound,
    /// There already is an object of that name.
    AlreadyExists,
    /// Something else still uses the object.
    InUse,
    /// The object, or what it belongs to, is being changed, and takes one change at a time.
    UpdateInProgress {
        /// The update in the way, where it is named.
        update_id: Option<String>,
    },
    /// The object, or what it belongs to, is not ready for this yet.
    NotActive,
    /// The object already is as the request wants it.
    NothingToChange,
    /// A value is refused.
    InvalidParameter,
    /// The request is refused as a whole.
    InvalidRequest,
    /// A quota is used up.
    LimitExceeded,
    /// The caller may not do this.
    AccessDenied,
    /// The credentials have run out.
    ExpiredCredentials,
    /// There are no usable credentials.
    NoCredentials,
    /// Something that the request refers to was made a moment ago and is not known everywhere yet, or does not exist at
    /// all.
    NotPropagated,
    /// Too many requests.
    Throttled,
    /// The service has a problem of its own.
    Unavailable,
    /// The connection broke after the request had been sent: it may have been carried out all the same.
    ConnectionLost,
    /// No connection came about: nothing has been sent.
    Unreachable,
    /// Not offered here: in this region, zone or version.
    Unsupported,
    /// There is no room: no free instances, no free addresses.
    NoFreeCapacity,
    /// The object ended in a state it cannot leave.
    Failed,
    /// The time allowed is over.
    TimedOut,
    /// Terraform asked to stop.
    Interrupted,
    Other,
}
