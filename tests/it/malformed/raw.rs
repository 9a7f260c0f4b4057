//! A client that changes nothing of what it is told to send: the usual ones tidy a path up first.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub body: String,
    /// Null where the body is not JSON.
    pub json: Value,
}

/// What a request carries.
pub enum Carried<'a> {
    Nothing,
    Json(&'a str),
    Form(&'a str),
}

/// Sends one request on a connection of its own; `Err` says how the answer failed to come.
pub async fn send(
    address: &str,
    token: &str,
    (method, target): (&str, &str),
    carried: Carried<'_>,
) -> Result<Reply, String> {
    let (media_type, body) = match carried {
        Carried::Nothing => ("", ""),
        Carried::Json(body) => ("Content-Type: application/json\r\n", body),
        Carried::Form(body) => ("Content-Type: application/x-www-form-urlencoded\r\n", body),
    };
    let length = body.len();
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: watch.example\r\nAuthorization: Bearer {token}\r\n\
         Connection: close\r\n{media_type}Content-Length: {length}\r\n\r\n{body}"
    );
    let host = address.trim_start_matches("http://");
    let exchange = async {
        let mut stream = TcpStream::connect(host).await?;
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
