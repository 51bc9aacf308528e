//! The trace of a locker: it tells every moment, and nothing personal.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use locker_core::screen::{Action, Button, Locale, Screen, Value, Widget};
use locker_core::{Act, Answer, Ask, Denial, Proof, QrPayload, Scan, ScanId, Secret, TicketId, UserId};
use locker_runtime::folder::DataFolder;
use locker_runtime::journal::MemoryJournal;
use locker_runtime::trace::{self, Recorder};
use locker_tests::hosted::{Host, KEY, Keys, VISIT, World};

const PHONE: &str = "0470 55 66 77";
const REMARK: &str = "Zquietly rattling at the left";
const REASON: &str = "Zlatch to be oiled";

type Traced = Host<MemoryJournal, Keys>;

/// Every word that a screen would have shown, to be sure that there was something to take out.
fn words_of(screen: &Screen, seen: &mut BTreeSet<String>) {
    let mut screen = screen.clone();
    for text in screen.texts_mut() {
        for (_, value) in &text.args {
            if let Value::Words(words) | Value::Personal(words) | Value::Masked(words) = value {
                seen.insert(words.clone());
            }
        }
    }
    for widget in screen.widgets {
        match widget {
            Widget::Entry { value, .. } => drop(seen.insert(value)),
            Widget::Keypad { shown, revealed: true, .. } => drop(seen.insert(shown)),
            Widget::Qr { payload, digits } => {
                seen.insert(payload.rsplit(':').next().unwrap().to_owned());
                seen.extend(digits);
            }
            _ => {}
        }
    }
}

struct Player {
    host: Traced,
    seen: BTreeSet<String>,
}

impl Player {
    async fn press(&mut self, button: Button) {
        words_of(&self.host.screen(), &mut self.seen);
        self.host.press(button).await.unwrap_or_else(|error| panic!("{button:?}: {error:?}"));
        words_of(&self.host.screen(), &mut self.seen);
    }

    async fn write(&mut self, text: &str) {
        self.host.touch(Action::Write { text: text.into() }).await.unwrap();
        words_of(&self.host.screen(), &mut self.seen);
    }

    fn qr(&self) -> (QrPayload, String) {
        let widgets = self.host.screen().widgets;
        let found = widgets.into_iter().find_map(|widget| match widget {
            Widget::Qr { payload, digits } => Some((payload.parse().unwrap(), digits.unwrap())),
            _ => None,
        });
        found.unwrap()
    }
}

/// A drop with a wrong code, a phone number and a remark, then staff who fetch the key, maintenance and a refused touch.
async fn play(folder: &Path) -> BTreeSet<String> {
    let owned = DataFolder::own(folder).unwrap();
    let mut written = None;
    let record = |locker: &_, now: &_| {
        let (recorder, end) = Recorder::start(&owned, locker, now).unwrap();
        written = Some(end);
        Some(recorder)
    };
    let world = World::default();
    let host = Host::start_traced(MemoryJournal::default(), Keys::default(), &world, record).await.unwrap();
    let mut player = Player { host, seen: BTreeSet::new() };
    let wrong = "907352";
    for button in [Button::DropKey, Button::Go, Button::ByPin] {
        player.press(button).await;
    }
    for digit in wrong.bytes() {
        player.host.touch(Action::Digit { digit: digit - b'0' }).await.unwrap();
    }
    player.press(Button::Show).await;
    assert_eq!(player.host.press(Button::Ok).await, Ok(Answer::Denied(Denial::WrongCode)));
    player.host.touch(Action::Language { locale: Locale::Nl }).await.unwrap();
    assert!(player.host.press(Button::Confirm).await.is_err(), "not offered");
    player.press(Button::Abort).await;
    player.press(Button::Yes).await;
    let pin = player.host.drop_to_driver().await;
    player.seen.insert(pin);
    player.press(Button::EditPhone).await;
    player.write(PHONE).await;
    player.press(Button::Ok).await;
    player.press(Button::Next).await;
    words_of(&player.host.screen(), &mut player.seen);
    player.press(Button::EditRemark).await;
    player.write(REMARK).await;
    player.press(Button::Ok).await;
    player.host.put_key().await;
    player.press(Button::Confirm).await;
    player.press(Button::Done).await;
    for button in [Button::PickUpKey, Button::Go, Button::ByQr] {
        player.press(button).await;
    }
    let (payload, _) = player.qr();
    let scan = Scan {
        id: ScanId(1),
        proof: Proof::Qr(Secret::new(*payload.nonce.reveal())),
        act: Act::PickUp { visit: VISIT },
        ticket: TicketId(1),
        user: UserId(3),
        to: None,
    };
    assert!(matches!(player.host.ask(Ask::Scan(scan)).await, Ok(Answer::Opens(_))));
    player.host.ask(Ask::BeginMaintenance { user: UserId(3), reason: REASON.into() }).await.unwrap();
    player.seen.insert(REASON.into());
    player.host.end().await;
    written.unwrap().await.unwrap();
    player.seen
}

#[tokio::test]
async fn safe_05_a_trace_holds_nothing_personal_and_no_code_of_what_was_played() {
    let dir = tempfile::tempdir().unwrap();
    let seen = play(dir.path()).await;
    let file = fs::read_to_string(dir.path().join("trace.jsonl")).unwrap();
    for known in [KEY, REMARK, PHONE, "Jane Sample", "Tyres", "907352"] {
        assert!(seen.contains(known), "{known} was to be seen: {seen:?}");
    }
    let longer = |word: &&String| word.chars().count() > 3;
    for word in seen.iter().filter(longer) {
        assert!(!file.contains(word.as_str()), "{word}");
        assert!(!file.contains(&word.replace([' ', '-'], "")), "{word}");
    }
    for word in ["jane", "Jane", "example", "1ABC123", "1abc123", "470556677", "55 66"] {
        assert!(!file.contains(word), "{word}");
    }
    assert!(file.contains("writes 9 characters") && file.contains("•••••••••"));
}

#[tokio::test]
async fn a_trace_tells_inputs_what_came_of_them_and_the_screens() {
    let dir = tempfile::tempdir().unwrap();
    play(dir.path()).await;
    let lines = trace::read(dir.path()).unwrap();
    assert_eq!(lines[0].input, "the trace begins");
    assert!(
        lines.windows(2).all(|pair| pair[0].to == pair[1].from),
        "no record between two lines is left out"
    );
    let of = |input: &str| lines.iter().find(|line| line.input.contains(input)).unwrap();
    assert!(lines.iter().any(|line| line.came == "denied: locker.wrong_code"));
    assert_eq!(of("presses Confirm").came, "refused: locker.not_offered");
    assert!(lines.iter().any(|line| line.input == "touch 4: a digit"), "the digit itself is not told");
    assert!(of("presses DropKey").bottom.as_ref().unwrap()[0].contains("drop.welcome"));
    assert!(of("the QR is scanned").to > of("the QR is scanned").from);
    assert_eq!(
        of("maintenance begins").input,
        format!("maintenance begins, with a reason of {} characters", REASON.len())
    );
    let opened = lines.iter().find(|line| line.input.contains("door 1 open")).unwrap();
    assert!(lines.iter().any(|line| line.input.contains("pulse 1.1 accepted")));
    assert!(opened.bottom.as_ref().is_some_and(|lines| lines[0].contains("drop.serve")));
    assert!(opened.top.is_some(), "bystanders see that a box is open");
}
