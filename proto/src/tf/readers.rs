//! Data sources and ephemeral resources, on value trees.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::decode::attributes_of;
use super::engine::{BoxFuture, caught, self_check};
use super::resource::into_diagnostic;
use super::{
    Attribute, Call, DataSource, Diagnostics, EphemeralResource, Mode, Model, Path, Result, Schema,
    Stop, Value, from_value, nested, to_value, validate,
};

/// Timeout of a read. It cannot be configured, because there is nothing to wait for.
const READ_TIMEOUT: Duration = Duration::from_secs(20 * 60);

/// Answer of [`ReaderHandler::read`].
#[derive(Default)]
pub struct ReadAnswer {
    /// The arguments and results; null when there is an error.
    pub value: Value,
    /// Messages.
    pub diagnostics: Diagnostics,
}

/// Answer of [`EphemeralHandler::open`] and [`EphemeralHandler::renew`].
#[derive(Default)]
pub struct OpenAnswer {
    /// The arguments and results; null when there is an error.
    pub value: Value,
    /// When to renew.
    pub renew_at: Option<SystemTime>,
    /// What renewing and closing need.
    pub private: Vec<u8>,
    /// Messages.
    pub diagnostics: Diagnostics,
}

/// A data source with its type erased: an element of [`Registry::data_sources`](super::Registry::data_sources).
pub trait ReaderHandler<C>: Send + Sync {
    /// Name without the provider's prefix.
    fn name(&self) -> &'static str;
    /// Its description.
    fn schema(&self) -> Schema;
    /// An object as its model holds it: decoded, and encoded again.
    ///
    /// # Errors
    ///
    /// The model cannot hold it.
    #[cfg(any(test, feature = "testing"))]
    fn through_model(&self, object: &Value) -> std::result::Result<Value, super::DecodeError>;
    /// Tests a configuration.
    fn validate(&self, config: &Value) -> Diagnostics;
    /// Reads the data source.
    fn read(&self, context: Arc<C>, stop: Stop, config: Value) -> BoxFuture<'_, ReadAnswer>;
}

/// An ephemeral resource with its type erased: an element of
/// [`Registry::ephemeral_resources`](super::Registry::ephemeral_resources).
pub trait EphemeralHandler<C>: Send + Sync {
    /// Name without the provider's prefix.
    fn name(&self) -> &'static str;
    /// Its description.
    fn schema(&self) -> Schema;
    /// An object as its model holds it: decoded, and encoded again.
    ///
    /// # Errors
    ///
    /// The model cannot hold it.
    #[cfg(any(test, feature = "testing"))]
    fn through_model(&self, object: &Value) -> std::result::Result<Value, super::DecodeError>;
    /// Tests a configuration.
    fn validate(&self, config: &Value) -> Diagnostics;
    /// Opens the ephemeral resource.
    fn open(&self, context: Arc<C>, stop: Stop, config: Value) -> BoxFuture<'_, OpenAnswer>;
    /// Renews it.
    fn renew(&self, context: Arc<C>, stop: Stop, private: Vec<u8>) -> BoxFuture<'_, OpenAnswer>;
    /// Closes it.
    fn close(&self, context: Arc<C>, stop: Stop, private: Vec<u8>) -> BoxFuture<'_, Diagnostics>;
}

/// Erases the type of a data source.
pub(crate) struct Reader<D>(pub PhantomData<fn() -> D>);

/// Erases the type of an ephemeral resource.
pub(crate) struct Ephemeral<E>(pub PhantomData<fn() -> E>);

impl<D: DataSource> ReaderHandler<D::Context> for Reader<D> {
    fn name(&self) -> &'static str {
        D::NAME
    }

    fn schema(&self) -> Schema {
        schema_of::<D::Model>()
    }

    #[cfg(any(test, feature = "testing"))]
    fn through_model(&self, object: &Value) -> std::result::Result<Value, super::DecodeError> {
        to_value(&from_value::<D::Model>(object)?)
    }

    fn validate(&self, config: &Value) -> Diagnostics {
        let mut found = validate(&attributes_of::<D::Model>(), config, true);
        D::check(config, &mut found);
        self_check::paths(&self.schema(), found)
    }

    fn read(
        &self,
        context: Arc<D::Context>,
        stop: Stop,
        config: Value,
    ) -> BoxFuture<'_, ReadAnswer> {
        Box::pin(async move {
            let cx = Call::new(context, stop, READ_TIMEOUT, String::new());
            let result = caught(async {
                let model = D::read(&cx, decode(&config)?).await?;
                result_value::<D::Model>(&config, &model)
            });
            let mut answer = match result.await {
                Ok(value) => ReadAnswer {
                    value,
                    ..ReadAnswer::default()
                },
                Err(error) => ReadAnswer {
                    diagnostics: into_diagnostic(format!("Unable to read {}", D::TITLE), error)
                        .into(),
                    ..ReadAnswer::default()
                },
            };
            answer.diagnostics.extend(cx.warnings());
            answer
        })
    }
}

