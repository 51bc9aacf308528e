//! Tablets and the office: log-in, visits, tickets, scans, calls for help, lockers.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::Event;
use axum::response::{IntoResponse, Response};
use locker_core::office::{self, By, Caller, ContactChoice, Office, Right, ScanOutcome, TabletToken};
use locker_core::screen::Locale;
use locker_core::{
    Act, Answer, Ask, BoxNo, Coded, Denial, HelpId, LockerId, Secret, Subject, UserId, VisitId, Wall,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::{Problem, locale_of};
use super::{Api, json as pages, stream};
use crate::clock;
use crate::site::{LOCKER, LockerHandle, OfficeHandle};
use crate::task::{AskError, Undone};

pub(super) mod keyless;
pub(super) mod log;
pub(super) mod log_in;

/// The cookie that a browser keeps of its tablet. It holds nothing but the token.
const COOKIE: &str = "tablet";

/// A logged-in caller with what answering takes.
struct Staff {
    office: Arc<Office>,
    handle: OfficeHandle,
    caller: Caller,
    locale: Locale,
}

fn token(headers: &HeaderMap) -> Option<TabletToken> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).and_then(|(_, value)| value.parse().ok())
}

impl Api {
    fn office(&self) -> Result<(OfficeHandle, Arc<Office>), Problem> {
        let handle = self.0.office.clone().ok_or_else(Problem::down)?;
        let shown = handle.view().borrow().shown.clone();
        Ok((handle, shown.ok_or_else(Problem::down)?))
    }

    /// The way to the locker, for a live request: none while the wire is cut.
    fn locker(&self, locale: Locale) -> Result<&LockerHandle, Problem> {
        if self.0.wire.is_cut() {
            let refusal = locker_core::Refusal::NoLink;
            return Err(Problem::coded(StatusCode::SERVICE_UNAVAILABLE, &refusal, locale));
        }
        self.0.locker.as_ref().ok_or_else(Problem::down)
    }

    fn staff(&self, headers: &HeaderMap) -> Result<Staff, Problem> {
        let (handle, office) = self.office()?;
        let locale = locale_of(headers);
        let known = token(headers).and_then(|token| office.authorize(&token));
        let refusal = office::Refusal::NotLoggedIn;
        let caller = known.ok_or_else(|| Problem::coded(StatusCode::UNAUTHORIZED, &refusal, locale))?;
        Ok(Staff { office, handle, caller, locale })
    }

    fn names(&self, staff: &Staff) -> BTreeMap<LockerId, String> {
        let lockers = staff.office.locker_views(&staff.caller).unwrap_or_default();
        lockers.into_iter().map(|locker| (locker.id, locker.settings.name)).collect()
    }

    fn page(&self, staff: &Staff, view: &impl serde::Serialize) -> Value {
        pages::page(view, &self.0.zone, &self.names(staff))
    }
}

impl Staff {
    fn refused(&self, refusal: &office::Refusal) -> Problem {
        Problem::coded(StatusCode::CONFLICT, refusal, self.locale)
    }

    /// Asks the office; a denial is an answer too, and a forbidden one.
    async fn ask(&self, ask: office::Ask) -> Result<office::Answer, Problem> {
        self.answered(self.handle.ask(ask).await)
    }

    fn answered(
        &self,
        answer: Result<office::Answer, AskError<office::Refusal>>,
    ) -> Result<office::Answer, Problem> {
        match answer {
            Ok(office::Answer::Denied(denial)) => {
                Err(Problem::coded(StatusCode::FORBIDDEN, &denial, self.locale))
            }
            Ok(answer) => Ok(answer),
            Err(error) => Err(Problem::asked(&error, self.locale)),
        }
    }
}

fn body<T>(body: Result<Json<T>, JsonRejection>) -> Result<T, Problem> {
    let why = "the body is not the JSON that is expected here";
    body.map(|Json(body)| body).map_err(|_| Problem::plain(StatusCode::BAD_REQUEST, "http.body", why))
}

/// The number in a path.
pub(super) struct Number(u64);

impl<S: Send + Sync> FromRequestParts<S> for Number {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let why = "the path has a number there";
        let path = Path::<u64>::from_request_parts(parts, state).await;
        path.map(|Path(number)| Self(number))
            .map_err(|_| Problem::plain(StatusCode::BAD_REQUEST, "http.path", why))
    }
}

