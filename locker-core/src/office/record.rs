//! What happened in the office, in the past tense. Described for readers in `docs/schema-office.md`.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use super::code::{CodeHolder, Hashed};
use super::state::{Location, TicketEnd};
use super::user::{Rights, Role};
use crate::chain::Head;
use crate::exchange::{Act, FactKind, Settings};
use crate::ids::{BoxNo, HelpId, LockerId, ScanId, TabletId, TicketId, UserId, VisitId};
use crate::secret::{HoldsPersonal, Personal, Sealable};
use crate::time::{At, Date};
use crate::vault::{SealError, Subject};
use crate::visit::{Contact, Visit};

/// A record of the office. Additive only: a kind and its fields never change their meaning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "k")]
#[allow(missing_docs, reason = "the fields are described in docs/schema-office.md, which a test checks")]
pub enum Record {
    /// The host started: tickets grow older by the wall clock or die, waits begin again.
    #[serde(rename = "office.started")]
    Started { wall_trusted: bool },
    /// The location was entered or changed.
    #[serde(rename = "location.put")]
    LocationPut { location: Location, by: Option<UserId> },
    /// A locker was entered or its settings changed.
    #[serde(rename = "locker.put")]
    LockerPut { locker: LockerId, settings: Settings, boxes: u8, by: Option<UserId> },
    /// A user was entered or changed.
    #[serde(rename = "user.put")]
    UserPut {
        user: UserId,
        login: Personal<String>,
        name: Personal<String>,
        role: Role,
        rights: Rights,
        active: bool,
        by: Option<UserId>,
    },
    /// A visit came from planning, new or changed.
    #[serde(rename = "visit.put")]
    VisitPut { visit: Visit, owner: Option<Personal<String>>, contractor: Option<Personal<String>> },
    /// Planning no longer has the visit; it is kept while its key is not with the customer.
    #[serde(rename = "visit.withdrawn")]
    VisitWithdrawn { visit: VisitId },
    /// A visit long over was forgotten.
    #[serde(rename = "visit.forgotten")]
    VisitForgotten { visit: VisitId },
    /// The car of a visit is in the shop.
    #[serde(rename = "visit.car_in_shop")]
    CarInShop { visit: VisitId, by: UserId },
    /// A remark was shown to mechanics, or hidden again.
    #[serde(rename = "remark.shared")]
    RemarkShared { visit: VisitId, visible: bool, by: UserId },
    /// A user logged in on a tablet.
    #[serde(rename = "tablet.logged_in")]
    LoggedIn { tablet: TabletId, user: UserId, token: Hashed },
    /// A tablet was logged out; its ticket is dropped.
    #[serde(rename = "tablet.logged_out")]
    LoggedOut { tablet: TabletId },
    /// The security code was set; every tablet has to log in again before it can ask for a ticket.
    #[serde(rename = "security_code.set")]
    CodeSet { code: Hashed, by: Option<UserId> },
    /// A wrong security code was given.
    #[serde(rename = "security_code.wrong")]
    CodeWrong { tablet: TabletId, user: UserId },
    /// A wait after wrong codes is over.
    #[serde(rename = "security_code.wait_over")]
    CodeWaitOver { holder: CodeHolder },
    /// A dealer admin lifted wait or lock; the count begins again.
    #[serde(rename = "security_code.lifted")]
    CodeLifted { holder: CodeHolder, by: Option<UserId> },
    /// A ticket was granted on the right security code, whose wrong tries are forgotten.
    #[serde(rename = "ticket.granted")]
    TicketGranted {
        ticket: TicketId,
        tablet: TabletId,
        user: UserId,
        locker: LockerId,
        act: Act,
        minutes: u16,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Personal<Contact>>,
    },
    /// A user had the PIN of a waiting key sent again (STAFF-DROP-6).
    #[serde(rename = "pin.sent_again")]
    PinSentAgain { visit: VisitId, tablet: TabletId, user: UserId, locker: LockerId },
    /// A user asked for a temporary PIN (CODE-8).
    #[serde(rename = "temporary_pin.asked")]
    TemporaryPinAsked {
        tablet: TabletId,
        user: UserId,
        locker: LockerId,
        box_no: Option<BoxNo>,
        reason: Personal<String>,
    },
    /// A user enrolled an authenticator for a locker (CODE-9).
    #[serde(rename = "authenticator.enrolled")]
    AuthenticatorEnrolled { tablet: TabletId, user: UserId, locker: LockerId },
    /// A user's authenticator for a locker was revoked.
    #[serde(rename = "authenticator.revoked")]
    AuthenticatorRevoked { user: UserId, locker: LockerId, by: UserId },
    /// A ticket ended other than by use.
    #[serde(rename = "ticket.ended")]
    TicketEnded { ticket: TicketId, tablet: TabletId, end: TicketEnd },
    /// A scan was handed to the locker.
    #[serde(rename = "scan.forwarded")]
    ScanForwarded {
        scan: ScanId,
        ticket: TicketId,
        tablet: TabletId,
        user: UserId,
        locker: LockerId,
        typed: bool,
    },
    /// The locker answered a scan: granted, or denied with a number.
    #[serde(rename = "scan.answered")]
    ScanAnswered { scan: ScanId, denied: Option<u16> },
    /// The office denied something.
    #[serde(rename = "ask.denied")]
    Denied { denial: u16, tablet: TabletId, user: UserId, locker: Option<LockerId>, act: Option<Act> },
    /// A user handles a call for help.
    #[serde(rename = "help.handled")]
    HelpHandled { locker: LockerId, help: HelpId, user: UserId },
    /// A user disregards a call for help.
    #[serde(rename = "help.disregarded")]
    HelpDisregarded { locker: LockerId, help: HelpId, user: UserId },
    /// A call for help was not handled in time and is told again.
    #[serde(rename = "help.told_again")]
    HelpToldAgain { locker: LockerId, help: HelpId },
    /// A public fact of a locker was taken in.
    #[serde(rename = "fact.taken")]
    FactTaken { locker: LockerId, fact_seq: u64, fact_at: At, head: Head, fact: FactKind },
    /// The host did what was wished.
    #[serde(rename = "wish.done")]
    WishDone { wish: u64 },
    /// The location is to be told, today, that nobody collects a key.
    #[serde(rename = "uncollected.told")]
    UncollectedTold { visit: VisitId, locker: LockerId, box_no: BoxNo, day: Date },
    /// What is personal of somebody is to be erased; by age when no user is named.
    #[serde(rename = "erasure.began")]
    ErasureBegan { subject: Subject, by: Option<UserId> },
    /// The subject's key was destroyed.
    #[serde(rename = "erasure.done")]
    Erased { subject: Subject },
}

