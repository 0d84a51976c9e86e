//! Numbers as Terraform has them: decimal, of any precision.

use std::fmt;
use std::str::FromStr;

use bigdecimal::{BigDecimal, ToPrimitive};

/// An exact decimal number, or one of the two infinities.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Number {
    /// Below every other number.
    NegativeInfinity,
    /// A finite number.
    Finite(BigDecimal),
    /// Above every other number.
    Infinity,
}

/// Longest decimal text and largest decimal exponent accepted, so that a short message cannot ask for a huge number.
const NUMBER_LIMIT: i64 = 4096;

impl Number {
    /// The number as `i64`, when it is a whole number in range.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Finite(number) if number.is_integer() => number.to_i64(),
            _ => None,
        }
    }

    /// The nearest `f64`.
    pub fn as_f64(&self) -> f64 {
        match self {
            Self::NegativeInfinity => f64::NEG_INFINITY,
            Self::Infinity => f64::INFINITY,
            Self::Finite(number) => number.to_f64().unwrap_or(f64::NAN),
        }
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self::Finite(BigDecimal::from(number))
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Self::Finite(BigDecimal::from(number))
    }
}

impl TryFrom<f64> for Number {
    type Error = InvalidNumber;

    /// Takes the shortest decimal text of the float, as go-cty does when it compares numbers.
    fn try_from(number: f64) -> Result<Self, InvalidNumber> {
        match number {
            f64::INFINITY => Ok(Self::Infinity),
            f64::NEG_INFINITY => Ok(Self::NegativeInfinity),
            _ if number.is_nan() => Err(InvalidNumber),
            _ => format!("{number:e}").parse(),
        }
    }
}

/// The text is not a number Terraform could have meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidNumber;

impl fmt::Display for InvalidNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a number, or one of more than {NUMBER_LIMIT} digits")
    }
}

impl std::error::Error for InvalidNumber {}

impl FromStr for Number {
    type Err = InvalidNumber;

    fn from_str(text: &str) -> Result<Self, InvalidNumber> {
        if text.len() > NUMBER_LIMIT as usize {
            return Err(InvalidNumber);
        }
        let number = BigDecimal::from_str(text).map_err(|_| InvalidNumber)?;
        let (_, scale) = number.as_bigint_and_exponent();
        if scale.abs() > NUMBER_LIMIT {
            return Err(InvalidNumber);
        }
        Ok(Self::Finite(number.normalized()))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NegativeInfinity => write!(f, "-Inf"),
            Self::Infinity => write!(f, "Inf"),
            Self::Finite(number) => write!(f, "{}", number.to_plain_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_value() {
        let one: Number = "1.0".parse().unwrap();
        assert_eq!(one, Number::from(1_i64));
        assert_eq!(Number::try_from(0.1).unwrap(), "0.1".parse().unwrap());
        assert_eq!(
            "9223372036854775808".parse::<Number>().unwrap().as_i64(),
            None
        );
    }

    #[test]
    fn refuses_numbers_that_would_not_fit_in_memory() {
        assert!("1e999999999".parse::<Number>().is_err());
        assert!("1e-999999999".parse::<Number>().is_err());
        assert!("NaN".parse::<Number>().is_err());
    }
}
