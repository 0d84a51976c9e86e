//! What a provider offers, with the types erased: the list from which schemas, documentation, tests and the plugin's
//! answers are all derived.

use std::marker::PhantomData;

use super::engine::{Managed, ManagedResource};
use super::readers::{Ephemeral, EphemeralHandler, Reader, ReaderHandler};
use super::{Attribute, DataSource, EphemeralResource, Function, Resource, Type, Value};

/// Resources, data sources, ephemeral resources and functions of a provider, with their types erased.
///
/// Documentation and tests can walk its lists.
pub struct Registry<C> {
    /// Managed resources.
    pub resources: Vec<Box<dyn ManagedResource<C>>>,
    /// Data sources.
    pub data_sources: Vec<Box<dyn ReaderHandler<C>>>,
    /// Ephemeral resources.
    pub ephemeral_resources: Vec<Box<dyn EphemeralHandler<C>>>,
    /// Functions.
    pub functions: Vec<FunctionEntry>,
}

/// Body of a function: see [`Function::call`].
pub type Callable = fn(&[Value]) -> Result<Value, (String, Option<i64>)>;

/// A function with its type erased.
pub struct FunctionEntry {
    /// Name.
    pub name: &'static str,
    /// Summary in one sentence.
    pub summary: &'static str,
    /// Description in Markdown.
    pub description: &'static str,
    /// Parameters.
    pub parameters: Vec<Attribute>,
    /// Last parameter, if it takes any number of arguments.
    pub variadic: Option<Attribute>,
    /// Type of the result.
    pub returns: Type,
    /// Computes the result.
    pub call: Callable,
}

impl<C> Default for Registry<C> {
    fn default() -> Self {
        Self {
            resources: Vec::new(),
            data_sources: Vec::new(),
            ephemeral_resources: Vec::new(),
            functions: Vec::new(),
        }
    }
}

impl<C: Send + Sync + 'static> Registry<C> {
    /// An empty registry.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a resource.
    #[must_use]
    pub fn resource<R: Resource<Context = C>>(mut self) -> Self {
        self.resources.push(Box::new(Managed::<R>::default()));
        self
    }

    /// Adds a data source.
    #[must_use]
    pub fn data_source<D: DataSource<Context = C>>(mut self) -> Self {
        self.data_sources.push(Box::new(Reader::<D>(PhantomData)));
        self
    }

    /// Adds an ephemeral resource.
    #[must_use]
    pub fn ephemeral_resource<E: EphemeralResource<Context = C>>(mut self) -> Self {
        self.ephemeral_resources
            .push(Box::new(Ephemeral::<E>(PhantomData)));
        self
    }

    /// Adds a function.
    #[must_use]
    pub fn function<F: Function>(mut self) -> Self {
        self.functions.push(FunctionEntry {
            name: F::NAME,
            summary: F::SUMMARY,
            description: F::DESCRIPTION,
            parameters: F::parameters(),
            variadic: F::variadic(),
            returns: F::returns(),
            call: F::call,
        });
        self
    }
}
