//! The numeric keypad and what its user hears (KIOSK UX-6, UX-7).

use std::sync::PoisonError;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use locker_core::screen::{Key, Surface};
use locker_core::{Generation, Refusal, text};
use serde::{Deserialize, Serialize};

use super::Api;
use super::problem::Problem;
use super::screens::Shown;
use crate::task::AskError;

/// A key as a frontend sends it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Struck {
    generation: Generation,
    touch_id: u64,
    key: String,
    /// Whether a headset is plugged in now.
    #[serde(default)]
    headset: bool,
}

/// What is to be said of the bottom screen.
#[derive(Serialize)]
pub(super) struct Heard {
    /// The step; when another one is heard, all of it is said anew.
    step: String,
    /// The language in which it is to be said.
    locale: &'static str,
    /// In order.
    say: Vec<String>,
}

fn key_of(name: &str) -> Option<Key> {
    match name {
        "confirm" => Some(Key::Confirm),
        "abort" => Some(Key::Abort),
        "help" => Some(Key::Help),
        "repeat" => Some(Key::Repeat),
        digit => match digit.as_bytes() {
            [digit @ b'0'..=b'9'] => Some(Key::Digit(digit - b'0')),
            _ => None,
        },
    }
}

pub(super) async fn strike(
    State(api): State<Api>,
    body: Result<Json<Struck>, JsonRejection>,
) -> Result<Json<Shown>, Problem> {
    let why = "a key has a generation, a touch_id and a key: 0 to 9, confirm, abort, help or repeat";
    let not_a_key = || Problem::plain(StatusCode::BAD_REQUEST, "http.not_a_key", why);
    let Json(struck) = body.map_err(|_| not_a_key())?;
    let key = key_of(&struck.key).ok_or_else(not_a_key)?;
    let locker = api.0.locker.as_ref().ok_or_else(Problem::down)?;
    let shown = api.screen(Surface::Bottom);
    if shown.screen.generation != struck.generation {
        let error = AskError::Refused(Refusal::OldScreen);
        return Err(Problem::asked(&error, shown.screen.locale));
    }
    let action = {
        let mut keys = api.0.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.headset(struck.headset);
        keys.press(&shown.screen, key, api.0.clock.now().mono)
    };
    if let Some(action) = action {
        let touched = locker.touch(struck.generation, struck.touch_id, action).await;
        touched.map_err(|error| Problem::asked(&error, shown.screen.locale))?;
    }
    Ok(Json(api.screen(Surface::Bottom)))
}

pub(super) async fn heard(State(api): State<Api>) -> Json<Heard> {
    let screen = api.screen(Surface::Bottom).screen;
    let cues = api.0.keys.lock().unwrap_or_else(PoisonError::into_inner).say(&screen);
    let overlay = screen.overlay.as_ref().map_or("", |overlay| overlay.id);
    Json(Heard {
        step: format!("{}/{overlay}", screen.id),
        locale: screen.locale.tag(),
        say: text::cues(screen.locale, &cues),
    })
}
