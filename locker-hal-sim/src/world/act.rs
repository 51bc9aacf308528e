//! Doing deeds.

use locker_core::office::{self, By};
use locker_core::screen::{Action, Button, Surface, Touch};
use locker_core::{Answer, Ask, Coded, Generation, LockerId, Told};

use super::deed::{ClockFault, Computer, Deed, Input, Reply, Undone, Who};
use super::stage::{Holder, Seen, Site, Stage, index_of, undone};
use crate::SimCommand;

impl Stage {
    /// Does something now and keeps it as an input.
    ///
    /// # Errors
    /// [`Undone`] when nothing came of it; it is an input all the same.
    pub fn act(&mut self, deed: Deed) -> Result<Reply, Undone> {
        if self.plan.keeps_inputs {
            self.inputs.push(Input { at: self.now, deed: deed.clone() });
        }
        if self.seen.is_some() {
            self.see(Seen::Did { deed: deed.clone() });
        }
        match deed {
            Deed::Touch { locker, action, generation } => self.touch_with(locker, action, generation),
            Deed::TouchAgain { locker } => self.touch_again(locker),
            Deed::Cabinet { locker, who, command } => self.at_the_cabinet(locker, who, command),
            Deed::CheckIn { locker, visit, contact } => {
                let fresh = self.fresh();
                self.ask_locker(locker, Ask::CheckIn { visit, contact, fresh })
            }
            Deed::Plan { visits, whole } => self.plan_visits(visits, whole),
            Deed::Set { locker, settings } => self.set_locker(locker, settings),
            Deed::Locate { location } => {
                let asked = self.ask_office(office::Ask::SetLocation { by: By::Host, location });
                asked.map(|_| Reply::Done).map_err(|untaken| undone(&untaken))
            }
            Deed::Allow { staff, rights, active } => self.allow(staff, &rights, active),
            Deed::SecurityCode { code } => self.set_security_code(code),
            Deed::Ticket { staff, act, locker } => self.ticket(staff, act, locker),
            Deed::Scan { staff, act, locker } => {
                let text = self.shown_qr(locker).ok_or(Undone::NothingShown)?;
                self.scan(staff, act, locker, text)
            }
            Deed::ScanText { staff, act, locker, text } => self.scan(staff, act, locker, text),
            Deed::HandleHelp { staff, locker } => self.answer_help(staff, locker, true),
            Deed::DisregardHelp { staff, locker } => self.answer_help(staff, locker, false),
            Deed::SendAgain { staff, visit } => self.send_again(staff, visit),
            Deed::Erase { staff, visit } => self.erase(staff, visit),
            Deed::TemporaryPin { staff, locker, box_no } => self.temporary_pin(staff, locker, box_no),
            Deed::Enrol { staff, locker } => self.enrol(staff, locker),
            Deed::Revoke { staff, locker, whose } => self.revoke(staff, locker, whose),
            Deed::LiftLock { staff, locker } => {
                self.staff_asks(staff, office::Right::LiftLock, locker, |user| Ask::LiftLock { user })
            }
            Deed::BeginMaintenance { staff, locker } => {
                let reason = String::from("Zq yearly inspection");
                self.staff_asks(staff, office::Right::Service, locker, |user| Ask::BeginMaintenance {
                    user,
                    reason,
                })
            }
            Deed::EndMaintenance { locker } => self.ask_locker(locker, Ask::EndMaintenance),
            Deed::PowerCut { at, off_ms, power } => self.power_cut_at(at, off_ms, power),
            Deed::Crash { at, point, off_ms, spares } => {
                match self.computer(at) {
                    Some(index) => {
                        self.sites[index].off_ms = off_ms;
                        self.sites[index].host.crash = Some((point, spares));
                    }
                    None => {
                        self.office_off_ms = off_ms;
                        self.office.crash = Some((point, spares));
                    }
                }
                Ok(Reply::Done)
            }
            deed => self.go_wrong(deed),
        }
    }

