//! Logging in, with a limit on wrong passwords.

use axum::extract::ConnectInfo;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use super::{
    Api, COOKIE, Deserialize, FromRequestParts, HeaderMap, IntoResponse, Json, JsonRejection, Parts, Problem,
    Response, Secret, State, StatusCode, body, clock, header, json, locale_of, office, token,
};
use crate::http::tries;

/// A log-in as the page sends it. Has no `Debug`: it holds a password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct LogIn {
    user: String,
    password: String,
}

/// The address at the other end of the connection, where the listener tells it.
pub(in crate::http) struct Peer(Option<IpAddr>);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get().map(|ConnectInfo(peer): &ConnectInfo<SocketAddr>| peer.ip())))
    }
}

/// Logs a tablet in. A try is counted before its password is looked at, so that many at once are not more than many one
/// after the other.
pub(in crate::http) async fn log_in(
    State(api): State<Api>,
    headers: HeaderMap,
    Peer(peer): Peer,
    log_in: Result<Json<LogIn>, JsonRejection>,
) -> Result<Response, Problem> {
    let LogIn { user, password } = body(log_in)?;
    let (handle, office) = api.office()?;
    let locale = locale_of(&headers);
    let known = office.user_by_login(&user);
    let counted = tries::Counted::of(known, &user, peer);
    if let Err(for_ms) = api.0.tries.begin(&counted, api.0.clock.now().mono) {
        tracing::warn!(user = ?known, "a log-in was refused unlooked at: too many wrong passwords");
        let refusal = office::Refusal::LogInWaits { for_ms };
        return Err(Problem::coded(StatusCode::TOO_MANY_REQUESTS, &refusal, locale).again_after(for_ms));
    }
    let unavailable = |_| Problem::down();
    let is_right = api.0.accounts.check_password(known, Secret::new(password)).await.map_err(unavailable)?;
    let (Some(user), true) = (known, is_right) else {
        let refusal = office::Refusal::WrongLogIn;
        return Err(Problem::coded(StatusCode::UNAUTHORIZED, &refusal, locale));
    };
    api.0.tries.was_right(&counted);
    let ask = office::Ask::LogIn { user, earlier: token(&headers), fresh: clock::fresh() };
    let staff_answer = handle.ask(ask).await.map_err(|error| Problem::asked(&error, locale))?;
    let office::Answer::LoggedIn { token } = staff_answer else { return Err(Problem::down()) };
    let text = token.text();
    let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200", text.reveal());
    Ok(([(header::SET_COOKIE, cookie)], Json(json!({}))).into_response())
}
