//! Screens and touches: all that a frontend needs.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::sse::Event;
use axum::response::{IntoResponse, Response};
use locker_core::screen::{Action, Locale, Screen, Surface, Widget};
use locker_core::{Generation, picture, text};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::problem::Problem;
use super::{Api, stream};

/// Which screen.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Which {
    #[serde(default = "bottom")]
    surface: Surface,
}

fn bottom() -> Surface {
    Surface::Bottom
}

/// A touch as a frontend sends it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TouchBody {
    generation: Generation,
    touch_id: u64,
    action: Action,
}

/// A screen as it goes out. Answers and events may cross on the way: of one boot, the higher version is the newer.
#[derive(Serialize)]
pub(super) struct Shown {
    version: u64,
    #[serde(flatten)]
    pub(super) screen: Screen,
}

impl Api {
    /// What a screen shows now, its texts filled in.
    pub(super) fn screen(&self, surface: Surface) -> Shown {
        let view = self.0.locker.as_ref().map(|locker| locker.view().borrow().clone());
        let version = view.as_ref().map_or(0, |view| view.version);
        let mut screen = match view.and_then(|view| view.shown) {
            Some(locker) => locker.screen(surface, &self.0.clock.now()),
            None => Screen::out_of_service(surface, Locale::default()),
        };
        text::fill(&mut screen);
        Shown { version, screen }
    }
}

fn which(query: Result<Query<Which>, QueryRejection>) -> Result<Surface, Problem> {
    let why = "the surface is bottom or top";
    query
        .map(|Query(which)| which.surface)
        .map_err(|_| Problem::plain(StatusCode::BAD_REQUEST, "http.query", why))
}

pub(super) async fn screen(
    State(api): State<Api>,
    query: Result<Query<Which>, QueryRejection>,
) -> Result<Json<Shown>, Problem> {
    Ok(Json(api.screen(which(query)?)))
}

/// The screen as JSON, and the same without what counts by itself: that alone is no news.
fn news(shown: &mut Shown) -> (String, String) {
    let whole = serde_json::to_string(shown).unwrap_or_default();
    if let Some(remaining) = &mut shown.screen.remaining {
        remaining.left_ms = 0;
    }
    (whole, serde_json::to_string(&shown.screen).unwrap_or_default())
}

pub(super) async fn events(
    State(api): State<Api>,
    query: Result<Query<Which>, QueryRejection>,
) -> Result<Response, Problem> {
    let surface = which(query)?;
    let mut last = String::new();
    let mut count = 0_u64;
    let reader = api.clone();
    let look = move || {
        let (whole, steady) = news(&mut reader.screen(surface));
        if steady == last {
            return Vec::new();
        }
        last = steady;
        count += 1;
        vec![Event::default().event("screen").id(count.to_string()).data(whole)]
    };
    let stopping = api.0.stopping.clone();
    Ok(match &api.0.locker {
        Some(locker) => stream::events(stopping, locker.view(), look).into_response(),
        None => stream::events(stopping, watch::channel(()).1, look).into_response(),
    })
}

pub(super) async fn touch(
    State(api): State<Api>,
    body: Result<Json<TouchBody>, axum::extract::rejection::JsonRejection>,
) -> Result<Json<Shown>, Problem> {
    let Json(body) = body.map_err(|_| {
        let why = "a touch has a generation, a touch_id and an action";
        Problem::plain(StatusCode::BAD_REQUEST, "http.not_a_touch", why)
    })?;
    let locker = api.0.locker.as_ref().ok_or_else(Problem::down)?;
    let TouchBody { generation, touch_id, action } = body;
    match locker.touch(generation, touch_id, action).await {
        Ok(()) => Ok(Json(api.screen(Surface::Bottom))),
        Err(error) => {
            let locale = api.screen(Surface::Bottom).screen.locale;
            Err(Problem::asked(&error, locale))
        }
    }
}

/// The QR on the bottom screen as a picture.
pub(super) async fn qr(State(api): State<Api>) -> Response {
    let screen = api.screen(Surface::Bottom).screen;
    let payload = screen.widgets.iter().find_map(|widget| match widget {
        Widget::Qr { payload, .. } => Some(payload.clone()),
        _ => None,
    });
    match payload.and_then(|payload| picture::qr_svg(&payload)) {
        Some(svg) => {
            let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "no-store")];
            (headers, svg).into_response()
        }
        None => Problem::plain(StatusCode::NOT_FOUND, "http.no_qr", "no QR code is shown").into_response(),
    }
}
