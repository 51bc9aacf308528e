//! The messages that carry a code.

use locker_core::mocks::MemoryVault;
use locker_core::screen::{Locale, Screen, Surface};
use locker_core::text::{CodeMessage, SMS_SEPTETS_MAX, mail, septets, sms};
use locker_core::{Date, Locker, Machine, Mono, Now, Template, TimeOfDay, Wall};

/// The start screen of a locker that has just been started.
pub fn start_screen() -> Screen {
    let mut vault = MemoryVault::new();
    let mut locker = Locker::restore(&mut vault, None, []).unwrap();
    let now = Now::new(Mono(0), Wall(0), Date::default(), Wall(86_400_000));
    let mut step = locker.start(&now);
    step.encode(&mut vault).unwrap();
    locker.commit(step).unwrap();
    locker.screen(Surface::Bottom, &now)
}

fn drop_pin() -> CodeMessage<'static> {
    CodeMessage {
        template: Template::DropPin,
        pin: "490216",
        locker: "Front door",
        location: Some("Garage Meiser"),
        appointment: Some((Date::from_ymd(2026, 11, 21).unwrap(), TimeOfDay::new(8, 30).unwrap())),
        minutes: Some(30),
        telephone: "+32 2 555 00 00",
    }
}

fn check_in_pin() -> CodeMessage<'static> {
    CodeMessage { template: Template::CheckInPin, pin: "80415926", minutes: None, ..drop_pin() }
}

#[test]
fn a_mail_says_the_code_its_life_the_appointment_and_the_way() {
    let mail = mail(Locale::En, &drop_pin());
    assert_eq!(mail.subject, "Your code to drop your key");
    let body = "\
Hello,

You asked for a code at the key locker. Here it is:

490216

The code stays valid for 30 minutes. After that, the locker can send you a new one.

Your appointment: Saturday 21 November, 08:30
Key locker: Front door, Garage Meiser

At the locker, touch “Drop a key”, “Go” and “PIN code”, then type the code.

Please keep this code to yourself. If you did not ask for it, you can ignore this message.

Do you have a question? Call us: +32 2 555 00 00

See you soon
";
    assert_eq!(mail.body, body);
}

#[test]
fn drop_16_a_check_in_mail_names_the_last_day_of_its_code() {
    let en = mail(Locale::En, &check_in_pin()).body;
    assert!(en.contains("The code stays valid until the evening of Saturday 28 November.\n"), "{en}");
    let fr = mail(Locale::Fr, &check_in_pin());
    assert_eq!(fr.subject, "Votre code pour déposer votre clé");
    assert!(fr.body.contains("Le code reste valable jusqu’au samedi 28 novembre au soir.\n"), "{}", fr.body);
    assert!(fr.body.contains("\n80415926\n"));
    let nl = mail(Locale::Nl, &check_in_pin());
    assert_eq!(nl.subject, "Uw code om uw autosleutel af te geven");
    assert!(nl.body.contains("De code blijft geldig tot en met zaterdag 28 november.\n"), "{}", nl.body);
    let de = mail(Locale::De, &check_in_pin());
    assert_eq!(de.subject, "Ihr Code, um Ihren Autoschlüssel abzugeben");
    assert!(
        de.body.contains("Der Code bleibt bis einschließlich Samstag, 28. November gültig.\n"),
        "{}",
        de.body
    );
}

#[test]
fn what_the_sender_does_not_know_leaves_no_gap_in_a_mail() {
    let bare = CodeMessage { location: None, appointment: None, minutes: None, telephone: "", ..drop_pin() };
    for locale in Locale::ALL {
        for template in [Template::DropPin, Template::CheckInPin] {
            let mail = mail(locale, &CodeMessage { template, ..bare });
            assert!(!mail.body.contains("\n\n\n") && !mail.body.contains(['{', '$']), "{}", mail.body);
            assert!(mail.body.contains("\n490216\n") && mail.body.contains("Front door\n"), "{}", mail.body);
        }
    }
}

#[test]
fn no_subject_and_no_debug_output_shows_the_code() {
    for locale in Locale::ALL {
        for message in [drop_pin(), check_in_pin()] {
            let mail = mail(locale, &message);
            for shown in [mail.subject.clone(), format!("{mail:?}"), format!("{message:?}")] {
                assert!(!shown.contains(message.pin), "{shown}");
            }
        }
    }
}

#[test]
fn a_text_message_begins_with_the_code_and_says_what_fits() {
    assert_eq!(
        sms(Locale::En, &drop_pin()),
        "490216 is your code to drop your key. Locker: Front door. Valid for 30 minutes. \
         Questions: +32 2 555 00 00. Place: Garage Meiser."
    );
    assert_eq!(
        sms(Locale::Fr, &check_in_pin()),
        "80415926 est votre code pour déposer votre clé. Armoire : Front door. \
         Valable jusqu'au samedi 28 novembre. Questions : +32 2 555 00 00. Lieu : Garage Meiser."
    );
    assert_eq!(
        sms(Locale::Nl, &drop_pin()),
        "490216 is uw code om uw sleutel af te geven. Sleutelkluis: Front door. Geldig: 30 minuten. \
         Vragen: +32 2 555 00 00. Plaats: Garage Meiser."
    );
    assert_eq!(
        sms(Locale::De, &check_in_pin()),
        "80415926 ist Ihr Code zur Schlüsselabgabe. Schlüsselschrank: Front door. \
         Gültig bis Samstag, 28. November. Fragen: +32 2 555 00 00. Ort: Garage Meiser."
    );
}

#[test]
fn a_text_message_is_never_cut_in_two_and_never_loses_the_code() {
    let long = ["N".repeat(40), "Œuvre d’été «€» ".repeat(8), "Ключ".repeat(30)];
    for locale in Locale::ALL {
        for name in &long {
            for message in [drop_pin(), check_in_pin()] {
                for minutes in [message.minutes, Some(1), Some(120)] {
                    let location = Some(name.as_str());
                    let sms = sms(locale, &CodeMessage { locker: name, location, minutes, ..message });
                    let count = septets(&sms).expect("every letter is in the alphabet");
                    assert!(count <= SMS_SEPTETS_MAX, "{count}: {sms}");
                    assert!(sms.starts_with(message.pin), "{sms}");
                }
            }
        }
    }
}

#[test]
fn letters_outside_the_alphabet_of_text_messages_find_their_likeness() {
    let message = CodeMessage { locker: "Forêt – Août", location: None, ..drop_pin() };
    let sms = sms(Locale::Fr, &message);
    assert!(sms.contains("Armoire : Foret - Aout."), "{sms}");
    let message = CodeMessage { locker: "„Südtor“", location: None, ..drop_pin() };
    let sms = locker_core::text::sms(Locale::De, &message);
    assert!(sms.contains("Schlüsselschrank: \"Südtor\"."), "{sms}");
}
