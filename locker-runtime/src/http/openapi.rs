//! What the API offers, in one table: the OpenAPI document is written from it, and a test holds it against the routers.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::Api;

/// Who may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Pages of the kiosk's own machine.
    Kiosk,
    /// Logged-in staff, by the cookie of their tablet.
    Staff,
    /// Anybody.
    Anybody,
}

/// One operation.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The method, in lower case.
    pub method: &'static str,
    /// The path, parameters in braces.
    pub path: &'static str,
    /// What it does.
    pub summary: &'static str,
    /// Who may call.
    pub whose: Whose,
    /// An example of the body, empty if there is none.
    pub body: &'static str,
}

const fn get(path: &'static str, whose: Whose, summary: &'static str) -> Route {
    Route { method: "get", path, summary, whose, body: "" }
}

const fn post(path: &'static str, whose: Whose, summary: &'static str, body: &'static str) -> Route {
    Route { method: "post", path, summary, whose, body }
}

const fn put(path: &'static str, whose: Whose, summary: &'static str, body: &'static str) -> Route {
    Route { method: "put", path, summary, whose, body }
}

/// Every operation.
pub const ROUTES: &[Route] = &[
    get("/healthz", Whose::Anybody, "Whether the machines run and records can be kept."),
    get("/api/openapi.json", Whose::Anybody, "This document."),
    get("/api/v1/screen", Whose::Kiosk, "What a screen shows now; query surface=bottom or top."),
    get(
        "/api/v1/events",
        Whose::Kiosk,
        "Server-sent events: the screen now and at every change; query surface.",
    ),
    post(
        "/api/v1/touch",
        Whose::Kiosk,
        "A touch on the bottom screen; answers with the new screen. A touch_id seen before changes nothing.",
        r#"{"generation":"1.7","touch_id":42,"action":{"do":"press","button":"go"}}"#,
    ),
    post(
        "/api/v1/keys",
        Whose::Kiosk,
        "A key of the numeric keypad (0 to 9, confirm, abort, help, repeat); answers with the screen.",
        r#"{"generation":"1.7","touch_id":42,"key":"confirm","headset":false}"#,
    ),
    get(
        "/api/v1/heard",
        Whose::Kiosk,
        "What a user of the keypad is to hear of the bottom screen, in order.",
    ),
    get("/api/v1/qr.svg", Whose::Kiosk, "The QR code on the bottom screen as a picture."),
    get("/api/v1/mailbox", Whose::Kiosk, "The messages that would have gone out, newest first."),
    get("/api/v1/mailbox/events", Whose::Kiosk, "Server-sent events: the mailbox now and at every change."),
    get(
        "/api/v1/cabinet",
        Whose::Kiosk,
        "The simulated cabinet as it really is; only with a simulated cabinet.",
    ),
    get(
        "/api/v1/cabinet/events",
        Whose::Kiosk,
        "Server-sent events: the simulated cabinet now and at every change.",
    ),
    post(
        "/api/v1/cabinet/act",
        Whose::Kiosk,
        "What a hand does at the simulated cabinet (open, pry, close, put, take), or a fault to switch (link_cut is that of the wire to the office).",
        r#"{"do":"put","box_no":3,"item":"key"}"#,
    ),
    post(
        "/api/v1/login",
        Whose::Anybody,
        "Logs a tablet in; sets its cookie. After too many wrong passwords of a user, or from an address, 429 with Retry-After.",
        r#"{"user":"reception","password":"…"}"#,
    ),
    post("/api/v1/logout", Whose::Staff, "Logs the tablet out; its ticket dies.", "{}"),
    get("/api/v1/me", Whose::Staff, "The user, the tablet's ticket, the location."),
    get("/api/v1/visits", Whose::Staff, "The main page: visits, dropped keys first, newest first."),
    get("/api/v1/visits/{visit}", Whose::Staff, "One visit with its timeline, remark and messages."),
    post(
        "/api/v1/visits/{visit}/send-again",
        Whose::Staff,
        "Sends the PIN of a key that waits for its customer again, to a contact of the visit (right key.drop).",
        r#"{"to":{"contact":"driver","index":0}}"#,
    ),
    post(
        "/api/v1/visits/{visit}/erase",
        Whose::Staff,
        "Has what is personal of a visit erased for good (dealer admin); refused until its key is back.",
        "{}",
    ),
    post(
        "/api/v1/users/{user}/erase",
        Whose::Staff,
        "The same of a user who is no longer active and answers for no key (dealer admin).",
        "{}",
    ),
    post(
        "/api/v1/tickets",
        Whose::Staff,
        "Asks for a ticket: to pick up the key of a visit, to drop it for the customer (with `to`, the contact of the visit that gets the PIN), or to check a box. Replaces the tablet's ticket.",
        r#"{"act":"pick_up","visit":7,"security_code":"…"}"#,
    ),
    Route {
        method: "delete",
        path: "/api/v1/tickets/current",
        summary: "Gives the tablet's ticket back.",
        whose: Whose::Staff,
        body: "",
    },
    post(
        "/api/v1/scan",
        Whose::Staff,
        "Hands in what the QR code at the locker carries, or the digits under it; the box opens.",
        r#"{"payload":"KEYLOCKER:1:1:00112233445566778899AABBCCDDEEFF"}"#,
    ),
    post(
        "/api/v1/decode",
        Whose::Anybody,
        "Reads a QR code off a camera frame (JPEG or PNG, at most 1 MiB).",
        "",
    ),
    get("/api/v1/help", Whose::Staff, "Calls for help."),
    post(
        "/api/v1/help/{help}/handle",
        Whose::Staff,
        "Handles a call for help: it closes for everybody.",
        "{}",
    ),
    post(
        "/api/v1/help/{help}/disregard",
        Whose::Staff,
        "Disregards a call for help: it closes for this user.",
        "{}",
    ),
    get(
        "/api/v1/notices",
        Whose::Staff,
        "What staff are told about: alarms, boxes to check, doors left open.",
    ),
    get(
        "/api/v1/log",
        Whose::Staff,
        "The activity log, newest first (right log.read); query limit (1 to 200, else 50), before (a row's seq), and user, box_no, visit and locker to see theirs alone. `more` says whether there are older ones.",
    ),
    get("/api/v1/users", Whose::Staff, "Everybody with a log-in, now or once (dealer admin)."),
    get("/api/v1/lockers", Whose::Staff, "Lockers with their boxes."),
    put(
        "/api/v1/lockers/{locker}/settings",
        Whose::Staff,
        "Changes settings of a locker; what is not named stays.",
        r#"{"two_factor":false}"#,
    ),
    post(
        "/api/v1/lockers/{locker}/lift",
        Whose::Staff,
        "Lifts the lock on code entry (right lock.lift).",
        "{}",
    ),
    post(
        "/api/v1/lockers/{locker}/confirm-clock",
        Whose::Staff,
        "Confirms the locker's wall clock after a doubt (right locker.admin).",
        "{}",
    ),
    post(
        "/api/v1/lockers/{locker}/maintenance",
        Whose::Staff,
        "Begins maintenance for an hour (right box.service): doors opened by hand are logged instead of alarming.",
        r#"{"reason":"New hinge on box 3"}"#,
    ),
    Route {
        method: "delete",
        path: "/api/v1/lockers/{locker}/maintenance",
        summary: "Ends maintenance before its time.",
        whose: Whose::Staff,
        body: "",
    },
    post(
        "/api/v1/lockers/{locker}/temporary-pin",
        Whose::Staff,
        "Gets a PIN that opens one box, once, within 10 minutes (right code.temporary); without `box_no` any one box, chosen at the kiosk. Shown this once.",
        r#"{"box_no":3,"reason":"Spare key for the tow truck"}"#,
    ),
    post(
        "/api/v1/lockers/{locker}/authenticator",
        Whose::Staff,
        "Enrols an authenticator of the user's own for this locker (right code.temporary): its otpauth address and the QR code of it, a PNG in base64. Shown this once.",
        "{}",
    ),
    Route {
        method: "delete",
        path: "/api/v1/lockers/{locker}/authenticator/{user}",
        summary: "Revokes a user's authenticator for this locker: one's own, or anybody's as a dealer admin.",
        whose: Whose::Staff,
        body: "",
    },
    put(
        "/api/v1/security-code",
        Whose::Staff,
        "Sets the location's security code (dealer admin).",
        r#"{"code":"…"}"#,
    ),
    get(
        "/api/v1/office/events",
        Whose::Staff,
        "Server-sent events that name what has changed: visits, help, notices, lockers, log, me.",
    ),
];

