//! What a new user may be called, and what a new password needs.

use crate::error::AppError;

/// The shortest password, in characters.
pub const PASSWORD_LEAST: usize = 8;
/// The longest password, in characters.
pub const PASSWORD_MOST: usize = 256;
/// The longest username, in characters.
pub const USERNAME_MOST: usize = 64;

/// Whether somebody may be called this.
///
/// # Errors
/// `invalid` on `username` for an empty or long name, or one with signs that mislead or do not show.
pub fn check_username(name: &str) -> Result<(), AppError> {
    let length = name.chars().count();
    let readable = name
        .chars()
        .all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '_' | '-' | '@' | '+'));
    if readable && (1..=USERNAME_MOST).contains(&length) {
        Ok(())
    } else {
        Err(AppError::invalid(
            "username",
            format!("A username has 1 to {USERNAME_MOST} letters, digits or . _ - @ +."),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_username_shows_what_it_is() {
        for name in ["ann", "Анна", "ann.b+c@example.org", &"a".repeat(64)] {
            assert_eq!(check_username(name), Ok(()));
        }
        for name in [
            "",
            " ",
            "ann ",
            "an\u{202e}n",
            "a\nb",
            "<b>",
            &"a".repeat(65),
        ] {
            let error = check_username(name).unwrap_err();
            assert_eq!(
                (error.code.status(), error.field.as_deref()),
                (422, Some("username"))
            );
        }
    }
}
