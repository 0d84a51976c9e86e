//! The Terraform and OpenTofu provider for Amazon EKS.
//!
//! [`provider`] is the provider block, [`eks`], [`iam`] and `ec2` what there is to manage, [`kind`] the life that all objects
//! have in common, [`aws`] how AWS is talked to, [`api`] what would be the same for any other API, [`functions`] what
//! configurations can compute, [`docs`] how the documentation is made of all that. How Terraform is talked to is the business of the crate `tfplugin-rs`.

pub mod api;
pub mod aws;
pub mod docs;
mod ec2;
pub mod eks;
pub mod functions;
pub mod iam;
pub mod kind;
pub mod provider;
#[cfg(test)]
mod testing;
