//! The people of the dealership at the office: log-in, planning, tickets, scans, calls for help.

use locker_core::office::{self, By, Caller, ContactChoice, Import, Office, UserInput, VisitInput};
use locker_core::screen::{Surface, Widget};
use locker_core::{
    Act, Answer, Ask, Coded, LockerId, QrPayload, Scan, Secret, Settings, Told, UserId, VisitId,
};

use super::deed::{Planned, Reply, Undone};
use super::host::Untaken;
use super::link::Flight;
use super::stage::{Badge, Stage, index_of, undone};

type Asked = Result<office::Answer, Untaken<office::Refusal>>;

impl Stage {
    /// The office's first day: location, users, lockers, security code.
    pub(super) fn open_the_office(&mut self) {
        let at = self.now;
        if self.office.boot(at).is_err() {
            return;
        }
        let location = self.plan.location.clone();
        let _ = self.ask_office(office::Ask::SetLocation { by: By::Host, location });
        for n in 0..self.plan.staff.len() {
            let input = self.user_input(n, true);
            let asked = self.ask_office(office::Ask::SetUser { by: By::Host, user: None, input });
            let user = if let Ok(office::Answer::User(user)) = asked { user } else { UserId(0) };
            self.staff.push(Badge { user, token: None });
        }
        for n in 0..self.sites.len() {
            let mut settings = self.plan.settings.clone();
            settings.name = format!("{} {}", settings.name, n + 1);
            let boxes = self.plan.boxes;
            let _ = self.ask_office(office::Ask::SetLocker { by: By::Host, locker: None, settings, boxes });
        }
        let _ = self.set_security_code(self.security_code);
        for staff in 0..self.staff.len() {
            self.log_in(staff);
        }
    }

    fn user_input(&self, n: usize, active: bool) -> UserInput {
        let staff = &self.plan.staff[n];
        UserInput {
            login: staff.login.clone(),
            name: format!("Zq{}", staff.login),
            role: staff.role,
            rights: staff.rights(),
            active,
        }
    }

    pub(super) fn ask_office(&mut self, ask: office::Ask) -> Asked {
        let asked = self.office.ask(self.now, ask);
        self.after_office(&asked);
        asked
    }

    pub(super) fn after_office<T>(&mut self, done: &Result<T, Untaken<office::Refusal>>) {
        if matches!(done, Err(Untaken::Crashed)) {
            self.office_crashed();
        }
        if !self.office.recorded.is_empty() || done.is_err() {
            self.office_changed();
        }
    }

    fn log_in(&mut self, staff: usize) -> Option<Caller> {
        let badge = self.staff.get(staff)?;
        let (user, earlier) = (badge.user, badge.token.clone());
        let fresh = self.fresh();
        let asked = self.ask_office(office::Ask::LogIn { user, earlier, fresh });
        let Ok(office::Answer::LoggedIn { token }) = asked else { return None };
        let caller = self.office.machine.as_ref()?.authorize(&token);
        self.staff[staff].token = Some(token);
        caller
    }

    /// A member of staff on a tablet, logged in: to read the office's pages with.
    ///
    /// # Errors
    /// [`Undone`] when there is nobody of that number, or the office is off.
    pub fn caller(&mut self, staff: u8) -> Result<Caller, Undone> {
        let staff = usize::from(staff);
        let badge = self.staff.get(staff).ok_or(Undone::NoSuch)?;
        let office = self.office.machine.as_ref().ok_or(Undone::Away)?;
        let caller = badge.token.as_ref().and_then(|token| office.authorize(token));
        match caller {
            Some(caller) => Ok(caller),
            None => self.log_in(staff).ok_or(Undone::Away),
        }
    }

    /// The same if somebody is logged in already: nothing changes.
    pub(super) fn who_is_logged_in(&self, staff: u8) -> Option<Caller> {
        let token = self.staff.get(usize::from(staff))?.token.as_ref()?;
        self.office.machine.as_ref()?.authorize(token)
    }

    pub(super) fn set_security_code(&mut self, code: u16) -> Result<Reply, Undone> {
        let secret = Secret::new(code.to_string());
        let asked = self.ask_office(office::Ask::SetSecurityCode { by: By::Host, code: secret });
        if asked.is_ok() {
            self.security_code = code;
            self.lift_code_locks();
        }
        reply_of(asked)
    }

    /// Whoever typed the old code too often may type again.
    fn lift_code_locks(&mut self) {
        let holders = |badge: &Badge| {
            let tablet = badge.token.as_ref().map(|token| office::CodeHolder::Tablet(token.tablet));
            [Some(office::CodeHolder::User(badge.user)), tablet]
        };
        let holders: Vec<_> = self.staff.iter().flat_map(holders).flatten().collect();
        for holder in holders {
            // Refused when there is nothing to lift.
            let _ = self.ask_office(office::Ask::LiftCodeLock { by: By::Host, holder });
        }
    }