impl Record {
    /// All kinds, as they stand in the journal.
    pub const KINDS: [&'static str; 32] = [
        "office.started",
        "location.put",
        "locker.put",
        "user.put",
        "visit.put",
        "visit.withdrawn",
        "visit.forgotten",
        "visit.car_in_shop",
        "remark.shared",
        "tablet.logged_in",
        "tablet.logged_out",
        "security_code.set",
        "security_code.wrong",
        "security_code.wait_over",
        "security_code.lifted",
        "ticket.granted",
        "pin.sent_again",
        "temporary_pin.asked",
        "authenticator.enrolled",
        "authenticator.revoked",
        "ticket.ended",
        "scan.forwarded",
        "scan.answered",
        "ask.denied",
        "help.handled",
        "help.disregarded",
        "help.told_again",
        "fact.taken",
        "wish.done",
        "uncollected.told",
        "erasure.began",
        "erasure.done",
    ];

    /// The kind, as it stands in the journal.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Started { .. } => "office.started",
            Self::LocationPut { .. } => "location.put",
            Self::LockerPut { .. } => "locker.put",
            Self::UserPut { .. } => "user.put",
            Self::VisitPut { .. } => "visit.put",
            Self::VisitWithdrawn { .. } => "visit.withdrawn",
            Self::VisitForgotten { .. } => "visit.forgotten",
            Self::CarInShop { .. } => "visit.car_in_shop",
            Self::RemarkShared { .. } => "remark.shared",
            Self::LoggedIn { .. } => "tablet.logged_in",
            Self::LoggedOut { .. } => "tablet.logged_out",
            Self::CodeSet { .. } => "security_code.set",
            Self::CodeWrong { .. } => "security_code.wrong",
            Self::CodeWaitOver { .. } => "security_code.wait_over",
            Self::CodeLifted { .. } => "security_code.lifted",
            Self::TicketGranted { .. } => "ticket.granted",
            Self::PinSentAgain { .. } => "pin.sent_again",
            Self::TemporaryPinAsked { .. } => "temporary_pin.asked",
            Self::AuthenticatorEnrolled { .. } => "authenticator.enrolled",
            Self::AuthenticatorRevoked { .. } => "authenticator.revoked",
            Self::TicketEnded { .. } => "ticket.ended",
            Self::ScanForwarded { .. } => "scan.forwarded",
            Self::ScanAnswered { .. } => "scan.answered",
            Self::Denied { .. } => "ask.denied",
            Self::HelpHandled { .. } => "help.handled",
            Self::HelpDisregarded { .. } => "help.disregarded",
            Self::HelpToldAgain { .. } => "help.told_again",
            Self::FactTaken { .. } => "fact.taken",
            Self::WishDone { .. } => "wish.done",
            Self::UncollectedTold { .. } => "uncollected.told",
            Self::ErasureBegan { .. } => "erasure.began",
            Self::Erased { .. } => "erasure.done",
        }
    }
}

