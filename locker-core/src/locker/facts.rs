//! The public facts of a locker, read off its records.

use alloc::string::String;
use alloc::vec::Vec;

use super::Locker;
use super::lookup;
use super::record::{Cause, Record};
use crate::exchange::{Fact, FactKind, MessageState, Settings, Template};
use crate::ids::{BoxNo, MessageId, VisitId};
use crate::machine::{Machine, Stamped};
use crate::secret::Personal;
use crate::visit::{Channel, Contact};

impl Locker {
    /// The public facts among `records`, for a receiver whose newest fact is `cursor`. The records are those behind
    /// the cursor, in order: of a step just committed, or read from the journal and opened with the vault.
    #[must_use]
    pub fn facts(&self, cursor: u64, records: &[Stamped<Record>]) -> Vec<Fact> {
        let mut prev = cursor;
        let mut facts = Vec::new();
        for stamped in records.iter().filter(|stamped| stamped.seq > cursor) {
            if let Some(kind) = kind_of(&stamped.record, &self.durable().settings) {
                let (seq, at) = (stamped.seq, stamped.at);
                facts.push(Fact { locker: self.durable().locker, seq, prev, at, head: self.head(), kind });
                prev = seq;
            }
        }
        facts
    }
}

fn kind_of(record: &Record, settings: &Settings) -> Option<FactKind> {
    Some(match record.clone() {
        Record::BootStarted { .. } => FactKind::Started,
        Record::KeyDropped { visit, box_no, evidence, user, ticket, .. } => {
            FactKind::KeyDropped { visit, box_no, evidence, user, ticket }
        }
        Record::KeyCollected { visit, box_no, evidence, .. } => {
            FactKind::KeyCollected { visit, box_no, evidence }
        }
        Record::KeyTaken { visit, box_no, user, ticket, .. } => {
            FactKind::KeyTaken { visit, box_no, user, ticket }
        }
        Record::ScanTaken { scan, user, opens, typed, .. } => {
            FactKind::OpenedForStaff { box_no: opens, scan, user, typed }
        }
        Record::StaffCodeTaken { user, how, opens, reason, .. } => {
            FactKind::OpenedByCode { box_no: opens, user, how, reason }
        }
        Record::BoxToCheck { box_no, visit, reason, user } => {
            FactKind::ToCheck { box_no, visit, user, reason }
        }
        Record::BoxSettled { box_no, visit, finding, user, .. } => {
            FactKind::Settled { box_no, visit, finding, user }
        }
        Record::BoxOutOfService { box_no, reason } => FactKind::OutOfService { box_no, reason },
        Record::BoxInService { box_no } => FactKind::BackInService { box_no },
        Record::DoorLeftOpen { box_no } => FactKind::DoorLeftOpen { box_no },
        Record::DoorClosed { box_no, was_left_open: true } => FactKind::DoorClosedAgain { box_no },
        Record::DoorOpened { box_no, cause, since_pulse_ms } => forced(box_no, cause, since_pulse_ms)?,
        Record::DoorUnsteady { box_no } | Record::DoorClaimedShut { box_no } => {
            FactKind::SensorDoubted { box_no }
        }
        Record::HelpCalled { help, session, step } => FactKind::HelpCalled { help, session, step },
        Record::CodesLocked { for_ms } => FactKind::CodesLocked { for_ms },
        Record::StaffCodesLocked { for_ms } => FactKind::StaffCodesLocked { for_ms },
        Record::OpeningsLimited { visit } => FactKind::OpeningsLimited { visit },
        Record::PhoneAdded { visit, phone } => FactKind::PhoneAdded { visit, phone: Some(phone) },
        Record::RemarkLeft { visit, remark } => FactKind::RemarkLeft { visit, remark },
        Record::MessageWanted { message, visit, template, to } => {
            message_fact(message, visit, template, &to, MessageState::Queued, settings)?
        }
        Record::MessageSent { message, visit, template, to } => {
            message_fact(message, visit, template, &to, MessageState::Sent, settings)?
        }
        Record::MessageFailed { message, visit, template, to } => {
            message_fact(message, visit, template, &to, MessageState::Failed, settings)?
        }
        Record::MaintenanceBegan { user, .. } => FactKind::MaintenanceBegan { user },
        Record::MaintenanceEnded {} => FactKind::MaintenanceEnded,
        Record::ClockDoubted { .. } => FactKind::ClockDoubted,
        Record::ClockConfirmed {} => FactKind::ClockConfirmed,
        Record::SetUp { .. }
        | Record::DesiredApplied { .. }
        | Record::VisitPut { .. }
        | Record::VisitGone { .. }
        | Record::SessionBegan { .. }
        | Record::SessionEnded { .. }
        | Record::LookupMissed { .. }
        | Record::CodeMade { .. }
        | Record::CodeDied { .. }
        | Record::CodeSlept { .. }
        | Record::CodeWoke { .. }
        | Record::CodeAccepted { .. }
        | Record::CodeReleased { .. }
        | Record::CodeFailed { .. }
        | Record::CodeFailedWithPlate { .. }
        | Record::CodesUnlocked {}
        | Record::CodesLifted { .. }
        | Record::TemporaryMade { .. }
        | Record::TotpEnrolled { .. }
        | Record::TotpRevoked { .. }
        | Record::TotpAccepted { .. }
        | Record::StaffCodeFailed { .. }
        | Record::BoxReserved { .. }
        | Record::BoxFreed { .. }
        | Record::BoxKept { .. }
        | Record::PulseGranted { .. }
        | Record::PulseReported { .. }
        | Record::ScanDenied { .. }
        | Record::DoorClosed { .. }
        | Record::DoorSteady { .. }
        | Record::JournalTorn {}
        | Record::HelpAnswered { .. } => return None,
    })
}

/// Of the doors that opened, the office hears of those that nobody was let open.
fn forced(box_no: BoxNo, cause: Cause, since_pulse_ms: Option<u64>) -> Option<FactKind> {
    let while_off = match cause {
        Cause::Forced => false,
        Cause::WhileOff => true,
        Cause::Commanded | Cause::Late | Cause::Maintenance | Cause::Found => return None,
    };
    Some(FactKind::DoorForced { box_no, since_pulse_ms, while_off })
}

fn message_fact(
    message: MessageId,
    visit: VisitId,
    template: Template,
    to: &Personal<Contact>,
    state: MessageState,
    settings: &Settings,
) -> Option<FactKind> {
    let contact = to.get();
    let channel = contact.map_or(Channel::Mail, |contact| contact.channel);
    let masked = contact.map_or(String::new(), |contact| lookup::mask_contact(contact, settings));
    let to = Personal::new(to.subject(), masked);
    Some(FactKind::Message { message, visit, channel, to, template, state })
}
