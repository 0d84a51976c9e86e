//! Real messages of AWS and what they mean to us.

use super::*;

fn kind(code: &str, message: &str) -> Kind {
    kind::of_answer(code, message, 400)
}