impl HoldsPersonal for Record {
    fn visit_personal(
        &mut self,
        visit_one: &mut dyn FnMut(&mut dyn Sealable) -> Result<(), SealError>,
    ) -> Result<(), SealError> {
        match self {
            Self::UserPut { login, name, .. } => {
                visit_one(login)?;
                visit_one(name)
            }
            Self::VisitPut { visit, owner, contractor } => {
                visit.visit_personal(visit_one)?;
                for name in [owner, contractor].into_iter().flatten() {
                    visit_one(name)?;
                }
                Ok(())
            }
            Self::FactTaken { fact, .. } => visit_fact(fact, visit_one),
            Self::TicketGranted { to: Some(to), .. } => visit_one(to),
            Self::TemporaryPinAsked { reason, .. } => visit_one(reason),
            Self::Started { .. }
            | Self::LocationPut { .. }
            | Self::LockerPut { .. }
            | Self::VisitWithdrawn { .. }
            | Self::VisitForgotten { .. }
            | Self::CarInShop { .. }
            | Self::RemarkShared { .. }
            | Self::LoggedIn { .. }
            | Self::LoggedOut { .. }
            | Self::CodeSet { .. }
            | Self::CodeWrong { .. }
            | Self::CodeWaitOver { .. }
            | Self::CodeLifted { .. }
            | Self::TicketGranted { to: None, .. }
            | Self::PinSentAgain { .. }
            | Self::AuthenticatorEnrolled { .. }
            | Self::AuthenticatorRevoked { .. }
            | Self::TicketEnded { .. }
            | Self::ScanForwarded { .. }
            | Self::ScanAnswered { .. }
            | Self::Denied { .. }
            | Self::HelpHandled { .. }
            | Self::HelpDisregarded { .. }
            | Self::HelpToldAgain { .. }
            | Self::WishDone { .. }
            | Self::UncollectedTold { .. }
            | Self::ErasureBegan { .. }
            | Self::Erased { .. } => Ok(()),
        }
    }
}

fn visit_fact(
    fact: &mut FactKind,
    visit_one: &mut dyn FnMut(&mut dyn Sealable) -> Result<(), SealError>,
) -> Result<(), SealError> {
    match fact {
        FactKind::PhoneAdded { phone: Some(phone), .. } => visit_one(phone),
        FactKind::RemarkLeft { remark, .. } => visit_one(remark),
        FactKind::Message { to, .. } => visit_one(to),
        FactKind::PhoneAdded { phone: None, .. }
        | FactKind::Started
        | FactKind::KeyDropped { .. }
        | FactKind::KeyTaken { .. }
        | FactKind::KeyCollected { .. }
        | FactKind::OpenedForStaff { .. }
        | FactKind::OpenedByCode { .. }
        | FactKind::ToCheck { .. }
        | FactKind::Settled { .. }
        | FactKind::OutOfService { .. }
        | FactKind::BackInService { .. }
        | FactKind::DoorLeftOpen { .. }
        | FactKind::DoorClosedAgain { .. }
        | FactKind::DoorForced { .. }
        | FactKind::SensorDoubted { .. }
        | FactKind::HelpCalled { .. }
        | FactKind::CodesLocked { .. }
        | FactKind::StaffCodesLocked { .. }
        | FactKind::OpeningsLimited { .. }
        | FactKind::MaintenanceBegan { .. }
        | FactKind::MaintenanceEnded
        | FactKind::ClockDoubted
        | FactKind::ClockConfirmed => Ok(()),
    }
}