pub(super) async fn log_out(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Problem> {
    let staff = api.staff(&headers)?;
    staff.ask(office::Ask::LogOut { caller: staff.caller }).await?;
    let cookie = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    Ok(([(header::SET_COOKIE, cookie)], Json(json!({}))).into_response())
}

fn me_page(api: &Api, staff: &Staff) -> Result<Value, Problem> {
    let now = api.0.clock.now();
    let me = staff.office.me(&staff.caller, &now).map_err(|refusal| staff.refused(&refusal))?;
    let names = api.names(staff);
    let ticket = me.ticket.as_ref().map(|ticket| {
        let ends = Wall(now.wall.0.saturating_add(i64::try_from(ticket.left_ms).unwrap_or(i64::MAX)));
        let box_of = |visit| {
            let page = staff.office.visit_page(&staff.caller, visit, &now).ok();
            page.and_then(|page| page.visit.custody.box_no)
        };
        let (act, visit, box_no) = match ticket.act {
            Act::PickUp { visit } => ("pick_up", Some(visit), box_of(visit)),
            Act::Drop { visit } => ("drop", Some(visit), None),
            Act::Check { box_no } => ("check", None, Some(box_no)),
        };
        json!({
            "id": ticket.id, "act": act, "visit": visit, "box_no": box_no,
            "locker": names.get(&ticket.locker), "expires_at": pages::time(ends, &api.0.zone),
        })
    });
    let location = staff.office.location();
    Ok(json!({
        "user": { "id": me.user, "name": me.name, "role": me.role, "rights": me.rights },
        "ticket": ticket,
        "location": { "name": location.name, "telephone": location.telephone },
        "log_in_again": me.log_in_again,
        "security_code": me.security_code,
        "dealer_admins": me.dealer_admins,
    }))
}

pub(super) async fn me(State(api): State<Api>, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    let staff = api.staff(&headers)?;
    me_page(&api, &staff).map(Json)
}

fn visits_page(api: &Api, staff: &Staff) -> Result<Value, Problem> {
    let visits = staff.office.main_page(&staff.caller, &api.0.clock.now());
    Ok(api.page(staff, &visits.map_err(|refusal| staff.refused(&refusal))?))
}

pub(super) async fn visits(State(api): State<Api>, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    let staff = api.staff(&headers)?;
    visits_page(&api, &staff).map(Json)
}

pub(super) async fn visit(
    State(api): State<Api>,
    headers: HeaderMap,
    Number(visit): Number,
) -> Result<Json<Value>, Problem> {
    let staff = api.staff(&headers)?;
    let page = staff.office.visit_page(&staff.caller, VisitId(visit), &api.0.clock.now());
    Ok(Json(api.page(&staff, &page.map_err(|refusal| staff.refused(&refusal))?)))
}

/// A wish for a ticket. Has no `Debug`: it holds the security code.
#[derive(Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum TicketWish {
    PickUp {
        visit: VisitId,
        #[serde(default)]
        security_code: String,
    },
    Drop {
        visit: VisitId,
        to: ContactChoice,
        #[serde(default)]
        security_code: String,
    },
    Check {
        box_no: BoxNo,
        locker: LockerId,
        #[serde(default)]
        security_code: String,
    },
}

pub(super) async fn request_ticket(
    State(api): State<Api>,
    headers: HeaderMap,
    wish: Result<Json<TicketWish>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let (act, locker, contact, security_code) = match body(wish)? {
        TicketWish::PickUp { visit, security_code } => (Act::PickUp { visit }, None, None, security_code),
        TicketWish::Drop { visit, to, security_code } => (Act::Drop { visit }, None, Some(to), security_code),
        TicketWish::Check { box_no, locker, security_code } => {
            (Act::Check { box_no }, Some(locker), None, security_code)
        }
    };
    let staff = api.staff(&headers)?;
    let security_code = Secret::new(security_code);
    staff
        .ask(office::Ask::RequestTicket { caller: staff.caller, act, locker, contact, security_code })
        .await?;
    let staff = api.staff(&headers)?;
    Ok(Json(me_page(&api, &staff)?["ticket"].take()))
}

