//! Recovery codes: fifty random bits each, readable, typed once in a lifetime.

/// How many there are.
pub const COUNT: usize = 10;

/// No signs that look alike: no i, l, o, u.
const SIGNS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Ten new codes, such as `7k3f9-x2m4q`.
pub fn new_codes() -> Vec<String> {
    (0..COUNT)
        .map(|_| {
            let bytes: [u8; 10] = rand::random();
            let signs: String = bytes
                .iter()
                .map(|byte| char::from(SIGNS[usize::from(byte % 32)]))
                .collect();
            format!("{}-{}", &signs[..5], &signs[5..])
        })
        .collect()
}

/// The code without what people add or drop when they type; `None` for what cannot be one.
pub fn normalise(typed: &str) -> Option<String> {
    let signs: String = typed
        .chars()
        .filter(|sign| !sign.is_whitespace() && *sign != '-')
        .map(|sign| sign.to_ascii_lowercase())
        .collect();
    let is_code = signs.len() == 10 && signs.bytes().all(|sign| SIGNS.contains(&sign));
    is_code.then_some(signs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_differ_and_are_recognised_however_they_are_typed() {
        let codes = new_codes();
        let different: std::collections::HashSet<_> = codes.iter().collect();
        assert_eq!(different.len(), COUNT);
        for code in &codes {
            let plain = normalise(code).unwrap();
            assert_eq!(normalise(&code.to_uppercase()), Some(plain.clone()));
            assert_eq!(
                normalise(&format!(" {} ", code.replace('-', " "))),
                Some(plain)
            );
        }
        for other in ["", "123456", "iiiii-ooooo", "７k3f9-x2m4q", "7k3f9-x2m4q1"] {
            assert_eq!(normalise(other), None, "{other}");
        }
    }
}
