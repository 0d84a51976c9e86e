//! Terraform Core in miniature: the same questions in the same order, every answer held against the rules.
//!
//! It drives any [`ManagedResource`], a toy or a real one over simulated AWS, and fails with a sentence where Terraform
//! would fail with one of its "Provider produced …" errors. It knows no runtime: the caller polls its futures.

use std::sync::Arc;

use super::proposed_new;
use crate::tf::core_rules::{
    Violation, assert_conforms, assert_object_compatible, assert_plan_valid,
};
use crate::tf::engine::{ApplyRequest, Circumstances, ManagedResource, PlanAnswer, PlanRequest};
use crate::tf::{
    Attribute, Call, Diagnostics, Path, Plan, Provider, Result as TfResult, Schema, Stop, Value,
};

/// What a step comes to: an error says which rule was broken, or what the resource reported.
pub(super) type Outcome<T> = Result<T, String>;

/// An object in the state. Start with the default, which is no object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Instance {
    /// State; null if there is no object.
    pub state: Value,
    /// Identity; null if it is not known.
    pub identity: Value,
    /// Private data of the provider.
    pub private: Vec<u8>,
    /// Whether the object is tainted, so that the next plan replaces it.
    pub tainted: bool,
}

/// Action of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// No changes.
    NoOp,
    /// Create the object.
    Create,
    /// Update the object in place.
    Update,
    /// Delete the object and create another.
    Replace,
    /// Delete the object.
    Delete,
}

/// A plan that keeps the rules.
#[derive(Debug)]
pub struct Planned {
    /// What to do.
    pub action: Action,
    /// Planned state.
    pub planned: Value,
    /// Planned identity; null if part of it is unknown.
    pub identity: Value,
    /// Attributes that require replacement.
    pub replace: Vec<Path>,
    /// Private data for the apply.
    pub private: Vec<u8>,
    /// Warnings.
    pub diagnostics: Diagnostics,
}

/// Terraform Core in miniature, for one resource. It plans and applies with the same calls, in the same order, and checks
/// every answer against Terraform's rules.
pub struct FakeCore<'a, C> {
    resource: &'a dyn ManagedResource<C>,
    schema: Schema,
    context: Arc<C>,
    adjust: fn(&Call<C>, &[Attribute], &mut Plan) -> TfResult<()>,
    identity: &'static [&'static str],
    stop: Stop,
}

impl<'a, C> FakeCore<'a, C> {
    /// Creates a Core for this resource, whose calls get `context`.
    pub fn new(resource: &'a dyn ManagedResource<C>, context: Arc<C>) -> Self {
        Self {
            schema: resource.schema(),
            resource,
            context,
            adjust: |_, _, _| Ok(()),
            identity: &[],
            stop: Stop::default(),
        }
    }

    /// Adds the planning rules and identity attributes that the provider has for all resources.
    #[must_use]
    pub fn of_provider<P: Provider<Context = C>>(mut self) -> Self {
        self.adjust = P::adjust;
        self.identity = P::IDENTITY;
        self
    }

    /// Schema of the resource.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Ctrl-C: request it to interrupt the operation that is running.
    pub fn stop(&self) -> &Stop {
        &self.stop
    }

    /// Validates a configuration, as `terraform validate` does.
    pub fn validate(&self, config: &Value) -> Diagnostics {
        self.resource.validate(config, true)
    }

    /// Plans, as `terraform plan -refresh=false` does. A null `config` is a resource that was removed.
    ///
    /// # Errors
    ///
    /// The resource reports an error, or its answer breaks a rule.
    pub async fn plan(&self, instance: &Instance, config: &Value) -> Outcome<Planned> {
        let nothing = Instance::default();
        let prior = if instance.tainted { &nothing } else { instance };
        let first = self.ask(prior, config).await?;
        let action = match (prior.state.is_null(), first.planned.is_null()) {
            (true, true) => Action::NoOp,
            (true, false) => Action::Create,
            (false, true) => Action::Delete,
            _ if !changed(&prior.state, &first).is_empty() => Action::Replace,
            _ if first.planned == prior.state => Action::NoOp,
            _ => Action::Update,
        };
        let replace = changed(&prior.state, &first);
        let answer = if action == Action::Replace {
            let private = first.private;
            self.ask(&Instance { private, ..nothing }, config).await?
        } else {
            if !first.planned.is_null() {
                keep_identity("the plan", &prior.identity, &first.identity)?;
            }
            first
        };
        Ok(Planned {
            action: if instance.tainted && action == Action::Create {
                Action::Replace
            } else {
                action
            },
            planned: answer.planned,
            identity: answer.identity,
            replace,
            private: answer.private,
            diagnostics: answer.diagnostics,
        })
    }

