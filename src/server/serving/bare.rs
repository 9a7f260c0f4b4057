//! The few answers that no handler gives: HTTP's own library refuses what is no request by itself, with a bare
//! status. They get the headers that every other answer has.

use std::io;
use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, ready};

use tokio::io::AsyncWrite;

use crate::server::headers;

static CAREFUL: LazyLock<String> = LazyLock::new(|| {
    let lines = headers::of_refusal();
    let lines = lines.map(|(name, value)| format!("{name}: {value}\r\n"));
    lines.collect()
});

/// What is written in the place of a bare answer's first line.
#[derive(Debug)]
pub struct Amended {
    /// So many bytes of what the library wrote are in it.
    stands_for: usize,
    bytes: Vec<u8>,
    written: usize,
}

impl Amended {
    /// `None` where this does not begin a bare refusal. All our own answers carry a policy.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if !bytes.starts_with(b"HTTP/1.1 4") {
            return None;
        }
        let head = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = std::str::from_utf8(bytes.get(..head)?).ok()?;
        let (first, rest) = head.split_once("\r\n")?;
        let has_policy = rest.lines().any(|line| {
            line.to_ascii_lowercase()
                .starts_with("content-security-policy:")
        });
        (!has_policy).then(|| Self {
            stands_for: first.len() + 2,
            bytes: format!("{first}\r\n{}", *CAREFUL).into_bytes(),
            written: 0,
        })
    }

    /// Writes the rest of it, and answers how much of the library's bytes that was.
    pub fn poll_write<S: AsyncWrite + Unpin>(
        &mut self,
        stream: &mut S,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        while let Some(rest) = self
            .bytes
            .get(self.written..)
            .filter(|rest| !rest.is_empty())
        {
            match ready!(Pin::new(&mut *stream).poll_write(cx, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                count => self.written += count,
            }
        }
        Poll::Ready(Ok(self.stands_for))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refusal_without_our_policy_is_amended() {
        let bare = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
        let amended = Amended::of(bare).unwrap();
        let text = String::from_utf8(amended.bytes).unwrap();
        assert!(text.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{text}");
        assert!(
            text.contains("\r\nx-content-type-options: nosniff\r\n"),
            "{text}"
        );
        assert!(
            text.contains("\r\ncontent-security-policy: default-src 'none'"),
            "{text}"
        );
        assert!(text.ends_with("\r\n"), "{text}");
        assert_eq!(
            bare.get(amended.stands_for..).unwrap(),
            b"content-length: 0\r\n\r\n"
        );
        for other in [
            "HTTP/1.1 404 Not Found\r\nContent-Security-Policy: x\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\n",
            "4",
        ] {
            assert!(Amended::of(other.as_bytes()).is_none(), "{other}");
        }
    }
}
