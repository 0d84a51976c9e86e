//! The steps of an object's life: planning, making, looking, changing and removing it, and what is left when one of them
//! fails.

use std::marker::PhantomData;

use super::models::{decode, encode, with_timeouts};
use super::{
    ApplyRequest, Circumstances, ObjectEvent, PlanAnswer, PlanRequest, Stage, StateAnswer, caught,
};
use crate::tf::plan::is_material;
use crate::tf::private::Private;
use crate::tf::reconcile::complete;
use crate::tf::resource::{identity_in_words, into_diagnostic};
use crate::tf::{
    Call, Diagnostic, Diagnostics, Error, Operation, Plan, Resource, Result, Schema, Value,
    differences, plan, reconcile,
};

/// One call about one object.
pub(super) struct Life<'a, R: Resource> {
    schema: &'a Schema,
    by: Circumstances<R::Context>,
    resource: PhantomData<fn() -> R>,
}

impl<'a, R: Resource> Life<'a, R> {
    pub fn new(schema: &'a Schema, by: Circumstances<R::Context>) -> Self {
        Self {
            schema,
            by,
            resource: PhantomData,
        }
    }

    pub async fn plan(&self, request: PlanRequest) -> PlanAnswer {
        let private = Private::read(&request.private);
        let private = match request.prior.is_null() {
            true => private.without_memory(),
            false => private,
        };
        let private = private.with_token();
        let mut plan = self.merged(request);
        let diagnostics = self.adjusted(&mut plan, &private).await;
        if !diagnostics.has_errors() {
            let stage = match plan.replaces {
                true => Stage::Replacement,
                false => Stage::Planned,
            };
            self.publish(stage, &plan.prior, &plan.planned);
        }
        PlanAnswer {
            replace: plan.replaced().cloned().collect(),
            planned: plan.planned,
            private: private.write(),
            diagnostics,
            ..PlanAnswer::default()
        }
    }

    fn merged(&self, request: PlanRequest) -> Plan {
        let replaces = request.replaces();
        let (config, prior) = (request.config, request.prior);
        let mut plan = plan(self.schema, config, prior, &request.proposed);
        plan.replaces = replaces;
        plan
    }

    /// Lets the provider and the resource adjust the plan, finishes it, and returns what they reported.
    async fn adjusted(&self, plan: &mut Plan, private: &Private) -> Diagnostics {
        let about = match plan.is_destroy() {
            true => plan.prior.clone(),
            false => plan.planned.clone(),
        };
        let cx = self.call(Operation::Read, &about, private);
        let outcome = caught(self.adjust(&cx, plan)).await;
        plan.finish();
        let mut diagnostics = std::mem::take(&mut plan.diagnostics);
        diagnostics.extend(cx.warnings());
        if let Err(error) = outcome {
            diagnostics.push(into_diagnostic(summary::<R>("plan", &about), error));
        }
        diagnostics
    }

    async fn adjust(&self, cx: &Call<R::Context>, plan: &mut Plan) -> Result<()> {
        if !plan.is_destroy() {
            (self.by.adjust)(cx, &self.schema.attributes, plan)?;
        }
        R::adjust(cx, plan).await
    }

    /// Makes the object what is planned. Until that has ended, nobody can say what it is.
    pub async fn apply(&self, request: &ApplyRequest) -> StateAnswer {
        let ApplyRequest { prior, planned, .. } = request;
        self.publish(Stage::Actual, prior, &Value::Null);
        let answer = match (prior.is_null(), planned.is_null()) {
            (_, true) => self.delete(request).await,
            (true, false) => self.create(request).await,
            (false, false) => self.update(request).await,
        };
        self.publish(Stage::Actual, prior, &answer.state);
        answer
    }

    /// Tells the provider what has become known of the object.
    fn publish(&self, stage: Stage, before: &Value, now: &Value) {
        let event = ObjectEvent {
            resource: R::NAME,
            stage,
            before,
            now,
        };
        (self.by.observe)(&self.by.context, &event);
    }

    async fn create(&self, request: &ApplyRequest) -> StateAnswer {
        let private = Private::read(&request.private);
        let cx = self.call(Operation::Create, &request.planned, &private);
        let result = caught(async {
            let planned = decode::<R>(self.schema, &request.planned, &request.config)?;
            let model = R::create(&cx, planned).await?;
            encode::<R>(&model, &request.planned)
        });
        let answer = match (result.await, cx.partial()) {
            (Ok(actual), _) => self.as_planned(&request.planned, actual),
            (Err(error), None) => failed::<R>("create", &request.planned, Value::Null, error),
            (Err(error), Some(kept)) => {
                let kept = with_timeouts::<R>(kept, &request.planned);
                let kept = self.as_planned(&request.planned, kept).state;
                if error.unfinished {
                    unfinished::<R>(kept, &error)
                } else {
                    let state = self.half_made(&cx, kept).await;
                    failed::<R>("create", &request.planned, state, error)
                }
            }
        };
        ended(answer, &cx, private)
    }

    /// What a failed create left behind: as the API tells it now, or else as it was when it was accepted.
    ///
    /// "Gone" is not believed so soon after a create: the API may not know the object everywhere yet, and a state that
    /// forgot it would leak it. A refresh will find out.
    async fn half_made(&self, cx: &Call<R::Context>, kept: Value) -> Value {
        if cx.stop().is_requested() {
            return kept;
        }
        let look_again = self.call(Operation::Read, &kept, &Private::default());
        match self.look(&look_again, &kept).await {
            Ok(state) if !state.is_null() => state,
            _ => kept,
        }
    }

