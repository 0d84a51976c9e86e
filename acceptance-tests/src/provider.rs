//! Which provider is under test, and how a configuration and the command line are told about it.
//!
//! Everything that a test must know of the provider block stands here, once.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::checkout::profile_directory;
use crate::simulated_aws::SIMULATOR;

/// What follows the registry's host name in our source address.
const SOURCE: &str = "terraform-provider-eks/eks";
const BINARY: &str = "terraform-provider-eks";
/// Stands in for hashicorp/kubernetes; see `src/bin/`.
const KUBERNETES: &str = "terraform-provider-kubernetes";
const HASHICORP_AWS_VERSION: &str = "5.100.0";

/// Where the provider finds each service.
#[derive(Debug, Clone)]
pub struct Endpoints {
    /// The simulator, moto or ministack.
    pub eks: String,
    /// Everything else: moto or ministack.
    pub others: String,
}

/// A provider that can be put to work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provider {
    /// Ours, run from this directory.
    Eks {
        /// Holds the binary.
        directory: PathBuf,
    },
    /// hashicorp/aws 5.100.0, the yardstick, installed from this directory.
    HashicorpAws {
        /// In the layout of `terraform providers mirror`, unpacked.
        mirror: PathBuf,
    },
}

impl Provider {
    /// Ours: `TF_EKS_PROVIDER`, else the binary that Cargo built beside the running program.
    pub fn ours() -> Result<Self> {
        let path = match env::var_os("TF_EKS_PROVIDER").filter(|path| !path.is_empty()) {
            Some(path) => PathBuf::from(path),
            None => beside(&env::current_exe()?).unwrap_or_default(),
        };
        if !path.is_file() {
            bail!(
                "there is no provider binary at {}; build it with `cargo build -p {BINARY}`, or name one in TF_EKS_PROVIDER",
                path.display()
            );
        }
        // Terraform looks for this name in a directory, whatever the file is called in the end.
        let path = fs::canonicalize(path)?;
        let named = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(BINARY));
        if !named {
            bail!(
                "{} must be called {BINARY} for Terraform to find it",
                path.display()
            );
        }
        let directory = path
            .parent()
            .context("the provider binary has no directory")?;
        Ok(Self::Eks {
            directory: directory.to_owned(),
        })
    }

    /// The yardstick, when `TF_EKS_COMPARE_MIRROR` says where it is.
    pub fn hashicorp_aws() -> Option<Self> {
        let mirror = env::var_os("TF_EKS_COMPARE_MIRROR").filter(|path| !path.is_empty())?;
        Some(Self::HashicorpAws {
            mirror: PathBuf::from(mirror),
        })
    }

    /// What the names of its EKS types begin with: `eks` or `aws_eks`.
    pub fn prefix(&self) -> &'static str {
        match self {
            Self::Eks { .. } => "eks",
            Self::HashicorpAws { .. } => "aws_eks",
        }
    }

    /// Whether `init` has to install it.
    pub fn needs_init(&self) -> bool {
        matches!(self, Self::HashicorpAws { .. })
    }

    /// Whether what it stores after an apply is what it reads next time. hashicorp/aws, built on Terraform's older SDK,
    /// stores null and reads back an empty map or list.
    pub(crate) fn stores_what_it_reads(&self) -> bool {
        matches!(self, Self::Eks { .. })
    }

    /// How it names itself in its requests.
    pub(crate) fn product(&self) -> &'static str {
        match self {
            Self::Eks { .. } => "terraform-provider-eks",
            Self::HashicorpAws { .. } => "terraform-provider-aws",
        }
    }

    /// What a call shows that `answered` answered: how ours fares there, or how our simulator fares with another
    /// provider; of moto that shows nothing.
    pub(crate) fn tested_against(&self, answered: &'static str) -> Option<&'static str> {
        match self {
            Self::Eks { .. } => Some(answered),
            Self::HashicorpAws { .. } => (answered == SIMULATOR).then_some("hashicorp/aws"),
        }
    }

    /// The file of the provider itself.
    pub fn binary(&self) -> Result<PathBuf> {
        match self {
            Self::Eks { directory } => Ok(directory.join(BINARY)),
            Self::HashicorpAws { mirror } => find_file(mirror, "terraform-provider-aws")
                .with_context(|| format!("no terraform-provider-aws under {}", mirror.display())),
        }
    }

    /// The command line's own configuration file. `stand_ins` is where a provider is that stands in for
    /// hashicorp/kubernetes.
    pub(crate) fn cli_configuration(&self, stand_ins: Option<&Path>) -> String {
        match self {
            Self::Eks { directory } => {
                let ours = overrides(SOURCE, directory);
                let others = stand_ins.map(|it| overrides("hashicorp/kubernetes", it));
                let others = others.unwrap_or_default();
                format!(
                    "provider_installation {{\n  dev_overrides {{\n{ours}{others}  }}\n  direct {{}}\n}}\n"
                )
            }
            Self::HashicorpAws { mirror } => format!(
                r#"provider_installation {{
  filesystem_mirror {{
    path = "{}"
  }}
}}
"#,
                mirror.display()
            ),
        }
    }

    /// The `terraform` block of a configuration.
    pub(crate) fn requirement(&self) -> String {
        let (name, source, version) = match self {
            Self::Eks { .. } => ("eks", SOURCE, String::new()),
            Self::HashicorpAws { .. } => {
                let version = format!("\n      version = \"{HASHICORP_AWS_VERSION}\"");
                ("aws", "hashicorp/aws", version)
            }
        };
        format!(
            r#"terraform {{
  required_providers {{
    {name} = {{
      source = "{source}"{version}
    }}
  }}
}}

