//! The loop at the port.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection;
use super::crowd::Crowd;
use super::limits::Limits;
use crate::server::supervisor::Supervisor;

/// How often it is looked who has kept us waiting for too long.
const ROUND: Duration = Duration::from_secs(1);

/// The pause after a connection could not be taken, for want of files or memory.
const BREATH: Duration = Duration::from_millis(100);

/// Connections that were told to go may take this much room on top of those that stay.
const LEAVING: usize = 64;

/// How many connections the system keeps for us until we take them; in a flood, whoever finds no
/// place there has to try again a second later.
const QUEUE: u32 = 4096;

/// Takes the port.
///
/// # Errors
/// Where somebody else has it, or it is not ours to have.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    // A restart need not wait for what the last run left behind.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(QUEUE)
}

/// Serves until shutdown, then answers what was asked already. Dropping it closes what is left.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    supervisor: &Supervisor,
    shutdown: CancellationToken,
) {
    let limits = Limits::of_this_process();
    let sockets = Arc::new(Semaphore::new(limits.connections + LEAVING));
    let connections = TaskTracker::new();
    let mut crowd = Crowd::new(limits);
    let mut rounds = tokio::time::interval(ROUND);
    let mut trouble = Trouble::default();
    loop {
        let (stream, peer, permit) = tokio::select! {
            () = shutdown.cancelled() => break,
            _ = rounds.tick() => {
                crowd.expire();
                continue;
            }
            taken = take(&listener, &sockets) => match taken {
                Ok(taken) => taken,
                Err(error) if is_over_already(&error) => continue,
                Err(error) => {
                    trouble.report(|| tracing::warn!(%error, "a connection could not be taken"));
                    crowd.shrink();
                    tokio::time::sleep(BREATH).await;
                    continue;
                }
            },
        };
        let Some(guest) = crowd.admit(peer.ip()) else {
            trouble.report(|| tracing::warn!(%peer, "a connection is refused: all that there may be are in use"));
            continue;
        };
        trouble.is_over();
        let served = connection::serve(stream, peer, guest, router.clone(), shutdown.clone());
        supervisor.run_beside(connections.track_future(async move {
            served.await;
            drop(permit);
        }));
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// The next connection, as soon as there is one and a socket for it.
async fn take(
    listener: &TcpListener,
    sockets: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = sockets.clone().acquire_owned().await;
    let permit = permit.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, permit))
}

/// Who was there and has gone; the next one is no worse for it.
fn is_over_already(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset
    )
}

/// Says what is wrong once, and not again before it was well.
#[derive(Default)]
struct Trouble(bool);

impl Trouble {
    fn report(&mut self, warn: impl FnOnce()) {
        if !std::mem::replace(&mut self.0, true) {
            warn();
        }
    }

    fn is_over(&mut self) {
        self.0 = false;
    }
}
