//! Drives the real Terraform or OpenTofu command line against simulated AWS.
//!
//! A test reads from the top: [`each_cli`] hands it a [`Scenario`], the scenario applies configurations in a
//! [`Workspace`] of its own, and [`SimulatedAws`] is the account that it works on. The provider is only ever met as a
//! process: nothing here may depend on the provider's package or on an AWS SDK.

mod aws;
mod aws_cli;
mod cli;
mod diagnostic;
pub mod hosts;
mod ministack;
mod moto;
mod plan;
mod playground;
mod processes;
mod provider;
mod python;
mod run;
mod scenario;
mod server;
mod simulated_aws;
mod state;
mod tap;
mod workspace;

pub mod checkout;
pub mod stack;
pub mod tested;

pub use aws::{Account, LaunchTemplate, Network};
pub use aws_cli::AwsCli;
pub use cli::{Cli, Feature};
pub use diagnostic::Diagnostic;
pub use moto::{ManagedPolicies, Moto};
pub use plan::{Action, Change, Plan};
pub use playground::Playground;
pub use processes::providers_of;
pub use provider::{Endpoints, Provider};
pub use run::{Run, Running};
pub use scenario::{Disturbance, Import, Scenario, each_cli, each_cli_with, each_host};
pub use simulated_aws::{Prerequisites, SimulatedAws};
pub use state::State;
pub use workspace::Workspace;
