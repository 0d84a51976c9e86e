//! Which account an access key belongs to.
//!
//! AWS writes the account into the key: the ten characters after `AKIA` or `ASIA` are base 32, and
//! of their first 48 bits the upper one is a flag and the lower seven are not the account's. moto
//! makes its keys the same way, so a client with credentials from moto has the same account here.

use crate::state::DEFAULT_ACCOUNT;

const BASE_32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The account that a key names: a key of twelve digits is the account itself, and a key that names
/// none belongs to [`DEFAULT_ACCOUNT`].
pub(crate) fn of_key(key: &str) -> String {
    if key.len() == 12 && key.bytes().all(|byte| byte.is_ascii_digit()) {
        return key.to_owned();
    }
    decode(key).unwrap_or_else(|| DEFAULT_ACCOUNT.to_owned())
}

fn decode(key: &str) -> Option<String> {
    let encoded = key
        .strip_prefix("ASIA")
        .or_else(|| key.strip_prefix("AKIA"))?;
    let bits = encoded
        .as_bytes()
        .get(..10)?
        .iter()
        .try_fold(0_u64, |bits, character| {
            let digit = BASE_32.iter().position(|known| known == character)?;
            Some(bits << 5 | digit as u64)
        })?;
    let account = (bits >> 2 & 0x7fff_ffff_ff80) >> 7;
    Some(format!("{account:012}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_name_their_account() {
        // From moto 5.2.5, AssumeRole into account 123456780001.
        assert_eq!(of_key("ASIARZPUY63QS7TIDZER"), "123456780001");
        assert_eq!(of_key("ASIARZPUY63QY2WSPEWH"), "123456780001");
        // The key of AWS's documentation, as `aws sts get-access-key-info` answers.
        assert_eq!(of_key("AKIAIOSFODNN7EXAMPLE"), "581039954779");
    }

    #[test]
    fn other_keys_are_an_account_or_nobodys() {
        assert_eq!(of_key("111122223333"), "111122223333");
        for key in ["", "test", "AKIAEXAMPLE", "AKIA0189018901890189"] {
            assert_eq!(of_key(key), DEFAULT_ACCOUNT, "{key}");
        }
    }
}
