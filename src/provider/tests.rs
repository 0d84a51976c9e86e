//! The provider block: what is refused, and what comes of what is accepted.
