//! A client that changes nothing of what it is told to send: the usual ones tidy a path up first.

use std::net::Ipv4Addr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub body: String,
    /// Null where the body is not JSON.
    pub json: Value,
}

/// One request.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// `http://host:port`.
    pub address: &'a str,
    /// The sender's own address.
    pub from: Ipv4Addr,
    pub method: &'a str,
    /// What stands in the first line, as it is.
    pub target: &'a str,
    /// Lines, each with its end.
    pub headers: &'a str,
    pub body: &'a str,
}

/// Sends it on a connection of its own; `Err` says how the answer failed to come.
pub async fn send(request: Request<'_>) -> Result<Reply, String> {
    let Request {
        address,
        from,
        method,
        target,
        headers,
        body,
    } = request;
    let length = body.len();
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: watch.example\r\nConnection: close\r\n{headers}\
         Content-Length: {length}\r\n\r\n{body}"
    );
    let host = address.trim_start_matches("http://").parse();
    let host = host.map_err(|_| format!("{address} is no address"))?;
    let exchange = async {
        let socket = TcpSocket::new_v4()?;
        socket.bind((from, 0).into())?;
        let mut stream = socket.connect(host).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut bytes = Vec::new();
        // One that is refused early may find the connection reset behind the answer.
        let ended = stream.read_to_end(&mut bytes).await;
        if bytes.is_empty() {
            ended?;
        }
        Ok::<_, std::io::Error>(bytes)
    };
    let bytes = tokio::time::timeout(Duration::from_secs(20), exchange).await;
    let bytes = bytes.map_err(|_| "no end of an answer within 20 s".to_owned())?;
    let bytes = bytes.map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&*text, ""));
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
    Ok(Reply {
        status: status.ok_or_else(|| format!("no status: {head}"))?,
        body: body.to_owned(),
        json: serde_json::from_str(body).unwrap_or_default(),
    })
}

/// Every byte that is no letter or digit, dots included, as `%XX`.
pub fn percent(text: &str) -> String {
    let each = text.bytes().map(|byte| {
        if byte.is_ascii_alphanumeric() {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    each.collect()
}