    pub async fn read(&self, prior: &Value) -> StateAnswer {
        let cx = self.call(Operation::Read, prior, &Private::default());
        let mut answer = match self.look(&cx, prior).await {
            Ok(state) => {
                self.publish(Stage::Actual, prior, &state);
                StateAnswer {
                    state,
                    ..StateAnswer::default()
                }
            }
            Err(error) => failed::<R>("read", prior, prior.clone(), error),
        };
        answer.diagnostics.extend(cx.warnings());
        answer
    }

    async fn update(&self, request: &ApplyRequest) -> StateAnswer {
        let private = Private::read(&request.private);
        let cx = self.call(Operation::Update, &request.planned, &private);
        if !is_material(&self.schema.attributes, &request.prior, &request.planned) {
            let answer = StateAnswer {
                state: request.planned.clone(),
                ..StateAnswer::default()
            };
            return ended(answer, &cx, private);
        }
        let result = caught(async {
            let prior = decode::<R>(self.schema, &request.prior, &Value::Null)?;
            let planned = decode::<R>(self.schema, &request.planned, &request.config)?;
            let model = R::update(&cx, prior, planned).await?;
            encode::<R>(&model, &request.planned)
        });
        let answer = match result.await {
            Ok(actual) => self.as_planned(&request.planned, actual),
            Err(error) => {
                let state = self.half_updated(&cx, request).await;
                failed::<R>("update", &request.planned, state, error)
            }
        };
        ended(answer, &cx, private)
    }

    /// An update can fail half way. What holds now is for the API to say, asked about what the resource left word of; if
    /// it cannot be asked, that word holds, and without one nothing changed.
    async fn half_updated(&self, cx: &Call<R::Context>, request: &ApplyRequest) -> Value {
        let left = cx.partial().map(|kept| {
            let kept = with_timeouts::<R>(kept, &request.prior);
            reconcile(&self.schema.attributes, &request.prior, kept)
        });
        let known = left.unwrap_or_else(|| request.prior.clone());
        let look_again = self.call(Operation::Read, &known, &Private::default());
        self.look(&look_again, &known).await.unwrap_or(known)
    }

    async fn delete(&self, request: &ApplyRequest) -> StateAnswer {
        let private = Private::read(&request.private);
        let cx = self.call(Operation::Delete, &request.prior, &private);
        let result = caught(async {
            let prior = decode::<R>(self.schema, &request.prior, &Value::Null)?;
            R::delete(&cx, prior).await
        });
        let answer = match result.await {
            Ok(()) => StateAnswer::default(),
            Err(error) => failed::<R>("delete", &request.prior, request.prior.clone(), error),
        };
        ended(answer, &cx, private)
    }

    /// The object as the API has it, in the spelling of `prior`; null when it is gone.
    async fn look(&self, cx: &Call<R::Context>, prior: &Value) -> Result<Value> {
        let actual = caught(async {
            let model = R::read(cx, decode::<R>(self.schema, prior, &Value::Null)?).await?;
            model.map(|model| encode::<R>(&model, prior)).transpose()
        });
        let known = |actual| reconcile(&self.schema.attributes, prior, actual);
        Ok(actual.await?.map_or(Value::Null, known))
    }

    /// What the API says fills in what the plan left open; where it contradicts the plan, the user is told.
    fn as_planned(&self, planned: &Value, actual: Value) -> StateAnswer {
        let attributes = &self.schema.attributes;
        let mut diagnostics = Diagnostics::new();
        for path in differences(attributes, planned, &actual) {
            let identity = identity_in_words(R::IDENTITY, planned);
            let detail = format!(
                "{path} of {} ({identity}) was read back with another value than was planned. \
                 The next plan will show the difference.",
                R::TITLE
            );
            let summary = format!("{path} is not as planned");
            diagnostics.push(Diagnostic::warning(summary, detail).at(path));
        }
        let actual = reconcile(attributes, planned, actual);
        StateAnswer {
            state: complete(planned, &actual).with_unknown_as_null(),
            diagnostics,
            ..StateAnswer::default()
        }
    }

    fn call(&self, operation: Operation, object: &Value, private: &Private) -> Call<R::Context> {
        let timeout = R::TIMEOUTS.of(operation, object);
        let (context, stop) = (self.by.context.clone(), self.by.stop.clone());
        Call::new(context, stop, timeout, private.token()).with_memory(private.memory())
    }
}

/// The answer with what every change ends with: the warnings, and private data without the token of this change and with
/// what is to be remembered of it.
fn ended<C>(mut answer: StateAnswer, cx: &Call<C>, private: Private) -> StateAnswer {
    answer.diagnostics.extend(cx.warnings());
    StateAnswer {
        private: private.without_token().with_memory(cx.memory()).write(),
        ..answer
    }
}

/// An unfinished create is not a failed one: as an error Terraform would replace the object next time. So it is a warning,
/// and the next plan resumes.
fn unfinished<R: Resource>(state: Value, error: &Error) -> StateAnswer {
    let identity = identity_in_words(R::IDENTITY, &state);
    let summary = format!("Creation of {} ({identity}) is not finished", R::TITLE);
    let detail = format!(
        "{}\n\nWhat exists is in the state, without the values that are not there yet. Apply again to wait for the rest; \
         nothing is replaced.",
        error.detail
    );
    StateAnswer {
        state,
        diagnostics: Diagnostic::warning(summary, detail).into(),
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
    let identity = identity_in_words(R::IDENTITY, about);
    format!("Unable to {verb} {} ({identity})", R::TITLE)
}
