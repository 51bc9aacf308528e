//! Listeners, pages and the way down.

use std::net::SocketAddr;

use axum::Router;
use axum::serve::ListenerExt;
use locker_runtime::config::Config;
use locker_runtime::http::{self, Api};
use locker_runtime::site::{Site, SiteError};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::assets::{self, LOCAL_PAGES, OFFICE_PAGES};

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The site does not start.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// An address is taken, or not this machine's.
    #[error("{0} cannot be listened on: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The system.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// A running site with its listeners.
pub struct Served {
    /// The site.
    pub site: Site,
    /// Where office and tablets are served; on a loopback address the kiosk's own pages too.
    pub office: SocketAddr,
    /// Where the kiosk's own pages are served.
    pub kiosk: SocketAddr,
    stop: watch::Sender<bool>,
    servers: Vec<tokio::task::JoinHandle<()>>,
}

impl Served {
    /// Listens, starts the site and serves API and pages. Within a Tokio runtime.
    ///
    /// # Errors
    /// [`ServeError`].
    pub async fn start(config: &Config) -> Result<Self, ServeError> {
        let main = listen(config.listen).await?;
        let is_local = config.listen.ip().is_loopback();
        let local = if is_local { None } else { Some(listen(config.local).await?) };
        let site = Site::start(config).await?;
        let (stop, stopping) = watch::channel(false);
        let api = Api::of(&site, stopping.clone());
        let staff = http::office(api.clone()).merge(assets::pages(&OFFICE_PAGES));
        let people = http::local(api).merge(assets::pages(&LOCAL_PAGES));
        let office = main.local_addr()?;
        let kiosk = match &local {
            None => office,
            Some(local) => local.local_addr()?,
        };
        let mut servers = Vec::new();
        match local {
            None => servers.push(serve(main, staff.merge(people).merge(assets::shared()), stopping)),
            Some(local) => {
                servers.push(serve(main, staff.merge(assets::shared()), stopping.clone()));
                servers.push(serve(local, people.merge(assets::shared()), stopping));
            }
        }
        Ok(Self { site, office, kiosk, stop, servers })
    }

    /// Ends the listeners, then the site, in order.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        for server in self.servers {
            let _ = server.await;
        }
        self.site.stop().await;
    }

    /// What somebody who starts it wants to know: pages and demo log-ins.
    pub fn announce(&self, config: &Config) {
        let Self { site, office, kiosk, .. } = self;
        println!("Key locker {}, data in {}", env!("CARGO_PKG_VERSION"), config.data.display());
        if let Some(damage) = &site.damage {
            println!("The journal is damaged: {damage}. No keys are served until staff decide.");
        }
        println!("  {:<30} all pages", format!("http://{kiosk}/"));
        for (path, what) in LOCAL_PAGES {
            println!("  {:<30} {what}", format!("http://{kiosk}{path}"));
        }
        for (path, what) in OFFICE_PAGES {
            println!("  {:<30} {what}", format!("http://{office}{path}"));
        }
        for log_in in &site.log_ins {
            println!(
                "  demo log-in: {:<10} password {} (unless you have set another)",
                log_in.login, log_in.password
            );
        }
        if let Some(code) = site.log_ins.iter().find_map(|log_in| log_in.security_code.as_ref()) {
            println!("  demo security code: {code}");
        }
        println!("listening on {office}");
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|error| ServeError::Listen(address, error))
}

fn serve(
    listener: TcpListener,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) -> tokio::task::JoinHandle<()> {
    // A touch is answered in one small segment: it must not wait for an acknowledgement.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    tokio::spawn(async move {
        let down = async move {
            let _ = stopping.changed().await;
        };
        // Who calls is counted at the log-in.
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(down).await {
            tracing::error!(%error, "a listener ended");
        }
    })
}

/// Waits for Ctrl-C, or for the service manager's SIGTERM.
///
/// # Errors
/// When the system has no signals to wait for.
pub async fn ended_by_somebody() -> Result<(), std::io::Error> {
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        ended = tokio::signal::ctrl_c() => ended?,
        _ = terminated.recv() => {}
    }
    Ok(())
}
