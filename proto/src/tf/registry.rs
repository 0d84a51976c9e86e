//! What a provider offers, with the types erased: the list from which schemas, documentation, tests and the plugin's
//! answers are all derived.

use std::marker::PhantomData;

use super::engine::{Managed, ManagedResource};
use super::readers::{Ephemeral, EphemeralHandler, Reader, ReaderHandler};
use super::{Attribute, DataSource, EphemeralResource, Function, Resource, Type, Value};

/// Everything a provider offers.
pub struct Registry<C> {
    /// Managed kinds of objects.
    pub resources: Vec<Box<dyn ManagedResource<C>>>,
    /// Kinds of objects that are only read.
    pub data_sources: Vec<Box<dyn ReaderHandler<C>>>,
    /// Values that exist only while Terraform runs.
    pub ephemeral_resources: Vec<Box<dyn EphemeralHandler<C>>>,
    /// Pure functions.
    pub functions: Vec<FunctionEntry>,
}

/// The body of a function: a result, or the text for the user and the argument to blame.
pub type Callable = fn(&[Value]) -> Result<Value, (String, Option<i64>)>;

/// A function with its type erased.
pub struct FunctionEntry {
    /// Its name.
    pub name: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// What it does, in Markdown.
    pub description: &'static str,
    /// Its parameters.
    pub parameters: Vec<Attribute>,
    /// A last parameter that takes any number of arguments.
    pub variadic: Option<Attribute>,
    /// The type of its result.
    pub returns: Type,
    /// What it computes.
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
    /// Nothing yet.
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
