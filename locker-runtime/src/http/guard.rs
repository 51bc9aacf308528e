//! Who may call: the kiosk's own pages from this machine only, everything else from its own origin only.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;

/// The header that a page of ours sends with whatever changes something; a foreign page cannot without being asked
/// first by the browser.
const OURS: &str = "x-requested-with";

/// The name or address part of a `Host` value.
fn host_name(host: &str) -> &str {
    match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Whether the request comes from a page of the same host, or from no page at all.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = text(headers, header::ORIGIN) else { return true };
    let host = text(headers, header::HOST).unwrap_or_default();
    origin.split_once("://").is_some_and(|(_, authority)| authority == host)
}

/// Only this machine by a name of its own: a page elsewhere that points its name here is not let in.
pub(super) async fn local_only(request: Request, next: Next) -> Response {
    let host = host_name(text(request.headers(), header::HOST).unwrap_or_default());
    if !matches!(host, "localhost" | "127.0.0.1" | "::1") || !is_same_origin(request.headers()) {
        let why = "this is served to pages of this machine only";
        return Problem::plain(StatusCode::FORBIDDEN, "http.foreign", why).into_response();
    }
    next.run(request).await
}

/// Only pages of this origin may change something.
pub(super) async fn same_origin(request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let headers = request.headers();
    if !is_same_origin(headers) || (changes && !headers.contains_key(OURS)) {
        let why = "changes come from pages of this address, with the header X-Requested-With";
        return Problem::plain(StatusCode::FORBIDDEN, "http.foreign", why).into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_read_without_its_port() {
        assert_eq!(host_name("localhost:8080"), "localhost");
        assert_eq!(host_name("127.0.0.1"), "127.0.0.1");
        assert_eq!(host_name("[::1]:8080"), "::1");
        assert_eq!(host_name("evil.example:8080"), "evil.example");
    }
}
