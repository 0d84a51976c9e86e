//! The result as a Markdown table: a row for each quantity, a column for each provider, and the ratio of the two.

use std::fmt;

use anyhow::Result;

use crate::contender::{Contender, OPERATIONS};
use crate::measure::{Sample, Spread};

/// Rows of cells.
pub struct Table(Vec<Vec<String>>);

/// How a quantity is shown: the name, the unit, and how many decimals say something.
struct Quantity {
    name: &'static str,
    unit: &'static str,
    decimals: usize,
    of: fn(&Sample) -> f64,
}

const QUANTITIES: [Quantity; 5] = [
    Quantity {
        name: "wall",
        unit: "s",
        decimals: 2,
        of: |sample| sample.wall,
    },
    Quantity {
        name: "CPU",
        unit: "s",
        decimals: 2,
        of: |sample| sample.cpu,
    },
    Quantity {
        name: "peak RSS of providers",
        unit: "MB",
        decimals: 0,
        of: |sample| sample.resident,
    },
    Quantity {
        name: "EKS API calls",
        unit: "",
        decimals: 0,
        of: |sample| sample.calls,
    },
    Quantity {
        name: "IAM and STS calls",
        unit: "",
        decimals: 0,
        of: |sample| sample.other_calls,
    },
];

impl Table {
    pub fn of(contenders: &[Contender]) -> Result<Self> {
        let mut head = vec!["median (range)".to_owned()];
        head.extend(contenders.iter().map(|contender| contender.name.to_owned()));
        let both = contenders.len() == 2;
        head.extend(both.then(|| "ratio".to_owned()));
        let rule = vec!["---".to_owned(); head.len()];
        let mut rows = vec![head, rule];
        let bytes = |contender: &Contender| exactly(contender.binary_bytes as f64 / 1e6);
        rows.push(row("binary", "MB", 1, contenders.iter().map(bytes)));
        let handshake = |contender: &Contender| contender.handshakes.of(|millis| *millis);
        rows.push(row(
            "start to handshake",
            "ms",
            0,
            contenders.iter().map(handshake),
        ));
        let schema = |contender: &Contender| match contender.schemas.is_empty() {
            true => exactly(f64::NAN),
            false => contender.schemas.of(|millis| *millis),
        };
        let schemas = contenders.iter().map(schema);
        rows.push(row("first GetProviderSchema", "ms", 1, schemas));
        for (index, operation) in OPERATIONS.into_iter().enumerate() {
            for Quantity {
                name,
                unit,
                decimals,
                of,
            } in QUANTITIES
            {
                let spreads = contenders
                    .iter()
                    .map(|contender| contender.operations[index].of(of));
                rows.push(row(
                    &format!("{operation}: {name}"),
                    unit,
                    decimals,
                    spreads,
                ));
            }
        }
        Ok(Self(rows))
    }
}

fn exactly(value: f64) -> Spread {
    Spread {
        least: value,
        median: value,
        most: value,
    }
}

fn row(
    name: &str,
    unit: &str,
    decimals: usize,
    spreads: impl Iterator<Item = Spread>,
) -> Vec<String> {
    let spreads: Vec<_> = spreads.collect();
    let mut row = vec![name.to_owned()];
    row.extend(spreads.iter().map(|spread| cell(*spread, unit, decimals)));
    if let [ours, theirs] = spreads[..] {
        row.push(ratio(ours.median, theirs.median));
    }
    row
}

fn cell(
    Spread {
        least,
        median,
        most,
    }: Spread,
    unit: &str,
    decimals: usize,
) -> String {
    if median.is_nan() {
        return "not measured".to_owned();
    }
    let middle = format!("{median:.decimals$} {unit}").trim_end().to_owned();
    let (least, most) = (format!("{least:.decimals$}"), format!("{most:.decimals$}"));
    if least == most {
        middle
    } else {
        format!("{middle} ({least}–{most})")
    }
}

/// What part of theirs ours is.
fn ratio(ours: f64, theirs: f64) -> String {
    let comparable = ours > 0.0 && theirs > 0.0;
    if !comparable {
        return "–".to_owned();
    }
    if ours > theirs {
        return format!("{:.1} ×", ours / theirs);
    }
    format!("1/{:.1}", theirs / ours)
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.0 {
            writeln!(f, "| {} |", row.join(" | "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_shows_median_range_and_ratio() {
        let ours = Spread {
            least: 0.2,
            median: 0.25,
            most: 0.31,
        };
        let theirs = Spread {
            least: 13.0,
            median: 14.0,
            most: 14.2,
        };
        let row = row("plan: wall", "s", 2, [ours, theirs].into_iter());
        assert_eq!(
            row,
            [
                "plan: wall",
                "0.25 s (0.20–0.31)",
                "14.00 s (13.00–14.20)",
                "1/56.0"
            ]
        );
    }

    #[test]
    fn what_does_not_vary_has_no_range() {
        assert_eq!(
            row("calls", "", 0, [exactly(11.0)].into_iter()),
            ["calls", "11"]
        );
        assert_eq!(ratio(0.0, 11.0), "–");
        assert_eq!(ratio(22.0, 11.0), "2.0 ×");
        assert_eq!(ratio(11.0, 11.0), "1/1.0");
    }
}
