//! Is everything in order? One line for each part, and for each trouble how to mend it. Nothing is
//! changed.
//!
//! `folder` the data folder · `database` · `key` what the secrets are sealed with · `engine` does it
//! answer, and what does it let us do · `port` · `clock`

mod clock;
mod database;
mod engine;
mod folder;
mod key;
mod port;

use std::fmt;

use super::{CommandError, say};
use crate::server::clock::Clock;
use crate::server::config::Options;
use crate::server::data_dir::DataDir;

/// What was found out about one part.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    verdict: Verdict,
    name: &'static str,
    message: String,
    /// How to mend it, where there is something to mend.
    remedy: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Ok,
    Warn,
    Fail,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Ok => "ok",
            Verdict::Warn => "warn",
            Verdict::Fail => "fail",
        };
        write!(
            formatter,
            "{verdict:<4}  {:<11}  {}",
            self.name, self.message
        )?;
        self.remedy
            .iter()
            .try_for_each(|remedy| write!(formatter, "  → {remedy}"))
    }
}

/// Looks at every part, whatever the ones before it said.
pub async fn run(options: &Options) -> Result<(), CommandError> {
    let dir = DataDir::at(&options.data_dir);
    let mut findings = vec![
        folder::check_folder(dir.path()),
        database::check_database(&dir.database()).await,
        key::check_key(options.secret_key.as_ref(), &dir).await,
    ];
    findings.extend(engine::check_engine(&options.docker_host).await);
    findings.push(port::check_port(options, &dir).await);
    findings.push(clock::check_clock(Clock::system().now()));
    for finding in &findings {
        say(&finding.to_string())?;
    }
    if findings
        .iter()
        .any(|finding| finding.verdict == Verdict::Fail)
    {
        return Err(CommandError::Unwell);
    }
    Ok(())
}

fn ok(name: &'static str, message: impl Into<String>) -> Finding {
    Finding {
        verdict: Verdict::Ok,
        name,
        message: message.into(),
        remedy: None,
    }
}

fn trouble(
    verdict: Verdict,
    name: &'static str,
    message: impl Into<String>,
    remedy: impl Into<String>,
) -> Finding {
    Finding {
        verdict,
        name,
        message: message.into(),
        remedy: Some(remedy.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_to_mend_what_it_found() {
        let finding = trouble(Verdict::Warn, "clock", "late", "set it");
        assert_eq!(finding.to_string(), "warn  clock        late  → set it");
        assert_eq!(ok("port", "free").to_string(), "ok    port         free");
    }
}
