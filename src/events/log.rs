//! The handle on the event log: whoever has something to tell tells it here and goes on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};

use super::intake::{Intake, Load};
use super::report::Report;
use super::store::{chain, write};
use crate::server::clock::Clock;
use crate::server::db::Db;

/// How long an act waits for its line to be written; it is done either way.
const PATIENCE: Duration = Duration::from_secs(5);

/// A cheap handle on what waits to be written.
#[derive(Clone, Debug)]
pub struct EventLog(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    clock: Clock,
    intake: Mutex<Intake>,
    wake: Notify,
    left: Notify,
    emptied: Notify,
    is_failing: AtomicBool,
}

impl EventLog {
    /// A log that knows what has begun and is not over.
    ///
    /// # Errors
    /// Where the database does not answer, or has lines that no chain holds: going on after them would make
    /// them look as if they had been written.
    pub async fn open(db: &Db, clock: Clock) -> Result<Self, sqlx::Error> {
        chain::refuse_loose_lines(db).await?;
        let begun = write::spells(db).await?;
        Ok(Self::with(clock, Intake::with_begun(begun)))
    }

    /// A log that nobody writes, for tests of those who tell.
    #[cfg(test)]
    pub fn silent() -> Self {
        Self::with(Clock::system(), Intake::default())
    }

    fn with(clock: Clock, intake: Intake) -> Self {
        Self(Arc::new(Inner {
            clock,
            intake: Mutex::new(intake),
            wake: Notify::new(),
            left: Notify::new(),
            emptied: Notify::new(),
            is_failing: AtomicBool::new(false),
        }))
    }

    /// Tells the log, without waiting for anything.
    pub fn tell(&self, report: impl Into<Report>) {
        let now = self.0.clock.millis();
        self.intake().take_in(report.into(), now);
        self.0.wake.notify_one();
    }

    /// Tells the log, and waits until it is written; where that takes too long, it is written later.
    pub async fn write(&self, report: impl Into<Report>) {
        self.tell(report);
        if !self.wait_written().await {
            tracing::warn!("the event log is not written in time; it is kept and tried again");
        }
    }

    /// Waits until all that was told so far is written; false where that takes too long.
    pub async fn wait_written(&self) -> bool {
        let (asker, answer) = oneshot::channel();
        self.intake().ask(asker);
        self.0.wake.notify_one();
        matches!(tokio::time::timeout(PATIENCE, answer).await, Ok(Ok(())))
    }

    /// Nothing more is to be told of what had begun about `subject`, such as a container that is gone.
    pub fn forget(&self, subject: &str) {
        self.intake().forget(subject);
        self.0.wake.notify_one();
    }

    /// Waits until something waits to be written.
    pub async fn wait(&self) {
        self.0.wake.notified().await;
    }

    /// Something was left in the outbox, and is there to be seen.
    pub fn call_for(&self) {
        self.0.left.notify_one();
    }

    /// Waits until somebody in this process has left something.
    pub async fn wait_left(&self) {
        self.0.left.notified().await;
    }

    /// Waits until there is room for what need not be told now. Half of the room is for what has to be.
    pub async fn wait_for_room(&self) {
        while self.intake().is_half_full() {
            self.0.emptied.notified().await;
        }
    }

    /// Hands all that waits to whoever writes.
    pub fn take_out(&self) -> Load {
        let load = self.intake().take_out();
        self.0.emptied.notify_one();
        load
    }

    /// Says whether what waits can be written.
    pub fn set_failing(&self, is_failing: bool) {
        self.0.is_failing.store(is_failing, Ordering::Relaxed);
    }

    /// Whether the last try to write has failed.
    pub fn is_failing(&self) -> bool {
        self.0.is_failing.load(Ordering::Relaxed)
    }

    /// Takes back what could not be written, to be handed out again before all else.
    pub fn put_back(&self, load: Load) {
        self.intake().put_back(load);
    }

    /// The lock is held for a few lookups at most, so a std lock is right.
    fn intake(&self) -> MutexGuard<'_, Intake> {
        self.0.intake.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
