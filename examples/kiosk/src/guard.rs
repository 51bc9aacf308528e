//! The guard process: see `locker_hal::guard`.

use locker_hal::guard::{Guard, Why};
use locker_runtime::boards;
use locker_runtime::config::{Config, ConfigError};

use crate::cli::Failed;
use kiosk::serve::ended_by_somebody;

/// Guards until Ctrl-C or SIGTERM; then all coils are let go.
pub(crate) async fn run(config: &Config) -> Result<(), Failed> {
    let guard = boards::guard(&config.cabinet, |board, why| match why {
        Why::Over | Why::Told => tracing::debug!(board, ?why, "all coils off"),
        Why::Start | Why::Exit => tracing::info!(board, ?why, "all coils off"),
        Why::NoBeat | Why::Gone | Why::Fault => tracing::warn!(board, ?why, "a coil was on; all coils off"),
    });
    let guard = guard.map_err(ConfigError::from)?;
    let (Some(mut guard), Some(socket)) = (guard, &config.cabinet.guard) else {
        return Err(Failed::NothingToGuard);
    };
    guard.tell_faults(|board, fault| tracing::warn!(board, fault, "a board cannot be switched or read"));
    let listener = Guard::listen(socket)?;
    println!("guarding on {}", socket.display());
    guard
        .serve(listener, async {
            // Without signals to wait for it guards until it is killed.
            if ended_by_somebody().await.is_err() {
                std::future::pending::<()>().await;
            }
        })
        .await;
    println!("stopped");
    Ok(())
}
