//! Others that work on simulated AWS: a simulator that only our own provider has ever talked to proves nothing.

mod aws_cli;
mod hashicorp_aws;
