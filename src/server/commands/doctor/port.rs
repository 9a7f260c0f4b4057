//! Is the port free, ours already, or that of another?

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::{Finding, Verdict, ok, trouble};
use crate::server::config::Options;
use crate::server::data_dir::DataDir;
use crate::server::site;

const NAME: &str = "port";

/// Looks at the address that a start with the same options would take.
pub async fn check_port(options: &Options, dir: &DataDir) -> Finding {
    match site::read_options() {
        Ok(leptos) => check_address(site::address(options, &leptos), dir).await,
        Err(error) => {
            let remedy = "mend it, or the variable that overrules it, such as LEPTOS_SITE_ADDR; without the file a built-in one counts";
            trouble(Verdict::Fail, NAME, error.to_string(), remedy)
        }
    }
}

async fn check_address(address: SocketAddr, dir: &DataDir) -> Finding {
    let error = match TcpListener::bind(address).await {
        Ok(_) => return free(address, dir),
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
        return answering(address, dir);
    }
    let remedy = "stop the program that has it, or take another: --listen";
    trouble(
        Verdict::Fail,
        NAME,
        format!("{address} is taken by another program"),
        remedy,
    )
}

fn free(address: SocketAddr, dir: &DataDir) -> Finding {
    // A folder that nobody may look into has a finding of its own.
    if !dir.is_locked().unwrap_or(false) {
        return ok(NAME, format!("{address} is free"));
    }
    let folder = dir.path().display();
    let message = format!("{address} is free, but a Docker Watcher runs on {folder} already");
    let remedy = "to check that one, name the address that it was started with: --listen";
    trouble(Verdict::Warn, NAME, message, remedy)
}

/// One of us answers.
///
/// Whoever serves from a data folder has it locked, before it answers and for as long as it runs, so where ours is
/// not locked it is that of another installation.
fn answering(address: SocketAddr, dir: &DataDir) -> Finding {
    let folder = dir.path().display();
    let answers = format!("Docker Watcher answers at {address}");
    match dir.is_locked() {
        Ok(true) => ok(NAME, format!("{answers}, and one runs on {folder}")),
        Ok(false) => trouble(
            Verdict::Fail,
            NAME,
            format!("{answers}, but with another data folder than {folder}"),
            "to check that one, name its folder: --data-dir; to start one beside it, take another port: --listen",
        ),
        Err(error) => trouble(
            Verdict::Warn,
            NAME,
            format!("{answers}; whether it is the one of {folder} cannot be seen: {error}"),
            "run this as the user that serves",
        ),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_is_free_ours_that_of_another_of_us_or_taken() {
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::at(folder.path());
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
        let (finding, ()) = tokio::join!(check_address(address, &dir), answer("ok"));
        assert_eq!(finding.verdict, Verdict::Fail, "{finding}");
        assert!(finding.message.contains("another data folder"), "{finding}");
        let serving = dir.lock().unwrap();
        let (finding, ()) = tokio::join!(check_address(address, &dir), answer("ok"));
        assert_eq!(finding.verdict, Verdict::Ok, "{finding}");
        let (finding, ()) = tokio::join!(check_address(address, &dir), answer("Hello"));
        assert_eq!(finding.verdict, Verdict::Fail, "{finding}");
        assert!(finding.message.contains("another program"), "{finding}");
        drop(listener);
        let finding = check_address(address, &dir).await;
        assert_eq!(finding.verdict, Verdict::Warn, "{finding}");
        drop(serving);
        assert_eq!(check_address(address, &dir).await.verdict, Verdict::Ok);
        let elsewhere = "192.0.2.1:1".parse().unwrap();
        let finding = check_address(elsewhere, &dir).await;
        assert_eq!(finding.verdict, Verdict::Fail, "{finding}");
    }
}
