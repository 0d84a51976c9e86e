//! The attributes of every model in use, built once for each. It must not know what they are needed for.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use crate::tf::{Attribute, Model};

/// By type, and in one place: a `static` inside of a generic function is one for all types.
type Schemas = RwLock<HashMap<TypeId, Arc<[Attribute]>>>;

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(Schemas::default);

/// The attributes of `M`.
pub(crate) fn attributes_of<M: Model>() -> Arc<[Attribute]> {
    let known = SCHEMAS.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(attributes) = known.get(&TypeId::of::<M>()) {
        return attributes.clone();
    }
    drop(known);
    // Built without the lock, because the attributes of one model may be derived from those of another.
    let attributes: Arc<[Attribute]> = M::attributes().into();
    let mut known = SCHEMAS.write().unwrap_or_else(PoisonError::into_inner);
    known.entry(TypeId::of::<M>()).or_insert(attributes).clone()
}
