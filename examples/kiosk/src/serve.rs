//! Listeners, pages and the way down.

use std::net::SocketAddr;

use axum::Router;
use axum::serve::ListenerExt;
use locker_runtime::config::Config;
use locker_runtime::http::{self, Api};
use locker_runtime::site::Site;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::assets::{self, LOCAL_PAGES, OFFICE_PAGES};
use crate::cli::Failed;

/// Serves until Ctrl-C or SIGTERM, then stops in order.
pub(crate) async fn run(config: &Config) -> Result<(), Failed> {
    let main = listen(config.listen).await?;
    let is_local = config.listen.ip().is_loopback();
    let local = if is_local { None } else { Some(listen(config.local).await?) };
    let site = Site::start(config).await?;
    let (stop, stopping) = watch::channel(false);
    let api = Api::of(&site, stopping.clone());
    let office = http::office(api.clone()).merge(assets::pages(&OFFICE_PAGES));
    let kiosk = http::local(api).merge(assets::pages(&LOCAL_PAGES));
    announce(config, &site, &main)?;
    let mut servers = Vec::new();
    match local {
        None => servers.push(serve(main, office.merge(kiosk).merge(assets::shared()), stopping)),
        Some(local) => {
            servers.push(serve(main, office.merge(assets::shared()), stopping.clone()));
            servers.push(serve(local, kiosk.merge(assets::shared()), stopping));
        }
    }
    ended_by_somebody().await?;
    let _ = stop.send(true);
    for server in servers {
        let _ = server.await;
    }
    site.stop().await;
    println!("stopped");
    Ok(())
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failed> {
    TcpListener::bind(address).await.map_err(|error| Failed::Listen(address, error))
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
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(down).await {
            tracing::error!(%error, "a listener ended");
        }
    })
}

fn announce(config: &Config, site: &Site, main: &TcpListener) -> Result<(), Failed> {
    let office = main.local_addr()?;
    let kiosk = if office.ip().is_loopback() { office } else { config.local };
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
    Ok(())
}

/// Waits for Ctrl-C, or for the service manager's SIGTERM.
pub(crate) async fn ended_by_somebody() -> Result<(), Failed> {
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        ended = tokio::signal::ctrl_c() => ended?,
        _ = terminated.recv() => {}
    }
    Ok(())
}
