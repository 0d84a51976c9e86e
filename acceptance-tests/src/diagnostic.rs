//! Errors and warnings as the command line reports them with `-json`.

use std::fmt;

use serde_json::Value;

/// An error or a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// `error` or `warning`.
    pub severity: String,
    /// The first line.
    pub summary: String,
    /// The rest, often empty.
    pub detail: String,
    /// Resource that it is about, such as `eks_cluster.this`.
    pub address: Option<String>,
    /// Attribute or block that it points at: the first word of the source line that the user is shown.
    pub attribute: Option<String>,
}

impl Diagnostic {
    /// Reads all of them from the output of `plan`, `apply` (one JSON object per line) or `validate` (one in all).
    pub(crate) fn all(output: &str) -> Vec<Self> {
        if let Ok(whole) = serde_json::from_str::<Value>(output)
            && let Some(list) = whole.get("diagnostics").and_then(Value::as_array)
        {
            return list.iter().map(Self::from_json).collect();
        }
        output
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter_map(|line| line.get("diagnostic").map(Self::from_json))
            .collect()
    }

    fn from_json(json: &Value) -> Self {
        let text = |key: &str| json.get(key).and_then(Value::as_str).map(str::to_owned);
        let code = json.pointer("/snippet/code").and_then(Value::as_str);
        Self {
            severity: text("severity").unwrap_or_default(),
            summary: text("summary").unwrap_or_default(),
            detail: text("detail").unwrap_or_default(),
            address: text("address"),
            attribute: code.and_then(first_word),
        }
    }

    /// Whether it stops the command.
    pub fn is_error(&self) -> bool {
        self.severity == "error"
    }

    /// Whether the summary or the detail says so.
    pub fn says(&self, text: &str) -> bool {
        self.summary.contains(text) || self.detail.contains(text)
    }
}

fn first_word(code: &str) -> Option<String> {
    let word = code
        .trim_start()
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()?;
    (!word.is_empty()).then(|| word.to_owned())
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity, self.summary)?;
        if let Some(address) = &self.address {
            write!(f, "\n  in {address}")?;
        }
        if let Some(attribute) = &self.attribute {
            write!(f, "\n  at {attribute}")?;
        }
        for line in self.detail.lines() {
            write!(f, "\n  {line}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // As Terraform 1.11.4 prints it, the fields that are not read left out.
    const LINE: &str = r#"{"@level":"error","@message":"Error: Bad version","type":"diagnostic","diagnostic":{"severity":"error","summary":"Bad version","detail":"Say 1.33.","address":"eks_cluster.this","range":{"filename":"main.tf","start":{"line":5,"column":13,"byte":90}},"snippet":{"context":"resource \"eks_cluster\" \"this\"","code":"  version   = \"33\"","start_line":5}}}"#;

    #[test]
    fn reads_the_lines_of_plan() {
        let output = format!("{{\"type\":\"version\"}}\nnot json\n{LINE}\n");
        let found = Diagnostic::all(&output);
        assert_eq!(found.len(), 1);
        let expected = "error: Bad version\n  in eks_cluster.this\n  at version\n  Say 1.33.";
        assert_eq!(found[0].to_string(), expected);
        assert!(found[0].is_error());
        assert!(found[0].says("1.33") && found[0].says("Bad") && !found[0].says("1.34"));
    }

    #[test]
    fn reads_the_document_of_validate() {
        let output = r#"{"valid":false,"diagnostics":[{"severity":"warning","summary":"Old"}]}"#;
        let found = Diagnostic::all(output);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].to_string(), "warning: Old");
    }

    #[test]
    fn the_attribute_is_the_first_word_of_the_line() {
        assert_eq!(
            first_word("  scaling_config {"),
            Some("scaling_config".to_owned())
        );
        assert_eq!(first_word("name=1"), Some("name".to_owned()));
        assert_eq!(first_word("  }"), None);
    }
}
