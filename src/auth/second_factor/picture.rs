//! A QR code as one SVG path, which needs no image and no inline style.

use std::fmt::Write;

use qrcode::{Color, QrCode};

use super::model::Picture;
use crate::error::AppError;

/// Draws `text`.
///
/// # Errors
/// `internal` where it is too long for any QR code.
pub fn draw(text: &str) -> Result<Picture, AppError> {
    let code = QrCode::new(text).map_err(AppError::internal)?;
    let size = code.width();
    let mut path = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            write!(path, "M{} {}h1v1h-1z", at % size, at / size).map_err(AppError::internal)?;
        }
    }
    Ok(Picture { size, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corner_of_a_code_is_a_dark_line_of_seven_dots() {
        let picture = draw("otpauth://totp/x?secret=ABC").unwrap();
        assert!(picture.size >= 21);
        let line: String = (0..7).map(|x| format!("M{x} 0h1v1h-1z")).collect();
        assert!(picture.path.starts_with(&line), "{}", picture.path);
        assert!(!picture.path.starts_with(&format!("{line}M7 0")));
    }
}
