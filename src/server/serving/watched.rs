//! A socket, a request's body and an answer's body that tell the guest what they see.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::bare::Amended;
use super::guest::{Guest, Turn};

/// The socket.
pub struct Socket {
    stream: TcpStream,
    guest: Arc<Guest>,
    /// The beginning of a bare answer that is being written.
    amended: Option<Amended>,
}

impl Socket {
    pub fn new(stream: TcpStream, guest: Arc<Guest>) -> Self {
        Self {
            stream,
            guest,
            amended: None,
        }
    }

    /// Writes what an answer begins with in another way, where it is a bare one.
    fn poll_amended(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Option<Poll<io::Result<usize>>> {
        // What is written while a request is answered is an answer of ours.
        if self.amended.is_none() && !self.guest.is_answered() {
            self.amended = Amended::of(bytes);
        }
        let outcome = self.amended.as_mut()?.poll_write(&mut self.stream, cx);
        if outcome.is_ready() {
            self.amended = None;
        }
        Some(outcome)
    }

    fn wrote<T>(&self, outcome: Poll<T>) -> Poll<T> {
        self.guest.reads(outcome.is_ready());
        outcome
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.guest.spoke();
        }
        outcome
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = match self.poll_amended(cx, bytes) {
            Some(outcome) => outcome,
            None => Pin::new(&mut self.stream).poll_write(cx, bytes),
        };
        self.wrote(outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let first = slices.first().map_or(&[][..], |slice| slice);
        let outcome = match self.poll_amended(cx, first) {
            Some(outcome) => outcome,
            None => Pin::new(&mut self.stream).poll_write_vectored(cx, slices),
        };
        self.wrote(outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// The body of a request.
pub struct Sent {
    body: Incoming,
    guest: Arc<Guest>,
    waits: bool,
}

impl Sent {
    pub fn new(body: Incoming, guest: Arc<Guest>) -> Self {
        Self {
            body,
            guest,
            waits: false,
        }
    }

    fn mark(&mut self, waits: bool) {
        if std::mem::replace(&mut self.waits, waits) != waits {
            self.guest.body_waits(waits);
        }
    }
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let outcome = Pin::new(&mut self.body).poll_frame(cx);
        self.mark(outcome.is_pending());
        outcome
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        self.mark(false);
    }
}

/// The body of an answer; it is our turn until all of it is written.
pub struct Answer {
    body: Body,
    _turn: Turn,
}

impl Answer {
    pub fn new(body: Body, turn: Turn) -> Self {
        Self { body, _turn: turn }
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
