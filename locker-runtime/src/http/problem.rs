//! Errors as problem details (RFC 9457) with the stable `code` and `key`.

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use locker_core::screen::Locale;
use locker_core::{Coded, text};
use serde::Serialize;

use crate::task::{AskError, Undone};

/// A problem to answer with. Says nothing personal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    code: u16,
    key: &'static str,
    detail: String,
    #[serde(skip)]
    retry_after_s: Option<u64>,
}

impl Problem {
    /// Something with a number and a key, said in `locale`.
    pub(super) fn coded(status: StatusCode, coded: &impl Coded, locale: Locale) -> Self {
        Self::new(status, coded.code(), coded.key(), text::error(locale, coded.key()))
    }

    /// A problem of the request itself: it has no number of its own.
    pub(super) fn plain(status: StatusCode, key: &'static str, detail: impl Into<String>) -> Self {
        Self::new(status, status.as_u16(), key, detail.into())
    }

    fn new(status: StatusCode, code: u16, key: &'static str, detail: String) -> Self {
        let title = status.canonical_reason().unwrap_or("Problem");
        Self { kind: "about:blank", title, status: status.as_u16(), code, key, detail, retry_after_s: None }
    }

    /// The same, to be tried again after so many milliseconds.
    pub(super) fn again_after(mut self, ms: u64) -> Self {
        self.retry_after_s = Some(ms.div_ceil(1_000));
        self
    }

    /// Why an ask was not answered: refused is a conflict, not recorded is a service that does not serve now.
    pub(super) fn asked<R: Coded>(error: &AskError<R>, locale: Locale) -> Self {
        match error {
            AskError::Refused(refusal) => Self::coded(StatusCode::CONFLICT, refusal, locale),
            AskError::Undone(undone) => Self::undone(*undone),
        }
    }

    /// Nothing was done, or nobody knows.
    pub(super) fn undone(undone: Undone) -> Self {
        Self::plain(StatusCode::SERVICE_UNAVAILABLE, "runtime.undone", undone.to_string())
    }

    /// No machine runs.
    pub(super) fn down() -> Self {
        Self::undone(Undone::Down)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let again = self.retry_after_s;
        let mut response = (status, kind, Json(self)).into_response();
        if let Some(seconds) = again {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// The language that the caller asks for, English if none of ours.
pub(super) fn locale_of(headers: &HeaderMap) -> Locale {
    let wanted =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = wanted.split([',', ';', '-']).next().unwrap_or_default().trim();
    Locale::ALL.into_iter().find(|locale| locale.tag() == first).unwrap_or_default()
}
