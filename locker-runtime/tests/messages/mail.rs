//! By mail.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::rig::{Kiosk, Papers, assert_nothing_personal_was_logged, logs, pin_in};
use super::smtp::{Door, MailServer, free_port};

fn plain(port: u16) -> String {
    format!(
        "[mail]\nserver = \"localhost\"\nport = {port}\ntls = \"none\"\nfrom = \"Keys <keys@example.org>\"\n"
    )
}

fn body(mail: &Value) -> &str {
    mail["body"].as_str().unwrap()
}

fn to(mail: &Value) -> &str {
    mail["to"][0].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn code_03_a_pin_leaves_by_starttls_after_a_log_in_in_the_drivers_language_and_works() {
    let (folder, papers, port) = (tempfile::tempdir().unwrap(), Papers::issue(), free_port());
    let door =
        Door { tls: "starttls", certificate: Some(papers.server()), log_in: Some(("kiosk", "geheim")) };
    let Some(server) = MailServer::start(port, &door).await else { return };
    let password = folder.path().join("password");
    std::fs::write(&password, "geheim\n").unwrap();
    let services = format!(
        "[mail]\nserver = \"localhost\"\nport = {port}\nuser = \"kiosk\"\npassword_file = {password:?}\n\
         from = \"Keys <keys@example.org>\"\nca_file = {:?}\n",
        papers.authority()
    );
    let mut kiosk = Kiosk::start(folder.path(), &services).await;
    kiosk.ask_for_pin(1, 0).await;
    kiosk.until("drop.sent", |_| true).await;
    kiosk.leave().await;
    let mail = server.await_count("mail", 1).await.remove(0);
    assert_eq!((&mail["sealed"], &mail["user"]), (&json!(true), &json!("kiosk")));
    assert_eq!((to(&mail), &mail["from"]), ("lucie@example.org", &json!("keys@example.org")));
    assert_eq!(mail["subject"], "Votre code pour déposer votre clé");
    assert_eq!(mail["auto"], "auto-generated");
    let id = mail["id"].as_str().unwrap();
    assert!(id.starts_with('<') && id.ends_with("@example.org>") && id.len() == 46, "{id}");
    assert!(body(&mail).starts_with("Bonjour"), "{}", body(&mail));
    let pin = pin_in(body(&mail));
    assert_eq!(kiosk.try_pin(&pin).await.0, "drop.driver");
    kiosk.await_outcomes(1, &["sent"]).await;
    assert!(kiosk.get("/api/v1/mailbox").await.as_array().unwrap().is_empty(), "nothing is kept here");
    kiosk.stop().await;
    assert_nothing_personal_was_logged(&[pin]);
}

#[tokio::test(flavor = "multi_thread")]
async fn code_03_a_server_that_nobody_vouches_for_or_that_wants_another_password_gets_nothing() {
    let (folder, papers, port) = (tempfile::tempdir().unwrap(), Papers::issue(), free_port());
    let door = Door { tls: "tls", certificate: Some(papers.server()), log_in: Some(("kiosk", "geheim")) };
    let Some(server) = MailServer::start(port, &door).await else { return };
    let password = folder.path().join("password");
    std::fs::write(&password, "wrong").unwrap();
    let services = format!(
        "[mail]\nserver = \"localhost\"\nport = {port}\ntls = \"tls\"\nuser = \"kiosk\"\n\
         password_file = {password:?}\nfrom = \"keys@example.org\"\n"
    );
    let trusting = format!("{services}ca_file = {:?}\n", papers.authority());
    let wait_for_log = async |words: &str| {
        for _ in 0..600 {
            if logs().contains(words) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("never logged: {words}");
    };
    let kiosk = Kiosk::start(folder.path(), &services).await;
    kiosk.check_in(0).await;
    wait_for_log("channel=Mail why=no trusted TLS").await;
    kiosk.stop().await;
    assert!(server.of("log_in").is_empty());

    let kiosk = Kiosk::start(folder.path(), &trusting).await;
    wait_for_log("the log-in was answered with 535").await;
    kiosk.await_outcomes(0, &["queued"]).await;
    kiosk.stop().await;
    assert_eq!(server.of("log_in")[0]["right"], false);
    assert!(server.of("rcpt").is_empty());

    std::fs::write(&password, "geheim").unwrap();
    let mut kiosk = Kiosk::start(folder.path(), &trusting).await;
    let mail = server.await_count("mail", 1).await.remove(0);
    kiosk.await_outcomes(0, &["sent"]).await;
    assert_eq!(kiosk.try_pin(&pin_in(body(&mail))).await.0, "drop.driver");
    kiosk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn drop_07_a_bad_address_comes_back_at_once_is_shown_as_failed_and_is_not_tried_again() {
    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let Some(server) = MailServer::start(port, &Door::plain()).await else { return };
    let mut kiosk = Kiosk::start(folder.path(), &plain(port)).await;
    kiosk.ask_for_pin(0, 1).await;
    let is_told = |screen: &Value| screen["notice"].to_string().contains("drop-contact-failed");
    kiosk.until("drop.contact", is_told).await;
    kiosk.await_outcomes(0, &["failed"]).await;
    // The other contact is offered, and works.
    kiosk.press("send").await;
    kiosk.until("drop.sent", |_| true).await;
    kiosk.leave().await;
    kiosk.await_outcomes(0, &["failed", "sent"]).await;
    let tried: Vec<Value> = server.of("rcpt").iter().map(|rcpt| rcpt["to"].clone()).collect();
    assert_eq!(tried, ["unknown@example.org", "jane@example.org"]);
    let pin = pin_in(body(&server.of("mail")[0]));
    assert_eq!(kiosk.try_pin(&pin).await.0, "drop.driver");
    kiosk.stop().await;
    assert_nothing_personal_was_logged(&[pin]);
}

#[tokio::test(flavor = "multi_thread")]
async fn code_03_a_queue_outlives_a_server_that_goes_away_in_its_middle_and_a_restart_of_the_kiosk() {
    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let Some(mut server) = MailServer::start(port, &Door::plain()).await else { return };
    let mut kiosk = Kiosk::start(folder.path(), &plain(port)).await;
    for visit in 0..2 {
        kiosk.check_in(visit).await;
    }
    server.await_count("mail", 2).await;
    kiosk.await_outcomes(1, &["sent"]).await;
    // Busy, and then gone.
    server.be("later").await;
    for visit in 2..4 {
        kiosk.check_in(visit).await;
    }
    server.await_count("rcpt", 4).await;
    let mut mails = server.die();
    kiosk.check_in(4).await;
    kiosk.stop().await;
    kiosk = Kiosk::start(folder.path(), &plain(port)).await;
    kiosk.check_in(5).await;
    let waiting = ["queued"];
    for visit in 2..6 {
        kiosk.await_outcomes(visit, &waiting).await;
    }
    let Some(server) = MailServer::start(port, &Door::plain()).await else { return };
    mails.extend(server.await_count("mail", 4).await);
    for visit in 0..6 {
        kiosk.await_outcomes(visit, &["sent"]).await;
    }
    let whom: Vec<&str> = mails.iter().map(to).collect();
    let mut sorted = whom.clone();
    sorted.sort_unstable();
    let all = ["bernd", "jane", "karel", "lucie", "omar", "tom"].map(|name| format!("{name}@example.org"));
    assert_eq!(sorted, all, "each once");
    let ids: BTreeSet<String> = mails.iter().map(|mail| mail["id"].to_string()).collect();
    assert_eq!(ids.len(), 6);
    let pins: Vec<String> = mails.iter().map(|mail| pin_in(body(mail))).collect();
    for pin in &pins {
        assert_eq!(kiosk.try_pin(pin).await.0, "drop.driver");
    }
    kiosk.stop().await;
    assert_nothing_personal_was_logged(&pins);
}

#[tokio::test(flavor = "multi_thread")]
async fn code_03_an_answer_that_is_lost_brings_the_same_message_again_under_the_same_id() {
    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let Some(mut server) = MailServer::start(port, &Door::plain()).await else { return };
    let mut kiosk = Kiosk::start(folder.path(), &plain(port)).await;
    server.be("cut").await;
    kiosk.ask_for_pin(0, 0).await;
    server.await_count("mail", 1).await;
    server.be("accept").await;
    kiosk.until("drop.sent", |_| true).await;
    kiosk.leave().await;
    let mails = server.of("mail");
    assert!(mails.len() >= 2);
    assert!(mails.iter().all(|mail| mail["id"] == mails[0]["id"] && mail["body"] == mails[0]["body"]));
    kiosk.await_outcomes(0, &["sent"]).await;
    assert_eq!(kiosk.try_pin(&pin_in(body(&mails[0]))).await.0, "drop.driver");
    kiosk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn code_02_a_server_that_says_yes_and_loses_it_costs_one_more_touch() {
    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let Some(mut server) = MailServer::start(port, &Door::plain()).await else { return };
    let mut kiosk = Kiosk::start(folder.path(), &plain(port)).await;
    server.be("lose").await;
    kiosk.ask_for_pin(0, 0).await;
    kiosk.until("drop.sent", |_| true).await;
    kiosk.leave().await;
    let lost = server.await_count("lost", 1).await.remove(0);
    server.be("accept").await;
    kiosk.ask_for_pin(0, 0).await;
    kiosk.until("drop.sent", |_| true).await;
    kiosk.leave().await;
    let mail = server.await_count("mail", 1).await.remove(0);
    assert_ne!(mail["id"], lost["id"]);
    assert_eq!(kiosk.try_pin(&pin_in(body(&mail))).await.0, "drop.driver");
    // Should the lost one turn up after all, it says so.
    let (screen, notice) = kiosk.try_pin(&pin_in(body(&lost))).await;
    assert_eq!(screen, "drop.pin");
    assert!(notice.contains("drop-pin-replaced"), "{notice}");
    kiosk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn drop_07_a_server_that_never_answers_holds_nobody_else_up_and_has_failed_after_30_s() {
    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let Some(mut server) = MailServer::start(port, &Door::plain()).await else { return };
    let mut kiosk = Kiosk::start(folder.path(), &plain(port)).await;
    server.be("hang").await;
    kiosk.check_in(1).await;
    server.await_count("hangs", 1).await;
    server.be("accept").await;
    kiosk.ask_for_pin(2, 0).await;
    kiosk.until("drop.sent", |_| true).await;
    kiosk.leave().await;
    kiosk.await_outcomes(1, &["queued"]).await;

    server.be("hang").await;
    kiosk.ask_for_pin(0, 0).await;
    let is_told = |screen: &Value| screen["notice"].to_string().contains("drop-contact-failed");
    kiosk.until("drop.contact", is_told).await;
    kiosk.leave().await;
    kiosk.await_outcomes(0, &["failed"]).await;
    assert_eq!(server.of("mail").len(), 1, "a try that is given up is broken off");
    kiosk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn code_03_a_code_that_died_while_it_waited_is_never_handed_over() {
    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let Some(mut server) = MailServer::start(port, &Door::plain()).await else { return };
    let mut kiosk = Kiosk::start(folder.path(), &plain(port)).await;
    server.be("later").await;
    kiosk.check_in(0).await;
    server.await_count("rcpt", 1).await;
    // A second check-in: its code replaces that of the first, which is still on its way.
    kiosk.check_in(0).await;
    kiosk.await_outcomes(0, &["failed", "queued"]).await;
    server.be("accept").await;
    kiosk.await_outcomes(0, &["failed", "sent"]).await;
    let mails = server.of("mail");
    assert_eq!(mails.len(), 1);
    assert_eq!(kiosk.try_pin(&pin_in(body(&mails[0]))).await.0, "drop.driver");
    kiosk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn box_13_the_location_is_told_of_a_missing_key_once_its_mail_server_is_back() {
    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let mut kiosk = Kiosk::start(folder.path(), &plain(port)).await;
    let Some(server) = MailServer::start(port, &Door::plain()).await else { return };
    kiosk.ask_for_pin(0, 0).await;
    kiosk.until("drop.sent", |_| true).await;
    let pin = pin_in(body(&server.await_count("mail", 1).await[0]));
    server.die();
    kiosk.press("enter_code").await;
    for digit in pin.bytes() {
        kiosk.touch(json!({ "do": "digit", "digit": digit - b'0' })).await;
    }
    for button in ["ok", "next", "next"] {
        kiosk.press(button).await;
    }
    let offers = |button: &'static str| {
        move |screen: &Value| {
            let buttons = screen["buttons"].as_array();
            buttons.is_some_and(|buttons| buttons.iter().any(|one| one["press"] == button))
        }
    };
    let screen = kiosk.until("drop.serve", offers("confirm")).await;
    let box_no = screen["widgets"][0]["box_no"].clone();
    let close = json!({ "do": "close", "box_no": box_no });
    kiosk.post("/api/v1/cabinet/act", json!({ "do": "put", "box_no": box_no, "item": "key" })).await;
    kiosk.press("confirm").await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    kiosk.post("/api/v1/cabinet/act", close.clone()).await;
    kiosk.until("drop.thanks", |_| true).await;
    kiosk.press("done").await;

    let ticket = json!({ "act": "check", "box_no": box_no, "locker": 1, "security_code": "2468" });
    kiosk.post("/api/v1/tickets", ticket).await;
    for button in ["pick_up_key", "go"] {
        kiosk.press(button).await;
    }
    let qr = kiosk.press("by_qr").await["widgets"][0]["payload"].clone();
    kiosk.post("/api/v1/scan", json!({ "payload": qr })).await;
    kiosk.until("pick.serve", offers("confirm")).await;
    kiosk.post("/api/v1/cabinet/act", json!({ "do": "take", "box_no": box_no })).await;
    kiosk.press("confirm").await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    kiosk.post("/api/v1/cabinet/act", close).await;
    kiosk.until("check.settle", offers("box_empty")).await;
    kiosk.press("box_empty").await;
    // Nobody takes the mail now; the wish for it stands over a restart.
    kiosk.stop().await;
    let kiosk = Kiosk::start(folder.path(), &plain(port)).await;
    let Some(server) = MailServer::start(port, &Door::plain()).await else { return };
    let mail = server.await_count("mail", 1).await.remove(0);
    assert_eq!(to(&mail), "reception@example.org");
    assert!(body(&mail).contains(&format!("Box {box_no} ")), "{}", body(&mail));
    kiosk.stop().await;
    assert_eq!(server.of("mail").len(), 1, "once");
}