"#
        )
    }

    /// The `provider` block of a configuration.
    pub(crate) fn block(&self, region: &str, endpoints: &Endpoints) -> String {
        let Endpoints { eks, others } = endpoints;
        let (name, polling) = match self {
            Self::Eks { .. } => ("eks", POLLING),
            Self::HashicorpAws { .. } => ("aws", ""),
        };
        format!(
            r#"provider "{name}" {{
  region = "{region}"

  endpoints {{
    eks = "{eks}"
    ec2 = "{others}"
    iam = "{others}"
    sts = "{others}"
  }}
{polling}}}
"#
        )
    }
}

/// Simulated AWS is done in milliseconds.
const POLLING: &str = r#"
  polling {
    min_interval = "10ms"
    max_interval = "100ms"
  }
"#;

/// The lines that have a provider run from a directory, whichever command line asks.
fn overrides(source: &str, directory: &Path) -> String {
    let line = |registry| {
        let directory = directory.display();
        format!("    \"registry.{registry}/{source}\" = \"{directory}\"\n")
    };
    line("terraform.io") + &line("opentofu.org")
}

/// Where Cargo puts the provider that stands in for hashicorp/kubernetes; `None` where it has not been built.
pub(crate) fn stand_ins() -> Option<PathBuf> {
    let directory = profile_directory(&env::current_exe().ok()?)?;
    directory.join(KUBERNETES).is_file().then_some(directory)
}

fn beside(program: &Path) -> Option<PathBuf> {
    Some(profile_directory(program)?.join(BINARY))
}

fn find_file(directory: &Path, prefix: &str) -> Option<PathBuf> {
    for entry in fs::read_dir(directory).ok()?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if let Some(found) = find_file(&path, prefix) {
                return Some(found);
            }
        } else if entry.file_name().to_string_lossy().starts_with(prefix) {
            return Some(path);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_where_cargo_puts_binaries() {
        let provider = Some(PathBuf::from("/target/debug/terraform-provider-eks"));
        assert_eq!(
            beside(Path::new("/target/debug/deps/acceptance-0f3b")),
            provider
        );
        assert_eq!(beside(Path::new("/target/debug/demo")), provider);
    }

    #[test]
    fn overrides_the_provider_for_both_registries() {
        let provider = Provider::Eks {
            directory: PathBuf::from("/target/debug"),
        };
        let expected = r#"provider_installation {
  dev_overrides {
    "registry.terraform.io/terraform-provider-eks/eks" = "/target/debug"
    "registry.opentofu.org/terraform-provider-eks/eks" = "/target/debug"
  }
  direct {}
}
"#;
        assert_eq!(provider.cli_configuration(None), expected);
        let more = provider.cli_configuration(Some(Path::new("/target/debug")));
        let line = r#""registry.opentofu.org/hashicorp/kubernetes" = "/target/debug""#;
        assert!(more.contains(line), "{more}");
    }

    #[test]
    fn finds_the_binary_in_a_mirror() {
        let mirror = tempfile::tempdir().unwrap();
        let deep = mirror
            .path()
            .join("registry.terraform.io/hashicorp/aws/5.100.0/linux_amd64");
        fs::create_dir_all(&deep).unwrap();
        fs::write(deep.join("LICENSE.txt"), "").unwrap();
        let provider = Provider::HashicorpAws {
            mirror: mirror.path().to_owned(),
        };
        assert!(provider.binary().is_err());
        fs::write(deep.join("terraform-provider-aws_v5.100.0_x5"), "").unwrap();
        assert_eq!(
            provider.binary().unwrap(),
            deep.join("terraform-provider-aws_v5.100.0_x5")
        );
    }
}
