//! The web frontend, part of the binary.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

macro_rules! assets {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../web/", $name)))),*]
    };
}

/// Every file of `web/`, by name.
const ASSETS: &[(&str, &str)] = assets![
    "api.js",
    "app.css",
    "base.css",
    "cabinet.css",
    "cabinet.html",
    "cabinet.js",
    "codes.js",
    "desk.js",
    "dialog.js",
    "dom.js",
    "draw.css",
    "draw.js",
    "entry.js",
    "erase.js",
    "fit.js",
    "icons.js",
    "index.html",
    "index.js",
    "keyboard.js",
    "keypad.js",
    "kiosk.css",
    "kiosk.html",
    "kiosk.js",
    "log.js",
    "logwords.js",
    "mailbox.html",
    "mailbox.js",
    "notices.js",
    "office.html",
    "office.js",
    "page.js",
    "scanner.js",
    "service.js",
    "sound.js",
    "staff.js",
    "strings.js",
    "tablet.html",
    "tablet.js",
    "top.css",
    "top.html",
    "top.js",
    "touches.js",
    "visits.js",
    "widgets.js",
    "words.js",
];

/// Pages may load from here alone; inline scripts and foreign frames have no place.
const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// The pages of the kiosk itself, with one line each for the index.
pub(crate) const LOCAL_PAGES: [(&str, &str); 4] = [
    ("/kiosk", "the bottom screen: drop a key, pick up a key"),
    ("/top", "the top screen: what a bystander sees"),
    ("/cabinet", "the simulated cabinet: doors, keys, faults"),
    ("/mailbox", "the messages that would have gone out"),
];

/// The pages of staff.
pub(crate) const OFFICE_PAGES: [(&str, &str); 2] = [
    ("/tablet", "a staff tablet: work orders, pick-up, scan"),
    ("/office", "the office: keys, timeline, help, boxes"),
];

/// Style, scripts and the index, which every page needs.
pub(crate) fn shared() -> Router {
    Router::new().route("/", get(|| page("index.html"))).route("/{name}", get(named))
}

/// Pages by their names, of one of the lists above.
pub(crate) fn pages(pages: &'static [(&'static str, &'static str)]) -> Router {
    pages.iter().fold(Router::new(), |router, (path, _)| router.route(path, get(move || page_of(path))))
}

async fn page_of(path: &'static str) -> Response {
    let name = format!("{}.html", path.trim_start_matches('/'));
    asset(&name)
}

async fn page(name: &'static str) -> Response {
    asset(name)
}

/// A style or a script; pages have paths of their own.
async fn named(Path(name): Path<String>) -> Response {
    if name.ends_with(".html") { not_found() } else { asset(&name) }
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "There is no such page.").into_response()
}

fn asset(name: &str) -> Response {
    let Some((name, text)) = ASSETS.iter().find(|(known, _)| *known == name) else { return not_found() };
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        _ => "text/javascript; charset=utf-8",
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, *text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_web_folder_is_in_the_binary() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/web");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        let mut known: Vec<&str> = ASSETS.iter().map(|(name, _)| *name).collect();
        known.sort_unstable();
        assert_eq!(files, known);
    }

    #[test]
    fn every_page_has_its_file() {
        for (path, _) in LOCAL_PAGES.iter().chain(&OFFICE_PAGES) {
            let name = format!("{}.html", path.trim_start_matches('/'));
            assert!(ASSETS.iter().any(|(known, _)| *known == name), "{name}");
        }
    }
}
