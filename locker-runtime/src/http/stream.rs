//! Server-sent events: the newest state on connect, then whatever changes.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive, KeepAliveStream};
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;

/// How often a stream looks, when nothing says that something changed: what is read off the clock changes by itself.
pub(super) const LOOK_MS: u64 = 500;
/// Events that wait for a slow reader.
const EVENTS_HELD: usize = 8;

/// A stream of events. `look` gives the event that is new since it was asked last, if any; it is asked when
/// `changed` says so, and twice a second.
pub(super) fn events<F, C>(
    mut stopping: watch::Receiver<bool>,
    mut changed: watch::Receiver<C>,
    mut look: F,
) -> Sse<KeepAliveStream<ReceiverStream<Result<Event, Infallible>>>>
where
    F: FnMut() -> Vec<Event> + Send + 'static,
    C: Send + Sync + 'static,
{
    let (sender, receiver) = mpsc::channel(EVENTS_HELD);
    tokio::spawn(async move {
        loop {
            for event in look() {
                if sender.send(Ok(event)).await.is_err() {
                    return;
                }
            }
            let pause = Duration::from_millis(LOOK_MS);
            tokio::select! {
                _ = stopping.changed() => return,
                () = sender.closed() => return,
                is_alive = changed.changed() => if is_alive.is_err() {
                    tokio::time::sleep(pause).await;
                },
                () = tokio::time::sleep(pause) => {}
            }
        }
    });
    Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::default())
}
