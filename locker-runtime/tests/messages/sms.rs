//! By text message.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use locker_core::text::{SMS_SEPTETS_MAX, septets};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

use super::rig::{Gateway, Kiosk, Papers, assert_nothing_personal_was_logged, pin_in};

/// Waits for the screen to say whether the PIN went out, and leaves.
async fn sent(kiosk: &mut Kiosk) {
    kiosk.until("drop.sent", |_| true).await;
    kiosk.leave().await;
}

fn header<'a>(headers: &'a str, name: &str) -> &'a str {
    let line = headers.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("no {name} in {headers}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn code_03_a_gateway_gets_one_json_request_for_a_message_and_the_same_one_after_an_outage() {
    let folder = tempfile::tempdir().unwrap();
    let gateway = Gateway::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "geheim\n").unwrap();
    let services = format!(
        "[sms]\nurl = \"http://{address}/v1/messages\"\nsecret_file = {secret:?}\n\
         headers = {{ Authorization = \"Bearer {{secret}}\" }}\n\
         body = '{{\"to\": \"{{to}}\", \"text\": \"{{text}}\", \"ref\": \"{{id}}\"}}'\n"
    );
    // Out of order, then not there at all, then well.
    gateway.answer(503);
    let serving = tokio::spawn(axum::serve(listener, gateway.router()).into_future());
    let mut kiosk = Kiosk::start(folder.path(), &services).await;
    kiosk.ask_for_pin(2, 1).await;
    gateway.await_count(2).await;
    serving.abort();
    let _ = serving.await;
    gateway.answer(202);
    let listener = TcpListener::bind(address).await.unwrap();
    tokio::spawn(axum::serve(listener, gateway.router()).into_future());
    sent(&mut kiosk).await;
    let requests = gateway.requests();
    assert!(requests.len() >= 3 && requests.iter().all(|request| request == &requests[0]), "the same again");
    let (line, headers, body) = &requests[0];
    assert_eq!(line, "POST /v1/messages");
    assert_eq!(header(headers, "authorization"), "Bearer geheim");
    assert_eq!(header(headers, "content-type"), "application/json");
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["to"], "+32470000003");
    assert_eq!(body["ref"], header(headers, "idempotency-key"));
    let text = body["text"].as_str().unwrap();
    assert!(septets(text).unwrap() <= SMS_SEPTETS_MAX, "{text}");
    assert!(text.contains("is uw code"), "{text}");
    let pin = pin_in(text);
    assert_eq!(kiosk.try_pin(&pin).await.0, "drop.driver");
    kiosk.await_outcomes(2, &["sent"]).await;

    // Another code, another key.
    kiosk.ask_for_pin(2, 1).await;
    sent(&mut kiosk).await;
    let last = gateway.requests().pop().unwrap();
    assert_ne!(header(&last.1, "idempotency-key"), body["ref"]);
    kiosk.stop().await;
    assert_nothing_personal_was_logged(&[pin]);
}

#[tokio::test(flavor = "multi_thread")]
async fn drop_07_a_number_that_the_gateway_refuses_has_failed_and_so_has_mail_without_a_mail_server() {
    let folder = tempfile::tempdir().unwrap();
    let gateway = Gateway::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, gateway.router()).into_future());
    let services =
        format!("[sms]\nurl = \"http://{address}/send?to={{to}}&text={{text}}\"\nmethod = \"GET\"\n");
    let mut kiosk = Kiosk::start(folder.path(), &services).await;
    gateway.answer(422);
    let is_told = |screen: &Value| screen["notice"].to_string().contains("drop-contact-failed");
    kiosk.ask_for_pin(3, 1).await;
    kiosk.until("drop.contact", is_told).await;
    kiosk.await_outcomes(3, &["failed"]).await;
    assert_eq!(gateway.requests().len(), 1);
    // By mail then; but nobody has set up a mail server.
    kiosk.press("send").await;
    kiosk.await_outcomes(3, &["failed", "failed"]).await;
    kiosk.until("drop.contact", is_told).await;
    kiosk.leave().await;
    gateway.answer(200);
    kiosk.ask_for_pin(4, 1).await;
    sent(&mut kiosk).await;
    let (line, headers, body) = gateway.requests().pop().unwrap();
    assert!(line.starts_with("GET /send?to=%2B32470000005&text="), "{line}");
    assert!(body.is_empty() && !headers.contains("content-type"));
    kiosk.stop().await;
}

/// Listens with TLS.
struct Sealed {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    /// Callers who did not trust the certificate.
    turned_away: Arc<AtomicUsize>,
}

impl axum::serve::Listener for Sealed {
    type Io = TlsStream<TcpStream>;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = self.listener.accept().await.unwrap();
            match self.acceptor.accept(stream).await {
                Ok(stream) => return (stream, address),
                Err(_) => self.turned_away.fetch_add(1, Ordering::Relaxed),
            };
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn code_03_a_gateway_is_spoken_to_by_https_if_its_certificate_is_trusted() {
    let (folder, papers, gateway) = (tempfile::tempdir().unwrap(), Papers::issue(), Gateway::default());
    let (certificate, key) = papers.server();
    let chain = vec![CertificateDer::from_pem_file(certificate).unwrap()];
    let key = PrivateKeyDer::from_pem_file(key).unwrap();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let sealed =
        Sealed { listener, acceptor: TlsAcceptor::from(Arc::new(config)), turned_away: Arc::default() };
    let turned_away = Arc::clone(&sealed.turned_away);
    tokio::spawn(axum::serve(sealed, gateway.router()).into_future());
    gateway.answer(200);
    let services = format!(
        "[sms]\nurl = \"https://localhost:{port}/\"\nformat = \"form\"\nbody = \"to={{to}}&text={{text}}\"\n"
    );
    // Nobody vouches for it: the message waits, and the person leaves.
    let mut kiosk = Kiosk::start(folder.path(), &services).await;
    kiosk.ask_for_pin(1, 1).await;
    kiosk.until("drop.sending", |_| turned_away.load(Ordering::Relaxed) > 0).await;
    kiosk.stop().await;
    assert!(gateway.requests().is_empty());

    let trusting = format!("{services}ca_file = {:?}\n", papers.authority());
    let kiosk = Kiosk::start(folder.path(), &trusting).await;
    let (_, headers, body) = gateway.await_count(1).await.remove(0);
    assert_eq!(header(&headers, "content-type"), "application/x-www-form-urlencoded");
    assert!(body.starts_with("to=%2B32470000002&text="), "{body}");
    kiosk.await_outcomes(1, &["sent"]).await;
    kiosk.stop().await;
}
