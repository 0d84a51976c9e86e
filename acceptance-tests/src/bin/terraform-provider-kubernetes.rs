//! Stands in for hashicorp/kubernetes, so that tests see what a provider gets that is configured with values of ours:
//! it writes them down in `kubernetes.json`, in the directory of the configuration. There is no Kubernetes behind it.

use std::fs;
use std::process::ExitCode;

use serde_json::json;
use tfplugin_rs::model;
use tfplugin_rs::plugin::{self, Options, Service};
use tfplugin_rs::tf::{
    self, Call, Configuration, DataSource, Diagnostic, Diagnostics, Error, Model, Registry, Schema,
};

fn main() -> ExitCode {
    let options = Options::new("hashicorp/kubernetes", env!("CARGO_PKG_VERSION"));
    plugin::serve(options, Service::<Kubernetes>::new)
}

model! {
    /// Stands in for hashicorp/kubernetes.
    struct Block {
        /// Where to go.
        host: Option<String>,
        /// Who signed its certificate.
        cluster_ca_certificate: Option<String>,
        /// How to get in.
        token: Option<String>,
    }
}

model! {
    /// Something to read, or the provider would not be configured.
    struct Server {
        /// What it says.
        version: Option<String> => computed,
    }
}

struct Kubernetes;

impl tf::Provider for Kubernetes {
    type Context = ();

    const NAME: &'static str = "kubernetes";

    fn schema() -> Schema {
        Schema {
            attributes: Block::attributes(),
            ..Schema::default()
        }
    }

    async fn configure(configuration: Configuration) -> Result<(), Diagnostics> {
        let text = |name| configuration.block.get(name).as_str();
        let block = json!({
            "host": text("host"),
            "cluster_ca_certificate": text("cluster_ca_certificate"),
            "token": text("token"),
        });
        fs::write("kubernetes.json", block.to_string())
            .map_err(|error| Diagnostic::error("Unable to write", error.to_string()).into())
    }

    fn registry() -> Registry<()> {
        Registry::new().data_source::<Version>()
    }
}

struct Version;

impl DataSource for Version {
    type Context = ();
    type Model = Server;

    const NAME: &'static str = "server_version";
    const TITLE: &'static str = "server version";

    async fn read(_: &Call<()>, _: Server) -> Result<Server, Error> {
        Ok(Server {
            version: Some("1.33".to_owned()),
        })
    }
}