    pub(super) fn allow(
        &mut self,
        staff: u8,
        rights: &[office::Right],
        active: bool,
    ) -> Result<Reply, Undone> {
        let n = usize::from(staff);
        let user = self.user(staff).ok_or(Undone::NoSuch)?;
        let mut input = self.user_input(n, active);
        input.rights = rights.iter().copied().filter(|right| input.role.may_have(*right)).collect();
        reply_of(self.ask_office(office::Ask::SetUser { by: By::Host, user: Some(user), input }))
    }

    pub(super) fn set_locker(&mut self, locker: LockerId, settings: Settings) -> Result<Reply, Undone> {
        let boxes = self.plan.boxes;
        let locker = Some(locker);
        reply_of(self.ask_office(office::Ask::SetLocker { by: By::Host, locker, settings, boxes }))
    }

    pub(super) fn plan_visits(&mut self, visits: Vec<Planned>, whole: bool) -> Result<Reply, Undone> {
        let row = |planned: Planned| VisitInput {
            date: planned.date,
            plate: planned.plate,
            vehicle: planned.vehicle,
            driver: planned.driver,
            owner: None,
            contractor: None,
            orders: planned.orders,
            on_hold: planned.on_hold,
        };
        let absent = if whole { office::Absent::Withdraw } else { office::Absent::Keep };
        let import = Import { visits: visits.into_iter().map(row).collect(), absent, ..Import::default() };
        reply_of(self.ask_office(office::Ask::Import { by: By::Host, import }))
    }

    /// A ticket for an act, with the right security code.
    pub(super) fn ticket(&mut self, staff: u8, act: Act, locker: LockerId) -> Result<Reply, Undone> {
        let caller = self.caller(staff)?;
        let security_code = Secret::new(self.security_code.to_string());
        let contact = match act {
            Act::Drop { visit } => self.first_contact(caller, visit),
            Act::PickUp { .. } | Act::Check { .. } => None,
        };
        let locker = Some(locker);
        let ask = |caller| office::Ask::RequestTicket {
            caller,
            act,
            locker,
            contact,
            security_code: security_code.clone(),
        };
        match self.ask_office(ask(caller)) {
            Err(Untaken::Refused(office::Refusal::LogInAgain)) => {
                let caller = self.log_in(usize::from(staff)).ok_or(Undone::Away)?;
                reply_of(self.ask_office(ask(caller)))
            }
            asked => reply_of(asked),
        }
    }

    /// Who would get the PIN: the first whom the office offers.
    fn first_contact(&self, caller: Caller, visit: VisitId) -> Option<ContactChoice> {
        let now = self.office.clocks.now(self.now);
        let page = self.office.machine.as_ref()?.visit_page(&caller, visit, &now).ok()?;
        page.contacts.first().map(|contact| contact.choice)
    }

    /// The PIN of a key that waits for its customer is sent again (STAFF-DROP-6).
    pub(super) fn send_again(&mut self, staff: u8, visit: VisitId) -> Result<Reply, Undone> {
        let caller = self.caller(staff)?;
        let contact = self.first_contact(caller, visit).ok_or(Undone::NoSuch)?;
        match self.ask_office(office::Ask::SendAgain { caller, visit, contact }) {
            Ok(office::Answer::SendAgain { locker, visit, to }) => {
                self.ask_locker(locker, Ask::SendAgain { visit, to })
            }
            asked => reply_of(asked),
        }
    }

    /// What a tablet's camera finds on the bottom screen of a locker.
    #[must_use]
    pub fn shown_qr(&self, locker: LockerId) -> Option<String> {
        let screen = self.screen(locker, Surface::Bottom);
        screen.widgets.into_iter().find_map(|widget| match widget {
            Widget::Qr { payload, .. } => Some(payload),
            _ => None,
        })
    }

    /// A tablet has scanned or typed `text`.
    pub(super) fn scan(
        &mut self,
        staff: u8,
        act: Act,
        locker: LockerId,
        text: String,
    ) -> Result<Reply, Undone> {
        let caller = self.caller(staff)?;
        // The digits alone do not say where they were read.
        let named = text.parse::<QrPayload>().is_err().then_some(locker);
        let text = Secret::new(text);
        let asked = self.ask_office(office::Ask::Scan { caller, act, text, locker: named });
        let (there, scan) = match asked {
            Ok(office::Answer::Forward { locker, scan }) => (locker, scan),
            asked => return reply_of(asked),
        };
        let index = index_of(there).filter(|index| *index < self.sites.len()).ok_or(Undone::NoSuch)?;
        let link = self.sites[index].link;
        if link.down {
            return Err(Undone::Away);
        }
        if link.delay_ms > 0 {
            self.send_later(self.now + link.delay_ms, Flight::Scan { locker: there, scan });
            return Ok(Reply::Sent);
        }
        self.scan_now(there, scan)
    }

