//! The published documentation: what the registry declares and `examples/` shows, in the layout and front matter that
//! the Terraform and OpenTofu registries render.
//!
//! Knows how a page looks; must not know what any one resource does. The pages are written by this module's test
//! (`UPDATE=1 cargo test`), never by hand; most of `docs/guides/` is the exception.

mod function;
mod import;
mod page;
mod schema;
mod tested;
mod workloads;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tfplugin_rs::tf::Provider;

use page::{Kind, Page};

/// All generated pages of a provider, by path below `docs/`.
pub fn pages<P: Provider>(examples: &Path) -> BTreeMap<String, String> {
    let registry = P::registry();
    let mut pages = BTreeMap::new();
    let mut add = |page: Page| pages.insert(page.path(), page.render(examples));
    add(Page::new::<P>(Kind::Provider, "", &P::schema()));
    for resource in &registry.resources {
        let page = Page::new::<P>(Kind::Resource, resource.name(), &resource.schema());
        add(page.with_import(import::section::<P>(resource.as_ref(), examples)));
    }
    for source in &registry.data_sources {
        add(Page::new::<P>(
            Kind::DataSource,
            source.name(),
            &source.schema(),
        ));
    }
    for ephemeral in &registry.ephemeral_resources {
        add(Page::new::<P>(
            Kind::EphemeralResource,
            ephemeral.name(),
            &ephemeral.schema(),
        ));
    }
    for function in &registry.functions {
        add(Page::of_function::<P>(function));
    }
    pages.insert(workloads::PATH.to_owned(), workloads::page());
    // The sources are where the examples are.
    let root = examples.parent().unwrap_or(examples);
    pages.insert(tested::PATH.to_owned(), tested::page(root));
    pages
}

/// The text of an example, if there is one.
fn example(examples: &Path, name: &str) -> Option<String> {
    fs::read_to_string(examples.join(name))
        .ok()
        .map(|text| text.trim_end().to_owned())
}

/// The configurations in a folder of examples, in the order of their names.
fn configurations(examples: &Path, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(examples.join(folder)).into_iter().flatten();
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<_> = names.filter(|name| name.ends_with(".tf")).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::provider::Eks;

    fn root() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
    }

    #[test]
    fn docs_are_up_to_date() {
        let docs = root().join("docs");
        let mut stale = Vec::new();
        for (name, expected) in pages::<Eks>(&root().join("examples")) {
            let path = docs.join(&name);
            if fs::read_to_string(&path).is_ok_and(|found| found == expected) {
                continue;
            }
            if std::env::var_os("UPDATE").is_some() {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, expected).unwrap();
            } else {
                stale.push(name);
            }
        }
        assert!(
            stale.is_empty(),
            "stale: {stale:?}. Run UPDATE=1 cargo test and read the diff."
        );
    }

    #[test]
    fn no_page_is_left_over() {
        let expected = pages::<Eks>(&root().join("examples"));
        for folder in [
            "resources",
            "data-sources",
            "functions",
            "ephemeral-resources",
        ] {
            let Ok(entries) = fs::read_dir(root().join("docs").join(folder)) else {
                continue;
            };
            for entry in entries {
                let file = entry.unwrap().file_name().into_string().unwrap();
                let name = format!("{folder}/{file}");
                assert!(
                    expected.contains_key(&name),
                    "docs/{name} describes nothing that exists"
                );
            }
        }
    }

    #[test]
    fn everything_has_its_examples() {
        let registry = Eks::registry();
        let full = |name: &str| format!("eks_{name}");
        let resources = registry.resources.iter().map(|r| full(r.name()));
        expect_examples(
            "resources",
            resources,
            &["resource.tf", "import.sh", "import.tf"],
        );
        let sources = registry.data_sources.iter().map(|d| full(d.name()));
        expect_examples("data-sources", sources, &["data-source.tf"]);
        let ephemerals = registry.ephemeral_resources.iter().map(|e| full(e.name()));
        expect_examples(
            "ephemeral-resources",
            ephemerals,
            &["ephemeral-resource.tf"],
        );
        let functions = registry.functions.iter().map(|f| f.name.to_owned());
        expect_examples("functions", functions, &["function.tf"]);
    }

    fn expect_examples(folder: &str, names: impl Iterator<Item = String>, files: &[&str]) {
        for name in names {
            for file in files {
                let path = format!("{folder}/{name}/{file}");
                let found = example(&root().join("examples"), &path);
                assert!(found.is_some(), "no examples/{path}");
            }
        }
    }

    #[test]
    fn every_import_is_also_shown_by_identity() {
        let pages = pages::<Eks>(&root().join("examples"));
        for resource in &Eks::registry().resources {
            let page = &pages[&format!("resources/{}.md", resource.name())];
            let (_, shown) = page.split_once("identity = {").expect("an identity");
            let (shown, _) = shown.split_once('}').unwrap();
            let names = shown.lines().filter_map(|line| line.split_once(" = "));
            let names: Vec<_> = names.map(|(name, _)| name.trim()).collect();
            let identity = resource.full_identity(Eks::IDENTITY);
            let expected: Vec<_> = identity.members().iter().map(|it| it.name).collect();
            assert_eq!(names, expected);
        }
    }

    #[test]
    fn every_attribute_has_a_sentence() {
        let registry = Eks::registry();
        let mut missing = Vec::new();
        let mut collect = |name: &str, attributes: &[tfplugin_rs::tf::Attribute]| {
            collect_undescribed(name, attributes, &mut missing);
        };
        collect("provider", &Eks::schema().attributes);
        for resource in &registry.resources {
            collect(resource.name(), &resource.schema().attributes);
        }
        for source in &registry.data_sources {
            collect(source.name(), &source.schema().attributes);
        }
        for ephemeral in &registry.ephemeral_resources {
            collect(ephemeral.name(), &ephemeral.schema().attributes);
        }
        for function in &registry.functions {
            collect(function.name, &function.parameters);
            collect(function.name, function.variadic.as_slice());
        }
        assert!(missing.is_empty(), "without a sentence: {missing:#?}");
    }

    fn collect_undescribed(
        place: &str,
        attributes: &[tfplugin_rs::tf::Attribute],
        missing: &mut Vec<String>,
    ) {
        for attribute in attributes {
            let path = format!("{place}.{}", attribute.name);
            let text = attribute.description.trim();
            if text.is_empty() || !text.ends_with(['.', '`', ')', '|']) {
                missing.push(path.clone());
            }
            collect_undescribed(&path, attribute.inner().unwrap_or_default(), missing);
        }
    }
}