    /// `terraform apply` of a plan, which plans again before it does anything.
    ///
    /// # Errors
    ///
    /// The resource reports an error, or one of its answers breaks a rule. The instance then is what Terraform would
    /// have saved.
    pub async fn apply(
        &self,
        instance: &mut Instance,
        planned: Planned,
        known: &Value,
    ) -> Outcome<Diagnostics> {
        let mut diagnostics = Diagnostics::new();
        if matches!(planned.action, Action::Replace | Action::Delete) {
            diagnostics.extend(self.delete(instance).await?);
        }
        if matches!(planned.action, Action::NoOp | Action::Delete) {
            return Ok(diagnostics);
        }
        let again = self.plan(instance, known).await?;
        let expected = match planned.action {
            Action::Replace => Action::Create,
            other => other,
        };
        let is_relaxed = expected == Action::Update && again.action == Action::NoOp;
        if again.action != expected && !is_relaxed {
            return Err(format!(
                "the final plan is to {:?} instead of {expected:?}",
                again.action
            ));
        }
        let violations = assert_object_compatible(&self.schema, &planned.planned, &again.planned);
        keep_rules("inconsistent final plan", &violations)?;
        if again.action != Action::NoOp {
            diagnostics.extend(self.carry_out(instance, again, known).await?);
        }
        Ok(diagnostics)
    }

    async fn carry_out(
        &self,
        instance: &mut Instance,
        plan: Planned,
        config: &Value,
    ) -> Outcome<Diagnostics> {
        let request = ApplyRequest {
            config: config.clone(),
            prior: instance.state.clone(),
            planned: plan.planned.clone(),
            private: plan.private,
        };
        let is_create = instance.state.is_null();
        let answer = self.resource.apply(self.circumstances(), request).await;
        let failed = answer.diagnostics.has_errors();
        if !(failed && !is_create && answer.state.is_null()) {
            instance.state = answer.state.clone();
            instance.identity = answer.identity.clone();
            instance.private = answer.private;
        }
        instance.tainted = is_create && failed && !instance.state.is_null();
        refuse(&answer.diagnostics)?;
        self.expect_stored("after the apply", &answer.state)?;
        let violations = assert_object_compatible(&self.schema, &plan.planned, &answer.state);
        keep_rules("inconsistent result after apply", &violations)?;
        keep_identity("the apply", &plan.identity, &answer.identity)?;
        Ok(answer.diagnostics)
    }

    /// Removes the object: a destroy plan, and its apply.
    ///
    /// # Errors
    ///
    /// The resource reports an error, or its answer breaks a rule. The instance then is as it was.
    pub async fn delete(&self, instance: &mut Instance) -> Outcome<Diagnostics> {
        let plan = self.ask(instance, &Value::Null).await?;
        let request = ApplyRequest {
            config: Value::Null,
            prior: instance.state.clone(),
            planned: Value::Null,
            private: plan.private,
        };
        let answer = self.resource.apply(self.circumstances(), request).await;
        refuse(&answer.diagnostics)?;
        if !answer.state.is_null() {
            return Err("the object was deleted and there is still a state".to_owned());
        }
        *instance = Instance::default();
        Ok(answer.diagnostics)
    }

