//! Requests to a whole site behind its routers, without a socket: whatever is sent, both machines run on, and who may
//! not do something is told so in the form that errors have.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Once};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use locker_runtime::config::Config;
use locker_runtime::http::{self, Api, ROUTES};
use locker_runtime::site::Site;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tower::ServiceExt;

/// One site for all inputs of a process: to open one takes longer than to ask it a thousand things. What an input finds
/// therefore follows from those before it.
struct Place {
    runtime: Runtime,
    router: Router,
    cookies: [String; 3],
    _site: Site,
    _stop: watch::Sender<bool>,
    _dir: tempfile::TempDir,
}

/// Set by any panic of any thread: one behind a queue is otherwise an answer like another.
static PANICKED: AtomicBool = AtomicBool::new(false);

fn note_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            PANICKED.store(true, Ordering::SeqCst);
            before(info);
        }));
    });
}

static PLACE: LazyLock<Place> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let config = Config { data: dir.path().join("data"), ..Config::default() };
    let (site, router, stop, cookies) = runtime.block_on(async {
        let site = Site::start(&config).await.unwrap();
        let (stop, stopping) = watch::channel(false);
        let api = Api::of(&site, stopping);
        let router = http::local(api.clone()).merge(http::office(api));
        let mut cookies = [const { String::new() }; 3];
        for (cookie, user) in cookies.iter_mut().zip(["mechanic", "admin"]) {
            *cookie = log_in(&router, user).await;
        }
        (site, router, stop, cookies)
    });
    Place { runtime, router, cookies, _site: site, _stop: stop, _dir: dir }
});

async fn log_in(router: &Router, user: &str) -> String {
    let body = serde_json::json!({ "user": user, "password": "demo" }).to_string();
    let request = ours(Method::POST, "/api/v1/login").body(Body::from(body)).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{user} logs in");
    answer.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned()
}

/// A request as our own pages make it.
fn ours(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "localhost:8080")
        .header("x-requested-with", "locker")
        .header(header::CONTENT_TYPE, "application/json")
}

impl Place {
    fn answer(&self, request: Request<Body>) -> (StatusCode, Vec<u8>) {
        self.runtime.block_on(async {
            let answer = self.router.clone().oneshot(request).await.unwrap();
            let status = answer.status();
            let kind = answer.headers().get(header::CONTENT_TYPE).cloned();
            if kind.is_some_and(|kind| kind == "text/event-stream") {
                // It would not end.
                return (status, Vec::new());
            }
            (status, axum::body::to_bytes(answer.into_body(), 4 << 20).await.unwrap().to_vec())
        })
    }

    /// Both machines run and can record, and nothing anywhere has panicked.
    fn is_well(&self) {
        let request = Request::get("/healthz").header(header::HOST, "localhost:8080").body(Body::empty());
        assert_eq!(self.answer(request.unwrap()).0, StatusCode::OK, "the site is well");
        assert!(!PANICKED.load(Ordering::SeqCst), "something panicked");
    }
}

/// The first byte says which operation, the second who asks; then a line with what stands in the path, then the body.
pub(crate) fn request(bytes: &[u8]) {
    note_panics();
    let &[which, who, ref rest @ ..] = bytes else { return };
    let place = &*PLACE;
    let route = ROUTES[usize::from(which) % ROUTES.len()];
    if route.path.ends_with("/login") && rest.len() > 2 {
        // Every try takes as long as a password hash is meant to take; the first of each name is enough.
        return;
    }
    let (argument, body) = match rest.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (&b"1"[..], rest),
    };
    let escape = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'%' => char::from(*byte).to_string(),
        other => format!("%{other:02X}"),
    };
    let argument: String = argument.iter().take(100).map(escape).collect();
    let mut path: String = route.path.into();
    if let (Some(begin), Some(end)) = (path.find('{'), path.find('}')) {
        path.replace_range(begin..=end, if argument.is_empty() { "1" } else { &argument });
    } else if route.method == "get" {
        path = format!("{path}?surface={argument}");
    }
    let method: Method = route.method.to_uppercase().parse().unwrap();
    let changes = method != Method::GET;
    let mut request = ours(method, &path).header(header::COOKIE, &place.cookies[usize::from(who % 3)]);
    if who & 0x80 != 0 {
        request = request.header(header::ORIGIN, "http://evil.example");
    }
    let Ok(request) = request.body(Body::from(body.to_vec())) else { return };
    let (status, answer) = place.answer(request);
    assert!(!status.is_server_error(), "{} {path}: {status}", route.method);
    if who & 0x80 != 0 {
        assert_eq!(status, StatusCode::FORBIDDEN, "a foreign page is not let in");
    }
    if status.is_client_error() && changes {
        let problem: serde_json::Value = serde_json::from_slice(&answer).unwrap_or_default();
        let has = |field: &str| problem.get(field).is_some();
        assert!(
            has("code") && has("key"),
            "{} {path}: {status} is no problem with code and key",
            route.method
        );
    }
    place.is_well();
}

/// A camera frame, as it comes.
pub(crate) fn frame(bytes: &[u8]) {
    note_panics();
    let place = &*PLACE;
    let request = ours(Method::POST, "/api/v1/decode").body(Body::from(bytes.to_vec())).unwrap();
    let (status, answer) = place.answer(request);
    let known = [StatusCode::OK, StatusCode::NOT_FOUND, StatusCode::UNSUPPORTED_MEDIA_TYPE];
    assert!(known.contains(&status), "{status}");
    assert!(serde_json::from_slice::<serde_json::Value>(&answer).is_ok());
    place.is_well();
}
