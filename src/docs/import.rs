//! The "Import" section of a resource's page: the examples, and what follows from them for an import by identity.

use std::path::Path;

use tfplugin_rs::tf::engine::ManagedResource;
use tfplugin_rs::tf::{Provider, Value};

use super::example;
use crate::aws::Region;

/// The example of an `import` block.
pub(super) const BLOCK: &str = "import.tf";

/// Stands for a region other than the provider's.
const ELSEWHERE: &str = "eu-west-1";

/// The whole section, if the examples show an import.
pub(super) fn section<P: Provider>(
    resource: &dyn ManagedResource<P::Context>,
    examples: &Path,
) -> Option<String> {
    let folder = format!("resources/{}_{}", P::NAME, resource.name());
    let block = example(examples, &format!("{folder}/{BLOCK}"))?;
    let command = example(examples, &format!("{folder}/import.sh"))?;
    let mut text = format!(
        "## Import\n\nWith an `import` block (Terraform 1.5 and later, OpenTofu):\n\n\
         ```terraform\n{block}\n```\n\nOr with the command:\n\n```shell\n{command}\n```"
    );
    let id = block.split('"').nth(1)?;
    if resource.schema().attribute(Region::NAME).is_some() {
        text += &format!(
            "\n\nFor an object in another region than the provider's, add `@` and the region to the id: \
             `{id}@{ELSEWHERE}`."
        );
    }
    if let Some(identity) = identity::<P>(resource, id) {
        let block = block.replace(&format!("id = {id:?}"), &identity);
        let left_out = match resource.has_shared_identity() {
            true => ", in which `region` may be left out",
            false => "",
        };
        text += &format!(
            "\n\nOr by identity (Terraform 1.12 or OpenTofu 1.12, and later){left_out}:\n\n```terraform\n{block}\n```"
        );
    }
    Some(text)
}

/// The identity that the id stands for, as an argument of an `import` block.
fn identity<P: Provider>(resource: &dyn ManagedResource<P::Context>, id: &str) -> Option<String> {
    let object = resource.import_by_id(id).ok()?;
    let identity = resource.full_identity(P::IDENTITY);
    let names: Vec<_> = identity
        .members()
        .iter()
        .map(|member| member.name)
        .collect();
    let width = names.iter().map(|name| name.len()).max()?;
    let members = names.into_iter().map(|name| {
        let value = match object.get(name) {
            Value::Null => ELSEWHERE,
            given => given.as_str().unwrap_or_default(),
        };
        format!("    {name:width$} = {value:?}\n")
    });
    Some(format!(
        "identity = {{\n{}  }}",
        members.collect::<String>()
    ))
}
