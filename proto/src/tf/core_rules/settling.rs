//! What every provider owes its users: after an apply nothing is left to do.

use super::super::{Attribute, Value};
use super::fake_core::{Outcome, keep_rules, refuse};
use super::{Action, FakeCore, Generator, Instance, assert_object_compatible};

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
            let blurred = generator.blurred(self.schema(), config);
            let first = self.plan(&instance, &blurred).await?;
            let last = self.plan(&instance, config).await?;
            let (planned, again) = (&first.planned, &last.planned);
            let is_relaxed = matches!(last.action, Action::NoOp | Action::Update);
            // What replaces because of an unknown value does so whatever the value turns out to be.
            if first.action == last.action || (first.action == Action::Update && is_relaxed) {
                let violations = assert_object_compatible(self.schema(), planned, again);
                keep_rules("inconsistent final plan", &violations)?;
            }
            instance.state = generator.filled(self.schema(), again);
            self.expect_no_change(&instance, config, "after a made-up apply")
                .await?;
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
