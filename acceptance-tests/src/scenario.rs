//! The steps that a test is made of. Every step checks what must hold whatever the resource; the rest is the test's.
//!
//! The rules are those of HashiCorp's own test runner (terraform-plugin-testing, `testing_new_config.go`): after every
//! apply a plan without refresh and a plan with refresh must be empty. Here they must find no drift either: what a
//! provider stores after an apply has to be what it reads next time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use eks_simulator::Simulator;

use crate::cli::{Cli, Feature};
use crate::diagnostic::Diagnostic;
use crate::hosts::{self, Outcome};
use crate::plan::{Action, Plan};
use crate::provider::Provider;
use crate::run::Run;
use crate::simulated_aws::SimulatedAws;
use crate::state::State;
use crate::tested;
use crate::workspace::{Refresh, Workspace};

/// One test in one account with one command line. Its methods are assertions: they panic.
pub struct Scenario {
    /// Where the test sets things up, and changes them behind Terraform's back.
    pub aws: SimulatedAws,
    /// For what the steps do not offer.
    pub workspace: Workspace,
    provider: Provider,
}

/// What happens to a command in its middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disturbance {
    /// Somebody presses Ctrl-C.
    Interrupt,
    /// The provider process is killed.
    KillProvider,
}

/// The two ways to import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Import {
    /// An `import` block in the configuration.
    Block,
    /// The `import` command.
    Command,
}

/// Runs a test of our provider with every command line, then destroys what the test made. How each of them fared is
/// written down, whatever became of the others.
#[track_caller]
pub fn each_cli(aws: impl Fn() -> Result<SimulatedAws>, test: impl Fn(&Scenario)) {
    with_each_cli(&[], aws, test);
}

/// The same for a test that only makes sense with command lines that have a feature.
#[track_caller]
pub fn each_cli_with(
    feature: Feature,
    aws: impl Fn() -> Result<SimulatedAws>,
    test: impl Fn(&Scenario),
) {
    with_each_cli(&[feature], aws, test);
}

#[track_caller]
fn with_each_cli(
    features: &[Feature],
    aws: impl Fn() -> Result<SimulatedAws>,
    test: impl Fn(&Scenario),
) {
    let provider = must(Provider::ours());
    each_host(features, |cli| {
        let scenario = must(Scenario::new(cli, &provider, must(aws())));
        test(&scenario);
        scenario.destroy();
    });
}

/// Runs a test with every command line that has these features, and writes down how each of them fared.
#[track_caller]
pub fn each_host(features: &[Feature], test: impl Fn(&Cli)) {
    let mut failed = Vec::new();
    for cli in must(Cli::tested()) {
        let attempt = || test(cli);
        let outcome = match features.iter().find_map(|feature| cli.lacks(*feature)) {
            Some(reason) => Outcome::Skipped(reason),
            None if catch_unwind(AssertUnwindSafe(attempt)).is_ok() => Outcome::Passed,
            None => Outcome::Failed,
        };
        must(hosts::record(cli, &outcome));
        if outcome == Outcome::Failed {
            failed.push(cli.title());
        }
    }
    assert!(failed.is_empty(), "failed with {}", failed.join(", "));
}

impl Scenario {
    /// A fresh working directory for this provider.
    pub fn new(cli: &Cli, provider: &Provider, aws: SimulatedAws) -> Result<Self> {
        let workspace = Workspace::new(cli, provider, &aws.account, &aws.endpoints())?;
        Ok(Self {
            aws,
            workspace,
            provider: provider.clone(),
        })
    }

    /// Brings the state up to what is there.
    #[track_caller]
    pub fn refresh(&self) {
        let arguments = [&APPLY[..], &["-refresh-only"]].concat();
        must((self.workspace.run(&arguments)).and_then(Run::require));
    }

    /// The same account and the same state, with another provider to go on with.
    #[track_caller]
    pub fn handed_over_to(self, provider: &Provider) -> Self {
        let endpoints = self.aws.endpoints();
        let configured = (self.workspace).configure(provider, &self.aws.account, &endpoints);
        must(configured);
        Self {
            provider: provider.clone(),
            ..self
        }
    }

