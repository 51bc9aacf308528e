//! The web API under `/api/v1`: the kiosk's screens and touches, the simulated cabinet, the mailbox, staff.
//!
//! Two routers: [`local`] for what belongs to the kiosk itself (screens, cabinet, mailbox), to be served on a loopback
//! address only, and [`office`] for tablets and the office.

mod cabinet;
mod decode;
mod guard;
mod json;
mod keys;
mod mailbox;
mod openapi;
mod problem;
mod screens;
mod staff;
mod stream;
mod tries;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, post, put};
use locker_core::RestoreError;
use locker_core::screen::Keys;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::site::{CabinetHands, LockerHandle, Mailbox, OfficeHandle, Site, Wire};
use crate::vault::Accounts;

pub use openapi::ROUTES;

/// The most bytes of a request's body; a camera frame may have [`FRAME_BYTES_MAX`].
pub const BODY_BYTES_MAX: usize = 16 * 1024;
/// The most bytes of a camera frame.
pub const FRAME_BYTES_MAX: usize = 1024 * 1024;

/// What the handlers need of a site.
#[derive(Clone)]
pub struct Api(Arc<Parts>);

struct Parts {
    locker: Option<LockerHandle>,
    office: Option<OfficeHandle>,
    damage: Option<RestoreError>,
    hands: Option<CabinetHands>,
    wire: Wire,
    mailbox: Mailbox,
    accounts: Accounts,
    clock: Arc<dyn Clock>,
    zone: jiff::tz::TimeZone,
    stopping: watch::Receiver<bool>,
    /// Where somebody is with the kiosk's one keypad.
    keys: Mutex<Keys>,
    /// Wrong passwords.
    tries: tries::Tries,
}

impl Api {
    /// The API of a running site; streams end when `stopping` turns true.
    #[must_use]
    pub fn of(site: &Site, stopping: watch::Receiver<bool>) -> Self {
        Self(Arc::new(Parts {
            locker: site.locker.clone(),
            office: site.office.clone(),
            damage: site.damage,
            hands: site.hands.clone(),
            wire: site.wire.clone(),
            mailbox: site.mailbox.clone(),
            accounts: site.accounts.clone(),
            clock: Arc::clone(&site.clock),
            zone: site.zone.clone(),
            stopping,
            keys: Mutex::default(),
            tries: tries::Tries::default(),
        }))
    }
}

/// What belongs to the kiosk itself: serve it on a loopback address only.
pub fn local(api: Api) -> Router {
    let mut router = Router::new()
        .route("/api/v1/screen", get(screens::screen))
        .route("/api/v1/events", get(screens::events))
        .route("/api/v1/touch", post(screens::touch))
        .route("/api/v1/keys", post(keys::strike))
        .route("/api/v1/heard", get(keys::heard))
        .route("/api/v1/qr.svg", get(screens::qr))
        .route("/api/v1/mailbox", get(mailbox::letters))
        .route("/api/v1/mailbox/events", get(mailbox::events));
    if api.0.hands.is_some() {
        router = router
            .route("/api/v1/cabinet", get(cabinet::state))
            .route("/api/v1/cabinet/events", get(cabinet::events))
            .route("/api/v1/cabinet/act", post(cabinet::act));
    }
    router
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(axum::middleware::from_fn(guard::local_only))
        .with_state(api)
}

/// What tablets and the office use, and what says how the site is.
pub fn office(api: Api) -> Router {
    let frames = Router::new()
        .route("/api/v1/decode", post(decode::frame))
        .layer(DefaultBodyLimit::max(FRAME_BYTES_MAX));
    Router::new()
        .route("/healthz", get(openapi::health))
        .route("/api/openapi.json", get(openapi::document))
        .route("/api/v1/login", post(staff::log_in::log_in))
        .route("/api/v1/logout", post(staff::log_out))
        .route("/api/v1/me", get(staff::me))
        .route("/api/v1/visits", get(staff::visits))
        .route("/api/v1/visits/{visit}", get(staff::visit))
        .route("/api/v1/visits/{visit}/send-again", post(staff::send_again))
        .route("/api/v1/visits/{visit}/erase", post(staff::erase_visit))
        .route("/api/v1/users/{user}/erase", post(staff::erase_user))
        .route("/api/v1/tickets", post(staff::request_ticket))
        .route("/api/v1/tickets/current", delete(staff::drop_ticket))
        .route("/api/v1/scan", post(staff::scan))
        .route("/api/v1/help", get(staff::help))
        .route("/api/v1/help/{help}/handle", post(staff::handle_help))
        .route("/api/v1/help/{help}/disregard", post(staff::disregard_help))
        .route("/api/v1/notices", get(staff::notices))
        .route("/api/v1/log", get(staff::log::rows))
        .route("/api/v1/users", get(staff::log::users))
        .route("/api/v1/lockers", get(staff::lockers))
        .route("/api/v1/lockers/{locker}/settings", put(staff::change_settings))
        .route("/api/v1/lockers/{locker}/lift", post(staff::lift_lock))
        .route("/api/v1/lockers/{locker}/confirm-clock", post(staff::confirm_clock))
        .route(
            "/api/v1/lockers/{locker}/maintenance",
            post(staff::begin_maintenance).delete(staff::end_maintenance),
        )
        .route("/api/v1/lockers/{locker}/temporary-pin", post(staff::keyless::temporary_pin))
        .route("/api/v1/lockers/{locker}/authenticator", post(staff::keyless::enrol))
        .route("/api/v1/lockers/{locker}/authenticator/{user}", delete(staff::keyless::revoke))
        .route("/api/v1/security-code", put(staff::set_security_code))
        .route("/api/v1/office/events", get(staff::events))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .merge(frames)
        .layer(axum::middleware::from_fn(guard::same_origin))
        .with_state(api)
}
