//! Write Terraform and OpenTofu providers in Rust: plugin protocol 6, without Go.
//!
//! - [`model!`] declares an object once. The declaration is both the Rust struct and the Terraform schema.
//! - [`tf`] holds the rest of what a provider names: the traits [`Provider`](tf::Provider),
//!   [`Resource`](tf::Resource), [`DataSource`](tf::DataSource), [`EphemeralResource`](tf::EphemeralResource) and
//!   [`Function`](tf::Function), and the values, schemas, plans and diagnostics that they use. It does no I/O.
//! - [`plugin`] is the wire: handshake, mutual TLS, gRPC, msgpack and logging. A provider calls it once, in `main`.
//!
//! # A complete provider
//!
//! This is `examples/tiny.rs`. `examples/toy.rs` also has blocks, write-only arguments, a data source, an ephemeral
//! resource and a function.
//!
//! ```no_run
#![doc = include_str!("../examples/tiny.rs")]
//! ```
//!
//! # What a declaration says
//!
//! The type of a field gives the shape of the attribute. The words after `=>` say how it is planned; each is a method of
//! [`Attribute`](tf::Attribute).
//!
//! ```
//! use tfplugin_rs::model;
//! use tfplugin_rs::tf::{Model, Path, Value, from_value, validate};
//!
//! model! {
//!     /// Network settings.
//!     pub struct Network {
//!         /// IDs of the subnets.
//!         pub subnet_ids: std::collections::BTreeSet<String>,
//!     }
//! }
//!
//! model! {
//!     /// A cluster.
//!     pub struct Cluster {
//!         /// Name of the cluster.
//!         pub name: String => replace check(tfplugin_rs::tf::checks::length(1..=100)),
//!         /// Whether the endpoint is public.
//!         pub public: Option<bool> => default(true),
//!         /// Network settings.
//!         pub network: Option<Network> => block,
//!     }
//! }
//!
//! let network = Value::block([("subnet_ids", Value::set(["subnet-1"]))]);
//! let config = [("name", "".into()), ("public", Value::Null), ("network", network)];
//! let config = Value::object(config);
//!
//! let found = validate(&Cluster::attributes(), &config, true);
//! assert_eq!(found.iter().next().unwrap().path, Some(Path::parse("name")));
//!
//! let cluster: Cluster = from_value(&config).unwrap();
//! assert!(cluster.network.unwrap().subnet_ids.contains("subnet-1"));
//! ```
//!
//! # How a plan is computed
//!
//! The plan of a resource follows from its schema; a resource only adds rules of its own
//! ([`Resource::adjust`](tf::Resource::adjust)).
//!
//! ```
//! use tfplugin_rs::model;
//! use tfplugin_rs::tf::{Model, Schema, Value, plan};
//!
//! model! {
//!     /// A file.
//!     pub struct File {
//!         /// Path of the file.
//!         pub path: String => replace,
//!         /// Content of the file.
//!         pub content: String,
//!         /// Size of the file in bytes.
//!         pub size: Option<i64> => computed follows(["content"]),
//!     }
//! }
//!
//! let schema = Schema { attributes: File::attributes(), ..Schema::default() };
//! let config = |path: &str, content: &str| {
//!     Value::object([("path", path.into()), ("content", content.into()), ("size", Value::Null)])
//! };
//! let mut prior = config("a.txt", "hello");
//! *prior.at_path_mut(&"size".into()).unwrap() = 5.into();
//! let planned = |config: Value| plan(&schema, config.clone(), prior.clone(), &config);
//!
//! let rewritten = planned(config("a.txt", "hello, world"));
//! assert!(rewritten.changes("content") && !rewritten.will_replace());
//!
//! let moved = planned(config("b.txt", "hello"));
//! assert!(moved.will_replace());
//! ```
//!
//! # Cargo features
//!
//! `testing` adds what tests of a provider need, for use in `[dev-dependencies]`: Terraform Core's rules as functions, a
//! Terraform Core in miniature, and a generator of configurations (`tf::core_rules`). It adds no dependencies.
#![deny(missing_docs)]

// `model!` names this crate in its expansion, also when it is used in here.
extern crate self as tfplugin_rs;

pub mod plugin;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod tf;

#[doc(hidden)]
pub use serde;
