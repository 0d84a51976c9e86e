//! The life of a managed resource, on value trees: everything around the resource's own steps.
//!
//! What is guaranteed here, so that no resource has to think of it: planned values come back in the planned spelling;
//! write-only values are never stored; a failed step leaves what exists in the state and nothing unknown; private data
//! and identity are handed on; a panic is an error like any other; an interrupted create is kept and not tainted.

use std::any::Any;
use std::future::Future;
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt;

use super::private::Private;
use super::reconcile::complete;
use super::resource::{identity_in_words, into_diagnostic};
use super::schema::absent_object;
use super::{
    Attribute, Call, Diagnostic, Diagnostics, Error, Model, MoveSource, Operation, Path, Plan,
    Resource, Result, Schema, Stop, Timeouts, Value, differences, from_json, from_value, plan,
    reconcile, to_value, validate,
};

/// A future that can be named.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The circumstances that the caller of an operation gives.
pub struct Circumstances<C> {
    /// The provider's context.
    pub context: Arc<C>,
    /// Terraform's request to stop.
    pub stop: Stop,
    /// The provider's planning rules, applied before the resource's own.
    pub adjust: fn(&Call<C>, &[Attribute], &mut Plan) -> Result<()>,
}

/// Question and answer of a plan.
pub struct PlanRequest {
    /// What the user wrote.
    pub config: Value,
    /// What is there.
    pub prior: Value,
    /// Terraform's own merge; null asks for a destroy plan.
    pub proposed: Value,
    /// Private data of the state.
    pub private: Vec<u8>,
}

/// Answer to [`PlanRequest`].
#[derive(Default)]
pub struct PlanAnswer {
    /// What will be.
    pub planned: Value,
    /// What makes a new object necessary.
    pub replace: Vec<Path>,
    /// Private data for the apply.
    pub private: Vec<u8>,
    /// Messages.
    pub diagnostics: Diagnostics,
}

/// Question of an apply.
pub struct ApplyRequest {
    /// What the user wrote; null on destroy.
    pub config: Value,
    /// What is there.
    pub prior: Value,
    /// What was planned; null on destroy.
    pub planned: Value,
    /// Private data of the plan.
    pub private: Vec<u8>,
}

/// What an object is after an operation.
#[derive(Default)]
pub struct StateAnswer {
    /// The object; null when there is none.
    pub state: Value,
    /// Private data for the state.
    pub private: Vec<u8>,
    /// Messages.
    pub diagnostics: Diagnostics,
}

/// A resource with its type erased.
pub trait ManagedResource<C>: Send + Sync {
    /// Name without the provider's prefix.
    fn name(&self) -> &'static str;
    /// What it is called in messages.
    fn title(&self) -> &'static str;
    /// Its description.
    fn schema(&self) -> Schema;
    /// The attributes that name the object.
    fn identity(&self) -> &'static [&'static str];
    /// How long operations may take.
    fn timeouts(&self) -> Timeouts;
    /// Tests a configuration.
    fn validate(&self, config: &Value, write_only_allowed: bool) -> Diagnostics;
    /// Plans a change.
    fn plan(&self, by: Circumstances<C>, request: PlanRequest) -> BoxFuture<'_, PlanAnswer>;
    /// Carries out a plan.
    fn apply(&self, by: Circumstances<C>, request: ApplyRequest) -> BoxFuture<'_, StateAnswer>;
    /// Looks at the object. The private data is handed back.
    fn read(
        &self,
        by: Circumstances<C>,
        prior: Value,
        private: Vec<u8>,
    ) -> BoxFuture<'_, StateAnswer>;
    /// The object that an import id means, to be read next.
    fn import_by_id(&self, id: &str) -> Result<Value, Diagnostics>;
    /// The object that an identity means, to be read next.
    fn import_by_identity(&self, identity: &Value) -> Result<Value, Diagnostics>;
    /// Reads stored state of any version.
    fn upgrade(&self, version: i64, state: &serde_json::Value) -> Result<Value, Diagnostics>;
    /// Takes over the state of another type.
    fn move_from(&self, source: &MoveSource) -> Result<Value, Diagnostics>;
}

/// Erases the type of a resource.
pub(crate) struct Managed<R>(pub PhantomData<fn() -> R>);

