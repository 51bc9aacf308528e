//! What a locker's fact changes beside custody: tickets, help, notices, wishes.

use alloc::string::String;
use alloc::vec::Vec;

use super::custody::{VisitRow, Word, box_of};
use super::record::{user_of, visit_of};
use super::state::{
    Durable, HelpRow, HelpState, Hold, NOTICES_MAX, Notice, NoticeKind, Ticket, TicketEnd, WISHES_MAX,
    WishKind,
};
use crate::exchange::{FactKind, Finding, MessageState, ServiceReason};
use crate::ids::{BoxNo, HelpId, TabletId};
use crate::time::At;

impl Durable {
    /// Takes in a fact: custody, timeline, tickets, help, notices.
    pub(super) fn take_fact(&mut self, word: &Word<'_>, at: At, seq: u64) {
        if let Some(visit) = visit_of(word.kind) {
            // Whatever a locker speaks of, no new visit gets its number.
            self.next.visit = self.next.visit.max(visit.0);
            self.visit_mut(visit).take(word);
            self.displace_others(word);
        }
        self.take_notice(word, seq);
        self.take_ticket(word);
        match word.kind {
            FactKind::Settled { box_no, visit, finding, .. } => {
                if let (Finding::Empty, Some(visit)) = (finding, visit) {
                    let wish = WishKind::KeyMissing { visit: *visit, locker: word.locker, box_no: *box_no };
                    Self::push(&mut self.wishes, seq, wish, WISHES_MAX);
                }
            }
            FactKind::HelpCalled { help, step, .. } => self.take_help(word, *help, step, at),
            FactKind::Started
            | FactKind::KeyDropped { .. }
            | FactKind::KeyTaken { .. }
            | FactKind::KeyCollected { .. }
            | FactKind::OpenedForStaff { .. }
            | FactKind::OpenedByCode { .. }
            | FactKind::ToCheck { .. }
            | FactKind::OutOfService { .. }
            | FactKind::BackInService { .. }
            | FactKind::DoorLeftOpen { .. }
            | FactKind::DoorClosedAgain { .. }
            | FactKind::DoorForced { .. }
            | FactKind::SensorDoubted { .. }
            | FactKind::CodesLocked { .. }
            | FactKind::StaffCodesLocked { .. }
            | FactKind::OpeningsLimited { .. }
            | FactKind::PhoneAdded { .. }
            | FactKind::RemarkLeft { .. }
            | FactKind::Message { .. }
            | FactKind::MaintenanceBegan { .. }
            | FactKind::MaintenanceEnded
            | FactKind::ClockDoubted
            | FactKind::ClockConfirmed => {}
        }
    }

    /// No box holds the keys of two visits (SAFE-3).
    fn displace_others(&mut self, word: &Word<'_>) {
        let (Some(visit), Some(box_no)) = (visit_of(word.kind), box_of(word.kind)) else {
            return;
        };
        let is_in = |row: &VisitRow| row.is_reported_in(word.locker, box_no);
        if !self.visits.get(&visit).is_some_and(is_in) {
            return;
        }
        let others: Vec<_> =
            self.visits.iter().filter(|(id, row)| **id != visit && is_in(row)).map(|(id, _)| *id).collect();
        for other in others {
            self.visit_mut(other).is_displaced(word.locker, box_no, word.at);
        }
    }

    /// What a fact makes of the tickets: opened on, used, or given back because the door jammed.
    fn take_ticket(&mut self, word: &Word<'_>) {
        let tablets: Vec<TabletId> = self.tablets.keys().copied().collect();
        for id in tablets {
            let Some(hold) = self.tablets.get(&id).and_then(|row| next_hold(&row.hold, word)) else {
                continue;
            };
            if let Some(row) = self.tablets.get_mut(&id) {
                row.hold = hold;
            }
        }
    }

    /// One open request per locker; a repeat adds to it (HELP-3). The three minutes run from the first call, by the
    /// office's clock.
    fn take_help(&mut self, word: &Word<'_>, help: HelpId, step: &str, at: At) {
        let open = || HelpState::open(at);
        let row = self.help.entry(word.locker);
        row.and_modify(|row| {
            let is_handled = matches!(row.state, HelpState::Handled { .. });
            let is_new = is_handled && row.id != help;
            row.repeats = if is_new { 0 } else { row.repeats.saturating_add(1) };
            if is_new {
                row.at = word.at;
            }
            if is_handled {
                row.state = open();
            }
            row.id = help;
            row.step = String::from(step);
        })
        .or_insert_with(|| HelpRow {
            id: help,
            step: String::from(step),
            at: word.at,
            repeats: 0,
            state: open(),
        });
    }

