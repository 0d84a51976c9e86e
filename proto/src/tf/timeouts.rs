//! The `timeouts` block: how long each operation may take, in Go's duration syntax.

use std::time::Duration;

use super::{Attribute, Nesting, Operation, Shape, Type, Value, checks};

/// Default timeouts of a resource. `None` means that the operation cannot be configured and may take 20 minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timeouts {
    /// Time for a create.
    pub create: Option<Duration>,
    /// Time for a read.
    pub read: Option<Duration>,
    /// Time for an update.
    pub update: Option<Duration>,
    /// Time for a delete.
    pub delete: Option<Duration>,
}

/// A timeout in minutes, for declarations: `create: minutes(30)`.
pub const fn minutes(minutes: u64) -> Option<Duration> {
    Some(Duration::from_secs(minutes * 60))
}

/// Taken for an operation that has no default of its own.
const FALLBACK: Duration = Duration::from_secs(20 * 60);

impl Timeouts {
    /// Name of the block.
    pub const NAME: &'static str = "timeouts";

    /// No operation can be configured; the object has no `timeouts` block.
    pub const NONE: Self = Self {
        create: None,
        read: None,
        update: None,
        delete: None,
    };

    /// The `timeouts` block. `None` if no operation can be configured.
    pub fn attribute(self) -> Option<Attribute> {
        let operations = self.operations();
        let attributes: Vec<_> = operations
            .iter()
            .filter_map(|&(name, default)| Some(operation_attribute(name, default?)))
            .collect();
        let shape = Shape::Block {
            nesting: Nesting::Single,
            single: false,
            attributes,
        };
        let description = "How long operations may take, such as `30m` or `1h30m`.";
        self.is_configurable()
            .then(|| Attribute::required(Self::NAME, shape, description).optional())
    }

    /// Timeout for `operation`: as configured in the object, else the default.
    pub fn of(self, operation: Operation, object: &Value) -> Duration {
        let (name, default) = match operation {
            Operation::Create => ("create", self.create),
            Operation::Read => ("read", self.read),
            Operation::Update => ("update", self.update),
            Operation::Delete => ("delete", self.delete),
        };
        let configured = object.find(Self::NAME).find(name).as_str();
        configured.and_then(parse).or(default).unwrap_or(FALLBACK)
    }

    /// Whether there is a block.
    pub(crate) fn is_configurable(self) -> bool {
        self.operations()
            .iter()
            .any(|(_, default)| default.is_some())
    }

    fn operations(self) -> [(&'static str, Option<Duration>); 4] {
        [
            ("create", self.create),
            ("read", self.read),
            ("update", self.update),
            ("delete", self.delete),
        ]
    }
}

fn operation_attribute(name: &str, default: Duration) -> Attribute {
    let minutes = default.as_secs() / 60;
    let description = format!("How long the {name} may take. Defaults to `{minutes}m`.");
    Attribute::required(name, Shape::Leaf(Type::String), description)
        .optional()
        .check(checks::duration)
}

/// Longest duration that Go can hold, in seconds: about 292 years.
const LIMIT: f64 = i64::MAX as f64 / 1e9;

/// Parses a duration in Go's syntax: `30s`, `1h30m`, `1.5h`, `100ms`. Returns `None` for other text, for negative durations
/// and for those of more than about 292 years, which Go cannot hold.
///
/// Source: Go's `time.ParseDuration`.
pub fn parse(text: &str) -> Option<Duration> {
    if text == "0" {
        return Some(Duration::ZERO);
    }
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    let mut rest = unsigned;
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        let unit_end = rest[digits..]
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .map_or(rest.len(), |length| digits + length);
        seconds += number * unit_seconds(&rest[digits..unit_end])?;
        rest = &rest[unit_end..];
    }
    let is_allowed = !unsigned.is_empty() && seconds <= LIMIT;
    is_allowed
        .then(|| Duration::try_from_secs_f64(seconds).ok())
        .flatten()
}

fn unit_seconds(unit: &str) -> Option<f64> {
    Some(match unit {
        "h" => 3600.0,
        "m" => 60.0,
        "s" => 1.0,
        "ms" => 1e-3,
        "us" | "µs" | "μs" => 1e-6,
        "ns" => 1e-9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_go_durations() {
        let seconds = |text| parse(text).map(|duration| duration.as_secs_f64());
        assert_eq!(seconds("30m"), Some(1800.0));
        assert_eq!(seconds("1h30m"), Some(5400.0));
        assert_eq!(seconds("1.5h"), Some(5400.0));
        assert_eq!(seconds("100ms"), Some(0.1));
        assert_eq!(seconds("0"), Some(0.0));
        for wrong in [
            "", "30", "m", "-5m", "5 m", "5d", "1..5h", "1e9h", "m5", "+", "3000000h",
        ] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }
}
