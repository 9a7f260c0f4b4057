//! Is the port free, or ours already?

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::{Finding, Verdict, ok, trouble};

pub async fn check_port(address: SocketAddr) -> Finding {
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
