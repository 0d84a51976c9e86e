//! Compiles the `.proto` files with protox, so that building needs no `protoc` installation.
//! Clients are generated too: the in-memory protocol tests talk to the service through them.

use std::error::Error;

/// The wire contracts: Terraform's own, and the three services of go-plugin.
const CONTRACTS: [&str; 4] = [
    "tfplugin6.proto",
    "grpc_broker.proto",
    "grpc_controller.proto",
    "grpc_stdio.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    for contract in CONTRACTS {
        println!("cargo::rerun-if-changed={contract}");
    }
    // Default stubs answer UNIMPLEMENTED, which is what Core expects from RPCs a provider leaves out.
    tonic_prost_build::configure()
        .generate_default_stubs(true)
        .compile_fds(protox::compile(CONTRACTS, ["."])?)?;
    Ok(())
}
