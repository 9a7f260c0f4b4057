//! Waiting for what has to come true, and never for time to pass.

use std::time::{Duration, Instant};

/// Long enough for a busy machine, short enough for a person who waits for a red test.
pub const SOON: Duration = Duration::from_secs(20);

/// Asks ten times a second until the answer is `Ok`; the last `Err` says what there was instead.
pub async fn wait_for<T, F: Future<Output = Result<T, String>>>(
    what: &str,
    limit: Duration,
    mut ask: impl FnMut() -> F,
) -> T {
    let start = Instant::now();
    loop {
        match ask().await {
            Ok(found) => return found,
            Err(instead) if start.elapsed() > limit => {
                panic!("waited {limit:?} for {what}; instead there is: {instead}")
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}