impl<R: Resource> ManagedResource<R::Context> for Managed<R> {
    fn name(&self) -> &'static str {
        R::NAME
    }

    fn title(&self) -> &'static str {
        R::TITLE
    }

    fn schema(&self) -> Schema {
        schema_of::<R>()
    }

    fn identity(&self) -> &'static [&'static str] {
        R::IDENTITY
    }

    fn timeouts(&self) -> Timeouts {
        R::TIMEOUTS
    }

    fn validate(&self, config: &Value, write_only_allowed: bool) -> Diagnostics {
        let mut found = validate(&schema_of::<R>().attributes, config, write_only_allowed);
        R::check(config, &mut found);
        found
    }

    fn plan(
        &self,
        by: Circumstances<R::Context>,
        request: PlanRequest,
    ) -> BoxFuture<'_, PlanAnswer> {
        Box::pin(plan_change::<R>(by, request))
    }

    fn apply(
        &self,
        by: Circumstances<R::Context>,
        request: ApplyRequest,
    ) -> BoxFuture<'_, StateAnswer> {
        Box::pin(async move {
            match (request.prior.is_null(), request.planned.is_null()) {
                (_, true) => delete::<R>(by, request).await,
                (true, false) => create::<R>(by, request).await,
                (false, false) => update::<R>(by, request).await,
            }
        })
    }

    fn read(
        &self,
        by: Circumstances<R::Context>,
        prior: Value,
        private: Vec<u8>,
    ) -> BoxFuture<'_, StateAnswer> {
        Box::pin(async move {
            let cx = by.call::<R>(Operation::Read, &prior, &Private::default());
            let mut answer = match look::<R>(&cx, &prior).await {
                Ok(state) => StateAnswer {
                    state,
                    ..StateAnswer::default()
                },
                Err(error) => failed::<R>("read", &prior, prior.clone(), error),
            };
            answer.diagnostics.extend(cx.warnings());
            StateAnswer { private, ..answer }
        })
    }

    fn import_by_id(&self, id: &str) -> Result<Value, Diagnostics> {
        let explain = |error: Error| {
            let summary = format!("Invalid import id for {}", R::TITLE);
            Diagnostics::from(Diagnostic::error(summary, error.detail))
        };
        R::import(id)
            .and_then(|model| encode(&model, &Value::Null))
            .map_err(explain)
    }

    fn import_by_identity(&self, identity: &Value) -> Result<Value, Diagnostics> {
        let mut value = absent_object(&schema_of::<R>().attributes);
        for name in R::IDENTITY {
            if let Some(place) = value.at_path_mut(&Path::root().attribute(*name)) {
                *place = identity.get(name).clone();
            }
        }
        Ok(value)
    }

    fn upgrade(&self, version: i64, state: &serde_json::Value) -> Result<Value, Diagnostics> {
        from_json(&schema_of::<R>().attributes, state).map_err(|error| {
            let summary = format!("Unable to read the stored state of {}", R::TITLE);
            let detail = format!("The state has schema version {version}: {error}.");
            Diagnostics::from(Diagnostic::error(summary, detail))
        })
    }

    fn move_from(&self, source: &MoveSource) -> Result<Value, Diagnostics> {
        // Registries differ between Terraform and OpenTofu; the namespace and name of a provider do not.
        let is_source = |(provider, type_name): &(&str, &str)| {
            source.provider.ends_with(provider) && source.type_name == *type_name
        };
        if R::MOVES_FROM.iter().any(is_source) {
            return self.upgrade(source.version, &source.state);
        }
        let summary = format!("Unable to move {} to {}", source.type_name, R::TITLE);
        let known: Vec<_> = R::MOVES_FROM
            .iter()
            .map(|(_, type_name)| *type_name)
            .collect();
        let detail = match known.as_slice() {
            [] => "No other type can be moved to this one.".to_owned(),
            known => format!(
                "Only {} of hashicorp/aws can be moved here.",
                known.join(", ")
            ),
        };
        Err(Diagnostic::error(summary, detail).into())
    }
}

impl<C> Circumstances<C> {
    fn call<R: Resource<Context = C>>(
        &self,
        operation: Operation,
        object: &Value,
        private: &Private,
    ) -> Call<C> {
        let timeout = R::TIMEOUTS.of(operation, object);
        Call::new(
            self.context.clone(),
            self.stop.clone(),
            timeout,
            private.token(),
        )
    }
}

/// The schema of a resource, with the attributes that the framework adds.
pub(crate) fn schema_of<R: Resource>() -> Schema {
    let mut attributes = R::Model::attributes();
    attributes.extend(R::TIMEOUTS.attribute());
    Schema {
        version: R::VERSION,
        description: super::checks::prose(R::Model::DESCRIPTION),
        deprecated: None,
        attributes,
    }
}

