//! The activity log (OFFICE-8): a row for each record that somebody or something did.

use alloc::collections::BTreeMap;
use alloc::string::String;

use super::custody::box_of;
use super::record::{Record, fact_name, user_of, visit_of};
use super::state::{Durable, LOG_ROWS_MAX, LogRow};
use crate::exchange::{Act, FactKind, OpenReason};
use crate::ids::{ScanId, TabletId, UserId};
use crate::machine::Stamped;
use crate::vault::Subject;

impl Durable {
    pub(super) fn write_log(&mut self, stamped: &Stamped<Record>) {
        if let Some(mut row) = log_row(&stamped.record, &self.scans) {
            row.at = stamped.at.wall;
            Self::push(&mut self.log, stamped.seq, row, LOG_ROWS_MAX);
        }
    }
}

type Scans = BTreeMap<ScanId, TabletId>;

/// The row of the activity log for a record; `None` for what nobody did (waits that end, wishes that are done).
fn log_row(record: &Record, scans: &Scans) -> Option<LogRow> {
    let row = |user: Option<UserId>| LogRow { kind: String::from(record.kind()), user, ..LogRow::default() };
    let row = match record {
        Record::Started { .. } => row(None),
        Record::LocationPut { by, .. } | Record::UserPut { by, .. } | Record::CodeSet { by, .. } => row(*by),
        Record::LockerPut { locker, by, .. } => LogRow { locker: Some(*locker), ..row(*by) },
        Record::VisitWithdrawn { visit } | Record::VisitForgotten { visit } => {
            LogRow { visit: Some(*visit), ..row(None) }
        }
        Record::CarInShop { visit, by } | Record::RemarkShared { visit, by, .. } => {
            LogRow { visit: Some(*visit), ..row(Some(*by)) }
        }
        Record::LoggedIn { tablet, user, .. } | Record::CodeWrong { tablet, user } => {
            LogRow { tablet: Some(*tablet), ..row(Some(*user)) }
        }
        Record::LoggedOut { tablet } | Record::TicketEnded { tablet, .. } => {
            LogRow { tablet: Some(*tablet), ..row(None) }
        }
        Record::CodeLifted { by, .. } => row(*by),
        Record::TicketGranted { tablet, user, locker, act, .. } => {
            with_act(LogRow { tablet: Some(*tablet), locker: Some(*locker), ..row(Some(*user)) }, Some(act))
        }
        Record::PinSentAgain { visit, tablet, user, locker } => {
            LogRow { visit: Some(*visit), tablet: Some(*tablet), locker: Some(*locker), ..row(Some(*user)) }
        }
        Record::TemporaryPinAsked { tablet, user, locker, box_no, reason } => LogRow {
            tablet: Some(*tablet),
            locker: Some(*locker),
            box_no: *box_no,
            words: Some(reason.clone()),
            ..row(Some(*user))
        },
        Record::AuthenticatorEnrolled { tablet, user, locker } => {
            LogRow { tablet: Some(*tablet), locker: Some(*locker), ..row(Some(*user)) }
        }
        Record::AuthenticatorRevoked { locker, by, .. } => LogRow { locker: Some(*locker), ..row(Some(*by)) },
        Record::ScanForwarded { tablet, user, locker, typed, .. } => LogRow {
            // STAFF-PICK-7: that it was typed, not scanned, is to be seen.
            kind: String::from(if *typed { "scan.typed" } else { record.kind() }),
            tablet: Some(*tablet),
            locker: Some(*locker),
            ..row(Some(*user))
        },
        Record::ScanAnswered { scan, denied } => {
            LogRow { tablet: scans.get(scan).copied(), code: *denied, ..row(None) }
        }
        Record::Denied { denial, tablet, user, locker, act } => with_act(
            LogRow { tablet: Some(*tablet), locker: *locker, code: Some(*denial), ..row(Some(*user)) },
            act.as_ref(),
        ),
        Record::HelpHandled { locker, user, .. } | Record::HelpDisregarded { locker, user, .. } => {
            LogRow { locker: Some(*locker), ..row(Some(*user)) }
        }
        Record::HelpToldAgain { locker, .. } => LogRow { locker: Some(*locker), ..row(None) },
        Record::FactTaken { locker, fact, .. } => LogRow {
            kind: String::from(fact_name(fact)),
            locker: Some(*locker),
            visit: visit_of(fact),
            box_no: box_of(fact),
            reason: reason_of(fact),
            ..row(user_of(fact))
        },
        Record::UncollectedTold { visit, locker, box_no, .. } => {
            LogRow { visit: Some(*visit), locker: Some(*locker), box_no: Some(*box_no), ..row(None) }
        }
        Record::ErasureBegan { subject: Subject::Visit(visit), by } => {
            LogRow { visit: Some(*visit), ..row(*by) }
        }
        Record::Erased { subject: Subject::Visit(visit) } => LogRow { visit: Some(*visit), ..row(None) },
        Record::ErasureBegan { subject: Subject::User(_), by } => row(*by),
        Record::Erased { subject: Subject::User(user) } => row(Some(*user)),
        Record::VisitPut { .. } | Record::CodeWaitOver { .. } | Record::WishDone { .. } => return None,
    };
    Some(row)
}

/// Why a box was opened, if the fact says so.
fn reason_of(fact: &FactKind) -> Option<OpenReason> {
    if let FactKind::OpenedByCode { reason, .. } = fact { *reason } else { None }
}

fn with_act(row: LogRow, act: Option<&Act>) -> LogRow {
    match act {
        Some(Act::PickUp { visit } | Act::Drop { visit }) => LogRow { visit: Some(*visit), ..row },
        Some(Act::Check { box_no }) => LogRow { box_no: Some(*box_no), ..row },
        None => row,
    }
}
