//! Runs what runs without a click: a job that panics is logged, started again after a pause, and its
//! trouble is there to be seen.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::events::log::EventLog;
use crate::events::model::Happening;

/// The pause after a first failure; it doubles up to a minute.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A job that runs for so long works again.
const STEADY: Duration = Duration::from_secs(60);

/// How a job is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobStatus {
    pub name: String,
    /// What it does, for people.
    pub description: &'static str,
    pub running: bool,
    /// How often it had to be started again.
    pub restarts: u32,
    /// Why it last failed.
    pub failure: Option<String>,
}

/// A cheap handle on all jobs.
#[derive(Clone, Debug)]
pub struct Supervisor {
    /// By the order in which they were started: a name may be used again while the job that had it
    /// before still ends.
    jobs: Arc<Mutex<BTreeMap<u64, JobStatus>>>,
    tracker: TaskTracker,
    shutdown: CancellationToken,
    log: EventLog,
}

impl Supervisor {
    pub fn new(shutdown: CancellationToken, log: EventLog) -> Self {
        Self {
            jobs: Arc::default(),
            tracker: TaskTracker::new(),
            shutdown,
            log,
        }
    }

    /// How every job is, by name.
    pub fn list(&self) -> Vec<JobStatus> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let mut list: Vec<_> = jobs.values().cloned().collect();
        list.sort_by(|one, other| one.name.cmp(&other.name));
        list
    }

    /// Starts a job and gives the token that ends it before the program does. `make` is called anew
    /// for each try; what it makes ends by itself when its token is cancelled.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that starts tasks"
    )]
    pub fn start<M, F>(
        &self,
        name: impl Into<String>,
        description: &'static str,
        make: M,
    ) -> CancellationToken
    where
        M: Fn(CancellationToken) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let name = name.into();
        let status = JobStatus {
            name: name.clone(),
            description,
            running: true,
            restarts: 0,
            failure: None,
        };
        let key = self.enlist(status);
        let (this, stop) = (self.clone(), self.shutdown.child_token());
        let token = stop.clone();
        tokio::spawn(self.tracker.track_future(async move {
            this.keep(key, &name, make, &stop).await;
            this.jobs
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .remove(&key);
        }));
        token
    }

    /// Runs what ends by itself and is no job, such as one connection; where it panics, only it ends.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that starts tasks"
    )]
    pub fn run_beside(&self, task: impl Future<Output = ()> + Send + 'static) {
        tokio::spawn(self.tracker.track_future(task));
    }

    async fn keep<M, F>(&self, key: u64, name: &str, make: M, stop: &CancellationToken)
    where
        M: Fn(CancellationToken) -> F,
        F: Future<Output = ()> + Send + 'static,
    {
        let mut pause = FIRST_PAUSE;
        loop {
            let work = AssertUnwindSafe(make(stop.clone())).catch_unwind();
            tokio::pin!(work);
            let outcome = tokio::select! {
                outcome = &mut work => outcome,
                () = tokio::time::sleep(STEADY) => {
                    // Told only of a job that had failed.
                    self.log.tell(Happening::JobRecovered { job: name.to_owned() });
                    pause = FIRST_PAUSE;
                    work.await
                }
            };
            if stop.is_cancelled() {
                return;
            }
            let failure = match outcome {
                Ok(()) => "it ended by itself".to_owned(),
                Err(panic) => read_panic(panic.as_ref()),
            };
            let pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
            tracing::error!(
                job = name,
                failure,
                pause_ms,
                "a job failed and is started again"
            );
            self.log.tell(Happening::JobFailed {
                job: name.to_owned(),
                reason: failure.clone(),
            });
            self.update(key, |status| {
                status.running = false;
                status.failure = Some(failure);
            });
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
            self.update(key, |status| {
                status.running = true;
                status.restarts += 1;
            });
        }
    }

    fn enlist(&self, status: JobStatus) -> u64 {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let key = jobs.last_key_value().map_or(0, |(key, _)| key + 1);
        jobs.insert(key, status);
        key
    }

    fn update(&self, key: u64, change: impl FnOnce(&mut JobStatus)) {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(status) = jobs.get_mut(&key) {
            change(status);
        }
    }

    /// Waits until every job has ended; to be called after shutdown was asked for.
    pub async fn wait(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }
}

fn read_panic(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "it panicked".into())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_job_that_panics_is_started_again_and_says_so() {
        let shutdown = CancellationToken::new();
        let log = EventLog::silent();
        let supervisor = Supervisor::new(shutdown.clone(), log.clone());
        let tries = Arc::new(AtomicU32::new(0));
        let counted = tries.clone();
        supervisor.start("flaky", "fails twice", move |stop| {
            let counted = counted.clone();
            async move {
                assert!(counted.fetch_add(1, Ordering::SeqCst) >= 2, "not yet");
                stop.cancelled().await;
            }
        });
        while tries.load(Ordering::SeqCst) < 3 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let status = supervisor.list().remove(0);
        assert_eq!((status.running, status.restarts), (true, 2));
        let told = |log: &EventLog| log.take_out().lines.len();
        assert_eq!(told(&log), 1, "two failures in a row are one trouble");
        tokio::time::sleep(STEADY * 2).await;
        assert_eq!(told(&log), 1, "it works again");
        assert_eq!(status.failure.as_deref(), Some("not yet"));
        shutdown.cancel();
        supervisor.wait().await;
        assert!(supervisor.list().is_empty(), "what has ended is not listed");
    }
}