    fn go_wrong(&mut self, deed: Deed) -> Result<Reply, Undone> {
        let now = self.now;
        match deed {
            Deed::Hang { at, ms } => match self.computer(at) {
                Some(index) => {
                    let site = &mut self.sites[index];
                    site.is_stirred = true;
                    site.outputs = site.outputs_now(now);
                    site.host.hangs_until = site.host.hangs_until.max(now + ms);
                    site.hardware.look_at(now);
                }
                None => self.office.hangs_until = self.office.hangs_until.max(now + ms),
            },
            Deed::Append { at, fault, spares } => match self.computer(at) {
                Some(index) => self.sites[index].host.disk.next = Some((fault, spares)),
                None => self.office.disk.next = Some((fault, spares)),
            },
            Deed::Spare { at } => match self.computer(at) {
                Some(index) => self.sites[index].host.spare(),
                None => self.office.spare(),
            },
            Deed::Disk { at, room } => match self.computer(at) {
                Some(index) => {
                    self.sites[index].host.disk.room = room;
                    let done = self.sites[index].host.see_room(now);
                    self.after(index, done.err());
                }
                None => self.office.disk.room = room,
            },
            Deed::Clock { at, fault } => self.clock(at, fault),
            Deed::Confirms { at, clock } => match self.computer(at) {
                Some(index) => self.sites[index].confirms = clock,
                None => self.office_confirms = clock,
            },
            Deed::Link { locker, link } => {
                let site = self.site_mut(locker).ok_or(Undone::NoSuch)?;
                site.link = link;
                if site.boot_at.is_none() {
                    site.link_at = Some(now);
                }
                if !link.down && site.boot_at.is_none() {
                    site.wanted_at.get_or_insert(now + link.delay_ms);
                    site.facts_at = Some(now + link.delay_ms);
                }
            }
            Deed::Post { locker, post } => {
                let site = self.site_mut(locker).ok_or(Undone::NoSuch)?;
                site.post = post;
                if site.boot_at.is_none() {
                    site.post_at.get_or_insert(now);
                }
            }
            _ => return Err(Undone::NoSuch),
        }
        Ok(Reply::Done)
    }

    /// Presses a button on the bottom screen as it is now.
    ///
    /// # Errors
    /// [`Undone`].
    pub fn press(&mut self, locker: LockerId, button: Button) -> Result<Reply, Undone> {
        self.touch(locker, Action::Press { button })
    }

    /// Touches the bottom screen as it is now.
    ///
    /// # Errors
    /// [`Undone`].
    pub fn touch(&mut self, locker: LockerId, action: Action) -> Result<Reply, Undone> {
        self.act(Deed::Touch { locker, action, generation: None })
    }

    /// Types digits on the pad and presses *OK*.
    ///
    /// # Errors
    /// The first [`Undone`].
    pub fn type_pin(&mut self, locker: LockerId, pin: &str) -> Result<Reply, Undone> {
        for digit in pin.bytes().filter(u8::is_ascii_digit) {
            self.touch(locker, Action::Digit { digit: digit - b'0' })?;
        }
        self.press(locker, Button::Ok)
    }

    /// Does something to a cabinet.
    ///
    /// # Errors
    /// [`Undone::Cabinet`] when that cannot be done.
    pub fn command(&mut self, locker: LockerId, who: Who, command: SimCommand) -> Result<Reply, Undone> {
        self.act(Deed::Cabinet { locker, who, command })
    }

    /// The power of a locker goes now, and comes back after `off_ms`.
    ///
    /// # Errors
    /// [`Undone::NoSuch`] without such a locker.
    pub fn power_cut(&mut self, locker: LockerId, off_ms: u64) -> Result<Reply, Undone> {
        self.act(Deed::PowerCut { at: Computer::Locker(locker), off_ms, power: true })
    }

