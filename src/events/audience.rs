//! Who listens to a stream, and until when they may. Whoever lets people in hands out the tickets;
//! the stream only obeys them.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

/// One listener's leave to listen.
#[derive(Clone, Debug)]
pub struct Ticket {
    pub user_id: String,
    /// Cancelled when the leave is over.
    pub until: Arc<CancellationToken>,
}
