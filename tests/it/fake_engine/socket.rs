//! Listening on a Unix socket in a way that can be ended at once, open connections included.

use std::path::Path;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::UnixListener;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

/// A socket that answers; dropping it cuts every connection.
pub struct Listening {
    end: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Listening {
    pub fn on(path: &Path, router: Router) -> Self {
        let listener = UnixListener::bind(path).expect("the fake engine's socket can be bound");
        let (end, mut ended) = oneshot::channel();
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let stream = tokio::select! {
                    accepted = listener.accept() => match accepted {
                        Ok((stream, _)) => stream,
                        Err(_) => break,
                    },
                    _ = &mut ended => break,
                };
                let service = TowerToHyperService::new(router.clone());
                connections.spawn(async move {
                    let io = TokioIo::new(stream);
                    // A connection that breaks is what this engine is for.
                    drop(
                        Builder::new(TokioExecutor::new())
                            .serve_connection(io, service)
                            .await,
                    );
                });
                while connections.try_join_next().is_some() {}
            }
            connections.shutdown().await;
        });
        Self {
            end: Some(end),
            task,
        }
    }

    /// Cuts everything; when this returns, nothing listens any more.
    pub async fn end(mut self) {
        if let Some(end) = self.end.take() {
            let _ = end.send(());
        }
        drop((&mut self.task).await);
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}
