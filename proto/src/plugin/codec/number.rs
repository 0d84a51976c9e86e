//! Numbers on the wire: an integer where it fits 64 bits, a float where that is exact, else decimal text.
//!
//! This is what go-cty writes, so that nothing is lost on the way: `0.1` has no exact float and travels as `"0.1"`.

use bigdecimal::BigDecimal;
use rmp::Marker;
use rmp::encode::ByteBuf;

use super::Error;
use super::decode::Reader;
use crate::tf::Number;

/// Decimal exponents beyond this are written as exponents: plain text would be longer than what readers accept.
const LONGEST_PLAIN_SCALE: u64 = 1024;

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Number, Error> {
    let number = match reader.marker()? {
        Marker::FixPos(_) | Marker::U8 | Marker::U16 | Marker::U32 | Marker::U64 => {
            rmp::decode::read_int::<u64, _>(reader.bytes())
                .map(Number::from)
                .ok()
        }
        Marker::FixNeg(_) | Marker::I8 | Marker::I16 | Marker::I32 | Marker::I64 => {
            rmp::decode::read_int::<i64, _>(reader.bytes())
                .map(Number::from)
                .ok()
        }
        Marker::F32 => {
            let float = rmp::decode::read_f32(reader.bytes()).ok();
            float.and_then(|float| Number::try_from(f64::from(float)).ok())
        }
        Marker::F64 => {
            let float = rmp::decode::read_f64(reader.bytes()).ok();
            float.and_then(|float| Number::try_from(float).ok())
        }
        _ => reader.text().ok().and_then(|text| text.parse().ok()),
    };
    number.ok_or_else(|| Error::expected("a number"))
}

pub(super) fn write(number: &Number, to: &mut ByteBuf) {
    if let Some(integer) = number.as_i64() {
        let Ok(_) = rmp::encode::write_sint(to, integer);
    } else if let Some(float) = exact_float(number) {
        let Ok(()) = rmp::encode::write_f64(to, float);
    } else {
        let Ok(()) = rmp::encode::write_str(to, &decimal_text(number));
    }
}

fn exact_float(number: &Number) -> Option<f64> {
    let float = number.as_f64();
    match number {
        Number::NegativeInfinity | Number::Infinity => Some(float),
        Number::Finite(exact) if exact.is_integer() => None,
        Number::Finite(exact) => {
            let back = BigDecimal::try_from(float).ok()?;
            (back == *exact).then_some(float)
        }
    }
}

fn decimal_text(number: &Number) -> String {
    match number {
        Number::Finite(exact)
            if exact.fractional_digit_count().unsigned_abs() > LONGEST_PLAIN_SCALE =>
        {
            exact.to_scientific_notation()
        }
        _ => number.to_string(),
    }
}
