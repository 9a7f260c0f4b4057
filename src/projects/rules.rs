//! What a project may be called.

use crate::error::AppError;

/// A project's name, without the space around it.
///
/// # Errors
/// `invalid` on the field `name` for an empty one, one over 128 characters, or one with control characters.
pub fn check_name(name: &str) -> Result<&str, AppError> {
    let name = name.trim();
    let fits = (1..=128).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    fits.then_some(name).ok_or_else(|| {
        AppError::invalid(
            "name",
            "A name has 1 to 128 characters, none of them invisible.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_has_something_in_it() {
        assert_eq!(check_name("  shop "), Ok("shop"));
        assert!(check_name("  ").is_err());
        assert!(check_name(&"x".repeat(129)).is_err());
        assert!(check_name("a\u{7}b").is_err());
    }
}
