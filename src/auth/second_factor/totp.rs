//! One-time codes by RFC 6238 as every authenticator app makes them: SHA-1, six digits, half a minute.

use totp_rs::{Builder, Secret, Totp};

/// Bytes of a shared secret: what RFC 4226 recommends.
pub const SECRET_BYTES: usize = 20;

const STEP_SECONDS: u64 = 30;

/// A code of the step before and of the one after are taken too: phones' clocks are off.
const SKEW: u16 = 1;

/// The secret as an app takes it when it is typed.
pub fn base32(secret: &[u8]) -> String {
    Secret::from(secret.to_vec()).to_base32()
}

/// What the QR code says.
pub fn uri(secret: &[u8], username: &str) -> String {
    let issuer = "Docker%20Watcher";
    let account: String = username
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect();
    format!(
        "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}",
        base32(secret)
    )
}

/// The time step that `code` belongs to, if it is a code of about now; `now` in Unix seconds.
pub fn step_of(secret: &[u8], code: &str, now: i64) -> Option<i64> {
    let now = u64::try_from(now).ok()?;
    let code: String = code.chars().filter(|sign| !sign.is_whitespace()).collect();
    let step = totp(secret).check(&code, now)?;
    i64::try_from(step).ok()
}

fn totp(secret: &[u8]) -> Totp {
    Builder::new()
        .with_skew(SKEW)
        .with_step_duration(STEP_SECONDS)
        .with_secret(secret.to_vec())
        .build_noncompliant()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_codes_of_the_standard_are_right() {
        // RFC 6238, appendix B: the last six of its eight digits.
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(step_of(SECRET, code, time), Some(time / 30), "{code}");
        }
    }

    #[test]
    fn a_code_is_good_for_one_step_before_and_after_and_for_no_more() {
        let at = 1_111_111_111;
        let step = Some(at / 30);
        for now in [at, at - 30, at + 30] {
            assert_eq!(step_of(SECRET, "050 471", now), step);
        }
        for now in [at - 90, at + 90, -1, 0] {
            assert_eq!(step_of(SECRET, "050471", now), None);
        }
        for code in ["", "05047", "0504711", "０５０４７１", "abcdef"] {
            assert_eq!(step_of(SECRET, code, at), None, "{code}");
        }
    }

    #[test]
    fn a_name_cannot_add_to_the_address_that_an_app_reads() {
        let uri = uri(SECRET, "a&secret=B?c");
        assert!(uri.starts_with("otpauth://totp/Docker%20Watcher:a%26secret%3DB%3Fc?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&"));
    }
}