async fn plan_change<R: Resource>(
    by: Circumstances<R::Context>,
    request: PlanRequest,
) -> PlanAnswer {
    let schema = schema_of::<R>();
    let private = Private::read(&request.private).with_token();
    let mut plan = plan(&schema, request.config, request.prior, &request.proposed);
    let object = if plan.is_destroy() {
        &plan.prior
    } else {
        &plan.planned
    };
    let cx = by.call::<R>(Operation::Read, object, &private);
    let adjusted = caught(async {
        if !plan.is_destroy() {
            (by.adjust)(&cx, &schema.attributes, &mut plan)?;
        }
        R::adjust(&cx, &mut plan).await
    });
    let adjusted = adjusted.await;
    plan.finish(&schema);
    let mut diagnostics = std::mem::take(&mut plan.diagnostics);
    diagnostics.extend(cx.warnings());
    if let Err(error) = adjusted {
        diagnostics.push(into_diagnostic(summary::<R>("plan", &plan.planned), error));
    }
    let replace = plan.replaced().cloned().collect();
    PlanAnswer {
        planned: plan.planned,
        replace,
        private: private.write(),
        diagnostics,
    }
}

async fn create<R: Resource>(by: Circumstances<R::Context>, request: ApplyRequest) -> StateAnswer {
    let private = Private::read(&request.private);
    let cx = by.call::<R>(Operation::Create, &request.planned, &private);
    let result = caught(async {
        let planned = decode::<R>(&request.planned, &request.config)?;
        let model = R::create(&cx, planned).await?;
        encode(&model, &request.planned)
    });
    let mut answer = match (result.await, cx.kept()) {
        (Ok(actual), _) => as_planned::<R>(&request.planned, actual),
        (Err(error), None) => failed::<R>("create", &request.planned, Value::Null, error),
        (Err(error), Some(kept)) => {
            let state = half_made::<R>(&by, &cx, &request.planned, kept).await;
            let answer = failed::<R>("create", &request.planned, state, error.clone());
            if error.interrupted {
                kept_for_next_time::<R>(answer, error)
            } else {
                answer
            }
        }
    };
    answer.diagnostics.extend(cx.warnings());
    StateAnswer {
        private: private.without_token().write(),
        ..answer
    }
}

async fn update<R: Resource>(by: Circumstances<R::Context>, request: ApplyRequest) -> StateAnswer {
    let private = Private::read(&request.private);
    let cx = by.call::<R>(Operation::Update, &request.planned, &private);
    let result = caught(async {
        let prior = decode::<R>(&request.prior, &Value::Null)?;
        let planned = decode::<R>(&request.planned, &request.config)?;
        let model = R::update(&cx, prior, planned).await?;
        encode(&model, &request.planned)
    });
    let mut answer = match result.await {
        Ok(actual) => as_planned::<R>(&request.planned, actual),
        // An update can fail half way: what holds now is for AWS to say, and if it cannot be asked, nothing changed.
        Err(error) => {
            let look_again = by.call::<R>(Operation::Read, &request.prior, &private);
            let state = look::<R>(&look_again, &request.prior).await;
            let state = state.unwrap_or_else(|_| request.prior.clone());
            failed::<R>("update", &request.planned, state, error)
        }
    };
    answer.diagnostics.extend(cx.warnings());
    StateAnswer {
        private: private.without_token().write(),
        ..answer
    }
}

async fn delete<R: Resource>(by: Circumstances<R::Context>, request: ApplyRequest) -> StateAnswer {
    let private = Private::read(&request.private);
    let cx = by.call::<R>(Operation::Delete, &request.prior, &private);
    let result = caught(async {
        let prior = decode::<R>(&request.prior, &Value::Null)?;
        R::delete(&cx, prior).await
    });
    let mut answer = match result.await {
        Ok(()) => StateAnswer::default(),
        Err(error) => failed::<R>("delete", &request.prior, request.prior.clone(), error),
    };
    answer.diagnostics.extend(cx.warnings());
    StateAnswer {
        private: private.without_token().write(),
        ..answer
    }
}

/// The object as AWS has it, in the spelling of `prior`; null when it is gone.
async fn look<R: Resource>(cx: &Call<R::Context>, prior: &Value) -> Result<Value> {
    let actual = caught(async {
        let model = R::read(cx, decode::<R>(prior, &Value::Null)?).await?;
        model.map(|model| encode(&model, prior)).transpose()
    });
    let attributes = schema_of::<R>().attributes;
    Ok(actual
        .await?
        .map_or(Value::Null, |actual| reconcile(&attributes, prior, actual)))
}

