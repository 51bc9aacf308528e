//! The activity log (OFFICE-8), and the people whose names stand in it.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use locker_core::office::{Denial, LogView, Refusal};
use locker_core::screen::Locale;
use locker_core::{BoxNo, Coded, LockerId, UserId, VisitId, text};

use super::{Api, Deserialize, HeaderMap, Json, Problem, Staff, State, StatusCode, Value, json};

/// Rows of a page, if nobody says how many.
const ROWS: usize = 50;
/// The most rows of a page.
const ROWS_MAX: usize = 200;

/// Which rows.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::http) struct Wanted {
    before: Option<u64>,
    limit: Option<usize>,
    user: Option<UserId>,
    box_no: Option<BoxNo>,
    visit: Option<VisitId>,
    locker: Option<LockerId>,
}

impl Wanted {
    fn is(&self, row: &LogView) -> bool {
        fn fits<T: PartialEq>(wanted: Option<T>, is: Option<T>) -> bool {
            wanted.is_none() || wanted == is
        }
        self.before.is_none_or(|before| row.seq < before)
            && fits(self.user, row.user)
            && fits(self.box_no, row.box_no)
            && fits(self.visit, row.visit)
            && fits(self.locker, row.locker)
    }
}

/// A page of the log.
pub(in crate::http) async fn rows(
    State(api): State<Api>,
    headers: HeaderMap,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let why = "the query has limit, before, user, box_no, visit and locker, all numbers";
    let bad = |_| Problem::plain(StatusCode::BAD_REQUEST, "http.query", why);
    let Query(wanted) = wanted.map_err(bad)?;
    let staff = api.staff(&headers)?;
    let log = staff.office.activity(&staff.caller).map_err(|refusal| staff.refused(&refusal))?;
    let log = log.map_err(|denial| denied(&staff, denial))?;
    let limit = wanted.limit.unwrap_or(ROWS).clamp(1, ROWS_MAX);
    let mut found = log.into_iter().filter(|row| wanted.is(row));
    let rows: Vec<Value> = found.by_ref().take(limit).map(|row| shown(&api, &staff, &row)).collect();
    Ok(Json(json!({ "rows": rows, "more": found.next().is_some() })))
}

/// A row with the registration of its visit, and why something was denied, in words.
fn shown(api: &Api, staff: &Staff, row: &LogView) -> Value {
    let mut page = api.page(staff, row);
    let visit = row.visit.and_then(|visit| {
        staff.office.visit_page(&staff.caller, visit, &api.0.clock.now()).ok().map(|page| page.visit.plate)
    });
    page["plate"] = visit.into();
    page["denied"] = row.code.and_then(|code| words(staff.locale, code)).into();
    page
}

/// What a number says, whoever said no.
fn words(locale: Locale, code: u16) -> Option<String> {
    fn key<C: Coded>(all: &[C], code: u16) -> Option<&'static str> {
        all.iter().find(|coded| coded.code() == code).map(Coded::key)
    }
    let key = key(&Denial::ALL, code)
        .or_else(|| key(&Refusal::ALL, code))
        .or_else(|| key(&locker_core::Denial::ALL, code))
        .or_else(|| key(&locker_core::Refusal::ALL, code));
    key.map(|key| text::error(locale, key))
}

/// Everybody with a log-in, now or once.
pub(in crate::http) async fn users(
    State(api): State<Api>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let staff = api.staff(&headers)?;
    let now = api.0.clock.now();
    let users = staff.office.users(&staff.caller, &now).map_err(|refusal| staff.refused(&refusal))?;
    let users = users.map_err(|denial| denied(&staff, denial))?;
    Ok(Json(api.page(&staff, &users)))
}

fn denied(staff: &Staff, denial: Denial) -> Problem {
    Problem::coded(StatusCode::FORBIDDEN, &denial, staff.locale)
}
