//! One provider under measurement, with a workspace and a simulated AWS of its own.

use std::fs;

use acceptance_tests::{Cli, Provider, SimulatedAws, Workspace, stack};
use anyhow::{Result, ensure};

use crate::measure::{self, Sample, Samples};
use crate::start;

const NODE_GROUPS: usize = 10;

/// What is managed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stack {
    /// A cluster and ten node groups.
    Fleet,
    /// A cluster, a node group, and ten each of add-ons, access entries and roles.
    Platform,
}

/// What is measured in every round, in order.
pub const OPERATIONS: [&str; 4] = [
    "validate",
    "apply",
    "plan with refresh, no changes",
    "destroy",
];

/// A provider and what has been measured of it so far.
pub struct Contender {
    pub name: &'static str,
    pub binary_bytes: u64,
    /// Milliseconds.
    pub handshakes: Samples<f64>,
    /// Milliseconds; none for a provider of protocol 5.
    pub schemas: Samples<f64>,
    /// Samples of each of [`OPERATIONS`].
    pub operations: [Samples<Sample>; OPERATIONS.len()],
    provider: Provider,
    aws: SimulatedAws,
    workspace: Workspace,
}

impl Contender {
    pub fn new(name: &'static str, cli: &Cli, provider: Provider, stack: Stack) -> Result<Self> {
        let aws = SimulatedAws::new()?;
        let ground = aws.set_up()?;
        let workspace = Workspace::new(cli, &provider, &aws.account, &aws.endpoints())?;
        let hcl = match stack {
            Stack::Fleet => stack::fleet(provider.prefix(), &ground, NODE_GROUPS),
            Stack::Platform => stack::platform(provider.prefix(), &ground),
        };
        workspace.write("main.tf", &hcl)?;
        Ok(Self {
            name,
            binary_bytes: fs::metadata(provider.binary()?)?.len(),
            handshakes: Samples::default(),
            schemas: Samples::default(),
            operations: Default::default(),
            provider,
            aws,
            workspace,
        })
    }

    /// Measures everything once, from an empty account to an empty account.
    pub fn round(&mut self) -> Result<()> {
        let binary = self.provider.binary()?;
        self.handshakes.push(start::handshake(&binary)?);
        if let Some(taken) = start::schema(&binary)? {
            self.schemas.push(taken);
        }
        let commands: [&[&str]; OPERATIONS.len()] = [
            &["validate"],
            &["apply", "-input=false", "-auto-approve"],
            &["plan", "-input=false", "-detailed-exitcode"],
            &["destroy", "-input=false", "-auto-approve"],
        ];
        for (arguments, samples) in commands.into_iter().zip(&mut self.operations) {
            let before = (self.aws.eks_calls(), self.aws.other_calls());
            let mut sample = measure::command(&self.workspace, arguments)?;
            sample.calls = (self.aws.eks_calls() - before.0) as f64;
            sample.other_calls = (self.aws.other_calls() - before.1) as f64;
            samples.push(sample);
        }
        let left = self.aws.cluster_names()?;
        ensure!(left.is_empty(), "{} left {left:?}", self.name);
        Ok(())
    }
}
