//! Text messages, by one HTTP request each to an SMS gateway.

use std::path::Path;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, Request, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::{Outcome, Parcel, Why, certificates, is_tls, secret};
use crate::config::{ConfigError, Pattern, Slot, SmsConfig, SmsFormat, SmsMethod};

/// The header that keeps a gateway from sending a message twice.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The way to an SMS gateway.
pub(super) struct Gateway {
    client: Client<HttpsConnector<HttpConnector>, Body>,
    method: Method,
    format: SmsFormat,
    url: Pattern,
    headers: Vec<(HeaderName, Pattern)>,
    body: Pattern,
    secret: String,
    accepted: Vec<u16>,
    refused: Vec<u16>,
}

impl Gateway {
    pub(super) fn of(config: &SmsConfig) -> Result<Self, ConfigError> {
        let secret = secret(
            ("sms.secret_file", config.secret_file.as_deref()),
            ("sms.secret_env", config.secret_env.as_deref()),
        )?;
        let unfit = |why: &str| ConfigError::Secret { key: "sms.headers", why: why.into() };
        let mut headers = Vec::new();
        for (name, value) in config.header_patterns()? {
            headers.push((name.parse().map_err(|_| unfit("no name of a header"))?, value));
        }
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(trust(config.ca_file.as_deref())?)
            .https_or_http()
            .enable_http1()
            .build();
        let gateway = Self {
            // Messages are rare: a connection kept for the next would be dead by then.
            client: Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector),
            method: match config.method {
                SmsMethod::Post => Method::POST,
                SmsMethod::Put => Method::PUT,
                SmsMethod::Get => Method::GET,
            },
            format: config.format,
            url: config.url_pattern()?,
            headers,
            body: config.body_pattern()?,
            secret: secret.unwrap_or_default(),
            accepted: config.accepted.clone(),
            refused: config.refused.clone(),
        };
        gateway.headers("").ok_or_else(|| unfit("the secret does not fit in a header"))?;
        Ok(gateway)
    }

    pub(super) async fn hand_over(&self, parcel: &Parcel) -> Outcome {
        let Some(request) = self.write(parcel) else { return Outcome::Refused(Why::BadAddress) };
        let status = match self.client.request(request).await {
            Ok(answer) => answer.status().as_u16(),
            Err(error) if is_tls(&error) => return Outcome::Later(Why::Tls),
            Err(_) => return Outcome::Later(Why::Unreachable),
        };
        if self.accepted.contains(&status) {
            Outcome::Accepted
        } else if self.refused.contains(&status) {
            Outcome::Refused(Why::Answered(status))
        } else {
            Outcome::Later(Why::Answered(status))
        }
    }

    /// The request; `None` if the number is none.
    fn write(&self, parcel: &Parcel) -> Option<Request<Body>> {
        let number = parcel.dialled.as_deref()?;
        let value = |slot| match slot {
            Slot::To => number,
            Slot::Text => parcel.body.as_str(),
            Slot::Id => parcel.key.as_str(),
            Slot::Secret => self.secret.as_str(),
        };
        let mut request = Request::new(match self.method {
            Method::GET => Body::empty(),
            _ => Body::from(self.body.fill(value)),
        });
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.url.fill(value).parse::<Uri>().ok()?;
        *request.headers_mut() = self.headers(&parcel.key)?;
        Some(request)
    }

    fn headers(&self, id: &str) -> Option<HeaderMap> {
        let mut headers = HeaderMap::new();
        if self.method != Method::GET {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(self.format)));
        }
        headers.insert(IDEMPOTENCY_KEY, HeaderValue::from_str(id).ok()?);
        for (name, value) in &self.headers {
            let value = value.fill(|slot| match slot {
                Slot::Id => id,
                Slot::Secret => self.secret.as_str(),
                Slot::To | Slot::Text => "",
            });
            let mut value = HeaderValue::from_str(&value).ok()?;
            value.set_sensitive(true);
            headers.insert(name.clone(), value);
        }
        Some(headers)
    }
}

const fn content_type(format: SmsFormat) -> &'static str {
    match format {
        SmsFormat::Json => "application/json",
        SmsFormat::Form => "application/x-www-form-urlencoded",
        SmsFormat::Text => "text/plain; charset=utf-8",
    }
}

/// The certificate authorities of the system, and those of a file.
fn trust(file: Option<&Path>) -> Result<ClientConfig, ConfigError> {
    let bad = || ConfigError::Secret { key: "sms.ca_file", why: "no certificates in PEM".into() };
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(file) = file {
        let pem = certificates("sms.ca_file", file)?;
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            roots.add(certificate.map_err(|_| bad())?).map_err(|_| bad())?;
        }
    }
    let provider = rustls::crypto::ring::default_provider();
    let versions = ClientConfig::builder_with_provider(provider.into()).with_safe_default_protocol_versions();
    let versions = versions.expect("ring has the default versions of TLS");
    Ok(versions.with_root_certificates(roots).with_no_client_auth())
}
