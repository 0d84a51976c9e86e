//! How much is logged, and by whom. It must not know how a line is written.

use tracing::Metadata;
use tracing::metadata::LevelFilter;

/// What the user asks for by environment variables.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Verbosity {
    Off,
    On(LevelFilter),
}

impl Verbosity {
    pub(super) fn read(name: &str, variable: impl Fn(&str) -> Option<String>) -> Self {
        let own = format!("TF_LOG_PROVIDER_{}", name.to_uppercase().replace('-', "_"));
        let asked = [&*own, "TF_LOG_PROVIDER", "TF_LOG"]
            .into_iter()
            .find_map(|key| variable(key).filter(|value| !value.is_empty()));
        match asked.as_deref().map(str::to_uppercase).as_deref() {
            None | Some("OFF") => Self::Off,
            Some("ERROR") => Self::On(LevelFilter::ERROR),
            Some("WARN") => Self::On(LevelFilter::WARN),
            Some("INFO") => Self::On(LevelFilter::INFO),
            Some("DEBUG") => Self::On(LevelFilter::DEBUG),
            // JSON is TRACE in another form on the CLI's side, and TRACE is what the CLI takes any other word for.
            Some(_) => Self::On(LevelFilter::TRACE),
        }
    }
}

/// Decides which events and spans are heard.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    level: LevelFilter,
    /// Name of the provider's crate, which the file name that Terraform demands follows too.
    provider: String,
}

impl Filter {
    pub(super) fn new(level: LevelFilter, name: &str) -> Self {
        Self {
            level,
            provider: format!("terraform_provider_{}", name.replace('-', "_")),
        }
    }

    pub(super) fn level(&self) -> LevelFilter {
        self.level
    }

    /// Our own spans pass at any level: an error event needs the request's fields whatever level the span has.
    pub(super) fn passes(&self, metadata: &Metadata<'_>) -> bool {
        match self.module(metadata.target()) {
            Module::Provider(_) | Module::Protocol(_) => {
                metadata.is_span() || *metadata.level() <= self.level
            }
            // Their own TRACE is every frame, and every header before it is signed.
            Module::Dependency(_) => {
                self.level == LevelFilter::TRACE && *metadata.level() <= LevelFilter::DEBUG
            }
        }
    }

    /// The value of `@module`: `provider.eks.cluster`, `sdk.plugin.serve`, `hyper.client`.
    pub(super) fn module_name(&self, target: &str) -> String {
        let (root, rest) = match self.module(target) {
            Module::Provider(rest) => ("provider", rest),
            Module::Protocol(rest) => ("sdk", rest),
            Module::Dependency(rest) => ("", rest),
        };
        format!("{root}{}", rest.replace("::", "."))
    }

    fn module<'a>(&self, target: &'a str) -> Module<'a> {
        if let Some(rest) = inside(target, &self.provider) {
            Module::Provider(rest)
        } else if let Some(rest) = inside(target, env!("CARGO_CRATE_NAME")) {
            Module::Protocol(rest)
        } else {
            Module::Dependency(target)
        }
    }
}

/// Who logs, and the part of the module path behind the crate.
enum Module<'a> {
    Provider(&'a str),
    Protocol(&'a str),
    Dependency(&'a str),
}

fn inside<'a>(target: &'a str, crate_name: &str) -> Option<&'a str> {
    let rest = target.strip_prefix(crate_name)?;
    (rest.is_empty() || rest.starts_with("::")).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_verbosity(variables: &[(&str, &str)], expected: Verbosity) {
        let variable = |wanted: &str| {
            let found = variables.iter().find(|(key, _)| *key == wanted);
            found.map(|(_, value)| (*value).to_owned())
        };
        assert_eq!(
            Verbosity::read("my-eks", variable),
            expected,
            "{variables:?}"
        );
    }

    #[test]
    fn most_specific_variable_decides() {
        let (all, each, own) = ("TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_PROVIDER_MY_EKS");
        check_verbosity(&[], Verbosity::Off);
        check_verbosity(&[(all, "info")], Verbosity::On(LevelFilter::INFO));
        check_verbosity(
            &[(all, "INFO"), (each, "WARN")],
            Verbosity::On(LevelFilter::WARN),
        );
        check_verbosity(
            &[(each, "WARN"), (own, "DEBUG")],
            Verbosity::On(LevelFilter::DEBUG),
        );
        check_verbosity(&[(all, "TRACE"), (own, "off")], Verbosity::Off);
        check_verbosity(
            &[(all, "TRACE"), (own, "")],
            Verbosity::On(LevelFilter::TRACE),
        );
        check_verbosity(&[(all, "JSON")], Verbosity::On(LevelFilter::TRACE));
        check_verbosity(&[(all, "loud")], Verbosity::On(LevelFilter::TRACE));
    }

    #[test]
    fn module_names_are_dotted() {
        let filter = Filter::new(LevelFilter::TRACE, "eks");
        assert_eq!(filter.module_name("terraform_provider_eks"), "provider");
        assert_eq!(
            filter.module_name("terraform_provider_eks::eks::addon"),
            "provider.eks.addon"
        );
        assert_eq!(
            filter.module_name("tfplugin_rs::plugin::serve"),
            "sdk.plugin.serve"
        );
        assert_eq!(
            filter.module_name("tfplugin_rs_2::plugin"),
            "tfplugin_rs_2.plugin"
        );
        assert_eq!(filter.module_name("hyper::client"), "hyper.client");
    }
}
