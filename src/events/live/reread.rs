//! Reading again what is shown, soon and not too often, however many messages ask for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

/// A burst of changes, such as an app that starts, becomes one read.
const PATIENCE: Duration = Duration::from_millis(400);

const IDLE: u8 = 0;
const WAITING: u8 = 1;
const READING: u8 = 2;
/// Asked while reading: what is being read may already be old.
const READING_AND_ASKED: u8 = 3;

/// Makes a request to read again out of `read`, which reads and takes in what it read. However often it
/// is asked, there is one read at a time, and one after the last request.
pub fn reread<F>(read: impl Fn() -> F + Send + Sync + 'static) -> Callback<()>
where
    F: Future<Output = ()> + 'static,
{
    let state = Arc::new(AtomicU8::new(IDLE));
    let read = Arc::new(read);
    Callback::new(move |()| {
        let next = match state.load(Ordering::Relaxed) {
            IDLE => WAITING,
            READING => READING_AND_ASKED,
            waiting => waiting,
        };
        if state.swap(next, Ordering::Relaxed) == IDLE {
            wait(state.clone(), read.clone());
        }
    })
}

fn wait<F>(state: Arc<AtomicU8>, read: Arc<impl Fn() -> F + 'static>)
where
    F: Future<Output = ()> + 'static,
{
    set_timeout(
        move || {
            spawn_local(async move {
                state.store(READING, Ordering::Relaxed);
                read().await;
                if state.swap(IDLE, Ordering::Relaxed) == READING_AND_ASKED {
                    state.store(WAITING, Ordering::Relaxed);
                    wait(state, read);
                }
            });
        },
        PATIENCE,
    );
}
