//! The sections of a function's page, as tfplugindocs writes them: signature, arguments, and here also the type of the
//! result.

use tfplugin_rs::tf::{Attribute, FunctionEntry, Mode};

use super::schema::{leaf_name, one_line};

pub(super) fn render(function: &FunctionEntry) -> String {
    let sections = [
        Some(format!(
            "## Signature\n\n```text\n{}\n```",
            signature(function)
        )),
        arguments(function),
        Some(format!(
            "## Return Type\n\n{}",
            leaf_name(&function.returns)
        )),
    ];
    let sections: Vec<_> = sections.into_iter().flatten().collect();
    sections.join("\n\n")
}

fn signature(function: &FunctionEntry) -> String {
    let typed = |parameter: &Attribute| {
        let ty = leaf_name(&parameter.ty()).to_lowercase();
        format!("{} {ty}", parameter.name)
    };
    let fixed = function.parameters.iter().map(typed);
    let variadic = function
        .variadic
        .iter()
        .map(|it| format!("{}...", typed(it)));
    let parameters: Vec<_> = fixed.chain(variadic).collect();
    let returns = leaf_name(&function.returns).to_lowercase();
    format!("{}({}) {returns}", function.name, parameters.join(", "))
}

fn arguments(function: &FunctionEntry) -> Option<String> {
    let all = function.parameters.iter().chain(&function.variadic);
    let lines: Vec<_> = all.enumerate().map(argument).collect();
    (!lines.is_empty()).then(|| format!("## Arguments\n\n{}", lines.join("\n")))
}

fn argument((place, parameter): (usize, &Attribute)) -> String {
    let nullable = match parameter.mode {
        Mode::Required => "",
        _ => ", Nullable",
    };
    format!(
        "{}. `{}` ({}{nullable}) {}",
        place + 1,
        parameter.name,
        leaf_name(&parameter.ty()),
        one_line(&parameter.description)
    )
}