    fn touch_with(
        &mut self,
        locker: LockerId,
        action: Action,
        generation: Option<Generation>,
    ) -> Result<Reply, Undone> {
        let index = index_of(locker).filter(|index| *index < self.sites.len()).ok_or(Undone::NoSuch)?;
        let generation = generation.unwrap_or_else(|| self.screen(locker, Surface::Bottom).generation);
        let site = &mut self.sites[index];
        site.touches += 1;
        let touch_id = site.touches;
        self.touched(index, touch_id, action, generation)
    }

    fn touch_again(&mut self, locker: LockerId) -> Result<Reply, Undone> {
        let index = index_of(locker).filter(|index| *index < self.sites.len()).ok_or(Undone::NoSuch)?;
        let (touch_id, action, generation) =
            self.sites[index].last_touch.clone().ok_or(Undone::NothingShown)?;
        self.touched(index, touch_id, action, generation)
    }

    fn touched(
        &mut self,
        index: usize,
        touch_id: u64,
        action: Action,
        generation: Generation,
    ) -> Result<Reply, Undone> {
        let fresh = self.fresh();
        let site: &mut Site = &mut self.sites[index];
        site.last_touch = Some((touch_id, action.clone(), generation));
        let touch = Touch { generation, touch_id, action, fresh };
        let asked = site.host.ask(self.now, Ask::Touch(touch));
        self.after(index, asked.as_ref().err().copied());
        match asked {
            Ok(Answer::Denied(denial)) => Ok(Reply::Denied(denial.code())),
            Ok(_) => Ok(Reply::Done),
            Err(untaken) => Err(undone(&untaken)),
        }
    }

    fn at_the_cabinet(&mut self, locker: LockerId, who: Who, command: SimCommand) -> Result<Reply, Undone> {
        let now = self.now;
        let index = index_of(locker).filter(|index| *index < self.sites.len()).ok_or(Undone::NoSuch)?;
        self.sites[index].is_stirred = true;
        let hardware = &mut self.sites[index].hardware;
        match command.clone() {
            SimCommand::Put { box_no, key } => {
                hardware.command(now, command)?;
                self.moved(key, Holder::Box { locker, box_no, by: who });
            }
            SimCommand::Take { box_no, key } => {
                let key = key.or_else(|| hardware.keys(box_no).pop());
                hardware.command(now, SimCommand::Take { box_no, key: key.clone() })?;
                if let Some(key) = key {
                    self.moved(key, Holder::Hand { who, locker, box_no });
                }
            }
            _ => hardware.command(now, command)?,
        }
        Ok(Reply::Done)
    }

    fn moved(&mut self, key: String, to: Holder) {
        self.holders.insert(key.clone(), to);
        self.see(Seen::Moved { key, to });
    }

    fn power_cut_at(&mut self, at: Computer, off_ms: u64, power: bool) -> Result<Reply, Undone> {
        match (self.computer(at), at) {
            (Some(index), _) => self.stop_site(index, off_ms, power),
            (None, Computer::Office) => self.stop_office(off_ms, power),
            (None, Computer::Locker(_)) => return Err(Undone::NoSuch),
        }
        Ok(Reply::Done)
    }

    fn clock(&mut self, at: Computer, fault: ClockFault) {
        let now = self.now;
        let index = self.computer(at);
        let clocks = match index {
            Some(index) => &mut self.sites[index].host.clocks,
            None => &mut self.office.clocks,
        };
        match fault {
            ClockFault::Step(ms) => clocks.wall_off_ms += ms,
            ClockFault::Drift(ppm) => clocks.drift(now, i64::from(ppm).clamp(-500_000, 500_000)),
            ClockFault::Confirm => clocks.set_right(now),
        }
        match index {
            Some(index) => {
                self.sites[index].host.rewake();
                if fault == ClockFault::Confirm {
                    let done = self.sites[index].host.note(now, Told::ClockConfirmed);
                    self.after(index, done.err());
                }
            }
            None => self.office.rewake(),
        }
    }
}