/// The name of a fact, as it stands in the journal.
pub(super) const fn fact_name(fact: &FactKind) -> &'static str {
    match fact {
        FactKind::Started => "fact.started",
        FactKind::KeyDropped { .. } => "fact.key_dropped",
        FactKind::KeyTaken { .. } => "fact.key_taken",
        FactKind::KeyCollected { .. } => "fact.key_collected",
        FactKind::OpenedForStaff { .. } => "fact.opened_for_staff",
        FactKind::OpenedByCode { .. } => "fact.opened_by_code",
        FactKind::ToCheck { .. } => "fact.to_check",
        FactKind::Settled { .. } => "fact.settled",
        FactKind::OutOfService { .. } => "fact.out_of_service",
        FactKind::BackInService { .. } => "fact.back_in_service",
        FactKind::DoorLeftOpen { .. } => "fact.door_left_open",
        FactKind::DoorClosedAgain { .. } => "fact.door_closed_again",
        FactKind::DoorForced { .. } => "fact.door_forced",
        FactKind::SensorDoubted { .. } => "fact.sensor_doubted",
        FactKind::HelpCalled { .. } => "fact.help_called",
        FactKind::CodesLocked { .. } => "fact.codes_locked",
        FactKind::StaffCodesLocked { .. } => "fact.staff_codes_locked",
        FactKind::OpeningsLimited { .. } => "fact.openings_limited",
        FactKind::PhoneAdded { .. } => "fact.phone_added",
        FactKind::RemarkLeft { .. } => "fact.remark_left",
        FactKind::Message { .. } => "fact.message",
        FactKind::MaintenanceBegan { .. } => "fact.maintenance_began",
        FactKind::MaintenanceEnded => "fact.maintenance_ended",
        FactKind::ClockDoubted => "fact.clock_doubted",
        FactKind::ClockConfirmed => "fact.clock_confirmed",
    }
}

/// The visit that a fact is about, if it is about one.
pub(super) const fn visit_of(fact: &FactKind) -> Option<VisitId> {
    match fact {
        FactKind::KeyDropped { visit, .. }
        | FactKind::KeyTaken { visit, .. }
        | FactKind::KeyCollected { visit, .. }
        | FactKind::PhoneAdded { visit, .. }
        | FactKind::RemarkLeft { visit, .. }
        | FactKind::Message { visit, .. } => Some(*visit),
        FactKind::ToCheck { visit, .. }
        | FactKind::Settled { visit, .. }
        | FactKind::OpeningsLimited { visit } => *visit,
        FactKind::Started
        | FactKind::OpenedForStaff { .. }
        | FactKind::OpenedByCode { .. }
        | FactKind::OutOfService { .. }
        | FactKind::BackInService { .. }
        | FactKind::DoorLeftOpen { .. }
        | FactKind::DoorClosedAgain { .. }
        | FactKind::DoorForced { .. }
        | FactKind::SensorDoubted { .. }
        | FactKind::HelpCalled { .. }
        | FactKind::CodesLocked { .. }
        | FactKind::StaffCodesLocked { .. }
        | FactKind::MaintenanceBegan { .. }
        | FactKind::MaintenanceEnded
        | FactKind::ClockDoubted
        | FactKind::ClockConfirmed => None,
    }
}

/// The user that a fact names, if it names one.
pub(super) const fn user_of(fact: &FactKind) -> Option<UserId> {
    match fact {
        FactKind::KeyTaken { user, .. }
        | FactKind::OpenedForStaff { user, .. }
        | FactKind::OpenedByCode { user, .. }
        | FactKind::MaintenanceBegan { user } => Some(*user),
        FactKind::KeyDropped { user, .. }
        | FactKind::ToCheck { user, .. }
        | FactKind::Settled { user, .. } => *user,
        FactKind::Started
        | FactKind::KeyCollected { .. }
        | FactKind::OutOfService { .. }
        | FactKind::BackInService { .. }
        | FactKind::DoorLeftOpen { .. }
        | FactKind::DoorClosedAgain { .. }
        | FactKind::DoorForced { .. }
        | FactKind::SensorDoubted { .. }
        | FactKind::HelpCalled { .. }
        | FactKind::CodesLocked { .. }
        | FactKind::StaffCodesLocked { .. }
        | FactKind::OpeningsLimited { .. }
        | FactKind::PhoneAdded { .. }
        | FactKind::RemarkLeft { .. }
        | FactKind::Message { .. }
        | FactKind::MaintenanceEnded
        | FactKind::ClockDoubted
        | FactKind::ClockConfirmed => None,
    }
}
