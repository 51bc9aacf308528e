//! Hands at the simulated cabinet, over its socket, without a runtime.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};

use locker_hal_sim::{Ask, Request, SimAnswer, SimCommand, SimError, SimState, Wanted};
use locker_hal_sim::{Reply, ReplyBody};

/// A connection to the cabinet's process.
pub struct Hands {
    stream: BufReader<TcpStream>,
    last_id: u64,
}

impl Hands {
    /// Connects.
    #[must_use]
    pub fn at(cabinet: SocketAddr) -> Self {
        let stream = TcpStream::connect(cabinet).expect("the cabinet's process outlives every kill");
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream), last_id: 0 }
    }

    /// Does something; says whether the cabinet let it be done.
    pub fn command(&mut self, command: SimCommand) -> Result<(), SimError> {
        match self.ask(Wanted::Do(command)) {
            ReplyBody::Ok(_) => Ok(()),
            ReplyBody::Error(error) => Err(error),
        }
    }

    /// The whole truth.
    pub fn state(&mut self) -> SimState {
        match self.ask(Wanted::Ask(Ask::State)) {
            ReplyBody::Ok(SimAnswer::State(state)) => state,
            other => panic!("the cabinet says how it is: {other:?}"),
        }
    }

    fn ask(&mut self, body: Wanted) -> ReplyBody {
        self.last_id += 1;
        let mut line = serde_json::to_vec(&Request { id: self.last_id, body }).unwrap();
        line.push(b'\n');
        self.stream.get_mut().write_all(&line).unwrap();
        let mut answer = String::new();
        self.stream.read_line(&mut answer).unwrap();
        let reply: Reply = serde_json::from_str(&answer).unwrap();
        assert_eq!(reply.id, Some(self.last_id));
        reply.body
    }
}
