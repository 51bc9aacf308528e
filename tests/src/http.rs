//! The smallest HTTP client that serves: one request a connection, so that no request outlives a kill unnoticed.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// How long an answer may take: a log-in hashes, a busy machine has two cores.
const ANSWER: Duration = Duration::from_secs(20);

/// Nobody answered: the process is gone, or never was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The tablet's cookie, if one was set.
    pub cookie: Option<String>,
    /// The body; null if it is no JSON.
    pub body: Value,
}

impl Reply {
    /// Whether it was done.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.status == 200
    }
}

/// Sends a request and reads the whole answer.
///
/// # Errors
/// [`Gone`], also when the answer was cut off.
pub fn request(
    to: SocketAddr,
    method: &str,
    path: &str,
    cookie: Option<&str>,
    body: Option<&Value>,
) -> Result<Reply, Gone> {
    let mut stream = TcpStream::connect_timeout(&to, ANSWER).map_err(|_| Gone)?;
    stream.set_read_timeout(Some(ANSWER)).and_then(|()| stream.set_nodelay(true)).map_err(|_| Gone)?;
    let cookie = cookie.map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
    let text = body.map(Value::to_string).unwrap_or_default();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\nX-Requested-With: locker\r\n{cookie}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{text}",
        text.len()
    );
    stream.write_all(head.as_bytes()).map_err(|_| Gone)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).map_err(|_| Gone)?;
    parse(&answer).ok_or(Gone)
}

fn parse(answer: &[u8]) -> Option<Reply> {
    let split = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..split]).ok()?;
    let body = &answer[split + 4..];
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };
    // Half an answer acknowledges nothing.
    if header("content-length").is_some_and(|length| length.parse() != Ok(body.len())) {
        return None;
    }
    let cookie = header("set-cookie").and_then(|cookie| cookie.split(';').next());
    Some(Reply {
        status: head.split(' ').nth(1)?.parse().ok()?,
        cookie: cookie.map(String::from),
        body: serde_json::from_slice(body).unwrap_or(Value::Null),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_an_answer_is_none() {
        let whole = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nSet-Cookie: tablet=1; Path=/\r\n\r\ntrue";
        let reply = parse(whole).unwrap();
        assert_eq!(
            (reply.status, reply.cookie.as_deref(), reply.body),
            (200, Some("tablet=1"), Value::Bool(true))
        );
        for cut in 0..whole.len() {
            assert!(parse(&whole[..cut]).is_none(), "cut at {cut}");
        }
    }
}