pub(super) async fn drop_ticket(State(api): State<Api>, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    let staff = api.staff(&headers)?;
    staff.ask(office::Ask::DropTicket { caller: staff.caller }).await?;
    Ok(Json(json!({})))
}

/// Who gets the PIN.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SendAgainWish {
    to: ContactChoice,
}

/// The live request: the office checks right, key and contact, the locker sends the PIN (STAFF-DROP-6).
pub(super) async fn send_again(
    State(api): State<Api>,
    headers: HeaderMap,
    Number(visit): Number,
    wish: Result<Json<SendAgainWish>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let SendAgainWish { to: contact } = body(wish)?;
    let staff = api.staff(&headers)?;
    let (caller, visit) = (staff.caller, VisitId(visit));
    let answer = staff.ask(office::Ask::SendAgain { caller, visit, contact }).await?;
    let office::Answer::SendAgain { visit, to, .. } = answer else { return Err(Problem::down()) };
    let sent = api.locker(staff.locale)?.ask(Ask::SendAgain { visit, to }).await;
    sent.map(|_| Json(json!({}))).map_err(|error| Problem::asked(&error, staff.locale))
}

/// A dealer admin has what is personal of a visit erased (SAFE-5).
pub(super) async fn erase_visit(
    State(api): State<Api>,
    headers: HeaderMap,
    Number(visit): Number,
) -> Result<Json<Value>, Problem> {
    erase(&api, &headers, Subject::Visit(VisitId(visit))).await
}

/// The same of a user who is no longer active.
pub(super) async fn erase_user(
    State(api): State<Api>,
    headers: HeaderMap,
    Number(user): Number,
) -> Result<Json<Value>, Problem> {
    erase(&api, &headers, Subject::User(UserId(user))).await
}

async fn erase(api: &Api, headers: &HeaderMap, subject: Subject) -> Result<Json<Value>, Problem> {
    let staff = api.staff(headers)?;
    staff.ask(office::Ask::Erase { by: By::User(staff.caller), subject }).await?;
    Ok(Json(json!({})))
}

/// What was scanned or typed. Has no `Debug`: it holds the proof.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scanned {
    #[serde(default)]
    payload: Option<String>,
    #[serde(default)]
    digits: Option<String>,
}

/// The live request: the office checks ticket, right and key, the locker checks the proof and opens.
pub(super) async fn scan(
    State(api): State<Api>,
    headers: HeaderMap,
    scanned: Result<Json<Scanned>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let scanned = body(scanned)?;
    let staff = api.staff(&headers)?;
    let denied = |denial: office::Denial| Problem::coded(StatusCode::FORBIDDEN, &denial, staff.locale);
    let Some(text) = scanned.payload.or(scanned.digits) else { return Err(denied(office::Denial::NotOurQr)) };
    let me = staff.office.me(&staff.caller, &api.0.clock.now()).map_err(|refusal| staff.refused(&refusal))?;
    let Some(ticket) = me.ticket else { return Err(denied(office::Denial::NoTicket)) };
    let (caller, act, text) = (staff.caller, ticket.act, Secret::new(text));
    let answer = staff.ask(office::Ask::Scan { caller, act, text, locker: None }).await?;
    let office::Answer::Forward { scan, .. } = answer else { return Err(Problem::down()) };
    let id = scan.id;
    let answered = api.locker(staff.locale)?.ask(Ask::Scan(scan)).await;
    let (outcome, reply) = match answered {
        Ok(Answer::Opens(box_no)) => (ScanOutcome::Granted, Ok(Json(json!({ "box_no": box_no })))),
        Ok(Answer::Denied(denial)) => {
            (ScanOutcome::Denied { code: denial.code() }, Err(locker_denied(denial, staff.locale)))
        }
        Ok(Answer::Done | Answer::Code { .. } | Answer::Temporary { .. } | Answer::Enrolled { .. }) => (
            ScanOutcome::Denied { code: Denial::NoQr.code() },
            Err(locker_denied(Denial::NoQr, staff.locale)),
        ),
        Err(error) => {
            let code = match &error {
                AskError::Refused(refusal) => refusal.code(),
                AskError::Undone(_) => Denial::NoQr.code(),
            };
            (ScanOutcome::Denied { code }, Err(Problem::asked(&error, staff.locale)))
        }
    };
    // Not taken in: the facts of the locker say the same.
    let _ = staff.handle.note(office::Told::ScanAnswered { scan: id, outcome }).await;
    reply
}

