//! Touches of the bottom screen: what every frontend sends, whatever it is drawn with.

use locker_core::screen::{Action, Button, Touch};
use locker_core::{Ask, Generation, Refusal};

use super::LockerHandle;
use crate::clock;
use crate::task::{AskError, Undone};

impl LockerHandle {
    /// Tells the locker what was done on the screen of `generation`, with fresh randomness. `touch_id` rises with every
    /// touch of a frontend; one that was seen is answered again and changes nothing.
    ///
    /// # Errors
    /// [`AskError`]: the locker refused it, or nothing could be recorded. Then nothing has happened, and the same touch
    /// may be sent again.
    pub async fn touch(
        &self,
        generation: Generation,
        touch_id: u64,
        action: Action,
    ) -> Result<(), AskError<Refusal>> {
        let calls = action == Action::Press { button: Button::CallHelp };
        let touch = Touch { generation, touch_id, action, fresh: clock::fresh() };
        let mut answer = self.ask(Ask::Touch(touch.clone())).await;
        // Whoever calls for help must not be the one who finds out that nothing can be recorded: the locker knows it now,
        // and calls without a record (SAFE-8).
        if calls && answer == Err(AskError::Undone(Undone::Unrecorded)) {
            answer = self.ask(Ask::Touch(touch)).await;
        }
        answer.map(|_| ())
    }
}