    /// `terraform refresh`.
    ///
    /// # Errors
    ///
    /// The resource reports an error, or its answer breaks a rule. The instance then is as it was.
    pub async fn refresh(&self, instance: &mut Instance) -> Outcome<Diagnostics> {
        if instance.state.is_null() {
            return Ok(Diagnostics::new());
        }
        let (prior, private) = (instance.state.clone(), instance.private.clone());
        let answer = self
            .resource
            .read(self.circumstances(), prior, private.clone())
            .await;
        refuse(&answer.diagnostics)?;
        self.expect_stored("after the refresh", &answer.state)?;
        if !answer.state.is_null() {
            keep_identity("the refresh", &instance.identity, &answer.identity)?;
        }
        if answer.private != private {
            return Err("a refresh changed the private data".to_owned());
        }
        instance.state = answer.state;
        instance.identity = answer.identity;
        Ok(answer.diagnostics)
    }

    /// `terraform import`: the stub that the id gives, and a refresh of it.
    ///
    /// # Errors
    ///
    /// The id is refused, there is no such object, or an answer breaks a rule.
    pub async fn import(&self, id: &str) -> Outcome<Instance> {
        let state = self
            .resource
            .import_by_id(id)
            .map_err(|found| said(&found))?;
        self.expect_stored("as imported", &state)?;
        let mut instance = Instance {
            state,
            ..Instance::default()
        };
        self.refresh(&mut instance).await?;
        if instance.state.is_null() {
            return Err(format!("there is no object to import as {id:?}"));
        }
        Ok(instance)
    }

    async fn ask(&self, prior: &Instance, config: &Value) -> Outcome<PlanAnswer> {
        let proposed = match config {
            Value::Null => Value::Null,
            config => proposed_new(&self.schema, &prior.state, config),
        };
        let request = PlanRequest {
            config: config.clone(),
            prior: prior.state.clone(),
            proposed,
            private: prior.private.clone(),
        };
        let answer = self.resource.plan(self.circumstances(), request).await;
        refuse(&answer.diagnostics)?;
        let violations = assert_plan_valid(&self.schema, &prior.state, config, &answer.planned);
        keep_rules("invalid plan", &violations)?;
        if !answer.identity.is_wholly_known() {
            return Err(format!(
                "invalid plan: its identity is not wholly known: {:?}",
                answer.identity
            ));
        }
        Ok(answer)
    }

    fn expect_stored(&self, when: &str, state: &Value) -> Outcome<()> {
        keep_rules(when, &assert_conforms(&self.schema, state))?;
        if !state.is_wholly_known() {
            return Err(format!(
                "{when}, something in the state is unknown: {state:?}"
            ));
        }
        Ok(())
    }

    fn circumstances(&self) -> Circumstances<C> {
        Circumstances {
            context: self.context.clone(),
            stop: self.stop.clone(),
            adjust: self.adjust,
            observe: |_, _| {},
            identity: self.identity,
        }
    }
}

/// The paths that ask for replacement and whose values really differ.
fn changed(prior: &Value, answer: &PlanAnswer) -> Vec<Path> {
    let differs = |path: &&Path| prior.at_path(path) != answer.planned.at_path(path);
    if prior.is_null() || answer.planned.is_null() {
        return Vec::new();
    }
    answer.replace.iter().filter(differs).cloned().collect()
}

/// An object keeps the identity that was known of it, through whatever gives it another answer than a replacement.
fn keep_identity(step: &str, before: &Value, after: &Value) -> Outcome<()> {
    if !after.is_wholly_known() || (!before.is_null() && before != after) {
        return Err(format!(
            "{step} changed the identity from {before:?} to {after:?}"
        ));
    }
    Ok(())
}

pub(super) fn refuse(found: &Diagnostics) -> Outcome<()> {
    if found.has_errors() {
        Err(said(found))
    } else {
        Ok(())
    }
}

fn said(found: &Diagnostics) -> String {
    let messages = found
        .iter()
        .map(|message| format!("{}: {}", message.summary, message.detail));
    messages.collect::<Vec<_>>().join("\n")
}

pub(super) fn keep_rules(what: &str, violations: &[Violation]) -> Outcome<()> {
    if violations.is_empty() {
        return Ok(());
    }
    let violations: Vec<_> = violations.iter().map(ToString::to_string).collect();
    Err(format!("{what}: {}", violations.join("; ")))
}
