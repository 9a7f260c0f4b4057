//! HTTP on one connection, from its first byte to its last.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::guest::{Guest, Standing};
use super::limits::{HEADER_BYTES, HEADER_FIELDS, REQUESTS_AT_ONCE, WINDOW, Wait};
use super::watched::{Answer, Sent, Socket};

/// Answers until the client goes, the guest is dismissed, or, once `shutdown` is asked for, what it
/// asked has been answered.
pub async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    guest: Arc<Guest>,
    router: Router,
    shutdown: CancellationToken,
) {
    let mut http = Builder::new(TokioExecutor::new());
    // How long a header may take is the crowd's business, which also sees what comes before HTTP.
    http.http1()
        .header_read_timeout(None)
        .max_buf_size(HEADER_BYTES)
        .max_headers(HEADER_FIELDS);
    http.http2()
        .max_header_list_size(u32::try_from(HEADER_BYTES).unwrap_or(u32::MAX))
        .max_concurrent_streams(REQUESTS_AT_ONCE)
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW * 2);
    let socket = TokioIo::new(Socket::new(stream, guest.clone()));
    let asked = guest.clone();
    let service = service_fn(move |request| answer(request, peer, &asked, router.clone()));
    let mut connection = pin!(http.serve_connection(socket, service));
    tokio::select! {
        ended = connection.as_mut() => return trace_end(ended),
        () = guest.dismissed() => return,
        () = shutdown.cancelled() => {}
    }
    if let Standing::Waits(Wait::Header | Wait::Next, _) = guest.standing() {
        return;
    }
    connection.as_mut().graceful_shutdown();
    tokio::select! {
        ended = connection => trace_end(ended),
        () = guest.dismissed() => {}
    }
}

fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    guest: &Arc<Guest>,
    router: Router,
) -> impl Future<Output = Result<axum::http::Response<Answer>, Infallible>> + use<> {
    let turn = guest.ask(request.version() == Version::HTTP_2);
    let mut request = request.map(|body| Body::new(Sent::new(body, guest.clone())));
    request.extensions_mut().insert(ConnectInfo(peer));
    async move {
        let response = router.oneshot(request).await?;
        Ok(response.map(|body| Answer::new(body, turn)))
    }
}

/// Clients go as they please; that is not worth a line at the usual level.
fn trace_end<E: std::fmt::Display>(ended: Result<(), E>) {
    if let Err(error) = ended {
        tracing::trace!(%error, "a connection ended");
    }
}