fn locker_denied(denial: Denial, locale: Locale) -> Problem {
    Problem::coded(StatusCode::FORBIDDEN, &denial, locale)
}

fn help_page(api: &Api, staff: &Staff) -> Result<Value, Problem> {
    let calls = staff.office.help_calls(&staff.caller, &api.0.clock.now());
    Ok(api.page(staff, &calls.map_err(|refusal| staff.refused(&refusal))?))
}

pub(super) async fn help(State(api): State<Api>, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    let staff = api.staff(&headers)?;
    help_page(&api, &staff).map(Json)
}

pub(super) async fn handle_help(
    State(api): State<Api>,
    headers: HeaderMap,
    Number(help): Number,
) -> Result<Json<Value>, Problem> {
    let staff = api.staff(&headers)?;
    let (caller, help) = (staff.caller, HelpId(help));
    let ask = office::Ask::HandleHelp { caller, locker: LOCKER, help };
    let mut answer = staff.handle.ask(ask.clone()).await;
    if answer == Err(AskError::Undone(Undone::Unrecorded)) {
        // The office knows now that it can record nothing, and answers the call without a record (SAFE-8).
        answer = staff.handle.ask(ask).await;
    }
    let answer = staff.answered(answer)?;
    if let office::Answer::Help { help, answer, .. } = answer {
        // The kiosk says that somebody is coming; if it cannot be told now, somebody comes all the same.
        let _ = api.locker(staff.locale)?.note(locker_core::Told::Help { help, answer }).await;
    }
    Ok(Json(json!({})))
}

pub(super) async fn disregard_help(
    State(api): State<Api>,
    headers: HeaderMap,
    Number(help): Number,
) -> Result<Json<Value>, Problem> {
    let staff = api.staff(&headers)?;
    let (caller, help) = (staff.caller, HelpId(help));
    staff.ask(office::Ask::DisregardHelp { caller, locker: LOCKER, help }).await?;
    Ok(Json(json!({})))
}

fn notices_page(api: &Api, staff: &Staff) -> Result<Value, Problem> {
    let notices = staff.office.notices(&staff.caller).map_err(|refusal| staff.refused(&refusal))?;
    Ok(api.page(staff, &notices))
}

pub(super) async fn notices(State(api): State<Api>, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    let staff = api.staff(&headers)?;
    notices_page(&api, &staff).map(Json)
}

fn lockers_page(api: &Api, staff: &Staff) -> Result<Value, Problem> {
    let now = api.0.clock.now();
    let lockers = staff.office.locker_views(&staff.caller).map_err(|refusal| staff.refused(&refusal))?;
    let visits = staff.office.main_page(&staff.caller, &now).map_err(|refusal| staff.refused(&refusal))?;
    let plates: BTreeMap<VisitId, String> = visits.into_iter().map(|visit| (visit.id, visit.plate)).collect();
    let machine = api.0.locker.as_ref().ok_or_else(Problem::down)?.view().borrow().shown.clone();
    let reports = machine.as_ref().map(|machine| machine.boxes()).unwrap_or_default();
    let boxes: Vec<Value> = reports
        .iter()
        .map(|report| {
            let assignment = match (report.visit, report.reserved) {
                (Some(_), _) => "holding",
                (None, true) => "reserved",
                (None, false) => "free",
            };
            json!({
                "box_no": report.box_no,
                "service": if report.out.is_some() { "out_of_service" } else { "in_service" },
                "reason": report.out,
                "assignment": assignment,
                "to_check": report.to_check,
                "door": report.door,
                "plate": report.visit.and_then(|visit| plates.get(&visit)),
            })
        })
        .collect();
    let until = |left: Option<u64>| {
        let ends = now.wall.0.saturating_add(i64::try_from(left?).unwrap_or(i64::MAX));
        Some(pages::time(Wall(ends), &api.0.zone))
    };
    let code_lock = until(machine.as_ref().and_then(|machine| machine.code_entry_locked_for(&now)));
    let staff_codes = until(machine.as_ref().and_then(|machine| machine.staff_codes_locked_for(&now)));
    let rows = lockers.into_iter().map(|locker| {
        json!({
            "id": locker.id,
            "name": locker.settings.name,
            "two_factor": locker.settings.two_factor,
            "active": locker.settings.active,
            "keys": locker.keys,
            "last_seen": locker.last_seen.map(|seen| pages::time(seen, &api.0.zone)),
            "boxes": if locker.id == LOCKER { boxes.clone() } else { Vec::new() },
            "maintenance": machine.as_ref().is_some_and(|machine| machine.is_in_maintenance()),
            "code_lock_until": code_lock,
            "staff_codes_wait_until": staff_codes,
            "linked": !api.0.wire.is_cut(),
            "authenticators": staff.office.authenticators(&staff.caller, locker.id).unwrap_or_default(),
        })
    });
    Ok(Value::Array(rows.collect()))
}

