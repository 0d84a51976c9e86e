//! The Terraform and OpenTofu provider for Amazon EKS.
//!
//! [`provider`] is the provider block, [`eks`] what EKS is, [`iam`] what its pods are to AWS, [`aws`] how we talk to AWS,
//! [`functions`] what configurations can compute. How Terraform is talked to is the business of the crate `tfplugin-rs`.

pub mod api;
pub mod aws;
pub mod docs;
mod ec2;
pub mod eks;
pub mod functions;
pub mod iam;
pub mod kind;
pub mod provider;
