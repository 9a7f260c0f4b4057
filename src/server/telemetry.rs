//! The program's own log: to standard error, as text or JSON, at the level that `RUST_LOG` says. No
//! secret that we know or recognise gets into it.

use std::io::{self, IsTerminal, Write};

use tracing::Metadata;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use super::config::{self, LogFormat};
use super::panics;
use crate::secrets::scrub::{SHOWN_AS_IT_IS, scrub};

/// What is logged when `RUST_LOG` says nothing: our own doings, and the trouble of others.
const DEFAULT_FILTER: &str = "warn,docker_watcher=info";

/// Starts logging; to be called once, first.
pub fn start(format: LogFormat) {
    let said = config::log_level().and_then(|said| EnvFilter::try_new(said).ok());
    let filter = said.unwrap_or_else(|| EnvFilter::new(DEFAULT_FILTER));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(Outlets(io::stderr));
    match format {
        LogFormat::Text => subscriber.init(),
        LogFormat::Json => subscriber.json().init(),
    }
    panics::log_from_now_on();
}

/// Says on standard error what went wrong.
pub fn complain(message: &str) {
    // The person at the terminal reads this; whether it arrives is out of our hands.
    let _ = writeln!(io::stderr(), "docker-watcher: {}", scrub(message));
}

/// Opens the way out for one line of the log.
struct Outlets<F>(F);

impl<'a, W: Write, F: Fn() -> W> MakeWriter<'a> for Outlets<F> {
    type Writer = Outlet<W>;

    fn make_writer(&'a self) -> Outlet<W> {
        Outlet {
            out: (self.0)(),
            shows_all: false,
        }
    }

    fn make_writer_for(&'a self, line: &Metadata<'_>) -> Outlet<W> {
        Outlet {
            out: (self.0)(),
            shows_all: line.target() == SHOWN_AS_IT_IS,
        }
    }
}

/// The way out for one line, which comes whole.
struct Outlet<W> {
    out: W,
    shows_all: bool,
}

impl<W: Write> Write for Outlet<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.shows_all {
            self.out.write_all(line)?;
        } else {
            let text = String::from_utf8_lossy(line);
            self.out.write_all(scrub(&text).as_bytes())?;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing::subscriber::with_default;

    use super::*;
    use crate::secrets::scrub::know;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_lose_their_secrets_in_both_formats_and_the_setup_token_is_shown() {
        know(b"a \"known\" secret");
        let kept = Kept::default();
        let out = kept.clone();
        let text = tracing_subscriber::fmt().with_writer(Outlets(move || out.clone()));
        let out = kept.clone();
        let json = tracing_subscriber::fmt().json();
        let json = json.with_writer(Outlets(move || out.clone()));
        let speak = || {
            let url = "tcp://ann:hunter2@host:1";
            tracing::warn!(url, "a \"known\" secret was said");
            tracing::info!(target: SHOWN_AS_IT_IS, token = "dwsetup_AAAAAAAAAAAAAAAAAAAA", "use it");
        };
        with_default(text.finish(), speak);
        with_default(json.with_ansi(false).finish(), speak);
        let said = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        assert!(
            !said.contains("known") && !said.contains("hunter2"),
            "{said}"
        );
        assert_eq!(said.matches("ann:[hidden]@host").count(), 2, "{said}");
        assert_eq!(said.matches("dwsetup_AAAA").count(), 2, "{said}");
        for line in said.lines().filter(|line| line.starts_with('{')) {
            serde_json::from_str::<serde_json::Value>(line).unwrap();
        }
    }
}
