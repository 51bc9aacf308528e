//! The simulated cabinet: people's hands, and faults. Not there with a real one.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::sse::Event;
use axum::response::{IntoResponse, Response};
use locker_core::{BoxNo, Door};
use locker_hal_sim::{Fault, PeopleError, SimCommand, SimState};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::problem::Problem;
use super::{Api, stream};
use crate::site::CabinetHands;

/// What a hand does, or a fault that is switched.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Act {
    Open {
        box_no: BoxNo,
    },
    Pry {
        box_no: BoxNo,
    },
    Close {
        box_no: BoxNo,
    },
    Put {
        box_no: BoxNo,
        item: String,
    },
    Take {
        box_no: BoxNo,
    },
    Fault {
        fault: FaultName,
        #[serde(default)]
        box_no: Option<BoxNo>,
        #[serde(default)]
        board: Option<u8>,
        on: bool,
    },
}

/// The faults by the names that the page uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FaultName {
    Jam,
    StuckOpen,
    StuckClosed,
    Cut,
    Unsteady,
    ItemStuckPresent,
    ItemStuckAbsent,
    ItemCut,
    Dead,
    Slow,
    AckLost,
    /// The wire to the office is cut: no fault of the cabinet, but of what hangs on it.
    LinkCut,
}

/// Boards are numbered from 1 on the page, from 0 on the wire.
fn fault(name: FaultName, box_no: Option<BoxNo>, board: Option<u8>) -> Option<Fault> {
    let board = board.and_then(|board| board.checked_sub(1));
    Some(match name {
        FaultName::Jam => Fault::Jammed { box_no: box_no? },
        FaultName::StuckOpen => Fault::DoorStuckOpen { box_no: box_no? },
        FaultName::StuckClosed => Fault::DoorStuckClosed { box_no: box_no? },
        FaultName::Cut => Fault::DoorCut { box_no: box_no? },
        FaultName::Unsteady => Fault::DoorUnsteady { box_no: box_no? },
        FaultName::ItemStuckPresent => Fault::ItemStuckPresent { box_no: box_no? },
        FaultName::ItemStuckAbsent => Fault::ItemStuckAbsent { box_no: box_no? },
        FaultName::ItemCut => Fault::ItemCut { box_no: box_no? },
        FaultName::Dead => Fault::BoardDead { board: board? },
        FaultName::Slow => Fault::BoardSlow { board: board? },
        FaultName::AckLost => Fault::AckLost { board: board? },
        FaultName::LinkCut => return None,
    })
}

/// The name of a fault, and the box or board that has it.
fn named(fault: &Fault) -> Option<(&'static str, Result<BoxNo, u8>)> {
    Some(match fault {
        Fault::Jammed { box_no } => ("jam", Ok(*box_no)),
        Fault::DoorStuckOpen { box_no } => ("stuck_open", Ok(*box_no)),
        Fault::DoorStuckClosed { box_no } => ("stuck_closed", Ok(*box_no)),
        Fault::DoorCut { box_no } => ("cut", Ok(*box_no)),
        Fault::DoorUnsteady { box_no } => ("unsteady", Ok(*box_no)),
        Fault::ItemStuckPresent { box_no } => ("item_stuck_present", Ok(*box_no)),
        Fault::ItemStuckAbsent { box_no } => ("item_stuck_absent", Ok(*box_no)),
        Fault::ItemCut { box_no } => ("item_cut", Ok(*box_no)),
        Fault::BoardDead { board } => ("dead", Err(board + 1)),
        Fault::BoardSlow { board } => ("slow", Err(board + 1)),
        Fault::AckLost { board } => ("ack_lost", Err(board + 1)),
        _ => return None,
    })
}

