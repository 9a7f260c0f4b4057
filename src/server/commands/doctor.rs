//! Is everything in order? One line for each part, and for each trouble how to mend it. Nothing is
//! changed.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::{CommandError, say};
use crate::docker::connect::Client;
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
    let findings = [
        check_folder(dir.path()),
        check_database(&dir.database()).await,
        check_engine(&options.docker_host).await,
        check_port(options.listen.unwrap_or(Options::LISTEN)).await,
        check_clock(Clock::system().now()),
    ];
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

fn check_folder(path: &Path) -> Finding {
    const NAME: &str = "data folder";
    let shown = path.display();
    let metadata = match path.metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return ok(
                NAME,
                format!("{shown} is not there yet; the first start makes it"),
            );
        }
        Err(error) => {
            let remedy = "run this as the user that serves, or name another --data-dir";
            return trouble(Verdict::Fail, NAME, format!("{shown}: {error}"), remedy);
        }
    };
    if !metadata.is_dir() {
        let remedy = "name another --data-dir";
        return trouble(Verdict::Fail, NAME, format!("{shown} is no folder"), remedy);
    }
    // Trying is the only answer that knows about owners, groups, root and read-only disks.
    if let Err(error) = try_a_file(path) {
        let remedy = format!("let the user that serves own it: chown -R USER {shown}");
        return trouble(
            Verdict::Fail,
            NAME,
            format!("{shown} takes no files: {error}"),
            remedy,
        );
    }
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let message = format!("{shown} is open to others (mode {mode:04o})");
        return trouble(Verdict::Warn, NAME, message, format!("chmod 700 {shown}"));
    }
    ok(NAME, format!("{shown} takes files and is closed to others"))
}

fn try_a_file(path: &Path) -> io::Result<()> {
    let probe = path.join(format!(".doctor-{}", std::process::id()));
    std::fs::File::create_new(&probe)?;
    std::fs::remove_file(&probe)
}

async fn check_database(file: &Path) -> Finding {
    const NAME: &str = "database";
    let shown = file.display();
    if matches!(file.try_exists(), Ok(false)) {
        return ok(
            NAME,
            format!("{shown} is not there yet; the first start makes it"),
        );
    }
    let remedy = "stop the server and put a backup in its place; `sqlite3 FILE .recover` saves what can be saved";
    match quick_check(file).await {
        Ok(answer) if answer == "ok" => ok(NAME, format!("{shown} is sound")),
        Ok(answer) => trouble(
            Verdict::Fail,
            NAME,
            format!("{shown} is damaged: {answer}"),
            remedy,
        ),
        Err(error) => trouble(
            Verdict::Fail,
            NAME,
            format!("{shown} cannot be read: {error}"),
            remedy,
        ),
    }
}

async fn quick_check(file: &Path) -> Result<String, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .busy_timeout(Duration::from_secs(5))
        .read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let answer = sqlx::query_scalar("pragma quick_check(1)")
        .fetch_one(&mut connection)
        .await?;
    connection.close().await?;
    Ok(answer)
}

async fn check_engine(url: &str) -> Finding {
    const NAME: &str = "engine";
    match Client::connect(url).await {
        Ok(client) => ok(NAME, format!("{url} answers, API {}", client.api_version())),
        Err(error) => trouble(
            Verdict::Fail,
            NAME,
            format!("{url}: {error}"),
            "start Docker, name it with --docker-host, and let this user use its socket (group docker)",
        ),
    }
}

async fn check_port(address: SocketAddr) -> Finding {
    const NAME: &str = "port";
    let error = match TcpListener::bind(address).await {
        Ok(_) => return ok(NAME, format!("{address} is free")),
        Err(error) => error,
    };
    if error.kind() != io::ErrorKind::AddrInUse {
        let remedy = "name an address of this machine and a port that this user may take: --listen";
        return trouble(Verdict::Fail, NAME, format!("{address}: {error}"), remedy);
    }
    if timeout(Duration::from_secs(2), answers_as_we_do(address))
        .await
        .is_ok_and(|ours| ours)
    {
        return ok(NAME, format!("Docker Watcher answers at {address}"));
    }
    let remedy = "stop the program that has it, or take another: --listen";
    trouble(
        Verdict::Fail,
        NAME,
        format!("{address} is taken by another program"),
        remedy,
    )
}

