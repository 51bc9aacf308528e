//! The messages that would have gone out.

use axum::Json;
use axum::extract::State;
use axum::response::sse::Event;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{Api, json as times, stream};

fn all(api: &Api) -> Value {
    let letters = api.0.mailbox.letters().into_iter().map(|letter| {
        json!({
            "id": letter.id,
            "at": times::time(letter.at, &api.0.zone),
            "channel": letter.channel,
            "to": letter.to,
            "subject": letter.subject,
            "body": letter.body,
        })
    });
    Value::Array(letters.collect())
}

pub(super) async fn letters(State(api): State<Api>) -> Json<Value> {
    Json(all(&api))
}

pub(super) async fn events(State(api): State<Api>) -> Response {
    let mut last = None;
    let reader = api.clone();
    let look = move || {
        let count = *reader.0.mailbox.watch().borrow();
        if last == Some(count) {
            return Vec::new();
        }
        last = Some(count);
        vec![Event::default().event("mailbox").id(count.to_string()).data(all(&reader).to_string())]
    };
    stream::events(api.0.stopping.clone(), api.0.mailbox.watch(), look).into_response()
}
