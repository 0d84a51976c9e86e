//! The provider process. Everything it does is in the library; what it is called is said here.

use std::process::ExitCode;

use terraform_provider_eks::provider::Eks;
use tfplugin_rs::plugin::{self, Options, Service};

/// The source address under which the registries list the provider.
const SOURCE: &str = "terraform-provider-eks/eks";

fn main() -> ExitCode {
    plugin::serve(
        Options::new(SOURCE, env!("CARGO_PKG_VERSION")),
        Service::<Eks>::new,
    )
}
