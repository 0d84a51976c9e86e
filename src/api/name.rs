//! Names that nobody has thought of: a prefix and a suffix that is the same for every attempt at one creation.
//!
//! How long a name may be is for the caller to say.

/// Length of the suffix; also that of the suffixes that hashicorp/aws makes.
pub const SUFFIX: usize = 26;
/// Taken when there is no prefix either.
const DEFAULT_PREFIX: &str = "terraform-";

/// A name for the creation that `token`, a UUID, stands for.
pub fn generate(prefix: Option<&str>, token: &str) -> String {
    let digits = token.chars().filter(char::is_ascii_hexdigit);
    let suffix: String = digits.take(SUFFIX).collect();
    format!("{}{suffix}", prefix.unwrap_or(DEFAULT_PREFIX))
}

/// The prefix that a name was generated from, so that an imported object fits a configuration with the prefix.
pub fn prefix_of(name: &str) -> Option<&str> {
    let at = name.len().checked_sub(SUFFIX)?;
    let (prefix, suffix) = name.split_at_checked(at)?;
    let is_generated = suffix
        .bytes()
        .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    (is_generated && !prefix.is_empty()).then_some(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_name_fits_and_tells_its_prefix() {
        let token = "67e55044-10b1-426f-9247-bb680e5fe0c8";
        let prefix = "p".repeat(37);
        let name = generate(Some(&prefix), token);
        assert_eq!(name.len(), 63);
        assert_eq!(prefix_of(&name), Some(prefix.as_str()));
        assert_eq!(
            generate(None, token),
            "terraform-67e5504410b1426f9247bb680e"
        );
    }

    #[test]
    fn names_of_hashicorp_aws_tell_their_prefix() {
        assert_eq!(prefix_of("spot-20240131123456789100000001"), Some("spot-"));
    }

    #[test]
    fn a_chosen_name_has_no_prefix() {
        for name in [
            "system",
            "",
            "20240131123456789100000001",
            "größe-größe-größe-größe-größe",
        ] {
            assert_eq!(prefix_of(name), None, "{name}");
        }
    }
}