impl<E: EphemeralResource> EphemeralHandler<E::Context> for Ephemeral<E> {
    fn name(&self) -> &'static str {
        E::NAME
    }

    fn schema(&self) -> Schema {
        schema_of::<E::Model>()
    }

    #[cfg(any(test, feature = "testing"))]
    fn through_model(&self, object: &Value) -> std::result::Result<Value, super::DecodeError> {
        to_value(&from_value::<E::Model>(object)?)
    }

    fn validate(&self, config: &Value) -> Diagnostics {
        let mut found = validate(&attributes_of::<E::Model>(), config, true);
        E::check(config, &mut found);
        self_check::paths(&self.schema(), found)
    }

    fn open(
        &self,
        context: Arc<E::Context>,
        stop: Stop,
        config: Value,
    ) -> BoxFuture<'_, OpenAnswer> {
        Box::pin(async move {
            let cx = Call::new(context, stop, READ_TIMEOUT, String::new());
            let result = caught(async {
                let opened = E::open(&cx, decode(&config)?).await?;
                let value = result_value::<E::Model>(&config, &opened.result)?;
                Ok((value, opened.renew_at, opened.private))
            });
            match result.await {
                Ok((value, renew_at, private)) => OpenAnswer {
                    value,
                    renew_at,
                    private,
                    diagnostics: cx.warnings(),
                },
                Err(error) => OpenAnswer {
                    diagnostics: into_diagnostic(format!("Unable to open {}", E::TITLE), error)
                        .into(),
                    ..OpenAnswer::default()
                },
            }
        })
    }

    fn renew(
        &self,
        context: Arc<E::Context>,
        stop: Stop,
        private: Vec<u8>,
    ) -> BoxFuture<'_, OpenAnswer> {
        Box::pin(async move {
            let cx = Call::new(context, stop, READ_TIMEOUT, String::new());
            let renewed = caught(E::renew(&cx, &private)).await;
            let mut answer = OpenAnswer {
                // Closing needs it, also after a failed renewal.
                private,
                diagnostics: cx.warnings(),
                ..OpenAnswer::default()
            };
            match renewed {
                Ok(renew_at) => answer.renew_at = renew_at,
                Err(error) => {
                    let summary = format!("Unable to renew {}", E::TITLE);
                    answer.diagnostics.push(into_diagnostic(summary, error));
                }
            }
            answer
        })
    }

    fn close(
        &self,
        context: Arc<E::Context>,
        stop: Stop,
        private: Vec<u8>,
    ) -> BoxFuture<'_, Diagnostics> {
        Box::pin(async move {
            let cx = Call::new(context, stop, READ_TIMEOUT, String::new());
            let closed = caught(E::close(&cx, &private)).await;
            let mut diagnostics = cx.warnings();
            if let Err(error) = closed {
                let summary = format!("Unable to close {}", E::TITLE);
                diagnostics.push(into_diagnostic(summary, error));
            }
            diagnostics
        })
    }
}

fn schema_of<M: Model>() -> Schema {
    Schema {
        version: 0,
        description: super::checks::prose(M::DESCRIPTION),
        deprecated: None,
        attributes: attributes_of::<M>().to_vec(),
    }
}

fn decode<M: Model>(config: &Value) -> Result<M> {
    let attributes = attributes_of::<M>();
    let config = with_defaults(&attributes, config.clone());
    Ok(from_value(&config)?)
}

/// What the user wrote stays as written; the rest is the result.
fn result_value<M: Model>(config: &Value, model: &M) -> Result<Value> {
    let result = to_value(model)?;
    let Value::Object(mut members) = result else {
        return Ok(result);
    };
    let attributes = attributes_of::<M>();
    for attribute in attributes.iter() {
        let configured = config.get(&attribute.name);
        let is_theirs = !configured.is_null() || !attribute.is_computed();
        if is_theirs && attribute.mode != Mode::Computed {
            members.insert(attribute.name.clone(), configured.clone());
        }
    }
    Ok(told_in_full(&attributes, &Value::Object(members)))
}

/// The object with empty collections instead of null, of what is told. A resource says null for what nobody set, but who
/// reads puts a collection into `for_each`, `length` or `contains`, which fail on null.
fn told_in_full(attributes: &[Attribute], object: &Value) -> Value {
    nested::members(attributes, object, |attribute, value| {
        match (attribute.inner(), value) {
            _ if !attribute.is_computed() => value.clone(),
            (_, Value::Null) => attribute.shape.empty(),
            (Some(inner), nested) => nested::map(nested, |object| told_in_full(inner, object)),
            (None, leaf) => leaf.clone(),
        }
    })
}

fn with_defaults(attributes: &[Attribute], mut config: Value) -> Value {
    for attribute in attributes {
        let path = Path::root().attribute(&attribute.name);
        if let (Some(default), Some(place)) = (&attribute.default, config.at_path_mut(&path))
            && place.is_null()
        {
            *place = default.clone();
        }
    }
    config
}
