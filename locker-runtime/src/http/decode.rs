//! Reads a QR code off a camera frame, for browsers without a barcode detector.

use axum::Json;
use axum::body::Bytes;
use axum::http::StatusCode;
use image::{ImageReader, Limits};
use serde_json::{Value, json};

use super::problem::Problem;

/// The most pixels on a side of a frame: more than any tablet's camera gives a page.
const SIDE_MAX: u32 = 4_096;

/// Off the threads that serve requests: a frame takes some tens of milliseconds.
pub(super) async fn frame(body: Bytes) -> Result<Json<Value>, Problem> {
    let read = tokio::task::spawn_blocking(move || read(&body)).await;
    match read {
        Ok(Ok(Some(payload))) => Ok(Json(json!({ "payload": payload }))),
        Ok(Ok(None)) => {
            Err(Problem::plain(StatusCode::NOT_FOUND, "decode.nothing", "no QR code is in the frame"))
        }
        Ok(Err(NotAPicture)) | Err(_) => {
            let why = "a frame is a JPEG or PNG of at most 4096 by 4096 pixels";
            Err(Problem::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, "decode.not_a_picture", why))
        }
    }
}

struct NotAPicture;

fn read(bytes: &[u8]) -> Result<Option<String>, NotAPicture> {
    let mut reader =
        ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format().map_err(|_| NotAPicture)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    reader.limits(limits);
    let grey = reader.decode().map_err(|_| NotAPicture)?.to_luma8();
    let mut prepared = rqrr::PreparedImage::prepare(grey);
    let found = prepared.detect_grids().iter().find_map(|grid| grid.decode().ok());
    Ok(found.map(|(_, content)| content))
}