fn drawing(state: &SimState, columns: u8, link_cut: bool) -> Value {
    let faults: Vec<_> = state.faults.iter().filter_map(named).collect();
    let of_box = |box_no| -> Vec<&str> {
        faults.iter().filter(|(_, whose)| *whose == Ok(box_no)).map(|(name, _)| *name).collect()
    };
    let of_board = |board| -> Vec<&str> {
        faults.iter().filter(|(_, whose)| *whose == Err(board)).map(|(name, _)| *name).collect()
    };
    let boxes = state.boxes.iter().map(|one| {
        let index = one.box_no.get() - 1;
        json!({
            "box_no": one.box_no,
            "column": index % columns,
            "row": index / columns,
            "board": one.board + 1,
            "open": one.door == Door::Open,
            "items": one.keys,
            "sensed_door": one.sensed_door,
            "sensed_item": one.sensed_item,
            "pulses": one.pulses,
            "faults": of_box(one.box_no),
        })
    });
    let mut boards: Vec<u8> = state.boxes.iter().map(|one| one.board + 1).collect();
    boards.dedup();
    let boards = boards.into_iter().map(|board| {
        let faults = of_board(board);
        json!({ "board": board, "dead": faults.contains(&"dead"), "slow": faults.contains(&"slow"), "faults": faults })
    });
    let (boxes, boards): (Vec<_>, Vec<_>) = (boxes.collect(), boards.collect());
    json!({ "boxes": boxes, "boards": boards, "link_cut": link_cut })
}

fn hands(api: &Api) -> Result<&CabinetHands, Problem> {
    let why = "the cabinet is a real one";
    api.0.hands.as_ref().ok_or_else(|| Problem::plain(StatusCode::NOT_FOUND, "cabinet.real", why))
}

fn people(error: &PeopleError) -> Problem {
    let (status, key) = match error {
        PeopleError::Sim(_) => (StatusCode::CONFLICT, "cabinet.refused"),
        _ => (StatusCode::BAD_GATEWAY, "cabinet.away"),
    };
    Problem::plain(status, key, error.to_string())
}

pub(super) async fn state(State(api): State<Api>) -> Result<Json<Value>, Problem> {
    let hands = hands(&api)?;
    let state = hands.state().await.map_err(|error| people(&error))?;
    Ok(Json(drawing(&state, hands.columns, api.0.wire.is_cut())))
}

pub(super) async fn act(
    State(api): State<Api>,
    body: Result<Json<Act>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let bad = |why: &str| Problem::plain(StatusCode::BAD_REQUEST, "http.not_an_act", why);
    let Json(act) = body.map_err(|_| bad("an act is open, pry, close, put, take or fault"))?;
    let command = match act {
        Act::Open { box_no } => SimCommand::Open { box_no },
        Act::Pry { box_no } => SimCommand::Pry { box_no },
        Act::Close { box_no } => SimCommand::Close { box_no },
        Act::Put { box_no, item } => SimCommand::Put { box_no, key: item },
        Act::Take { box_no } => SimCommand::Take { box_no, key: None },
        Act::Fault { fault: FaultName::LinkCut, on, .. } => {
            hands(&api)?;
            api.0.wire.set_cut(on);
            return state(State(api)).await;
        }
        Act::Fault { fault: name, box_no, board, on } => {
            let fault =
                fault(name, box_no, board).ok_or_else(|| bad("a fault names its box or its board"))?;
            if on { SimCommand::Hurt { fault } } else { SimCommand::Heal { fault } }
        }
    };
    hands(&api)?.command(command).await.map_err(|error| people(&error))?;
    state(State(api)).await
}

/// The cabinet has no bell of its own: it is looked at, some times a second, by one task a page.
pub(super) async fn events(State(api): State<Api>) -> Result<Response, Problem> {
    let (hands, wire) = (hands(&api)?.clone(), api.0.wire.clone());
    let (looked, latest) = watch::channel(String::new());
    let mut stopping = api.0.stopping.clone();
    tokio::spawn(async move {
        while !looked.is_closed() {
            if let Ok(state) = hands.state().await {
                let seen = drawing(&state, hands.columns, wire.is_cut()).to_string();
                looked.send_if_modified(|last| {
                    let is_new = *last != seen;
                    *last = seen;
                    is_new
                });
            }
            tokio::select! {
                _ = stopping.changed() => return,
                () = tokio::time::sleep(std::time::Duration::from_millis(100)) => {}
            }
        }
    });
    let reader = latest.clone();
    let mut last = String::new();
    let look = move || {
        let seen = reader.borrow().clone();
        if seen == last {
            return Vec::new();
        }
        last.clone_from(&seen);
        vec![Event::default().event("cabinet").data(seen)]
    };
    Ok(stream::events(api.0.stopping.clone(), latest, look).into_response())
}