    /// Tells users of what a fact says, or that what they were told is over.
    fn take_notice(&mut self, word: &Word<'_>, seq: u64) {
        let (over, begun) = notices_of(word.kind);
        let box_no = box_of(word.kind);
        for kind in over {
            self.end_notice(*kind, word);
        }
        if let Some(kind) = begun {
            let notice = Notice {
                kind,
                at: word.at,
                locker: Some(word.locker),
                box_no,
                visit: visit_of(word.kind),
                user: user_of(word.kind),
                over: None,
            };
            Self::push(&mut self.notices, seq, notice, NOTICES_MAX);
        }
    }

    fn end_notice(&mut self, kind: NoticeKind, word: &Word<'_>) {
        let box_no = box_of(word.kind);
        let open: Vec<u64> = self
            .notices
            .iter()
            .filter(|(_, notice)| {
                notice.over.is_none()
                    && notice.kind == kind
                    && notice.locker == Some(word.locker)
                    && notice.box_no == box_no
            })
            .map(|(key, _)| *key)
            .collect();
        for key in open {
            if let Some(notice) = self.notices.get_mut(&key) {
                notice.over = Some(word.at);
            }
        }
    }
}

/// How a ticket goes on after a fact; `None` when the fact is not about it.
fn next_hold(hold: &Hold, word: &Word<'_>) -> Option<Hold> {
    let used = Some(Hold::Ended(TicketEnd::Used));
    let is_here =
        |ticket: &Ticket, box_no: &BoxNo| ticket.locker == word.locker && box_of(word.kind) == Some(*box_no);
    match (hold, word.kind) {
        (Hold::Ticket(ticket), FactKind::OpenedForStaff { scan, box_no, .. })
            if ticket.scans.contains(scan) =>
        {
            // A drop ticket is good at any locker of the location; from here on it is this one's.
            let ticket = Ticket { locker: word.locker, ..ticket.clone() };
            Some(Hold::Opened { ticket, box_no: *box_no })
        }
        (
            Hold::Ticket(ticket) | Hold::Opened { ticket, .. },
            FactKind::KeyTaken { ticket: id, .. } | FactKind::KeyDropped { ticket: Some(id), .. },
        ) if ticket.id == *id => used,
        (Hold::Opened { ticket, box_no }, FactKind::Settled { .. } | FactKind::ToCheck { .. })
            if is_here(ticket, box_no) =>
        {
            used
        }
        (Hold::Opened { ticket, box_no }, FactKind::OutOfService { reason: ServiceReason::Jammed, .. })
            if is_here(ticket, box_no) =>
        {
            Some(Hold::Ticket(ticket.clone()))
        }
        (Hold::Nothing | Hold::Ticket(_) | Hold::Opened { .. } | Hold::Ended(_), _) => None,
    }
}

/// Which notices a fact ends, and which it begins.
fn notices_of(kind: &FactKind) -> (&'static [NoticeKind], Option<NoticeKind>) {
    match kind {
        FactKind::ToCheck { .. } => (&[NoticeKind::ToCheck], Some(NoticeKind::ToCheck)),
        FactKind::Settled { finding, visit: Some(_), .. } if *finding == Finding::Empty => {
            (&[NoticeKind::ToCheck], Some(NoticeKind::KeyMissing))
        }
        FactKind::Settled { finding: Finding::SomethingElse, .. } => (&[], None),
        FactKind::Settled { .. } => (&[NoticeKind::ToCheck], None),
        FactKind::OutOfService { .. } => (&[], Some(NoticeKind::OutOfService)),
        FactKind::BackInService { .. } => (&[NoticeKind::OutOfService], None),
        FactKind::DoorLeftOpen { .. } => (&[], Some(NoticeKind::DoorLeftOpen)),
        FactKind::DoorClosedAgain { .. } => (&[NoticeKind::DoorLeftOpen], None),
        FactKind::DoorForced { .. } => (&[], Some(NoticeKind::DoorForced)),
        FactKind::SensorDoubted { .. } => (&[], Some(NoticeKind::SensorDoubted)),
        FactKind::CodesLocked { .. } => (&[], Some(NoticeKind::CodesLocked)),
        FactKind::StaffCodesLocked { .. } => (&[], Some(NoticeKind::StaffCodesLocked)),
        FactKind::OpeningsLimited { .. } => (&[], Some(NoticeKind::OpeningsLimited)),
        FactKind::MaintenanceBegan { .. } | FactKind::MaintenanceEnded => (&[], None),
        FactKind::ClockDoubted => (&[], Some(NoticeKind::ClockDoubted)),
        FactKind::ClockConfirmed => (&[NoticeKind::ClockDoubted], None),
        FactKind::Message { state: MessageState::Failed, .. } => (&[], Some(NoticeKind::MessageFailed)),
        FactKind::Message { .. }
        | FactKind::Started
        | FactKind::KeyDropped { .. }
        | FactKind::KeyTaken { .. }
        | FactKind::KeyCollected { .. }
        | FactKind::OpenedForStaff { .. }
        | FactKind::OpenedByCode { .. }
        | FactKind::HelpCalled { .. }
        | FactKind::PhoneAdded { .. }
        | FactKind::RemarkLeft { .. } => (&[], None),
    }
}
