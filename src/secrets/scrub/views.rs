//! A text and what it says once decoded, with the way back: a secret within JSON within a URL is found
//! in the view that shows it bare, and hidden in the text as it is.

use std::ops::Range;

/// How often one text is decoded: JSON in a query in a JSON log line is three times.
const DEPTH: usize = 3;

/// Decoded bytes, each with the part of the text that it stands for.
pub struct View {
    bytes: Vec<u8>,
    from: Vec<Range<usize>>,
}

impl View {
    fn of(text: &str) -> Self {
        Self {
            bytes: text.as_bytes().to_vec(),
            from: (0..text.len()).map(|at| at..at + 1).collect(),
        }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The part of the text that these bytes stand for.
    pub fn origin(&self, part: Range<usize>) -> Range<usize> {
        let from = self.from.get(part).unwrap_or_default();
        match (from.first(), from.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }

    /// Reads the bytes one unit at a time; `None` where nothing was encoded.
    fn decoded(&self, decode: Decode) -> Option<Self> {
        let mut view = Self {
            bytes: Vec::with_capacity(self.bytes.len()),
            from: Vec::with_capacity(self.from.len()),
        };
        let mut at = 0;
        let mut changed = false;
        while let Some(byte) = self.bytes.get(at) {
            let (length, letter) = match decode(&self.bytes[at..]) {
                Some((length, letter)) => {
                    changed = true;
                    (length, letter)
                }
                None => (1, Decoded::Byte(*byte)),
            };
            let from = self.origin(at..at + length);
            let mut buffer = [0; 4];
            let bytes = match letter {
                Decoded::Byte(byte) => {
                    buffer[0] = byte;
                    &buffer[..1]
                }
                Decoded::Letter(letter) => letter.encode_utf8(&mut buffer).as_bytes(),
            };
            for byte in bytes {
                view.bytes.push(*byte);
                view.from.push(from.clone());
            }
            at += length;
        }
        changed.then_some(view)
    }
}

/// What one unit stands for.
enum Decoded {
    Byte(u8),
    Letter(char),
}

/// Reads the unit at the beginning, if one is there: its length and what it stands for.
type Decode = fn(&[u8]) -> Option<(usize, Decoded)>;

/// The text itself first.
pub fn views(text: &str) -> Vec<View> {
    let mut all = vec![View::of(text)];
    let mut begin = 0;
    for _ in 0..DEPTH {
        let decoders: [Decode; 3] = [escape, percent, form];
        let fresh: Vec<_> = all[begin..]
            .iter()
            .flat_map(|view| decoders.iter().filter_map(|decode| view.decoded(*decode)))
            .collect();
        begin = all.len();
        for view in fresh {
            if all.iter().all(|known| known.bytes != view.bytes) {
                all.push(view);
            }
        }
    }
    all
}

/// `\n`, `\"`, `\u00e9` as JSON writes them, `\u{e9}` and `\x1b` as Rust does.
fn escape(bytes: &[u8]) -> Option<(usize, Decoded)> {
    let (b'\\', rest) = bytes.split_first()? else {
        return None;
    };
    let letter = match rest.first()? {
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'0' => '\0',
        b'x' => {
            return Some((
                4,
                Decoded::Letter(hex(rest.get(1..3)?).and_then(char::from_u32)?),
            ));
        }
        b'u' => return unicode(rest),
        // A letter that needed no escape, or one of several bytes, which follow as they are.
        other => return Some((2, Decoded::Byte(*other))),
    };
    Some((2, Decoded::Letter(letter)))
}

fn unicode(rest: &[u8]) -> Option<(usize, Decoded)> {
    if rest.get(1) == Some(&b'{') {
        let length = rest.get(2..9).unwrap_or(&rest[2..]);
        let length = length.iter().position(|byte| *byte == b'}')?;
        let letter = hex(&rest[2..2 + length]).and_then(char::from_u32)?;
        return Some((length + 4, Decoded::Letter(letter)));
    }
    let unit = hex(rest.get(1..5)?)?;
    // JSON writes what lies beyond 16 bits as two units.
    let pair = rest.get(5..11).and_then(|next| {
        let low = hex(next.strip_prefix(b"\\u")?)?;
        let is_pair = (0xd800..0xdc00).contains(&unit) && (0xdc00..0xe000).contains(&low);
        is_pair.then(|| 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00))
    });
    match pair {
        Some(both) => Some((12, Decoded::Letter(char::from_u32(both)?))),
        None => Some((6, Decoded::Letter(char::from_u32(unit)?))),
    }
}

/// `%2F`, as URLs have it.
fn percent(bytes: &[u8]) -> Option<(usize, Decoded)> {
    let (b'%', rest) = bytes.split_first()? else {
        return None;
    };
    let byte = u8::try_from(hex(rest.get(..2)?)?).ok()?;
    Some((3, Decoded::Byte(byte)))
}

/// As [`percent`], with `+` for a space, as forms have it.
fn form(bytes: &[u8]) -> Option<(usize, Decoded)> {
    match bytes.first()? {
        b'+' => Some((1, Decoded::Byte(b' '))),
        _ => percent(bytes),
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok()?;
    let are_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    are_digits
        .then(|| u32::from_str_radix(digits, 16).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(text: &str, decoded: &str) -> Option<Range<usize>> {
        views(text).iter().find_map(|view| {
            let text = std::str::from_utf8(view.bytes()).ok()?;
            let at = text.find(decoded)?;
            Some(view.origin(at..at + decoded.len()))
        })
    }

    #[test]
    fn what_is_encoded_is_found_in_the_text_as_it_stands() {
        for (text, encoded, decoded) in [
            ("x a%2Fb+c y", "a%2Fb+c", "a/b c"),
            ("x a%2fb%2Bc y", "a%2fb%2Bc", "a/b+c"),
            (r#"{"k":"a\"b\\c\u00e9"}"#, r#"a\"b\\c\u00e9"#, r#"a"b\cé"#),
            (r"x \ud83d\ude00! y", r"\ud83d\ude00!", "😀!"),
            (r"x \u{1f600}\x41 y", r"\u{1f600}\x41", "😀A"),
            (r#"x a\\\"b y"#, r#"a\\\"b"#, r#"a"b"#),
            ("x a%5C%22b y", "a%5C%22b", r#"a"b"#),
            ("x a%252Fb y", "a%252Fb", "a/b"),
            ("nothing", "nothing", "nothing"),
        ] {
            let start = text.find(encoded).unwrap();
            assert_eq!(
                says(text, decoded),
                Some(start..start + encoded.len()),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_almost_encoded_is_left_alone() {
        for text in [
            r"\",
            r"\u",
            r"\u12",
            r"\u{",
            r"\u{110000}",
            r"\x4",
            r"\ud800",
            "%",
            "%4",
            "%zz",
        ] {
            assert!(says(text, text).is_some(), "{text}");
        }
    }
}
