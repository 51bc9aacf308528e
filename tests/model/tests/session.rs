//! Sessions in small, and each rule broken by one lie.

use locker_model::session::{Lie, Rule, Sessions, Way};
use locker_model::{Reach, explore};

const SMALL: Sessions =
    Sessions { way: Way::In, goes: 1, extras: 1, odd_sleeps: 0, lie: Lie::None, only: None };
/// A key handed in, taken, or not there yet, and one session of its driver or of staff.
const OUT: Sessions = Sessions { way: Way::Out, goes: 1, ..SMALL };

fn lies(lie: Lie, rule: Rule, model: Sessions) {
    let figures = explore("session", Sessions { lie, only: Some(rule), ..model }, Reach::Whole, 1);
    let path = figures.path_to(rule.name());
    assert!(path.is_some(), "{lie:?} does not break {}:\n{figures}", rule.name());
}

#[test]
fn time_01_abort_01_start_06_no_way_through_a_session_leaves_anything_behind() {
    let all = [SMALL, Sessions { extras: 0, ..OUT }].map(|model| explore("session", model, Reach::Whole, 2));
    for figures in &all {
        assert!(figures.broken.is_empty(), "{figures}");
    }
    // One session, and one thing out of the ordinary.
    let beyond = [
        "the language goes with the session",
        "a second session begins after the first",
        "a message is not accepted, and the other contact is offered",
        "a driver comes back to a box that is to be checked, and gets it open",
        "a sleeping PIN is sent to the reception",
    ];
    let [inbound, out] = all;
    let is_never = |event: &&str| out.never.contains(event) && !beyond.contains(event);
    let never: Vec<_> = inbound.never.into_iter().filter(is_never).collect();
    assert!(never.is_empty(), "{never:?}");
}

#[test]
fn time_01_a_frontend_that_asks_for_more_time_by_itself_is_caught() {
    lies(Lie::NeverIdle, Rule::NoLonger, SMALL);
}

#[test]
fn time_01_a_clock_that_runs_too_fast_is_caught() {
    lies(Lie::FastClock, Rule::NoSooner, SMALL);
}

#[test]
fn start_06_a_frontend_that_keeps_the_last_screen_is_caught() {
    lies(Lie::KeepsScreen, Rule::Pristine, SMALL);
}

#[test]
fn start_06_a_frontend_that_remembers_what_was_typed_is_caught() {
    lies(Lie::Refills, Rule::OwnTyping, Sessions { goes: 2, extras: 0, ..SMALL });
}

#[test]
fn abort_01_a_frontend_that_goes_back_on_no_is_caught() {
    lies(Lie::BackOnNo, Rule::SameAgain, SMALL);
}

#[test]
fn abort_01_a_frontend_that_does_not_send_yes_is_caught() {
    lies(Lie::SwallowsYes, Rule::NothingLeft, SMALL);
}

#[test]
fn a_frontend_that_answers_old_screens_is_caught() {
    lies(Lie::Restamps, Rule::OldScreen, SMALL);
}

#[test]
fn a_frontend_that_numbers_a_repeated_touch_anew_is_caught() {
    lies(Lie::Renumbers, Rule::TouchTwice, SMALL);
}

#[test]
fn abort_01_a_frontend_without_x_is_caught() {
    lies(Lie::HidesX, Rule::Exits, SMALL);
}

#[test]
fn a_frontend_that_offers_what_is_not_offered_is_caught() {
    lies(Lie::OffersAll, Rule::Offered, SMALL);
}

#[test]
fn time_01_a_frontend_that_skips_the_welcome_screen_is_caught() {
    lies(Lie::SkipsWelcome, Rule::GoesTo, SMALL);
}

#[test]
fn time_01_a_frontend_that_does_not_warn_is_caught() {
    lies(Lie::HidesWarning, Rule::Warned, SMALL);
}

#[test]
fn abort_02_a_start_screen_over_an_open_box_is_caught() {
    lies(Lie::ShowsStart, Rule::Loose, SMALL);
}

#[test]
fn box_10_a_host_that_presses_next_by_itself_is_caught() {
    lies(Lie::PressesNext, Rule::Causes, SMALL);
}

#[test]
fn drop_01_a_journal_without_accepted_codes_is_caught() {
    lies(Lie::LosesAccepted, Rule::PinFirst, SMALL);
}

#[test]
fn safe_01_a_journal_that_loses_records_is_caught() {
    lies(Lie::LosesRecords, Rule::Durable, SMALL);
}

#[test]
fn staff_drop_04_a_journal_without_what_staff_put_in_is_caught() {
    lies(Lie::LosesHandedIn, Rule::AfterConfirm, Sessions { extras: 0, ..OUT });
}

#[test]
fn pick_02_a_journal_without_what_customers_took_is_caught() {
    lies(Lie::LosesTaken, Rule::SpentByTaking, Sessions { extras: 0, ..OUT });
    lies(Lie::LosesTaken, Rule::StaysBooked, Sessions { extras: 0, ..OUT });
}

#[test]
fn pick_03_a_clock_that_runs_too_slow_is_caught() {
    lies(Lie::SlowClock, Rule::OnceMore, Sessions { extras: 0, ..OUT });
}

#[test]
fn staff_drop_05_a_journal_without_woken_pins_is_caught() {
    lies(Lie::LosesWoken, Rule::Awake, Sessions { extras: 0, ..OUT });
}