pub(super) async fn lockers(State(api): State<Api>, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    let staff = api.staff(&headers)?;
    lockers_page(&api, &staff).map(Json)
}

/// Settings to change; what is not named stays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsWish {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    active: Option<bool>,
    #[serde(default)]
    two_factor: Option<bool>,
    #[serde(default)]
    typed_code: Option<bool>,
    #[serde(default)]
    lookup_days_ahead: Option<u8>,
    #[serde(default)]
    kiosk_pin_minutes: Option<u16>,
}

pub(super) async fn change_settings(
    State(api): State<Api>,
    headers: HeaderMap,
    Number(locker): Number,
    wish: Result<Json<SettingsWish>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let wish = body(wish)?;
    let staff = api.staff(&headers)?;
    let lockers = staff.office.locker_views(&staff.caller).map_err(|refusal| staff.refused(&refusal))?;
    let known = lockers.into_iter().find(|known| known.id == LockerId(locker));
    let why = "there is no such locker";
    let known = known.ok_or_else(|| Problem::plain(StatusCode::NOT_FOUND, "http.no_such_locker", why))?;
    let mut settings = known.settings;
    settings.name = wish.name.unwrap_or(settings.name);
    settings.active = wish.active.unwrap_or(settings.active);
    settings.two_factor = wish.two_factor.unwrap_or(settings.two_factor);
    settings.typed_code = wish.typed_code.unwrap_or(settings.typed_code);
    settings.lookup_days_ahead = wish.lookup_days_ahead.unwrap_or(settings.lookup_days_ahead);
    settings.kiosk_pin_minutes = wish.kiosk_pin_minutes.unwrap_or(settings.kiosk_pin_minutes);
    let (by, locker, boxes) = (By::User(staff.caller), Some(known.id), known.boxes);
    staff.ask(office::Ask::SetLocker { by, locker, settings, boxes }).await?;
    Ok(Json(json!({})))
}

impl Api {
    /// What a member of staff with `right` asks of the locker itself; gives the user.
    fn allowed(&self, staff: &Staff, right: Right) -> Result<UserId, Problem> {
        let me = staff.office.me(&staff.caller, &self.0.clock.now());
        let me = me.map_err(|refusal| staff.refused(&refusal))?;
        if me.rights.contains(&right) {
            return Ok(me.user);
        }
        let denial = office::Denial::NoRight { right };
        Err(Problem::coded(StatusCode::FORBIDDEN, &denial, staff.locale))
    }

    async fn ask_locker(&self, staff: &Staff, locker: u64, ask: Ask) -> Result<Json<Value>, Problem> {
        if LockerId(locker) != LOCKER {
            let why = "there is no such locker";
            return Err(Problem::plain(StatusCode::NOT_FOUND, "http.no_such_locker", why));
        }
        self.locker(staff.locale)?.ask(ask).await.map_err(|error| Problem::asked(&error, staff.locale))?;
        Ok(Json(json!({})))
    }
}