    /// What resource types begin with, for configurations that serve two providers.
    pub fn prefix(&self) -> &'static str {
        self.provider.prefix()
    }

    /// Plans and applies a configuration, and checks that nothing is left to do. Gives back the plan.
    #[track_caller]
    pub fn apply(&self, hcl: &str) -> Plan {
        must(self.try_apply(hcl, |_| Ok(())))
    }

    /// The same when the one thing the plan does is known.
    #[track_caller]
    pub fn apply_expecting(&self, action: Action, address: &str, hcl: &str) -> Plan {
        must(self.try_apply(hcl, |plan| {
            let others = plan.changes().filter(|change| change.address != address);
            let alone = others.count() == 0 && !self.has_drifted(plan);
            if plan.action(address) != action || !alone {
                bail!("expected to {action:?} {address} and no more, but the plan is:\n{plan}");
            }
            Ok(())
        }))
    }

    fn try_apply(&self, hcl: &str, check: impl Fn(&Plan) -> Result<()>) -> Result<Plan> {
        self.workspace.write("main.tf", hcl)?;
        let plan = self.workspace.plan(Refresh::Yes)?;
        check(&plan)?;
        self.workspace.apply_plan()?;
        self.settled(&self.workspace)?;
        Ok(plan)
    }

    /// How often the simulator has been asked for this since its log was cleared last.
    #[track_caller]
    pub fn calls(&self, operation: &str) -> usize {
        calls(must(self.aws.simulator()), operation)
    }

    /// The same while EKS stands still, until the apply has looked at the object `looks` times: for what an apply has
    /// to wait for. The plan alone looks once or twice.
    #[track_caller]
    pub fn apply_frozen(
        &self,
        address: &str,
        hcl: &str,
        (operation, looks): (&str, usize),
    ) -> Plan {
        let simulator = must(self.aws.simulator());
        simulator.freeze();
        let count = || calls(simulator, operation);
        let enough = count() + looks;
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let patience = Instant::now() + PATIENCE;
                while count() < enough && Instant::now() < patience {
                    std::thread::sleep(Duration::from_millis(20));
                }
                simulator.thaw();
            });
            let plan = self.apply_expecting(Action::Update, address, hcl);
            assert!(count() >= enough, "the apply did not wait:\n{plan}");
            plan
        })
    }

    /// Plans a configuration and applies nothing.
    #[track_caller]
    pub fn plan(&self, hcl: &str) -> Plan {
        must(self.workspace.write("main.tf", hcl));
        must(self.workspace.plan(Refresh::Yes))
    }

    /// Plans a configuration, applies nothing, and gives back what resources warn of. The command line has warnings of
    /// its own, such as that of an overridden provider.
    #[track_caller]
    pub fn plan_warnings(&self, hcl: &str) -> Vec<Diagnostic> {
        must(self.workspace.write("main.tf", hcl));
        let (run, _) = must(self.workspace.try_plan(&[]));
        let run = must(run.require());
        let of_resources = run.diagnostics().into_iter();
        of_resources.filter(|it| it.address.is_some()).collect()
    }

    /// The state as it is.
    #[track_caller]
    pub fn state(&self) -> State {
        must(self.workspace.state())
    }

    /// A plan has to fail with an error that says `text` and points at `attribute`.
    ///
    /// The configuration is taken back then, since with it nothing could be destroyed either.
    #[track_caller]
    pub fn expect_plan_error(&self, hcl: &str, attribute: &str, text: &str) -> Diagnostic {
        let before = must(self.workspace.read("main.tf"));
        must(self.workspace.write("main.tf", hcl));
        let (run, _) = must(self.workspace.try_plan(&[]));
        must(self.workspace.write("main.tf", &before));
        let found = run.errors().into_iter().find(|error| error.says(text));
        match found {
            Some(error) if error.attribute.as_deref() == Some(attribute) => error,
            Some(error) => panic!("expected an error at {attribute}, but it is:\n{error}"),
            None => panic!("expected an error that says {text:?}, but:\n{run}"),
        }
    }

    /// An apply has to fail with an error that says `text`.
    #[track_caller]
    pub fn expect_apply_error(&self, hcl: &str, text: &str) -> Diagnostic {
        must(self.workspace.write("main.tf", hcl));
        let run = must(self.workspace.run(&APPLY));
        match run.errors().into_iter().find(|error| error.says(text)) {
            Some(error) => error,
            None => panic!("expected an error that says {text:?}, but:\n{run}"),
        }
    }

    /// Imports a resource that has been applied: the plan must be empty, and the state what it was, the attributes in
    /// `ignore` apart. What a block imports by id is then imported once more by its identity, where the command line has
    /// that.
    #[track_caller]
    pub fn imports(&self, how: Import, address: &str, id: &str, ignore: &[&str]) {
        let text = format!("id = \"{id}\"");
        match how {
            Import::Command => must(self.try_import(address, ignore, |copy| {
                let import = ["import", "-input=false", "-no-color", address, id];
                copy.run(&import)?.require().map(drop)
            })),
            Import::Block => must(self.try_import(address, ignore, |copy| {
                import_by_block(copy, address, &text)
            })),
        }
        if how == Import::Block && self.workspace.cli().has(Feature::ImportByIdentity) {
            must(self.try_import_by_identity(address, ignore));
        }
    }

    fn try_import_by_identity(&self, address: &str, ignore: &[&str]) -> Result<()> {
        let state = self.workspace.state()?;
        let identity = state
            .identity(address)
            .with_context(|| format!("{address} has no identity in the state"))?;
        let identity = format!("identity = {identity}");
        self.try_import(address, ignore, |copy| {
            import_by_block(copy, address, &identity)
        })
    }

    fn try_import(
        &self,
        address: &str,
        ignore: &[&str],
        import: impl FnOnce(&Workspace) -> Result<()>,
    ) -> Result<()> {
        let before = self.workspace.state()?;
        let copy = self.workspace.copy(&self.provider)?;
        copy.run(&["state", "rm", "-no-color", address])?
            .require()?;
        import(&copy)?;
        if let Some(difference) = before.difference(&copy.state()?, address, ignore) {
            bail!("{address} as imported is not what was applied:\n{difference}");
        }
        self.settled(&copy)
    }

    /// Something is deleted behind Terraform's back: the next plan must make it again.
    #[track_caller]
    pub fn disappears(&self, address: &str, delete: impl FnOnce(&SimulatedAws) -> Result<()>) {
        must(delete(&self.aws));
        let plan = must(self.workspace.plan(Refresh::Yes));
        assert_eq!(
            plan.action(address),
            Action::Create,
            "after {address} has gone:\n{plan}"
        );
    }

    /// Applies a configuration, and disturbs the command once `when` holds. That the command ends badly is for the
    /// test to check.
    #[track_caller]
    pub fn apply_disturbed(
        &self,
        hcl: &str,
        disturbance: Disturbance,
        when: impl FnMut() -> bool,
    ) -> Run {
        must(self.try_disturbed(hcl, disturbance, when))
    }

    fn try_disturbed(
        &self,
        hcl: &str,
        disturbance: Disturbance,
        when: impl FnMut() -> bool,
    ) -> Result<Run> {
        self.workspace.write("main.tf", hcl)?;
        let mut running = self.workspace.start(&APPLY)?;
        running.wait_until(when)?;
        match disturbance {
            Disturbance::Interrupt => running.interrupt()?,
            Disturbance::KillProvider => running.kill_providers()?,
        }
        running.wait()
    }

    /// Applies a configuration, and does something once `when` holds. The command has to end well, with nothing left to
    /// do.
    #[track_caller]
    pub fn apply_while(&self, hcl: &str, when: impl FnMut() -> bool, act: impl FnOnce()) {
        must(self.try_apply_while(hcl, when, act));
    }

    fn try_apply_while(
        &self,
        hcl: &str,
        when: impl FnMut() -> bool,
        act: impl FnOnce(),
    ) -> Result<()> {
        self.workspace.write("main.tf", hcl)?;
        let mut running = self.workspace.start(&APPLY)?;
        running.wait_until(when)?;
        act();
        running.wait()?.require()?;
        self.settled(&self.workspace)
    }

    fn settled(&self, workspace: &Workspace) -> Result<()> {
        for (refresh, name) in [
            (Refresh::No, "without refresh"),
            (Refresh::Yes, "with refresh"),
        ] {
            let plan = workspace.plan(refresh)?;
            let empty = plan.changes().next().is_none() && !self.has_drifted(&plan);
            ensure!(
                empty,
                "the plan {name} after the apply is not empty:\n{plan}"
            );
        }
        Ok(())
    }

    /// Whether a refresh found something. A status that moved on is no drift: an apply that met an object while
    /// somebody else was changing it has stored `UPDATING`, truly, and that ends when it likes.
    fn has_drifted(&self, plan: &Plan) -> bool {
        let mut changed = plan.drift().iter().flat_map(|drift| drift.changed.keys());
        self.provider.stores_what_it_reads() && changed.any(|path| path != "status")
    }

    /// Destroys everything: neither the state nor AWS may have anything left.
    #[track_caller]
    pub fn destroy(&self) {
        must(self.try_destroy());
    }

    fn try_destroy(&self) -> Result<()> {
        self.workspace.plan_with(&["-destroy"])?;
        self.workspace.apply_plan()?;
        let state = self.workspace.state()?;
        ensure!(
            state.addresses().is_empty(),
            "destroy left {:?}",
            state.addresses()
        );
        let clusters = self.aws.cluster_names()?;
        ensure!(
            clusters.is_empty(),
            "destroy left clusters in AWS: {clusters:?}"
        );
        for (by, called) in self.aws.called(self.provider.product()) {
            if let Some(against) = self.provider.tested_against(by) {
                tested::record(against, &called)?;
            }
        }
        Ok(())
    }
}

/// How long EKS stands still at most.
const PATIENCE: Duration = Duration::from_secs(60);

const APPLY: [&str; 4] = ["apply", "-input=false", "-json", "-auto-approve"];

/// Imports what an argument of the block says: an id, or an identity.
fn import_by_block(workspace: &Workspace, address: &str, what: &str) -> Result<()> {
    let block = format!("import {{\n  to = {address}\n  {what}\n}}\n");
    workspace.write("import.tf", &block)?;
    let plan = workspace.plan(Refresh::Yes)?;
    let importing = plan.change(address).is_some_and(|change| change.importing);
    ensure!(importing, "the plan does not import {address}:\n{plan}");
    ensure!(
        plan.is_empty(),
        "importing {address} would also change something:\n{plan}"
    );
    workspace.apply_plan()?;
    workspace.write("import.tf", "")
}

fn calls(simulator: &Simulator, operation: &str) -> usize {
    let called = simulator.operations();
    called.iter().filter(|called| *called == operation).count()
}

#[track_caller]
fn must<T>(result: Result<T>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error:#}"),
    }
}
