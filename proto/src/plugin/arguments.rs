//! What the provider's author says about the provider, and what the person at the command line asks for. It must not
//! know how either is carried out.

use std::ffi::OsString;
use std::fmt;

/// What [`serve()`](super::serve()) has to be told about a provider.
///
/// ```
/// use tfplugin_rs::plugin::Options;
///
/// let options = Options::new("example/tiny", env!("CARGO_PKG_VERSION"));
/// assert_eq!(options.name(), "tiny");
/// ```
#[derive(Debug, Clone)]
pub struct Options {
    source: &'static str,
    version: &'static str,
    tcp: bool,
}

impl Options {
    /// `source` is the provider's address as users write it in `required_providers`, `namespace/name`; a registry
    /// host in front of it is allowed and makes no difference. `version` is shown by `--version` and in crash reports.
    pub const fn new(source: &'static str, version: &'static str) -> Self {
        Self {
            source,
            version,
            tcp: false,
        }
    }

    /// Listens on TCP (127.0.0.1, within the host's port range) where a unix socket is the default. Windows always
    /// does. Reach for it when the host cannot reach the file system of the plugin.
    pub const fn over_tcp(mut self) -> Self {
        self.tcp = true;
        self
    }

    /// The provider's local name: `eks` in `namespace/eks`.
    pub fn name(&self) -> &'static str {
        self.source.rsplit('/').next().unwrap_or(self.source)
    }

    /// The version given to [`Options::new`].
    pub fn version(&self) -> &'static str {
        self.version
    }

    /// Windows has no unix sockets that Go and Rust agree on.
    pub(super) fn uses_tcp(&self) -> bool {
        self.tcp || cfg!(not(unix))
    }

    /// `namespace/name`, without a registry host.
    pub(super) fn source(&self) -> &'static str {
        match self.source.splitn(3, '/').collect::<Vec<_>>()[..] {
            [host, _, _] => &self.source[host.len() + 1..],
            _ => self.source,
        }
    }

    pub(super) fn banner(&self) -> String {
        format!("terraform-provider-{} {}\n", self.name(), self.version)
    }

    pub(super) fn help(&self) -> String {
        let Self { version, .. } = self;
        let (name, source) = (self.name(), self.source());
        format!(
            "\
terraform-provider-{name} {version}

This is a plugin for Terraform and OpenTofu. They start it themselves; it does nothing when run by hand.

To use it, name it in a configuration and run `terraform init` (or `tofu init`):

  terraform {{
    required_providers {{
      {name} = {{
        source = \"{source}\"
      }}
    }}
  }}

To try a binary that you have built, tell the CLI where it lies, in ~/.terraformrc (or ~/.tofurc):

  provider_installation {{
    dev_overrides {{
      \"{source}\" = \"/directory/of/the/binary\"
    }}
    direct {{}}
  }}

Options:
  --debug    serve until interrupted, and print TF_REATTACH_PROVIDERS for the CLI to find this process
  --version  print the version
  --help     print this text
"
        )
    }
}

/// What this run is for.
#[derive(Debug, PartialEq)]
pub(super) enum Mode {
    Plugin,
    Debug,
    Version,
    Help,
}

#[derive(Debug, PartialEq)]
pub(super) struct UnknownArgument(OsString);

impl fmt::Display for UnknownArgument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unknown option {}", self.0.display())
    }
}

impl Mode {
    /// Reads the arguments. Go programs take `-debug` as well as `--debug`, and so do the guides users follow.
    pub(super) fn from_arguments(
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<Self, UnknownArgument> {
        let mut mode = Self::Plugin;
        for argument in arguments {
            mode = match argument.to_str() {
                Some("-debug" | "--debug") => Self::Debug,
                Some("-version" | "--version" | "-v" | "-V") => Self::Version,
                Some("-help" | "--help" | "-h") => Self::Help,
                _ => return Err(UnknownArgument(argument)),
            };
        }
        Ok(mode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_mode(arguments: &[&str], expected: Result<Mode, UnknownArgument>) {
        assert_eq!(
            Mode::from_arguments(arguments.iter().map(OsString::from)),
            expected
        );
    }

    #[test]
    fn takes_one_dash_or_two() {
        check_mode(&[], Ok(Mode::Plugin));
        check_mode(&["-debug"], Ok(Mode::Debug));
        check_mode(&["--debug"], Ok(Mode::Debug));
        check_mode(&["-version"], Ok(Mode::Version));
        check_mode(&["-h"], Ok(Mode::Help));
        check_mode(&["plan"], Err(UnknownArgument("plan".into())));
    }

    #[test]
    fn source_has_no_host() {
        for source in ["acme/eks", "registry.terraform.io/acme/eks"] {
            let options = Options::new(source, "1.2.3");
            assert_eq!((options.name(), options.source()), ("eks", "acme/eks"));
        }
    }
}
