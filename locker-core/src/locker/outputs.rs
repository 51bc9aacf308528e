//! What the cabinet should be doing now, read off the state.

use alloc::vec;

use super::Locker;
use super::ask::Store;
use super::serve;
use super::session::{Phase, Stage, Step};
use crate::cabinet::{Buzzer, Light, Outputs, Pulse};
use crate::time::{MINUTE, Now};

/// A door open this long asks to be closed (BOX-5).
pub(crate) const ASK_TO_CLOSE_MS: u64 = MINUTE;

impl Locker {
    /// What every lock, light and buzzer should be doing now, as a lease of two seconds: read it again every second
    /// and after every commit. Before a start has been committed, and while the journal is down, no lock is fired.
    #[must_use]
    pub fn outputs(&self, now: &Now) -> Outputs {
        let mut outputs = Outputs::all_off(now.mono);
        if !self.frame.is_started() {
            return outputs;
        }
        let session = self.frame.session();
        outputs.edges_recorded = session.edges_seen;
        if session.doors.open.values().any(|since| now.mono.since(*since) >= ASK_TO_CLOSE_MS) {
            outputs.buzzer = Buzzer::CloseDoor;
        }
        let Stage::Active(active) = &session.stage else {
            return outputs;
        };
        let (Step::Serve(serving) | Step::Settle(serving)) = &active.step else {
            return outputs;
        };
        outputs.lights = vec![(serving.box_no, Light::Here)];
        if let Phase::Opening { pulse, not_after, report: None, .. } = serving.phase
            && session.store != Store::Down
            && now.mono <= not_after
        {
            let length_ms = serve::pulse_ms(self.durable());
            outputs.pulse = Some(Pulse { id: pulse, box_no: serving.box_no, length_ms, not_after });
        }
        outputs
    }
}