/// The OpenAPI 3.1 document.
pub(super) async fn document() -> Json<Value> {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method] = operation(route);
    }
    Json(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Key locker",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Errors are problem details (RFC 9457) with a stable `code` and `key`.",
        },
        "paths": paths,
        "components": {
            "securitySchemes": { "tablet": { "type": "apiKey", "in": "cookie", "name": "tablet" } },
            "schemas": { "Problem": {
                "type": "object",
                "required": ["type", "title", "status", "code", "key", "detail"],
                "properties": {
                    "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" },
                    "code": { "type": "integer" }, "key": { "type": "string" }, "detail": { "type": "string" },
                },
            } },
        },
    }))
}

fn operation(route: &Route) -> Value {
    let mut operation = json!({
        "summary": route.summary,
        "tags": [match route.whose { Whose::Kiosk => "kiosk", Whose::Staff => "staff", Whose::Anybody => "site" }],
        "responses": {
            "200": { "description": "Done." },
            "default": {
                "description": "Not done.",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            },
        },
    });
    if route.whose == Whose::Staff {
        operation["security"] = json!([{ "tablet": [] }]);
    }
    if let Ok(example) = serde_json::from_str::<Value>(route.body) {
        operation["requestBody"] = json!({ "content": { "application/json": { "schema": { "type": "object" }, "example": example } } });
    }
    let parameters: Vec<Value> = route
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "integer" } }))
        .collect();
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    operation
}

/// How the site is: 200 while both machines run and can record, 503 otherwise. Says nothing personal.
pub(super) async fn health(State(api): State<Api>) -> Response {
    let locker = api.0.locker.as_ref().map(|locker| locker.view().borrow().clone());
    let office = api.0.office.as_ref().map(|office| office.view().borrow().clone());
    let up = crate::task::Store::Up;
    let is_well = locker.as_ref().is_some_and(|view| view.shown.is_some() && view.store == up)
        && office.as_ref().is_some_and(|view| view.shown.is_some() && view.store == up);
    let status = if is_well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let damage = api.0.damage.map(|damage| damage.to_string());
    (status, Json(json!({ "well": is_well, "damage": damage }))).into_response()
}
