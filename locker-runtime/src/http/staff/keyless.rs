//! Codes of staff: temporary PINs and authenticators (CODE-8, CODE-9). The office says who may, the locker makes them;
//! both are live requests, and what is made is shown once.

use axum::extract::rejection::PathRejection;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use locker_core::{TOTP_DIGITS, TOTP_STEP_SECONDS, picture};
use totp_rs::{Algorithm, Builder};

use super::{
    Answer, Api, Ask, BoxNo, Deserialize, HeaderMap, IntoResponse, Json, JsonRejection, LOCKER, LockerId,
    Number, Path, Problem, Response, Secret, Staff, State, StatusCode, UserId, Value, body, clock, header,
    json, office,
};

/// The pixels of a module of the QR code.
const SCALE: usize = 6;
/// How long a temporary PIN lives, for the page.
const MINUTES: u8 = 10;

/// Answers with what nobody keeps.
fn shown_once(page: Value) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(page)).into_response()
}

fn no_such_locker() -> Problem {
    Problem::plain(StatusCode::NOT_FOUND, "http.no_such_locker", "there is no such locker")
}

impl Api {
    async fn made(&self, staff: &Staff, ask: Ask) -> Result<Answer, Problem> {
        self.locker(staff.locale)?.ask(ask).await.map_err(|error| Problem::asked(&error, staff.locale))
    }
}

/// Which box, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct PinWish {
    #[serde(default)]
    box_no: Option<BoxNo>,
    reason: String,
}

/// A temporary PIN (CODE-8).
pub(in crate::http) async fn temporary_pin(
    State(api): State<Api>,
    headers: HeaderMap,
    Number(locker): Number,
    wish: Result<Json<PinWish>, JsonRejection>,
) -> Result<Response, Problem> {
    let PinWish { box_no, reason } = body(wish)?;
    let staff = api.staff(&headers)?;
    let locker = Some(LockerId(locker)).filter(|locker| *locker == LOCKER).ok_or_else(no_such_locker)?;
    // Nobody asks on record for what no locker can make.
    api.locker(staff.locale)?;
    let caller = staff.caller;
    let answer = staff.ask(office::Ask::TemporaryPin { caller, locker, box_no, reason }).await?;
    let office::Answer::TemporaryPin { user, box_no, .. } = answer else { return Err(Problem::down()) };
    let ask = Ask::TemporaryPin { user, box_no, fresh: clock::fresh() };
    let Answer::Temporary { pin } = api.made(&staff, ask).await? else { return Err(Problem::down()) };
    let pin = String::from_utf8_lossy(pin.reveal());
    Ok(shown_once(json!({ "pin": pin, "box_no": box_no, "minutes": MINUTES })))
}

/// Enrols an authenticator of the user's own (CODE-9).
pub(in crate::http) async fn enrol(
    State(api): State<Api>,
    headers: HeaderMap,
    Number(locker): Number,
) -> Result<Response, Problem> {
    let staff = api.staff(&headers)?;
    let locker = Some(LockerId(locker)).filter(|locker| *locker == LOCKER).ok_or_else(no_such_locker)?;
    api.locker(staff.locale)?;
    let answer = staff.ask(office::Ask::Enrol { caller: staff.caller, locker }).await?;
    let office::Answer::Enrol { user, revision, .. } = answer else { return Err(Problem::down()) };
    let me = staff.office.me(&staff.caller, &api.0.clock.now()).map_err(|refusal| staff.refused(&refusal))?;
    let issuer = api.names(&staff).remove(&locker).unwrap_or_default();
    let ask = Ask::Enrol { user, revision, fresh: clock::fresh() };
    let Answer::Enrolled { secret } = api.made(&staff, ask).await? else { return Err(Problem::down()) };
    let uri = address(&secret, &issuer, &me.name).ok_or_else(Problem::down)?;
    let png = png(&uri).ok_or_else(Problem::down)?;
    Ok(shown_once(json!({ "uri": uri, "png": STANDARD.encode(png) })))
}

/// The address that an authenticator reads (<https://github.com/google/google-authenticator/wiki/Key-Uri-Format>). A
/// colon separates issuer and account there, so that neither has one.
fn address(secret: &Secret<[u8; 32]>, issuer: &str, account: &str) -> Option<String> {
    let plain = |text: &str| text.replace(':', " ");
    let authenticator = Builder::new()
        .with_algorithm(Algorithm::SHA256)
        .with_digits(TOTP_DIGITS)
        .with_step_duration(TOTP_STEP_SECONDS)
        .with_secret(*secret.reveal())
        .with_issuer(Some(plain(issuer)))
        .with_account_name(plain(account));
    authenticator.build().ok()?.to_url().ok()
}

fn png(text: &str) -> Option<Vec<u8>> {
    let (side, pixels) = picture::qr_pixels(text, SCALE)?;
    let side = u32::try_from(side).ok()?;
    let mut png = Vec::new();
    PngEncoder::new(&mut png).write_image(&pixels, side, side, ExtendedColorType::L8).ok()?;
    Some(png)
}

/// Revokes an authenticator; the link tells the locker.
pub(in crate::http) async fn revoke(
    State(api): State<Api>,
    headers: HeaderMap,
    path: Result<Path<(u64, u64)>, PathRejection>,
) -> Result<Json<Value>, Problem> {
    let why = "the path has a number there";
    let Path((locker, user)) = path.map_err(|_| Problem::plain(StatusCode::BAD_REQUEST, "http.path", why))?;
    let staff = api.staff(&headers)?;
    let (caller, locker, user) = (staff.caller, LockerId(locker), UserId(user));
    staff.ask(office::Ask::RevokeAuthenticator { caller, locker, user }).await?;
    Ok(Json(json!({})))
}