/// Whether the health of what listens there reads as ours does.
async fn answers_as_we_do(address: SocketAddr) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        let request =
            format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.take(4096).read_to_string(&mut answer).await?;
        io::Result::Ok(answer)
    };
    ask.await.is_ok_and(|answer| {
        answer.starts_with("HTTP/1.1 200") && answer.trim_end().ends_with("\r\n\r\nok")
    })
}

fn check_clock(now: DateTime<Utc>) -> Finding {
    const NAME: &str = "clock";
    /// 2026-01-01T00:00:00Z: nothing of this was written before.
    const EARLIEST: i64 = 1_767_225_600;
    let shown = now.format("%Y-%m-%d %H:%M:%S UTC");
    if now.timestamp() < EARLIEST {
        let remedy = "set the clock, and let a time service keep it: timedatectl set-ntp true";
        return trouble(
            Verdict::Fail,
            NAME,
            format!("it says {shown}, long ago"),
            remedy,
        );
    }
    ok(NAME, format!("it says {shown}"))
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

    use super::*;
    use crate::server::db::Db;

    #[test]
    fn a_line_says_how_to_mend_what_it_found() {
        let finding = trouble(Verdict::Warn, "clock", "late", "set it");
        assert_eq!(finding.to_string(), "warn  clock        late  → set it");
        assert_eq!(ok("port", "free").to_string(), "ok    port         free");
    }

    #[test]
    fn a_folder_is_closed_to_others_or_worth_a_warning() {
        let dir = tempfile::tempdir().unwrap();
        for (mode, verdict) in [(0o700, Verdict::Ok), (0o755, Verdict::Warn)] {
            fs::set_permissions(dir.path(), Permissions::from_mode(mode)).unwrap();
            assert_eq!(check_folder(dir.path()).verdict, verdict, "{mode:o}");
        }
        assert_eq!(
            fs::read_dir(dir.path()).unwrap().count(),
            0,
            "nothing stays behind"
        );
        assert_eq!(check_folder(&dir.path().join("none")).verdict, Verdict::Ok);
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        assert_eq!(check_folder(&file).verdict, Verdict::Fail);
    }

    #[tokio::test]
    async fn a_damaged_database_is_told_from_a_sound_one() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("test.db");
        assert_eq!(check_database(&file).await.verdict, Verdict::Ok);
        assert!(!file.exists());
        Db::open(&file).await.unwrap().close().await;
        assert_eq!(check_database(&file).await.verdict, Verdict::Ok);

        let mut bytes = fs::read(&file).unwrap();
        bytes[4096..].fill(0x5a);
        fs::write(&file, bytes).unwrap();
        assert_eq!(check_database(&file).await.verdict, Verdict::Fail);
        fs::write(&file, "no database at all, not even nearly\n".repeat(40)).unwrap();
        assert_eq!(check_database(&file).await.verdict, Verdict::Fail);
    }

    #[tokio::test]
    async fn an_engine_that_is_not_there_fails_with_a_remedy() {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("unix://{}", dir.path().join("none.sock").display());
        let finding = check_engine(&url).await;
        assert_eq!(finding.verdict, Verdict::Fail);
        assert!(finding.remedy.is_some());
    }

    #[tokio::test]
    async fn a_port_is_free_ours_or_taken() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answer = |body: &'static str| {
            let listener = &listener;
            async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                let length = body.len();
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
                let mut request = [0; 1024];
                assert!(stream.read(&mut request).await.unwrap() > 0);
                stream.write_all((head + body).as_bytes()).await.unwrap();
            }
        };
        let (finding, ()) = tokio::join!(check_port(address), answer("ok"));
        assert_eq!(finding.verdict, Verdict::Ok, "{finding}");
        let (finding, ()) = tokio::join!(check_port(address), answer("Hello"));
        assert_eq!(finding.verdict, Verdict::Fail, "{finding}");
        drop(listener);
        assert_eq!(check_port(address).await.verdict, Verdict::Ok);
        let elsewhere = "192.0.2.1:1".parse().unwrap();
        assert_eq!(check_port(elsewhere).await.verdict, Verdict::Fail);
    }

    #[test]
    fn a_clock_that_lost_its_battery_is_found_out() {
        assert_eq!(check_clock(DateTime::UNIX_EPOCH).verdict, Verdict::Fail);
        let sane = DateTime::parse_from_rfc3339("2026-01-01T00:00:00Z").unwrap();
        assert_eq!(check_clock(sane.into()).verdict, Verdict::Ok);
    }
}