/// What a failed create left behind: as AWS tells it now, or else as it was when it was accepted.
async fn half_made<R: Resource>(
    by: &Circumstances<R::Context>,
    cx: &Call<R::Context>,
    planned: &Value,
    kept: Value,
) -> Value {
    let kept = with_timeouts(kept, planned);
    let kept = as_planned::<R>(planned, kept).state;
    if cx.stop().is_requested() {
        return kept;
    }
    let look_again = by.call::<R>(Operation::Read, planned, &Private::default());
    match look::<R>(&look_again, &kept).await {
        Ok(state) => state,
        Err(_) => kept,
    }
}

/// An interrupted create is not a failed one: as an error Terraform would replace the object next time.
fn kept_for_next_time<R: Resource>(answer: StateAnswer, error: Error) -> StateAnswer {
    let identity = identity_in_words(R::IDENTITY, &answer.state);
    let summary = format!("Interrupted while creating {} ({identity})", R::TITLE);
    let detail = format!(
        "{} What exists is in the state and will be used next time.",
        error.detail
    );
    StateAnswer {
        diagnostics: Diagnostic::warning(summary, detail).into(),
        ..answer
    }
}

/// What AWS says fills in what the plan left open; where it contradicts the plan, the user is told.
fn as_planned<R: Resource>(planned: &Value, actual: Value) -> StateAnswer {
    let attributes = schema_of::<R>().attributes;
    let mut diagnostics = Diagnostics::new();
    for path in differences(&attributes, planned, &actual) {
        let identity = identity_in_words(R::IDENTITY, planned);
        let detail = format!(
            "AWS reports another {path} for {} ({identity}) than was planned. \
             The next plan will show the difference.",
            R::TITLE
        );
        diagnostics.push(Diagnostic::warning(format!("{path} is not as planned"), detail).at(path));
    }
    let actual = reconcile(&attributes, planned, actual);
    let state = complete(planned, &actual).with_unknown_as_null();
    StateAnswer {
        state,
        diagnostics,
        ..StateAnswer::default()
    }
}

fn failed<R: Resource>(verb: &str, about: &Value, state: Value, error: Error) -> StateAnswer {
    let diagnostic = into_diagnostic(summary::<R>(verb, about), error);
    StateAnswer {
        state,
        diagnostics: diagnostic.into(),
        ..StateAnswer::default()
    }
}

fn summary<R: Resource>(verb: &str, about: &Value) -> String {
    format!(
        "Unable to {verb} {} ({})",
        R::TITLE,
        identity_in_words(R::IDENTITY, about)
    )
}

/// The model of a value; write-only attributes are taken from the configuration, the only place that has them.
fn decode<R: Resource>(value: &Value, config: &Value) -> Result<R::Model> {
    let mut value = value.clone();
    for attribute in R::Model::attributes()
        .iter()
        .filter(|attribute| attribute.write_only)
    {
        let path = Path::root().attribute(&attribute.name);
        if let Some(place) = value.at_path_mut(&path) {
            *place = config.get(&attribute.name).clone();
        }
    }
    from_value(&value)
        .map_err(|error| Error::new(format!("This is a bug of the provider: {error}")))
}

/// The value of a model, with what models do not hold taken from `reference`.
fn encode<M: Model>(model: &M, reference: &Value) -> Result<Value> {
    let value = to_value(model)
        .map_err(|error| Error::new(format!("This is a bug of the provider: {error}")))?;
    Ok(with_timeouts(value, reference))
}

fn with_timeouts(value: Value, reference: &Value) -> Value {
    let Value::Object(mut members) = value else {
        return value;
    };
    members.insert(
        Timeouts::NAME.to_owned(),
        reference.get(Timeouts::NAME).clone(),
    );
    Value::Object(members)
}

/// Runs a step and turns a panic into an error, so that state is returned all the same.
pub(crate) async fn caught<T>(step: impl Future<Output = Result<T>>) -> Result<T> {
    match AssertUnwindSafe(step).catch_unwind().await {
        Ok(result) => result,
        Err(panic) => Err(Error::new(format!(
            "The provider panicked: {}. This is a bug; please report it with the log (TF_LOG_PROVIDER=DEBUG).",
            panic_text(&*panic)
        ))),
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".into())
}
