//! What every provider owes its users: after an apply nothing is left to do.

use super::fake_core::{Outcome, keep_rules, refuse};
use super::{Action, FakeCore, Generator, Instance, Planned};
use crate::tf::core_rules::assert_object_compatible;
use crate::tf::{Attribute, Value};

impl<C> FakeCore<'_, C> {
    /// Plans with `config`, applies with `known` (the same configuration with nothing unknown any more), and expects
    /// that nothing is left to do, neither without nor with a refresh.
    ///
    /// # Errors
    ///
    /// As for [`FakeCore::plan`] and [`FakeCore::apply`], or something is left to do.
    pub async fn apply_and_settle(
        &self,
        instance: &mut Instance,
        config: &Value,
        known: &Value,
    ) -> Outcome<Action> {
        let found = self.validate(config);
        refuse(&found)?;
        let planned = self.plan(instance, config).await?;
        let action = planned.action;
        self.apply(instance, planned, known).await?;
        self.expect_no_change(instance, known, "right after the apply")
            .await?;
        self.refresh(instance).await?;
        self.expect_no_change(instance, known, "after a refresh")
            .await?;
        Ok(action)
    }

    /// Plans a create, makes up what the provider would answer, and expects that nothing is left to do; then the same
    /// for a change to `next`. Nothing is applied, so this needs no API.
    ///
    /// # Errors
    ///
    /// A plan reports an error, breaks a rule, or is not the same the second time.
    pub async fn check_plans(
        &self,
        generator: &mut Generator,
        config: &Value,
        next: &Value,
    ) -> Outcome<()> {
        let mut instance = Instance::default();
        for config in [config, next] {
            let plan = self.plan_twice(generator, &instance, config).await?;
            instance.state = generator.filled(self.schema(), &plan.planned);
            self.expect_no_change(&instance, config, "after a made-up apply")
                .await?;
            // As many plans again for each such state, so not every time.
            if generator.once_in(4) {
                self.check_cut_short(generator, &instance, config).await?;
            }
        }
        Ok(())
    }

    /// A plan as Terraform makes it: at first with some values unknown, at apply with all known.
    async fn plan_twice(
        &self,
        generator: &mut Generator,
        instance: &Instance,
        config: &Value,
    ) -> Outcome<Planned> {
        let blurred = generator.blurred(self.schema(), config);
        let first = self.plan(instance, &blurred).await?;
        let last = self.plan(instance, config).await?;
        let is_relaxed = matches!(last.action, Action::NoOp | Action::Update);
        // What replaces because of an unknown value does so whatever the value turns out to be.
        if first.action == last.action || (first.action == Action::Update && is_relaxed) {
            let violations = assert_object_compatible(self.schema(), &first.planned, &last.planned);
            keep_rules("inconsistent final plan", &violations)?;
        }
        Ok(last)
    }

    /// What a create leaves that was cut short: while the object is being made, the plan is to wait for it; when nothing
    /// came of it, to make another.
    async fn check_cut_short(
        &self,
        generator: &mut Generator,
        made: &Instance,
        config: &Value,
    ) -> Outcome<()> {
        let attributes = self.schema().attributes.iter();
        let unfinished = attributes
            .clone()
            .map(|a| (a, &a.unfinished, Action::Update));
        let failed = attributes.map(|a| (a, &a.failed, Action::Replace));
        for (attribute, values, expected) in unfinished.chain(failed) {
            for value in values {
                let state = generator.cut_short(self.schema(), &made.state);
                let mut instance = made.clone();
                instance.state = with_member(state, &attribute.name, value);
                let plan = self.plan_twice(generator, &instance, config).await?;
                if plan.action != expected {
                    let (is, name) = (plan.action, &attribute.name);
                    return Err(format!(
                        "with {name} {value}, the plan is to {is:?} {:?} instead of {expected:?}",
                        plan.replace
                    ));
                }
                instance.state = generator.filled(self.schema(), &plan.planned);
                let when = format!("after {name} was {value}", name = attribute.name);
                self.expect_no_change(&instance, config, &when).await?;
            }
        }
        Ok(())
    }

    /// Expects that a plan has nothing to do.
    ///
    /// # Errors
    ///
    /// It has; the message says `when`, and which attributes differ.
    pub async fn expect_no_change(
        &self,
        instance: &Instance,
        config: &Value,
        when: &str,
    ) -> Outcome<()> {
        let plan = self.plan(instance, config).await?;
        if plan.action == Action::NoOp {
            return Ok(());
        }
        let differs = |a: &&Attribute| instance.state.get(&a.name) != plan.planned.get(&a.name);
        let differences = self
            .schema()
            .attributes
            .iter()
            .filter(differs)
            .map(|attribute| {
                let (is, planned) = (
                    instance.state.get(&attribute.name),
                    plan.planned.get(&attribute.name),
                );
                format!("{}: {is:?} -> {planned:?}", attribute.name)
            });
        let differences: Vec<_> = differences.collect();
        Err(format!(
            "{when}, the plan is to {:?} {:?}: {}",
            plan.action,
            plan.replace,
            differences.join("; ")
        ))
    }
}

fn with_member(object: Value, name: &str, value: &str) -> Value {
    match object {
        Value::Object(mut members) => {
            members.insert(name.to_owned(), value.into());
            Value::Object(members)
        }
        other => other,
    }
}