    fn scan_now(&mut self, locker: LockerId, scan: Scan) -> Result<Reply, Undone> {
        match self.scan_arrives(locker, scan) {
            Ok(Answer::Opens(box_no)) => Ok(Reply::Opens(box_no)),
            Ok(Answer::Denied(denial)) => Ok(Reply::Denied(denial.code())),
            Ok(Answer::Done | Answer::Code { .. } | Answer::Temporary { .. } | Answer::Enrolled { .. }) => {
                Ok(Reply::Done)
            }
            Err(untaken) => Err(undone(&untaken)),
        }
    }

    /// The call for help of a locker is handled or disregarded.
    pub(super) fn answer_help(
        &mut self,
        staff: u8,
        locker: LockerId,
        handles: bool,
    ) -> Result<Reply, Undone> {
        let caller = self.caller(staff)?;
        let now = self.office.clocks.now(self.now);
        let calls =
            self.office.machine.as_ref().and_then(|office: &Office| office.help_calls(&caller, &now).ok());
        let call = calls.into_iter().flatten().find(|call| call.locker == locker);
        let help = call.ok_or(Undone::NoSuch)?.id;
        let ask = if handles {
            office::Ask::HandleHelp { caller, locker, help }
        } else {
            office::Ask::DisregardHelp { caller, locker, help }
        };
        let asked = self.ask_office(ask);
        if let Ok(office::Answer::Help { locker, help, answer }) = asked {
            let index = index_of(locker).ok_or(Undone::NoSuch)?;
            if !self.sites[index].link.down {
                self.tell_locker(locker, Told::Help { help, answer });
            }
            return Ok(Reply::Done);
        }
        reply_of(asked)
    }

    /// A live request of a member of staff who must have a right.
    pub(super) fn staff_asks(
        &mut self,
        staff: u8,
        right: office::Right,
        locker: LockerId,
        ask: impl FnOnce(UserId) -> Ask,
    ) -> Result<Reply, Undone> {
        let caller = self.caller(staff)?;
        let now = self.office.clocks.now(self.now);
        let office = self.office.machine.as_ref().ok_or(Undone::Away)?;
        let me = office.me(&caller, &now).map_err(|refusal| Undone::Refused(refusal.code()))?;
        if !me.rights.contains(&right) {
            return Ok(Reply::Denied(office::Denial::NoRight { right }.code()));
        }
        self.ask_locker(locker, ask(caller.user()))
    }

    /// A live request over the line.
    pub(super) fn ask_locker(&mut self, locker: LockerId, ask: Ask) -> Result<Reply, Undone> {
        let index = index_of(locker).filter(|index| *index < self.sites.len()).ok_or(Undone::NoSuch)?;
        if self.sites[index].link.down {
            return Err(Undone::Away);
        }
        let asked = self.sites[index].host.ask(self.now, ask);
        self.after(index, asked.as_ref().err().copied());
        match asked {
            Ok(Answer::Done) => Ok(Reply::Done),
            Ok(Answer::Denied(denial)) => Ok(Reply::Denied(denial.code())),
            Ok(Answer::Opens(box_no)) => Ok(Reply::Opens(box_no)),
            Ok(Answer::Code { message, pin }) => {
                let machine = self.sites[index].host.machine.as_ref();
                let open = machine.map(locker_core::Locker::open_messages).unwrap_or_default();
                if let Some(open) = open.iter().find(|open| open.message == message) {
                    // The page that shows the PIN hands the message over itself.
                    self.hand_over(index, open, pin.reveal());
                    let outcome = locker_core::Delivery::Accepted;
                    let done = self.sites[index].host.note(self.now, Told::Delivery { message, outcome });
                    self.after(index, done.err());
                }
                Ok(Reply::Pin(String::from_utf8_lossy(pin.reveal()).into_owned()))
            }
            Ok(Answer::Temporary { pin }) => {
                Ok(Reply::Pin(String::from_utf8_lossy(pin.reveal()).into_owned()))
            }
            // Its page takes the secret off the locker's own answer.
            Ok(Answer::Enrolled { .. }) => Ok(Reply::Done),
            Err(untaken) => Err(undone(&untaken)),
        }
    }
}

pub(super) fn reply_of(asked: Asked) -> Result<Reply, Undone> {
    match asked {
        Ok(office::Answer::Ticket { locker, .. }) => Ok(Reply::Ticket(locker)),
        Ok(office::Answer::Denied(denial)) => Ok(Reply::Denied(denial.code())),
        Ok(_) => Ok(Reply::Done),
        Err(untaken) => Err(undone(&untaken)),
    }
}
