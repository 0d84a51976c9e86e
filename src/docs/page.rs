//! One page: front matter, example, schema, import.

use std::path::Path;

use tfplugin_rs::tf::{FunctionEntry, Provider, Schema};

use super::schema::one_line;
use super::{configurations, example, function, import, schema};

/// What a page describes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Provider,
    Resource,
    DataSource,
    EphemeralResource,
    Function,
}

/// A page in the making.
pub(super) struct Page<'a> {
    kind: Kind,
    provider: &'static str,
    name: &'a str,
    description: String,
    schema: String,
    import: Option<String>,
}

impl Kind {
    /// Folder below `docs/` and below `examples/`.
    fn folder(self) -> &'static str {
        match self {
            Self::Provider => "",
            Self::Resource => "resources",
            Self::DataSource => "data-sources",
            Self::EphemeralResource => "ephemeral-resources",
            Self::Function => "functions",
        }
    }

    fn example_file(self) -> &'static str {
        match self {
            Self::Provider => "provider.tf",
            Self::Resource => "resource.tf",
            Self::DataSource => "data-source.tf",
            Self::EphemeralResource => "ephemeral-resource.tf",
            Self::Function => "function.tf",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Provider => "Provider",
            Self::Resource => "Resource",
            Self::DataSource => "Data Source",
            Self::EphemeralResource => "Ephemeral Resource",
            Self::Function => "Function",
        }
    }
}

impl<'a> Page<'a> {
    pub(super) fn new<P: Provider>(kind: Kind, name: &'a str, described: &Schema) -> Self {
        Self {
            kind,
            provider: P::NAME,
            name,
            description: described.description.trim().to_owned(),
            schema: schema::render(&described.attributes),
            import: None,
        }
    }

    pub(super) fn of_function<P: Provider>(function: &FunctionEntry) -> Self {
        Self {
            kind: Kind::Function,
            provider: P::NAME,
            name: function.name,
            description: format!("{}\n\n{}", function.summary, function.description),
            schema: function::render(function),
            import: None,
        }
    }

    /// With the section on imports.
    pub(super) fn with_import(self, import: Option<String>) -> Self {
        Self { import, ..self }
    }

    /// Where the page lies below `docs/`.
    pub(super) fn path(&self) -> String {
        match self.kind {
            Kind::Provider => "index.md".to_owned(),
            kind => format!("{}/{}.md", kind.folder(), self.name),
        }
    }

    pub(super) fn render(&self, examples: &Path) -> String {
        let heading = match self.kind {
            Kind::Provider => format!("# {} Provider", self.provider),
            Kind::Function => format!("# function: {}", self.name),
            kind => format!("# {} ({})", self.full_name(), kind.title()),
        };
        let parts = [
            self.front_matter(),
            heading,
            self.description.clone(),
            self.usage(examples).unwrap_or_default(),
            self.schema.clone(),
            self.import.clone().unwrap_or_default(),
        ];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        format!("{}\n", parts.join("\n\n"))
    }

    fn full_name(&self) -> String {
        match self.kind {
            Kind::Function => self.name.to_owned(),
            _ => format!("{}_{}", self.provider, self.name),
        }
    }

    fn front_matter(&self) -> String {
        let (title, subcategory) = match self.kind {
            Kind::Provider => (format!("{} Provider", self.provider), ""),
            Kind::Function => (
                format!("{} function - {}", self.name, self.provider),
                "\nsubcategory: \"\"",
            ),
            kind => {
                let title = format!("{} {} - {}", self.full_name(), kind.title(), self.provider);
                (title, "\nsubcategory: \"\"")
            }
        };
        let first = self.description.split("\n\n").next().map(one_line);
        let first = first.unwrap_or_default();
        format!("---\npage_title: \"{title}\"{subcategory}\ndescription: |-\n  {first}\n---")
    }

    /// The usual example first, then further ones in the same folder, each of which says at its top what it shows.
    fn usage(&self, examples: &Path) -> Option<String> {
        let folder = match self.kind {
            Kind::Provider => "provider".to_owned(),
            kind => format!("{}/{}", kind.folder(), self.full_name()),
        };
        let usual = self.kind.example_file();
        let further = configurations(examples, &folder).into_iter();
        let further = further.filter(|name| name != usual && name != import::BLOCK);
        let names = [usual.to_owned()].into_iter().chain(further);
        let texts = names.map(|name| example(examples, &format!("{folder}/{name}")));
        let shown = texts.map(|text| Some(format!("```terraform\n{}\n```", text?)));
        let shown: Vec<_> = shown.collect::<Option<_>>()?;
        Some(format!("## Example Usage\n\n{}", shown.join("\n\n")))
    }
}
