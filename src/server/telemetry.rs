//! The program's own log: to standard error, as text or JSON, at the level that `RUST_LOG` says.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use super::config::LogFormat;
use super::panics;

/// What is logged when `RUST_LOG` says nothing: our own doings, and the trouble of others.
const DEFAULT_FILTER: &str = "warn,docker_watcher=info";

/// Starts logging; to be called once, first.
pub fn start(format: LogFormat) {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => subscriber.init(),
        LogFormat::Json => subscriber.json().init(),
    }
    panics::log_from_now_on();
}