/// Lifts the lock on code entry (CODE-4).
pub(super) async fn lift_lock(
    State(api): State<Api>,
    headers: HeaderMap,
    Number(locker): Number,
) -> Result<Json<Value>, Problem> {
    let staff = api.staff(&headers)?;
    let user = api.allowed(&staff, Right::LiftLock)?;
    api.ask_locker(&staff, locker, Ask::LiftLock { user }).await
}

/// Why maintenance is begun.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MaintenanceWish {
    reason: String,
}

/// Begins maintenance (BOX-6): doors opened by hand are logged instead of alarming, for an hour.
pub(super) async fn begin_maintenance(
    State(api): State<Api>,
    headers: HeaderMap,
    Number(locker): Number,
    wish: Result<Json<MaintenanceWish>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let MaintenanceWish { reason } = body(wish)?;
    let staff = api.staff(&headers)?;
    let user = api.allowed(&staff, Right::Service)?;
    api.ask_locker(&staff, locker, Ask::BeginMaintenance { user, reason }).await
}

/// Ends maintenance before its time.
pub(super) async fn end_maintenance(
    State(api): State<Api>,
    headers: HeaderMap,
    Number(locker): Number,
) -> Result<Json<Value>, Problem> {
    let staff = api.staff(&headers)?;
    api.allowed(&staff, Right::Service)?;
    api.ask_locker(&staff, locker, Ask::EndMaintenance).await
}

/// A user with the right confirms the wall clock (SAFE-7): look-ups by *today* and expiry by date go on.
pub(super) async fn confirm_clock(
    State(api): State<Api>,
    headers: HeaderMap,
    Number(_): Number,
) -> Result<Json<Value>, Problem> {
    let staff = api.staff(&headers)?;
    api.allowed(&staff, Right::AdminLockers)?;
    api.locker(staff.locale)?.note(locker_core::Told::ClockConfirmed).await.map_err(Problem::undone)?;
    Ok(Json(json!({})))
}

/// A new security code. Has no `Debug`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SecurityCode {
    code: String,
}

pub(super) async fn set_security_code(
    State(api): State<Api>,
    headers: HeaderMap,
    code: Result<Json<SecurityCode>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let code = Secret::new(body(code)?.code);
    let staff = api.staff(&headers)?;
    staff.ask(office::Ask::SetSecurityCode { by: By::User(staff.caller), code }).await?;
    Ok(Json(json!({})))
}

/// Says what has changed, by name; the page fetches it.
pub(super) async fn events(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Problem> {
    api.staff(&headers)?;
    let (handle, _) = api.office()?;
    let reader = api.clone();
    let mut last: BTreeMap<&str, String> = BTreeMap::new();
    let look = move || {
        let Ok(staff) = reader.staff(&headers) else { return Vec::new() };
        // Whatever a locker told may stand on the page of a visit: a message that was sent, a timeline.
        let lockers = staff.office.locker_views(&staff.caller).unwrap_or_default();
        let told: Vec<u64> = lockers.iter().map(|locker| locker.cursor).collect();
        let pages = [
            ("visits", visits_page(&reader, &staff).map(|page| json!([page, told]))),
            ("help", help_page(&reader, &staff)),
            ("notices", notices_page(&reader, &staff)),
            ("log", Ok(json!(locker_core::Machine::head(&*staff.office).seq))),
            ("lockers", lockers_page(&reader, &staff)),
            ("me", me_page(&reader, &staff)),
        ];
        let mut events = Vec::new();
        for (name, page) in pages {
            let Ok(mut page) = page else { continue };
            forget_clocks(&mut page);
            let page = page.to_string();
            if last.get(name) != Some(&page) {
                events.push(Event::default().event(name).data("{}"));
                last.insert(name, page);
            }
        }
        events
    };
    Ok(stream::events(api.0.stopping.clone(), handle.view(), look).into_response())
}

/// What moves with the clock alone is no news.
fn forget_clocks(page: &mut Value) {
    match page {
        Value::Array(items) => items.iter_mut().for_each(forget_clocks),
        Value::Object(fields) => {
            for (name, field) in fields {
                match name.as_str() {
                    // That it is there, or is there no more, is.
                    "last_seen" | "expires_at" | "code_lock_until" | "staff_codes_wait_until" | "for_ms" => {
                        *field = Value::Bool(!field.is_null());
                    }
                    _ => forget_clocks(field),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
